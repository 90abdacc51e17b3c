//! Ways to rank loans.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_estimator::Method;
use fuzzysvm_estimator::method::UnknownMethod;
use serde::{Serialize, Serializer};

/// How the loans of a quarter are ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// An SVM on every loan in both classes, by what is at stake
    /// ([`BilateralStake`](fuzzysvm_estimator::target::BilateralStake)); ranks by falling decision value.
    BilateralSvm,
    /// An SVM on loans below and above the hurdle ([`StakeTarget`](fuzzysvm_estimator::target::StakeTarget)).
    StakeSvm,
    /// The return that the hazards of default and prepayment let expect.
    HazardForecast,
    /// Linear regression on the returns of all loans, completed where open.
    CompletedRegression,
    /// Linear regression on the returns of repaid loans alone, as published.
    PaidRegression,
    /// The highest interest rate.
    HighestRate,
    /// By chance.
    Random,
    /// As published: a classifier of default, tuned and trained on the loans whose outcome is known, and a regression
    /// on the returns of the repaid ones; see [`Rank`](crate::Rank).
    Method(Method),
}

impl Strategy {
    /// Those that are no [`Strategy::Method`].
    pub const ALL: &'static [Strategy] = &[
        Strategy::BilateralSvm,
        Strategy::StakeSvm,
        Strategy::HazardForecast,
        Strategy::CompletedRegression,
        Strategy::PaidRegression,
        Strategy::HighestRate,
        Strategy::Random,
    ];

    /// The name on command lines and in files.
    pub fn name(&self) -> &str {
        match self {
            Strategy::BilateralSvm => "bilateral-svm",
            Strategy::StakeSvm => "stake-svm",
            Strategy::HazardForecast => "hazard-forecast",
            Strategy::CompletedRegression => "completed-regression",
            Strategy::PaidRegression => "paid-regression",
            Strategy::HighestRate => "highest-rate",
            Strategy::Random => "random",
            Strategy::Method(method) => method.id(),
        }
    }

    /// The name in tables.
    pub fn title(&self) -> &str {
        match self {
            Strategy::BilateralSvm => "Bilateral stake SVM",
            Strategy::StakeSvm => "Stake SVM",
            Strategy::HazardForecast => "Hazard forecast",
            Strategy::CompletedRegression => "Regression on all",
            Strategy::PaidRegression => "Regression on repaid",
            Strategy::HighestRate => "Highest rate",
            Strategy::Random => "Random",
            Strategy::Method(method) => method.title(),
        }
    }

    /// What it ranks by, in one line.
    pub fn summary(&self) -> &str {
        match self {
            Strategy::BilateralSvm => {
                "SVM on every loan in both classes, by the money at stake in each"
            }
            Strategy::StakeSvm => "SVM on loans below and above the hurdle, by their distance",
            Strategy::HazardForecast => "Return that hazards of default and prepayment let expect",
            Strategy::CompletedRegression => "Regression on the returns of all loans, completed",
            Strategy::PaidRegression => "Regression on the returns of repaid loans, as published",
            Strategy::HighestRate => "Interest rate",
            Strategy::Random => "Chance",
            Strategy::Method(method) => method.entry().map_or("Method of one's own", |m| m.summary),
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<Method> for Strategy {
    fn from(method: Method) -> Self {
        Strategy::Method(method)
    }
}

/// A name that is neither a ranking nor a method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{method}, and of rankings {}", rankings())]
#[non_exhaustive]
pub struct UnknownStrategy {
    /// What the registry says of the name.
    pub method: UnknownMethod,
}

fn rankings() -> String {
    let names: Vec<&str> = Strategy::ALL.iter().map(Strategy::name).collect();
    names.join(", ")
}

impl FromStr for Strategy {
    type Err = UnknownStrategy;
    fn from_str(name: &str) -> Result<Self, UnknownStrategy> {
        if let Some(shipped) = Self::ALL.iter().find(|strategy| strategy.name() == name) {
            return Ok(shipped.clone());
        }
        let method = Method::named(name).map_err(|method| UnknownStrategy { method })?;
        Ok(method.into())
    }
}

impl Serialize for Strategy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
