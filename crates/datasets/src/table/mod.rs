//! Two-class tables from files: CSV with a header, KEEL/ARFF, LIBSVM, Parquet.
//!
//! [`read`] chooses the reader by extension (`.csv`, `.tsv`, `.dat`, `.arff`, `.libsvm`, `.svm`, `.parquet`, each also
//! with `.gz`), by content where the extension is another one, or by [`ReadOptions::format`], and returns a
//! [`Dataset`]: finite features, two-valued labels, names, and the [`TableSchema`] that reads another file the same
//! way, a long one in batches ([`TableSchema::read_batches`]). [`Scaler`] is fitted on training rows only.
//!
//! | what | rule |
//! | --- | --- |
//! | target | [`ReadOptions::target`], else KEEL's `@outputs`, else the last column |
//! | positive class | [`ReadOptions::positive`], else the rarer one; of two equally frequent ones the larger number or the lexically later text |
//! | text columns | CSV: any cell that is no number makes the column text; one-hot, categories in lexical order; refused where more than half of the cells differ, or where they are dates |
//! | numbers | also per cent (as fractions), currencies, separated thousands and decimal commas, where the whole column is written so |
//! | cells without a value | nothing, `?`, `NA`, `N/A`, `NaN`, `null`, `None` and [`ReadOptions::na`]: the median and an indicator ([`Imputer`]), in text columns no category; or refused ([`Missing::Refuse`]) |
//! | infinities, 1e999 | refused with row and column |
//! | size | [`MAX_CELL`], [`MAX_RECORD`], [`MAX_RATIO`], [`MAX_VALUES`]; what would take more than [`memory::limit`](fuzzysvm_core::memory::limit) is refused before it is made |
//!
//! ```
//! use fuzzysvm_datasets::table::{Format, ReadOptions, read_bytes};
//! let csv = b"age,home,default\n25,rent,yes\n47,own,no\n52,own,no\n";
//! let data = read_bytes("loans.csv", Format::Csv, csv, &ReadOptions::default())?;
//! assert_eq!(data.feature_names, ["age", "home=own", "home=rent"]);
//! assert_eq!(data.class_names, ["no", "yes"]); // "yes" is rarer, so it is positive
//! assert_eq!(data.x.row(0), [25.0, 0.0, 1.0]);
//!
//! let error = read_bytes("loans.csv", Format::Csv, b"age,y\n25,a\n1e999,b\n", &ReadOptions::default());
//! assert_eq!(
//!     error.unwrap_err().to_string(),
//!     "loans.csv:3:1: found 1e999 in column \"age\" (sample 2), expected a finite number"
//! );
//! # Ok::<(), fuzzysvm_datasets::table::TableError>(())
//! ```

mod batches;
mod checks;
mod classes;
mod csv;
mod date;
mod decode;
mod encode;
mod encoding;
mod error;
mod fit;
mod frame;
mod grid;
mod imputer;
mod keel;
mod lengths;
mod libsvm;
mod missing;
mod number;
mod options;
mod parquet;
mod scaler;
mod scan;
mod schema;
mod separator;
mod sniff;
mod source;
mod texts;
mod warning;
mod weights;

use std::collections::HashMap;
use std::path::Path;

use fuzzysvm_core::{Label, MatrixBuf, Samples, SamplesError};

use crate::Input;

pub use batches::{BatchedRows, RowBatch};
pub use error::{Location, TableError};
pub use imputer::Imputer;
pub(crate) use imputer::median;
pub use libsvm::MAX_INDEX;
pub use missing::MissingCells;
pub use number::{NumberFormat, Unit};
pub use options::{Header, Missing, ReadOptions, ZeroBased};
pub use scaler::{Scaler, ScalerKind, constant_up_to_rounding};
pub use schema::{ColumnSchema, EncodedRows, Encoding, TableSchema, TargetUse};
pub use source::Format;
pub use warning::{Filled, TableWarning};
pub use weights::read_weights;

/// Most feature values (samples × features) read into memory: 4 GiB of numbers, where memory allows.
pub const MAX_VALUES: usize = 1 << 29;

/// Most bytes of a cell.
pub const MAX_CELL: usize = 1 << 20;

/// Most bytes of a row of a text table.
pub const MAX_RECORD: usize = 64 << 20;

/// Most bytes to which a byte of gzip data may unpack, where they are more than 64 MiB in all.
pub const MAX_RATIO: u64 = 200;

