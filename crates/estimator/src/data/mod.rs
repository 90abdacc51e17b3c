//! Samples with their classes, before they are encoded: a table or a loan book.

mod loans;

use std::path::Path;

use fuzzysvm_core::{ClassCounts, Label, MatrixBuf};
use fuzzysvm_datasets::lending_club::{Selection, is_loan_book};
use fuzzysvm_datasets::table::{
    self, ColumnSchema, Dataset, Encoding, ReadOptions, Scaler, ScalerKind, TableSchema,
};

use crate::{Copies, EstimatorError, Preprocessing, Warning};
pub use loans::{LoanData, LoanEncoding};

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
    /// The target column of a table; `None` takes KEEL's `@outputs` or the last column.
    pub target: Option<String>,
    /// The class of a table that is positive; `None` takes the rarer one.
    pub positive: Option<String>,
    /// Which loans of a loan book are kept.
    pub selection: Selection,
}

impl DataOptions {
    /// The same with this target column.
    #[must_use]
    pub fn with_target(mut self, target: Option<String>) -> Self {
        self.target = target;
        self
    }

    /// The same with this positive class.
    #[must_use]
    pub fn with_positive(mut self, positive: Option<String>) -> Self {
        self.positive = positive;
        self
    }

    /// The same with this selection of loans.
    #[must_use]
    pub fn with_selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }
}

impl Data {
    /// Reads a file: a CSV with Lending Club's columns as a loan book, everything else as a table by its extension.
    ///
    /// # Errors
    /// [`EstimatorError`] with file, line and column where there is a place to name.
    pub fn read(path: impl AsRef<Path>, options: &DataOptions) -> Result<Self, EstimatorError> {
        let path = path.as_ref();
        if is_loan_book(path) {
            return Ok(Data::Loans(Box::new(LoanData::read(
                path,
                &options.selection,
            )?)));
        }
        let options = ReadOptions {
            target: options.target.clone(),
            positive: options.positive.clone(),
        };
        Ok(Data::Table(Box::new(table::read(path, &options)?)))
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

    /// Where each sample stands in the file: its row, from 0.
    pub fn row_numbers(&self) -> Vec<usize> {
        match self {
            Data::Table(data) => (0..data.y.len()).collect(),
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
            Data::Loans(_) => Vec::new(),
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

    fn learn(
        &self,
        rows: Option<&[usize]>,
        scale: ScalerKind,
    ) -> Result<Preprocessing, EstimatorError> {
        let scaler = match rows {
            None => Scaler::fit(scale, self.x.view())?,
            Some(rows) => Scaler::fit(scale, self.x.view().select_rows(rows).view())?,
        };
        let schema = self.schema.clone();
        Ok(Preprocessing::Table { schema, scaler })
    }

    fn encode(
        &self,
        preprocessing: &Preprocessing,
        rows: Option<&[usize]>,
    ) -> Result<MatrixBuf, EstimatorError> {
        let Preprocessing::Table { scaler, .. } = preprocessing else {
            return Err(EstimatorError::unexpected("a table", "loans"));
        };
        Ok(match rows {
            None => scaler.transform(self.x.view())?,
            Some(rows) => scaler.transform(self.x.view().select_rows(rows).view())?,
        })
    }
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
