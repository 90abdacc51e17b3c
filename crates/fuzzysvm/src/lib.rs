//! Fuzzy support vector machines for imbalanced data, and the loan portfolio built on them.
//!
//! ```
//! use fuzzysvm::core::{Label, MatrixBuf};
//! use fuzzysvm::estimator::{Data, Estimator};
//!
//! // Twenty loans that were paid and six that were not, one feature.
//! let x = (0..26).map(|i| f64::from(i) + if i % 4 == 0 { 6.5 } else { 0.0 }).collect();
//! let y = (0..26).map(|i| Label::from_sign(f64::from(i) - 19.5)).collect();
//! let data = Data::from_matrix(MatrixBuf::new(x, 1)?, y)?;
//! // IEFSVM: the memberships are the sample weights of a support vector classifier.
//! let fitted = Estimator::named("iefsvm")?.with_c(10.0).with_gamma(0.05).fit(&data, None)?;
//! let new = fitted.encode_numbers(MatrixBuf::new(vec![1.0, 24.0], 1)?)?;
//! assert_eq!(fitted.predict(new.view())?, [Label::Negative, Label::Positive]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate is the facade: it re-exports the component crates under short names. Take a component crate alone
//! where you need one part only, or switch off the features of what you do not need; all but `parquet` are on by default.

#[cfg(feature = "baselines")]
#[doc(inline)]
pub use fuzzysvm_baselines as baselines;
#[cfg(feature = "calibration")]
#[doc(inline)]
pub use fuzzysvm_calibration as calibration;
#[doc(inline)]
pub use fuzzysvm_core as core;
#[cfg(feature = "datasets")]
#[doc(inline)]
pub use fuzzysvm_datasets as datasets;
#[cfg(feature = "estimator")]
#[doc(inline)]
pub use fuzzysvm_estimator as estimator;
#[cfg(feature = "evaluation")]
#[doc(inline)]
pub use fuzzysvm_evaluation as evaluation;
#[cfg(feature = "experiments")]
#[doc(inline)]
pub use fuzzysvm_experiments::{self as experiments, compare, lend};
#[doc(inline)]
pub use fuzzysvm_kernels as kernels;
#[doc(inline)]
pub use fuzzysvm_knn_entropy as knn_entropy;
#[doc(inline)]
pub use fuzzysvm_membership as membership;
#[cfg(feature = "portfolio")]
#[doc(inline)]
pub use fuzzysvm_portfolio as portfolio;
#[doc(inline)]
pub use fuzzysvm_qp as qp;
#[cfg(feature = "report")]
#[doc(inline)]
pub use fuzzysvm_report as report;
#[doc(inline)]
pub use fuzzysvm_svm as svm;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
