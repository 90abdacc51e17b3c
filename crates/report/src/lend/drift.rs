//! Drift from training to test loans.

use maud::{Markup, html};

use crate::number::decimal;
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

pub(super) fn body(results: &LendResults) -> Markup {
    html! {
        @if !results.psi.is_empty() { (table(results).render()) }
    }
}

fn table(results: &LendResults) -> Table {
    let rows = results.psi.iter().map(|p| {
        let verdict = match p.psi {
            v if v > 0.25 => "shifted",
            v if v > 0.10 => "look closer",
            v if v > p.critical => "more than chance",
            _ => "stable",
        };
        let cells = vec![
            Cell::new(decimal(p.psi, 3)),
            Cell::new(decimal(p.critical, 3)),
            Cell::words(verdict),
        ];
        Row::new(&p.feature, cells)
    });
    let caption = "Population stability index from training to test loans of trial 1. By convention 0.10 asks for a closer look and \
                   0.25 is a shift; chance alone exceeds the critical value in one of twenty cases";
    let head = ["Feature", "PSI", "Critical", "Verdict"];
    Table::new(caption, &head, rows.collect()).sortable()
}
