//! Forecast return against risk.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::names;
use crate::number::{count, percent};
use crate::page::{Cell, Row, Table};
use crate::results::{FrontierPortfolio, LendResults};

/// `None` where there was nothing to choose, and in files of before.
pub(crate) fn frontier(results: &LendResults) -> Option<Figure> {
    let figures = results.figures.as_ref()?;
    let frontier = figures.frontier.as_ref()?;
    let (least, most) = (frontier.points.first()?, frontier.points.last()?);
    let method = names::title(results, &figures.designated);
    let name = |p: &FrontierPortfolio| match p.id.as_str() {
        "chosen" => format!("bought by {method}"),
        "all-candidates" => "all that it chooses among".to_owned(),
        "benchmark-1" => "Benchmark 1".to_owned(),
        other => other.to_owned(),
    };
    let series = |p: &FrontierPortfolio| match p.id.as_str() {
        "chosen" => Series::One,
        "all-candidates" => Series::Three,
        _ => Series::Two,
    };
    let what = names::forecast(results);
    let line = frontier.points.iter().map(|p| (p.sd, p.forecast));
    let unit = Unit::Percent;
    let xs = || {
        let points = frontier.points.iter().map(|p| p.sd);
        points.chain(frontier.portfolios.iter().map(|p| p.sd))
    };
    let ys = || {
        let points = frontier.points.iter().map(|p| p.forecast);
        points.chain(frontier.portfolios.iter().map(|p| p.forecast))
    };
    let mut marks = vec![Mark::Line(Series::Four, line.collect())];
    marks.extend(frontier.portfolios.iter().map(|p| {
        let point = Point {
            radius: 5.0,
            title: Some(format!(
                "{}: {} loans, {what} {}, sd {}",
                name(p),
                count(p.n),
                percent(p.forecast, 2),
                percent(p.sd, 2)
            )),
            ..Point::new(p.sd, p.forecast)
        };
        Mark::Points(series(p), vec![point])
    }));
    let mut legend = vec![(Series::Four, "most at its risk".to_owned())];
    legend.extend(frontier.portfolios.iter().map(|p| (series(p), name(p))));
    let row = |name: String, sd: f64, forecast: f64, n: String| {
        let cells = [
            Cell::new(unit.in_table(sd)),
            Cell::new(unit.in_table(forecast)),
            Cell::new(n),
        ];
        Row::new(name, cells.to_vec())
    };
    let mut rows: Vec<Row> = frontier
        .portfolios
        .iter()
        .map(|p| row(name(p), p.sd, p.forecast, count(p.n)))
        .collect();
    rows.extend(
        frontier
            .points
            .iter()
            .enumerate()
            .map(|(i, p)| row(format!("point {}", i + 1), p.sd, p.forecast, "–".to_owned())),
    );
    Some(Figure {
        id: "frontier",
        title: "Efficient frontier, as forecast".to_owned(),
        desc: format!(
            "Among {} loans from {} at a standard deviation of {} to {} at {}.",
            count(frontier.candidates),
            percent(least.forecast, 1),
            percent(least.sd, 1),
            percent(most.forecast, 1),
            percent(most.sd, 1)
        ),
        legend,
        chart: Chart::new(
            Axis::numbers(
                "standard deviation of the return",
                unit,
                Ticks::over(xs().chain([0.0]), 5),
            ),
            Axis::numbers(what, unit, Ticks::over(ys(), 5)),
            marks,
        ),
        caption: format!(
            "Forecasts of trial 1, not what was realised. Line: portfolios of the loans that {method} chooses among, from the most \
             careful on; Benchmark 1 buys of all test loans. The variance of a loan is that of the training loans with like \
             forecasts; loans are taken for independent, so a recession is riskier than this."
        ),
        table: Table::new(
            "Forecast return and its standard deviation, in %",
            &["Portfolio", "Sd, %", "Forecast, %", "Loans"],
            rows,
        ),
    })
}
