//! Box-constrained quadratic programs with one linear equality, the dual problem of every support
//! vector machine:
//!
//! ```text
//! min ½αᵀQα + pᵀα   subject to   yᵀα = Δ,   0 ≤ α_i ≤ c_i
//! ```
//!
//! [`Smo`] solves it for any number of variables with bounded memory, [`DenseReference`] solves small
//! ones by an unrelated method and serves as the oracle of `laws` (feature `laws`). The solvers know Q row by row
//! ([`QMatrix`]), p, y, Δ and the bounds; no kernel, no sample.
//!
//! ```
//! use fuzzysvm_qp::{DenseQ, DualProblem, QpSolver, Smo, Status};
//!
//! // Two points at -1 and +1 on a line, linear kernel: alpha = 1/2 for both, rho = 0.
//! let q = DenseQ::new(vec![1.0, 1.0, 1.0, 1.0], 2)?;
//! let (p, y, upper) = ([-1.0, -1.0], [-1.0, 1.0], [10.0, 10.0]);
//! let problem = DualProblem::new(&q, &p, &y, 0.0, &upper)?;
//! let solution = Smo::default().solve(&problem, None)?;
//! assert_eq!(solution.info.status, Status::Converged);
//! assert_eq!(solution.alpha, [0.5, 0.5]);
//! assert_eq!(solution.info.objective, -0.5);
//! # Ok::<(), fuzzysvm_qp::SolveError>(())
//! ```
//!
//! Results do not depend on the number of threads, nor on the vector width of the processor: ties go
//! to the lowest index and no sum is reordered.

mod error;
#[cfg(any(test, feature = "laws"))]
pub mod laws;
mod matrix;
mod problem;
mod reference;
mod separable;
mod smo;
mod solution;

pub use error::SolveError;
pub use fuzzysvm_core::Entries;
pub use matrix::{DenseQ, QMatrix};
pub use problem::DualProblem;
pub use reference::DenseReference;
pub use separable::{Grouping, InteriorPoint, SeparableProblem, SeparableSolution};
pub use smo::{Known, Precision, Smo};
pub use solution::{DualSolution, QpSolver, SolveInfo, Status};

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
