//! The tables of a run, as text and for papers and notes: [`all`] builds them.

use super::published::{self, PublishedRow};
use super::{Claim, ClaimKind, LendResults, MethodResult, MetricResult};
use crate::Rank;
use crate::source::is_simulated;
use crate::tables::{Cell, Table, share};

/// A column of the first table: name in `metrics`, title, and the published mean and spread.
struct Column {
    metric: &'static str,
    title: &'static str,
    published: fn(&PublishedRow) -> (f64, Option<f64>),
}

const PUBLISHED_COLUMNS: &[Column] = &[
    Column {
        metric: "balanced_accuracy",
        title: "AUC (bal. acc.)",
        published: |r| (r.balanced_accuracy.mean, Some(r.balanced_accuracy.std)),
    },
    Column {
        metric: "precision_paid",
        title: "Precision",
        published: |r| (r.precision.mean, Some(r.precision.std)),
    },
    Column {
        metric: "predicted_negative_rate",
        title: "Pred. default",
        published: |r| {
            (
                r.predicted_negative_rate.mean,
                Some(r.predicted_negative_rate.std),
            )
        },
    },
    Column {
        metric: "return_top",
        title: "Return top 10 %",
        published: |r| (r.return_top.mean, Some(r.return_top.std)),
    },
    Column {
        metric: "return_over_std",
        title: "Return/sd",
        published: |r| (r.return_over_std, None),
    },
];

const MORE_COLUMNS: &[(&str, &str)] = &[
    ("roc_auc", "Ranking AUC"),
    ("pr_auc", "PR-AUC"),
    ("g_mean", "G-mean"),
    ("ks", "KS"),
    ("mcc", "MCC"),
    ("default_rate_top", "Defaults bought"),
    ("return_top_capital_weighted", "Return by size"),
];

/// All tables, in the order in which they are read.
pub fn all(results: &LendResults) -> Vec<Table> {
    let mut tables = vec![
        classifiers(results),
        investment(results),
        further_metrics(results),
    ];
    tables.extend(differences(results));
    if has_published(results) {
        tables.push(claims(results));
    }
    tables
}

/// Whether the published figures stand beside these: see [`published::comparable`].
fn has_published(results: &LendResults) -> bool {
    !results.claims.is_empty()
}

/// What every caption says of simulated loans.
pub(crate) fn tag(source: &str) -> &'static str {
    if is_simulated(source) {
        " (simulated loans)"
    } else {
        ""
    }
}

/// Every method: the five published columns, mean ± sd over the trials and rank, each with the published figures below
/// where there are some.
fn classifiers(results: &LendResults) -> Table {
    let top = share(results.settings.top_fraction);
    let bought = results.settings.rule.words(&top);
    let mut header = vec!["Method".to_owned()];
    header.extend(
        PUBLISHED_COLUMNS
            .iter()
            .map(|c| c.title.replace("top 10 %", &bought)),
    );
    let mut rows = Vec::new();
    for method in &results.methods {
        let mut row = vec![Cell::plain(&method.name)];
        row.extend(
            PUBLISHED_COLUMNS
                .iter()
                .map(|c| ranked(results, method, c.metric, true)),
        );
        rows.push(row);
        if let Some(published_row) =
            published::row_of(&method.id).filter(|_| has_published(results))
        {
            let mut row = vec![Cell::plain("  published")];
            row.extend(
                PUBLISHED_COLUMNS
                    .iter()
                    .map(|c| published_figure(c, published_row).into()),
            );
            rows.push(row);
        }
    }
    let forecast = results.forecast;
    let by = match results.settings.rank {
        Rank::Filter => format!("{forecast} among those predicted paid"),
        Rank::Score => "decision value".to_owned(),
        Rank::Forecast => forecast.to_owned(),
    };
    let caption = format!(
        "Classifiers and portfolios{}: mean ± sd over {} trials in %, rank in brackets; bought by {by}",
        tag(&results.source),
        results.settings.trials
    );
    Table::new("classifiers", caption, header, rows)
}

