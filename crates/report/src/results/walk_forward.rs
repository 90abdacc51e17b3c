//! `walk_forward` in `results.json` of `lend`.

use super::record;

record! {
    /// What walk-forward found. Returns and rates are fractions.
    pub struct WalkForwardResults {
        /// The settings.
        pub settings: WalkForwardSettings,
        /// What was known at each quarter, and what there was to buy.
        pub quarters: Vec<QuarterSummary>,
        /// All loans of all quarters.
        pub market: Bought,
        /// In the order of the settings, the designated one first.
        pub strategies: Vec<StrategyResult>,
        /// The first strategy against each of the others.
        pub pairs: Vec<Pair>,
        /// Where the gain of the first strategy comes from, in a sentence.
        pub gain: Option<String>,
        /// What can be claimed.
        pub claims: Vec<WalkForwardClaim>,
    }

    /// Settings.
    pub struct WalkForwardSettings {
        /// What a loan should return.
        pub hurdle: String,
        /// Share of each quarter that is bought.
        pub top_fraction: f64,
        /// Loans that a method learns from in a quarter, at most.
        pub max_method_loans: usize,
        /// Loans that an SVM on stakes learns from in a quarter, at most.
        pub max_svm_loans: usize,
        /// Resamples of the bootstrap.
        pub n_resamples: usize,
        /// Seed of all draws.
        pub seed: u64,
    }

    /// One decision.
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
    pub struct Bought {
        /// How many.
        pub n_loans: usize,
        /// Mean return over the whole life.
        pub mean_roi: f64,
        /// Standard deviation of the returns.
        pub sd_roi: f64,
        /// Share that was charged off.
        pub default_rate: f64,
        /// Mean interest rate per year.
        pub mean_rate: f64,
        /// Mean internal rate of return per year.
        pub mean_irr: Option<f64>,
    }

    /// One strategy.
    pub struct StrategyResult {
        /// Which.
        pub strategy: String,
        /// What it bought as the top of all quarters.
        pub top: Bought,
        /// Its return above all loans of the same quarter.
        pub top_to_market: ReturnDifference,
        /// Where that comes from.
        pub sources: Option<GainSources>,
        /// Share of random choices that returned less.
        pub random_percentile: f64,
        /// Its return above all loans of the same quarter and grade.
        pub top_to_grade: Option<ReturnDifference>,
        /// The mean over the budgets of the return above the market.
        pub curve: ReturnDifference,
        /// That of each budget.
        pub points: Vec<CurvePoint>,
        /// The top of each quarter.
        pub quarters: Vec<QuarterTop>,
    }

    /// A difference of returns in three parts, which add up to it.
    pub struct GainSources {
        /// Fewer loans default.
        pub defaults: f64,
        /// Repaid loans return more.
        pub repaid: f64,
        /// Charged-off loans lose less.
        pub losses: f64,
    }

    /// A mean difference of returns.
    pub struct ReturnDifference {
        /// The difference.
        pub mean: f64,
        /// Its 95 % interval by the bootstrap over loans.
        pub interval: Option<Interval>,
        /// The same over whole quarters.
        pub interval_by_quarter: Option<Interval>,
        /// The smallest difference that the loans show with 80 % power.
        pub detectable: f64,
    }

    /// An interval.
    pub struct Interval {
        /// Lower end.
        pub lower: f64,
        /// Upper end.
        pub upper: f64,
    }

    /// A point of the return curve.
    pub struct CurvePoint {
        /// Share of each quarter's loans that is bought.
        pub budget: f64,
        /// Return above the market.
        pub to_market: ReturnDifference,
    }

    /// What a strategy bought in a quarter.
    pub struct QuarterTop {
        /// The quarter.
        pub quarter: String,
        /// The loans.
        pub bought: Bought,
        /// Their mean return above that of all loans of the quarter.
        pub to_market: f64,
    }

    /// Two strategies, the first minus the second.
    pub struct Pair {
        /// The first.
        pub first: String,
        /// The second.
        pub second: String,
        /// Difference of the top.
        pub top: ReturnDifference,
        /// Difference of the curve.
        pub curve: ReturnDifference,
        /// Quarters in which the first one's top returned more.
        pub n_quarters_ahead: usize,
    }

    /// A claim about the top of the rankings.
    pub struct WalkForwardClaim {
        /// What is claimed.
        pub claim: String,
        /// The difference that it is about.
        pub difference: ReturnDifference,
        /// Whether it holds; absent where the loans cannot tell.
        pub holds: Option<bool>,
    }
}

impl ReturnDifference {
    /// As in a claim: +1 or −1 where the loans can tell that it is above or below 0, else 0. They can where the interval
    /// leaves out 0 and the difference is as large as the smallest that they show.
    pub(crate) fn sign(&self) -> i8 {
        let decided = self.interval.as_ref();
        let decided = decided.is_some_and(|i| i.lower > 0.0 || i.upper < 0.0);
        match decided && self.mean.abs() >= self.detectable {
            true if self.mean > 0.0 => 1,
            true => -1,
            false => 0,
        }
    }
}
