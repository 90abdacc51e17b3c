//! Scores by outcome.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Series, Unit};
use super::ticks::Ticks;
use crate::number::{decimal, percent};
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

/// `None` without figures of schema 2.
pub(crate) fn scores(results: &LendResults) -> Option<Figure> {
    let figures = results.figures.as_ref()?;
    let histogram = &figures.methods.get(&figures.designated)?.histogram;
    let edges = &histogram.edges;
    let x = Ticks::over(edges.iter().copied().chain([histogram.threshold]), 5);
    let values = histogram.paid.iter().chain(&histogram.charged_off).copied();
    let bars = |series, heights: &[f64]| Mark::Bars {
        series,
        edges: edges.clone(),
        heights: heights.to_vec(),
    };
    let unit = Unit::Number(3);
    let chart = Chart::new(
        Axis::numbers("score, higher is riskier", unit, x),
        Axis::numbers(
            "share of the class",
            Unit::Percent,
            Ticks::over(values.chain([0.0]), 5),
        ),
        vec![
            bars(Series::One, &histogram.paid),
            bars(Series::Two, &histogram.charged_off),
            Mark::Vertical(histogram.threshold, "threshold".to_owned()),
        ],
    );
    let pairs = histogram.paid.iter().zip(&histogram.charged_off);
    let mut rows: Vec<Row> = edges
        .windows(2)
        .zip(pairs)
        .map(|(bin, (paid, bad))| {
            let cells = [
                Cell::new(unit.in_table(bin[1])),
                Cell::new(Unit::Percent.in_table(*paid)),
                Cell::new(Unit::Percent.in_table(*bad)),
            ];
            Row::new(unit.in_table(bin[0]), cells.to_vec())
        })
        .collect();
    rows.push(Row::new(
        "Threshold",
        vec![Cell::new(unit.in_table(histogram.threshold))],
    ));
    let above = |shares: &[f64]| {
        let bins = edges.windows(2).zip(shares);
        let above = bins.filter(|(bin, _)| 0.5 * (bin[0] + bin[1]) > histogram.threshold);
        percent(above.map(|(_, s)| s).sum(), 0)
    };
    Some(Figure {
        id: "scores",
        title: "Scores by outcome".to_owned(),
        desc: format!(
            "About {} of the charged-off and {} of the paid loans score above the threshold {}.",
            above(&histogram.charged_off),
            above(&histogram.paid),
            decimal(histogram.threshold, 1)
        ),
        legend: vec![(Series::One, "paid".to_owned()), (Series::Two, "charged off".to_owned())],
        chart,
        caption: "Test loans of trial 1; each class sums to 100 %. Loans above the threshold are predicted to be charged off."
            .to_owned(),
        table: Table::new(
            "Scores by outcome",
            &["From", "to", "Paid, %", "Charged off, %"],
            rows,
        ),
    })
}
