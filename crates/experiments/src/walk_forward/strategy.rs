//! Ways to rank loans.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the loans of a quarter are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
}

impl Strategy {
    /// All of them.
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
    pub const fn name(self) -> &'static str {
        match self {
            Strategy::BilateralSvm => "bilateral-svm",
            Strategy::StakeSvm => "stake-svm",
            Strategy::HazardForecast => "hazard-forecast",
            Strategy::CompletedRegression => "completed-regression",
            Strategy::PaidRegression => "paid-regression",
            Strategy::HighestRate => "highest-rate",
            Strategy::Random => "random",
        }
    }

    /// The name in tables.
    pub const fn title(self) -> &'static str {
        match self {
            Strategy::BilateralSvm => "Bilateral stake SVM",
            Strategy::StakeSvm => "Stake SVM",
            Strategy::HazardForecast => "Hazard forecast",
            Strategy::CompletedRegression => "Regression on completed returns",
            Strategy::PaidRegression => "Regression on repaid loans (published)",
            Strategy::HighestRate => "Highest rate",
            Strategy::Random => "Random",
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
