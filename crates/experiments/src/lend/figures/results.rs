//! The parts of `results.json` that a page is drawn from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::reasons::ReasonFigures;

mod portfolios;

pub use portfolios::{
    BoughtLoan, BoughtLoans, ByMonth, DifferenceKind, IntervalKind, PortfolioDifference,
    PortfolioFigures, PortfolioId,
};

/// What the values and the intervals of the figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum FigureKind {
    /// Means over the trials, with the 2.5 % and 97.5 % quantiles of the trials. Trials share loans: this is no confidence
    /// interval of the mean.
    #[serde(rename = "spread over trials")]
    Spread,
    /// Of the first trial alone, with percentiles of 1,000 resamples of its test loans.
    #[serde(rename = "bootstrap of loans")]
    Bootstrap,
}

/// Everything about the scores of the methods.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Figures {
    /// What values and intervals are.
    pub kind: FigureKind,
    /// Confidence level, 0.95.
    pub level: f64,
    /// Trials that the values are means of.
    pub trials: usize,
    /// The method that portfolios and segments are of: IEFSVM, or else the first one.
    pub designated: String,
    /// By the method's `id`.
    pub methods: BTreeMap<String, MethodFigures>,
    /// Forecast return against risk; absent where the designated method has fewer than two loans to choose among.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontier: Option<FrontierFigures>,
}

/// A value with both ends of an interval; `null` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// The scores of one method.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MethodFigures {
    /// Defaults caught against paid loans rejected.
    pub roc: Curve,
    /// Share of defaults among the rejected loans against defaults caught.
    pub pr: PrecisionRecall,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Average precision of the defaults.
    pub average_precision: Estimate,
    /// Scores of the first trial by outcome.
    pub histogram: Histogram,
    /// Kolmogorov–Smirnov distance.
    pub ks: Ks,
    /// Tenths of the test loans by score, the riskiest first.
    pub score_deciles: Vec<ScoreDecile>,
    /// Tenths of the loans that the method chooses among by forecast, the highest first; absent where no trial has such
    /// loans.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forecast_deciles: Vec<ForecastDecile>,
    /// Calibrated probabilities of default against outcomes; of the designated method, and of all where they forecast by
    /// them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationFigures>,
}

/// What the intervals of a calibration are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum CalibrationInterval {
    /// Confidence intervals of means over trials that share loans: t · spread · √(1/J + n_test/n_train), Nadeau & Bengio.
    #[serde(rename = "corrected resampled t-test")]
    CorrectedT,
    /// As [`FigureKind::Bootstrap`].
    #[serde(rename = "bootstrap of loans")]
    Bootstrap,
}

/// Probabilities of default against outcomes: means over the trials.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CalibrationFigures {
    /// What low and high are.
    pub interval: CalibrationInterval,
    /// Trials that the values are means of.
    pub trials: usize,
    /// Tenths of the test loans by probability, the safest first.
    pub bins: Vec<CalibrationBin>,
    /// Brier's score and its parts.
    pub brier: BrierParts,
    /// Expected calibration error.
    pub ece: f64,
    /// Calibration slope; `null` where it is not defined.
    pub slope: Option<Estimate>,
    /// Calibration intercept; `null` where it is not defined.
    pub intercept: Option<Estimate>,
    /// The same by grade; absent where the loans have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<CalibrationGrade>,
}

/// A tenth of the test loans by probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CalibrationBin {
    /// Mean probability of default.
    pub mean: f64,
    /// Share that was charged off.
    pub observed: f64,
    /// Lower end of it; `null` where there is none.
    pub low: Option<f64>,
    /// Upper end of it.
    pub high: Option<f64>,
    /// Loans.
    pub n: f64,
}

/// Brier's score: reliability − resolution + uncertainty + within_bins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BrierParts {
    /// Mean squared difference of probability and outcome.
    pub value: f64,
    /// How far the bins are from what was observed in them.
    pub reliability: f64,
    /// How far the bins are from the mean.
    pub resolution: f64,
    /// That of the share of defaults alone.
    pub uncertainty: f64,
    /// What the bins do not see.
    pub within_bins: f64,
}

/// The test loans of a grade, all trials together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CalibrationGrade {
    /// The grade.
    pub grade: String,
    /// Loans, mean over the trials.
    pub n: f64,
    /// Mean probability of default.
    pub expected: f64,
    /// Share that was charged off.
    pub observed: f64,
}

/// Forecast return against its standard deviation, of the first trial: what was promised, not what was realised. Loans are
/// taken for independent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FrontierFigures {
    /// Loans that the designated method chooses among.
    pub candidates: usize,
    /// Portfolios of these that promise most at their risk, the most careful first.
    pub points: Vec<FrontierPoint>,
    /// What was bought and what it is compared with, on the same axes.
    pub portfolios: Vec<FrontierPortfolio>,
}

/// A portfolio that promises most at its risk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FrontierPoint {
    /// λ of forecast − ½ λ variance.
    pub risk_aversion: f64,
    /// Forecast return.
    pub forecast: f64,
    /// Standard deviation of the return.
    pub sd: f64,
}

/// A portfolio on the axes of the frontier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FrontierPortfolio {
    /// Which.
    pub id: FrontierPortfolioId,
    /// Loans.
    pub n: usize,
    /// Forecast return.
    pub forecast: f64,
    /// Standard deviation of the return.
    pub sd: f64,
}

/// Portfolios on the axes of the frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FrontierPortfolioId {
    /// What the designated method bought.
    Chosen,
    /// Equal amounts in all that it chooses among.
    AllCandidates,
    /// What is bought by the forecasts alone.
    #[serde(rename = "benchmark-1")]
    Benchmark1,
}

