//! What is learnt from a training table, so that another file is read the same way.

use fuzzysvm_core::{Label, MatrixBuf};

use super::error::{Location, TableError, shown};
use super::grid::{Declared, Grid};
use super::source::Format;
use super::{MAX_VALUES, ReadOptions, TableWarning, csv, keel};
use super::{libsvm, parquet};

/// How a column becomes numbers.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Encoding {
    /// One feature: the number in the cell.
    Number,
    /// One feature per category, 1 where the cell is that category and 0 elsewhere; a category that the
    /// training table did not have gives 0 in all of them.
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
    columns: Vec<ColumnSchema>,
    target: String,
    class_names: [String; 2],
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    columns: Vec<ColumnSchema>,
    target: String,
    class_names: [String; 2],
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for TableSchema {
    type Error = TableError;

    fn try_from(raw: Raw) -> Result<Self, TableError> {
        TableSchema::new(raw.columns, raw.target, raw.class_names)
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
    /// Features, one row per sample.
    pub x: MatrixBuf,
    /// Labels, where the target was asked for.
    pub y: Option<Vec<Label>>,
    /// The line of the file on which each sample starts.
    pub lines: Vec<u64>,
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
        }
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
                Encoding::Number => names.push(column.name.clone()),
                Encoding::OneHot(list) => {
                    names.extend(list.iter().map(|c| format!("{}={c}", column.name)));
                }
            }
        }
        names
    }

    /// Reads a file in the layout of the training table.
    ///
    /// # Errors
    /// [`TableError`] with the place.
    pub fn read(
        &self,
        path: &std::path::Path,
        target: TargetUse,
    ) -> Result<EncodedRows, TableError> {
        self.read_as(path, target, &ReadOptions::default())
    }

    /// As [`TableSchema::read`]; of the options the format and the base of LIBSVM's indices count, the rest was
    /// settled in training.
    ///
    /// # Errors
    /// [`TableError`] with the place.
    pub fn read_as(
        &self,
        path: &std::path::Path,
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<EncodedRows, TableError> {
        let (file, format, bytes) = super::source::open(path, options.format)?;
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
        self.read_bytes_as(file, format, bytes, target, &ReadOptions::default())
    }

    fn read_bytes_as(
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
            return self.encode(&table.grid(file), target);
        }
        let text = super::source::text(file, bytes)?;
        match format {
            Format::Keel => self.encode(&keel::grid(file, &text, &wanted)?, target),
            Format::Libsvm => {
                let rows = libsvm::parse(file, &text)?;
                let base = rows.base(file, options.zero_based, Some(self.first_index()))?;
                self.encode_sparse(file, rows, base, target)
            }
            _ => self.encode(&csv::grid(file, &text)?, target),
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
        let first = self.first_index() as usize;
        let is_numbered = self.columns.iter().enumerate().all(|(j, column)| {
            column.encoding == Encoding::Number && column.name == (first + j).to_string()
        });
        let most = libsvm::MAX_INDEX as usize;
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

    /// The index of the first column in LIBSVM's files: its name says whether training counted from 0.
    fn first_index(&self) -> u32 {
        u32::from(self.columns.first().is_none_or(|c| c.name != "0"))
    }

    pub(crate) fn encode(
        &self,
        grid: &Grid<'_>,
        target: TargetUse,
    ) -> Result<EncodedRows, TableError> {
        let at: Vec<usize> = self
            .columns
            .iter()
            .map(|c| grid.column(&c.name))
            .collect::<Result<_, _>>()?;
        let target_at = match target {
            TargetUse::Ignored => None,
            TargetUse::Required => Some(grid.column(&self.target)?),
        };
        let width = self.n_features();
        let mut unseen: Vec<Option<(usize, u64, String)>> = vec![None; self.columns.len()];
        let (mut data, mut y, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        grid.rows(&mut |row| {
            if data.len() + width > MAX_VALUES {
                return Err(too_large(grid.file, row.number, width));
            }
            for (k, (column, &j)) in self.columns.iter().zip(&at).enumerate() {
                match &column.encoding {
                    Encoding::Number => data.push(grid.number(&row, j)?),
                    Encoding::OneHot(list) => {
                        let is_keel = !matches!(grid.columns[j].declared, Declared::Open);
                        if is_keel && grid.is_missing(j, row.cells[j]) {
                            return Err(grid.missing(&row, j));
                        }
                        let cell = grid.canonical(&row, j)?;
                        let start = data.len();
                        data.resize(start + list.len(), 0.0);
                        match list.iter().position(|c| c == cell) {
                            Some(category) => data[start + category] = 1.0,
                            None => {
                                let first = (0, row.line, cell.to_owned());
                                unseen[k].get_or_insert(first).0 += 1;
                            }
                        }
                    }
                }
            }
            if let Some(j) = target_at {
                let cell = grid.canonical(&row, j)?;
                match self.label_of(cell) {
                    Some(label) => y.push(label),
                    None => return Err(self.no_class(grid.at(row.line, j), cell)),
                }
            }
            lines.push(row.line);
            Ok(())
        })?;
        if lines.is_empty() {
            return Err(TableError::NoRows {
                file: grid.file.to_owned(),
            });
        }
        let warnings = self.columns.iter().zip(unseen).filter_map(|(c, u)| {
            u.map(|(rows, line, text)| TableWarning::UnseenCategory {
                column: c.name.clone(),
                rows,
                line,
                text,
            })
        });
        Ok(EncodedRows {
            warnings: warnings.collect(),
            x: MatrixBuf::new(data, width)?,
            y: target_at.map(|_| y),
            lines,
        })
    }

    pub(crate) fn encode_sparse(
        &self,
        file: &str,
        rows: libsvm::SparseRows,
        base: u32,
        target: TargetUse,
    ) -> Result<EncodedRows, TableError> {
        let width = self.n_features();
        rows.check_width(file, base, width)?;
        if rows.labels.len().saturating_mul(width) > MAX_VALUES {
            return Err(too_large(file, rows.labels.len(), width));
        }
        let y = match target {
            TargetUse::Ignored => None,
            TargetUse::Required => {
                let label = |(value, &line): (&f64, &u64)| {
                    self.label_of(&value.to_string()).ok_or_else(|| {
                        let at = Location {
                            file: file.to_owned(),
                            line,
                            column: 1,
                        };
                        self.no_class(at, &value.to_string())
                    })
                };
                let pairs = rows.labels.iter().zip(&rows.lines);
                Some(pairs.map(label).collect::<Result<Vec<_>, _>>()?)
            }
        };
        Ok(EncodedRows {
            x: MatrixBuf::new(rows.dense(base, width), width)?,
            y,
            warnings: TableWarning::of_queries(rows.queries),
            lines: rows.lines,
        })
    }

    fn label_of(&self, cell: &str) -> Option<Label> {
        [Label::Negative, Label::Positive]
            .into_iter()
            .find(|&label| same_class(self.class_name(label), cell))
    }

    fn no_class(&self, at: Location, cell: &str) -> TableError {
        TableError::Invalid {
            at,
            found: format!("{} in column {:?}", shown(cell), self.target),
            expected: format!("{:?} or {:?}", self.class_names[0], self.class_names[1]),
        }
    }
}

impl Encoding {
    /// Number of features that the column becomes.
    pub fn width(&self) -> usize {
        match self {
            Encoding::Number => 1,
            Encoding::OneHot(list) => list.len(),
        }
    }
}

/// Whether two cells name one class: the same text, or the same number (`1`, `+1`, `1.0`).
pub(crate) fn same_class(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

pub(crate) fn too_large(file: &str, rows: usize, columns: usize) -> TableError {
    TableError::TooLarge {
        file: file.to_owned(),
        rows,
        columns,
        limit: MAX_VALUES,
    }
}
