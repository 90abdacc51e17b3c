//! The support vector machines whose labels and weights are made of what loans return.

use fuzzysvm_core::{MethodInfo, ParamError, ParamSpec, Parameters};

use crate::EstimatorError;
use crate::target::{BilateralStake, Hurdle, Outcomes, StakeTarget, Target, TargetRow};

/// A target under the name of the method that it makes of the support vector machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StakeMethod {
    /// Every loan in both classes, by what is at stake in each.
    Bilateral(BilateralStake),
    /// Loans below and above the hurdle.
    Stake(StakeTarget),
}

impl StakeMethod {
    /// Every one with its default settings, in the order of the tables.
    pub fn all() -> [Self; 2] {
        [
            StakeMethod::Bilateral(BilateralStake::default()),
            StakeMethod::Stake(StakeTarget::default()),
        ]
    }

    /// The name on command lines and in files.
    pub fn name(&self) -> &'static str {
        match self {
            StakeMethod::Bilateral(_) => "bilateral-svm",
            StakeMethod::Stake(_) => "stake-svm",
        }
    }

    /// How it is presented.
    pub(super) fn info(&self) -> MethodInfo {
        match self {
            StakeMethod::Bilateral(_) => BilateralStake::INFO,
            StakeMethod::Stake(_) => StakeTarget::INFO,
        }
    }

    /// The same with this hurdle.
    #[must_use]
    pub fn with_hurdle(self, hurdle: Hurdle) -> Self {
        match self {
            StakeMethod::Bilateral(_) => StakeMethod::Bilateral(BilateralStake { hurdle }),
            StakeMethod::Stake(_) => StakeMethod::Stake(StakeTarget { hurdle }),
        }
    }

    /// That it cannot be fitted to samples, as a parameter of this name.
    pub(crate) fn no_samples(&self, param: &'static str) -> ParamError {
        let rule = "must be another one here: it learns from what finished loans returned, in \
                    `fuzzysvm lend --split walk-forward` alone";
        ParamError::new(param, self.name(), rule)
    }
}

impl Target for StakeMethod {
    fn rows(&self, outcomes: &Outcomes<'_>) -> Result<Vec<TargetRow>, EstimatorError> {
        match self {
            StakeMethod::Bilateral(target) => target.rows(outcomes),
            StakeMethod::Stake(target) => target.rows(outcomes),
        }
    }
}

impl Parameters for StakeMethod {
    fn param_specs(&self) -> &'static [ParamSpec] {
        match self {
            StakeMethod::Bilateral(target) => target.param_specs(),
            StakeMethod::Stake(target) => target.param_specs(),
        }
    }

    fn get_param(&self, name: &str) -> Option<String> {
        match self {
            StakeMethod::Bilateral(target) => target.get_param(name),
            StakeMethod::Stake(target) => target.get_param(name),
        }
    }

    fn set_param(&mut self, name: &str, value: &str) -> Result<(), ParamError> {
        match self {
            StakeMethod::Bilateral(target) => target.set_param(name, value),
            StakeMethod::Stake(target) => target.set_param(name, value),
        }
    }
}
