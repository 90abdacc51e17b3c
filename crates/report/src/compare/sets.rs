//! Data sets against methods.

use crate::figure::mean_on;
use crate::names;
use crate::number::{count, decimal, in_percent};
use crate::page::{Cell, Row, Table};
use crate::results::CompareResults;

/// A difference to the best of a row that takes all the color.
const FAR: f64 = 0.2;

/// One row per data set; cells are shaded by how far they are below the best of their row.
pub(super) fn table(results: &CompareResults, metric: &str) -> Table {
    let rows = results.sets.iter().map(|set| {
        let of = |id: &str| mean_on(set, id, metric);
        let best = results
            .methods
            .iter()
            .filter_map(|m| of(&m.id))
            .fold(f64::NEG_INFINITY, f64::max);
        let mut cells = vec![
            Cell::new(decimal(set.imbalance_ratio, 1)),
            Cell::new(count(set.n_samples)),
        ];
        cells.extend(results.methods.iter().map(|method| {
            let value = of(&method.id);
            let cell = Cell::maybe(value, |v| in_percent(v, 1));
            match value {
                Some(v) => cell.shaded((best - v) / FAR).strong_if(best - v <= 1e-12),
                None => cell,
            }
        }));
        Row::new(&set.name, cells)
    });
    let mut head = vec!["Data set", "IR", "n"];
    head.extend(results.methods.iter().map(|m| m.name.as_str()));
    let caption = format!(
        "{}, % (mean over the folds). IR: larger class over smaller. The further below the best of a row, which is bold, the stronger the shade",
        names::metric(metric)
    );
    Table::new(caption, &head, rows.collect()).sortable()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{MethodOverall, SetMethod, SetResult, SetSpread};

    /// Two sets and two methods, of which one cell stands out.
    fn fixture() -> CompareResults {
        let method = |id: &str| MethodOverall {
            id: id.to_owned(),
            name: id.to_uppercase(),
            ..MethodOverall::default()
        };
        let on_set = |id: &str, mean: f64| SetMethod {
            id: id.to_owned(),
            metrics: [("g_mean".to_owned(), SetSpread { mean, std: 0.0 })].into(),
        };
        let set = |name: &str, means: [f64; 2]| SetResult {
            name: name.to_owned(),
            // In another order than the columns.
            methods: vec![on_set("b", means[1]), on_set("a", means[0])],
            ..SetResult::default()
        };
        CompareResults {
            methods: vec![method("a"), method("b")],
            sets: vec![set("first", [0.9, 0.8]), set("second", [0.123, 0.8])],
            ..CompareResults::default()
        }
    }

    #[test]
    fn a_value_stands_in_the_row_and_column_of_its_names() {
        let table = table(&fixture(), "g_mean");
        let column = table.head.iter().position(|h| h == "A").unwrap() - 1;
        let row = table.rows.iter().find(|r| r.name == "second").unwrap();
        assert_eq!(row.cells[column].text, "12.3");
        let elsewhere = table
            .rows
            .iter()
            .flat_map(|r| &r.cells)
            .filter(|c| c.text == "12.3");
        assert_eq!(elsewhere.count(), 1);
        assert_eq!(
            (row.cells[column].step, row.cells[column].strong),
            (Some(9), false)
        );
        assert!(row.cells[column + 1].strong);
    }
}
