//! What was bought beside what else could have been.

use maud::{Markup, html};

use super::answer::share_of_draws;
use crate::names::measure;
use crate::number::{count, decimal, in_percent, in_points};
use crate::page::{Cell, Row, Table};
use crate::results::{LendResults, Portfolio, PortfolioDifference};

pub(super) fn body(results: &LendResults) -> Markup {
    html! {
        @if results.portfolios.is_empty() {
            (benchmarks(results).render())
        } @else {
            (table(results).render())
            (percentiles(results))
        }
    }
}

fn table(results: &LendResults) -> Table {
    let ends = |low: Option<f64>, high: Option<f64>, show: &dyn Fn(f64) -> String| {
        Cell::maybe(low.zip(high), |(low, high)| {
            format!("{} to {}", show(low), show(high))
        })
    };
    let value = |v: f64| in_percent(v, 1);
    let rows = results.portfolios.iter().map(|p| {
        let difference: Option<&PortfolioDifference> = p.difference_to_market.as_ref();
        let difference_ends = difference.map_or_else(
            || Cell::new("–"),
            |d| ends(d.low, d.high, &|v| in_points(v, 1)),
        );
        let cells = vec![
            Cell::new(count(p.n.round() as usize)),
            Cell::new(in_percent(p.returns, 2)),
            ends(p.low, p.high, &value),
            Cell::maybe(difference, |d| in_points(d.value, 2)),
            difference_ends,
            Cell::maybe(p.sd, |v| in_percent(v, 1)),
            Cell::maybe(ratio(p), |v| decimal(v, 2)),
            Cell::new(in_percent(p.charged_off, 1)),
            Cell::new(in_percent(p.loss, 1)),
            Cell::new(in_percent(p.capital_weighted, 2)),
            Cell::maybe(p.irr, |v| in_percent(v, 2)),
        ];
        Row::new(&p.name, cells).control_if(p.id == "chosen")
    });
    let kind = results.portfolios.first().map_or("", |p| &p.interval);
    let returns = results.settings.as_ref().map_or("roi", |s| &s.returns);
    let caption = format!(
        "In %: {}, equal amounts. Range: {}, of random rows of the draws; interval of the difference: {}",
        measure(returns),
        match kind {
            "bootstrap of loans" => "95 % by resampling loans",
            _ => "95 % of the trials",
        },
        match kind {
            "bootstrap of loans" => "95 % by resampling loans",
            _ => "95 %, corrected resampled t-test",
        }
    );
    let head = [
        "Portfolio",
        "Loans",
        "Return",
        "Range",
        "To market, points",
        "95 %",
        "Sd per loan",
        "Return / sd",
        "Charged off",
        "Loss",
        "Capital-weighted",
        "Irr per year",
    ];
    Table::new(caption, &head, rows.collect())
}

/// Return over the standard deviation of a loan's return.
fn ratio(p: &Portfolio) -> Option<f64> {
    p.sd.filter(|sd| *sd > 0.0).map(|sd| p.returns / sd)
}

/// Where the chosen loans stand among random draws.
fn percentiles(results: &LendResults) -> Markup {
    let texts: Vec<String> = results
        .portfolios
        .iter()
        .filter_map(|p| {
            let what = match p.id.as_str() {
                "random" => "1,000 random draws of as many loans",
                "grade-matched" => "1,000 random draws of as many loans of each grade and term",
                _ => return None,
            };
            Some(format!(
                "more than {} {what}",
                share_of_draws(p.percentile?)
            ))
        })
        .collect();
    html! {
        @if !texts.is_empty() {
            p { "The chosen loans returned " (texts.join(", and ")) "." }
        }
    }
}

/// The published second table, of files without portfolios.
fn benchmarks(results: &LendResults) -> Table {
    let market = results.market.as_ref();
    let mut rows: Vec<Row> = results
        .benchmarks
        .iter()
        .map(|b| {
            let name = match b.name.as_str() {
                "Benchmark 1" => "Benchmark 1: forecast alone",
                "Benchmark 2" => "Benchmark 2: classifier alone",
                other => other,
            };
            let cells = vec![
                Cell::maybe(b.returns.mean, |v| in_percent(v, 2)),
                Cell::maybe(b.returns.std, |v| in_percent(v, 2)),
                Cell::maybe(b.ratio, |v| decimal(v, 3)),
            ];
            Row::new(name, cells).control_if(b.name == "IEFSVM")
        })
        .collect();
    if let Some(market) = market {
        let cells = vec![
            Cell::maybe(market.returns.mean, |v| in_percent(v, 2)),
            Cell::maybe(market.returns.std, |v| in_percent(v, 2)),
            Cell::new("–"),
        ];
        rows.push(Row::new("Market: every test loan", cells));
    }
    let head = ["Portfolio", "Return, %", "Sd over trials, %", "Return / sd"];
    Table::new("Mean realised return over the trials", &head, rows)
}
