//! What is learnt from a training table, so that another file is read the same way.

use fuzzysvm_core::quote::quoted;
use fuzzysvm_core::{Label, MatrixBuf, memory};

use super::error::{Location, TableError, shown};
use super::grid::Grid;
use super::missing::MissingCells;
use super::number::NumberFormat;
use super::source::Format;
use crate::Input;

use super::{Header, MAX_VALUES, Missing, ReadOptions, TableWarning, csv, keel, libsvm, parquet};

/// How a column becomes numbers.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Encoding {
    /// One feature: the number in the cell.
    Number,
    /// One feature: the number in the cell, which has a unit, separated thousands or a decimal comma.
    Formatted(NumberFormat),
    /// One feature per category, 1 where the cell is that category and 0 elsewhere; a category that the
    /// training table did not have gives 0 in all of them, and so does a cell without a value.
    OneHot(Vec<String>),
}

/// A column of the training table.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct ColumnSchema {
    /// Its name.
    pub name: String,
    /// How it becomes numbers.
    pub encoding: Encoding,
}

/// Columns, categories and class names of a training table.
///
/// Kept beside a model, it reads another file in the same layout with [`TableSchema::read_bytes`]:
/// columns are found by name, so their order and further columns do not matter.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Raw", deny_unknown_fields))]
pub struct TableSchema {
    pub(super) columns: Vec<ColumnSchema>,
    pub(super) target: String,
    pub(super) class_names: [String; 2],
    /// The values of the negative class, empty where it is every value but the positive one; `None` where it is the
    /// value that gives the class its name.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub(super) negative: Option<Vec<String>>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Reading::is_usual"))]
    pub(super) reading: Reading,
}

/// How the training file was read, where it was said and the next file is to be read in the same way.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Reading {
    /// Whether the first line of a CSV file holds names.
    pub header: bool,
    pub separator: Option<char>,
    /// Further marks of a cell without value.
    pub na: Vec<String>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            header: true,
            separator: None,
            na: Vec::new(),
        }
    }
}

impl Reading {
    #[cfg(feature = "serde")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    columns: Vec<ColumnSchema>,
    target: String,
    class_names: [String; 2],
    #[serde(default)]
    negative: Option<Vec<String>>,
    #[serde(default)]
    reading: Reading,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for TableSchema {
    type Error = TableError;

    fn try_from(raw: Raw) -> Result<Self, TableError> {
        let schema = TableSchema::new(raw.columns, raw.target, raw.class_names)?;
        Ok(schema.with_negative(raw.negative).with_reading(raw.reading))
    }
}

/// Whether the target column is looked at when a schema reads a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetUse {
    /// No: it may be absent, or hold anything.
    Ignored,
    /// Yes: it must be there and hold one of the two classes.
    Required,
}

/// Rows read through a [`TableSchema`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EncodedRows {
    /// Features, one row per sample; 0 in the cells that are [`missing`](EncodedRows::missing).
    pub x: MatrixBuf,
    /// Labels, where the target was asked for.
    pub y: Option<Vec<Label>>,
    /// The line of the file on which each sample starts.
    pub lines: Vec<u64>,
    /// Where each sample stands among the rows of the file, from 0.
    pub rows: Vec<usize>,
    /// Cells that must hold a number and have no value, for an [`Imputer`](super::Imputer) to fill.
    pub missing: MissingCells,
    /// The text columns with cells that have no value, and how many; these have no category.
    pub without_category: Vec<(String, usize)>,
    /// Warnings.
    pub warnings: Vec<TableWarning>,
}

impl TableSchema {
    /// A schema from its parts.
    ///
    /// # Errors
    /// [`TableError::Inconsistent`] where there is no column, a name stands twice, a category list is
    /// empty, or the two classes are the same.
    pub fn new(
        columns: Vec<ColumnSchema>,
        target: String,
        class_names: [String; 2],
    ) -> Result<Self, TableError> {
        let mut names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        names.sort_unstable();
        let empty_list = columns
            .iter()
            .any(|c| matches!(&c.encoding, Encoding::OneHot(list) if list.is_empty()));
        let why = if columns.is_empty() {
            Some("there are no columns")
        } else if names.windows(2).any(|w| w[0] == w[1]) {
            Some("two columns have one name")
        } else if empty_list {
            Some("a text column has no categories")
        } else if class_names[0] == class_names[1] {
            Some("the classes are the same")
        } else {
            None
        };
        match why {
            Some(why) => Err(TableError::Inconsistent {
                what: "schema",
                why,
            }),
            None => Ok(Self {
                columns,
                target,
                class_names,
                negative: None,
                reading: Reading::default(),
            }),
        }
    }

