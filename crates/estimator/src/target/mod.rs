//! What a classifier of loans learns: from outcomes to labels and weights.
//!
//! A [`Target`] turns the [`Outcomes`] of loans, known or expected, into training rows: which loan, which class, which
//! weight. The weights meet the classifier at `sample_weight`, where in a support vector machine they scale the bound
//! C·s of each row, as every membership does.
//!
//! | target | rows | weight |
//! | --- | --- | --- |
//! | [`DefaultTarget`] | a loan once: it defaults or not | 1 |
//! | [`StakeTarget`] | a loan once: its return is below a hurdle or not | distance from the hurdle |
//! | [`BilateralStake`] | a loan twice, in both classes | what would be lost below the hurdle, and won above it |
//!
//! The positive class is the one to avoid, so loans rank by falling decision value.
//!
//! ```
//! use fuzzysvm_core::Label;
//! use fuzzysvm_estimator::target::{BilateralStake, Outcomes, Target};
//!
//! // A charged-off loan, a repaid one, and an open one that defaults with 20 %.
//! let outcomes = Outcomes::new(&[1.0, 0.0, 0.2], &[-0.5, -0.4, -0.4], &[0.1, 0.1, 0.2])?;
//! let rows = BilateralStake::default().rows(&outcomes)?;
//! // The open loan is a row of both classes.
//! let open: Vec<Label> = rows.iter().filter(|row| row.loan == 2).map(|row| row.label).collect();
//! assert_eq!(open, [Label::Positive, Label::Negative]);
//! # Ok::<(), fuzzysvm_estimator::EstimatorError>(())
//! ```

mod bilateral_stake;
mod default_target;
mod hurdle;
mod kind;
mod outcomes;
mod scale;
mod stake;
#[cfg(test)]
mod tests;

pub use bilateral_stake::BilateralStake;
pub use default_target::DefaultTarget;
pub use hurdle::{Hurdle, mean_by_grade};
pub use kind::TargetKind;
pub use outcomes::Outcomes;
pub use stake::StakeTarget;

use std::fmt::Debug;

use fuzzysvm_core::Label;

use crate::EstimatorError;

/// One row of training: a loan in a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetRow {
    /// Which loan, counted from 0.
    pub loan: usize,
    /// [`Label::Positive`] is the class to avoid.
    pub label: Label,
    /// Weight, above 0 and at most 1.
    pub weight: f64,
}

/// A way to make training rows of outcomes. Rows are in the order of the loans; a loan may have none, one or several.
pub trait Target: Debug + Send + Sync {
    /// The training rows of these outcomes.
    ///
    /// # Errors
    /// Where the outcomes lack what the target needs, or leave no row.
    fn rows(&self, outcomes: &Outcomes<'_>) -> Result<Vec<TargetRow>, EstimatorError>;
}