/// Most categories of a text column.
pub const MAX_CATEGORIES: usize = 1000;

/// Most categories of a CSV column that also holds numbers. Above it the texts are taken for damaged
/// cells and refused.
pub const MAX_MIXED_CATEGORIES: usize = 50;

/// Most different dates that a CSV column may hold as categories. Above it they are refused: the model would know
/// none of those to come.
pub const MAX_DATE_CATEGORIES: usize = 12;

/// Fewest different texts of a text column that is refused because more than half of its cells differ, as names of
/// rows and free text do.
pub const MIN_UNIQUE: usize = 20;

/// A two-class table in memory.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Dataset {
    /// Features, one row per sample, finite; in cells that are [`missing`](Dataset::missing) the median of the other
    /// rows. To learn from some of the rows alone, fit an [`Imputer`] to them.
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
    /// Where each sample stands among the rows of the file, from 0.
    pub rows: Vec<usize>,
    /// Cells that must hold a number and have no value, where there may be such ones: not with [`Missing::Refuse`], in
    /// LIBSVM's format or in a matrix.
    pub missing: Option<MissingCells>,
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
            rows: (0..y.len()).collect(),
            missing: None,
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
        mut warnings: Vec<TableWarning>,
        missing: Missing,
        weights: Option<Vec<f64>>,
    ) -> Result<Self, TableError> {
        let mut x = rows.x;
        if !rows.missing.is_empty() || !rows.without_category.is_empty() {
            let imputer = Imputer::fit(x.view(), &rows.missing, &schema.number_features(), None);
            x = imputer.fill(x, &rows.missing)?;
            warnings.extend(schema.imputed(&rows.missing, &rows.without_category, Some(&imputer)));
        }
        warnings.extend(rows.warnings);
        let y = rows.y.unwrap_or_default();
        warnings.extend(checks::separating(&schema, &x, &y, &rows.missing));
        Ok(Self {
            feature_names: schema.feature_names(),
            class_names: schema.class_names().clone(),
            target: schema.target().to_owned(),
            x,
            y,
            lines: rows.lines,
            rows: rows.rows,
            missing: (missing == Missing::Impute).then_some(rows.missing),
            weights,
            schema,
            warnings,
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
    read_input(Input::open(path)?, options)
}

/// As [`read`], from what is open already.
///
/// # Errors
/// As [`read`].
pub fn read_input(input: Input, options: &ReadOptions) -> Result<Dataset, TableError> {
    let (file, format, bytes) = source::open(input, options.format)?;
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
        return read_grid(&table.grid(file), &[], options);
    }
    let text = source::text(file, bytes)?;
    match format {
        Format::Libsvm => {
            let rows = libsvm::parse(file, &text)?;
            let base = rows.base(file, options.zero_based, None)?;
            let (schema, warnings) = fit::sparse_schema(file, &rows, base, options)?;
            let rows = schema.encode_sparse(file, rows, base, TargetUse::Required)?;
            // What is not written is 0 there, and nothing is missing.
            Dataset::new(schema, rows, warnings, Missing::Refuse, None)
        }
        Format::Keel => read_grid(&keel::grid(file, &text, &wanted)?, &[], options),
        _ => {
            let layout = csv::Layout {
                separator: options.separator,
                header: options.header,
            };
            let (grid, unnamed) = csv::grid(file, &text, layout)?;
            read_grid(&grid, &unnamed, options)
        }
    }
}

/// Learns the schema of a grid and encodes its rows. `unnamed` are the columns without a name.
fn read_grid(
    grid: &grid::Grid<'_>,
    unnamed: &[usize],
    options: &ReadOptions,
) -> Result<Dataset, TableError> {
    let (schema, warnings) = fit::schema(grid, unnamed, options)?;
    let rows = schema.encode(grid, TargetUse::Required, options.missing)?;
    let weights = match grid.body.syntax {
        grid::Syntax::Keel => keel::weights(grid),
        _ => HashMap::new(),
    };
    // A row without a weight beside rows with one weighs 1.
    let of_line = |line: &u64| weights.get(line).copied().unwrap_or(1.0);
    let weights = (!weights.is_empty()).then(|| rows.lines.iter().map(of_line).collect());
    Dataset::new(schema, rows, warnings, options.missing, weights)
}

#[cfg(test)]
mod tests;
