//! What schema 2 adds to `results.json` of `lend`: aggregates that figures are drawn from.

use std::collections::BTreeMap;

use super::{LoanReason, NeighborCount, record};

record! {
    /// Figures of every method.
    pub struct Figures {
        /// What intervals are: `spread over trials` or `bootstrap of loans`.
        pub kind: String,
        /// Their level.
        pub level: f64,
        /// Trials that the values are means of.
        pub trials: usize,
        /// The method whose portfolio is shown.
        pub designated: String,
        /// By method.
        pub methods: BTreeMap<String, MethodFigures>,
        /// Forecast return against its standard deviation, trial 1.
        pub frontier: Option<Frontier>,
    }

    /// Figures of one method. Positive means charged off.
    pub struct MethodFigures {
        /// ROC curve.
        pub roc: Roc,
        /// Precision and recall.
        pub pr: Pr,
        /// Area under the ROC curve.
        pub auc: FigureInterval,
        /// Average precision.
        pub average_precision: Option<FigureInterval>,
        /// Scores by outcome.
        pub histogram: Histogram,
        /// Kolmogorov–Smirnov distance.
        pub ks: Ks,
        /// By score, riskiest first.
        #[serde(default)]
        pub score_deciles: Vec<ScoreDecile>,
        /// By forecast return, highest first.
        #[serde(default)]
        pub forecast_deciles: Vec<ForecastDecile>,
        /// Probabilities against outcomes.
        pub calibration: Option<Calibration>,
    }

    /// A value and its interval.
    pub struct FigureInterval {
        /// The value.
        pub value: f64,
        /// Lower end.
        pub low: Option<f64>,
        /// Upper end.
        pub high: Option<f64>,
    }

    /// ROC curve.
    pub struct Roc {
        /// Share of the paid loans rejected.
        pub fpr: Vec<f64>,
        /// Share of the charged-off loans caught.
        pub tpr: Vec<f64>,
        /// Lower end of its band.
        pub low: Vec<f64>,
        /// Upper end.
        pub high: Vec<f64>,
    }

    /// Precision and recall of the charged-off loans.
    pub struct Pr {
        /// Recall.
        pub recall: Vec<f64>,
        /// Precision.
        pub precision: Vec<f64>,
        /// Lower end of its band.
        pub low: Vec<f64>,
        /// Upper end.
        pub high: Vec<f64>,
    }

    /// Scores by outcome, each class summing to 1.
    pub struct Histogram {
        /// Edges of the bins.
        pub edges: Vec<f64>,
        /// Shares of the paid loans.
        pub paid: Vec<f64>,
        /// Shares of the charged-off loans.
        pub charged_off: Vec<f64>,
        /// Above it a loan is predicted charged off.
        pub threshold: f64,
    }

    /// Kolmogorov–Smirnov distance, and where it is.
    pub struct Ks {
        /// The distance.
        pub value: f64,
        /// Lower end of its interval.
        pub low: Option<f64>,
        /// Upper end.
        pub high: Option<f64>,
        /// The score at which the gap is widest.
        pub at: f64,
        /// Share of the paid loans with scores up to there.
        pub paid: f64,
        /// Share of the charged-off loans with scores up to there.
        pub charged_off: f64,
    }

    /// Loans of a tenth of the scores.
    pub struct ScoreDecile {
        /// Loans.
        pub n: f64,
        /// Lowest score.
        pub score_low: f64,
        /// Highest score.
        pub score_high: f64,
        /// Share charged off.
        pub charged_off: f64,
        /// That over the share of all loans.
        pub lift: f64,
        /// Cumulative share of the charged-off loans.
        pub cum_bad: f64,
        /// Cumulative share of the paid loans.
        pub cum_good: f64,
        /// The difference of the two.
        pub ks: f64,
        /// Mean realised return.
        pub realised: f64,
    }

