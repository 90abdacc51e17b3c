//! What the formats of tables share: lines of cells, in which every character stands for itself and the
//! best are marked.

use super::{Cell, Table};

/// A format, by what stands around the texts of a table.
pub(super) struct Format {
    /// Between the cells of a line, and before and after them all.
    pub between: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    /// Before and after the best.
    pub best: [&'static str; 2],
    /// Writes a character that would not stand for itself; returns whether it is one.
    pub special: fn(char, &mut String) -> bool,
}

impl Format {
    /// A text without formatting. A line end would end the row, and becomes a space.
    pub fn text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(c, '\n' | '\r') {
                out.push(' ');
            } else if !(self.special)(c, &mut out) {
                out.push(c);
            }
        }
        out
    }

    pub fn line(&self, cells: impl Iterator<Item = String>) -> String {
        let cells: Vec<String> = cells.collect();
        [self.before, &cells.join(self.between), self.after].concat()
    }

    /// The line of column heads.
    pub fn heads(&self, table: &Table) -> String {
        self.line(table.header.iter().map(|h| self.text(h)))
    }

    /// A line each.
    pub fn rows(&self, rows: &[Vec<Cell>]) -> String {
        let cell = |cell: &Cell| {
            let text = self.text(&cell.text);
            let [before, after] = if cell.best { self.best } else { [""; 2] };
            [before, &text, after].concat()
        };
        rows.iter().map(|r| self.line(r.iter().map(cell))).collect()
    }
}
