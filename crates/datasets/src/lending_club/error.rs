//! What can be wrong with a loan file, a list of features or an encoder, and where.

use std::fmt;
use std::io;

use fuzzysvm_core::memory::OverLimit;
use fuzzysvm_core::{MatrixError, ParamError};

use crate::table::TableError;

use super::month::Month;
use super::need::{InWords, Need};

/// A loan file that cannot be read, or features that cannot be made from it.
///
/// Messages about a file begin `FILE:LINE:`, with the one-based line on which the record starts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoanBookError {
    /// The file could not be opened or read.
    #[error("{file}: {source}")]
    Io {
        /// The file as the caller named it.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The gzip stream stops early or is damaged.
    #[error(
        "{file}:{line}: the gzip data end early or are damaged ({source}): fetch the file again"
    )]
    Compressed {
        /// The file as the caller named it.
        file: String,
        /// The line up to which it could be read.
        line: u64,
        /// What the decompressor said.
        source: io::Error,
    },
    /// Not text that can be read as it is: a ZIP archive, UTF-16 and the like.
    #[error("{file}: this is {found}, expected comma-separated text, plain or gzip: {remedy}")]
    NotText {
        /// The file as the caller named it.
        file: String,
        /// What it seems to be.
        found: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Nothing in it.
    #[error("{file}: the file is empty, expected a Lending Club header and loans")]
    Empty {
        /// The file as the caller named it.
        file: String,
    },
    /// No line names Lending Club's columns.
    #[error(
        "{file}: no Lending Club header in the first {searched} lines, expected columns such as loan_amnt, term, int_rate; found `{found}`; map columns that have other names"
    )]
    NoHeader {
        /// The file as the caller named it.
        file: String,
        /// How many records were looked at.
        searched: u64,
        /// The first of them, shortened.
        found: String,
    },
    /// A header without a loan below it.
    #[error("{file}: there is a header but not one loan below it")]
    NoLoans {
        /// The file as the caller named it.
        file: String,
    },
    /// A header that lacks columns which a result needs: all of them.
    #[error("{file}:{line}: the header lacks {}; map columns that have other names", InWords(.columns))]
    AbsentColumns {
        /// The file as the caller named it.
        file: String,
        /// Line of the header.
        line: u64,
        /// What it lacks, and what needs it.
        columns: Vec<Need>,
    },
    /// A column of [`ReadOptions::columns`](super::ReadOptions::columns) that no file has, or a name that the
    /// reader does not know.
    #[error("the column `{from}` cannot be read as `{to}`: {why}")]
    Mapping {
        /// The name in the files.
        from: String,
        /// The name in Lending Club's files.
        to: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A header that names a column twice.
    #[error("{file}:{line}: the header names column `{column}` twice")]
    DuplicateColumn {
        /// The file as the caller named it.
        file: String,
        /// Line of the header.
        line: u64,
        /// The column's name in Lending Club's files.
        column: String,
    },
    /// A row with more or fewer cells than the header.
    #[error("{file}:{line}: found {found} cells, expected {expected} as in the header")]
    Ragged {
        /// The file as the caller named it.
        file: String,
        /// Line on which the row starts.
        line: u64,
        /// Cells found.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A row longer than any loan, as after a quote that is never closed.
    #[error("{file}:{line}: the row is longer than {limit} bytes, expected a closing quote")]
    RowTooLong {
        /// The file as the caller named it.
        file: String,
        /// Line on which the row starts.
        line: u64,
        /// The longest row accepted.
        limit: usize,
    },
    /// A cell that does not hold what its column holds.
    #[error("{file}:{line}: column `{column}`: found `{found}`, expected {expected}")]
    Cell {
        /// The file as the caller named it.
        file: String,
        /// Line on which the row starts.
        line: u64,
        /// The column's name in Lending Club's files.
        column: &'static str,
        /// The cell, shortened.
        found: String,
        /// What the column holds.
        expected: &'static str,
    },
    /// More different values than a column of categories has.
    #[error(
        "{file}:{line}: column `{column}`: more than {limit} different values, expected categories"
    )]
    TooManyCategories {
        /// The file as the caller named it.
        file: String,
        /// Line on which the row starts.
        line: u64,
        /// The column's name in Lending Club's files.
        column: &'static str,
        /// The most accepted.
        limit: usize,
    },
    /// A loan that is open in its file, looked at as of a month that the file does not reach.
    #[error(
        "{file}:{line}: the loan is open in this file, {}: what was known of it at {month} cannot be told; \
         {}give a file written later",
        ShownUpTo(.snapshot),
        MonthUpTo(.snapshot)
    )]
    AfterSnapshot {
        /// The file as the caller named it.
        file: String,
        /// Line on which the loan's row starts.
        line: u64,
        /// The month as of which the loan was looked at.
        month: Month,
        /// The last month that the file shows ([`LoanBook::snapshot`](super::LoanBook::snapshot) of its loans);
        /// `None` where no payment has a month.
        snapshot: Option<Month>,
    },
    /// Loans that were read as loans on offer, looked at as of a month.
    #[error(
        "the loans were read without their outcomes, expected outcomes (`loan_status`, `last_pymnt_d`) to tell what \
         was known at a month"
    )]
    OutcomesNotRead,
    /// A feature that is only known after the loan was granted.
    #[error(
        "`{name}` is known only after the loan was granted: using it as a feature would leak the outcome"
    )]
    LeakColumn {
        /// The feature asked for.
        name: String,
    },
    /// A column that is known at application but is not used as a feature.
    #[error("`{name}` cannot be a feature: {why}")]
    RefusedFeature {
        /// The feature asked for.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// A name that is no feature.
    #[error("unknown feature `{name}`: the features known at application are listed in FEATURES")]
    UnknownFeature {
        /// The feature asked for.
        name: String,
    },
    /// A feature asked for twice.
    #[error("the feature `{name}` is asked for twice")]
    RepeatedFeature {
        /// The feature asked for.
        name: String,
    },
    /// A feature whose column no file of the book has, or that was not kept while reading.
    #[error(
        "the loans have no column for the feature `{name}`: no file has it, or it was not kept while reading"
    )]
    FeatureNotRead {
        /// The feature asked for.
        name: String,
    },
    /// Columns of features that were fitted on, which the loans to encode lack: all of them.
    #[error("the loans lack columns that the features are made of: {}", .columns.join(", "))]
    FeaturesAbsent {
        /// The columns.
        columns: Vec<String>,
    },
    /// A column that is no column of categories, by which loans could be grouped.
    #[error("`{name}` is no column of categories that is kept")]
    NoGroup {
        /// The column asked for.
        name: String,
    },
    /// No row to fit on.
    #[error("no training rows: an encoder needs at least one")]
    NoRows,
    /// A row number past the end of the book.
    #[error("row {row} of a book of {n_loans} loans")]
    RowOutOfRange {
        /// The row asked for.
        row: usize,
        /// Loans in the book.
        n_loans: usize,
    },
    /// Every feature is empty or constant in the training rows.
    #[error("every one of the {asked} features is empty or constant in the training rows")]
    NoUsableFeature {
        /// Features asked for.
        asked: usize,
    },
    /// An encoder from a file that no `fit` could have made.
    #[error("the encoder is damaged: {what}")]
    DamagedEncoder {
        /// What is wrong with it.
        what: String,
    },
    /// A file whose loans take more memory than the process may have.
    #[error("{file}: to read more than {loans} loans would take {excess}")]
    BookMemory {
        /// The file.
        file: String,
        /// Loans read so far, of all files.
        loans: usize,
        /// How much more that is, and how much may be.
        excess: OverLimit,
    },
    /// Encoded loans that take more memory than the process may have.
    #[error("{rows} loans of {features} features would take {excess}")]
    Memory {
        /// Loans to encode.
        rows: usize,
        /// Features of a loan.
        features: usize,
        /// How much that is, and how much may be.
        excess: OverLimit,
    },
    /// A parameter outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// An encoded value that is not finite.
    #[error("encoded loans: {0}")]
    Matrix(#[from] MatrixError),
}

