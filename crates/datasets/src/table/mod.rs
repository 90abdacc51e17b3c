//! Two-class tables from files: CSV with a header, KEEL/ARFF, LIBSVM.
//!
//! [`read`] chooses the reader by extension (`.csv`, `.dat`, `.arff`, `.libsvm`, `.svm`, each also with `.gz`)
//! and returns a [`Dataset`]: finite features, two-valued labels, names, and the [`TableSchema`] that
//! reads another file the same way. [`Scaler`] is fitted on training rows only.
//!
//! | what | rule |
//! | --- | --- |
//! | target | [`ReadOptions::target`], else KEEL's `@outputs`, else the last column |
//! | positive class | [`ReadOptions::positive`], else the rarer one; of two equally frequent ones the larger number or the lexically later text |
//! | text columns | CSV: any cell that is no number makes the column text; one-hot, categories in lexical order |
//! | missing cells | refused in number columns with row and column; in CSV text columns the empty cell is a category of its own |
//! | NaN, infinities, 1e999 | refused with row and column |
//!
//! ```
//! use fuzzysvm_datasets::table::{Format, ReadOptions, read_bytes};
//! let csv = b"age,home,default\n25,rent,yes\n47,own,no\n52,own,no\n";
//! let data = read_bytes("loans.csv", Format::Csv, csv, &ReadOptions::default())?;
//! assert_eq!(data.feature_names, ["age", "home=own", "home=rent"]);
//! assert_eq!(data.class_names, ["no", "yes"]); // "yes" is rarer, so it is positive
//! assert_eq!(data.x.row(0), [25.0, 0.0, 1.0]);
//!
//! let error = read_bytes("loans.csv", Format::Csv, b"age,y\n25,a\n,b\n", &ReadOptions::default());
//! assert_eq!(
//!     error.unwrap_err().to_string(),
//!     "loans.csv:3:1: found no value in column \"age\" (sample 2), expected a number"
//! );
//! # Ok::<(), fuzzysvm_datasets::table::TableError>(())
//! ```

mod csv;
mod error;
mod fit;
mod grid;
mod keel;
mod libsvm;
mod scaler;
mod schema;
mod source;
mod texts;

use std::fmt;
use std::path::Path;

use fuzzysvm_core::{Label, MatrixBuf, Samples, SamplesError};

pub use error::{Location, TableError};
pub use libsvm::MAX_INDEX;
pub use scaler::{Scaler, ScalerKind, constant_up_to_rounding};
pub use schema::{ColumnSchema, EncodedRows, Encoding, TableSchema, TargetUse};
pub use source::Format;
pub use texts::column_texts;

/// Most feature values (samples × features) read into memory: 4 GiB of numbers.
pub const MAX_VALUES: usize = 1 << 29;

/// Most categories of a text column.
pub const MAX_CATEGORIES: usize = 1000;

/// Most categories of a CSV column that also holds numbers. Above it the texts are taken for damaged
/// cells and refused.
pub const MAX_MIXED_CATEGORIES: usize = 50;

/// Which column is the target, and which of its values is the positive class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The target column; `None` takes KEEL's `@outputs` or the last column.
    pub target: Option<String>,
    /// The class that is positive; `None` takes the rarer one.
    pub positive: Option<String>,
}

/// Something in a table that is legal but may be a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableWarning {
    /// A CSV column holds numbers and texts and is read as text.
    MixedColumn {
        /// The column.
        column: String,
        /// Line of its first text.
        line: u64,
        /// Its first text.
        text: String,
        /// Number of categories.
        categories: usize,
    },
    /// Cells of a text column hold a category that the training table did not have.
    UnseenCategory {
        /// The column.
        column: String,
        /// Number of such rows.
        rows: usize,
        /// Line of the first.
        line: u64,
        /// The first such text.
        text: String,
    },
}

impl fmt::Display for TableWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableWarning::MixedColumn {
                column,
                line,
                text,
                categories,
            } => write!(
                f,
                "column {column:?} holds numbers and texts (line {line}: {}): read as text with \
                 {categories} categories",
                error::shown(text)
            ),
            TableWarning::UnseenCategory {
                column,
                rows,
                line,
                text,
            } => write!(
                f,
                "column {column:?} has categories unseen in training in {rows} rows (first: {} on \
                 line {line}): encoded as zeros",
                error::shown(text)
            ),
        }
    }
}

