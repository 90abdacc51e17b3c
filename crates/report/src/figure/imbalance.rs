//! Differences to the control against the imbalance of data sets.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::control_differences::mean_on;
use super::ticks::Ticks;
use crate::number::{decimal, points};
use crate::page::{Cell, Row, Table};
use crate::results::CompareResults;

/// Of the best other method by mean rank; `None` below three data sets.
pub(crate) fn imbalance(results: &CompareResults, metric: &str) -> Option<Figure> {
    let control = &results.settings.control;
    let others = results.methods.iter().filter(|m| m.id != *control);
    let others = others.filter_map(|m| Some((m, m.metrics.get(metric)?.average_rank)));
    let (other, _) = others.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let name = results
        .methods
        .iter()
        .find(|m| m.id == *control)
        .map_or("", |m| &m.name);
    let mut found: Vec<(&str, f64, f64)> = results
        .sets
        .iter()
        .filter_map(|set| {
            let ours = mean_on(set, control, metric)?;
            let difference = ours - mean_on(set, &other.id, metric)?;
            Some((set.name.as_str(), set.imbalance_ratio.log10(), difference))
        })
        .collect();
    if found.len() < 3 {
        return None;
    }
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    let marks = found.iter().map(|(set, x, y)| Point {
        title: Some(format!(
            "{set}: imbalance {}, {}",
            decimal(10f64.powf(*x), 1),
            points(*y, 1)
        )),
        ..Point::new(*x, *y)
    });
    let marks = marks.collect();
    let x = Ticks::over(found.iter().map(|f| f.1), 5);
    let y = Ticks::over(found.iter().map(|f| f.2).chain([0.0]), 6);
    let unit = Unit::Number(2);
    let rows = found.iter().map(|(set, x, y)| {
        let cells = [
            Cell::new(decimal(10f64.powf(*x), 2)),
            Cell::new(unit.in_table(*x)),
            Cell::new(Unit::Percent.in_table(*y)),
        ];
        Row::new(*set, cells.to_vec())
    });
    let ahead = found.iter().filter(|f| f.2 > 0.0).count();
    Some(Figure {
        id: "imbalance",
        title: format!("{name} minus {} by imbalance", other.name),
        desc: format!("{name} is ahead on {ahead} of {} data sets.", found.len()),
        legend: vec![],
        chart: Chart::new(
            Axis::numbers("log₁₀ of the imbalance ratio", unit, x),
            Axis::numbers(
                &format!("difference, above 0 {name} is better"),
                Unit::Percent,
                y,
            ),
            vec![Mark::Points(Series::One, marks)],
        ),
        caption: format!(
            "{}, one mark per data set; {} is the best other method by mean rank.",
            crate::names::metric(metric),
            other.name
        ),
        table: Table::new(
            "Difference by imbalance",
            &["Data set", "Imbalance ratio", "log₁₀", "Difference, points"],
            rows.collect(),
        ),
    })
}
