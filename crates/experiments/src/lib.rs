//! Experiments on the methods of `fuzzysvm-estimator`: [`lend`] chooses loans as published, [`walk_forward`] quarter by
//! quarter with what was known then, [`on_offer`] chooses among loans of which nothing is known but the listing,
//! [`compare`] compares methods over data sets. Data goes in, results come out;
//! options read the data from files where it is there, and nothing is written to disk here.
//!
//! A method of one's own, a membership or any learner, stands in both beside the shipped ones: see
//! [`Method`](fuzzysvm_estimator::Method).
//!
//! ```
//! use fuzzysvm_core::{Label, MatrixBuf};
//! use fuzzysvm_estimator::Method;
//! use fuzzysvm_experiments::compare::{self, CompareSettings, DataSet};
//!
//! let set = |name: &str, shift: f64| -> Result<DataSet, Box<dyn std::error::Error>> {
//!     let y = (0..60).map(|i| Label::from_sign(if i % 4 == 0 { 1.0 } else { -1.0 }));
//!     let x = (0..60).map(|i| (f64::from(i) * 1.7).sin() + if i % 4 == 0 { shift } else { 0.0 });
//!     Ok(DataSet::new(name, name, MatrixBuf::new(x.collect(), 1)?, y.collect())?)
//! };
//! let mut settings = CompareSettings::default();
//! settings.methods = vec![Method::named("svm")?, Method::named("iefsvm")?];
//! settings.repeats = 1;
//! settings.c = vec![1.0, 16.0];
//! settings.gamma = vec![0.25];
//! let results = compare::run(&[set("near", 0.8)?, set("far", 1.5)?], &settings, &|_| {})?;
//! assert!(results.methods[1].metrics["balanced_accuracy"].mean > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod compare;
mod contradiction;
mod drift;
mod grids;
pub mod lend;
pub mod on_offer;
mod provenance;
mod rank;
mod read_option;
mod report;
mod source;
pub mod tables;
mod tuning;
pub mod walk_forward;

pub use contradiction::Contradiction;
pub use grids::baseline_grid_in_words;
pub use provenance::{DataFile, RunRecord};
pub use rank::Rank;
pub use report::{LendReport, results_json};
pub use source::{is_simulated, source_of};
pub use tuning::MethodTuning;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
