//! Tuning of C, γ and candidate weights by cross-validation.
//!
//! Every fold brings its own rows, so that scalers and weights are fitted on its training part alone,
//! and a list of candidate weight vectors (one per setting of the membership, say one per number of
//! neighbors); this module does not know what they stand for. Per fold and γ there is **one** Gram matrix:
//! C and the candidates change only the bounds of the dual problem, each solution is the start of the next
//! one, and the kernel values of the validation rows are computed once.
//!
//! [`GridSearch`] tries a grid, [`HalvingSearch`] most of it on few rows, [`ApproxGridSearch`] one of an
//! approximation, the module `continuous` (feature `continuous`) searches between the grid points.

mod approx;
#[cfg(feature = "continuous")]
pub mod continuous;
mod fold;
mod grid;
mod halving;

pub use approx::ApproxGridSearch;
pub use fold::{Score, TuningFold};
pub use grid::{Cell, GridSearch, GridTable};
pub use halving::{HalvingRound, HalvingSearch, HalvingTable};
