//! Slack factors: the slacks of a class-cost SVM that is fitted first.

use crate::membership::check_decision;
use crate::{
    ClassCost, FromFirstModel, Membership, MembershipError, MinorityClass, Plan, Strategy,
};
use fuzzysvm_core::{MethodInfo, ParamError, Samples, math, parameters};

/// The weight of a minority sample that the first model misclassifies (ξ > 1).
const MISCLASSIFIED: f64 = 1e-5;

/// From the slacks ξ_i = max(0, 1 − y_i f(x_i)) of a class-cost SVM fitted first:
///
/// | | s |
/// | --- | --- |
/// | minority, ξ = 0 | 1 |
/// | minority, 0 < ξ ≤ 1 | 2/(1 + exp(βξ)) |
/// | minority, ξ > 1 (misclassified) | 10⁻⁵ |
/// | majority, ξ ≤ a | 1/IR |
/// | majority, ξ > a | exp(−βξ)/IR |
///
/// With a = 2 the slack-factor-based fuzzy SVM (SFFSVM; Ren, Wang & Deng 2023, doi 10.1145/3579050), with a
/// *location* a between 1.1 and 2 the improved one (ISFFSVM; Tanveer, Tiwari, Akhtar & Lin 2024,
/// arXiv 2411.17128). The class costs move the first model's boundary towards the majority, so a
/// majority sample loses weight only well beyond the hyperplane.
///
/// The first model is fitted with the weights of [`ClassCost`]: 1 for the minority and 1/IR for the majority. The
/// papers use IR and 1: the same model at IR times the C. Give the learner with
/// [`Pretrained`](crate::Pretrained).
///
/// The formula does not use x, so shifts and scalings matter only as far as they do to the learner.
///
/// # Edges
/// Where the first model misclassifies the whole minority (C too small, γ too large) all of it has 10⁻⁵: tune the first
/// model. β = 0 keeps every factor but 10⁻⁵ at 1. The slack is that of the decision value as the
/// solver leaves it: a sample on the margin (ξ = 0 up to the tolerance) may fall on either side of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct SlackFactor {
    /// β, 0 <= β <= 1; the papers tune it over 0, 0.1, …, 1. Default 0.5, the middle.
    pub beta: f64,
    /// a, the slack above which a majority sample loses weight, 1 < a <= 2. Default 2 (SFFSVM).
    pub location: f64,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
}

impl Default for SlackFactor {
    fn default() -> Self {
        Self {
            beta: 0.5,
            location: 2.0,
            minority: MinorityClass::Positive,
        }
    }
}

parameters! {
    SlackFactor {
        beta: f64, "a number from 0 to 1", "Steepness of the decay in the slack";
        location: f64, "a number above 1, at most 2", "Slack above which a majority sample is down-weighted";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "SFFSVM",
    "Slacks of a class-cost SVM fitted first",
    "Ren, Wang & Deng 2023, doi 10.1145/3579050; Tanveer, Tiwari, Akhtar & Lin 2024, arXiv 2411.17128",
)
.with_grid(&[("beta", &["0.1", "0.5", "1"])]);

impl Strategy for SlackFactor {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::from_first_model(self)
    }
}

impl FromFirstModel for SlackFactor {
    fn first_weights(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let costs = ClassCost {
            minority: self.minority,
        };
        costs.membership(train)
    }

    fn membership_from(
        &self,
        train: Samples<'_>,
        decision: &[f64],
    ) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        check_decision(train, decision)?;
        let of = |i: usize| {
            let label = train.y()[i];
            let slack = (1.0 - label.sign() * decision[i]).max(0.0);
            if label != roles.minority {
                return roles.factor
                    * if slack > self.location {
                        math::exp(-self.beta * slack)
                    } else {
                        1.0
                    };
            }
            if slack > 1.0 {
                MISCLASSIFIED
            } else {
                // 2/(1 + exp(0)) = 1.
                2.0 / (1.0 + math::exp(self.beta * slack))
            }
        };
        Ok((0..train.n_samples()).map(of).collect())
    }

    fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            (0.0..=1.0).contains(&self.beta),
            "beta",
            self.beta,
            "must lie between 0 and 1",
        )?;
        ParamError::check(
            self.location > 1.0 && self.location <= 2.0,
            "location",
            self.location,
            "must be > 1 and <= 2",
        )
    }
}
