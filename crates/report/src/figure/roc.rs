//! ROC curve.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Series, Unit};
use super::peers::{self, Curve};
use crate::number::percent;
use crate::results::LendResults;

/// `None` without figures of schema 2.
pub(crate) fn roc(results: &LendResults) -> Option<Figure> {
    let shown = peers::shown(results)?;
    let curves = shown.iter().map(|m| {
        let curve = &m.figures.roc;
        Curve::new(&m.name, [&curve.fpr, &curve.tpr, &curve.low, &curve.high])
    });
    let curves: Vec<Curve<'_>> = curves.collect();
    let mut marks = vec![Mark::Line(Series::Muted, vec![(0.0, 0.0), (1.0, 1.0)])];
    // The curve begins at no loan rejected, whatever the first point is.
    marks.extend(peers::marks(&curves, Some((0.0, 0.0))));
    let chart = Chart::new(
        Axis::shares("share of the paid loans rejected"),
        Axis::shares("share of the charged-off loans caught"),
        marks,
    );
    let aucs: Vec<String> = shown
        .iter()
        .map(|m| format!("{} {}", m.name, percent(m.figures.auc.value, 1)))
        .collect();
    let table = peers::table(
        "ROC curve",
        ("Paid loans rejected", Unit::Percent),
        &curves,
        Some((0.0, 0.0)),
    );
    Some(Figure {
        id: "roc",
        title: "ROC curve".to_owned(),
        desc: format!("Area under the curve: {}.", aucs.join("; ")),
        legend: peers::legend(&shown, |m| format!("AUC {}", percent(m.auc.value, 1))),
        chart,
        caption: format!("Band: {}. Dashed, gray: by chance.", peers::band(results)),
        table,
    })
}
