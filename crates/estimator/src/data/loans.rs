//! The finished loans of a loan book.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use fuzzysvm_core::{Label, Matrix, MatrixBuf, ParamError};
use fuzzysvm_datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, Loan, LoanBook, LoanBookError, Month, Need, ReadOptions,
    Selected, Selection, Unused,
};
use fuzzysvm_datasets::table::{Scaler, ScalerKind, TargetUse};
use fuzzysvm_datasets::{EncodedColumns, FeatureValue, Input};
use serde::{Deserialize, Serialize};

use crate::error::InFile;
use crate::{Encode, EstimatorError, Preprocessing, Rows, Warning};

/// Finished loans with their labels. Samples are counted from 0 in the order of the file; the loans that the
/// selection leaves out have no number.
#[derive(Debug, Clone)]
pub struct LoanData {
    book: Arc<LoanBook>,
    selection: Selection,
    selected: Selected,
}

/// What turns loans into features; kept in the model file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanEncoding {
    selection: Selection,
    encoder: FeatureEncoder,
    scaler: Scaler,
    /// Month of the last training loan; not in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_issue: Option<Month>,
}

/// How a file of loans is read for a fitted model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoanFileOptions {
    /// Names of columns in the file, each with Lending Club's name for it.
    pub columns: BTreeMap<String, String>,
    /// The month as of which loans on offer are scored, where the file has neither `issue_d` nor `list_d`: credit
    /// histories are counted to it. `None` takes the month of the last training loan.
    pub as_of: Option<Month>,
    /// The column that names the loans, which must be there; `None` takes `id` where it is there.
    pub id: Option<String>,
    /// Columns of categories by which the loans can be grouped, kept where they are there.
    pub groups: Vec<String>,
}

impl LoanFileOptions {
    /// The same with these names of columns.
    #[must_use]
    pub fn with_columns(mut self, columns: BTreeMap<String, String>) -> Self {
        self.columns = columns;
        self
    }

    /// The same with this month.
    #[must_use]
    pub fn with_as_of(mut self, as_of: Option<Month>) -> Self {
        self.as_of = as_of;
        self
    }

    /// The same with this column of names.
    #[must_use]
    pub fn with_id(mut self, id: Option<String>) -> Self {
        self.id = id;
        self
    }

    /// The same with these columns of categories.
    #[must_use]
    pub fn with_groups(mut self, groups: Vec<String>) -> Self {
        self.groups = groups;
        self
    }
}

/// Why a loan of a file is not scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NotScored {
    /// The model was trained on loans of another term.
    OtherTerm {
        /// Months of the loan.
        term: u32,
        /// Months of the training loans.
        trained_on: u32,
    },
    /// It does not meet the credit policy, as the training loans do.
    OffPolicy,
}

impl fmt::Display for NotScored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotScored::OtherTerm { term, trained_on } => {
                write!(f, "term of {term} months, the model is for {trained_on}")
            }
            NotScored::OffPolicy => f.write_str("does not meet the credit policy"),
        }
    }
}

/// The loans of a file, read for a fitted model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LoanRows {
    /// Those that are scored.
    pub rows: Rows,
    /// What every loan of the file is called; empty where it has no name.
    pub names: Vec<String>,
    /// Of every loan of the file why it is not scored; `None` where it is. Of a file read with outcomes, loans that
    /// are not finished have no reason here.
    pub not_scored: Vec<Option<NotScored>>,
}

impl LoanRows {
    /// How many loans are not scored, by reason.
    pub fn counts(&self) -> BTreeMap<NotScored, usize> {
        let mut counts = BTreeMap::new();
        for &why in self.not_scored.iter().flatten() {
            *counts.entry(why).or_default() += 1;
        }
        counts
    }
}

impl LoanData {
    /// Keeps the finished loans of a book.
    pub fn new(book: LoanBook, selection: &Selection) -> Self {
        let selected = selection.select(&book);
        Self {
            book: Arc::new(book),
            selection: selection.clone(),
            selected,
        }
    }

