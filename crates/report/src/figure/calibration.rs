//! Probabilities of default against what happened.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::names;
use crate::number::{decimal, percent};
use crate::page::Table;
use crate::results::{Calibration, FigureInterval, LendResults};

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
    let values = bins.iter().flat_map(|b| {
        let ends = b.low.into_iter().chain(b.high);
        ends.chain([b.mean, b.observed])
    });
    let ticks = Ticks::over(values.chain([0.0]), 5);
    let points = bins.iter().map(|b| Point {
        interval: b.low.zip(b.high),
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
        .map(|b| (b.mean, vec![Some(b.observed), b.low, b.high]))
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
        caption: format!(
            "{}: bins of equally many loans, bars {}. Dashed, gray: forecasts that come true.{}",
            names::title(results, &figures.designated),
            match calibration.interval.as_str() {
                "corrected resampled t-test" =>
                    "95 % for means over trials that share loans (Nadeau and Bengio)",
                _ => "95 % by resampling loans",
            },
            worth(calibration)
        ),
        table: Table::of_numbers(
            "Calibration; last the ends of the diagonal",
            ("Forecast", Unit::Percent),
            &columns,
            rows,
        ),
    })
}

/// What the probabilities are worth, in numbers.
fn worth(calibration: &Calibration) -> String {
    let with_ends = |what: &str, found: &FigureInterval| {
        let ends = found.low.zip(found.high);
        let ends = ends.map_or_else(String::new, |(low, high)| {
            format!(" ({} to {})", decimal(low, 2), decimal(high, 2))
        });
        format!("{what} {}{ends}", decimal(found.value, 2))
    };
    let parts = [
        calibration.brier.as_ref().map(|b| {
            format!(
                "Brier score {} (reliability {}, resolution {}, uncertainty {})",
                decimal(b.value, 4),
                decimal(b.reliability, 4),
                decimal(b.resolution, 4),
                decimal(b.uncertainty, 4)
            )
        }),
        calibration
            .ece
            .map(|v| format!("calibration error {}", percent(v, 1))),
        calibration.slope.as_ref().map(|s| with_ends("slope", s)),
        calibration
            .intercept
            .as_ref()
            .map(|i| with_ends("intercept", i)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(" {}.", parts.join("; ")),
    }
}
