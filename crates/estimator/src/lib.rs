//! From a file to decisions: one type with preprocessing, method, kernel, solver and seed, which fits, scores, saves
//! and loads.
//!
//! ```no_run
//! use fuzzysvm_estimator::{Data, DataOptions, Estimator, FittedEstimator};
//!
//! let data = Data::read("train.csv", &DataOptions::default())?;
//! let fitted = Estimator::named("iefsvm")?.with_c(10.0).fit(&data, None)?;
//! fitted.save("model.json")?;
//!
//! let model = FittedEstimator::load("model.json")?;
//! let rows = model.read("new.csv")?;
//! for (row, score) in rows.numbers.iter().zip(model.decision_function(rows.x.view())?) {
//!     println!("{row} {score:+.4}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module or type | what |
//! | --- | --- |
//! | [`Data`] | a table or a loan book, read by what is in the file |
//! | [`Estimator`] → [`FittedEstimator`] | fit, decide, save, load; [`Warning`]s as values |
//! | [`CalibrationSpec`] | probabilities beside decisions, learnt from decisions out of folds |
//! | [`method`] | every method once: name, title, source, parameters, grid, needs |
//! | [`CrossValidation`] | folds encoded by their own training part; out-of-fold decisions |
//! | [`reasons`] | which features moved a score most, how faithful that is, and a row's training neighbors |
//! | [`target`] | what a classifier of loans learns: labels and weights from outcomes, known or expected |
//! | [`tuning`] | choosing parameters: one method with every score, or many methods at once |
//!
//! Everything that a command line, a notebook and an experiment do with data is done here, once.

mod calibration;
mod canonical_order;
mod copies;
mod cost;
mod cross_validation;
mod data;
mod error;
mod estimator;
mod file;
mod fitted;
mod kernel_spec;
pub mod method;
mod model;
mod onnx;
mod preprocessing;
pub mod reasons;
mod scored;
mod search_space;
mod svm_spec;
pub mod target;
pub mod tuning;
mod warning;
mod widen;

pub use calibration::CalibrationSpec;
pub use canonical_order::CanonicalOrder;
pub use copies::{Copies, SampleFingerprint};
pub use cross_validation::{CrossValidation, EncodedFold, OutOfFold};
pub use data::{
    Data, DataOptions, Encode, LoanData, LoanEncoding, LoanFileOptions, LoanRows, NotScored,
};
pub use error::EstimatorError;
pub use estimator::{Estimator, SamplesFit};
pub use fitted::{FitInfo, FittedEstimator};
pub use kernel_spec::{KernelName, KernelSpec};
pub use method::{Method, methods};
pub use model::Model;
pub use preprocessing::{Preprocessing, Rows};
pub use scored::{ScoredBatch, ScoredRows};
pub use search_space::{AnyLearner, Candidate, CandidateWeights, LearnerError, SearchSpace};
pub use svm_spec::{ApproxSpec, SvmLearner, SvmModel, SvmSpec};
pub use warning::Warning;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