/// A published figure with its rank among the eight methods.
fn published_figure(column: &Column, row: &PublishedRow) -> String {
    let (mean, std) = (column.published)(row);
    let rank = 1 + published::ROWS
        .iter()
        .filter(|r| (column.published)(r).0 > mean)
        .count();
    match std {
        Some(std) => format!("{:.2} ± {:.2} ({rank})", 100.0 * mean, 100.0 * std),
        None => format!("{mean:.3} ({rank})"),
    }
}

/// The columns that are ranked, but in which more is neither better nor worse.
const NEITHER_BETTER: [&str; 1] = ["predicted_negative_rate"];

/// A figure, marked where it is the best of several.
fn ranked(results: &LendResults, method: &MethodResult, metric: &str, with_std: bool) -> Cell {
    let rank = match method.metrics.get(metric) {
        Some(MetricResult::Spread(s)) => s.rank,
        Some(MetricResult::Value(v)) => v.rank,
        None => None,
    };
    let best = rank == Some(1.0) && results.methods.len() > 1 && !NEITHER_BETTER.contains(&metric);
    Cell::new(figure(method, metric, with_std), best)
}

fn figure(method: &MethodResult, metric: &str, with_std: bool) -> String {
    let rank = |r: Option<f64>| r.map_or(String::new(), |r| format!(" ({r})"));
    match method.metrics.get(metric) {
        Some(MetricResult::Spread(s)) => match (s.mean, s.std.filter(|_| with_std)) {
            (Some(m), Some(sd)) => {
                format!("{:.2} ± {:.2}{}", 100.0 * m, 100.0 * sd, rank(s.rank))
            }
            (Some(m), None) => format!("{:.2}{}", 100.0 * m, rank(s.rank)),
            (None, _) => "–".to_owned(),
        },
        Some(MetricResult::Value(v)) => match v.value {
            Some(value) => format!("{value:.3}{}", rank(v.rank)),
            None => "–".to_owned(),
        },
        None => "–".to_owned(),
    }
}

/// The benchmarks, and the market.
fn investment(results: &LendResults) -> Table {
    let mut header = vec!["", "Return", "Return/sd"];
    if has_published(results) {
        header.extend(["published return", "and return/sd"]);
    }
    let spread = |mean: Option<f64>, std: Option<f64>| match (mean, std) {
        (Some(m), Some(s)) => format!("{:.2} ± {:.2}", 100.0 * m, 100.0 * s),
        (Some(m), None) => format!("{:.2}", 100.0 * m),
        _ => "–".to_owned(),
    };
    let mut rows = Vec::new();
    for b in &results.benchmarks {
        let mut row = vec![
            match b.name.as_str() {
                "Benchmark 1" => "Benchmark 1 (no classifier)".to_owned(),
                "Benchmark 2" => "Benchmark 2 (no forecast)".to_owned(),
                name => name.to_owned(),
            },
            spread(b.returns.mean, b.returns.std),
            b.ratio.map_or("–".to_owned(), |r| format!("{r:.3}")),
        ];
        if let Some((_, s, ratio)) = published::BENCHMARKS
            .iter()
            .find(|(name, ..)| *name == b.name && has_published(results))
        {
            row.extend([spread(Some(s.mean), Some(s.std)), format!("{ratio:.3}")]);
        }
        rows.push(row);
    }
    let market = &results.market.returns;
    rows.push(vec![
        "Market (every test loan)".to_owned(),
        spread(market.mean, market.std),
    ]);
    let caption = format!(
        "Investment{}: realised return in %, Benchmark 1 by {}",
        tag(&results.source),
        results.settings.regression.forecast()
    );
    Table::new("investment", caption, header, rows)
}

