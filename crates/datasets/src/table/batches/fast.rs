//! Units of sound rows, encoded column by column apart from the rest of the file.

use std::collections::HashMap;
use std::ops::Range;

use fuzzysvm_core::MatrixBuf;

use super::super::encode::TextColumn;
use super::super::encoding;
use super::super::missing::MissingCells;
use super::super::schema::ColumnSchema;
use super::super::{Encoding, MAX_CELL, Missing};
use super::RowBatch;
use super::stream::Layout;
use crate::delimited::{Index, Rows};

/// What a unit became.
pub(super) struct Part<T> {
    /// What the work made of each batch, and the rows of these.
    pub batches: Vec<(usize, T)>,
    /// Line feeds in the unit.
    pub line_feeds: u64,
    /// Of every column of the schema; the lines count from the first of the unit, which is 0.
    pub texts: Vec<TextColumn>,
    /// Cells without a number, of each feature.
    pub missing: Vec<usize>,
}

/// Rows of which one column after the other is encoded, while text and numbers are in the nearest cache.
const GROUP: usize = 64;

impl<T> Part<T> {
    /// Encodes the rows of a unit and does the work on them. `None` unless every row is sound: the reader that goes record
    /// by record then decides.
    pub fn read<W: Fn(RowBatch) -> T>(
        unit: &[u8],
        layout: &Layout<'_, W>,
        index: &mut Index,
    ) -> Option<Self> {
        // The reader of records strips the mark where rows begin with it. Inside quotes it counts a return as a line.
        if unit.starts_with(encoding::MARK)
            || !index.build(unit, layout.separator)
            || index.quoted_returns
            || std::str::from_utf8(unit).is_err()
        {
            return None;
        }
        let rows = Rows::new(unit, index, layout.grid.columns.len(), MAX_CELL)?;
        let mut part = Self {
            batches: Vec::new(),
            line_feeds: rows.line_feeds,
            texts: layout
                .places
                .iter()
                .map(|_| TextColumn::default())
                .collect(),
            missing: vec![0; layout.width],
        };
        let mut first = 0;
        while first < rows.len() {
            let end = (first + layout.batch_rows).min(rows.len());
            let batch = part.batch(&rows, first..end, index.doubled_quotes, layout)?;
            part.batches.push((end - first, (layout.work)(batch)));
            first = end;
        }
        Some(part)
    }

    fn batch<W>(
        &mut self,
        rows: &Rows<'_>,
        range: Range<usize>,
        doubled_quotes: bool,
        layout: &Layout<'_, W>,
    ) -> Option<RowBatch> {
        let marks = layout.schema.marks();
        let width = layout.width;
        let mut data = vec![0.0; range.len() * width];
        let mut missing = Vec::new();
        let mut buffer = String::new();
        for group in range.clone().step_by(GROUP) {
            let group = group..(group + GROUP).min(range.end);
            let mut feature = 0;
            for (k, (column, &j)) in layout.schema.columns.iter().zip(&layout.places).enumerate() {
                let cells = rows
                    .cells_of(group.clone(), j)
                    .zip(group.start - range.start..);
                match &column.encoding {
                    Encoding::OneHot(list) => {
                        let text = &mut self.texts[k];
                        for (cell, row) in cells {
                            let cell = plain(cell, doubled_quotes, &mut buffer)?;
                            let found = layout.categories[k].place(list, cell);
                            match found {
                                Some(place) => data[row * width + feature + place] = 1.0,
                                None if marks.has(cell) => text.missing += 1,
                                None => {
                                    let line = rows.line(range.start + row);
                                    text.unseen(line, cell);
                                }
                            }
                        }
                    }
                    number => {
                        for (cell, row) in cells {
                            let value = match number {
                                Encoding::Number if !marks.are_more() => finite(trim(cell)?),
                                _ => None,
                            };
                            if let Some(value) = value {
                                data[row * width + feature] = value;
                                continue;
                            }
                            let cell = plain(cell, doubled_quotes, &mut buffer)?;
                            if marks.has(cell) {
                                if layout.missing == Missing::Refuse {
                                    return None;
                                }
                                missing.push((row, feature));
                                continue;
                            }
                            let value = match number {
                                Encoding::Formatted(format) => format.parse(cell)?,
                                _ => cell.parse().ok()?,
                            };
                            if !f64::is_finite(value) {
                                return None;
                            }
                            data[row * width + feature] = value;
                        }
                    }
                }
                feature += column.encoding.width();
            }
        }
        let missing = MissingCells::sorted(missing);
        missing.count(&mut self.missing);
        let names = match layout.name {
            None => None,
            Some(j) => {
                let mut names = Vec::with_capacity(range.len());
                for cell in rows.cells_of(range, j) {
                    names.push(plain(cell, doubled_quotes, &mut buffer)?.to_owned());
                }
                Some(names)
            }
        };
        let x = MatrixBuf::new(data, width).ok()?;
        Some(RowBatch { x, missing, names })
    }
}

/// A cell without the blanks around it; `None` where it is no UTF-8.
#[inline]
fn trim(cell: &[u8]) -> Option<&[u8]> {
    match cell {
        [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => Some(cell),
        _ => Some(std::str::from_utf8(cell).ok()?.trim().as_bytes()),
    }
}

/// The text of a cell, in `buffer` where doubled quotes are to be made single.
#[inline]
fn plain<'c>(cell: &'c [u8], doubled_quotes: bool, buffer: &'c mut String) -> Option<&'c str> {
    let text = std::str::from_utf8(cell).ok()?;
    if doubled_quotes && text.contains('"') {
        *buffer = text.replace("\"\"", "\"");
        return Some(buffer.trim());
    }
    Some(text.trim())
}

/// The finite number in a cell that is written as programs write it; the nearest double to it, as by [`str::parse`], in
/// half the time.
#[inline]
fn finite(cell: &[u8]) -> Option<f64> {
    let value = fast_float2::parse::<f64, _>(cell).ok();
    value.filter(|value| value.is_finite())
}

/// The places of a column's categories, where they are too many to look at one by one.
pub(super) struct Categories<'a> {
    places: Option<HashMap<&'a str, usize>>,
}

/// Categories that are looked at one by one.
const FEW: usize = 8;

impl<'a> Categories<'a> {
    pub fn new(column: &'a ColumnSchema) -> Self {
        let places = match &column.encoding {
            Encoding::OneHot(list) if list.len() > FEW => {
                // Of two that are alike the first counts.
                let pairs = list.iter().enumerate().rev();
                Some(pairs.map(|(place, name)| (name.as_str(), place)).collect())
            }
            _ => None,
        };
        Self { places }
    }

    /// The place of a category in its list.
    fn place(&self, list: &[String], cell: &str) -> Option<usize> {
        match &self.places {
            Some(places) => places.get(cell).copied(),
            None => list.iter().position(|name| name == cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::finite;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]

        #[test]
        fn numbers_are_those_of_the_standard_library(
            text in "[+-]?[0-9]{0,22}(\\.[0-9]{0,22})?([eE][+-]?[0-9]{0,5})?|\\PC{0,9}|[+-]?(inf|nan|infinity|[0-9_.e-]{3})",
            bits in any::<u64>(),
        ) {
            for text in [text, f64::from_bits(bits).to_string(), format!("{:e}", f64::from_bits(bits))] {
                let expected = text.parse::<f64>().ok().filter(|value| value.is_finite());
                prop_assert_eq!(finite(text.as_bytes()).map(f64::to_bits), expected.map(f64::to_bits));
            }
        }
    }
}
