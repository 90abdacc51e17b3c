//! Loans charged off by quarter of issue and months since.

use maud::{Markup, html};

use crate::number::{count, in_percent};
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

pub(super) fn body(results: &LendResults) -> Markup {
    html! {
        @if !results.vintages.is_empty() { (table(results).render()) }
    }
}

fn table(results: &LendResults) -> Table {
    let vintages = &results.vintages;
    let shares = vintages.iter().flat_map(|v| v.charged_off.iter().flatten());
    let most = shares.copied().fold(f64::MIN_POSITIVE, f64::max);
    let longest = vintages.iter().max_by_key(|v| v.months.len());
    let months = longest.map_or(&[][..], |v| &v.months);
    let rows = vintages.iter().map(|v| {
        let mut cells = vec![Cell::new(count(v.n))];
        cells.extend(months.iter().map(|month| {
            let place = v.months.iter().position(|m| m == month);
            match place.and_then(|i| v.charged_off.get(i).copied().flatten()) {
                Some(share) => Cell::new(in_percent(share, 1)).shaded(share / most),
                None => Cell::default(),
            }
        }));
        Row::new(&v.quarter, cells)
    });
    let mut head = vec!["Issued".to_owned(), "Loans".to_owned()];
    head.extend(months.iter().map(|m| format!("{m} months")));
    Table {
        caption: "Vintages: cumulative share charged off by months since issue, %; blank where it could not be observed"
            .to_owned(),
        head,
        rows: rows.collect(),
        sortable: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Vintage;

    #[test]
    fn a_share_stands_in_the_row_of_its_quarter_and_the_column_of_its_month() {
        let vintage = |quarter: &str, charged_off: Vec<Option<f64>>| Vintage {
            quarter: quarter.to_owned(),
            n: 10,
            months: vec![6, 12, 18],
            charged_off,
        };
        let results = LendResults {
            vintages: vec![
                vintage("2009Q1", vec![Some(0.01), Some(0.02), Some(0.03)]),
                vintage("2009Q2", vec![Some(0.01), Some(0.5), None]),
            ],
            ..LendResults::default()
        };
        let table = table(&results);
        let column = table.head.iter().position(|h| h == "12 months").unwrap() - 1;
        let row = table.rows.iter().find(|r| r.name == "2009Q2").unwrap();
        assert_eq!(
            (row.cells[column].text.as_str(), row.cells[column].step),
            ("50.0", Some(9))
        );
        // What could not be observed is no 0.
        assert_eq!(row.cells[column + 1], Cell::default());
    }
}
