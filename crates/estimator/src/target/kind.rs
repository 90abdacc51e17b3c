//! The shipped targets, by name.

use super::{BilateralStake, DefaultTarget, Outcomes, StakeTarget, Target, TargetRow};
use crate::EstimatorError;

/// A shipped [`Target`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TargetKind {
    /// Default or not.
    Default(DefaultTarget),
    /// Below the hurdle or not.
    Stake(StakeTarget),
    /// Both, by the money at stake.
    BilateralStake(BilateralStake),
}

impl Default for TargetKind {
    fn default() -> Self {
        TargetKind::Default(DefaultTarget::default())
    }
}

impl Target for TargetKind {
    fn rows(&self, outcomes: &Outcomes<'_>) -> Result<Vec<TargetRow>, EstimatorError> {
        match self {
            TargetKind::Default(target) => target.rows(outcomes),
            TargetKind::Stake(target) => target.rows(outcomes),
            TargetKind::BilateralStake(target) => target.rows(outcomes),
        }
    }
}
