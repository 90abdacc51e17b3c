//! Metrics, one file per family.

mod confusion;
mod kind;
mod labels;
mod probability;
mod ranking;

pub use confusion::ConfusionMatrix;
pub use kind::{Metric, Score};
pub use labels::{
    accuracy_score, balanced_accuracy_score, f1_score, geometric_mean_score, matthews_corrcoef,
    precision_score, predicted_negative_condition_rate, recall_score,
};
pub use probability::{brier_score_loss, log_loss};
pub(crate) use ranking::split_scores;
pub use ranking::{average_precision_score, ks_statistic, roc_auc_score};

use fuzzysvm_core::Label;

use crate::EvaluationError;

/// As many values as labels, at least one.
pub(crate) fn check_lengths(
    truth: &[Label],
    what: &'static str,
    found: usize,
) -> Result<(), EvaluationError> {
    if truth.len() != found {
        return Err(EvaluationError::LengthMismatch {
            what,
            expected: truth.len(),
            found,
        });
    }
    if truth.is_empty() {
        return Err(EvaluationError::Empty {
            what: "the list of true labels",
        });
    }
    Ok(())
}
