//! Returns and defaults by grade, term and year of issue.

use maud::{Markup, html};

use crate::number::{count, in_percent, in_points};
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

pub(super) fn body(results: &LendResults) -> Markup {
    html! {
        @if !results.segments.is_empty() { (table(results).render()) }
    }
}

fn table(results: &LendResults) -> Table {
    let rows = results.segments.iter().map(|s| {
        let rate = |v: Option<f64>| Cell::maybe(v, |v| in_percent(v, 1));
        let gain = s.return_chosen.zip(s.return_market).map(|(a, b)| a - b);
        let cells = vec![
            Cell::new(count(s.n_market.round() as usize)),
            Cell::new(count(s.n_chosen.round() as usize)),
            rate(s.return_market),
            rate(s.return_chosen),
            Cell::maybe(gain, |v| in_points(v, 1)),
            rate(s.default_market),
            rate(s.default_chosen),
        ];
        let name = match s.by.as_str() {
            "grade" => format!("Grade {}", s.value),
            "term" => format!("{} months", s.value),
            "year" => format!("Issued {}", s.value),
            other => format!("{other} {}", s.value),
        };
        Row::new(name, cells)
    });
    let head = [
        "Segment",
        "Loans",
        "Bought",
        "Return, all",
        "Return, bought",
        "Difference",
        "Charged off, all",
        "Charged off, bought",
    ];
    let caption = "By grade, term and year of issue, in %: every test loan against those bought; loans are means over the trials";
    Table::new(caption, &head, rows.collect())
}