    /// Columns of numbers whose names are known to differ.
    pub(super) fn of_numbers(names: Vec<String>, class_names: [String; 2]) -> Self {
        let column = |name| ColumnSchema {
            name,
            encoding: Encoding::Number,
        };
        Self {
            columns: names.into_iter().map(column).collect(),
            target: "label".to_owned(),
            class_names,
            negative: None,
            reading: Reading::default(),
        }
    }

    pub(super) fn with_negative(mut self, negative: Option<Vec<String>>) -> Self {
        self.negative = negative;
        self
    }

    pub(super) fn with_reading(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// The feature columns in order.
    pub fn columns(&self) -> &[ColumnSchema] {
        &self.columns
    }

    /// The target column's name.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The names of the negative and the positive class.
    pub fn class_names(&self) -> &[String; 2] {
        &self.class_names
    }

    /// The name of one class.
    pub fn class_name(&self, label: Label) -> &str {
        &self.class_names[usize::from(label.is_positive())]
    }

    /// Number of features after one-hot encoding.
    pub fn n_features(&self) -> usize {
        self.columns.iter().map(|c| c.encoding.width()).sum()
    }

    /// One name per feature: the column's, followed by `=category` where one-hot encoded.
    pub fn feature_names(&self) -> Vec<String> {
        let mut names = Vec::with_capacity(self.n_features());
        for column in &self.columns {
            match &column.encoding {
                Encoding::Number | Encoding::Formatted(_) => names.push(column.name.clone()),
                Encoding::OneHot(list) => {
                    names.extend(list.iter().map(|c| format!("{}={c}", column.name)));
                }
            }
        }
        names
    }

    /// The features that are numbers in the file: those that an [`Imputer`](super::Imputer) fills.
    pub fn number_features(&self) -> Vec<usize> {
        let mut at = 0;
        let mut features = Vec::new();
        for column in &self.columns {
            if !matches!(column.encoding, Encoding::OneHot(_)) {
                features.push(at);
            }
            at += column.encoding.width();
        }
        features
    }

    /// The column that a feature is made of.
    pub fn column_of(&self, feature: usize) -> Option<&ColumnSchema> {
        let mut end = 0;
        self.columns.iter().find(|column| {
            end += column.encoding.width();
            feature < end
        })
    }

    /// Reads a file in the layout of the training table. A number column must have a number in every row.
    ///
    /// # Errors
    /// [`TableError`] with the place.
    pub fn read(
        &self,
        path: &std::path::Path,
        target: TargetUse,
    ) -> Result<EncodedRows, TableError> {
        self.read_as(path, target, &complete())
    }

    /// As [`TableSchema::read`]. Of the options those count that say how this file is to be read: its format, the base
    /// of LIBSVM's indices, and whether numbers may be missing ([`EncodedRows::missing`]); the rest was settled in
    /// training.
    ///
    /// # Errors
    /// [`TableError`] with the place.
    pub fn read_as(
        &self,
        path: &std::path::Path,
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<EncodedRows, TableError> {
        self.read_input_as(Input::open(path)?, target, options)
    }

    /// As [`TableSchema::read_as`], from what is open already.
    ///
    /// # Errors
    /// [`TableError`] with the place.
    pub fn read_input_as(
        &self,
        input: Input,
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<EncodedRows, TableError> {
        let (file, format, bytes) = super::source::open(input, options.format)?;
        self.read_bytes_as(&file, format, &bytes, target, options)
    }

    /// As [`TableSchema::read`], from memory; `file` is what errors call it.
    ///
    /// # Errors
    /// [`TableError`] with the place.
    pub fn read_bytes(
        &self,
        file: &str,
        format: Format,
        bytes: &[u8],
        target: TargetUse,
    ) -> Result<EncodedRows, TableError> {
        self.read_bytes_as(file, format, bytes, target, &complete())
    }

    /// As [`TableSchema::read_as`], from memory; `file` is what errors call it.
    ///
    /// # Errors
    /// [`TableError`] with the place.
    pub fn read_bytes_as(
        &self,
        file: &str,
        format: Format,
        bytes: &[u8],
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<EncodedRows, TableError> {
        options.check_format(file, format)?;
        // Columns that training left out may hold anything.
        let wanted = |name: &str| self.columns.iter().any(|c| c.name == name);
        if format == Format::Parquet {
            let table = parquet::table(file, bytes, &wanted)?;
            return self.encode(&table.grid(file), target, options.missing);
        }
        let text = super::source::text(file, bytes)?;
        match format {
            Format::Keel => {
                self.encode(&keel::grid(file, &text, &wanted)?, target, options.missing)
            }
            Format::Libsvm => {
                let rows = libsvm::parse(file, &text)?;
                let base = rows.base(file, options.zero_based, Some(self.first_index()))?;
                self.encode_sparse(file, rows, base, target)
            }
            _ => self.encode(&self.csv(file, &text)?, target, options.missing),
        }
    }

    /// The same with further columns of numbers, `n_features` in all, where the columns are those of a LIBSVM file:
    /// numbers, called by their indices.
    ///
    /// ```
    /// use fuzzysvm_datasets::table::{Format, ReadOptions, TargetUse, read_bytes};
    /// let narrow = read_bytes("a.svm", Format::Libsvm, b"1 1:1\n-1 2:1\n", &ReadOptions::default())?;
    /// let wide = narrow.schema.widened(3)?;
    /// let rows = wide.read_bytes("b.svm", Format::Libsvm, b"1 3:5\n", TargetUse::Ignored)?;
    /// assert_eq!(rows.x.row(0), [0.0, 0.0, 5.0]);
    /// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
    /// ```
    ///
    /// # Errors
    /// [`TableError::NotWidened`] where the columns are others, or `n_features` is less than there are or more than
    /// [`MAX_INDEX`](super::MAX_INDEX).
    pub fn widened(&self, n_features: usize) -> Result<Self, TableError> {
        let most = libsvm::MAX_INDEX as usize;
        // Any index that has no column is left out.
        if let Some(last) = self
            .indices_with_gaps()
            .and_then(|list| list.last().copied())
            && (last as usize..=most).contains(&n_features)
        {
            return Ok(self.clone());
        }
        let first = self.first_index() as usize;
        let is_numbered = self.is_numbered();
        if !is_numbered || n_features < self.columns.len() || n_features > most {
            return Err(TableError::NotWidened {
                found: self.n_features(),
                wanted: n_features,
                is_numbered,
            });
        }
        let mut wide = self.clone();
        let further = self.columns.len()..n_features;
        wide.columns.extend(further.map(|j| ColumnSchema {
            name: (first + j).to_string(),
            encoding: Encoding::Number,
        }));
        Ok(wide)
    }

    /// Whether all columns are numbers that are called by their indices, from 0 or 1, as those of a LIBSVM file.
    pub fn is_numbered(&self) -> bool {
        let first = self.first_index() as usize;
        self.columns.iter().enumerate().all(|(j, column)| {
            column.encoding == Encoding::Number && column.name == (first + j).to_string()
        })
    }

    /// The indices of the columns of a LIBSVM file of which those that no row fills were left out: numbers that ascend
    /// with gaps.
    fn indices_with_gaps(&self) -> Option<Vec<u32>> {
        if self.target != "label" || self.is_numbered() {
            return None;
        }
        let index = |column: &ColumnSchema| {
            let index: u32 = column.name.parse().ok()?;
            let is_index = column.encoding == Encoding::Number && index.to_string() == column.name;
            is_index.then_some(index)
        };
        let indices: Vec<u32> = self.columns.iter().map(index).collect::<Option<_>>()?;
        indices.is_sorted_by(|a, b| a < b).then_some(indices)
    }

    /// The index of the first column in LIBSVM's files: its name says whether training counted from 0.
    fn first_index(&self) -> u32 {
        u32::from(self.columns.first().is_none_or(|c| c.name != "0"))
    }

    /// The columns of a CSV file: separated as was said in training, or else as it seems.
    pub(super) fn csv<'a>(&self, file: &'a str, text: &'a str) -> Result<Grid<'a>, TableError> {
        let header = match self.reading.header {
            true => Header::Yes,
            false => Header::No,
        };
        let with = |separator| csv::grid(file, text, csv::Layout { separator, header });
        if self.reading.separator.is_some() {
            let (grid, _) = with(self.reading.separator)?;
            let names = self.columns.iter().map(|c| c.name.as_str());
            if grid.columns_of(names).is_ok() {
                return Ok(grid);
            }
        }
        Ok(with(None)?.0)
    }

    pub(crate) fn encode_sparse(
        &self,
        file: &str,
        rows: libsvm::SparseRows,
        base: u32,
        target: TargetUse,
    ) -> Result<EncodedRows, TableError> {
        let width = self.n_features();
        let indices = self.indices_with_gaps();
        if indices.is_none() {
            rows.check_width(file, base, width)?;
        }
        check_size(file, rows.labels.len(), width)?;
        let mut kept: Vec<usize> = (0..rows.lines.len()).collect();
        let mut warnings = TableWarning::of_queries(rows.queries);
        let y = match target {
            TargetUse::Ignored => None,
            TargetUse::Required => {
                let mut labels = Vec::with_capacity(kept.len());
                for (value, &line) in rows.labels.iter().zip(&rows.lines) {
                    let at = || Location {
                        file: file.to_owned(),
                        line,
                        column: 1,
                    };
                    labels.push(self.class_of(&value.to_string(), at)?);
                }
                kept.retain(|&i| labels[i].is_some());
                if kept.len() < labels.len() {
                    warnings.push(TableWarning::RowsLeftOut {
                        column: self.target.clone(),
                        rows: labels.len() - kept.len(),
                    });
                }
                Some(labels.into_iter().flatten().collect())
            }
        };
        let (data, left_out) = rows.dense(width, |index| match &indices {
            Some(indices) => indices.binary_search(&index).ok(),
            None => Some(index.saturating_sub(base) as usize),
        });
        if let Some(left_out) = left_out {
            warnings.push(TableWarning::IndicesIgnored {
                rows: left_out.rows,
                line: left_out.line,
                index: left_out.index,
            });
        }
        let mut x = MatrixBuf::new(data, width)?;
        let mut lines = rows.lines;
        if kept.len() < lines.len() {
            x = x.view().select_rows(&kept);
            lines = kept.iter().map(|&i| lines[i]).collect();
        }
        Ok(EncodedRows {
            x,
            y,
            lines,
            rows: kept,
            missing: MissingCells::default(),
            without_category: Vec::new(),
            warnings,
        })
    }

    pub(super) fn no_class(&self, at: Location, cell: &str) -> TableError {
        TableError::Invalid {
            at,
            found: format!("{} in column {}", shown(cell), quoted(&self.target)),
            expected: self
                .class_names
                .each_ref()
                .map(|name| shown(name))
                .join(" or "),
        }
    }
}

impl Encoding {
    /// Number of features that the column becomes.
    pub fn width(&self) -> usize {
        match self {
            Encoding::Number | Encoding::Formatted(_) => 1,
            Encoding::OneHot(list) => list.len(),
        }
    }
}

/// Whether two cells name one class: the same text, or the same number (`1`, `+1`, `1.0`).
pub(crate) fn same_class(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

/// Options for a file whose numbers must all be there.
fn complete() -> ReadOptions {
    ReadOptions::default().with_missing(Missing::Refuse)
}

/// A table of numbers is held up to three times: as read, scaled, and as the learner packs it.
const COPIES: u64 = 3;

/// Bytes for each row beside its numbers: line, class, place.
const OF_ROW: u64 = 64;

/// Bytes for each column beside its numbers: names, kinds, ranges, scaling.
const OF_COLUMN: u64 = 1 << 10;

/// Refuses a table of more than [`MAX_VALUES`] numbers, or of more than memory holds, before it is made.
pub(crate) fn check_size(file: &str, rows: usize, columns: usize) -> Result<(), TableError> {
    let values = rows.saturating_mul(columns);
    if values > MAX_VALUES {
        return Err(TableError::TooLarge {
            file: file.to_owned(),
            rows,
            columns,
            limit: MAX_VALUES,
        });
    }
    let bytes = (values as u64 * 8 * COPIES)
        .saturating_add((rows as u64).saturating_mul(OF_ROW))
        .saturating_add((columns as u64).saturating_mul(OF_COLUMN));
    memory::check(bytes).map_err(|excess| TableError::Memory {
        file: Some(file.to_owned()),
        what: format!("{rows} samples of {columns} features"),
        excess,
    })
}

/// Refuses a copy of a table that memory does not hold beside the others.
pub(crate) fn check_copy(rows: usize, columns: usize) -> Result<(), TableError> {
    memory::check_matrix(rows, columns).map_err(|excess| TableError::Memory {
        file: None,
        what: format!("a copy of {rows} samples of {columns} features"),
        excess,
    })
}
