//! Samples with their classes, before they are encoded: a table or a loan book.

mod loans;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use fuzzysvm_core::{ClassCounts, Label, MatrixBuf};
use fuzzysvm_datasets::Input;
use fuzzysvm_datasets::lending_club::Selection;
use fuzzysvm_datasets::table::{
    self, ColumnSchema, Dataset, Encoding, Format, Imputer, MissingCells, ReadOptions, Scaler,
    ScalerKind, TableSchema,
};

use crate::{Copies, EstimatorError, Preprocessing, Warning};
pub use loans::{LoanData, LoanEncoding, LoanFileOptions, LoanRows, NotScored};

/// What a method learns from: the samples of a table, or the finished loans of a loan book.
///
/// ```
/// use fuzzysvm_core::{Label, MatrixBuf};
/// use fuzzysvm_estimator::Data;
///
/// let x = MatrixBuf::new(vec![0.0, 1.0, 2.0, 3.0], 1)?;
/// let y = vec![Label::Negative, Label::Negative, Label::Negative, Label::Positive];
/// let data = Data::from_matrix(x, y)?;
/// assert_eq!(data.counts().positive, 1);
/// # Ok::<(), fuzzysvm_estimator::EstimatorError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Data {
    /// A table: features and a target column.
    Table(Box<Dataset>),
    /// Loans of Lending Club.
    Loans(Box<LoanData>),
}

/// How a file is read as [`Data`].
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct DataOptions {
    /// How a table is read.
    pub table: ReadOptions,
    /// Which loans of a loan book are kept.
    pub selection: Selection,
    /// Names of columns in a loan book, each with Lending Club's name for it.
    pub columns: BTreeMap<String, String>,
}

impl DataOptions {
    /// The same with tables read in this way.
    #[must_use]
    pub fn with_table(mut self, table: ReadOptions) -> Self {
        self.table = table;
        self
    }

    /// The same with this target column.
    #[must_use]
    pub fn with_target(mut self, target: Option<String>) -> Self {
        self.table.target = target;
        self
    }

    /// The same with this positive class.
    #[must_use]
    pub fn with_positive(mut self, positive: Option<String>) -> Self {
        self.table.positive = positive;
        self
    }

    /// The same with this selection of loans.
    #[must_use]
    pub fn with_selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// The same with these names of columns in a loan book, each with Lending Club's name for it.
    #[must_use]
    pub fn with_columns(mut self, columns: BTreeMap<String, String>) -> Self {
        self.columns = columns;
        self
    }
}

impl Data {
    /// Reads a file: a CSV with Lending Club's columns as a loan book, unless a target is named, everything else as a
    /// table.
    ///
    /// # Errors
    /// [`EstimatorError`] with file, line and column where there is a place to name.
    pub fn read(path: impl AsRef<Path>, options: &DataOptions) -> Result<Self, EstimatorError> {
        Self::read_input(Input::open(path)?, options)
    }

    /// As [`Data::read`], from what is open already: a pipe is read once.
    ///
    /// # Errors
    /// As [`Data::read`].
    pub fn read_input(input: Input, options: &DataOptions) -> Result<Self, EstimatorError> {
        let is_csv = matches!(options.table.format, None | Some(Format::Csv));
        if options.table.target.is_none() && is_csv && input.is_loan_book(&options.columns) {
            let loans = LoanData::read_input(input, &options.selection, &options.columns)?;
            return Ok(Data::Loans(Box::new(loans)));
        }
        let data = table::read_input(input, &options.table)?;
        Ok(Data::Table(Box::new(data)))
    }

    /// Samples that are numbers already; the features are called `1`, `2`, …, the classes `-1` and `1`.
    ///
    /// # Errors
    /// No samples, or not as many labels as rows.
    pub fn from_matrix(x: MatrixBuf, y: Vec<Label>) -> Result<Self, EstimatorError> {
        Ok(Data::Table(Box::new(Dataset::from_matrix(x, y)?)))
    }

    /// The classes in row order.
    pub fn y(&self) -> &[Label] {
        match self {
            Data::Table(data) => &data.y,
            Data::Loans(loans) => loans.y(),
        }
    }

    /// The sizes of the classes.
    pub fn counts(&self) -> ClassCounts {
        ClassCounts::of(self.y())
    }

    /// The names of the negative and the positive class.
    pub fn class_names(&self) -> [String; 2] {
        match self {
            Data::Table(data) => data.class_names.clone(),
            Data::Loans(_) => LoanData::class_names(),
        }
    }

    /// The weights that the file gives its samples, where it gives weights. [`Estimator::fit`](crate::Estimator::fit)
    /// takes them for `sample_weight`.
    pub fn sample_weight(&self) -> Option<&[f64]> {
        match self {
            Data::Table(data) => data.weights.as_deref(),
            Data::Loans(_) => None,
        }
    }

    /// Where each sample stands in the file: its row, from 0.
    pub fn row_numbers(&self) -> Vec<usize> {
        match self {
            Data::Table(data) => data.rows.clone(),
            Data::Loans(loans) => loans.book_rows(None),
        }
    }

    /// The warning about columns that a scaling takes for constant though their values differ, where there are any.
    fn constant_up_to_rounding(&self) -> Option<Warning> {
        let Data::Table(data) = self else {
            // A loan book's encoder leaves constant features out.
            return None;
        };
        let columns = table::constant_up_to_rounding(data.x.view());
        let columns: Vec<String> = columns
            .into_iter()
            .map(|j| data.feature_names[j].clone())
            .collect();
        (!columns.is_empty()).then_some(Warning::ConstantUpToRounding { columns })
    }