    /// Loans of a tenth of the forecasts.
    pub struct ForecastDecile {
        /// Loans.
        pub n: f64,
        /// Mean forecast return.
        pub forecast: f64,
        /// Mean realised return.
        pub realised: f64,
        /// Lower end of its interval.
        pub low: Option<f64>,
        /// Upper end.
        pub high: Option<f64>,
        /// Share charged off.
        pub charged_off: f64,
    }

    /// Probabilities of default against what happened.
    pub struct Calibration {
        /// What intervals are: `corrected resampled t-test` or `bootstrap of loans`.
        #[serde(default)]
        pub interval: String,
        /// Trials that the values are means of.
        #[serde(default)]
        pub trials: usize,
        /// Bins of equally many loans.
        pub bins: Vec<CalibrationBin>,
        /// Brier's score and its parts.
        pub brier: Option<Brier>,
        /// Expected calibration error.
        pub ece: Option<f64>,
        /// Calibration slope.
        pub slope: Option<FigureInterval>,
        /// Calibration intercept.
        pub intercept: Option<FigureInterval>,
        /// By grade.
        #[serde(default)]
        pub grades: Vec<CalibrationGrade>,
    }

    /// Brier's score and its parts.
    pub struct Brier {
        /// The score.
        pub value: f64,
        /// How far bins are from what was observed in them.
        pub reliability: f64,
        /// How far they are from the mean.
        pub resolution: f64,
        /// The score of the share of defaults alone.
        pub uncertainty: f64,
    }

    /// Loans of a grade.
    pub struct CalibrationGrade {
        /// The grade.
        pub grade: String,
        /// Loans.
        pub n: f64,
        /// Mean probability of default.
        pub expected: f64,
        /// Share charged off.
        pub observed: f64,
    }

    /// Forecast return against its standard deviation.
    pub struct Frontier {
        /// Loans chosen among.
        pub candidates: usize,
        /// The most promising portfolios at their risk.
        pub points: Vec<FrontierPoint>,
        /// Portfolios on the same axes.
        pub portfolios: Vec<FrontierPortfolio>,
    }

    /// A portfolio that promises most at its risk.
    pub struct FrontierPoint {
        /// Aversion to risk.
        pub risk_aversion: f64,
        /// Forecast return.
        pub forecast: f64,
        /// Its standard deviation.
        pub sd: f64,
    }

    /// A portfolio beside the frontier.
    pub struct FrontierPortfolio {
        /// `chosen`, `all-candidates` or `benchmark-1`.
        pub id: String,
        /// Loans.
        pub n: usize,
        /// Forecast return.
        pub forecast: f64,
        /// Its standard deviation.
        pub sd: f64,
    }

    /// Loans of similar probabilities.
    pub struct CalibrationBin {
        /// Mean probability.
        pub mean: f64,
        /// Share charged off.
        pub observed: f64,
        /// Lower end of its interval.
        pub low: Option<f64>,
        /// Upper end.
        pub high: Option<f64>,
        /// Loans.
        pub n: f64,
    }

    /// A portfolio and what it returned.
    pub struct Portfolio {
        /// `chosen`, `market`, `random`, …
        pub id: String,
        /// Its name.
        pub name: String,
        /// Loans.
        pub n: f64,
        /// Mean realised return, equal amounts.
        #[serde(rename = "return")]
        pub returns: f64,
        /// Lower end of its interval.
        pub low: Option<f64>,
        /// Upper end.
        pub high: Option<f64>,
        /// What the interval is.
        pub interval: String,
        /// Difference to the market, with a confidence interval.
        pub difference_to_market: Option<PortfolioDifference>,
        /// Difference to as many loans of each grade and term at random.
        pub difference_to_matched: Option<PortfolioDifference>,
        /// Share of random draws that returned less than the chosen loans.
        pub percentile: Option<f64>,
        /// Standard deviation of the returns of the loans.
        pub sd: Option<f64>,
        /// Share charged off.
        pub charged_off: f64,
        /// Mean share of a loan that was lost.
        pub loss: f64,
        /// Return weighted by the amounts funded.
        pub capital_weighted: f64,
        /// Internal rate of return per year.
        pub irr: Option<f64>,
        /// Net cash per dollar lent after 0, 1, … months.
        #[serde(default)]
        pub cash: Vec<f64>,
    }

