//! The weighted support vector classifier, the learner under every fuzzy SVM:
//!
//! ```text
//! min ½‖w‖² + C Σ s_i ξ_i   subject to   y_i (wᵀφ(x_i) + b) ≥ 1 − ξ_i,   ξ_i ≥ 0
//! ```
//!
//! (Lin & Wang 2002, doi:10.1109/72.991432). [`Svc`] turns samples and weights s into the dual problem
//! of `fuzzysvm-qp` and its solution into an [`SvcModel`]; [`approx`] does without n² kernel values where
//! n is large; [`model_file`] keeps models in files, [`onnx`] writes them for other programs; and
//! [`tuning`] searches C, γ and candidate weights with one Gram matrix per γ.
//!
//! ```
//! use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
//! use fuzzysvm_svm::Svc;
//!
//! let x = [-2.0, -1.0, -1.0, -1.0, -1.0, -2.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0];
//! let x = Matrix::new(&x, 2)?;
//! let y = [Label::Negative, Label::Negative, Label::Negative,
//!          Label::Positive, Label::Positive, Label::Positive];
//! let svc = Svc::linear(1.0);
//! let model = svc.fit(Samples::new(x, &y)?, None)?;
//! assert_eq!(model.support, [1, 3]);
//! assert_eq!(model.dual_coef, [-0.25, 0.25]);
//! assert_eq!(model.predict(x)?, y);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod approx;
mod error;
mod gram;
mod model;
pub mod model_file;
pub mod onnx;
mod svc;
mod ties;
pub mod tuning;

pub use error::SvmError;
pub use model::SvcModel;
pub use svc::Svc;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
