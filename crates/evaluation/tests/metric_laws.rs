//! The laws on every shipped metric.

use fuzzysvm_core::Label;
use fuzzysvm_evaluation::laws::{
    monotone_transform_does_not_matter, order_does_not_matter, repetition_does_not_matter, within,
};
use fuzzysvm_evaluation::{Metric, average_precision_score, ks_statistic, roc_auc_score};
use proptest::prelude::*;

/// Labels and scores on a coarse lattice, so that ties are common, and a permutation.
fn samples() -> impl Strategy<Value = (Vec<Label>, Vec<f64>, Vec<usize>)> {
    (1usize..40).prop_flat_map(|n| {
        let labels = proptest::collection::vec(
            any::<bool>().prop_map(|p| if p { Label::Positive } else { Label::Negative }),
            n,
        );
        let scores = proptest::collection::vec((-8i8..=8).prop_map(|v| f64::from(v) / 8.0), n);
        (
            labels,
            scores,
            Just((0..n).collect::<Vec<_>>()).prop_shuffle(),
        )
    })
}

fn compute(
    metric: Metric,
    truth: &[Label],
    scores: &[f64],
) -> Result<f64, fuzzysvm_evaluation::EvaluationError> {
    let probability: Vec<f64> = scores.iter().map(|s| (s + 1.0) / 2.0).collect();
    metric.compute(truth, scores, Some(&probability))
}

proptest! {
    #[test]
    fn neither_order_nor_repetition_matters_and_values_are_bounded(
        (truth, scores, permutation) in samples(), k in 2usize..4,
    ) {
        for &metric in Metric::ALL {
            let of = |t: &[Label], s: &[f64]| compute(metric, t, s);
            order_does_not_matter(of, &truth, &scores, &permutation).unwrap();
            repetition_does_not_matter(of, &truth, &scores, k).unwrap();
            let (low, high) = match metric {
                Metric::Mcc => (-1.0, 1.0),
                Metric::LogLoss => (0.0, 36.05),
                _ => (0.0, 1.0),
            };
            within(of, &truth, &scores, low, high).unwrap();
        }
    }

    #[test]
    fn metrics_of_ranks_see_ranks_only((truth, scores, _) in samples()) {
        for metric in [roc_auc_score, average_precision_score, ks_statistic] {
            monotone_transform_does_not_matter(metric, &truth, &scores, |s| s.exp() * 1e6 - 3.0).unwrap();
        }
    }

    #[test]
    fn turning_scores_round_mirrors_the_area((truth, scores, _) in samples()) {
        let turned: Vec<f64> = scores.iter().map(|s| -s).collect();
        if let Ok(area) = roc_auc_score(&truth, &scores) {
            prop_assert!((area + roc_auc_score(&truth, &turned).unwrap() - 1.0).abs() < 1e-15);
            prop_assert!((ks_statistic(&truth, &scores).unwrap() - ks_statistic(&truth, &turned).unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn the_area_of_hard_labels_is_the_balanced_accuracy((truth, scores, _) in samples()) {
        let hard: Vec<f64> = scores.iter().map(|&s| Label::from_sign(s).sign()).collect();
        if let Ok(area) = roc_auc_score(&truth, &hard) {
            let balanced = compute(Metric::BalancedAccuracy, &truth, &scores).unwrap();
            prop_assert!((area - balanced).abs() < 1e-15);
        }
    }
}
