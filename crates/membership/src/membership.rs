//! The traits of the strategies.

use crate::MembershipError;
use fuzzysvm_core::{ParamError, Samples};

/// Memberships, and the class entropies that they come from where they come from entropies: see
/// [`Membership::with_entropy`].
pub type WithEntropy = (Vec<f64>, Option<Vec<f64>>);

/// A strategy that says how much every training sample counts.
///
/// An implementation returns one number in [0, 1] per sample, in row order, and depends on the training samples
/// alone: whoever cross-validates calls it on the training part only, so that nothing leaks.
///
/// A strategy that starts from a fitted model implements [`FromFirstModel`] instead.
pub trait Membership: Send + Sync {
    /// The membership s_i of every sample.
    ///
    /// # Errors
    /// [`MembershipError`] where a parameter is out of range, a class is missing or there are too few samples.
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError>;

    /// The memberships with the class entropies that they come from, one per sample and neighborhood size, row by row;
    /// `None`, the default, for a strategy that looks at no entropy.
    ///
    /// # Errors
    /// As [`Membership::membership`].
    fn with_entropy(&self, train: Samples<'_>) -> Result<WithEntropy, MembershipError> {
        Ok((self.membership(train)?, None))
    }

    /// Checks the parameters; [`Membership::membership`] does so by itself. A strategy without parameters need not
    /// write it.
    ///
    /// # Errors
    /// The first parameter outside its range.
    fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }
}

/// A strategy that starts from a fitted model, for example from slacks or from distances to a hyperplane.
///
/// The strategy names the weights of the first fit and turns the decision values into memberships. Which learner is
/// fitted is the caller's choice: [`Pretrained`](crate::Pretrained) joins the two into a [`Membership`].
pub trait FromFirstModel: Send + Sync {
    /// The sample weights with which the first model is fitted.
    ///
    /// # Errors
    /// As [`Membership::membership`].
    fn first_weights(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError>;

    /// Whether every decision value must come from a model that was fitted without that sample (cross-fitting).
    /// False, the default: one model of all samples.
    fn needs_out_of_fold_scores(&self) -> bool {
        false
    }

    /// The membership of every sample, given the decision values of the first model on the training samples.
    ///
    /// # Errors
    /// As [`Membership::membership`]; also where there are not as many decision values as samples, or one is not
    /// finite.
    fn membership_from(
        &self,
        train: Samples<'_>,
        decision: &[f64],
    ) -> Result<Vec<f64>, MembershipError>;

    /// Checks the parameters; the other methods do so by themselves.
    ///
    /// # Errors
    /// The first parameter outside its range.
    fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }
}

/// Checks that there are as many finite decision values as samples.
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
            fn with_entropy(
                &self,
                train: Samples<'_>,
            ) -> Result<WithEntropy, MembershipError> {
                (**self).with_entropy(train)
            }
            fn validate(&self) -> Result<(), ParamError> {
                (**self).validate()
            }
        }

        impl<M: FromFirstModel + ?Sized> FromFirstModel for $pointer {
            fn first_weights(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
                (**self).first_weights(train)
            }
            fn needs_out_of_fold_scores(&self) -> bool {
                (**self).needs_out_of_fold_scores()
            }
            fn membership_from(
                &self,
                train: Samples<'_>,
                decision: &[f64],
            ) -> Result<Vec<f64>, MembershipError> {
                (**self).membership_from(train, decision)
            }
            fn validate(&self) -> Result<(), ParamError> {
                (**self).validate()
            }
        }
    )+};
}
forward!(&M, Box<M>, std::sync::Arc<M>);
