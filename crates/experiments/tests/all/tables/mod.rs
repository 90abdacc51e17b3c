//! The tables of small runs: their numbers are those of the results, and the best of a column is marked.

mod formats;
mod of_compare;
mod of_lend;
mod of_walk_forward;

use fuzzysvm_experiments::tables::{Cell, Table};

fn named<'a>(tables: &'a [Table], label: &str) -> &'a Table {
    let table = tables.iter().find(|table| table.label == label);
    table.unwrap_or_else(|| panic!("no table {label}"))
}

fn texts(row: &[Cell]) -> Vec<&str> {
    row.iter().map(|cell| cell.text.as_str()).collect()
}

/// What stands in a row behind its name.
fn row<'a>(table: &'a Table, name: &str) -> &'a [Cell] {
    let row = table.rows.iter().find(|row| row[0].text == name);
    &row.unwrap_or_else(|| panic!("no row {name}"))[1..]
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sample standard deviation.
fn deviation(values: &[f64]) -> f64 {
    let squares = values.iter().map(|v| (v - mean(values)).powi(2));
    (squares.sum::<f64>() / (values.len() as f64 - 1.0)).sqrt()
}

/// 1 for the greatest, ties averaged.
fn ranks(values: &[f64]) -> Vec<f64> {
    let tied = |a: f64, b: f64| (a - b).abs() < 1e-12;
    let rank = |v: &f64| {
        let above = values.iter().filter(|o| **o > *v && !tied(**o, *v)).count();
        let equal = values.iter().filter(|o| tied(**o, *v)).count();
        above as f64 + (equal as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}