    /// A difference of returns.
    pub struct PortfolioDifference {
        /// The difference.
        pub value: f64,
        /// Lower end of its interval.
        pub low: Option<f64>,
        /// Upper end.
        pub high: Option<f64>,
        /// How the interval is made.
        pub kind: String,
    }

    /// The first loans of a portfolio.
    pub struct BoughtLoans {
        /// The method that chose them.
        pub method: String,
        /// The trial.
        pub trial: usize,
        /// Loans bought in it.
        pub n: usize,
        /// The first of them.
        pub loans: Vec<BoughtLoan>,
    }

    /// A loan bought.
    pub struct BoughtLoan {
        /// Rank, from 1.
        pub rank: usize,
        /// As the file names it.
        pub loan: String,
        /// Month of issue.
        pub issued: String,
        /// Grade.
        pub grade: Option<String>,
        /// Interest rate per year.
        pub rate: f64,
        /// Amount allocated.
        pub amount: f64,
        /// Decision value.
        pub score: f64,
        /// Probability of default.
        pub probability: Option<f64>,
        /// Forecast return.
        pub forecast: f64,
        /// Realised return.
        pub realised: f64,
        /// Whether it was charged off.
        pub charged_off: bool,
        /// The features that moved its score most.
        #[serde(default)]
        pub reasons: Vec<LoanReason>,
        /// The classes among its nearest training loans.
        #[serde(default)]
        pub neighbors: Vec<NeighborCount>,
    }

    /// Loans of a quarter of issue.
    pub struct Vintage {
        /// The quarter.
        pub quarter: String,
        /// Loans.
        pub n: usize,
        /// Months since issue.
        pub months: Vec<usize>,
        /// Share charged off by then; absent where it cannot have been observed.
        pub charged_off: Vec<Option<f64>>,
    }

    /// Loans of a grade, term or year.
    pub struct Segment {
        /// `grade`, `term` or `year`.
        pub by: String,
        /// Which.
        pub value: String,
        /// Test loans.
        pub n_market: f64,
        /// Of those, bought.
        pub n_chosen: f64,
        /// Return of the test loans.
        pub return_market: Option<f64>,
        /// Of those bought.
        pub return_chosen: Option<f64>,
        /// Share of the test loans charged off.
        pub default_market: Option<f64>,
        /// Of those bought.
        pub default_chosen: Option<f64>,
    }

    /// Training loans of one pair of mean and deviation of the entropies of their neighborhoods.
    pub struct EntropyMark {
        /// Mean over k, in nats.
        pub mu: f64,
        /// Standard deviation over k.
        pub sigma: f64,
        /// Membership of the paid loans.
        pub membership: Option<f64>,
        /// Paid loans.
        pub paid: usize,
        /// Charged-off loans.
        pub charged_off: usize,
    }

    /// Errors of EFSVM in the tuning of one trial.
    pub struct KSelection {
        /// The trial.
        pub trial: usize,
        /// 1 − balanced accuracy by number of neighbors.
        pub errors: BTreeMap<String, f64>,
        /// The number chosen.
        pub chosen: usize,
    }

    /// Population stability index of a feature or the score.
    pub struct Psi {
        /// The feature, or `score`.
        pub feature: String,
        /// The index.
        pub psi: f64,
        /// What chance exceeds in one of twenty cases.
        pub critical: f64,
    }

    /// Where the numbers come from.
    pub struct Provenance {
        /// The data.
        pub data: DataSource,
        /// Version of fuzzysvm.
        pub version: String,
        /// Seed of all draws.
        pub seed: u64,
        /// Command line.
        pub command: Option<String>,
        /// When the run was started.
        pub started: Option<String>,
        /// How long it took.
        pub seconds: Option<f64>,
    }

    /// The data.
    pub struct DataSource {
        /// Their name.
        pub name: String,
        /// Checksum of the file.
        pub sha256: Option<String>,
        /// The month that the files show.
        pub snapshot: Option<String>,
    }
}
