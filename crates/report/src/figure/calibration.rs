//! Probabilities of default against what happened.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::number::percent;
use crate::page::Table;
use crate::results::LendResults;

/// `None` where methods give no probabilities.
pub(crate) fn calibration(results: &LendResults) -> Option<Figure> {
    let figures = results.figures.as_ref()?;
    let calibration = figures
        .methods
        .get(&figures.designated)?
        .calibration
        .as_ref()?;
    let bins = &calibration.bins;
    let (first, last) = (bins.first()?, bins.last()?);
    let values = bins
        .iter()
        .flat_map(|b| [b.mean, b.observed, b.low, b.high]);
    let ticks = Ticks::over(values.chain([0.0]), 5);
    let points = bins.iter().map(|b| Point {
        interval: Some((b.low, b.high)),
        title: Some(format!(
            "forecast {}, {} charged off",
            percent(b.mean, 1),
            percent(b.observed, 1)
        )),
        ..Point::new(b.mean, b.observed)
    });
    let ends = [ticks.low, ticks.high];
    let chart = Chart::new(
        Axis::numbers("forecast probability of default", Unit::Percent, ticks),
        Axis::numbers("share charged off", Unit::Percent, ticks),
        vec![
            Mark::Line(Series::Muted, ends.map(|v| (v, v)).to_vec()),
            Mark::Points(Series::One, points.collect()),
        ],
    );
    let columns = ["Charged off", "low", "high"].map(|c| (c.to_owned(), Unit::Percent));
    let mut rows: Vec<(f64, Vec<Option<f64>>)> = bins
        .iter()
        .map(|b| (b.mean, vec![Some(b.observed), Some(b.low), Some(b.high)]))
        .collect();
    rows.extend(ends.map(|v| (v, vec![Some(v), None, None])));
    Some(Figure {
        id: "calibration",
        title: "Calibration".to_owned(),
        desc: format!(
            "Of the safest loans {} were forecast to be charged off and {} were; of the riskiest {} and {}.",
            percent(first.mean, 1),
            percent(first.observed, 1),
            percent(last.mean, 1),
            percent(last.observed, 1)
        ),
        legend: vec![],
        chart,
        caption:
            "Bins of equally many loans, with 95 % intervals. Dotted: forecasts that come true."
                .to_owned(),
        table: Table::of_numbers(
            "Calibration; last the ends of the diagonal",
            ("Forecast", Unit::Percent),
            &columns,
            rows,
        ),
    })
}