/// Metrics that the paper does not report.
fn further_metrics(results: &LendResults) -> Table {
    let mut header = vec!["Method".to_owned()];
    header.extend(MORE_COLUMNS.iter().map(|(_, title)| (*title).to_owned()));
    let row = |m: &MethodResult| {
        let mut row = vec![Cell::plain(&m.name)];
        row.extend(
            MORE_COLUMNS
                .iter()
                .map(|(metric, _)| ranked(results, m, metric, false)),
        );
        row
    };
    let caption = format!(
        "What the paper leaves out{}: mean in %, rank in brackets",
        tag(&results.source)
    );
    let rows = results.methods.iter().map(row);
    Table::new("further-metrics", caption, header, rows)
}

/// The published claims beside what was found here.
fn claims(results: &LendResults) -> Table {
    let header = ["", "published", "here", "holds", "95 % interval", "to"];
    let row = |claim: &Claim| {
        let ratio = claim.column == "return_over_std";
        let number = |v: f64| match ratio {
            true => format!("{v:.2}"),
            false => format!("{:.2}", 100.0 * v),
        };
        let column = match claim.column.as_str() {
            "balanced_accuracy" => "AUC",
            "precision_paid" => "Precision",
            "predicted_negative_rate" => "Pred. default",
            "return_top" => "Return top",
            _ => "Return/sd",
        };
        let (what, sign) = match claim.claim {
            ClaimKind::Best => ("first", false),
            ClaimKind::BetterThanEfsvm => ("above EFSVM", true),
            ClaimKind::MoreThanDouble => ("over double", false),
        };
        let figure = |v: f64| match sign && v > 0.0 {
            true => format!("+{}", number(v)),
            false => number(v),
        };
        let interval = claim.interval.as_ref();
        let against = interval.map(|i| {
            let other = results.methods.iter().find(|m| m.id == i.against);
            other.map_or(i.against.clone(), |m| m.name.clone())
        });
        vec![
            format!("{column}: {what}"),
            figure(claim.published),
            claim.here.map_or("–".to_owned(), figure),
            match (claim.here, claim.holds) {
                (None, _) => "not computed",
                (_, None) => "open",
                (_, Some(true)) => "yes",
                (_, Some(false)) => "no",
            }
            .to_owned(),
            interval.map_or("–".to_owned(), |i| {
                format!("{} to {}", number(i.low), number(i.high))
            }),
            against.unwrap_or_else(|| "–".to_owned()),
        ]
    };
    let caption = format!(
        "Do the published claims for IEFSVM hold here{}? Among its eight methods, by the 95 % interval of the \
         difference (or quotient) to the best of the others; open where it holds 0 (or 2)",
        tag(&results.source)
    );
    Table::new("claims", caption, header, results.claims.iter().map(row))
}

/// Every other method against IEFSVM; `None` where nothing is compared.
fn differences(results: &LendResults) -> Option<Table> {
    let columns = [
        ("balanced_accuracy", "Balanced accuracy"),
        ("roc_auc", "Ranking AUC"),
        ("return_top", "Return top"),
    ];
    let mut header = vec!["Method".to_owned()];
    header.extend(columns.iter().map(|(_, title)| (*title).to_owned()));
    let compared = results
        .methods
        .iter()
        .filter(|m| !m.versus_iefsvm.is_empty());
    let rows: Vec<Vec<String>> = compared
        .map(|m| {
            let mut row = vec![m.name.clone()];
            row.extend(
                columns
                    .iter()
                    .map(|(metric, _)| match m.versus_iefsvm.get(*metric) {
                        Some(d) => format!(
                            "{:+.2} [{:+.2}, {:+.2}] p {:.3}",
                            100.0 * d.mean,
                            100.0 * d.low,
                            100.0 * d.high,
                            d.p_value
                        ),
                        None => "–".to_owned(),
                    }),
            );
            row
        })
        .collect();
    let caption = format!(
        "Difference to IEFSVM{}: in % points, 95 % interval and p of the corrected resampled t-test",
        tag(&results.source)
    );
    (!rows.is_empty()).then(|| Table::new("differences", caption, header, rows))
}
