//! Apache Parquet: flat columns of numbers, booleans, texts and decimals, read as the same table in CSV would be.
//!
//! Booleans are the categories `True` and `False`, as pandas writes them to CSV; nulls are cells without a value. The
//! index that pandas stores (`__index_level_0__`) is no column. Dates, times, and nested columns are refused by name
//! where they are used. In places the line is the number of the row.

#[cfg(feature = "parquet")]
mod pages;
#[cfg(feature = "parquet")]
mod quiet;
#[cfg(feature = "parquet")]
mod read;
#[cfg(feature = "parquet")]
mod thrift;

use super::error::TableError;
use super::grid::{Body, Column, Grid, Row, Syntax, Visit};

/// Ends a cell and a row; texts do not keep these characters.
const CELL: char = '\u{1f}';
const ROW: char = '\u{1e}';

/// The rows of a Parquet file as text.
pub(crate) struct TextTable {
    columns: Vec<Column>,
    text: String,
}

/// Reads a Parquet file; `wanted` says whether the column of this name is used.
#[cfg(feature = "parquet")]
pub(crate) fn table(
    file: &str,
    bytes: &[u8],
    wanted: &dyn Fn(&str) -> bool,
) -> Result<TextTable, TableError> {
    // The decoders of the crate parquet take for granted what a damaged file does not hold, and panic.
    quiet::caught(|| read::table(file, bytes, wanted)).unwrap_or_else(|| Err(read::damaged(file)))
}

/// Refuses a Parquet file: the feature is off.
#[cfg(not(feature = "parquet"))]
pub(crate) fn table(
    file: &str,
    _: &[u8],
    _: &dyn Fn(&str) -> bool,
) -> Result<TextTable, TableError> {
    Err(TableError::NotBuiltIn {
        file: file.to_owned(),
        format: "Parquet",
    })
}

impl TextTable {
    pub fn grid<'a>(&'a self, file: &'a str) -> Grid<'a> {
        Grid {
            file,
            columns: self.columns.clone(),
            output: None,
            inputs: None,
            body: Body {
                syntax: Syntax::Parquet,
                text: &self.text,
                start: 0,
                walk: rows,
            },
        }
    }
}

fn rows(grid: &Grid<'_>, visit: &mut Visit<'_>) -> Result<(), TableError> {
    for (i, row) in grid.body.text.split_terminator(ROW).enumerate() {
        let cells: Vec<&str> = row.split_terminator(CELL).map(str::trim).collect();
        visit(Row {
            line: i as u64 + 1,
            number: i + 1,
            cells: &cells,
        })?;
    }
    Ok(())
}
