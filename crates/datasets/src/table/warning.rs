//! What is legal in a table and may still not be meant.

use std::fmt;

use super::error::{joined, listed, shown};

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
                "column {column:?} holds numbers and texts (line {line}: {}): read as text with \
                 {categories} categories",
                shown(text)
            ),
            TableWarning::UnseenCategory {
                column,
                rows,
                line,
                text,
            } => write!(
                f,
                "column {column:?} has categories unseen in training in {rows} rows (first: {} on \
                 line {line}): encoded as zeros",
                shown(text)
            ),
            TableWarning::Imputed { columns } => imputed(f, columns),
            TableWarning::EmptyColumns { columns } => {
                write!(f, "left out, without any value: {}", listed(columns))
            }
            TableWarning::IndexColumn { column } => write!(
                f,
                "the first column has no name and numbers the rows: left out (to keep it, give it a name \
                 other than {column:?})"
            ),
            TableWarning::CountingColumn { column } => write!(
                f,
                "column {column:?} counts the rows, and their order is no feature: drop {column}"
            ),
            TableWarning::FormattedNumbers { columns } => {
                let shown: Vec<String> = columns
                    .iter()
                    .take(8)
                    .map(|(name, cell)| format!("{name:?} (as {})", shown(cell)))
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
                "column {column:?} holds dates, read as {dates} categories: other dates are unknown to the \
                 model (drop {column})"
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
                "left out {rows} rows whose {column:?} is neither the positive class nor a negative one"
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
            .map(|(name, cells, _)| format!("{name:?} {cells}"))
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