/// What opening an [`Input`](crate::Input) comes to.
impl From<TableError> for LoanBookError {
    fn from(e: TableError) -> Self {
        let file = e.location().map_or_else(String::new, |at| at.file);
        match e {
            TableError::Io { source, .. } => LoanBookError::Io { file, source },
            other => LoanBookError::Io {
                file,
                source: io::Error::other(other),
            },
        }
    }
}

impl LoanBookError {
    /// The file that it is about and the line in it, 0 where the whole file is meant.
    pub fn location(&self) -> Option<(&str, u64)> {
        match self {
            LoanBookError::Io { file, .. }
            | LoanBookError::NotText { file, .. }
            | LoanBookError::Empty { file }
            | LoanBookError::NoHeader { file, .. }
            | LoanBookError::NoLoans { file }
            | LoanBookError::BookMemory { file, .. } => Some((file, 0)),
            LoanBookError::Compressed { file, line, .. }
            | LoanBookError::AbsentColumns { file, line, .. }
            | LoanBookError::DuplicateColumn { file, line, .. }
            | LoanBookError::Ragged { file, line, .. }
            | LoanBookError::RowTooLong { file, line, .. }
            | LoanBookError::Cell { file, line, .. }
            | LoanBookError::AfterSnapshot { file, line, .. }
            | LoanBookError::TooManyCategories { file, line, .. } => Some((file, *line)),
            LoanBookError::OutcomesNotRead
            | LoanBookError::LeakColumn { .. }
            | LoanBookError::RefusedFeature { .. }
            | LoanBookError::UnknownFeature { .. }
            | LoanBookError::RepeatedFeature { .. }
            | LoanBookError::FeatureNotRead { .. }
            | LoanBookError::NoGroup { .. }
            | LoanBookError::NoRows
            | LoanBookError::Mapping { .. }
            | LoanBookError::FeaturesAbsent { .. }
            | LoanBookError::RowOutOfRange { .. }
            | LoanBookError::NoUsableFeature { .. }
            | LoanBookError::DamagedEncoder { .. }
            | LoanBookError::Memory { .. }
            | LoanBookError::Param(_)
            | LoanBookError::Matrix(_) => None,
        }
    }
}

/// What a file shows, in words.
struct ShownUpTo<'a>(&'a Option<Month>);

impl fmt::Display for ShownUpTo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(month) => write!(f, "which shows payments up to {month}"),
            None => f.write_str("which shows no month of any payment"),
        }
    }
}

/// The remedy that a file's last month gives.
struct MonthUpTo<'a>(&'a Option<Month>);

impl fmt::Display for MonthUpTo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(month) => write!(f, "take a month up to {month}, or "),
            None => Ok(()),
        }
    }
}
