//! Return of the top above the market by ranking, walk-forward.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::names::{self, IEFSVM};
use crate::number::{in_percent, in_points, points};
use crate::page::{Cell, Row, Table};
use crate::results::{LendResults, StrategyResult};

/// `None` without walk-forward.
pub(crate) fn rankings(results: &LendResults) -> Option<Figure> {
    let forward = results.walk_forward.as_ref()?;
    let first = forward.strategies.first()?;
    let mut sorted: Vec<&StrategyResult> = forward.strategies.iter().collect();
    sorted.sort_by(|a, b| b.top_to_market.mean.total_cmp(&a.top_to_market.mean));
    let ends = |s: &StrategyResult| {
        let interval = s.top_to_market.interval.as_ref();
        interval.map(|i| (i.lower, i.upper))
    };
    let values = sorted.iter().flat_map(|s| {
        let ends = ends(s).into_iter().flat_map(|(low, high)| [low, high]);
        ends.chain([0.0, s.top_to_market.mean])
    });
    let ticks = Ticks::over(values, 4);
    let title = |s: &StrategyResult| names::title(results, &s.strategy).to_owned();
    let marks = sorted.iter().enumerate().map(|(i, s)| {
        let series = match s.strategy.as_str() {
            IEFSVM => Series::One,
            id if id == first.strategy => Series::Two,
            _ => Series::Muted,
        };
        let point = Point {
            interval: ends(s),
            title: Some(format!("{}: {}", title(s), points(s.top_to_market.mean, 1))),
            ..Point::new(s.top_to_market.mean, i as f64)
        };
        Mark::Points(series, vec![point])
    });
    let rows = sorted.iter().map(|s| {
        let ends = ends(s);
        let cells = [
            Cell::new(in_percent(s.top_to_market.mean, 2)),
            Cell::maybe(ends, |e| in_percent(e.0, 2)),
            Cell::maybe(ends, |e| in_percent(e.1, 2)),
        ];
        Row::new(title(s), cells.to_vec()).control_if(s.strategy == first.strategy)
    });
    let above = sorted.iter().filter(|s| s.top_to_market.sign() > 0).count();
    let (best, worst) = (sorted.first()?, sorted.last()?);
    Some(Figure {
        id: "rankings",
        title: "Return above the market by ranking".to_owned(),
        desc: format!(
            "From {} ({}) to {} ({}) points; {above} of {} can be told to return more than the market.",
            in_points(best.top_to_market.mean, 1),
            title(best),
            in_points(worst.top_to_market.mean, 1),
            title(worst),
            sorted.len()
        ),
        legend: vec![],
        chart: Chart::new(
            Axis::numbers("return of the top above the market", Unit::Percent, ticks),
            Axis::names(sorted.iter().map(|s| title(s)).collect()),
            marks.collect(),
        ),
        caption: "Over all quarters. Bars: 95 % by resampling loans.".to_owned(),
        table: Table::new(
            "Return of the top above the market, in percentage points",
            &["Ranking", "Return", "Low", "High"],
            rows.collect(),
        ),
    })
}
