//! Tuning of C, γ and candidate weights by cross-validation.
//!
//! Every fold brings its own rows, so that scalers and weights are fitted on its training part alone,
//! and a list of candidate weight vectors (one a setting of the membership, say one a number of
//! neighbours); what they mean is the caller's business. Per fold and γ there is **one** Gram matrix:
//! all C and all candidates change only the bounds of the dual problem, each solution starts the next
//! one, and held-out rows are scored with kernel values computed once.
//!
//! [`GridSearch`] tries a grid, [`ApproxGridSearch`] one of an approximation, the module
//! `continuous` (feature `continuous`) searches between the grid points.

mod approx;
#[cfg(feature = "continuous")]
pub mod continuous;
mod fold;
mod grid;

pub use approx::ApproxGridSearch;
pub use fold::{Score, TuningFold};
pub use grid::{Cell, GridSearch, GridTable};
