//! Tables of results before they are written, and their formats for papers and notes.

mod format;
mod latex;
mod markdown;

pub use latex::latex;
pub use markdown::markdown;

/// A table before it is written in any format.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// A name for references, of letters, digits and hyphens.
    pub label: String,
    /// What it shows, in a sentence without a full stop.
    pub caption: String,
    /// The column heads.
    pub header: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<Cell>>,
    /// Rows at the end that sum up those above.
    pub summary: Vec<Vec<Cell>>,
    /// Whether columns hold text in place of numbers, and stand to the left.
    pub text: bool,
}

/// A share as `10 %` or `2.5 %`, with at most two digits behind the point.
pub fn share(fraction: f64) -> String {
    let digits = format!("{:.2}", 100.0 * fraction);
    format!("{} %", digits.trim_end_matches('0').trim_end_matches('.'))
}

impl Table {
    /// A table of numbers without a summary; rows that are shorter than the header end in empty cells.
    pub fn new<H: Into<String>, R: IntoIterator<Item: Into<Cell>>>(
        label: &str,
        caption: impl Into<String>,
        header: impl IntoIterator<Item = H>,
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        let header: Vec<String> = header.into_iter().map(Into::into).collect();
        let line = |row: R| {
            let mut cells: Vec<Cell> = row.into_iter().map(Into::into).collect();
            cells.resize_with(cells.len().max(header.len()), || Cell::plain(""));
            cells
        };
        Self {
            label: label.to_owned(),
            caption: caption.into(),
            rows: rows.into_iter().map(line).collect(),
            header,
            summary: Vec::new(),
            text: false,
        }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// Whether it is the best of those that it is compared with.
    pub best: bool,
}

impl Cell {
    /// A cell that is the best of those that it is compared with, or not.
    pub fn new(text: impl Into<String>, best: bool) -> Self {
        Self {
            text: text.into(),
            best,
        }
    }

    /// A cell that is not marked.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            best: false,
        }
    }
}

impl From<String> for Cell {
    /// As [`Cell::plain`].
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_have_the_digits_that_they_need() {
        for (fraction, text) in [
            (0.1, "10 %"),
            (0.07, "7 %"),
            (0.025, "2.5 %"),
            (1.0, "100 %"),
            (0.3333, "33.33 %"),
        ] {
            assert_eq!(share(fraction), text);
        }
    }
}
