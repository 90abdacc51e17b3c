//! What can stop a lending run.

use std::collections::BTreeMap;
use std::fmt;

use fuzzysvm_core::{MatrixError, ParamError, PredictError, SamplesError};
use fuzzysvm_datasets::lending_club::{DropReason, LoanBookError, Month, MonthError};
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
    #[error(
        "{needed} loans are needed for {part}, but only {available} are there{test_from}: {loans}"
    )]
    TooFewLoans {
        /// What they are needed for.
        part: &'static str,
        /// Loans there are.
        available: usize,
        /// Loans asked for.
        needed: usize,
        /// Where the split lies, in words; empty for the random one.
        test_from: String,
        /// What there is, and what would fit.
        loans: Box<Available>,
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
    /// Walk-forward has nothing to decide on.
    #[error(
        "no quarter can be decided on and tested: it takes {known} loans that ended before it and {offered} loans in it, \
         all of them finished"
    )]
    NoQuarter {
        /// The fewest loans that must have ended before a quarter.
        known: usize,
        /// The fewest loans in it.
        offered: usize,
    },
    /// An error about the decision at one quarter.
    #[error("{quarter}: {source}")]
    Quarter {
        /// The quarter.
        quarter: String,
        /// What is wrong.
        source: Box<LendError>,
    },
}

/// The loans that there are where they are too few, and what would fit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Available {
    /// Loans read.
    pub read: usize,
    /// Loans kept.
    pub kept: usize,
    /// How many were left out, by reason.
    pub dropped: BTreeMap<DropReason, usize>,
    /// Sizes of training and test part that the kept loans allow, in the proportion asked for; `None` where there are
    /// not enough for any trial, or where no month leaves room for both parts.
    pub fits: Option<(usize, usize)>,
    /// First month of test loans that leaves room for those sizes, where the split is out of time.
    pub test_from: Option<Month>,
}

impl fmt::Display for Available {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} loans are kept", self.kept, self.read)?;
        for (i, (why, n)) in self.dropped.iter().enumerate() {
            write!(f, "{}{n} {why}", if i == 0 { " (" } else { ", " })?;
        }
        if !self.dropped.is_empty() {
            f.write_str(")")?;
        }
        match (self.fits, self.test_from) {
            (Some((train, test)), None) => {
                write!(f, "; train {train} and test {test} would fit")
            }
            (Some((train, test)), Some(month)) => write!(
                f,
                "; test loans from {month} leave room for train {train} and test {test}"
            ),
            (None, _) => f.write_str("; that is too few for any trial"),
        }
    }
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
            LendError::Quarter { source, .. } => source.location(),
            LendError::Return { file, line, .. } => Some(Location::new(file, *line, 0)),
            _ => None,
        }
    }
}
