//! Forecast and realised return by decile of the forecast.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::names;
use crate::number::percent;
use crate::page::Table;
use crate::results::LendResults;

/// `None` where the designated method has no forecasts.
pub(crate) fn forecast_deciles(results: &LendResults) -> Option<Figure> {
    let figures = results.figures.as_ref()?;
    let deciles = &figures.methods.get(&figures.designated)?.forecast_deciles;
    let first = deciles.first()?;
    let places = || (0..deciles.len()).map(|i| i as f64);
    let points = places().zip(deciles).map(|(x, d)| Point {
        interval: d.low.zip(d.high),
        title: Some(format!(
            "decile {}: realised {}, forecast {}, {} charged off",
            x + 1.0,
            percent(d.realised, 1),
            percent(d.forecast, 1),
            percent(d.charged_off, 1)
        )),
        ..Point::new(x, d.realised)
    });
    let forecast: Vec<(f64, f64)> = places()
        .zip(deciles)
        .map(|(x, d)| (x, d.forecast))
        .collect();
    let values = deciles.iter().flat_map(|d| {
        let ends = d.low.into_iter().chain(d.high);
        ends.chain([0.0, d.forecast, d.realised])
    });
    let names = (1..=deciles.len()).map(|i| i.to_string()).collect();
    let what = names::forecast(results);
    let of_paid = what == names::IF_PAID;
    let chart = Chart::new(
        Axis::named("decile of forecast, 1 is highest", names),
        Axis::numbers("return", Unit::Percent, Ticks::over(values, 6)),
        vec![
            Mark::Line(Series::Two, forecast),
            Mark::Points(Series::One, points.collect()),
        ],
    );
    let columns = ["Forecast", "Realised", "low", "high", "Charged off"];
    let table = Table::of_numbers(
        "Return by decile of forecast",
        ("Decile", Unit::Number(0)),
        &columns.map(|c| (c.to_owned(), Unit::Percent)),
        places().zip(deciles).map(|(x, d)| {
            let values = [
                Some(d.forecast),
                Some(d.realised),
                d.low,
                d.high,
                Some(d.charged_off),
            ];
            (x + 1.0, values.to_vec())
        }),
    );
    Some(Figure {
        id: "deciles",
        title: "Return by decile of forecast".to_owned(),
        desc: format!(
            "Of the tenth with the highest forecasts {} was forecast and {} came.",
            percent(first.forecast, 1),
            percent(first.realised, 1)
        ),
        legend: vec![
            (Series::One, "realised".to_owned()),
            (Series::Two, what.to_owned()),
        ],
        chart,
        caption: format!(
            "Loans that the method chooses among, mean over the trials. Bars: {}.{}",
            super::kind_of_interval(&figures.kind),
            if of_paid {
                " It is fitted on paid loans alone, so it promises what comes if a loan is paid."
            } else {
                ""
            },
        ),
        table,
    })
}
