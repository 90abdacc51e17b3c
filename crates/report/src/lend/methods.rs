//! The published tables: every method over the trials.

use maud::{Markup, html};

use super::published;
use crate::names::{self, IEFSVM};
use crate::number::{decimal, in_percent, in_points, p_value};
use crate::page::{Cell, Row, RowKind, Table, paragraphs};
use crate::results::{Difference, LendResults, MethodResult};

/// The columns that are published, in their order.
const PUBLISHED: [&str; 5] = [
    "balanced_accuracy",
    "precision_paid",
    "predicted_negative_rate",
    "return_top",
    "return_over_std",
];

/// More columns.
const MORE: [&str; 6] = [
    "roc_auc",
    "pr_auc",
    "ks",
    "g_mean",
    "mcc",
    "default_rate_top",
];

/// The columns in which differences to IEFSVM are shown.
const COMPARED: [&str; 3] = ["balanced_accuracy", "roc_auc", "return_top"];

/// Metrics that are no rates.
const NUMBERS: [&str; 2] = ["mcc", "return_over_std"];

pub(super) fn body(results: &LendResults) -> Markup {
    let sentences: Vec<&str> = results.claims.iter().map(|c| c.sentence.as_str()).collect();
    html! {
        (table(results).render())
        (more(results).render())
        @if let Some(table) = differences(results) { (table.render()) }
        @if !results.claims.is_empty() {
            h3 { "Claims of the published study" }
            (claims(results).render())
            details {
                summary { "In words" }
                (paragraphs(sentences))
            }
        }
    }
}

/// Mean ± standard deviation (rank) of a metric, in bold type where it cannot be told apart from the best.
fn cell(method: &MethodResult, metric: &str, alike: bool) -> Cell {
    let Some(found) = method.metrics.get(metric) else {
        return Cell::new("–");
    };
    let number = |v: f64| match NUMBERS.contains(&metric) {
        true => decimal(v, 3),
        false => in_percent(v, 2),
    };
    let rank = found.rank.map_or_else(String::new, |r| format!(" ({r})"));
    let text = match (found.mean.or(found.value), found.std) {
        (Some(mean), Some(std)) => format!("{} ± {}{rank}", number(mean), number(std)),
        (Some(mean), None) => format!("{}{rank}", number(mean)),
        (None, _) => "–".to_owned(),
    };
    Cell::new(text).strong_if(alike)
}

/// Methods that cannot be told apart from the best in a metric. Intervals are of differences to IEFSVM alone, so this is
/// known where IEFSVM is the best; else the best itself.
fn alike(results: &LendResults, metric: &str) -> Vec<String> {
    if metric == "predicted_negative_rate" || metric == "return_over_std" {
        return Vec::new();
    }
    let rank = |m: &&MethodResult| m.metrics.get(metric).and_then(|v| v.rank);
    let ranked = results.methods.iter().filter(|m| rank(m).is_some());
    let best = ranked.min_by(|a, b| {
        rank(a)
            .unwrap_or(f64::MAX)
            .total_cmp(&rank(b).unwrap_or(f64::MAX))
    });
    let Some(best) = best else { return Vec::new() };
    let is_alike = |m: &&MethodResult| {
        let of_interval = |d: &Difference| d.low <= 0.0 && d.high >= 0.0;
        m.id == best.id
            || (best.id == IEFSVM && m.versus_iefsvm.get(metric).is_some_and(of_interval))
            || (m.id == IEFSVM && best.versus_iefsvm.get(metric).is_some_and(of_interval))
    };
    results
        .methods
        .iter()
        .filter(is_alike)
        .map(|m| m.id.clone())
        .collect()
}

fn rows(results: &LendResults, metrics: &[&str], with_published: bool) -> Vec<Row> {
    let alike: Vec<Vec<String>> = metrics.iter().map(|m| alike(results, m)).collect();
    let mut rows = Vec::new();
    for method in &results.methods {
        let cells = metrics
            .iter()
            .zip(&alike)
            .map(|(metric, alike)| cell(method, metric, alike.contains(&method.id)));
        let is_control = method.id == IEFSVM;
        rows.push(Row::new(&method.name, cells.collect()).control_if(is_control));
        let published = published::texts(&method.id).filter(|_| with_published);
        if let Some(texts) = published {
            rows.push(Row {
                kind: RowKind::Published,
                ..Row::new("published", texts.into_iter().map(Cell::new).collect())
            });
        }
    }
    rows
}

fn head<'a>(metrics: &[&'a str]) -> Vec<&'a str> {
    let names = metrics.iter().map(|m| names::metric(m));
    std::iter::once("Method").chain(names).collect()
}

fn table(results: &LendResults) -> Table {
    let with_published = !results.claims.is_empty();
    let published = match with_published {
        true => "; in italics the published figures (Cho, Chang & Song 2019)",
        false => "",
    };
    let caption = format!(
        "In %: mean ± standard deviation over the trials (rank). Bold: the best, and what cannot be told apart from it where \
         IEFSVM is one of the two{published}"
    );
    Table::new(
        caption,
        &head(&PUBLISHED),
        rows(results, &PUBLISHED, with_published),
    )
    .sortable()
}

fn more(results: &LendResults) -> Table {
    let caption = "More measures, in % but for MCC; positive is charged off";
    Table::new(caption, &head(&MORE), rows(results, &MORE, false)).sortable()
}

/// `None` where no method was compared with IEFSVM.
fn differences(results: &LendResults) -> Option<Table> {
    let compared = results
        .methods
        .iter()
        .filter(|m| !m.versus_iefsvm.is_empty());
    let rows: Vec<Row> = compared
        .map(|m| {
            let cells = COMPARED.iter().map(|metric| {
                Cell::maybe(m.versus_iefsvm.get(*metric), |d| {
                    format!(
                        "{} [{}, {}], p {}",
                        in_points(d.mean, 2),
                        in_points(d.low, 2),
                        in_points(d.high, 2),
                        p_value(d.p_value)
                    )
                })
            });
            Row::new(&m.name, cells.collect())
        })
        .collect();
    let caption = "Method minus IEFSVM in points, with the 95 % interval and p of the corrected resampled t-test";
    (!rows.is_empty()).then(|| Table::new(caption, &head(&COMPARED), rows).sortable())
}

fn claims(results: &LendResults) -> Table {
    let rows = results.claims.iter().map(|c| {
        let is_ratio = c.claim == "more-than-double";
        let number = |v: f64| match is_ratio || c.column == "return_over_std" {
            true => decimal(v, 2),
            false => in_percent(v, 2),
        };
        let what = match c.claim.as_str() {
            "best" => "first of the eight methods",
            "better-than-efsvm" => "above EFSVM",
            _ => "more than double the others",
        };
        let interval = c.interval.as_ref().map(|i| {
            let against = names::title(results, &i.against);
            format!("{} to {} (to {against})", number(i.low), number(i.high))
        });
        let holds = match (c.holds, c.here) {
            (Some(true), _) => "yes",
            (Some(false), _) => "no",
            (None, Some(_)) => "cannot tell",
            (None, None) => "not computed",
        };
        let cells = vec![
            Cell::words(what),
            Cell::new(number(c.published)),
            Cell::maybe(c.here, number),
            Cell::maybe(interval, |text| text),
            Cell::words(holds),
        ];
        Row::new(names::metric(&c.column), cells)
    });
    let head = ["IEFSVM in", "Claim", "Published", "Here", "95 %", "Holds"];
    let caption =
        "Published figure, figure here, and the 95 % interval of the difference (or quotient)";
    Table::new(caption, &head, rows.collect())
}
