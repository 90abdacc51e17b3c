//! DeLong's interval of the area under the ROC curve.

use fuzzysvm_core::Label;
use statrs::distribution::{ContinuousCDF, Normal};

use super::ranks::ascending_ranks;
use super::{check_level, mean_std, two_sided_normal};
use crate::EvaluationError;
use crate::metrics::split_scores;

/// The area under the ROC curve with its standard error and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
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
/// class has a single sample, which has no variance; [`EvaluationError::NoVariance`] where the classes are separated without
/// a mistake or all scores tie: every placement value of a class is then the same, and the estimated variance is 0, which
/// the true one is not.
pub fn roc_auc_interval(
    truth: &[Label],
    scores: &[f64],
    level: f64,
) -> Result<RocAucInterval, EvaluationError> {
    check_level(level)?;
    let placements = Placements::of(truth, scores)?;
    let (auc, std_error) = placements.mean_and_error()?;
    if std_error == 0.0 {
        return Err(EvaluationError::NoVariance {
            what: "the ROC area",
            why: "DeLong's variance is 0, as all samples of a class rank alike among the other class",
            n_defined: 0,
        });
    }
    let half = Normal::standard().inverse_cdf(0.5 + level / 2.0) * std_error;
    Ok(RocAucInterval {
        auc,
        std_error,
        lower: (auc - half).max(0.0),
        upper: (auc + half).min(1.0),
    })
}

/// Placement values: for a positive sample the number of negative ones that score below it, for a negative sample the
/// number of positive ones that score above it, ties ½. Halves of whole numbers, so sums and differences are exact.
struct Placements {
    positive: Vec<f64>,
    negative: Vec<f64>,
}

impl Placements {
    fn of(truth: &[Label], scores: &[f64]) -> Result<Self, EvaluationError> {
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
        let p = positive.len();
        let all = [positive.as_slice(), negative.as_slice()].concat();
        // What ties but for rounding was made equal, as in `roc_auc_score`: the two areas must be one.
        let (ranks, _) = ascending_ranks(&all, |_| 0.0);
        // How many of the other class a sample stands above: its rank among all less that in its class.
        let above = |own: &[f64], ranks: &[f64]| -> Vec<f64> {
            let (within, _) = ascending_ranks(own, |_| 0.0);
            ranks
                .iter()
                .zip(within)
                .map(|(all, own)| all - own)
                .collect()
        };
        Ok(Self {
            positive: above(&positive, &ranks[..p]),
            negative: above(&negative, &ranks[p..])
                .into_iter()
                .map(|below| p as f64 - below)
                .collect(),
        })
    }

    /// Sample by sample.
    fn minus(&self, other: &Self) -> Self {
        let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
        Self {
            positive: minus(&self.positive, &other.positive),
            negative: minus(&self.negative, &other.negative),
        }
    }

    /// The area, or the difference of two, and its standard error; an error of exactly 0 where neither class varies.
    fn mean_and_error(&self) -> Result<(f64, f64), EvaluationError> {
        let (p, n) = (self.positive.len() as f64, self.negative.len() as f64);
        // Rounding in the mean must not make a variance of values that are all the same.
        let variance = |values: &[f64], others: f64| -> Result<f64, EvaluationError> {
            let same = values.iter().all(|v| *v == values[0]);
            let std = if same { 0.0 } else { mean_std(values)?.std };
            Ok((std / others).powi(2) / values.len() as f64)
        };
        let std_error = (variance(&self.positive, n)? + variance(&self.negative, p)?).sqrt();
        let area = self.positive.iter().sum::<f64>() / (p * n);
        Ok((area, std_error))
    }
}

/// Two areas on the same samples.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RocAucComparison {
    /// The area of the first scores.
    pub first: f64,
    /// The area of the second scores.
    pub second: f64,
    /// first − second.
    pub difference: f64,
    /// DeLong's standard error of the difference, which accounts for the samples being the same.
    pub std_error: f64,
    /// difference/std_error; 0 where both are 0.
    pub z: f64,
    /// Two-sided p-value of the normal distribution; 1 where both are 0.
    pub p_value: f64,
    /// Lower end of the difference's interval, which has no width where both scores rank all samples alike.
    pub lower: f64,
    /// Upper end of it.
    pub upper: f64,
}

