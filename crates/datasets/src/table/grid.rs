//! What CSV and KEEL have in common once their syntax is read: named columns and rows of cells.

use std::collections::{HashMap, HashSet};

use fuzzysvm_core::quote::{cut, quoted};

use super::MAX_CELL;
use super::error::{Location, TableError, shown};
use super::lengths::too_long;
use super::missing::Marks;
use super::number::NumberFormat;

/// What a file's header says about a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Declared {
    /// Nothing (CSV): the cells decide.
    Open,
    /// Numbers, in this range where the header names one.
    Number(Option<Range>),
    /// One of these values.
    Nominal(Vec<String>),
    /// Any text.
    Text,
}

/// The smallest and the largest value that a header declares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub min: f64,
    pub max: f64,
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub name: String,
    pub declared: Declared,
}

/// The rows of a file, and how they are written.
pub(crate) struct Body<'a> {
    pub syntax: Syntax,
    pub text: &'a str,
    /// Where the rows begin, as `walk` understands it.
    pub start: usize,
    pub walk: Walk,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Syntax {
    Csv {
        separator: u8,
        /// Whether the file is one of Lending Club's, where lines that are no loans may stand between the rows.
        loan_book: bool,
    },
    Parquet,
    Keel,
}

/// Calls the visitor for every row of a grid.
pub(crate) type Walk = fn(&Grid<'_>, &mut Visit<'_>) -> Result<(), TableError>;

/// A table whose header is read and whose rows can be walked as often as needed; cells are never
/// all held at once.
pub(crate) struct Grid<'a> {
    pub file: &'a str,
    pub columns: Vec<Column>,
    /// The column that the header names as output.
    pub output: Option<usize>,
    /// The columns that the header names as inputs.
    pub inputs: Option<Vec<usize>>,
    pub body: Body<'a>,
}

/// One row of trimmed cells, as many as there are columns.
pub(crate) struct Row<'r> {
    pub line: u64,
    /// One-based among the samples.
    pub number: usize,
    pub cells: &'r [&'r str],
}

/// What [`Grid::rows`] calls for every row.
pub(crate) type Visit<'v> = dyn FnMut(Row<'_>) -> Result<(), TableError> + 'v;

impl Grid<'_> {
    /// Walks the rows in order.
    pub fn rows(&self, visit: &mut Visit<'_>) -> Result<(), TableError> {
        (self.body.walk)(self, &mut |row| match row
            .cells
            .iter()
            .position(|cell| cell.len() > MAX_CELL)
        {
            None => visit(row),
            Some(j) => {
                let (file, column) = (self.file, j as u64 + 1);
                Err(too_long(file, row.line, column, "cell", MAX_CELL))
            }
        })
    }

    /// The index of a column by its name.
    pub fn column(&self, name: &str) -> Result<usize, TableError> {
        self.position(name)
            .ok_or_else(|| TableError::UnknownColumn {
                file: self.file.to_owned(),
                column: name.to_owned(),
                columns: self.columns.iter().map(|c| c.name.clone()).collect(),
            })
    }

    /// As [`Grid::column`], without the complaint.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// As [`Grid::column`], of many names: the time does not grow with their product.
    pub fn columns_of<'n>(
        &self,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<Vec<usize>, TableError> {
        let places: HashMap<&str, usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(j, column)| (column.name.as_str(), j))
            .collect();
        names
            .map(|name| match places.get(name) {
                Some(&j) => Ok(j),
                None => self.column(name),
            })
            .collect()
    }

    /// The range that the header declares for a column of numbers.
    pub fn range(&self, column: usize) -> Option<Range> {
        match self.columns[column].declared {
            Declared::Number(range) => range,
            _ => None,
        }
    }

    /// The location of a cell.
    pub fn at(&self, line: u64, column: usize) -> Location {
        Location {
            file: self.file.to_owned(),
            line,
            column: column as u64 + 1,
        }
    }

    /// Refuses a row of another width than the header.
    pub fn check_width(&self, line: u64, found: usize) -> Result<(), TableError> {
        if found == self.columns.len() {
            return Ok(());
        }
        Err(TableError::Invalid {
            at: Location {
                file: self.file.to_owned(),
                line,
                column: 0,
            },
            found: format!("{found} cells"),
            expected: format!("{} as in the header", self.columns.len()),
        })
    }

    /// Whether a cell says that there is no value: by a mark, unless the header declares the mark as a value.
    pub fn is_missing(&self, row: &Row<'_>, column: usize, marks: Marks<'_>) -> bool {
        let cell = row.cells[column];
        marks.has(cell)
            && match &self.columns[column].declared {
                Declared::Nominal(values) => !values.iter().any(|v| v == cell),
                _ => true,
            }
    }

    /// The cell, in a nominal column as its declaration spells it.
    pub fn canonical<'c>(&'c self, row: &Row<'c>, column: usize) -> Result<&'c str, TableError> {
        let cell = row.cells[column];
        let Declared::Nominal(values) = &self.columns[column].declared else {
            return Ok(cell);
        };
        values
            .iter()
            .find(|v| *v == cell)
            .or_else(|| values.iter().find(|v| v.eq_ignore_ascii_case(cell)))
            .map(String::as_str)
            .ok_or_else(|| TableError::Invalid {
                at: self.at(row.line, column),
                found: format!(
                    "{} in column {}",
                    shown(cell),
                    quoted(&self.columns[column].name)
                ),
                expected: format!("one of {{{}}}", shorten(values)),
            })
    }

    /// The error of an absent value.
    pub fn missing(&self, row: &Row<'_>, column: usize) -> TableError {
        TableError::MissingValue {
            at: self.at(row.line, column),
            column: self.columns[column].name.clone(),
            row: row.number,
        }
    }

    /// The finite number in a cell, written as people of this `format` write it, or else as programs do.
    pub fn number(
        &self,
        row: &Row<'_>,
        column: usize,
        format: Option<&NumberFormat>,
    ) -> Result<f64, TableError> {
        let cell = row.cells[column];
        let value = match format {
            Some(format) => format.parse(cell),
            None => cell.parse().ok(),
        };
        match value {
            Some(value) if f64::is_finite(value) => Ok(value),
            Some(_) => Err(TableError::NotFinite {
                at: self.at(row.line, column),
                column: self.columns[column].name.clone(),
                row: row.number,
                value: cell.to_owned(),
            }),
            None => Err(TableError::Invalid {
                at: self.at(row.line, column),
                found: format!(
                    "{} in column {}",
                    shown(cell),
                    quoted(&self.columns[column].name)
                ),
                expected: match format {
                    Some(format) => format!("a number such as {}", format.example()),
                    None => "a number".to_owned(),
                },
            }),
        }
    }
}

/// Refuses two columns of one name: nothing could tell them apart later.
pub(crate) fn check_distinct(file: &str, line: u64, columns: &[Column]) -> Result<(), TableError> {
    let mut seen = HashSet::new();
    for (i, column) in columns.iter().enumerate() {
        if !seen.insert(column.name.as_str()) {
            return Err(TableError::Invalid {
                at: Location {
                    file: file.to_owned(),
                    line,
                    column: i as u64 + 1,
                },
                found: format!("a second column {}", quoted(&column.name)),
                expected: "distinct column names".to_owned(),
            });
        }
    }
    Ok(())
}

fn shorten(values: &[String]) -> String {
    let shown: Vec<String> = values.iter().take(8).map(|v| cut(v).to_string()).collect();
    let tail = if values.len() > 8 { ", …" } else { "" };
    format!("{}{tail}", shown.join(", "))
}
