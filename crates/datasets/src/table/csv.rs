//! Separated values, below a line of column names or without one.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

use crate::lending_club::{OtherLine, is_book_header, is_loan_text, names_loans, other_line};

use super::error::{Location, TableError};
use super::grid::{Body, Column, Declared, Grid, Row, Syntax, Visit, check_distinct};
use super::options::Header;
use super::separator;

/// How the lines of a file are taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// `None` finds out.
    pub separator: Option<char>,
    pub header: Header,
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
}

/// Counts lines up to byte positions that only grow.
struct LineCounter<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line on which a record starts; the reader's own position stands before the blank lines
    /// that it skipped.
    fn at(&mut self, byte: usize) -> u64 {
        let mut end = byte.min(self.text.len());
        while matches!(self.text.get(end), Some(b'\n' | b'\r')) {
            end += 1;
        }
        for i in self.byte..end {
            let lone_cr = self.text[i] == b'\r' && self.text.get(i + 1) != Some(&b'\n');
            self.line += u64::from(self.text[i] == b'\n' || lone_cr);
        }
        self.byte = self.byte.max(end);
        self.line
    }
}

fn failed(file: &str, error: &csv::Error) -> TableError {
    TableError::Invalid {
        at: Location {
            file: file.to_owned(),
            line: error.position().map_or(0, csv::Position::line),
            column: 0,
        },
        found: error.to_string(),
        expected: "separated values".to_owned(),
    }
}

fn is_blank(record: &StringRecord) -> bool {
    record.len() <= 1 && record.iter().all(|cell| cell.trim().is_empty())
}

/// The name of a column that the file does not name.
fn nameless(i: usize) -> String {
    format!("column_{}", i + 1)
}

/// Reads the header. Also returns the columns without a name in it.
pub(crate) fn grid<'a>(
    file: &'a str,
    text: &'a str,
    layout: Layout,
) -> Result<(Grid<'a>, Vec<usize>), TableError> {
    let loan_book = matches!(layout.separator, None | Some(','))
        && layout.header != Header::No
        && is_loan_text(text);
    let separator = match layout.separator {
        Some(separator) => separator::byte_of(file, separator)?,
        None if loan_book => b',',
        None => separator::find(text),
    };
    let mut reader = reader(text, separator);
    let mut counter = LineCounter {
        text: text.as_bytes(),
        byte: 0,
        line: 1,
    };
    let mut record = StringRecord::new();
    loop {
        let start = reader.position().byte() as usize;
        if !reader
            .read_record(&mut record)
            .map_err(|e| failed(file, &e))?
        {
            return Err(TableError::Empty {
                file: file.to_owned(),
            });
        }
        if is_blank(&record) {
            continue;
        }
        if loan_book && !is_book_header(|| record.iter(), &BTreeMap::new()) {
            // Notes stand above the header.
            continue;
        }
        let line = counter.at(start);
        let named = layout.header != Header::No;
        if layout.header == Header::Auto {
            check_names(file, line, &record)?;
        }
        let unnamed: Vec<usize> = (0..record.len())
            .filter(|&i| named && is_nameless(record[i].trim()))
            .collect();
        let columns: Vec<Column> = record
            .iter()
            .enumerate()
            .map(|(i, cell)| Column {
                name: match cell.trim() {
                    name if named && !name.is_empty() => name.to_owned(),
                    _ => nameless(i),
                },
                declared: Declared::Open,
            })
            .collect();
        check_distinct(file, line, &columns)?;
        let grid = Grid {
            file,
            columns,
            output: None,
            inputs: None,
            body: Body {
                syntax: Syntax::Csv {
                    separator,
                    loan_book,
                },
                text,
                start: match named {
                    true => reader.position().byte() as usize,
                    false => 0,
                },
                walk: rows,
            },
        };
        return Ok((grid, unnamed));
    }
}

/// Whether a header says nothing about a column; pandas calls such ones `Unnamed: 0`.
fn is_nameless(name: &str) -> bool {
    name.is_empty()
        || name
            .strip_prefix("Unnamed: ")
            .is_some_and(|n| n.parse::<u32>().is_ok())
}

/// Refuses a header with a number in it: it is the first sample more often than a name, and would be lost without a
/// word.
fn check_names(file: &str, line: u64, record: &StringRecord) -> Result<(), TableError> {
    let is_number = |cell: &str| {
        // `nan` and `inf` may be names.
        cell.contains(|c: char| c.is_ascii_digit()) && cell.trim().parse::<f64>().is_ok()
    };
    match record.iter().position(is_number) {
        None => Ok(()),
        Some(i) => Err(TableError::NumberAsName {
            at: Location {
                file: file.to_owned(),
                line,
                column: i as u64 + 1,
            },
            name: record[i].trim().to_owned(),
        }),
    }
}

/// Whether a record of Lending Club's files is a note, the title of a section, a footer, or the header once more. One
/// with other columns is refused: the rows below it would be read under the names of the first.
fn is_no_loan(
    grid: &Grid<'_>,
    record: &StringRecord,
    term: Option<usize>,
    line: u64,
) -> Result<bool, TableError> {
    if record.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(true);
    }
    let fields = || record.iter().map(str::as_bytes);
    let term = term.filter(|_| record.len() == grid.columns.len());
    let term = term.and_then(|i| record.get(i)).map(str::as_bytes);
    let is_same = is_same_header(grid, record);
    let is_header = |fields| is_same || names_loans(fields, &BTreeMap::new());
    match other_line(fields, term, is_header) {
        None => Ok(false),
        Some(OtherLine::Header) if !is_same => Err(TableError::Invalid {
            at: Location {
                file: grid.file.to_owned(),
                line,
                column: 0,
            },
            found: "a second header with other columns".to_owned(),
            expected: "the columns of the first throughout (give each part as a file)".to_owned(),
        }),
        Some(_) => Ok(true),
    }
}

fn is_same_header(grid: &Grid<'_>, record: &StringRecord) -> bool {
    record.len() == grid.columns.len()
        && record.iter().zip(&grid.columns).all(|(cell, column)| {
            let name = cell.trim().trim_start_matches('\u{feff}');
            name.is_empty() || name == column.name
        })
}

/// Walks the rows below the header, which begin at byte `start`.
fn rows(grid: &Grid<'_>, visit: &mut Visit<'_>) -> Result<(), TableError> {
    let (text, offset) = (grid.body.text, grid.body.start);
    let (separator, loan_book) = match grid.body.syntax {
        Syntax::Csv {
            separator,
            loan_book,
        } => (separator, loan_book),
        _ => (b',', false),
    };
    let term = grid
        .columns
        .iter()
        .position(|c| c.name.eq_ignore_ascii_case("term"));
    let mut counter = LineCounter {
        text: text.as_bytes(),
        byte: 0,
        line: 1,
    };
    let mut reader = reader(text.get(offset..).unwrap_or_default(), separator);
    let mut record = StringRecord::new();
    let mut number = 0;
    loop {
        let start = offset + reader.position().byte() as usize;
        if !reader
            .read_record(&mut record)
            .map_err(|e| failed(grid.file, &e))?
        {
            return Ok(());
        }
        if is_blank(&record) && grid.columns.len() > 1 {
            continue;
        }
        let line = counter.at(start);
        if loan_book && is_no_loan(grid, &record, term, line)? {
            continue;
        }
        grid.check_width(line, record.len())?;
        number += 1;
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        visit(Row {
            line,
            number,
            cells: &cells,
        })?;
    }
}
