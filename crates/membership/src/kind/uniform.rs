//! All samples alike: the plain support vector machine.

use crate::{Membership, MembershipError};
use fuzzysvm_core::Samples;

/// s_i = 1 for every sample: no fuzziness, the plain SVM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Uniform {}

impl Membership for Uniform {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        train.require_both_classes()?;
        Ok(vec![1.0; train.n_samples()])
    }
}
