//! What a run leaves behind: the stable schema of `results.json` (version 2).
//!
//! Rates are fractions (0.594), not per cent. A figure that no trial defines is `null`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use fuzzysvm_estimator::tuning::Chosen;

use super::LendSettings;
use super::figures::{FigureParts, LoanReason, TrialFigures};
use super::provenance::Provenance;
use super::scores::TrialScores;

/// The method of purchases by the forecasts alone.
pub const BENCHMARK_1: &str = "benchmark-1";

/// The schema of `results.json`.
pub const SCHEMA: u32 = 2;

/// `results.json`.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LendResults {
    /// Schema version, 2: all that version 1 has, and [`FigureParts`] and [`Provenance`] beside it.
    pub schema: u32,
    /// `"simulated"`, or the path of the file read; see [`is_simulated`](crate::is_simulated).
    pub source: String,
    /// How many loans were read, kept and dropped.
    pub loans: LoanCounts,
    /// Which features the loans have, and which were left out.
    pub features: FeatureUse,
    /// All settings of the run.
    pub settings: LendSettings,
    /// What `forecast` is in `portfolio.csv` and what loans are bought by: `expected return` where it weighs both outcomes by
    /// their probability, `forecast if paid` where it was learned from repaid loans alone, else `forecast`.
    pub forecast: &'static str,
    /// What it is in Benchmark 1, which has no probability; absent where it is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmark_1_forecast: Option<&'static str>,
    /// The split as it was resolved, in words and numbers.
    pub split: SplitSummary,
    /// One entry per method, in the order of the tables.
    pub methods: Vec<MethodResult>,
    /// Benchmark 1 (no classifier), Benchmark 2 (no regression), and IEFSVM beside them.
    pub benchmarks: Vec<BenchmarkResult>,
    /// Every test loan, equal amounts.
    pub market: MarketResult,
    /// Do the published claims hold here? Empty where the figures are of another kind than the published ones: another
    /// return, share, term or split.
    pub claims: Vec<Claim>,
    /// What a page about the run is drawn from.
    #[serde(flatten)]
    pub figures: FigureParts,
    /// Where the figures come from; absent where only loans and settings were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Box<Provenance>>,
}

/// Loans read, kept and dropped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// The month by which kept loans had run their term; absent where loans of any age are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    /// Loans that were kept though they are younger than their term; absent where there are none, or where the
    /// files do not show when they were written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub young: Option<YoungLoans>,
}

/// Finished loans whose term, and the delay of a charge-off, had not passed when the file was written. Of such loans
/// those that ended early are finished, the others are not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct YoungLoans {
    /// The month in which the file was written, as far as it shows it.
    pub snapshot: String,
    /// Kept loans that are younger than their term.
    pub n: usize,
    /// Mean return of the other kept loans; `null` where there are none.
    pub market_return_of_others: Option<f64>,
}

/// The features of the loans that training draws from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FeatureUse {
    /// Those used, by their column in the file.
    pub used: Vec<String>,
    /// Those that could have been used, with the reason why they are not.
    pub left_out: Vec<LeftOut>,
    /// Columns of the encoded features that are combinations of those before them among the training loans of trial 1, so that
    /// the regression of returns does not determine their coefficients: its forecasts do not depend on them. Absent where there
    /// are none, or no regression.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redundant: Vec<String>,
    /// Columns that are not known when a loan is listed, and are features of no run whether a file has them or not.
    pub not_known_at_listing: Vec<String>,
}

/// A feature that is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// Its column in the file.
    pub name: String,
    /// Why: no such column, empty, mostly missing or constant.
    pub reason: String,
}

/// The pools that trials draw from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SplitSummary {
    /// `random` or `out-of-time`.
    pub kind: String,
    /// First month of the test loans, out-of-time only.
    pub test_from: Option<String>,
    /// Loans that training draws from.
    pub train_pool: usize,
    /// Loans that testing draws from.
    pub test_pool: usize,
    /// Training loans of each trial: as asked for, out of time at most 80 % of the pool.
    pub train: usize,
    /// Test loans of each trial, likewise.
    pub test: usize,
    /// Out-of-time only: by how much the loans that training draws from differ from all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_only: Option<KnownOnly>,
}

