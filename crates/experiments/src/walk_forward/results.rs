//! What the walk-forward experiment found.

use serde::Serialize;

use super::{Difference, Strategy, WalkForwardSettings};

/// All figures. Returns and rates are fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WalkForwardResults {
    /// The settings.
    pub settings: WalkForwardSettings,
    /// What was known at each quarter, and what there was to buy.
    pub quarters: Vec<QuarterSummary>,
    /// All loans of all quarters.
    pub market: Bought,
    /// In the order of the settings.
    pub strategies: Vec<StrategyResult>,
    /// Every two strategies against each other.
    pub pairs: Vec<Pair>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct QuarterSummary {
    /// The quarter.
    pub quarter: String,
    /// Loans issued before.
    pub n_known: usize,
    /// How many of them had ended.
    pub n_resolved: usize,
    /// Mean return of the loans issued before, completed.
    pub completed_roi: f64,
    /// Their default rate, completed.
    pub completed_default_rate: f64,
    /// The loans of the quarter.
    pub market: Bought,
    /// What a person should know about the figures of the quarter.
    pub warnings: Vec<String>,
}

/// Loans, in equal amounts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Bought {
    /// How many.
    pub n_loans: usize,
    /// Mean of their returns over the whole life.
    pub mean_roi: f64,
    /// Standard deviation of these returns.
    pub sd_roi: f64,
    /// Share that was charged off.
    pub default_rate: f64,
    /// Mean interest rate per year.
    pub mean_rate: f64,
}

/// One strategy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StrategyResult {
    /// Which.
    pub strategy: Strategy,
    /// What it bought as the top of all quarters.
    pub top: Bought,
    /// Return of the top above that of all loans of the same quarter.
    pub top_to_market: Difference,
    /// Return of the top above that of all loans of the same quarter and grade; `None` without grades.
    pub top_to_grade: Option<Difference>,
    /// The mean over the budgets of the return above the market.
    pub curve: Difference,
    /// That of each budget.
    pub points: Vec<CurvePoint>,
    /// The top of each quarter.
    pub quarters: Vec<QuarterTop>,
}

/// A point of the return curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CurvePoint {
    /// Share of each quarter's loans that is bought.
    pub budget: f64,
    /// Return above the market.
    pub to_market: Difference,
}

/// What a strategy bought as the top of a quarter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct QuarterTop {
    /// The quarter.
    pub quarter: String,
    /// The loans.
    pub bought: Bought,
    /// Their mean return above that of all loans of the quarter.
    pub to_market: f64,
}

/// Two strategies, the first minus the second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Pair {
    /// The first.
    pub first: Strategy,
    /// The second.
    pub second: Strategy,
    /// Difference of the top.
    pub top: Difference,
    /// Difference of the curve.
    pub curve: Difference,
    /// Quarters in which the first one's top returned more.
    pub n_quarters_ahead: usize,
}
