//! What can stop a comparison, or leave a data set out of it.

use fuzzysvm_core::quote::quoted;
use fuzzysvm_core::{ParamError, PredictError, SamplesError};
use fuzzysvm_evaluation::EvaluationError;

use super::Skipped;
use fuzzysvm_estimator::EstimatorError;

/// Why a comparison could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// A setting outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// Nothing to compare on.
    #[error("there is no data set to compare the methods on")]
    NoSets,
    /// Two data sets have the same name.
    #[error("two data sets are called {}", quoted(.name))]
    SameName {
        /// The name.
        name: String,
    },
    /// The control is none of the methods.
    #[error("the control {control} is none of the methods compared")]
    ControlNotCompared {
        /// The name of the control.
        control: String,
    },
    /// No data set is left.
    #[error("{}", none_left(.skipped))]
    NoneLeft {
        /// All of them, with the reasons.
        skipped: Vec<Skipped>,
    },
    /// No file can be read.
    #[error("{message}")]
    NoneReadable {
        /// What is wrong with the first one, which it names, and how many more there are.
        message: String,
    },
    /// A test of significance is impossible.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
}

pub(super) fn and_more(more: usize) -> String {
    match more {
        0 => String::new(),
        n => format!(" (and {n} more: no data set is left)"),
    }
}

fn none_left(skipped: &[Skipped]) -> String {
    match skipped {
        [] => "no data set is left".to_owned(),
        [only] => format!("{}: {}", only.source, only.reason),
        [first, rest @ ..] => {
            let more = and_more(rest.len());
            format!("{}: {}{more}", first.source, first.reason)
        }
    }
}

/// Why a data set cannot take part.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// It cannot be split.
    #[error("{folds} folds: {source}")]
    Split {
        /// Folds asked for.
        folds: usize,
        /// What is wrong.
        source: EvaluationError,
    },
    /// It is another one again.
    #[error("the same samples as {first}: they count once")]
    Same {
        /// Where the first one comes from.
        first: String,
    },
    /// There is no such set, or it has no such unit.
    #[error("there is no unit {unit} of set {set}")]
    NoUnit {
        /// The set's place.
        set: usize,
        /// The unit's number.
        unit: usize,
    },
    /// A unit of it cannot be computed.
    #[error("repetition {}, fold {}: {source}", .repeat + 1, .fold + 1)]
    Unit {
        /// Zero-based repetition.
        repeat: usize,
        /// Zero-based fold.
        fold: usize,
        /// What is wrong.
        source: UnitError,
    },
}

/// Why one fold of one repetition cannot be computed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// The training part cannot be split for tuning.
    #[error("{inner_folds} inner folds: {source}")]
    InnerSplit {
        /// Inner folds asked for.
        inner_folds: usize,
        /// What is wrong.
        source: EvaluationError,
    },
    /// Samples that allow no fit.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// The features cannot be scaled, or a method cannot be tuned or fitted.
    #[error(transparent)]
    Method(#[from] EstimatorError),
    /// The test part could not be scored.
    #[error("{method}: {source}")]
    Predict {
        /// The method.
        method: String,
        /// What is wrong.
        source: PredictError,
    },
    /// A metric of the test part is not defined.
    #[error("{method}: {source}")]
    Metric {
        /// The method.
        method: String,
        /// What is wrong.
        source: EvaluationError,
    },
}

impl UnitError {
    /// Names the inner folds where it is they that cannot be made.
    pub(super) fn of_inner_folds(inner_folds: usize, e: EstimatorError) -> Self {
        match e {
            EstimatorError::Evaluation(source) => UnitError::InnerSplit {
                inner_folds,
                source,
            },
            other => other.into(),
        }
    }
}
