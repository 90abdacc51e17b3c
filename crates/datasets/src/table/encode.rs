//! Rows of a file as numbers, by a [`TableSchema`].

use fuzzysvm_core::{Label, MatrixBuf};

use super::error::{Location, TableError};
use super::grid::{Declared, Grid, Row};
use super::missing::{Marks, MissingCells};
use super::schema::{
    EncodedRows, Encoding, TableSchema, TargetUse, check_copy, check_size, same_class,
};
use super::{Missing, TableWarning};

/// Rows for which room is made at first.
const FIRST_ROWS: usize = 16;

impl TableSchema {
    pub(super) fn marks(&self) -> Marks<'_> {
        Marks::new(&self.reading.na)
    }

    pub(crate) fn encode(
        &self,
        grid: &Grid<'_>,
        target: TargetUse,
        missing: Missing,
    ) -> Result<EncodedRows, TableError> {
        let at = grid.columns_of(self.columns.iter().map(|c| c.name.as_str()))?;
        let target_at = match target {
            TargetUse::Ignored => None,
            TargetUse::Required => Some(grid.column(&self.target)?),
        };
        let width = self.n_features();
        let mut read = ReadRows::new(self);
        let (mut y, mut lines, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let (mut all, mut left_out) = (0, 0);
        grid.rows(&mut |row| {
            all += 1;
            if read.data.len() + width > read.data.capacity() {
                // Grown by half, so that what is checked is what is taken.
                let more = (rows.len() / 2).max(FIRST_ROWS);
                check_size(grid.file, rows.len() + 1, width)?;
                check_copy(more, width)?;
                read.data.reserve_exact(more.saturating_mul(width));
            }
            if let Some(j) = target_at {
                let cell = grid.canonical(&row, j)?;
                if grid.is_missing(&row, j, self.marks()) {
                    return Err(self.no_class(grid.at(row.line, j), cell));
                }
                match self.class_of(cell, || grid.at(row.line, j))? {
                    Some(label) => y.push(label),
                    None => {
                        left_out += 1;
                        return Ok(());
                    }
                }
            }
            read.row = rows.len();
            for (k, &j) in at.iter().enumerate() {
                self.encode_cell(grid, &row, (k, j), missing, &mut read)?;
            }
            lines.push(row.line);
            rows.push(all - 1);
            Ok(())
        })?;
        if lines.is_empty() {
            return Err(TableError::NoRows {
                file: grid.file.to_owned(),
            });
        }
        let (without_category, mut warnings) = self.of_texts(read.texts);
        for ((column, &j), outside) in self.columns.iter().zip(&at).zip(read.outside) {
            if let (Some((rows, line, value)), Some(range)) = (outside, grid.range(j)) {
                warnings.push(TableWarning::OutsideRange {
                    column: column.name.clone(),
                    rows,
                    line,
                    value,
                    min: format!("{:?}", range.min),
                    max: format!("{:?}", range.max),
                });
            }
        }
        if left_out > 0 {
            warnings.push(TableWarning::RowsLeftOut {
                column: self.target.clone(),
                rows: left_out,
            });
        }
        Ok(EncodedRows {
            x: MatrixBuf::new(read.data, width)?,
            y: target_at.map(|_| y),
            lines,
            rows,
            missing: read.missing,
            without_category,
            warnings,
        })
    }

    /// The text columns with cells that have no value, and the warnings of categories that training did not have.
    pub(super) fn of_texts(
        &self,
        texts: Vec<TextColumn>,
    ) -> (Vec<(String, usize)>, Vec<TableWarning>) {
        let mut warnings = Vec::new();
        let mut without_category = Vec::new();
        for (column, text) in self.columns.iter().zip(texts) {
            if text.missing > 0 {
                without_category.push((column.name.clone(), text.missing));
            }
            if let Some((rows, line, text)) = text.unseen {
                warnings.push(TableWarning::UnseenCategory {
                    column: column.name.clone(),
                    rows,
                    line,
                    text,
                });
            }
        }
        (without_category, warnings)
    }

    /// Appends the features of one cell: column `k` of the schema, `j` of the file.
    pub(super) fn encode_cell(
        &self,
        grid: &Grid<'_>,
        row: &Row<'_>,
        (k, j): (usize, usize),
        missing: Missing,
        read: &mut ReadRows,
    ) -> Result<(), TableError> {
        let is_missing = || grid.is_missing(row, j, self.marks());
        let start = read.data.len();
        let list = match &self.columns[k].encoding {
            Encoding::OneHot(list) => list,
            number => {
                if is_missing() {
                    if missing == Missing::Refuse {
                        return Err(grid.missing(row, j));
                    }
                    read.missing.push(read.row, start - read.row * read.width);
                    read.data.push(0.0);
                    return Ok(());
                }
                let format = match number {
                    Encoding::Formatted(format) => Some(format),
                    _ => None,
                };
                let value = grid.number(row, j, format)?;
                if grid
                    .range(j)
                    .is_some_and(|r| value < r.min || value > r.max)
                {
                    let first = || (0, row.line, row.cells[j].to_owned());
                    read.outside[k].get_or_insert_with(first).0 += 1;
                }
                read.data.push(value);
                return Ok(());
            }
        };
        read.data.resize(start + list.len(), 0.0);
        let text = &mut read.texts[k];
        // Models of earlier versions have a category for the empty cell.
        if let Some(category) = list.iter().position(|c| c == row.cells[j]) {
            read.data[start + category] = 1.0;
        } else if is_missing() {
            let is_keel = !matches!(grid.columns[j].declared, Declared::Open);
            if missing == Missing::Refuse && is_keel {
                return Err(grid.missing(row, j));
            }
            text.missing += 1;
        } else {
            let cell = grid.canonical(row, j)?;
            match list.iter().position(|c| c == cell) {
                Some(category) => read.data[start + category] = 1.0,
                None => text.unseen(row.line, cell),
            }
        }
        Ok(())
    }

    /// The class that a value of the target stands for, `None` where its row is left out.
    pub(super) fn class_of(
        &self,
        value: &str,
        at: impl FnOnce() -> Location,
    ) -> Result<Option<Label>, TableError> {
        if same_class(&self.class_names[1], value) {
            return Ok(Some(Label::Positive));
        }
        match &self.negative {
            None if same_class(&self.class_names[0], value) => Ok(Some(Label::Negative)),
            None => Err(self.no_class(at(), value)),
            Some(listed) => {
                let known = listed.is_empty() || listed.iter().any(|c| same_class(c, value));
                Ok(known.then_some(Label::Negative))
            }
        }
    }
}

