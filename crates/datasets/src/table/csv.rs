//! Comma-separated values below a line of column names.

use csv::{ReaderBuilder, StringRecord};

use super::error::{Location, TableError, shown};
use super::grid::{Body, Column, Declared, Grid, Row, Syntax, Visit, check_distinct};

fn reader(text: &str) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
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
        expected: "comma-separated values".to_owned(),
    }
}

fn is_blank(record: &StringRecord) -> bool {
    record.len() <= 1 && record.iter().all(|cell| cell.trim().is_empty())
}

/// Reads the header.
pub(crate) fn grid<'a>(file: &'a str, text: &'a str) -> Result<Grid<'a>, TableError> {
    let mut reader = reader(text);
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
        let columns: Vec<Column> = record
            .iter()
            .enumerate()
            .map(|(i, cell)| Column {
                name: match cell.trim() {
                    "" => format!("column_{}", i + 1),
                    name => name.to_owned(),
                },
                declared: Declared::Open,
            })
            .collect();
        check_distinct(file, line, &columns)?;
        if let ([only], Some(mark)) = (columns.as_slice(), record[0].find([';', '\t'])) {
            return Err(TableError::Invalid {
                at: Location {
                    file: file.to_owned(),
                    line,
                    column: mark as u64 + 1,
                },
                found: format!("one column {}", shown(&only.name)),
                expected: "columns separated by commas".to_owned(),
            });
        }
        return Ok(Grid {
            file,
            columns,
            output: None,
            inputs: None,
            body: Body {
                syntax: Syntax::Csv,
                text,
                start: reader.position().byte() as usize,
                walk: rows,
            },
        });
    }
}

/// Refuses a header of numbers alone: the first sample would be lost without a word.
pub(crate) fn check_header(grid: &Grid<'_>) -> Result<(), TableError> {
    if grid.columns.iter().all(|c| c.name.parse::<f64>().is_ok()) {
        return Err(TableError::Invalid {
            at: Location {
                file: grid.file.to_owned(),
                line: 1,
                column: 0,
            },
            found: "a first line of numbers only".to_owned(),
            expected: "a line of column names".to_owned(),
        });
    }
    Ok(())
}

/// Walks the rows below the header, which begin at byte `start`.
fn rows(grid: &Grid<'_>, visit: &mut Visit<'_>) -> Result<(), TableError> {
    let (text, offset) = (grid.body.text, grid.body.start);
    let mut counter = LineCounter {
        text: text.as_bytes(),
        byte: 0,
        line: 1,
    };
    let mut reader = reader(text.get(offset..).unwrap_or_default());
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
