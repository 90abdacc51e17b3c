//! Cumulative scores of both classes, and their widest gap.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::number::{decimal, percent};
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

/// `None` without figures of schema 2.
pub(crate) fn ks(results: &LendResults) -> Option<Figure> {
    let figures = results.figures.as_ref()?;
    let of_method = figures.methods.get(&figures.designated)?;
    let (histogram, ks) = (&of_method.histogram, &of_method.ks);
    let cumulated = |shares: &[f64]| -> Vec<(f64, f64)> {
        let mut sum = 0.0;
        let ends = histogram.edges.iter().skip(1).zip(shares);
        let rest = ends.map(|(&edge, share)| {
            sum += share;
            (edge, sum.min(1.0))
        });
        let start = histogram.edges.first().map(|&edge| (edge, 0.0));
        start.into_iter().chain(rest).collect()
    };
    let (paid, bad) = (
        cumulated(&histogram.paid),
        cumulated(&histogram.charged_off),
    );
    let unit = Unit::Number(3);
    let x = Ticks::over(histogram.edges.iter().copied().chain([ks.at]), 5);
    let ends = [(ks.paid, Series::One), (ks.charged_off, Series::Two)];
    let gap = ends.map(|(y, series)| {
        let title = format!("score {}: {}", decimal(ks.at, 3), percent(y, 1));
        let point = Point {
            title: Some(title),
            ..Point::new(ks.at, y)
        };
        Mark::Points(series, vec![point])
    });
    let mut marks = vec![
        Mark::Line(
            Series::Muted,
            vec![(ks.at, ks.paid), (ks.at, ks.charged_off)],
        ),
        Mark::Line(Series::One, paid.clone()),
        Mark::Line(Series::Two, bad.clone()),
    ];
    marks.extend(gap);
    let chart = Chart::new(
        Axis::numbers("score, higher is riskier", unit, x),
        Axis::shares("share of the class with at most this score"),
        marks,
    );
    let cells = |a: f64, b: f64| {
        vec![
            Cell::new(Unit::Percent.in_table(a)),
            Cell::new(Unit::Percent.in_table(b)),
        ]
    };
    let pairs = paid.iter().zip(&bad);
    let mut rows: Vec<Row> = pairs
        .map(|(p, b)| Row::new(unit.in_table(p.0), cells(p.1, b.1)))
        .collect();
    rows.push(Row::new(
        unit.in_table(ks.at),
        cells(ks.paid, ks.charged_off),
    ));
    Some(Figure {
        id: "ks",
        title: "Widest gap (KS)".to_owned(),
        desc: format!(
            "KS {} over the trials; in trial 1 the gap is widest at the score {}, with {} of the paid and {} of the \
             charged-off loans up to there.",
            percent(ks.value, 1),
            decimal(ks.at, 2),
            percent(ks.paid, 0),
            percent(ks.charged_off, 0)
        ),
        legend: vec![
            (Series::One, "paid".to_owned()),
            (Series::Two, "charged off".to_owned()),
        ],
        chart,
        caption: "Test loans of trial 1. Dashed: where the two are furthest apart.".to_owned(),
        table: Table::new(
            "Share of each class up to a score; last the widest gap",
            &["Score", "Paid, %", "Charged off, %"],
            rows,
        ),
    })
}
