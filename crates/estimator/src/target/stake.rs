//! One row per loan, weighted by the money at stake.

use fuzzysvm_core::{Label, MethodInfo, parameters};

use super::hurdle::HURDLE;
use super::scale::{distance, to_weights};
use super::{Hurdle, Outcomes, Target, TargetRow};
use crate::EstimatorError;

/// Whether the return of a loan is below a hurdle, weighted by its distance from it.
///
/// With y = p_bad · roi_bad + (1 − p_bad) · roi_paid, the return that is known or expected, and the hurdle h, a loan is
/// positive where y < h, with a weight proportional to |y − h|. The weights are cut at the 98th percentile of the
/// positive ones and scaled to [0, 1]; rows with a weight of at most 1e-4 are left out.
///
/// Example-dependent costs as weights: Zadrozny, Langford & Abe, "Cost-sensitive learning by cost-proportionate example
/// weighting", ICDM 2003, [doi:10.1109/ICDM.2003.1250950](https://doi.org/10.1109/ICDM.2003.1250950).
///
/// ```
/// use fuzzysvm_estimator::target::{Outcomes, StakeTarget, Target};
/// // Returns of −0.3, 0 and 0.1 with the mean −1/15.
/// let outcomes = Outcomes::new(&[1.0, 0.0, 0.0], &[-0.3; 3], &[0.1, 0.0, 0.1])?;
/// let rows = StakeTarget::default().rows(&outcomes)?;
/// assert!(rows[0].label.is_positive() && rows[0].weight == 1.0);
/// assert!(!rows[1].label.is_positive() && rows[1].weight < 0.3);
/// # Ok::<(), fuzzysvm_estimator::EstimatorError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StakeTarget {
    /// What a loan should return; default the mean.
    pub hurdle: Hurdle,
}

parameters! {
    StakeTarget {
        hurdle: Hurdle, HURDLE.0, HURDLE.1;
    }
}

impl StakeTarget {
    /// How the support vector machine on this target is presented.
    pub(crate) const INFO: MethodInfo = MethodInfo::new(
        "Stake SVM",
        "SVM on loans below and above the hurdle, by their distance",
        "Weights of examples: Zadrozny, Langford & Abe 2003, doi 10.1109/ICDM.2003.1250950; by the money at stake: ours",
    );
}

impl Target for StakeTarget {
    fn rows(&self, outcomes: &Outcomes<'_>) -> Result<Vec<TargetRow>, EstimatorError> {
        let returns = outcomes.completed_roi();
        let hurdle = self.hurdle.of(outcomes, &returns)?;
        let both = returns.iter().zip(hurdle).enumerate();
        let rows = both.map(|(loan, (&y, hurdle))| {
            let below = distance(hurdle, y);
            TargetRow {
                loan,
                label: Label::from_sign(below),
                weight: below.abs(),
            }
        });
        to_weights(rows.collect())
    }
}
