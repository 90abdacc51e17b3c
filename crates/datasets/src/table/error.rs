//! What can be wrong with a table, and where.

use std::fmt;
use std::io;

use fuzzysvm_core::memory::OverLimit;
use fuzzysvm_core::quote::{cut, quoted};

/// A place in a file, shown as `FILE:LINE:COLUMN`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// The file as the caller named it.
    pub file: String,
    /// One-based line; 0 where the whole file is meant.
    pub line: u64,
    /// One-based column: the cell number in CSV and KEEL rows, the character in LIBSVM rows and
    /// header lines; 0 where the whole line is meant.
    pub column: u64,
}

impl Location {
    /// A place; line and column 0 where the whole file or line is meant.
    pub fn new(file: impl Into<String>, line: u64, column: u64) -> Self {
        Self {
            file: file.into(),
            line,
            column,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// A table that cannot be read, or that does not fit what was learnt from another one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file cannot be opened or read.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The gzip stream is damaged or ends early.
    #[error("{file}: found a damaged or truncated gzip stream ({source}), expected a whole one")]
    Compressed {
        /// The file.
        file: String,
        /// What the decoder said.
        source: io::Error,
    },
    /// The file's name has no extension that says what is in it.
    #[error(
        "{file}: found no known extension, expected .csv, .tsv, .dat, .arff, .libsvm, .svm or .parquet \
         (also with .gz)"
    )]
    UnknownFormat {
        /// The file.
        file: String,
    },
    /// A format this build does not read.
    #[error(
        "{file}: {format} is not built in (cargo feature parquet), expected a table of text such as CSV"
    )]
    NotBuiltIn {
        /// The file.
        file: String,
        /// The format.
        format: &'static str,
    },
    /// Something other than the format asks for.
    #[error("{at}: found {found}, expected {expected}")]
    Invalid {
        /// Where.
        at: Location,
        /// What stands there.
        found: String,
        /// What the format asks for.
        expected: String,
    },
    /// A cell without a value.
    #[error("{at}: found no value in column {} (sample {row}), expected a number", quoted(.column))]
    MissingValue {
        /// Where.
        at: Location,
        /// The column's name.
        column: String,
        /// One-based sample.
        row: usize,
    },
    /// Cells without a value where none may be.
    #[error(
        "{at}: found cells without a value ({}), expected none: impute missing values, or drop {}",
        counted(.columns),
        joined(columns.iter().map(|(name, _)| name.as_str()))
    )]
    MissingValues {
        /// The first of them.
        at: Location,
        /// Columns and their cells without a value.
        columns: Vec<(String, usize)>,
    },
    /// A number where a column name is expected.
    #[error(
        "{at}: found the number {} as a column name, expected names of columns (if the file has no line of \
         names: header no; if numbers are the names: header yes)",
        cut(.name)
    )]
    NumberAsName {
        /// Where.
        at: Location,
        /// The number.
        name: String,
    },
    /// A Gram matrix in the form of LIBSVM's `-t 4`, whose pairs `0:n` number the rows.
    #[error(
        "{at}: found the numbers of the rows at index 0 (0:1, 0:2, …), as in a precomputed kernel of LIBSVM, expected \
         features: take these pairs out and read the rest with kernel precomputed, or, if they are a feature, \
         zero_based yes"
    )]
    GramMatrix {
        /// Where.
        at: Location,
    },
    /// Columns that cannot be features.
    #[error(
        "{file}: found {}, expected features: drop {}, or turn them into numbers or fewer categories",
        reasons(.columns),
        joined(columns.iter().map(|(name, _)| name.as_str()))
    )]
    Unsuitable {
        /// The file.
        file: String,
        /// Columns, and what is in them.
        columns: Vec<(String, String)>,
    },
    /// A column that must stay is asked to be left out, or the other way round.
    #[error("{file}: found column {} {found}, expected it {expected}", quoted(.column))]
    ColumnChoice {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// What was asked for.
        found: &'static str,
        /// What can be.
        expected: &'static str,
    },
    /// NaN or an infinity.
    #[error("{at}: found {} in column {} (sample {row}), expected a finite number", cut(.value), quoted(.column))]
    NotFinite {
        /// Where.
        at: Location,
        /// The column's name.
        column: String,
        /// One-based sample.
        row: usize,
        /// The cell.
        value: String,
    },
    /// Not two classes.
    #[error(
        "{file}: found {} in column {}, expected two classes{}",
        classes(.found, *.more),
        quoted(.column),
        if found.len() > 2 { ", or the positive one named (against all others)" } else { "" }
    )]
    Classes {
        /// The file.
        file: String,
        /// The target column.
        column: String,
        /// The classes found, the first few.
        found: Vec<String>,
        /// Whether there are more than `found` lists.
        more: bool,
    },
    /// A class that the target column does not have.
    #[error("{file}: found no {} in column {}, expected {}", quoted(.value), quoted(.column), listed(.classes))]
    UnknownClass {
        /// The file.
        file: String,
        /// The target column.
        column: String,
        /// The class asked for.
        value: String,
        /// The classes there are.
        classes: Vec<String>,
    },
    /// A column that the file does not have.
    #[error("{file}: found no column {}, expected it among {}", quoted(.column), listed(.columns))]
    UnknownColumn {
        /// The file.
        file: String,
        /// The column asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// No bytes, or nothing but blank lines and comments.
    #[error("{file}: found an empty file, expected a table")]
    Empty {
        /// The file.
        file: String,
    },
    /// A header and no samples.
    #[error("{file}: found no samples below the header, expected at least one")]
    NoRows {
        /// The file.
        file: String,
    },
    /// A target column and nothing else.
    #[error("{file}: found no feature beside the target {}, expected at least one column", quoted(.target))]
    NoFeatures {
        /// The file.
        file: String,
        /// The target column.
        target: String,
    },
    /// More values than the caller allows in memory.
    #[error("{file}: found {rows} samples of {columns} features, expected at most {limit} values")]
    TooLarge {
        /// The file.
        file: String,
        /// Samples.
        rows: usize,
        /// Features after one-hot encoding.
        columns: usize,
        /// The most values allowed.
        limit: usize,
    },
    /// What data ask for takes more memory than the process may have.
    #[error("{}found {what} that would take {excess}", in_front(.file.as_deref()))]
    Memory {
        /// The file, where it is known.
        file: Option<String>,
        /// What would be held in memory.
        what: String,
        /// How much that is, and how much may be.
        excess: OverLimit,
    },
    /// A cell or a record that is longer than any that is read.
    #[error("{at}: found a {what} of more than {} characters, expected a shorter one{remedy}", limit_in_words(*.limit))]
    TooLong {
        /// Where it begins.
        at: Location,
        /// `cell` or `record`.
        what: &'static str,
        /// The most bytes.
        limit: usize,
        /// What may be the reason.
        remedy: &'static str,
    },
    /// A gzip stream that grows as no table does.
    #[error(
        "{file}: found gzip data that unpack to more than {ratio} times their size, expected a table (if it is one, \
         unpack it first)"
    )]
    Inflated {
        /// The file.
        file: String,
        /// The most bytes for each compressed one.
        ratio: u64,
    },
    /// Rows of another width than the scaler was fitted on.
    #[error("found rows of {found} features, expected {expected} as in the training data")]
    FeatureCount {
        /// Features at fitting.
        expected: usize,
        /// Features found.
        found: usize,
    },
    /// Columns to which none can be added.
    #[error("{}", not_widened(*.found, *.wanted, *.is_numbered))]
    NotWidened {
        /// Features that there are.
        found: usize,
        /// Features asked for.
        wanted: usize,
        /// Whether the columns are those of a LIBSVM file.
        is_numbered: bool,
    },
    /// A column so wide that its spread or a scaled value leaves the range of numbers.
    #[error("found values in feature {column} too large to scale, expected less than 1e300")]
    ScaleOverflow {
        /// One-based feature.
        column: usize,
    },
    /// A schema, scaler or imputer, read from elsewhere, that contradicts itself.
    #[error("found a {what} that contradicts itself ({why}), expected one written by this library")]
    Inconsistent {
        /// `schema`, `scaler` or `imputer`.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A shape or value that the matrix type refuses.
    #[error(transparent)]
    Matrix(#[from] fuzzysvm_core::MatrixError),
}

fn in_front(file: Option<&str>) -> String {
    file.map_or_else(String::new, |file| format!("{file}: "))
}

fn limit_in_words(bytes: usize) -> String {
    match bytes >> 20 {
        0 => bytes.to_string(),
        millions => format!("{millions} million"),
    }
}

fn not_widened(found: usize, wanted: usize, is_numbered: bool) -> String {
    match is_numbered {
        true => format!(
            "found n_features {wanted}, expected {found} to {}, for there are {found} features",
            super::MAX_INDEX
        ),
        false => format!(
            "found n_features {wanted} for columns with names, expected a model of LIBSVM data"
        ),
    }
}

impl TableError {
    /// Where in a file it is, where the error is about a file.
    pub fn location(&self) -> Option<Location> {
        match self {
            TableError::Invalid { at, .. }
            | TableError::MissingValue { at, .. }
            | TableError::MissingValues { at, .. }
            | TableError::NumberAsName { at, .. }
            | TableError::GramMatrix { at }
            | TableError::TooLong { at, .. }
            | TableError::NotFinite { at, .. } => Some(at.clone()),
            TableError::Io { file, .. }
            | TableError::Compressed { file, .. }
            | TableError::UnknownFormat { file }
            | TableError::NotBuiltIn { file, .. }
            | TableError::Unsuitable { file, .. }
            | TableError::ColumnChoice { file, .. }
            | TableError::Classes { file, .. }
            | TableError::UnknownClass { file, .. }
            | TableError::UnknownColumn { file, .. }
            | TableError::Empty { file }
            | TableError::NoRows { file }
            | TableError::NoFeatures { file, .. }
            | TableError::Inflated { file, .. }
            | TableError::TooLarge { file, .. } => Some(Location::new(file, 0, 0)),
            TableError::Memory { file, .. } => Some(Location::new(file.as_ref()?, 0, 0)),
            TableError::FeatureCount { .. }
            | TableError::NotWidened { .. }
            | TableError::ScaleOverflow { .. }
            | TableError::Inconsistent { .. }
            | TableError::Matrix(_) => None,
        }
    }
}

fn classes(found: &[String], more: bool) -> String {
    match found {
        [] => "no class".to_owned(),
        [one] => format!("one class ({})", shown(one)),
        _ => format!(
            "{}{} classes ({}{})",
            if more { "more than " } else { "" },
            found.len(),
            listed(found),
            if more { ", …" } else { "" }
        ),
    }
}

fn counted(columns: &[(String, usize)]) -> String {
    let shown: Vec<String> = columns
        .iter()
        .take(8)
        .map(|(name, n)| format!("{n} in column {}", quoted(name)))
        .collect();
    let tail = if columns.len() > 8 { ", …" } else { "" };
    format!("{}{tail}", shown.join(", "))
}

/// Most names in a list that is there to be copied.
const MOST_NAMES: usize = 100;

fn reasons(columns: &[(String, String)]) -> String {
    let mut all: Vec<String> = columns
        .iter()
        .take(MOST_NAMES)
        .map(|(name, reason)| format!("column {} {reason}", quoted(name)))
        .collect();
    if columns.len() > all.len() {
        all.push(format!("and {} more", columns.len() - all.len()));
    }
    all.join(", ")
}

/// Names as a list of comma-separated values, in quotes where they must be; at most [`MOST_NAMES`].
pub(crate) fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted = names.take(MOST_NAMES).map(|name| {
        let name = cut(name).to_string();
        match name.contains([',', '"']) {
            true => format!("\"{}\"", name.replace('"', "\"\"")),
            false => name,
        }
    });
    quoted.collect::<Vec<_>>().join(",")
}

/// Names in quotes, the first few.
pub(crate) fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(8).map(|n| shown(n)).collect();
    let tail = if names.len() > 8 { ", …" } else { "" };
    format!("{}{tail}", shown.join(", "))
}

/// Quotes and shortens what stands in a file, for a one-line message.
pub(crate) fn shown(text: &str) -> String {
    quoted(text).to_string()
}