    /// These samples alone, in this order, as a fit on a part of the loans takes them; the book is shared.
    ///
    /// # Errors
    /// A sample past the end.
    pub fn subset(&self, samples: &[usize]) -> Result<Self, EstimatorError> {
        let n = self.selected.rows.len();
        if let Some(sample) = samples.iter().find(|&&sample| sample >= n) {
            return Err(EstimatorError::unexpected(
                format!("sample {sample} of {n}"),
                "one that there is",
            ));
        }
        let mut selected = self.selected.clone();
        selected.rows = self.book_rows(Some(samples));
        selected.labels = samples.iter().map(|&i| self.selected.labels[i]).collect();
        Ok(Self {
            book: Arc::clone(&self.book),
            selection: self.selection.clone(),
            selected,
        })
    }

    /// Reads a file and keeps finished loans.
    ///
    /// # Errors
    /// A file that cannot be read, or without a finished loan.
    pub fn read(path: &Path, selection: &Selection) -> Result<Self, EstimatorError> {
        Self::read_with(path, selection, &BTreeMap::new())
    }

    /// As [`LoanData::read`], with the file's names for columns, each with Lending Club's name for it.
    ///
    /// # Errors
    /// As [`LoanData::read`].
    pub fn read_with(
        path: &Path,
        selection: &Selection,
        columns: &BTreeMap<String, String>,
    ) -> Result<Self, EstimatorError> {
        Self::read_input(open(path)?, selection, columns)
    }

    /// As [`LoanData::read_with`], from what is open already.
    ///
    /// # Errors
    /// As [`LoanData::read`].
    pub fn read_input(
        input: Input,
        selection: &Selection,
        columns: &BTreeMap<String, String>,
    ) -> Result<Self, EstimatorError> {
        let options = ReadOptions {
            columns: columns.clone(),
            ..ReadOptions::default()
        };
        let path = input.path().to_path_buf();
        let loans = Self::new(LoanBook::read_input(input, options)?, selection);
        if loans.selected.rows.is_empty() {
            return Err(EstimatorError::unexpected(
                format!("no loan to keep {}", in_words(&loans.selected)),
                "at least one that is finished and of the term asked for",
            ))
            .in_file(&path);
        }
        Ok(loans)
    }

    /// What is legal in the files and may still not be meant.
    pub fn warnings(&self) -> Vec<Warning> {
        repeated(&self.book).into_iter().collect()
    }

    /// The book, with the loans that were left out.
    pub fn book(&self) -> &LoanBook {
        &self.book
    }

    /// What was kept, and what was left out and why.
    pub fn selected(&self) -> &Selected {
        &self.selected
    }

    /// The selection.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The classes of the kept loans.
    pub fn y(&self) -> &[Label] {
        &self.selected.labels
    }

    /// What the classes are called.
    pub fn class_names() -> [String; 2] {
        ["Fully Paid".to_owned(), "Charged Off".to_owned()]
    }

    /// The rows of the book behind sample numbers, all where `None`.
    pub fn book_rows(&self, samples: Option<&[usize]>) -> Vec<usize> {
        match samples {
            None => self.selected.rows.clone(),
            Some(samples) => samples.iter().map(|&i| self.selected.rows[i]).collect(),
        }
    }
}

/// Opens a file of loans, with the errors of such files.
fn open(path: &Path) -> Result<Input, EstimatorError> {
    Ok(Input::open(path).map_err(LoanBookError::from)?)
}

fn repeated(book: &LoanBook) -> Option<Warning> {
    let n = book.n_repeated();
    (n > 0).then_some(Warning::RepeatedLoans { n })
}

/// `of 40 loans (30 another term, 10 not finished: current)`
fn in_words(selected: &Selected) -> String {
    let reasons = selected.dropped.iter().map(|(why, n)| format!("{n} {why}"));
    let reasons: Vec<String> = reasons.collect();
    format!("of {} loans ({})", selected.read, reasons.join(", "))
}

impl Encode for LoanData {
    fn y(&self) -> &[Label] {
        LoanData::y(self)
    }

    /// The features are standardised by the encoder, so that the scaling `none` does not apply.
    fn learn(
        &self,
        samples: Option<&[usize]>,
        scale: ScalerKind,
    ) -> Result<Preprocessing, EstimatorError> {
        let rows = self.book_rows(samples);
        let encoder = FeatureEncoder::fit(&self.book, &rows, DEFAULT_FEATURES)?;
        let scaler = match scale {
            ScalerKind::Standard => identity(encoder.n_features())?,
            ScalerKind::MinMax => {
                let x = encoder.transform(&self.book, &rows)?;
                Scaler::fit(ScalerKind::MinMax, x.view())?
            }
            _ => return Err(does_not_apply(scale).into()),
        };
        Ok(Preprocessing::LendingClub(LoanEncoding {
            selection: self.selection.clone(),
            encoder,
            scaler,
            last_issue: rows
                .iter()
                .map(|&row| self.book.loan(row).issue_month())
                .max(),
        }))
    }

