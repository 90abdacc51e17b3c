//! What the cells of a column are, learnt in one walk over a table.

use std::collections::HashSet;

use super::date::is_date;
use super::error::TableError;
use super::grid::{Declared, Grid};
use super::missing::Marks;
use super::number::FormatScan;

/// A column after one walk over its cells.
#[derive(Debug)]
pub(super) struct Scan {
    /// Cells with a value, and without.
    pub cells: usize,
    pub missing: usize,
    /// Line of the first cell without a value.
    pub first_missing: Option<u64>,
    /// Numbers as programs write them, and as people do.
    pub plain: usize,
    pub formatted: usize,
    /// The first number that programs write in another way.
    pub first_formatted: Option<String>,
    /// The first number with a point or comma in it.
    pub first_marked: Option<(u64, String)>,
    /// Cells that are not written as the numbers of the column, and the first of them.
    pub texts: usize,
    pub first_text: Option<(u64, String)>,
    pub format: FormatScan,
    /// Whether every cell is a date.
    pub dates: bool,
    /// The different whole numbers of a column that may number the rows.
    numbering: Option<HashSet<u64>>,
    /// The first number, where every next one is larger by 1.
    counts_from: Option<f64>,
}

impl Scan {
    fn new(may_number_rows: bool) -> Self {
        Self {
            cells: 0,
            missing: 0,
            first_missing: None,
            plain: 0,
            formatted: 0,
            first_formatted: None,
            first_marked: None,
            texts: 0,
            first_text: None,
            format: FormatScan::default(),
            dates: true,
            numbering: may_number_rows.then(HashSet::new),
            counts_from: Some(0.0),
        }
    }

    fn take(&mut self, line: u64, cell: &str) {
        let number = cell.parse::<f64>().ok();
        let fits = self.format.take(cell, number.is_some());
        if number.is_some() {
            self.plain += 1;
        } else if fits {
            self.formatted += 1;
            if self.first_formatted.is_none() {
                self.first_formatted = Some(cell.to_owned());
            }
        }
        if fits && self.first_marked.is_none() && cell.contains(['.', ',']) {
            self.first_marked = Some((line, cell.to_owned()));
        }
        if !fits {
            self.texts += 1;
            if self.first_text.is_none() {
                self.first_text = Some((line, cell.to_owned()));
            }
        }
        self.dates = self.dates && number.is_none() && is_date(cell);
        if let Some(seen) = &mut self.numbering
            && !cell.parse::<u64>().is_ok_and(|n| seen.insert(n))
        {
            self.numbering = None;
        }
        self.counts_from = match (self.counts_from, number) {
            (Some(_), Some(n)) if self.cells == 0 => Some(n),
            (Some(first), Some(n)) if n == first + self.cells as f64 => Some(first),
            _ => None,
        };
        self.cells += 1;
    }

    /// Whether the column holds the row numbers of a data frame, in any order.
    pub fn numbers_rows(&self) -> bool {
        self.missing == 0 && self.numbering.is_some()
    }

    /// Whether the column counts the rows from 0 or 1.
    pub fn counts_rows(&self) -> bool {
        self.missing == 0
            && self.plain == self.cells
            && matches!(self.counts_from, Some(first) if first == 0.0 || first == 1.0)
    }

    /// Whether numbers stand among the texts of the column.
    pub fn is_mixed(&self) -> bool {
        self.plain > 0 || 2 * self.formatted > self.cells
    }

    /// Whether numbers are the rule among its cells.
    pub fn is_mostly_numbers(&self) -> bool {
        2 * (self.plain + self.formatted) > self.cells
    }
}

/// Walks the table. `unnamed` are the columns without a name.
pub(super) fn scan(
    grid: &Grid<'_>,
    unnamed: &[usize],
    marks: Marks<'_>,
) -> Result<Vec<Scan>, TableError> {
    let mut scans: Vec<Scan> = (0..grid.columns.len())
        .map(|j| Scan::new(j == 0 && unnamed.contains(&j)))
        .collect();
    let mut n_rows = 0_usize;
    grid.rows(&mut |row| {
        n_rows += 1;
        for (j, scan) in scans.iter_mut().enumerate() {
            if grid.is_missing(&row, j, marks) {
                scan.missing += 1;
                scan.first_missing.get_or_insert(row.line);
            } else if grid.columns[j].declared == Declared::Open {
                scan.take(row.line, row.cells[j]);
            } else {
                scan.cells += 1;
            }
        }
        Ok(())
    })?;
    if n_rows == 0 {
        return Err(TableError::NoRows {
            file: grid.file.to_owned(),
        });
    }
    Ok(scans)
}
