//! From forecasts to a portfolio of loans: realised returns, what open loans are expected to return, return models,
//! rules that choose loans and amounts, and a summary of what was bought.
//!
//! The crate knows no classifier and no file format: [`LoanCashFlow`] is eight numbers of a loan,
//! [`Candidates`] are slices of forecasts, so any classifier and any loan book can feed it.
//!
//! ```
//! use fuzzysvm_portfolio::{Candidates, PortfolioRule, PortfolioSummary, TopFraction};
//!
//! // Forecasts of ten loans; the top 20 % are two loans, half of the budget each.
//! let forecast = [0.02, 0.11, 0.05, 0.09, -0.01, 0.03, 0.07, 0.08, 0.01, 0.04];
//! let rule = TopFraction { fraction: 0.2 };
//! let amounts = rule.allocate(Candidates::new(&forecast)?, 1000.0)?;
//! assert_eq!((amounts[1], amounts[3]), (500.0, 500.0));
//!
//! let realised = [0.0, 0.12, 0.0, -0.40, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
//! let bought = PortfolioSummary::of(&amounts, &realised, None)?;
//! assert_eq!((bought.n, bought.mean), (2, -0.14));
//! # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
//! ```

mod completion;
mod error;
#[cfg(feature = "laws")]
pub mod laws;
mod model;
mod returns;
mod rule;
mod summary;

pub use completion::{
    Completed, CompletedLoans, Completion, CompletionWarning, FEW_RESOLVED_LOANS, FittedSurvival,
    LoanState, LoanTerms, MAX_COMPLETION_FEATURES, MAX_TERM_MONTHS, MonthlyHazard, ObservedLoan,
    SurvivalCompletion,
};
pub use error::PortfolioError;
pub use model::{
    CoefficientStatistics, ExpectedReturn, FittedInstances, FittedMean, FittedReturn, HazardReturn,
    InstanceReturn, LinearForecast, LinearReturn, LoansToForecast, LoansToLearn, MeanReturn,
    RegressionStatistics, ReturnModel, RidgeCvFit, RidgeCvReturn, RidgeReturn, expected_return,
};
pub use returns::{
    AnnualisedOver, LoanCashFlow, RECOVERY_LAG_MONTHS, ReturnKind, SERVICE_FEE, annualised, irr,
    irr_of_flows, monthly_flows, nar, roi,
};
pub use rule::{
    AllCandidates, Candidates, FrontierPoint, GroupCap, MeanVariance, NotesAllocation,
    NotesPortfolio, PortfolioRule, RuleKind, Threshold, TopFraction, TopN, efficient_frontier,
};
pub use summary::PortfolioSummary;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
