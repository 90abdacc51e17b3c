//! The lending experiment: classify loans, forecast returns, buy the top of those predicted paid, and
//! compare with benchmarks (Cho, Chang & Song 2019, DOI 10.1109/ACCESS.2019.2896474).
//!
//! Loans go in, [`LendResults`] come out; [`LendOptions`] reads loans from files, and nothing is written to disk here. The page *Lending* of the book
//! describes a trial.

mod aggregate;
mod buy;
mod claims;
mod error;
pub mod figures;
mod forecast;
mod input;
mod options;
mod probability;
mod provenance;
pub mod published;
mod redundant;
mod results;
mod run;
mod save;
mod scores;
mod settings;
mod split;
pub mod tables;
mod trial;

pub use crate::provenance::{DataFile, RunRecord};
pub use buy::Buy;
pub use error::{Available, LendError};
pub use forecast::Forecast;
pub use input::LendInput;
pub use options::{LendOptions, SplitName, WALKED_FORWARD};
pub use provenance::{DataOrigin, Provenance};
pub use results::{
    BENCHMARK_1, BenchmarkResult, Claim, ClaimInterval, ClaimKind, Difference, FeatureUse,
    KnownOnly, LeftOut, LendResults, LoanCounts, MarketResult, MeanStd, MethodResult, MethodTrial,
    MetricResult, Purchase, SCHEMA, SplitSummary, SpreadRank, TrialOutcome, ValueRank, YoungLoans,
};
pub use run::{LendPlan, LendRun, describe, plan, resume, resume_with, run, run_trial};
pub(crate) use run::{installment_of, return_of, returns_of};
pub use save::model_to_keep;
pub use scores::{LoanScores, ScoredLoan, TrialScores};
pub use settings::{LendSettings, RegressionRows, Split};
pub(crate) use trial::name_of;
