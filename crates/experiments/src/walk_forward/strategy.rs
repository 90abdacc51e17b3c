//! Ways to rank loans.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_estimator::method::{StakeMethod, UnknownMethod};
use fuzzysvm_estimator::{Method, methods};
use serde::{Serialize, Serializer};

/// How the loans of a quarter are ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
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
    /// A method. One that learns from what loans return ([`Method::stake`]) is an SVM on all loans, completed where
    /// open, and ranks by falling decision value. Any other is a classifier of default as published: tuned and trained
    /// on the loans whose outcome is known, beside a regression on the returns of the repaid ones; see
    /// [`Rank`](crate::Rank).
    Method(Method),
}

impl Strategy {
    /// Those that are no [`Strategy::Method`].
    pub const RANKINGS: &'static [Strategy] = &[
        Strategy::HazardForecast,
        Strategy::CompletedRegression,
        Strategy::PaidRegression,
        Strategy::HighestRate,
        Strategy::Random,
    ];

    /// All but the published methods: the methods of the registry that learn from what loans return, then
    /// [`Strategy::RANKINGS`].
    ///
    /// ```
    /// use fuzzysvm_experiments::walk_forward::Strategy;
    /// let names: Vec<String> = Strategy::all().iter().map(Strategy::to_string).collect();
    /// assert_eq!(names[..3], ["bilateral-svm", "stake-svm", "hazard-forecast"]);
    /// ```
    pub fn all() -> Vec<Strategy> {
        let stakes = methods().iter().filter(|entry| entry.needs.returns);
        let stakes = stakes.map(|entry| Strategy::Method(Method::from(entry)));
        stakes.chain(Self::RANKINGS.iter().cloned()).collect()
    }

    /// What makes labels and weights of returns, of a method that learns from them.
    pub fn stake(&self) -> Option<StakeMethod> {
        match self {
            Strategy::Method(method) => method.stake(),
            _ => None,
        }
    }

    /// The method, where it is used as published.
    pub fn published(&self) -> Option<&Method> {
        match self {
            Strategy::Method(method) if method.stake().is_none() => Some(method),
            _ => None,
        }
    }

    /// The name on command lines and in files.
    pub fn name(&self) -> &str {
        match self {
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
    let names: Vec<&str> = Strategy::RANKINGS.iter().map(Strategy::name).collect();
    names.join(", ")
}

impl FromStr for Strategy {
    type Err = UnknownStrategy;
    fn from_str(name: &str) -> Result<Self, UnknownStrategy> {
        if let Some(ranking) = Self::RANKINGS.iter().find(|r| r.name() == name) {
            return Ok(ranking.clone());
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
