//! Precision and recall of the charged-off loans.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Series, Unit};
use super::peers::{self, Curve};
use super::ticks::Ticks;
use crate::number::percent;
use crate::page::{Cell, Row};
use crate::results::LendResults;

/// `None` without figures of schema 2.
pub(crate) fn pr(results: &LendResults) -> Option<Figure> {
    let shown = peers::shown(results)?;
    let curves = shown.iter().map(|m| {
        let curve = &m.figures.pr;
        // Where nothing is caught, precision is the luck of one loan.
        let from = curve.recall.iter().take_while(|r| **r <= 0.0).count();
        let values = [&curve.recall, &curve.precision, &curve.low, &curve.high];
        Curve::new(&m.name, values.map(|v| v.get(from..).unwrap_or_default()))
    });
    let curves: Vec<Curve<'_>> = curves.collect();
    let rate = results.market.as_ref().map(|m| m.default_rate);
    let mut marks = Vec::new();
    if let Some(rate) = rate {
        let ends = curves.first().and_then(Curve::ends).unwrap_or((0.0, 1.0));
        let line = vec![(ends.0, rate), (ends.1, rate)];
        marks.push(Mark::Line(Series::Muted, line));
    }
    marks.extend(peers::marks(&curves, None));
    let values = curves.iter().flat_map(Curve::values);
    let y = Ticks::over(values.chain([0.0]).chain(rate), 5);
    let chart = Chart::new(
        Axis::shares("share of the charged-off loans caught"),
        Axis::numbers("share charged off of those rejected", Unit::Percent, y),
        marks,
    );
    let mut table = peers::table(
        "Precision and recall of the charged-off loans",
        ("Charged-off loans caught", Unit::Percent),
        &curves,
        None,
    );
    if let Some(rate) = rate {
        let cells = vec![Cell::new(Unit::Percent.in_table(rate))];
        table.rows.push(Row::new("Charged off of all", cells));
    }
    let precision = |figures: &crate::results::MethodFigures| {
        let value = figures.average_precision.as_ref();
        value.map_or_else(String::new, |v| format!("mean {}", percent(v.value, 1)))
    };
    let means: Vec<String> = shown
        .iter()
        .map(|m| format!("{} {}", m.name, precision(m.figures)))
        .collect();
    Some(Figure {
        id: "pr",
        title: "Precision and recall".to_owned(),
        desc: format!("Average precision: {}.", means.join("; ")),
        legend: peers::legend(&shown, precision),
        chart,
        caption: format!(
            "Band: {}. Dashed, gray: share charged off of all loans.",
            peers::band(results)
        ),
        table,
    })
}