/// DeLong's test of "both scores rank equally well" on the same samples: the difference of the areas over the
/// standard error from the differences of the placement values, sample by sample. DeLong, DeLong and Clarke-Pearson 1988.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let truth = [P, P, P, N, N, N];
/// let test = fuzzysvm_evaluation::compare_roc_auc(
///     &truth, &[3.0, 2.0, 5.0, 1.0, 0.0, 4.0], &[3.0, 2.0, 1.0, 0.0, 5.0, 4.0], 0.95)?;
/// assert!((test.difference - (7.0 - 3.0) / 9.0).abs() < 1e-15);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// Scores that rank all samples alike do not differ: p = 1.
///
/// # Errors
/// As [`roc_auc_interval`]; [`EvaluationError::NoVariance`] where the areas differ and the estimated variance is 0, as
/// between a constant score and one that separates the classes: there is no p-value, and least of all one of 0.
pub fn compare_roc_auc(
    truth: &[Label],
    first: &[f64],
    second: &[f64],
    level: f64,
) -> Result<RocAucComparison, EvaluationError> {
    check_level(level)?;
    let (a, b) = (
        Placements::of(truth, first)?,
        Placements::of(truth, second)?,
    );
    let (difference, std_error) = a.minus(&b).mean_and_error()?;
    let z = match (difference == 0.0, std_error == 0.0) {
        (true, _) => 0.0,
        (false, false) => difference / std_error,
        (false, true) => {
            return Err(EvaluationError::NoVariance {
                what: "the difference of the ROC areas",
                why: "DeLong's variance is 0 though the areas differ",
                n_defined: 0,
            });
        }
    };
    let half = Normal::standard().inverse_cdf(0.5 + level / 2.0) * std_error;
    Ok(RocAucComparison {
        first: a.mean_and_error()?.0,
        second: b.mean_and_error()?.0,
        difference,
        std_error,
        z,
        p_value: two_sided_normal(z),
        lower: difference - half,
        upper: difference + half,
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

    #[test]
    fn equal_scores_and_scores_in_the_same_order_do_not_differ() {
        let truth = [P, N, P, N, N, P];
        let scores = [0.9, 0.1, 0.4, 0.4, 0.5, 0.8];
        let turned: Vec<f64> = scores.iter().map(|s: &f64| s.exp() - 7.0).collect();
        let same = compare_roc_auc(&truth, &scores, &turned, 0.9).unwrap();
        assert_eq!((same.difference, same.std_error), (0.0, 0.0));
        assert_eq!((same.z, same.p_value), (0.0, 1.0));
        let crumbs = scores.map(|s| s * (1.0 + f64::EPSILON));
        let same = compare_roc_auc(&truth, &scores, &crumbs, 0.9).unwrap();
        assert_eq!((same.std_error, same.p_value), (0.0, 1.0));
        assert!(compare_roc_auc(&truth, &scores, &turned[1..], 0.9).is_err());
        assert!(compare_roc_auc(&truth, &scores, &turned, 1.0).is_err());
    }

    #[test]
    fn no_variance_is_no_certainty() {
        use EvaluationError as E;
        for (p, n) in [(2, 2), (3, 3), (7, 11)] {
            let truth: Vec<Label> = (0..p + n).map(|i| if i < p { P } else { N }).collect();
            let best: Vec<f64> = truth.iter().map(|l| l.sign()).collect();
            let worst: Vec<f64> = best.iter().map(|s| -s).collect();
            let constant = vec![-1.0; p + n];
            for scores in [&best, &worst, &constant] {
                let found = roc_auc_interval(&truth, scores, 0.95);
                assert!(matches!(found, Err(E::NoVariance { .. })), "{found:?}");
                let same = compare_roc_auc(&truth, scores, scores, 0.95).unwrap();
                assert_eq!((same.difference, same.p_value), (0.0, 1.0));
            }
            for (a, b) in [(&best, &worst), (&best, &constant), (&constant, &worst)] {
                let found = compare_roc_auc(&truth, a, b, 0.95);
                assert!(matches!(found, Err(E::NoVariance { .. })), "{found:?}");
            }
        }
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
