//! What can stop the tuning or the fit of a method.

use fuzzysvm_core::{PredictError, SamplesError};
use fuzzysvm_evaluation::EvaluationError;
use fuzzysvm_membership::MembershipError;
use fuzzysvm_svm::SvmError;

use super::LearnerError;

/// Why a method could not be tuned or fitted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MethodError {
    /// A membership could not be computed.
    #[error("{method}{}: {source}", in_fold(*.fold))]
    Membership {
        /// The method.
        method: &'static str,
        /// Zero-based inner fold; `None` where all training samples were used.
        fold: Option<usize>,
        /// What is wrong.
        source: MembershipError,
    },
    /// A search or a fit of the support vector classifier failed.
    #[error(transparent)]
    Svm(#[from] SvmError),
    /// Samples that allow no fit.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// A prediction failed.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// A score is not defined.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// Another learner could not be fitted.
    #[error("{method}{}: {source}", in_brackets(.setting))]
    Learner {
        /// The method.
        method: &'static str,
        /// Its setting in words.
        setting: String,
        /// What it says.
        source: LearnerError,
    },
}

fn in_fold(fold: Option<usize>) -> String {
    fold.map_or_else(String::new, |f| format!(", inner fold {}", f + 1))
}

fn in_brackets(setting: &str) -> String {
    if setting.is_empty() {
        String::new()
    } else {
        format!(" ({setting})")
    }
}
