//! What every crate of fuzzysvm shares: borrowed row-major sample views, two-valued labels, the
//! parameter error, and the [`Learner`] and [`Classifier`] traits at which the crates meet.
//!
//! Samples are rows. [`Matrix`] borrows them, [`MatrixBuf`] owns them; both guarantee a rectangular
//! shape and finite values, so nothing downstream has to ask again. Labels are [`Label::Positive`]
//! (+1, the minority class by convention) and [`Label::Negative`] (−1).
//!
//! ```
//! use fuzzysvm_core::{Label, Matrix, Samples};
//!
//! let data = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
//! let x = Matrix::new(&data, 2)?;
//! let y = [Label::Negative, Label::Positive, Label::Negative];
//! let train = Samples::new(x, &y)?;
//! assert_eq!(train.class_counts().positive, 1);
//! assert_eq!(train.class_counts().imbalance_ratio(), Some(2.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod classifier;
mod constant;
pub mod cpu;
mod decision;
mod entries;
#[cfg(feature = "envelope")]
pub mod envelope;
mod error;
mod label;
#[cfg(feature = "laws")]
pub mod laws;
pub mod math;
mod matrix;
pub mod memory;
mod method_info;
pub mod params;
pub mod quote;
mod samples;
mod stop;
mod weights;

pub use classifier::{Classifier, Learner};
pub use constant::is_constant;
pub use decision::{decision_or_zero, tie_share};
pub use entries::Entries;
pub use error::{MatrixError, PredictError, SamplesError, WeightError};
pub use label::{ClassCounts, Label};
pub use matrix::{Matrix, MatrixBuf};
pub use method_info::{MethodInfo, ParamGrid};
pub use params::{ParamError, ParamSpec, ParamType, ParamValue, Parameters};
pub use samples::Samples;
pub use stop::{Stop, Stopped};
pub use weights::check_weights;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
