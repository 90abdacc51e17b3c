//! Distance to the center of the own class: the first fuzzy support vector machine.

use crate::center::{distances_to_mean, linear_decay, unit_of};
use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy};
use fuzzysvm_core::{Label, MethodInfo, ParamError, Samples, parameters};

/// s_i = 1 − ‖x_i − x̄‖/(r + δ), with x̄ the mean of the sample's own class and r the largest such
/// distance in the class; in both classes.
///
/// Lin & Wang 2002, doi 10.1109/72.991432. With [`ClassCenter::class_ratio`] the majority is
/// multiplied by n₊/n₋ as well, as Batuwita & Palade 2010, doi 10.1109/TFUZZ.2010.2042721, do. A
/// class whose samples all coincide has r = 0 and s = 1.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct ClassCenter {
    /// δ > 0, in the unit of x: keeps the farthest sample above 0. Default 1e-6.
    pub delta: f64,
    /// Whether the majority is multiplied by min(1, 1/IR). Default false.
    pub class_ratio: bool,
    /// Which class is the minority for `class_ratio`. Default: the positive one.
    pub minority: MinorityClass,
}

impl Default for ClassCenter {
    fn default() -> Self {
        Self {
            delta: 1e-6,
            class_ratio: false,
            minority: MinorityClass::Positive,
        }
    }
}

parameters! {
    ClassCenter {
        delta: f64, "a number above 0", "Length that keeps the farthest sample of a class above 0";
        class_ratio: bool, "true or false", "Whether the majority is multiplied by 1/IR";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "FSVM",
    "Distance to the center of the sample's own class",
    "Lin & Wang 2002, doi 10.1109/72.991432",
);

impl Strategy for ClassCenter {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }

    fn weighs_classes(&self) -> bool {
        false
    }
}

impl Membership for ClassCenter {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        let x = train.x();
        // The formula does not depend on the unit of length, δ included.
        let unit = unit_of(x);
        let delta = self.delta * unit;

        let mut membership = vec![0.0; train.n_samples()];
        for class in [Label::Negative, Label::Positive] {
            let rows: Vec<usize> = (0..train.n_samples())
                .filter(|&i| train.y()[i] == class)
                .collect();
            let distances = distances_to_mean(x, &rows, unit);
            let radius = distances.iter().copied().fold(0.0, f64::max);
            let factor = if self.class_ratio && class != roles.minority {
                roles.factor
            } else {
                1.0
            };
            for (&i, &distance) in rows.iter().zip(&distances) {
                membership[i] = factor * linear_decay(distance, radius, delta);
            }
        }
        Ok(membership)
    }

    fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.delta.is_finite() && self.delta > 0.0,
            "delta",
            self.delta,
            "must be finite and > 0",
        )
    }
}
