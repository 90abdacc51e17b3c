//! What can stop a lending run.

use fuzzysvm_core::{MatrixError, ParamError, PredictError, SamplesError};
use fuzzysvm_datasets::lending_club::{LoanBookError, MonthError};
use fuzzysvm_datasets::table::Location;
use fuzzysvm_evaluation::EvaluationError;
use fuzzysvm_portfolio::PortfolioError;

use fuzzysvm_estimator::EstimatorError;

/// Why a lending run could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LendError {
    /// A setting outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The loans could not be read or encoded.
    #[error(transparent)]
    Loans(#[from] LoanBookError),
    /// `--test-from` is no month.
    #[error("--test-from: {source}")]
    TestFrom {
        /// What is wrong with it.
        source: MonthError,
    },
    /// Not enough loans to draw from.
    #[error("{needed} loans are needed for {part}, but only {available} are there{test_from}")]
    TooFewLoans {
        /// What they are needed for.
        part: &'static str,
        /// Loans there are.
        available: usize,
        /// Loans asked for.
        needed: usize,
        /// Where the split lies, in words; empty for the random one.
        test_from: String,
    },
    /// A draw or a metric is impossible.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// A matrix is not finite.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
    /// Samples that allow no fit.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// Loans cannot be encoded, or a method cannot be tuned or fitted.
    #[error(transparent)]
    Method(#[from] EstimatorError),
    /// A prediction failed.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// A return, a forecast or an allocation is impossible.
    #[error(transparent)]
    Portfolio(#[from] PortfolioError),
    /// A loan's return is not defined.
    #[error("{file}, line {line}: the return of this loan: {source}")]
    Return {
        /// File of the loan.
        file: String,
        /// Line in it.
        line: u64,
        /// What is wrong.
        source: PortfolioError,
    },
}

impl LendError {
    /// Where in a file it is, where the error is about a file.
    pub fn location(&self) -> Option<Location> {
        match self {
            LendError::Loans(e) => {
                let (file, line) = e.location()?;
                Some(Location::new(file, line, 0))
            }
            LendError::Method(e) => e.location(),
            LendError::Return { file, line, .. } => Some(Location::new(file, *line, 0)),
            _ => None,
        }
    }
}