impl SplitSummary {
    /// By how much training loans of known outcome differ from all, in a sentence without its end; `None` where training
    /// draws from all months.
    pub fn known_only_in_words(&self) -> Option<String> {
        let (known, month) = (self.known_only.as_ref()?, self.test_from.as_ref()?);
        let percent = |v: f64| 100.0 * v;
        Some(format!(
            "the training loans ended early: of the {} loans issued before {month}, {} had ended by then; {:.1} % of these \
             defaulted, of all {:.1} % in the end, and they returned {:.2} %, all {:.2} %",
            known.n_issued,
            known.n_known,
            percent(known.default_rate_known),
            percent(known.default_rate_issued),
            percent(known.return_known),
            percent(known.return_issued),
        ))
    }
}

/// The loans whose outcome was known at a month, beside all that were issued before it, as they ended in the file. The
/// first are those that were repaid or charged off early.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct KnownOnly {
    /// Loans of known outcome.
    pub n_known: usize,
    /// Loans issued before.
    pub n_issued: usize,
    /// Share of defaults among the first.
    pub default_rate_known: f64,
    /// Among all.
    pub default_rate_issued: f64,
    /// Mean return of the first.
    pub return_known: f64,
    /// Of all.
    pub return_issued: f64,
}

/// Mean, standard deviation and rank of a metric over the trials.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpreadRank {
    /// Mean over the trials that define it.
    pub mean: Option<f64>,
    /// Sample standard deviation over those trials; `null` below two.
    pub std: Option<f64>,
    /// Rank of the mean among the methods, 1 is best, ties averaged.
    pub rank: Option<f64>,
    /// Trials that define it.
    pub trials: usize,
}

/// A figure with its rank.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ValueRank {
    /// The value; `null` where the standard deviation is 0 or undefined.
    pub value: Option<f64>,
    /// Rank among the methods, 1 is best, ties averaged.
    pub rank: Option<f64>,
}

/// A metric as it stands in `metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MetricResult {
    /// Over the trials.
    Spread(SpreadRank),
    /// One value per run (`return_over_std`).
    Value(ValueRank),
}

/// The difference of a method to IEFSVM over the trials, with a 95 % interval and a p-value of the
/// corrected resampled t-test (Nadeau & Bengio 2003, DOI 10.1023/A:1024068626366).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Mean of (method − IEFSVM).
    pub mean: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
    /// Two-sided p-value.
    pub p_value: f64,
}

/// One method.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct MethodResult {
    /// The name in the tables, for instance `IEFSVM`.
    pub name: String,
    /// The name in `--methods`, for instance `iefsvm`.
    pub id: String,
    /// Metric by name.
    pub metrics: BTreeMap<String, MetricResult>,
    /// Differences to IEFSVM by metric; empty for IEFSVM itself and where it did not run.
    pub versus_iefsvm: BTreeMap<String, Difference>,
    /// The trials in order.
    pub trials: Vec<MethodTrial>,
}

/// One method in one trial. Positive means default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MethodTrial {
    /// Number of the trial, from 0.
    pub trial: usize,
    /// Mean of the two recalls; the published "AUC".
    pub balanced_accuracy: f64,
    /// Share truly paid among the loans predicted paid; `null` where none is.
    #[serde(alias = "precision")]
    pub precision_paid: Option<f64>,
    /// Share of the test loans predicted to default.
    pub predicted_negative_rate: f64,
    /// Share of right predictions.
    pub accuracy: f64,
    /// √(recall₊ · recall₋).
    pub g_mean: f64,
    /// Ranking AUC of the decision values.
    pub roc_auc: f64,
    /// Average precision of the defaults.
    pub pr_auc: f64,
    /// Kolmogorov–Smirnov distance of the two score distributions.
    pub ks: f64,
    /// Matthews correlation coefficient.
    pub mcc: f64,
    /// Realised mean return of the top loans by forecast among those predicted paid.
    pub return_top: Option<f64>,
    /// The same, weighted by the amount funded.
    pub return_top_capital_weighted: Option<f64>,
    /// Share of defaults among the loans bought.
    pub default_rate_top: Option<f64>,
    /// Realised mean return of all loans predicted paid.
    pub return_predicted_paid: Option<f64>,
    /// Test loans predicted paid.
    pub n_predicted_paid: usize,
    /// Loans bought.
    pub n_bought: usize,
    /// Support vectors of the model; `null` for a method that has none.
    pub n_support: Option<usize>,
    /// Whether every solve of the final fit ended within its iterations.
    pub converged: bool,
    /// What tuning chose.
    pub chosen: Chosen,
}

