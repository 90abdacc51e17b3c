//! Whether probabilities of default come true.

use maud::{Markup, html};

use crate::figure::{self, Figure};
use crate::names;
use crate::number::{count, in_percent, in_points};
use crate::page::{Cell, Row, Table};
use crate::results::{CalibrationGrade, LendResults};

pub(super) fn body(results: &LendResults, figure: Option<Figure>) -> Markup {
    html! {
        (figure::row([figure]))
        @if let Some(table) = table(results) { (table.render()) }
    }
}

/// Expected and observed by grade.
fn table(results: &LendResults) -> Option<Table> {
    let figures = results.figures.as_ref()?;
    let method = figures.methods.get(&figures.designated)?;
    let grades: &[CalibrationGrade] = &method.calibration.as_ref()?.grades;
    if grades.is_empty() {
        return None;
    }
    let rows = grades.iter().map(|g| {
        let cells = vec![
            Cell::new(count(g.n.round() as usize)),
            Cell::new(in_percent(g.expected, 1)),
            Cell::new(in_percent(g.observed, 1)),
            Cell::new(in_points(g.observed - g.expected, 1)),
        ];
        Row::new(&g.grade, cells)
    });
    let caption = format!(
        "Charged off by grade, in %: expected by the calibrated probabilities of {}, and observed; loans are means over the trials",
        names::title(results, &figures.designated)
    );
    let head = [
        "Grade",
        "Loans",
        "Expected",
        "Observed",
        "Difference, points",
    ];
    Some(Table::new(caption, &head, rows.collect()))
}
