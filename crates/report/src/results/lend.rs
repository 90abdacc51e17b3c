//! `results.json` of `lend`.

use std::collections::BTreeMap;

use super::{
    BoughtLoans, EntropyMark, Figures, KSelection, Portfolio, Provenance, Psi, Reasons, Segment,
    Vintage, WalkForwardResults, record,
};

record! {
    /// `results.json` of `lend`: trials, walk-forward, or both.
    pub struct LendResults {
        /// Schema version.
        pub schema: u32,
        /// `simulated`, or the path of the file read.
        pub source: String,
        /// How many loans were read, kept and dropped.
        pub loans: LoanCounts,
        /// Which features the loans have, and which were left out.
        pub features: FeatureUse,
        /// Settings of the trials; absent where there are none.
        pub settings: Option<LendSettings>,
        /// What forecasts are: `forecast if paid`, `expected return` or `forecast`.
        pub forecast: Option<String>,
        /// The same of Benchmark 1, where it has another.
        pub benchmark_1_forecast: Option<String>,
        /// The split of the trials.
        pub split: Option<SplitSummary>,
        /// One entry per method, in the order of the tables.
        #[serde(default)]
        pub methods: Vec<MethodResult>,
        /// Benchmark 1, Benchmark 2, and IEFSVM beside them.
        #[serde(default)]
        pub benchmarks: Vec<BenchmarkResult>,
        /// Every test loan, equal amounts.
        pub market: Option<MarketResult>,
        /// Whether the published claims hold.
        #[serde(default)]
        pub claims: Vec<Claim>,
        /// Curves, deciles and histograms by method; schema 2.
        pub figures: Option<Figures>,
        /// What was bought beside what else could have been; schema 2.
        #[serde(default)]
        pub portfolios: Vec<Portfolio>,
        /// The first loans of the designated portfolio; schema 2.
        pub bought: Option<BoughtLoans>,
        /// What the reasons of these loans compare with; schema 2.
        pub reasons: Option<Reasons>,
        /// Loans charged off by months since issue; schema 2.
        #[serde(default)]
        pub vintages: Vec<Vintage>,
        /// Returns and defaults by grade, term and year; schema 2.
        #[serde(default)]
        pub segments: Vec<Segment>,
        /// Where memberships come from; schema 2.
        #[serde(default)]
        pub entropy_map: Vec<EntropyMark>,
        /// Errors of EFSVM by number of neighbors; schema 2.
        #[serde(default)]
        pub k_selection: Vec<KSelection>,
        /// Drift from training to test loans; schema 2.
        #[serde(default)]
        pub psi: Vec<Psi>,
        /// Where the numbers come from; schema 2.
        pub provenance: Option<Provenance>,
        /// Quarter by quarter with what was known at the time.
        pub walk_forward: Option<WalkForwardResults>,
    }

    /// Loans read, kept and dropped.
    pub struct LoanCounts {
        /// Loans in the file.
        pub read: usize,
        /// Loans kept.
        pub kept: usize,
        /// Of those, charged off or in default.
        pub charged_off: usize,
        /// Loans dropped, by reason.
        pub dropped: BTreeMap<String, usize>,
        /// Mean return of the kept loans.
        pub market_return: f64,
        /// The month by which kept loans had run their term.
        pub snapshot: Option<String>,
        /// Kept loans that are younger than their term.
        pub young: Option<YoungLoans>,
    }

    /// Finished loans whose term had not passed when the file was written.
    pub struct YoungLoans {
        /// The month in which the file was written.
        pub snapshot: String,
        /// How many they are.
        pub n: usize,
        /// Mean return of the other kept loans.
        pub market_return_of_others: Option<f64>,
    }

    /// The features of the loans.
    pub struct FeatureUse {
        /// Those used.
        pub used: Vec<String>,
        /// Those that are not, and why.
        pub left_out: Vec<LeftOut>,
        /// Columns that the regression does not need.
        #[serde(default)]
        pub redundant: Vec<String>,
        /// Columns that are features of no run.
        pub not_known_at_listing: Vec<String>,
    }

    /// A feature that is not used.
    pub struct LeftOut {
        /// Its column.
        pub name: String,
        /// Why.
        pub reason: String,
    }

