//! The rows of a unit of text, and the cells of its columns.

use std::ops::Range;

use super::scan::Index;

/// The place of a row in indexed text.
struct Row {
    /// Its first byte.
    start: usize,
    /// Its first cell in the index.
    cell: usize,
    /// Line feeds before it.
    line: u64,
}

/// The rows of a unit, each with `n_fields` cells.
pub(crate) struct Rows<'a> {
    text: &'a [u8],
    ends: &'a [u32],
    rows: Vec<Row>,
    n_fields: usize,
    /// Line feeds in the unit.
    pub line_feeds: u64,
}

impl<'a> Rows<'a> {
    /// Lines without a character are no rows. `None` where a row has another number of cells, or more than `longest` bytes:
    /// the record-by-record parser, which applies the limits exactly, then decides.
    pub fn new(text: &'a [u8], index: &'a Index, n_fields: usize, longest: usize) -> Option<Self> {
        let mut rows = Vec::with_capacity(index.rows.len());
        let (mut start, mut cell, mut line) = (0, 0, 0);
        for end in &index.rows {
            let (first, next) = (cell, end.cells as usize);
            let row = Row { start, cell, line };
            let feed = *index.ends.get(next.checked_sub(1)?)? as usize;
            cell = next;
            start = feed + 1;
            line = u64::from(end.line_feeds);
            let is_empty = || matches!(text.get(row.start..feed), Some([] | [b'\r']));
            if next - first == n_fields
                && feed - row.start <= longest
                && (n_fields > 1 || !is_empty())
            {
                rows.push(row);
            } else if !is_empty() {
                return None;
            }
        }
        Some(Self {
            text,
            ends: &index.ends,
            rows,
            n_fields,
            line_feeds: line,
        })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Line feeds before a row.
    pub fn line(&self, row: usize) -> u64 {
        self.rows[row].line
    }

    /// The cells of a column in all rows, without the quotes around them.
    pub fn cells(&self, place: usize) -> impl Iterator<Item = &'a [u8]> {
        self.cells_of(0..self.rows.len(), place)
    }

    /// The cells of a column in some rows, without the quotes around them; quotes inside are doubled.
    pub fn cells_of(&self, range: Range<usize>, place: usize) -> impl Iterator<Item = &'a [u8]> {
        let (text, ends) = (self.text, self.ends);
        let is_last = place + 1 == self.n_fields;
        self.rows[range].iter().map(move |row| {
            let start = match place.checked_sub(1) {
                Some(before) => ends[row.cell + before] as usize + 1,
                None => row.start,
            };
            let mut cell = &text[start..ends[row.cell + place] as usize];
            if is_last {
                cell = cell.strip_suffix(b"\r").unwrap_or(cell);
            }
            if let [b'"', inside @ .., b'"'] = cell {
                cell = inside;
            }
            cell
        })
    }
}
