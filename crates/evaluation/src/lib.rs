//! Metrics, splits, rank tests and comparison statistics for imbalanced classification.
//!
//! The positive class is the minority (charged-off loans), as everywhere in fuzzysvm. Metrics bear
//! scikit-learn's names and mean what they mean there; two that credit papers call otherwise have
//! their plain names here:
//!
//! | a paper's table says | here | because |
//! | --- | --- | --- |
//! | AUC (of hard labels) | [`balanced_accuracy_score`] | one point of the curve: (recall₊ + recall₋)/2 |
//! | AUC (of scores) | [`roc_auc_score`] | the area under the whole curve, ties ½ |
//! | Precision | [`Metric::PrecisionPaid`]: [`precision_score`] of [`Label::Negative`](fuzzysvm_core::Label) | share truly paid among predicted paid |
//! | Predicted negative condition rate | [`predicted_negative_condition_rate`] | share of loans predicted to default |
//!
//! ```
//! use fuzzysvm_core::Label::{Negative as N, Positive as P};
//! use fuzzysvm_evaluation::{balanced_accuracy_score, precision_score, roc_auc_score};
//!
//! let truth = [P, P, N, N, N, N];
//! let score = [0.9, -0.2, 0.3, -0.2, -0.8, -1.0];
//! let predicted: Vec<_> = score.iter().map(|&s| fuzzysvm_core::Label::from_sign(s)).collect();
//! assert_eq!(balanced_accuracy_score(&truth, &predicted)?, 0.625);
//! assert_eq!(precision_score(&truth, &predicted, N)?, 0.75);
//! assert_eq!(roc_auc_score(&truth, &score)?, 0.8125);
//! # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
//! ```
//!
//! What is undefined is an [`EvaluationError`] (no sample predicted negative has no precision), except
//! where scikit-learn's value is harmless and documented at the function.

mod error;
#[cfg(feature = "laws")]
pub mod laws;
mod metrics;
mod splits;
mod statistics;

pub use error::EvaluationError;
pub use metrics::{
    ConfusionMatrix, GainsRow, KsPoint, Metric, PrecisionRecallCurve, RocCurve, Score, ScoreGroup,
    accuracy_score, average_precision_score, balanced_accuracy_score, brier_score_loss, f1_score,
    gains_table, geometric_mean_score, ks_point, ks_statistic, log_loss, matthews_corrcoef,
    precision_recall_curve, precision_score, predicted_negative_condition_rate, recall_score,
    roc_auc_score, roc_curve, score_groups,
};
pub use splits::{
    Fold, repeated_stratified_k_fold, stratified_draw, stratified_draws, stratified_k_fold,
};
pub use statistics::{
    Band, ControlComparison, CurveBands, Friedman, FriedmanTest, Interval, MeanStd, Nemenyi,
    NullChoice, NullDistribution, PairComparison, Psi, ResampledInterval, ResampledTTest,
    RocAucComparison, RocAucInterval, SignedRank, Wilcoxon, ZeroDifferences, average_ranks,
    bootstrap_interval, bootstrap_mean_interval, bootstrap_mean_intervals, compare_roc_auc,
    compare_with_control, corrected_resampled_jackknife, corrected_resampled_t_test, curve_bands,
    friedman, holm, mean_std, metric_interval, nemenyi, population_stability_index,
    proportion_interval, psi_of_values, quantile, quantile_edges, ranks, roc_auc_interval, tied,
    wilcoxon_signed_rank,
};

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
