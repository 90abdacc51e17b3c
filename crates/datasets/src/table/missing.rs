//! Cells without a value: by which marks they are known, and where they stand.

use super::schema::same_class;

/// Marks that are compared without regard to case.
const MARKS: [&str; 8] = ["", "?", "na", "n/a", "nan", "null", "<null>", "<na>"];

/// The marks of a cell without value: nothing, `?`, `NA`, `N/A`, `NaN`, `null`, `<null>`, `<NA>` in any case, `None`
/// as written here, and those that the caller adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks<'a> {
    further: &'a [String],
}

impl<'a> Marks<'a> {
    pub fn new(further: &'a [String]) -> Self {
        Self { further }
    }

    /// Whether the caller added some: numbers may be among them.
    pub fn are_more(&self) -> bool {
        !self.further.is_empty()
    }

    /// Whether a cell says that there is no value. A number among the further marks is compared as a number.
    pub fn has(&self, cell: &str) -> bool {
        // No mark but a number that the caller adds begins with a digit.
        if self.further.is_empty() && cell.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return false;
        }
        // `none` is a word that people use for a category, `None` is Python's.
        cell == "None"
            || (cell.len() <= 6 && MARKS.iter().any(|mark| cell.eq_ignore_ascii_case(mark)))
            || self.further.iter().any(|mark| same_class(mark, cell))
    }
}

/// Where a table has no number: the row and the feature of each such cell, in the order of rows.
///
/// ```
/// use fuzzysvm_datasets::table::{Format, ReadOptions, read_bytes};
/// let data = read_bytes("t.csv", Format::Csv, b"a,b,y\n1,2,p\n,3,n\n2,NA,n\n", &ReadOptions::default())?;
/// assert_eq!(data.missing.unwrap().cells(), [(1, 0), (2, 1)]);
/// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MissingCells {
    cells: Vec<(usize, usize)>,
}

impl MissingCells {
    /// Those that stand here, in any order.
    pub(super) fn sorted(mut cells: Vec<(usize, usize)>) -> Self {
        cells.sort_unstable();
        Self { cells }
    }

    /// Adds to `counts` those of each feature.
    pub(super) fn count(&self, counts: &mut [usize]) {
        for &(_, feature) in &self.cells {
            if let Some(n) = counts.get_mut(feature) {
                *n += 1;
            }
        }
    }

    /// Notes the next one; rows come in order.
    pub(super) fn push(&mut self, row: usize, feature: usize) {
        self.cells.push((row, feature));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// All of them: row and feature, from 0.
    pub fn cells(&self) -> &[(usize, usize)] {
        &self.cells
    }

    /// Those of one row.
    pub fn of_row(&self, row: usize) -> &[(usize, usize)] {
        let start = self.cells.partition_point(|&(r, _)| r < row);
        let end = self.cells.partition_point(|&(r, _)| r <= row);
        &self.cells[start..end]
    }
}
