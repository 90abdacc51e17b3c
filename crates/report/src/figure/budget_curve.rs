//! Return above the market against the share of loans that is bought, walk-forward.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Series, Unit};
use super::ticks::Ticks;
use crate::names::{self, IEFSVM};
use crate::number::points;
use crate::page::Table;
use crate::results::{LendResults, StrategyResult};

/// Rankings beside the designated one and IEFSVM, the first that ran.
const BESIDE: [&str; 3] = ["completed-regression", "highest-rate", "hazard-forecast"];

/// IEFSVM, the designated ranking, and as many of the others as have a color; `None` without walk-forward.
pub(crate) fn shown(results: &LendResults) -> Option<Vec<(Series, &StrategyResult)>> {
    let forward = results.walk_forward.as_ref()?;
    let first = forward.strategies.first()?;
    let named = |id: &str| forward.strategies.iter().find(|s| s.strategy == id);
    let mut shown = Vec::new();
    if let Some(iefsvm) = named(IEFSVM) {
        shown.push((Series::One, iefsvm));
    }
    if first.strategy != IEFSVM {
        shown.push((Series::Two, first));
    }
    let beside = BESIDE.iter().filter_map(|id| named(id));
    let beside = beside.filter(|s| s.strategy != first.strategy);
    shown.extend([Series::Three, Series::Four].into_iter().zip(beside));
    Some(shown)
}

/// Their names.
pub(crate) fn legend(
    results: &LendResults,
    shown: &[(Series, &StrategyResult)],
) -> Vec<(Series, String)> {
    let entry = |(series, s): &(Series, &StrategyResult)| {
        (*series, names::title(results, &s.strategy).to_owned())
    };
    shown.iter().map(entry).collect()
}

/// `None` without walk-forward.
pub(crate) fn budget_curve(results: &LendResults) -> Option<Figure> {
    let shown = shown(results)?;
    let (_, first) = *shown.iter().max_by_key(|(_, s)| s.points.len())?;
    let mut marks = Vec::new();
    let mut values = vec![0.0];
    for &(series, strategy) in shown.iter().filter(|(series, _)| is_banded(*series)) {
        let band: Vec<(f64, f64, f64)> = strategy
            .points
            .iter()
            .filter_map(|p| {
                let interval = p.to_market.interval.as_ref()?;
                Some((p.budget, interval.lower, interval.upper))
            })
            .collect();
        values.extend(band.iter().flat_map(|b| [b.1, b.2]));
        marks.push(Mark::Band(series, band));
    }
    for (series, strategy) in &shown {
        let line = strategy.points.iter().map(|p| (p.budget, p.to_market.mean));
        let line: Vec<(f64, f64)> = line.collect();
        values.extend(line.iter().map(|p| p.1));
        marks.push(Mark::Line(*series, line));
    }
    let budgets: Vec<f64> = first.points.iter().map(|p| p.budget).collect();
    let last = *budgets.last()?;
    let x = Ticks::over(budgets.iter().copied().chain([0.0]), 5);
    let chart = Chart::new(
        Axis::numbers(
            "share of each quarter's loans that is bought",
            Unit::Percent,
            x,
        ),
        Axis::numbers(
            "return above the market",
            Unit::Percent,
            Ticks::over(values, 6),
        ),
        marks,
    );
    let mut columns = Vec::new();
    for (series, strategy) in &shown {
        let name = names::title(results, &strategy.strategy);
        columns.push((name.to_owned(), Unit::Percent));
        if is_banded(*series) {
            columns.extend(["low", "high"].map(|end| (format!("{name}, {end}"), Unit::Percent)));
        }
    }
    let rows = budgets.iter().enumerate().map(|(i, &budget)| {
        let mut cells = Vec::new();
        for (series, strategy) in &shown {
            let point = strategy.points.get(i);
            cells.push(point.map(|p| p.to_market.mean));
            if is_banded(*series) {
                let interval = point.and_then(|p| p.to_market.interval.as_ref());
                cells.extend([interval.map(|i| i.lower), interval.map(|i| i.upper)]);
            }
        }
        (budget, cells)
    });
    let caption = "Mean realised return of the best-ranked loans of each quarter minus that of all its loans. Bands: 95 % by \
                   resampling loans.";
    let table = Table::of_numbers(
        "Return above the market, in percentage points",
        ("Bought", Unit::Percent),
        &columns,
        rows,
    );
    let curves: Vec<String> = shown
        .iter()
        .map(|(_, s)| {
            let name = names::title(results, &s.strategy);
            format!("{name} {}", points(s.curve.mean, 1))
        })
        .collect();
    Some(Figure {
        id: "budget",
        title: "Return above the market by share bought".to_owned(),
        desc: format!(
            "Mean over the budgets up to {}: {}.",
            crate::number::share(last),
            curves.join("; ")
        ),
        legend: legend(results, &shown),
        chart,
        caption: caption.to_owned(),
        table,
    })
}

/// Whether a series is drawn with its interval.
fn is_banded(series: Series) -> bool {
    matches!(series, Series::One | Series::Two)
}
