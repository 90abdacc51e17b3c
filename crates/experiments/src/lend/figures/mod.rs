//! What a page about a run draws: curves, tables and portfolios, as aggregates of the test loans.
//!
//! Every trial gathers its part ([`TrialFigures`]) where its loans and scores are at hand; the parts of all trials, which
//! may come from a file or another machine, add up to [`Figures`] and what stands beside it in `results.json`.

mod assemble;
mod bought;
mod calibration;
mod entropy_map;
mod frontier;
mod loans;
mod method;
mod portfolio;
mod reasons;
mod results;
mod round;
mod segments;
mod stability;
mod trial;
mod vintages;

pub(super) use assemble::assemble;
pub(super) use reasons::{Explained, Explainer};
pub use reasons::{LoanReason, ReasonFigures, TypicalFeature};
pub use results::{
    BoughtLoan, BoughtLoans, BrierParts, ByMonth, CalibrationBin, CalibrationFigures,
    CalibrationGrade, CalibrationInterval, Curve, DifferenceKind, Drift, EntropyMark, Estimate,
    FigureKind, FigureParts, Figures, ForecastDecile, FrontierFigures, FrontierPoint,
    FrontierPortfolio, FrontierPortfolioId, Histogram, IntervalKind, KSelection, Ks, MethodFigures,
    PortfolioDifference, PortfolioFigures, PortfolioId, PrecisionRecall, ScoreDecile, Segment,
    SegmentBy, Vintage,
};
pub use trial::{FirstTrial, TrialFigures};
pub(super) use trial::{MethodInTrial, TrialInput, designated, gather};

use fuzzysvm_evaluation::Interval;

/// Confidence level of all intervals.
const LEVEL: f64 = 0.95;
/// Resamples of a bootstrap.
const N_RESAMPLES: usize = 1000;
/// Random portfolios that one is compared with.
const N_DRAWS: usize = 1000;
/// Groups of a table by score or forecast.
const N_DECILES: usize = 10;

/// The rates at which curves are given: 0, 0.01, …, 1.
fn grid() -> Vec<f64> {
    (0..=100).map(|i| f64::from(i) / 100.0).collect()
}

/// Both ends, short.
fn ends(interval: &Interval) -> [f64; 2] {
    [interval.lower, interval.upper]
}
