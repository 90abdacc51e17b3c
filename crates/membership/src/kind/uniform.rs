//! Equal weights: the plain support vector machine.

use crate::{Membership, MembershipError, Plan, Strategy};
use fuzzysvm_core::{MethodInfo, Samples, parameters};

/// s_i = 1 for every sample: no fuzziness, the plain SVM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Uniform {}

parameters! { Uniform {} }

const INFO: MethodInfo = MethodInfo::new(
    "SVM",
    "Every sample counts 1: the plain SVM",
    "Cortes & Vapnik 1995, doi 10.1007/BF00994018",
);

impl Strategy for Uniform {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }

    fn weighs_classes(&self) -> bool {
        false
    }

    fn needs_features(&self) -> bool {
        false
    }
}

impl Membership for Uniform {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        train.require_both_classes()?;
        Ok(vec![1.0; train.n_samples()])
    }
}