    fn encode(
        &self,
        preprocessing: &Preprocessing,
        samples: Option<&[usize]>,
    ) -> Result<MatrixBuf, EstimatorError> {
        let Preprocessing::LendingClub(encoding) = preprocessing else {
            return Err(EstimatorError::unexpected("loans", "a table"));
        };
        let rows = self.book_rows(samples);
        let x = encoding.encoder.transform(&self.book, &rows)?;
        encoding.scaled(x)
    }
}

fn does_not_apply(scale: ScalerKind) -> ParamError {
    ParamError::new(
        "scale",
        scale,
        "must be standard or minmax for Lending Club files, whose features are standardised",
    )
}

/// A scaler that leaves `n` features as they are.
fn identity(n: usize) -> Result<Scaler, EstimatorError> {
    let any_row = vec![0.0; n];
    Ok(Scaler::fit(ScalerKind::None, Matrix::new(&any_row, n)?)?)
}

impl LoanEncoding {
    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.scaler.n_features()
    }

    /// One name per feature.
    pub fn feature_names(&self) -> Vec<String> {
        self.encoder.feature_names()
    }

    /// The features used, each with the encoded columns that it became.
    pub(crate) fn encoded_columns(&self) -> Vec<(&str, EncodedColumns)> {
        self.encoder.encoded_columns()
    }

    /// What an encoded row says of a feature.
    pub(crate) fn value_of(&self, feature: usize, encoded: &[f64]) -> Option<FeatureValue> {
        let cells = encoded.iter().enumerate();
        let unscaled = cells.map(|(column, &cell)| self.scaler.unscaled(column, cell));
        self.encoder
            .value_of(feature, &unscaled.collect::<Option<Vec<_>>>()?)
    }

    /// Names of the features used, as they stand in the file.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.encoder.features()
    }

    /// Features that could have been used, with the reason why they are not.
    pub fn unused(&self) -> &[(String, Unused)] {
        self.encoder.unused()
    }

    /// Whether encoder and scaler fit together.
    pub(crate) fn check(&self) -> Result<(), EstimatorError> {
        let (encoded, scaled) = (self.encoder.n_features(), self.scaler.n_features());
        if encoded == scaled {
            return Ok(());
        }
        Err(EstimatorError::unexpected(
            format!("a scaler of {scaled} features beside an encoder of {encoded}"),
            "as many",
        ))
    }

    fn scaled(&self, x: MatrixBuf) -> Result<MatrixBuf, EstimatorError> {
        Ok(self.scaler.transform(x.view())?)
    }

    /// Month of the last training loan; `None` in a model file of an earlier version.
    pub fn last_issue(&self) -> Option<Month> {
        self.last_issue
    }

    /// Reads the loans of a file for a fitted model: with [`TargetUse::Required`] those that are finished, with
    /// their classes; otherwise all that the model is for, whatever became of them. For these, the columns of
    /// outcomes may be absent or empty.
    ///
    /// # Errors
    /// A file that cannot be read or lacks columns, or without a loan that the model is for.
    pub fn read_loans(
        &self,
        path: &Path,
        target: TargetUse,
        options: &LoanFileOptions,
    ) -> Result<LoanRows, EstimatorError> {
        self.read_loans_of(open(path)?, target, options)
    }

    /// As [`LoanEncoding::read_loans`], from what is open already.
    ///
    /// # Errors
    /// As [`LoanEncoding::read_loans`].
    pub fn read_loans_of(
        &self,
        input: Input,
        target: TargetUse,
        options: &LoanFileOptions,
    ) -> Result<LoanRows, EstimatorError> {
        let path = &input.path().to_path_buf();
        let outcome = target == TargetUse::Required;
        let book = self.read_book(input, outcome, options)?;
        let mut warnings = Vec::new();
        let not_scored: Vec<Option<NotScored>> = book.loans().map(|l| self.refuses(l)).collect();
        let (numbers, y) = if outcome {
            warnings.extend(repeated(&book));
            let selected = self.selection.select(&book);
            (selected.rows, Some(selected.labels))
        } else {
            warnings.extend(self.undated(&book, options));
            let scored = |&row: &usize| not_scored[row].is_none();
            ((0..book.len()).filter(scored).collect(), None)
        };
        let names = book.loans().map(|loan| loan.name().to_owned()).collect();
        if numbers.is_empty() {
            let found = if outcome {
                format!(
                    "no loan to keep {}",
                    in_words(&self.selection.select(&book))
                )
            } else {
                let why = not_scored.iter().flatten().next();
                let why = why.map_or(String::new(), |why| format!(", the first: {why}"));
                format!("no loan that the model is for among {}{why}", book.len())
            };
            return Err(EstimatorError::unexpected(found, "at least one")).in_file(path);
        }
        let x = self.encoder.transform(&book, &numbers).in_file(path)?;
        Ok(LoanRows {
            rows: Rows {
                x: self.scaled(x).in_file(path)?,
                y,
                numbers,
                warnings,
            },
            names,
            not_scored,
        })
    }

    /// Reads a file with the columns of the features.
    fn read_book(
        &self,
        input: Input,
        outcome: bool,
        options: &LoanFileOptions,
    ) -> Result<LoanBook, EstimatorError> {
        let id = options.id.clone();
        // All that is absent is named at once.
        let columns = self.encoder.columns();
        let needs = columns.map(|column| Need::new(column, "the model"));
        let needs = needs.chain(id.iter().map(|id| Need::new(id, "the names of the loans")));
        let read = ReadOptions {
            features: self.encoder.features().map(str::to_owned).collect(),
            outcome,
            needs: needs.collect(),
            columns: options.columns.clone(),
            groups: options.groups.clone(),
            id: Some(id.clone().unwrap_or_else(|| "id".to_owned())),
            as_of: options.as_of.or(self.last_issue),
            ..ReadOptions::default()
        };
        Ok(LoanBook::read_input(input, read)?)
    }

    /// The warning that credit histories are counted to the last month of training, where they are.
    fn undated(&self, book: &LoanBook, options: &LoanFileOptions) -> Option<Warning> {
        let dated = |loan: Loan<'_>| loan.has_column("issue_d") || loan.has_column("list_d");
        match (options.as_of, self.last_issue) {
            (None, Some(month)) if !book.loans().all(dated) => Some(Warning::AsOf { month }),
            _ => None,
        }
    }

    /// Reads the loans of a file whatever became of them, without encoding them: for files of which not all encoded rows
    /// need be in memory at once. With what is legal in the file and may still not be meant.
    ///
    /// # Errors
    /// A file that cannot be read or lacks columns.
    pub fn read_on_offer(
        &self,
        path: &Path,
        options: &LoanFileOptions,
    ) -> Result<(LoanBook, Vec<Warning>), EstimatorError> {
        let book = self.read_book(open(path)?, false, options)?;
        let warnings = self.undated(&book, options).into_iter().collect();
        Ok((book, warnings))
    }

    /// The encoded rows of a book that [`LoanEncoding::read_on_offer`] read.
    ///
    /// # Errors
    /// A book without the columns of the features, and rows past its end.
    pub fn encode_rows(
        &self,
        book: &LoanBook,
        rows: &[usize],
    ) -> Result<MatrixBuf, EstimatorError> {
        self.scaled(self.encoder.transform(book, rows)?)
    }

    /// The first category of a loan that no training loan had, with its feature.
    pub fn unseen_category<'a>(&'a self, loan: Loan<'a>) -> Option<(&'a str, &'a str)> {
        self.encoder.unseen_category(loan)
    }

    /// Why the model is not for a loan; `None` where it is.
    pub fn refuses(&self, loan: Loan<'_>) -> Option<NotScored> {
        let term = loan.term();
        match self.selection.term {
            _ if loan.is_off_policy() && !self.selection.include_off_policy => {
                Some(NotScored::OffPolicy)
            }
            Some(trained_on) if trained_on != term => {
                Some(NotScored::OtherTerm { term, trained_on })
            }
            _ => None,
        }
    }
}
