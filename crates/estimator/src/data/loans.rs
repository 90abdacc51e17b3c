//! The finished loans of a loan book.

use std::path::Path;

use fuzzysvm_core::{Label, Matrix, MatrixBuf, ParamError};
use fuzzysvm_datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, ReadOptions, Selected, Selection, Unused,
};
use fuzzysvm_datasets::table::{Scaler, ScalerKind, TargetUse};
use serde::{Deserialize, Serialize};

use crate::error::InFile;
use crate::{Encode, EstimatorError, Preprocessing, Rows};

/// Finished loans with their labels. Samples are counted from 0 in the order of the file; the loans that the
/// selection leaves out have no number.
#[derive(Debug, Clone)]
pub struct LoanData {
    book: LoanBook,
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
}

impl LoanData {
    /// Keeps the finished loans of a book.
    pub fn new(book: LoanBook, selection: &Selection) -> Self {
        let selected = selection.select(&book);
        Self {
            book,
            selection: selection.clone(),
            selected,
        }
    }

    /// Reads a file and keeps finished loans.
    ///
    /// # Errors
    /// A file that cannot be read, or without a finished loan.
    pub fn read(path: &Path, selection: &Selection) -> Result<Self, EstimatorError> {
        let loans = Self::new(LoanBook::read_path(path)?, selection);
        if loans.selected.rows.is_empty() {
            return Err(EstimatorError::unexpected(
                format!("no finished loan among {}", loans.selected.read),
                "at least one of the term asked for",
            ))
            .in_file(path);
        }
        Ok(loans)
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

    /// Reads loans for a fitted model: finished ones where the outcome is asked for, else all of the term, whatever
    /// became of them.
    pub(crate) fn read(&self, path: &Path, target: TargetUse) -> Result<Rows, EstimatorError> {
        let outcome = target == TargetUse::Required;
        let options = ReadOptions {
            features: self.encoder.features().map(str::to_owned).collect(),
            outcome,
            ..ReadOptions::default()
        };
        let book = LoanBook::read_paths(&[path], &options)?;
        let (numbers, y) = if outcome {
            let selected = self.selection.select(&book);
            (selected.rows, Some(selected.labels))
        } else {
            let wanted = |row: &usize| {
                let loan = book.loan(*row);
                self.selection.term.is_none_or(|term| term == loan.term())
                    && (self.selection.include_off_policy || !loan.is_off_policy())
            };
            ((0..book.len()).filter(wanted).collect(), None)
        };
        if numbers.is_empty() {
            return Err(EstimatorError::unexpected(
                "no loan of the term that the model was trained on",
                "at least one",
            ))
            .in_file(path);
        }
        let x = self.encoder.transform(&book, &numbers).in_file(path)?;
        Ok(Rows {
            x: self.scaled(x).in_file(path)?,
            y,
            numbers,
            warnings: Vec::new(),
        })
    }
}
