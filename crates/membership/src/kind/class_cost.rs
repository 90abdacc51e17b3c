//! Different error costs: the cost-sensitive support vector machine.

use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy};
use fuzzysvm_core::{MethodInfo, Samples, parameters};

/// s = 1 for the minority and 1/IR for the majority, IR = n₋/n₊ (different error costs, DEC).
///
/// Veropoulos, Campbell & Cristianini 1999. Both classes then have the same total weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct ClassCost {
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
}

parameters! {
    ClassCost {
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "class-cost SVM",
    "The majority counts 1/IR: the cost-sensitive SVM",
    "Veropoulos, Campbell & Cristianini 1999",
);

impl Strategy for ClassCost {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }

    fn needs_features(&self) -> bool {
        false
    }
}

impl Membership for ClassCost {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        let roles = self.minority.resolve(train)?;
        Ok(roles.assign(train.y(), |_| roles.factor))
    }
}
