//! What the walk-forward experiment found.

use serde::Serialize;

use super::{ChosenSvm, Difference, Strategy, WalkForwardSettings};

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
    /// The first strategy of the settings against each of the others.
    pub pairs: Vec<Pair>,
    /// Where the gain of the first strategy comes from, in a sentence; `null` where it has none.
    pub gain: Option<String>,
    /// What can be claimed of the rankings, and what cannot be told.
    pub claims: Vec<WalkForwardClaim>,
    /// The loans bought as the top of each quarter, by quarter, strategy and place in the quarter.
    #[serde(skip)]
    pub purchases: Vec<QuarterPurchase>,
}

/// One loan bought by one strategy.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct QuarterPurchase {
    /// The quarter.
    pub quarter: String,
    /// The strategy's name.
    pub strategy: String,
    /// The loan, as the file names it.
    pub loan: String,
    /// What it was ranked by; higher is better.
    pub score: f64,
    /// Its return in the end.
    pub realised: f64,
    /// Whether it was charged off.
    pub defaulted: bool,
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
    /// Mean of their internal rates of return, effective per year; `null` where one is not known.
    pub mean_irr: Option<f64>,
    /// Mean return of those that were repaid; `null` where none was.
    pub roi_repaid: Option<f64>,
    /// Mean return of those that were charged off; `null` where none was.
    pub roi_charged_off: Option<f64>,
}

impl Bought {
    /// Where the difference of the mean returns, these minus those of `others`, comes from; `None` unless some of the
    /// others were repaid and some charged off.
    pub fn sources_of_gain(&self, others: &Bought) -> Option<GainSources> {
        let (repaid, charged_off) = (others.roi_repaid?, others.roi_charged_off?);
        // A part without loans has a share of 0.
        let part =
            |share: f64, roi: Option<f64>, other: f64| roi.map_or(0.0, |r| share * (r - other));
        Some(GainSources {
            defaults: (others.default_rate - self.default_rate) * (repaid - charged_off),
            repaid: part(1.0 - self.default_rate, self.roi_repaid, repaid),
            losses: part(self.default_rate, self.roi_charged_off, charged_off),
        })
    }
}

/// A difference of mean returns in three parts, which add up to it. With the share d of defaults and the mean returns
/// r of repaid and b of charged-off loans, (d₀ − d)(r₀ − b₀) + (1 − d)(r − r₀) + d(b − b₀).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GainSources {
    /// Fewer (or more) loans default.
    pub defaults: f64,
    /// Repaid loans return more (or less): higher rates, later prepayment.
    pub repaid: f64,
    /// Charged-off loans lose less (or more).
    pub losses: f64,
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
    /// Where that comes from, over all quarters.
    pub sources: Option<GainSources>,
    /// Share of random choices of as many loans in each quarter that returned less than the top, ties by half.
    pub random_percentile: f64,
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
    /// C and γ of an SVM on stakes, where they were chosen for the quarter; absent in files where they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<ChosenSvm>,
}

/// Two strategies, the first minus the second.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// A claim about the top of the rankings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WalkForwardClaim {
    /// What is claimed, as "Bilateral stake SVM returns more than the market".
    pub claim: String,
    /// The difference that it is about.
    pub difference: Difference,
    /// True or false where the interval leaves out 0 and the difference is one that the loans can show, else `null`:
    /// cannot tell.
    pub holds: Option<bool>,
}
