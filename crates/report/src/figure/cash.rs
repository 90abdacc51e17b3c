//! Cash back above the market's, by months since issue.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Series, Unit};
use super::ticks::Ticks;
use crate::number::points;
use crate::page::Table;
use crate::results::{LendResults, Portfolio};

/// Portfolios beside the chosen one, as far as there is room.
const BESIDE: [&str; 4] = [
    "benchmark-1",
    "benchmark-2",
    "highest-rate",
    "grade-matched",
];

/// Months that are drawn: the longest term is 60, and nothing happens after the last change.
const STEP: usize = 3;

/// `None` where cash flows are not known.
pub(crate) fn cash(results: &LendResults) -> Option<Figure> {
    let find = |id: &str| {
        let found = results.portfolios.iter().find(|p| p.id == id);
        found.filter(|p| !p.cash.is_empty())
    };
    let (chosen, market) = (find("chosen")?, find("market")?);
    let mut shown = vec![(Series::One, chosen)];
    let beside = BESIDE.iter().filter_map(|id| find(id));
    shown.extend(
        [Series::Two, Series::Three, Series::Four]
            .into_iter()
            .zip(beside),
    );
    let above = |p: &Portfolio| -> Vec<f64> {
        p.cash
            .iter()
            .zip(&market.cash)
            .map(|(a, b)| a - b)
            .collect()
    };
    let curves: Vec<Vec<f64>> = shown.iter().map(|(_, p)| above(p)).collect();
    let last = last_change(&curves);
    let months: Vec<usize> = (0..=last).step_by(STEP).collect();
    let mut marks = Vec::new();
    let mut values = vec![0.0];
    for ((series, _), curve) in shown.iter().zip(&curves) {
        let at = months
            .iter()
            .filter_map(|&m| Some((m as f64, *curve.get(m)?)));
        let line: Vec<(f64, f64)> = at.collect();
        values.extend(line.iter().map(|p| p.1));
        marks.push(Mark::Line(*series, line));
    }
    let x = Ticks {
        low: 0.0,
        high: last as f64,
        step: tick_step(last) as f64,
    };
    let chart = Chart::new(
        Axis::numbers("months since issue", Unit::Number(0), x),
        Axis::numbers(
            "cash per dollar lent, above the market",
            Unit::Percent,
            Ticks::over(values, 6),
        ),
        marks,
    );
    let columns: Vec<(String, Unit)> = shown
        .iter()
        .map(|(_, p)| (p.name.clone(), Unit::Percent))
        .collect();
    let rows = months
        .iter()
        .map(|&m| (m as f64, curves.iter().map(|c| c.get(m).copied()).collect()));
    let table = Table::of_numbers(
        "Cumulative cash per dollar lent above the market's, in percentage points",
        ("Month", Unit::Number(0)),
        &columns,
        rows,
    );
    let ends: Vec<String> = shown
        .iter()
        .zip(&curves)
        .filter_map(|((_, p), c)| Some(format!("{} {}", p.name, points(*c.get(last)?, 1))))
        .collect();
    Some(Figure {
        id: "cash",
        title: "Cash back above the market".to_owned(),
        desc: format!("After {last} months: {}.", ends.join("; ")),
        legend: shown.iter().map(|(s, p)| (*s, p.name.clone())).collect(),
        chart,
        caption: "Cumulative net cash per dollar lent minus the market's, every third month."
            .to_owned(),
        table,
    })
}

/// Months between two ticks.
fn tick_step(last: usize) -> usize {
    if last > 42 { 12 } else { 6 }
}

/// The month of a tick after which no curve changes.
fn last_change(curves: &[Vec<f64>]) -> usize {
    let of_curve = |curve: &Vec<f64>| {
        let end = curve.last().copied().unwrap_or(0.0);
        let settled = curve.iter().rposition(|v| (v - end).abs() > 1e-9);
        settled.map_or(0, |m| m + 1)
    };
    let last = curves.iter().map(of_curve).max().unwrap_or(0);
    let longest = curves.iter().map(Vec::len).max().unwrap_or(1) - 1;
    let last = last.min(longest);
    let step = tick_step(last);
    last.div_ceil(step).max(1) * step
}
