//! Two rows per loan, each weighted by the money at stake on its side.

use fuzzysvm_core::{Label, MethodInfo, parameters};

use super::hurdle::HURDLE;
use super::scale::{distance, to_weights};
use super::{Hurdle, Outcomes, Target, TargetRow};
use crate::EstimatorError;

/// Every loan in both classes, weighted by what is at stake in each.
///
/// With the hurdle h a loan is positive with s ∝ p_bad · max(h − roi_bad, 0), and negative with
/// s ∝ (1 − p_bad) · max(roi_paid − h, 0). So an open loan says that it may default, how likely that is and what it would
/// cost, and as much of the other side, instead of being left out or rounded to one class. Weights are cut at the 98th
/// percentile of the positive ones and scaled to [0, 1]; rows with a weight of at most 1e-4 are left out.
///
/// Bilateral weights are those of Wang, Wang & Lai, "A new fuzzy support vector machine to evaluate credit risk", IEEE
/// Transactions on Fuzzy Systems 13 (2005), [doi:10.1109/TFUZZ.2005.859320](https://doi.org/10.1109/TFUZZ.2005.859320),
/// who take a degree of creditworthiness; weighing by money and completing open loans first are additions of ours.
///
/// ```
/// use fuzzysvm_estimator::target::{BilateralStake, Outcomes, Target};
/// // Expected returns of 0.1 each. Below the hurdle of 0.1: 0.5 · 0.2 = 0.1; above it the same.
/// let outcomes = Outcomes::new(&[0.5, 0.5], &[-0.1, -0.1], &[0.3, 0.3])?;
/// let weights: Vec<f64> = BilateralStake::default().rows(&outcomes)?.iter().map(|row| row.weight).collect();
/// assert!(weights.len() == 4 && weights.iter().all(|w| (w - 1.0).abs() < 1e-12));
/// # Ok::<(), fuzzysvm_estimator::EstimatorError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BilateralStake {
    /// What a loan should return; default the mean.
    pub hurdle: Hurdle,
}

parameters! {
    BilateralStake {
        hurdle: Hurdle, HURDLE.0, HURDLE.1;
    }
}

impl BilateralStake {
    /// How the support vector machine on this target is presented.
    pub(crate) const INFO: MethodInfo = MethodInfo::new(
        "Bilateral stake SVM",
        "SVM on every loan in both classes, by the money at stake in each",
        "Bilateral weights: Wang, Wang & Lai 2005, doi 10.1109/TFUZZ.2005.859320; by the money at stake: ours",
    );
}

impl Target for BilateralStake {
    fn rows(&self, outcomes: &Outcomes<'_>) -> Result<Vec<TargetRow>, EstimatorError> {
        let hurdle = self.hurdle.of(outcomes, &outcomes.completed_roi())?;
        let mut rows = Vec::with_capacity(2 * outcomes.len());
        for (loan, hurdle) in hurdle.into_iter().enumerate() {
            let p_bad = outcomes.p_bad()[loan];
            let lost = distance(hurdle, outcomes.roi_bad()[loan]).max(0.0);
            let won = distance(outcomes.roi_paid()[loan], hurdle).max(0.0);
            for (label, weight) in [
                (Label::Positive, p_bad * lost),
                (Label::Negative, (1.0 - p_bad) * won),
            ] {
                rows.push(TargetRow {
                    loan,
                    label,
                    weight,
                });
            }
        }
        to_weights(rows)
    }
}