/// Mean and standard deviation of a return over the trials.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MeanStd {
    /// Mean over the trials that define it.
    pub mean: Option<f64>,
    /// Sample standard deviation over those trials.
    pub std: Option<f64>,
}

/// One row of the second table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BenchmarkResult {
    /// `Benchmark 1`, `Benchmark 2` or `IEFSVM`.
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MarketResult {
    /// Realised mean return over the trials.
    #[serde(rename = "return")]
    pub returns: MeanStd,
    /// Share of defaults among the test loans, mean over the trials.
    pub default_rate: f64,
}

/// What is claimed of IEFSVM in a column of the published table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ClaimKind {
    /// First of the eight published methods.
    Best,
    /// Greater than EFSVM.
    BetterThanEfsvm,
    /// More than double every other published method.
    MoreThanDouble,
}

/// Whether a published claim holds here. Claims are evaluated among the published methods that ran.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Claim {
    /// The column's name in `metrics`.
    pub column: String,
    /// What is claimed.
    pub claim: ClaimKind,
    /// The published figure: IEFSVM's (`best`), its difference to EFSVM (`better-than-efsvm`) or its quotient
    /// by the greatest other (`more-than-double`).
    pub published: f64,
    /// The same here; `null` where a method that it needs did not run or has no figure.
    pub here: Option<f64>,
    /// Whether the claim holds: true or false where the interval decides it, `null` where the interval leaves it open
    /// or something that it needs was not computed.
    pub holds: Option<bool>,
    /// How sure that is; `null` below three trials, or where the statistic has no value without one of them.
    pub interval: Option<ClaimInterval>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// 95 % interval behind a claim: of IEFSVM's difference to another method or, for `more-than-double`, of
/// its quotient by it. From the corrected resampled jackknife over the trials that define both; of a mean
/// it is the interval of the corrected resampled t-test.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClaimInterval {
    /// The other method's `id`.
    pub against: String,
    /// The difference or quotient over the trials that define both.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether the interval leaves out the difference 0, or the quotient 2.
    pub decided: bool,
}

/// One loan bought in one trial by one method, or as `benchmark-1` by the forecasts alone: a line of `portfolio.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Purchase {
    /// Number of the trial.
    pub trial: usize,
    /// The method.
    pub method: String,
    /// The loan, as the file names it (its id, or its line where it has none).
    pub loan: String,
    /// Month of issue.
    pub issued: String,
    /// Decision value; negative or 0 means predicted paid. `null` for what no classifier chose.
    pub score: Option<f64>,
    /// Forecast return: what [`LendResults::forecast`] says.
    pub forecast: f64,
    /// Amount allocated, in the currency of the file.
    pub amount: f64,
    /// Realised return.
    pub realised: f64,
    /// The features that moved its score most, at most four; of the designated method's purchases alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<LoanReason>,
}

/// Everything that a trial found. Trials do not depend on each other, so a run may be resumed
/// from the ones that are finished: see [`super::resume`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TrialOutcome {
    /// Number of the trial, from 0.
    pub trial: usize,
    /// One entry per method, in the order of the settings.
    pub methods: Vec<MethodTrial>,
    /// The loans bought, by method and place in the file; last those bought by the forecasts alone.
    pub purchases: Vec<Purchase>,
    /// Return of the top loans by forecast with no classifier.
    pub benchmark1: Option<f64>,
    /// Mean return of every test loan.
    pub market: f64,
    /// Share of defaults among the test loans.
    pub default_rate: f64,
    /// What the trial adds to the figures; `None`, and absent in files, where there is no method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Box<TrialFigures>>,
    /// Scores and forecasts of the test loans, where they are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<TrialScores>,
}
