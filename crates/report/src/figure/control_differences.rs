//! Differences to the control over the data sets.

use super::Figure;
use super::chart::{Axis, BoxOf, Chart, Mark, Series, Unit};
use super::ticks::Ticks;
use crate::number::{in_percent, points};
use crate::page::{Cell, Row, Table};
use crate::results::{CompareResults, SetResult};

/// The mean of a metric of a method on a data set.
pub(crate) fn mean_on(set: &SetResult, method: &str, metric: &str) -> Option<f64> {
    let found = set.methods.iter().find(|m| m.id == method)?;
    Some(found.metrics.get(metric)?.mean)
}

/// `None` below three data sets, or where the control is alone.
pub(crate) fn control_differences(
    results: &CompareResults,
    metric: &str,
    id: &'static str,
) -> Option<Figure> {
    let control = &results.settings.control;
    let mut boxes: Vec<(&str, BoxOf)> = Vec::new();
    for method in results.methods.iter().filter(|m| m.id != *control) {
        let differences = results.sets.iter().filter_map(|set| {
            Some(mean_on(set, &method.id, metric)? - mean_on(set, control, metric)?)
        });
        let differences: Vec<f64> = differences.collect();
        if differences.len() >= 3 {
            boxes.push((&method.name, BoxOf::of(&differences)?));
        }
    }
    boxes.sort_by(|a, b| b.1.five[2].total_cmp(&a.1.five[2]));
    let (best, worst) = (boxes.first()?, boxes.last()?);
    let name = results
        .methods
        .iter()
        .find(|m| m.id == *control)
        .map_or("", |m| &m.name);
    let values = boxes
        .iter()
        .flat_map(|b| b.1.five.iter().chain(&b.1.outliers).copied());
    let ticks = Ticks::over(values.chain([0.0]), 4);
    let drawn = boxes.iter().map(|(_, b)| (Series::Muted, b.clone()));
    let head = [
        "Method, points",
        "Low",
        "Quartile",
        "Median",
        "Quartile",
        "High",
        "Beyond",
    ];
    let rows = boxes.iter().map(|(name, b)| {
        let mut cells: Vec<Cell> = b
            .five
            .iter()
            .map(|v| Cell::new(in_percent(*v, 2)))
            .collect();
        let outliers: Vec<String> = b.outliers.iter().map(|v| in_percent(*v, 2)).collect();
        cells.push(Cell::new(outliers.join("; ")));
        Row::new(*name, cells)
    });
    let label = format!(
        "{} minus that of {name}",
        lower(crate::names::metric(metric))
    );
    Some(Figure {
        id,
        title: format!("Difference to {name} by data set"),
        desc: format!(
            "Medians from {} ({}) to {} ({}).",
            points(best.1.five[2], 1),
            best.0,
            points(worst.1.five[2], 1),
            worst.0
        ),
        legend: vec![],
        chart: Chart::new(
            Axis::numbers(&label, Unit::Percent, ticks),
            Axis::names(boxes.iter().map(|b| b.0.to_owned()).collect()),
            vec![Mark::Boxes(drawn.collect())],
        ),
        caption: format!(
            "One difference per data set: median, quartiles, and the furthest within one and a half boxes; circles lie beyond. \
             Right of 0 the method is better than {name}."
        ),
        table: Table::new(
            format!("Difference to {name}, in points"),
            &head,
            rows.collect(),
        ),
    })
}

/// A metric inside a sentence: names that are no words keep their capitals.
pub(crate) fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            let rest: String = letters.collect();
            format!("{}{second}{rest}", first.to_lowercase())
        }
        _ => name.to_owned(),
    }
}
