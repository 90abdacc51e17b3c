//! DeLong's interval of the area under the ROC curve.

use fuzzysvm_core::Label;
use statrs::distribution::{ContinuousCDF, Normal};

use super::check_level;
use super::ranks::ascending_ranks;
use crate::EvaluationError;
use crate::metrics::split_scores;

/// The area under the ROC curve with its standard error and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RocAucInterval {
    /// The area, as [`roc_auc_score`](crate::roc_auc_score) up to rounding.
    pub auc: f64,
    /// DeLong's standard error.
    pub std_error: f64,
    /// Lower end, cut at 0.
    pub lower: f64,
    /// Upper end, cut at 1.
    pub upper: f64,
}

/// The area with DeLong's variance s²₁₀/n₊ + s²₀₁/n₋ of the placement values and the normal interval
/// cut to [0, 1]. DeLong, DeLong and Clarke-Pearson 1988; the placements come from midranks, so the work
/// is that of sorting.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let i = fuzzysvm_evaluation::roc_auc_interval(&[P, P, N, N, N], &[3.0, 1.0, 2.0, 0.0, -1.0], 0.95)?;
/// assert!((i.auc - 5.0 / 6.0).abs() < 1e-15 && i.upper == 1.0);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`roc_auc_score`](crate::roc_auc_score); where `level` is not strictly between 0 and 1; where a
/// class has a single sample, which has no variance.
pub fn roc_auc_interval(
    truth: &[Label],
    scores: &[f64],
    level: f64,
) -> Result<RocAucInterval, EvaluationError> {
    check_level(level)?;
    let (positive, negative) = split_scores(truth, scores, "the ROC area")?;
    for class in [&positive, &negative] {
        if class.len() < 2 {
            return Err(EvaluationError::TooLittleData {
                test: "DeLong's interval",
                what: "samples of each class",
                needed: 2,
                found: class.len(),
            });
        }
    }
    let (p, n) = (positive.len(), negative.len());
    let all = [positive.as_slice(), negative.as_slice()].concat();
    let (ranks, _) = ascending_ranks(&all);
    // Share of the other class that a sample stands above: its rank among all less that in its class.
    let placements = |own: &[f64], ranks: &[f64], others: usize| -> Vec<f64> {
        let (within, _) = ascending_ranks(own);
        ranks
            .iter()
            .zip(within)
            .map(|(all, own)| (all - own) / others as f64)
            .collect()
    };
    let of_positive = super::mean_std(&placements(&positive, &ranks[..p], n))?;
    let of_negative = super::mean_std(&placements(&negative, &ranks[p..], p))?;
    let auc = of_positive.mean;
    let std_error =
        (of_positive.std.powi(2) / p as f64 + of_negative.std.powi(2) / n as f64).sqrt();
    let half = Normal::standard().inverse_cdf(0.5 + level / 2.0) * std_error;
    Ok(RocAucInterval {
        auc,
        std_error,
        lower: (auc - half).max(0.0),
        upper: (auc + half).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roc_auc_score;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    // v = (pos[:,None] > neg) + .5*(pos[:,None] == neg)
    // se = sqrt(v.mean(1).var(ddof=1)/len(pos) + v.mean(0).var(ddof=1)/len(neg))
    // auc -+ scipy.stats.norm.ppf(.975)*se
    #[test]
    fn values_are_those_of_the_definition() {
        let truth = [P, N, P, N, N, P, N, N, P, N];
        let scores = [0.9, 0.8, 0.7, 0.7, 0.5, 0.4, 0.4, 0.2, 0.1, -0.3];
        let i = roc_auc_interval(&truth, &scores, 0.95).unwrap();
        for (a, b) in [
            (i.auc, 0.5833333333333333),
            (i.std_error, 0.21381672664362017),
            (i.lower, 0.16426024981959203),
            // 1.0024 before the cut.
            (i.upper, 1.0),
        ] {
            assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }

    #[test]
    fn one_sample_of_a_class_has_no_variance() {
        assert!(matches!(
            roc_auc_interval(&[P, N, N], &[1.0, 0.0, 2.0], 0.95),
            Err(EvaluationError::TooLittleData { found: 1, .. })
        ));
        assert!(roc_auc_interval(&[P, P, N, N], &[1.0, 0.0, 2.0, 0.0], 1.0).is_err());
    }

    proptest! {
        #[test]
        fn the_area_is_the_area(
            pairs in proptest::collection::vec((any::<bool>(), (-6i8..6).prop_map(f64::from)), 4..50),
        ) {
            let truth: Vec<Label> = pairs.iter().map(|p| if p.0 { P } else { N }).collect();
            let scores: Vec<f64> = pairs.iter().map(|p| p.1).collect();
            if let Ok(i) = roc_auc_interval(&truth, &scores, 0.9) {
                prop_assert!((i.auc - roc_auc_score(&truth, &scores).unwrap()).abs() < 1e-12);
                prop_assert!(0.0 <= i.lower && i.lower <= i.auc && i.auc <= i.upper && i.upper <= 1.0);
            }
        }
    }
}
