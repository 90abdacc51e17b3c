//! What is legal in a table and may still not be meant.

use std::fmt;

use fuzzysvm_core::quote::{cut, quoted};

use super::error::{joined, listed};

/// What became of cells without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filled {
    /// The median of the training rows, and an indicator beside it.
    MedianAndIndicator,
    /// The median of the training rows, which had no such cells.
    Median,
    /// No category: 0 in the columns of all of them.
    NoCategory,
}

/// Something in a table that is legal but may be a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableWarning {
    /// A CSV column holds numbers and texts and is read as text.
    MixedColumn {
        /// The column.
        column: String,
        /// Line of its first text.
        line: u64,
        /// Its first text.
        text: String,
        /// Number of categories.
        categories: usize,
    },
    /// Cells of a text column hold a category that the training table did not have.
    UnseenCategory {
        /// The column.
        column: String,
        /// Number of such rows.
        rows: usize,
        /// Line of the first.
        line: u64,
        /// The first such text.
        text: String,
    },
    /// Cells without a value were filled.
    Imputed {
        /// Columns, their cells without a value, and what became of these.
        columns: Vec<(String, usize, Filled)>,
    },
    /// Columns without any value are left out.
    EmptyColumns {
        /// Their names.
        columns: Vec<String>,
    },
    /// The first column has no name and numbers the rows; it is left out.
    IndexColumn {
        /// What it would have been called.
        column: String,
    },
    /// A column counts the rows and is used as a feature.
    CountingColumn {
        /// The column.
        column: String,
    },
    /// Numbers of these columns have a unit, separated thousands or a decimal comma.
    FormattedNumbers {
        /// Columns with the first such number.
        columns: Vec<(String, String)>,
    },
    /// A column of dates is read as categories.
    DateCategories {
        /// The column.
        column: String,
        /// Number of different dates.
        dates: usize,
    },
    /// One column separates the classes without any other.
    SeparatesClasses {
        /// Such columns.
        columns: Vec<String>,
    },
    /// Rows of a ranking file: what separates its queries is not used.
    QueriesIgnored {
        /// Number of rows with a query.
        rows: usize,
    },
    /// Values outside the range that the header declares for their column.
    OutsideRange {
        /// The column.
        column: String,
        /// Number of such rows.
        rows: usize,
        /// Line of the first.
        line: u64,
        /// The first such value.
        value: String,
        /// The declared range, as the header writes it.
        min: String,
        /// Its upper end.
        max: String,
    },
    /// Columns of a wide LIBSVM file that no row fills are left out.
    EmptyIndices {
        /// Columns that are kept.
        kept: usize,
        /// Columns by the largest index.
        of: usize,
    },
    /// Indices of a LIBSVM file that training left out.
    IndicesIgnored {
        /// Number of rows with such indices.
        rows: usize,
        /// Line of the first.
        line: u64,
        /// The first such index.
        index: u32,
    },
    /// Rows of classes that are neither positive nor negative are left out.
    RowsLeftOut {
        /// The target column.
        column: String,
        /// Number of such rows.
        rows: usize,
    },
}

impl TableWarning {
    pub(super) fn of_queries(rows: usize) -> Vec<Self> {
        match rows {
            0 => Vec::new(),
            rows => vec![TableWarning::QueriesIgnored { rows }],
        }
    }
}

impl fmt::Display for TableWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableWarning::MixedColumn {
                column,
                line,
                text,
                categories,
            } => write!(
                f,
                "column {} holds numbers and texts (line {line}: {}): read as text with \
                 {categories} categories",
                quoted(column),
                quoted(text)
            ),
            TableWarning::UnseenCategory {
                column,
                rows,
                line,
                text,
            } => write!(
                f,
                "column {} has categories unseen in training in {rows} rows (first: {} on \
                 line {line}): encoded as zeros",
                quoted(column),
                quoted(text)
            ),
            TableWarning::Imputed { columns } => imputed(f, columns),
            TableWarning::EmptyColumns { columns } => {
                write!(f, "left out, without any value: {}", listed(columns))
            }
            TableWarning::IndexColumn { column } => write!(
                f,
                "the first column has no name and numbers the rows: left out (to keep it, give it a name \
                 other than {})",
                quoted(column)
            ),
            TableWarning::CountingColumn { column } => write!(
                f,
                "column {} counts the rows, and their order is no feature: drop {}",
                quoted(column),
                cut(column)
            ),
            TableWarning::FormattedNumbers { columns } => {
                let shown: Vec<String> = columns
                    .iter()
                    .take(8)
                    .map(|(name, cell)| format!("{} (as {})", quoted(name), quoted(cell)))
                    .collect();
                let tail = if columns.len() > 8 { ", …" } else { "" };
                write!(
                    f,
                    "read as numbers, per cent as fractions: {}{tail}",
                    shown.join(", ")
                )
            }
            TableWarning::DateCategories { column, dates } => write!(
                f,
                "column {} holds dates, read as {dates} categories: other dates are unknown to the \
                 model (drop {})",
                quoted(column),
                cut(column)
            ),
            TableWarning::SeparatesClasses { columns } => write!(
                f,
                "{} alone separates the classes: is it known before the class is? If not, drop {}",
                listed(columns),
                joined(columns.iter().map(String::as_str))
            ),
            TableWarning::QueriesIgnored { rows } => write!(
                f,
                "{rows} rows of a ranking file: their queries (qid) are ignored, and rows of one query may land in \
                 training and test"
            ),
            TableWarning::RowsLeftOut { column, rows } => write!(
                f,
                "left out {rows} rows whose {} is neither the positive class nor a negative one",
                quoted(column)
            ),
            TableWarning::OutsideRange {
                column,
                rows,
                line,
                value,
                min,
                max,
            } => write!(
                f,
                "column {} has values outside its declared range [{min}, {max}] in {rows} rows (first: {} on line \
                 {line})",
                quoted(column),
                cut(value)
            ),
            TableWarning::EmptyIndices { kept, of } => write!(
                f,
                "{kept} of {of} columns are filled in some row: the others are left out, and ignored in other files"
            ),
            TableWarning::IndicesIgnored { rows, line, index } => write!(
                f,
                "ignored indices that no training row fills in {rows} rows (first: {index} on line {line})"
            ),
        }
    }
}

fn imputed(f: &mut fmt::Formatter<'_>, columns: &[(String, usize, Filled)]) -> fmt::Result {
    let total: usize = columns.iter().map(|(_, cells, _)| cells).sum();
    let cells = if total == 1 { "cell" } else { "cells" };
    write!(f, "filled {total} {cells} without a value: ")?;
    let mut parts = Vec::new();
    for (kind, words) in [
        (Filled::MedianAndIndicator, "median and indicator in"),
        (
            Filled::Median,
            "median (training rows had none missing, so no indicator) in",
        ),
        (Filled::NoCategory, "no category in"),
    ] {
        let of_kind: Vec<String> = columns
            .iter()
            .filter(|(_, _, filled)| *filled == kind)
            .map(|(name, cells, _)| format!("{} {cells}", quoted(name)))
            .collect();
        if !of_kind.is_empty() {
            let shown = of_kind
                .iter()
                .take(8)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            let more = match of_kind.len() {
                n if n > 8 => format!(" and {} more", n - 8),
                _ => String::new(),
            };
            parts.push(format!("{words} {shown}{more}"));
        }
    }
    f.write_str(&parts.join("; "))
}