    /// Which samples of a table are copies of others; `None` for loans, whose copies are taken out when they are read.
    pub fn copies(&self) -> Option<Copies> {
        match self {
            Data::Table(data) => Some(Copies::of(data.x.view(), &data.y)),
            Data::Loans(_) => None,
        }
    }

    fn identical_rows(&self) -> Option<Warning> {
        let copies = self.copies()?;
        (copies.n_copies > 0).then_some(Warning::IdenticalRows {
            copies: copies.n_copies,
            contradicting: copies.n_contradicting,
            total: copies.first.len(),
        })
    }

    /// What is legal in the file, with this scaling, and may still not be meant.
    pub fn warnings(&self, scale: ScalerKind) -> Vec<Warning> {
        let mut warnings = match self {
            Data::Table(data) => data.warnings.iter().cloned().map(Warning::Table).collect(),
            Data::Loans(loans) => loans.warnings(),
        };
        if scale != ScalerKind::None {
            warnings.extend(self.constant_up_to_rounding());
        }
        warnings.extend(self.identical_rows());
        warnings
    }
}

/// Samples whose rows become features by an encoding that is learnt from some of them.
pub trait Encode: Sync {
    /// The classes in row order.
    fn y(&self) -> &[Label];

    /// The weights of the samples, where they have weights of their own.
    fn sample_weight(&self) -> Option<&[f64]> {
        None
    }

    /// Learns the encoding from the rows given, all where `None`.
    ///
    /// # Errors
    /// A scaling that does not apply, or rows that cannot be encoded.
    fn learn(
        &self,
        rows: Option<&[usize]>,
        scale: ScalerKind,
    ) -> Result<Preprocessing, EstimatorError>;

    /// The features of the rows given, all where `None`.
    ///
    /// # Errors
    /// Rows that the encoding does not fit.
    fn encode(
        &self,
        preprocessing: &Preprocessing,
        rows: Option<&[usize]>,
    ) -> Result<MatrixBuf, EstimatorError>;
}

impl Encode for Data {
    fn y(&self) -> &[Label] {
        Data::y(self)
    }

    fn sample_weight(&self) -> Option<&[f64]> {
        Data::sample_weight(self)
    }

    fn learn(
        &self,
        rows: Option<&[usize]>,
        scale: ScalerKind,
    ) -> Result<Preprocessing, EstimatorError> {
        match self {
            Data::Table(data) => data.learn(rows, scale),
            Data::Loans(loans) => loans.learn(rows, scale),
        }
    }

    fn encode(
        &self,
        preprocessing: &Preprocessing,
        rows: Option<&[usize]>,
    ) -> Result<MatrixBuf, EstimatorError> {
        match self {
            Data::Table(data) => data.encode(preprocessing, rows),
            Data::Loans(loans) => loans.encode(preprocessing, rows),
        }
    }
}

impl Encode for Dataset {
    fn y(&self) -> &[Label] {
        &self.y
    }

    fn sample_weight(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    fn learn(
        &self,
        rows: Option<&[usize]>,
        scale: ScalerKind,
    ) -> Result<Preprocessing, EstimatorError> {
        let imputer = self.missing.as_ref().map(|missing| {
            Imputer::fit(self.x.view(), missing, &self.schema.number_features(), rows)
        });
        let x = numbers(self, imputer.as_ref(), rows)?;
        Ok(Preprocessing::Table {
            scaler: Scaler::fit(scale, x.view())?,
            schema: self.schema.clone(),
            imputer,
        })
    }

    fn encode(
        &self,
        preprocessing: &Preprocessing,
        rows: Option<&[usize]>,
    ) -> Result<MatrixBuf, EstimatorError> {
        let Preprocessing::Table {
            scaler, imputer, ..
        } = preprocessing
        else {
            return Err(EstimatorError::unexpected("a table", "loans"));
        };
        let x = numbers(self, imputer.as_ref(), rows)?;
        Ok(scaler.transform(x.view())?)
    }
}

/// The features of the rows given, missing ones filled in.
fn numbers<'a>(
    data: &'a Dataset,
    imputer: Option<&Imputer>,
    rows: Option<&[usize]>,
) -> Result<Cow<'a, MatrixBuf>, EstimatorError> {
    let none = MissingCells::default();
    let missing = data.missing.as_ref().unwrap_or(&none);
    Ok(match (imputer, rows) {
        (Some(imputer), _) => Cow::Owned(imputer.transform(data.x.view(), missing, rows)?),
        (None, Some(rows)) => Cow::Owned(data.x.view().select_rows(rows)),
        (None, None) => Cow::Borrowed(&data.x),
    })
}

/// Columns of numbers: by their names, else by their place from 1, as in LIBSVM's files.
pub(crate) fn numbered_schema(
    n_features: usize,
    names: Option<Vec<String>>,
    class_names: Option<[String; 2]>,
) -> Result<TableSchema, EstimatorError> {
    let names = names.unwrap_or_else(|| (1..=n_features).map(|i| i.to_string()).collect());
    let column = |name| ColumnSchema {
        name,
        encoding: Encoding::Number,
    };
    Ok(TableSchema::new(
        names.into_iter().map(column).collect(),
        "label".to_owned(),
        class_names.unwrap_or_else(|| ["-1".to_owned(), "1".to_owned()]),
    )?)
}
