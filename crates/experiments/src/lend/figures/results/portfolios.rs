//! Portfolios, and the loans bought in one.

use fuzzysvm_estimator::reasons::NeighborCount;
use serde::{Deserialize, Serialize};

use super::super::reasons::LoanReason;

/// How loans were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PortfolioId {
    /// By the designated method and the forecasts.
    Chosen,
    /// By the forecasts of all test loans.
    #[serde(rename = "benchmark-1")]
    Benchmark1,
    /// All that the designated method predicts paid.
    #[serde(rename = "benchmark-2")]
    Benchmark2,
    /// Every test loan.
    Market,
    /// As many as chosen, at random.
    Random,
    /// As many of each grade and term as chosen, at random.
    GradeMatched,
    /// As many as chosen, by interest rate.
    HighestRate,
    /// As many as chosen, by sub-grade from the worst.
    LowestGrade,
}

/// What the interval of a return is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum IntervalKind {
    /// As [`FigureKind::Spread`](super::FigureKind::Spread).
    #[serde(rename = "spread over trials")]
    Spread,
    /// As [`FigureKind::Bootstrap`](super::FigureKind::Bootstrap).
    #[serde(rename = "bootstrap of loans")]
    Bootstrap,
    /// Quantiles of 1,000 random draws, mean over the trials.
    #[serde(rename = "random draws")]
    Draws,
}

/// What the interval of a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// Nadeau & Bengio's confidence interval of the mean over trials that share loans.
    #[serde(rename = "corrected resampled t-test")]
    CorrectedT,
    /// Percentiles of 1,000 resamples of the test loans of the first trial.
    #[serde(rename = "bootstrap of loans")]
    Bootstrap,
}

/// The difference of two returns, with a 95 % confidence interval; `null` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PortfolioDifference {
    /// The difference.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// What the interval is.
    pub kind: DifferenceKind,
}

/// Intervals from resamples of the months of issue, each drawn whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ByMonth {
    /// Lower end of the return.
    pub low: f64,
    /// Upper end of the return.
    pub high: f64,
    /// Lower end of the difference to the market; `null` for the market and what is random.
    pub difference_low: Option<f64>,
    /// Upper end of it.
    pub difference_high: Option<f64>,
}

/// Loans bought in equal amounts, and what they returned.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PortfolioFigures {
    /// How they were chosen.
    pub id: PortfolioId,
    /// The same for people.
    pub name: String,
    /// Loans, mean over the trials.
    pub n: f64,
    /// Mean realised return.
    #[serde(rename = "return")]
    pub returns: f64,
    /// Lower end of it.
    pub low: Option<f64>,
    /// Upper end of it.
    pub high: Option<f64>,
    /// What low and high are.
    pub interval: IntervalKind,
    /// The same by month of issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_month: Option<ByMonth>,
    /// Return above that of all test loans; absent for these and for a random choice of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference_to_market: Option<PortfolioDifference>,
    /// Return above that of random loans of the same grades and terms; only of what was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference_to_matched: Option<PortfolioDifference>,
    /// Share of random draws that returned less than what was chosen, ties by half; only of what is random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentile: Option<f64>,
    /// Standard deviation of the returns of the loans; `null` for a single one.
    pub sd: Option<f64>,
    /// Share that was charged off.
    pub charged_off: f64,
    /// Mean share of the amount lent that was lost.
    pub loss: f64,
    /// Return weighted by the amounts that the borrowers were funded.
    pub capital_weighted: f64,
    /// Effective annual internal rate of return of the cash flows of all its loans together.
    pub irr: Option<f64>,
    /// Cash per dollar lent, cumulative, after 0, 1, …, 60 months; absent where the months of payments are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cash: Vec<f64>,
}

/// The first loans that the designated method bought in the first trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BoughtLoans {
    /// The method.
    pub method: String,
    /// Number of the trial.
    pub trial: usize,
    /// Loans bought.
    pub n: usize,
    /// The first of them.
    pub loans: Vec<BoughtLoan>,
}

/// A loan bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BoughtLoan {
    /// Its place, from 1.
    pub rank: usize,
    /// The loan, as the file names it.
    pub loan: String,
    /// Month of issue.
    pub issued: String,
    /// Grade, where the file has one.
    pub grade: Option<String>,
    /// Interest rate per year.
    pub rate: f64,
    /// Months of its term.
    pub term: u32,
    /// Amount allocated.
    pub amount: f64,
    /// Decision value; negative or 0 means predicted paid.
    pub score: f64,
    /// Calibrated probability of default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Forecast return.
    pub forecast: f64,
    /// Realised return.
    pub realised: f64,
    /// Whether it was charged off.
    pub charged_off: bool,
    /// The features that moved its score most, at most four.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<LoanReason>,
    /// The classes among its nearest training loans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbors: Vec<NeighborCount>,
}
