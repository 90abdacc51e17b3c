//! Metrics, one file per family.

mod confusion;
mod gains;
mod kind;
mod ks_point;
mod labels;
mod precision_recall_curve;
mod probability;
mod ranking;
mod roc_curve;

pub use confusion::ConfusionMatrix;
pub use gains::{GainsRow, ScoreGroup, gains_table, score_groups};
pub use kind::{Metric, Score};
pub use ks_point::{KsPoint, ks_point};
pub use labels::{
    accuracy_score, balanced_accuracy_score, f1_score, geometric_mean_score, matthews_corrcoef,
    precision_score, predicted_negative_condition_rate, recall_score,
};
pub use precision_recall_curve::{PrecisionRecallCurve, precision_recall_curve};
pub(crate) use precision_recall_curve::{precision_at, shares};
pub use probability::{brier_score_loss, log_loss};
pub(crate) use ranking::{DescendingTies, descending_groups, split_scores, totals};
pub use ranking::{average_precision_score, ks_statistic, roc_auc_score};
pub use roc_curve::{RocCurve, roc_curve};
pub(crate) use roc_curve::{rates, tpr_at};

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