/// A two-class table in memory.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Dataset {
    /// Features, one row per sample, finite.
    pub x: MatrixBuf,
    /// Labels in row order.
    pub y: Vec<Label>,
    /// One name per feature.
    pub feature_names: Vec<String>,
    /// The names of the negative and the positive class.
    pub class_names: [String; 2],
    /// The target column's name.
    pub target: String,
    /// Reads another file in the same way.
    pub schema: TableSchema,
    /// The line of the file on which each sample starts, from 1.
    pub lines: Vec<u64>,
    /// Warnings.
    pub warnings: Vec<TableWarning>,
}

impl Dataset {
    /// Samples that are numbers already; the features are called `1`, `2`, …, the classes `-1` and `1`.
    ///
    /// ```
    /// use fuzzysvm_core::{Label, MatrixBuf};
    /// use fuzzysvm_datasets::table::Dataset;
    /// let x = MatrixBuf::new(vec![0.5, 1.5], 1)?;
    /// let data = Dataset::from_matrix(x, vec![Label::Negative, Label::Positive])?;
    /// assert_eq!((data.feature_names[0].as_str(), data.class_names[1].as_str()), ("1", "1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// No samples, or not as many labels as rows.
    pub fn from_matrix(x: MatrixBuf, y: Vec<Label>) -> Result<Self, SamplesError> {
        Samples::new(x.view(), &y)?;
        let names = (1..=x.n_cols()).map(|i| i.to_string());
        let schema = TableSchema::of_numbers(names.collect(), ["-1".to_owned(), "1".to_owned()]);
        Ok(Self {
            feature_names: schema.feature_names(),
            class_names: schema.class_names().clone(),
            target: schema.target().to_owned(),
            lines: (1..=y.len() as u64).collect(),
            warnings: Vec::new(),
            schema,
            x,
            y,
        })
    }

    /// The borrowed view that learners take.
    ///
    /// # Errors
    /// Never for a data set that [`read`] returned; the check is [`Samples::new`]'s.
    pub fn samples(&self) -> Result<Samples<'_>, SamplesError> {
        Samples::new(self.x.view(), &self.y)
    }
}

/// Reads a two-class table, the format chosen by the file's extension.
///
/// # Errors
/// [`TableError`], with file, line and column where there is a place to name.
pub fn read(path: &Path, options: &ReadOptions) -> Result<Dataset, TableError> {
    let format = Format::of_path(path)?;
    let bytes = source::load(path)?;
    read_bytes(&path.display().to_string(), format, &bytes, options)
}

/// As [`read`], from memory; `file` is what errors call it.
///
/// # Errors
/// As [`read`].
pub fn read_bytes(
    file: &str,
    format: Format,
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<Dataset, TableError> {
    let text = source::text(file, bytes)?;
    let (schema, warnings, rows) = match format {
        Format::Libsvm => {
            let rows = libsvm::parse(file, text)?;
            let schema = fit::sparse_schema(file, &rows, options)?;
            let rows = schema.encode_sparse(file, rows, TargetUse::Required)?;
            (schema, Vec::new(), rows)
        }
        Format::Csv | Format::Keel => {
            let grid = match format {
                Format::Csv => {
                    let grid = csv::grid(file, text)?;
                    csv::check_header(&grid)?;
                    grid
                }
                _ => keel::grid(file, text)?,
            };
            let (schema, warnings) = fit::schema(&grid, options)?;
            let rows = schema.encode(&grid, TargetUse::Required)?;
            (schema, warnings, rows)
        }
    };
    Ok(Dataset {
        feature_names: schema.feature_names(),
        class_names: schema.class_names().clone(),
        target: schema.target().to_owned(),
        x: rows.x,
        y: rows.y.unwrap_or_default(),
        lines: rows.lines,
        schema,
        warnings,
    })
}

#[cfg(test)]
mod tests;