/// A ROC curve at false positive rates 0, 0.01, …, 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Curve {
    /// False positive rate.
    pub fpr: Vec<f64>,
    /// True positive rate.
    pub tpr: Vec<f64>,
    /// Lower end of it.
    pub low: Vec<f64>,
    /// Upper end of it.
    pub high: Vec<f64>,
}

/// A precision–recall curve at recalls 0, 0.01, …, 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PrecisionRecall {
    /// Recall of the defaults.
    pub recall: Vec<f64>,
    /// Their precision at the first threshold that reaches the recall.
    pub precision: Vec<f64>,
    /// Lower end of it.
    pub low: Vec<f64>,
    /// Upper end of it.
    pub high: Vec<f64>,
}

/// Shares of the loans of each class by score, in bins of equal width.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Histogram {
    /// Edges of the bins.
    pub edges: Vec<f64>,
    /// Share of the paid loans in each bin.
    pub paid: Vec<f64>,
    /// Share of the charged-off loans in each bin.
    pub charged_off: Vec<f64>,
    /// The score above which a loan is predicted to default.
    pub threshold: f64,
}

/// The Kolmogorov–Smirnov distance, and where the first trial has it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ks {
    /// The distance.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// First trial: the score at which the gap is widest.
    pub at: f64,
    /// First trial: share of the paid loans that score at most that.
    pub paid: f64,
    /// First trial: share of the charged-off loans that do.
    pub charged_off: f64,
}

/// A tenth of the test loans by score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ScoreDecile {
    /// Loans.
    pub n: f64,
    /// Their lowest score.
    pub score_low: f64,
    /// Their highest score.
    pub score_high: f64,
    /// Share that was charged off.
    pub charged_off: f64,
    /// That over the share among all test loans.
    pub lift: f64,
    /// Share of all charged-off loans in this tenth or a riskier one.
    pub cum_bad: f64,
    /// Share of all paid loans there.
    pub cum_good: f64,
    /// cum_bad − cum_good.
    pub ks: f64,
    /// Mean realised return.
    pub realised: f64,
}

/// A tenth of the loans that a method chooses among, by forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ForecastDecile {
    /// Loans.
    pub n: f64,
    /// Mean forecast.
    pub forecast: f64,
    /// Mean realised return.
    pub realised: f64,
    /// Lower end of it.
    pub low: Option<f64>,
    /// Upper end of it.
    pub high: Option<f64>,
    /// Share that was charged off.
    pub charged_off: f64,
}

/// Loans issued in a quarter, and what became of them by months since the issue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Vintage {
    /// The quarter.
    pub quarter: String,
    /// Loans, open ones included.
    pub n: usize,
    /// Months since the issue.
    pub months: Vec<u32>,
    /// Share that was charged off within so many months; `null` where the files cannot show it.
    pub charged_off: Vec<Option<f64>>,
}

/// What loans are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SegmentBy {
    /// The grade.
    Grade,
    /// The term in months.
    Term,
    /// The year of issue.
    Year,
}

/// Test loans of one kind, all and those bought.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Segment {
    /// What loans are divided by.
    pub by: SegmentBy,
    /// Which of them these are.
    pub value: String,
    /// Test loans, mean over the trials.
    pub n_market: f64,
    /// Those that the designated method bought.
    pub n_chosen: f64,
    /// Mean return of the test loans.
    pub return_market: f64,
    /// Mean return of those bought; `null` without one.
    pub return_chosen: Option<f64>,
    /// Share of defaults among the test loans.
    pub default_market: f64,
    /// Share of defaults among those bought; `null` without one.
    pub default_chosen: Option<f64>,
}

/// Training loans of the first trial with the same entropies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EntropyMark {
    /// Mean entropy of the neighborhoods, in nats.
    pub mu: f64,
    /// Its standard deviation over the neighborhoods.
    pub sigma: f64,
    /// Membership of the paid ones under IEFSVM; `null` without one.
    pub membership: Option<f64>,
    /// Paid loans.
    pub paid: usize,
    /// Charged-off loans.
    pub charged_off: usize,
}

/// How EFSVM chose the number of neighbors in one trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct KSelection {
    /// Number of the trial.
    pub trial: usize,
    /// 1 − balanced accuracy in the inner cross-validation, by number of neighbors.
    pub errors: BTreeMap<usize, f64>,
    /// The number chosen.
    pub chosen: usize,
}

/// How far a feature, or the score, has moved from the training to the test loans of the first trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Drift {
    /// The feature, or `score`.
    pub feature: String,
    /// Population stability index.
    pub psi: f64,
    /// What it exceeds in one of twenty cases where nothing has moved.
    pub critical: f64,
    /// Bins.
    pub bins: usize,
    /// Training loans.
    pub n_train: usize,
    /// Test loans.
    pub n_test: usize,
}

/// What stands in `results.json` beside the figures of schema 1. A part that there is nothing for is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FigureParts {
    /// Curves and tables of every method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
    /// What was bought, and what it is compared with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub portfolios: Vec<PortfolioFigures>,
    /// The first loans that the designated method bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bought: Option<BoughtLoans>,
    /// What the reasons of these loans compare with, and how faithful they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<ReasonFigures>,
    /// Loans by quarter of issue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vintages: Vec<Vintage>,
    /// Test loans by grade, term and year.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// How IEFSVM's memberships came about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entropy_map: Vec<EntropyMark>,
    /// How EFSVM's numbers of neighbors came about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub k_selection: Vec<KSelection>,
    /// What has moved from training to test.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub psi: Vec<Drift>,
}
