//! Two-class tables from files: CSV with a header, KEEL/ARFF, LIBSVM, Parquet.
//!
//! [`read`] chooses the reader by extension (`.csv`, `.tsv`, `.dat`, `.arff`, `.libsvm`, `.svm`, `.parquet`, each also
//! with `.gz`), by content where the extension is another one, or by [`ReadOptions::format`], and returns a [`Dataset`]: finite features, two-valued labels, names, and the [`TableSchema`] that
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
mod encoding;
mod error;
mod fit;
mod grid;
mod keel;
mod libsvm;
mod options;
mod parquet;
mod scaler;
mod schema;
mod sniff;
mod source;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use fuzzysvm_core::{Label, MatrixBuf, Samples, SamplesError};

pub use error::{Location, TableError};
pub use libsvm::MAX_INDEX;
pub use options::{Header, Missing, ReadOptions, ZeroBased};
pub use scaler::{Scaler, ScalerKind, constant_up_to_rounding};
pub use schema::{ColumnSchema, EncodedRows, Encoding, TableSchema, TargetUse};
pub use source::Format;

/// Most feature values (samples × features) read into memory: 4 GiB of numbers.
pub const MAX_VALUES: usize = 1 << 29;

/// Most categories of a text column.
pub const MAX_CATEGORIES: usize = 1000;

/// Most categories of a CSV column that also holds numbers. Above it the texts are taken for damaged
/// cells and refused.
pub const MAX_MIXED_CATEGORIES: usize = 50;

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
    /// Rows of a ranking file: what separates its queries is not used.
    QueriesIgnored {
        /// Number of rows with a query.
        rows: usize,
    },
}

impl TableWarning {
    fn of_queries(rows: usize) -> Vec<Self> {
        match rows {
            0 => Vec::new(),
            rows => vec![TableWarning::QueriesIgnored { rows }],
        }
    }
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
            TableWarning::QueriesIgnored { rows } => write!(
                f,
                "{rows} rows of a ranking file: their queries (qid) are ignored, and rows of one query may land in \
                 training and test"
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
    /// The weight that the file gives each sample, where it gives weights.
    pub weights: Option<Vec<f64>>,
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
            weights: None,
            warnings: Vec::new(),
            schema,
            x,
            y,
        })
    }

    fn new(
        schema: TableSchema,
        rows: EncodedRows,
        warnings: Vec<TableWarning>,
        weights: Option<Vec<f64>>,
    ) -> Self {
        Self {
            feature_names: schema.feature_names(),
            class_names: schema.class_names().clone(),
            target: schema.target().to_owned(),
            x: rows.x,
            y: rows.y.unwrap_or_default(),
            lines: rows.lines,
            weights,
            schema,
            warnings,
        }
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
    let (file, format, bytes) = source::open(path, options.format)?;
    read_bytes(&file, format, &bytes, options)
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
    options.check_format(file, format)?;
    let wanted = |name: &str| options.uses(name);
    if format == Format::Parquet {
        let table = parquet::table(file, bytes, &wanted)?;
        return read_grid(&table.grid(file), options);
    }
    let text = source::text(file, bytes)?;
    match format {
        Format::Libsvm => {
            let rows = libsvm::parse(file, &text)?;
            let base = rows.base(file, options.zero_based, None)?;
            let schema = fit::sparse_schema(file, &rows, options)?;
            let mut rows = schema.encode_sparse(file, rows, base, TargetUse::Required)?;
            let warnings = std::mem::take(&mut rows.warnings);
            Ok(Dataset::new(schema, rows, warnings, None))
        }
        Format::Keel => read_grid(&keel::grid(file, &text, &wanted)?, options),
        _ => {
            let grid = csv::grid(file, &text)?;
            csv::check_header(&grid)?;
            read_grid(&grid, options)
        }
    }
}

/// Learns the schema of a grid and encodes its rows.
fn read_grid(grid: &grid::Grid<'_>, options: &ReadOptions) -> Result<Dataset, TableError> {
    let (schema, warnings) = fit::schema(grid, options)?;
    let rows = schema.encode(grid, TargetUse::Required)?;
    let weights = match grid.body.syntax {
        grid::Syntax::Keel => keel::weights(grid),
        grid::Syntax::Csv => HashMap::new(),
    };
    // A row without a weight beside rows with one weighs 1.
    let of_line = |line: &u64| weights.get(line).copied().unwrap_or(1.0);
    let weights = (!weights.is_empty()).then(|| rows.lines.iter().map(of_line).collect());
    Ok(Dataset::new(schema, rows, warnings, weights))
}

#[cfg(test)]
mod tests;