/// Rows while they are read.
pub(super) struct ReadRows {
    pub data: Vec<f64>,
    /// Features of a row: to count them takes time for each column.
    width: usize,
    pub missing: MissingCells,
    pub row: usize,
    pub texts: Vec<TextColumn>,
    /// Of every column the values outside its declared range: count, and line and text of the first.
    outside: Vec<Option<(usize, u64, String)>>,
}

impl ReadRows {
    pub fn new(schema: &TableSchema) -> Self {
        let columns = schema.columns.iter();
        Self {
            data: Vec::new(),
            width: schema.n_features(),
            missing: MissingCells::default(),
            row: 0,
            texts: columns.clone().map(|_| TextColumn::default()).collect(),
            outside: columns.map(|_| None).collect(),
        }
    }
}

/// What a text column holds beside its categories.
#[derive(Default)]
pub(super) struct TextColumn {
    pub missing: usize,
    /// Count, and line and text of the first.
    pub unseen: Option<(usize, u64, String)>,
}

impl TextColumn {
    /// Takes a cell of a category that training did not have.
    pub fn unseen(&mut self, line: u64, text: &str) {
        let first = || (0, line, text.to_owned());
        self.unseen.get_or_insert_with(first).0 += 1;
    }

    /// Adds what was found in rows below these, whose lines count from `line` on.
    pub fn extend(&mut self, below: Self, line: u64) {
        self.missing += below.missing;
        if let Some((rows, at, text)) = below.unseen {
            self.unseen.get_or_insert((0, line + at, text)).0 += rows;
        }
    }
}
