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
        }
    )+};
}
forward!(&M, Box<M>, std::sync::Arc<M>);
