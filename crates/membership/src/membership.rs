//! The trait.

use crate::MembershipError;
use fuzzysvm_core::{ParamError, Samples};

/// A strategy that says how much every training sample counts.
///
/// An implementation returns one number in [0, 1] a sample, in row order, and depends on the training
/// samples alone: whoever cross-validates calls it on the training part only, so that nothing leaks.
pub trait Membership: Send + Sync {
    /// The membership s_i of every sample.
    ///
    /// # Errors
    /// [`MembershipError`] where a parameter is out of range, a class is missing or there are too
    /// few samples.
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError>;

    /// Checks the parameters; [`Membership::membership`] does so by itself. A strategy without
    /// parameters need not write it.
    ///
    /// # Errors
    /// The first parameter outside its range.
    fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }

    /// The weights with which the first model is to be fitted, for a strategy that starts from one
    /// (the distance to a hyperplane, slacks); `None`, the default, for one that does not.
    ///
    /// The strategy names the weights and reads the decision values; which learner stands between is
    /// the caller's choice: see [`Pretrained`](crate::Pretrained).
    ///
    /// # Errors
    /// As [`Membership::membership`].
    fn first_weights(&self, train: Samples<'_>) -> Result<Option<Vec<f64>>, MembershipError> {
        let _ = train;
        Ok(None)
    }

    /// Whether the first model must not have seen the samples whose decision values it gives: false, the
    /// default, for one model of all samples, true for decision values by cross-fitting.
    fn held_out(&self) -> bool {
        false
    }

    /// The membership of every sample, given the decision values of the first model on the training
    /// samples. A strategy that needs no first model does not look at them.
    ///
    /// # Errors
    /// As [`Membership::membership`]; where there are not as many decision values as samples, or one
    /// is not finite.
    fn membership_from(
        &self,
        train: Samples<'_>,
        decision: &[f64],
    ) -> Result<Vec<f64>, MembershipError> {
        check_decision(train, decision)?;
        self.membership(train)
    }
}

/// What a strategy answers that is asked alone and has nothing but a first model to go by.
pub(crate) fn needs_first_model(
    train: Samples<'_>,
    membership: &'static str,
) -> Result<Vec<f64>, MembershipError> {
    train.require_both_classes()?;
    Err(MembershipError::NeedsFirstModel { membership })
}

/// As many finite decision values as samples.
pub(crate) fn check_decision(train: Samples<'_>, decision: &[f64]) -> Result<(), MembershipError> {
    if decision.len() != train.n_samples() {
        return Err(MembershipError::DecisionCount {
            n_samples: train.n_samples(),
            n_decisions: decision.len(),
        });
    }
    match decision.iter().position(|d| !d.is_finite()) {
        None => Ok(()),
        Some(row) => Err(MembershipError::DecisionNotFinite {
            row,
            value: decision[row],
        }),
    }
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<M: Membership + ?Sized> Membership for $pointer {
            fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
                (**self).membership(train)
            }
            fn validate(&self) -> Result<(), ParamError> {
                (**self).validate()
            }
            fn first_weights(
                &self,
                train: Samples<'_>,
            ) -> Result<Option<Vec<f64>>, MembershipError> {
                (**self).first_weights(train)
            }
            fn held_out(&self) -> bool {
                (**self).held_out()
            }
            fn membership_from(
                &self,
                train: Samples<'_>,
                decision: &[f64],
            ) -> Result<Vec<f64>, MembershipError> {
                (**self).membership_from(train, decision)
            }
        }
    )+};
}
forward!(&M, Box<M>, std::sync::Arc<M>);
