//! Return of the top above the market by quarter, walk-forward.

use super::Figure;
use super::budget_curve::{legend, shown};
use super::chart::{Axis, Chart, Mark, Point, Unit};
use super::ticks::Ticks;
use crate::names;
use crate::number::points;
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

/// `None` below two quarters.
pub(crate) fn quarters(results: &LendResults) -> Option<Figure> {
    let quarters = &results.walk_forward.as_ref()?.quarters;
    let shown = shown(results)?;
    if quarters.len() < 2 {
        return None;
    }
    let of = |strategy: &crate::results::StrategyResult, quarter: &str| {
        let found = strategy.quarters.iter().find(|q| q.quarter == quarter);
        found.map(|q| q.to_market)
    };
    let mut marks = Vec::new();
    let mut values = vec![0.0];
    let mut ahead = Vec::new();
    for &(series, strategy) in &shown {
        let found = quarters.iter().enumerate();
        let found = found.filter_map(|(i, q)| Some((i as f64, of(strategy, &q.quarter)?)));
        let line: Vec<(f64, f64)> = found.collect();
        values.extend(line.iter().map(|p| p.1));
        let name = names::title(results, &strategy.strategy);
        let n = line.iter().filter(|p| p.1 > 0.0).count();
        ahead.push(format!("{name} in {n}"));
        let dots = line.iter().map(|&(x, y)| Point {
            title: Some(format!(
                "{name}, {}: {}",
                quarters[x as usize].quarter,
                points(y, 1)
            )),
            radius: 3.0,
            ..Point::new(x, y)
        });
        let dots = Mark::Points(series, dots.collect());
        marks.extend([Mark::Line(series, line), dots]);
    }
    let rows = quarters.iter().map(|q| {
        let cells = shown
            .iter()
            .map(|(_, s)| Cell::maybe(of(s, &q.quarter), |v| Unit::Percent.in_table(v)));
        Row::new(&q.quarter, cells.collect())
    });
    let legend = legend(results, &shown);
    let mut head = vec!["Quarter"];
    head.extend(legend.iter().map(|(_, name)| name.as_str()));
    let table = Table::new(
        "Return of the top above the market by quarter, in percentage points",
        &head,
        rows.collect(),
    );
    Some(Figure {
        id: "quarters",
        title: "Return above the market by quarter".to_owned(),
        desc: format!(
            "Ahead of the market, of {} quarters: {}.",
            quarters.len(),
            ahead.join("; ")
        ),
        legend,
        chart: Chart::new(
            Axis::named(
                "quarter of the purchase",
                quarters.iter().map(|q| q.quarter.clone()).collect(),
            ),
            Axis::numbers(
                "return above the market",
                Unit::Percent,
                Ticks::over(values, 6),
            ),
            marks,
        ),
        caption: "The top of each quarter minus all its loans, as they ended.".to_owned(),
        table,
    })
}
