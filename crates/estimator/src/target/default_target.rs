//! The published label.

use fuzzysvm_core::Label;

use super::{Outcomes, Target, TargetRow};
use crate::EstimatorError;

/// Whether a loan defaults, with weight 1: what credit scoring commonly learns, and the published lending experiment
/// ([doi:10.1109/ACCESS.2019.2896474](https://doi.org/10.1109/ACCESS.2019.2896474)).
///
/// ```
/// use fuzzysvm_estimator::target::{DefaultTarget, Outcomes, Target};
/// let outcomes = Outcomes::new(&[1.0, 0.2, 0.0], &[-0.5; 3], &[0.1; 3])?;
/// // The second loan is open.
/// assert_eq!(DefaultTarget::default().rows(&outcomes)?.len(), 2);
/// assert_eq!(DefaultTarget { open_loans: true }.rows(&outcomes)?.len(), 3);
/// # Ok::<(), fuzzysvm_estimator::EstimatorError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DefaultTarget {
    /// Whether open loans are rows too, in the class that is likelier for them (a default above one half). Default
    /// false: only loans of known outcome, with a probability of exactly 0 or 1.
    pub open_loans: bool,
}

impl Target for DefaultTarget {
    fn rows(&self, outcomes: &Outcomes<'_>) -> Result<Vec<TargetRow>, EstimatorError> {
        let known = |p: f64| p == 0.0 || p == 1.0;
        let all = outcomes.p_bad().iter().enumerate();
        let rows: Vec<TargetRow> = all
            .filter(|&(_, &p)| self.open_loans || known(p))
            .map(|(loan, &p)| TargetRow {
                loan,
                label: Label::from_sign(p - 0.5),
                weight: 1.0,
            })
            .collect();
        if rows.is_empty() {
            return Err(EstimatorError::unexpected(
                "no loan of known outcome",
                "at least one",
            ));
        }
        Ok(rows)
    }
}
