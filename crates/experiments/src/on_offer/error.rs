//! What can stop a list of loans to buy.

use fuzzysvm_calibration::CalibrationError;
use fuzzysvm_core::{MatrixError, ParamError, PredictError};
use fuzzysvm_datasets::table::Location;
use fuzzysvm_estimator::EstimatorError;
use fuzzysvm_evaluation::EvaluationError;
use fuzzysvm_portfolio::PortfolioError;

use crate::lend::LendError;

/// Why loans on offer could not be scored or bought.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnOfferError {
    /// A setting outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// A model that forecasts no returns.
    #[error(
        "found {found}, expected one that `fuzzysvm lend --save`, or `fuzzysvm train --calibrate` on a loan book, wrote"
    )]
    NoForecast {
        /// What it is.
        found: &'static str,
    },
    /// A model file that holds no such model.
    #[error("{file}: {source}")]
    InFile {
        /// The file.
        file: String,
        /// What is wrong with it.
        source: Box<OnOfferError>,
    },
    /// What is kept beside the model cannot be what a fit wrote.
    #[error("what forecasts returns is damaged: {what}")]
    Damaged {
        /// What is wrong with it.
        what: String,
    },
    /// A cap on groups by a column that the loans do not have.
    #[error("found no column {column} among the loans, expected one to group them by")]
    NoGroup {
        /// The column.
        column: &'static str,
    },
    /// Scores and loans that do not go together.
    #[error(
        "found a score of loan {row} where there are {loans} loans, expected scores of these loans"
    )]
    OtherOffer {
        /// The row of the loan, counted from 0.
        row: usize,
        /// Loans there are.
        loans: usize,
    },
    /// A place among the scored loans that there is not.
    #[error("found the place {place} among {scored} scored loans, expected one of them")]
    NoPlace {
        /// The place, counted from 0.
        place: usize,
        /// Loans that were scored.
        scored: usize,
    },
    /// Training loans that returns cannot be learnt from.
    #[error(transparent)]
    Lend(#[from] LendError),
    /// Loans that cannot be read, encoded or scored.
    #[error(transparent)]
    Estimator(#[from] EstimatorError),
    /// A prediction failed.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// Probabilities are impossible.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// A forecast or an allocation is impossible.
    #[error(transparent)]
    Portfolio(#[from] PortfolioError),
    /// A quantile or an index is impossible.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// A number that is not finite.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
}

impl OnOfferError {
    /// The place in a file that it is about, where it is about one; line 0 is the whole file.
    pub fn location(&self) -> Option<Location> {
        match self {
            OnOfferError::InFile { file, .. } => Some(Location::new(file, 0, 0)),
            OnOfferError::Estimator(e) => e.location(),
            OnOfferError::Lend(e) => e.location(),
            _ => None,
        }
    }
}
