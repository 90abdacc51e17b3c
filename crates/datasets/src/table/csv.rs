//! Separated values, below a line of column names or without one.

use csv::{ReaderBuilder, StringRecord};

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
    let separator = match layout.separator {
        Some(separator) => separator::byte_of(file, separator)?,
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
                syntax: Syntax::Csv { separator },
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

/// Walks the rows below the header, which begin at byte `start`.
fn rows(grid: &Grid<'_>, visit: &mut Visit<'_>) -> Result<(), TableError> {
    let (text, offset) = (grid.body.text, grid.body.start);
    let separator = match grid.body.syntax {
        Syntax::Csv { separator } => separator,
        _ => b',',
    };
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