    /// Settings of the trials.
    pub struct LendSettings {
        /// Number of trials.
        pub trials: usize,
        /// `roi`, `annualised` or `irr`.
        pub returns: String,
        /// Loans that the regression is fitted on: `paid` or `all`.
        pub regression: String,
        /// What forecasts: `linear`, `ridge`, `instances` or `expected`.
        pub forecast: Option<String>,
        /// What a method buys by.
        pub rank: String,
        /// Inner folds of the tuning.
        pub folds: usize,
        /// Grid of C.
        pub c: Vec<f64>,
        /// Grid of γ.
        pub gamma: Vec<f64>,
        /// Neighbors that EFSVM tunes over.
        pub ks: Vec<usize>,
        /// Share that is bought.
        pub top_fraction: f64,
        /// Amount invested per trial and method.
        pub budget: f64,
        /// Seed of all draws.
        pub seed: u64,
    }

    /// The pools that trials draw from.
    pub struct SplitSummary {
        /// `random` or `out-of-time`.
        pub kind: String,
        /// First month of the test loans, out of time only.
        pub test_from: Option<String>,
        /// Loans that training draws from.
        pub train_pool: usize,
        /// Loans that testing draws from.
        pub test_pool: usize,
        /// Training loans of each trial.
        pub train: usize,
        /// Test loans of each trial.
        pub test: usize,
    }

    /// One method.
    pub struct MethodResult {
        /// The name in tables.
        pub name: String,
        /// The name in `--methods`.
        pub id: String,
        /// Metric by name.
        pub metrics: BTreeMap<String, Metric>,
        /// Differences to IEFSVM by metric.
        pub versus_iefsvm: BTreeMap<String, Difference>,
        /// The trials in order.
        pub trials: Vec<MethodTrial>,
    }

    /// A metric over the trials, or a value of the whole run.
    pub struct Metric {
        /// Mean over the trials.
        pub mean: Option<f64>,
        /// Sample standard deviation over the trials.
        pub std: Option<f64>,
        /// One value of the whole run.
        pub value: Option<f64>,
        /// Rank among the methods, 1 is best.
        pub rank: Option<f64>,
    }

    /// The difference of a method to IEFSVM, by the corrected resampled t-test.
    pub struct Difference {
        /// Mean of (method − IEFSVM).
        pub mean: f64,
        /// Lower end of the 95 % interval.
        pub low: f64,
        /// Upper end.
        pub high: f64,
        /// Two-sided p-value.
        pub p_value: f64,
    }

    /// One method in one trial.
    pub struct MethodTrial {
        /// Number of the trial, from 0.
        pub trial: usize,
        /// Return of the loans bought.
        pub return_top: Option<f64>,
        /// Loans bought.
        pub n_bought: usize,
        /// Whether the final fit reached its tolerance.
        pub converged: bool,
    }

    /// Mean and standard deviation over the trials.
    pub struct MeanStd {
        /// Mean.
        pub mean: Option<f64>,
        /// Sample standard deviation.
        pub std: Option<f64>,
    }

    /// One row of the second published table.
    pub struct BenchmarkResult {
        /// Its name.
        pub name: String,
        /// Realised mean return over the trials.
        #[serde(rename = "return")]
        pub returns: MeanStd,
        /// Mean over standard deviation.
        pub ratio: Option<f64>,
        /// One return per trial.
        pub trials: Vec<Option<f64>>,
    }

    /// Every test loan.
    pub struct MarketResult {
        /// Realised mean return over the trials.
        #[serde(rename = "return")]
        pub returns: MeanStd,
        /// Share of defaults.
        pub default_rate: f64,
    }

    /// Whether a published claim holds here.
    pub struct Claim {
        /// The column's name in `metrics`.
        pub column: String,
        /// `best`, `better-than-efsvm` or `more-than-double`.
        pub claim: String,
        /// The published figure.
        pub published: f64,
        /// The same here.
        pub here: Option<f64>,
        /// Whether it holds; absent where the interval leaves it open.
        pub holds: Option<bool>,
        /// How sure that is.
        pub interval: Option<ClaimInterval>,
        /// All of it in a sentence.
        pub sentence: String,
    }

    /// 95 % interval behind a claim.
    pub struct ClaimInterval {
        /// The other method.
        pub against: String,
        /// The difference or quotient.
        pub value: f64,
        /// Lower end.
        pub low: f64,
        /// Upper end.
        pub high: f64,
    }
}
