//! Errors of EFSVM by the number of neighbors.

use std::collections::BTreeMap;

use super::Figure;
use super::chart::{Axis, BoxOf, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::number::percent;
use crate::page::Table;
use crate::results::LendResults;

/// `None` without EFSVM, or in files of schema 1.
pub(crate) fn k_selection(results: &LendResults) -> Option<Figure> {
    let mut by_k: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for trial in &results.k_selection {
        for (k, &error) in &trial.errors {
            by_k.entry(k.parse().ok()?).or_default().push(error);
        }
    }
    let boxes: Vec<(f64, BoxOf, usize)> = by_k
        .iter()
        .filter_map(|(&k, errors)| {
            let chosen = results.k_selection.iter().filter(|t| t.chosen == k).count();
            Some((k as f64, BoxOf::of(errors)?, chosen))
        })
        .collect();
    let (last, _, _) = boxes.last()?;
    let trials = results.k_selection.len();
    let points = boxes.iter().map(|(k, b, chosen)| Point {
        interval: Some((b.five[1], b.five[3])),
        title: Some(format!(
            "k {k}: error {}, chosen in {chosen} of {trials}",
            percent(b.five[2], 1)
        )),
        ..Point::new(*k, b.five[2])
    });
    let medians: Vec<(f64, f64)> = boxes.iter().map(|(k, b, _)| (*k, b.five[2])).collect();
    let values = boxes
        .iter()
        .flat_map(|(_, b, _)| [b.five[1], b.five[2], b.five[3]]);
    let x = Ticks::over([0.0, *last], 8);
    let chart = Chart::new(
        Axis::numbers("k, neighbors", Unit::Number(0), x),
        Axis::numbers(
            "cross-validated error",
            Unit::Percent,
            Ticks::over(values, 5),
        ),
        vec![
            Mark::Line(Series::One, medians),
            Mark::Points(Series::One, points.collect()),
        ],
    );
    let columns = [
        ("Median error".to_owned(), Unit::Percent),
        ("Quartile".to_owned(), Unit::Percent),
        ("Quartile".to_owned(), Unit::Percent),
        ("Chosen in trials".to_owned(), Unit::Number(0)),
    ];
    let rows = boxes.iter().map(|(k, b, chosen)| {
        let values = [b.five[2], b.five[1], b.five[3], *chosen as f64];
        (*k, values.map(Some).to_vec())
    });
    let table = Table::of_numbers(
        "Error of EFSVM by k",
        ("k", Unit::Number(0)),
        &columns,
        rows,
    );
    let best = boxes.iter().max_by_key(|(_, _, chosen)| *chosen)?;
    Some(Figure {
        id: "k",
        title: "EFSVM by number of neighbors".to_owned(),
        desc: format!("k {} is chosen most often, in {} of {trials} trials.", best.0, best.2),
        legend: vec![],
        chart,
        caption: "One minus the cross-validated balanced accuracy with the best C and γ: median over the trials, bars the \
                  quartiles."
            .to_owned(),
        table,
    })
}
