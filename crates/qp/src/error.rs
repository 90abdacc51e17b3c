//! Errors.

use fuzzysvm_core::ParamError;

/// A problem that is not valid or cannot be solved.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// A parameter of the solver is out of range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// There are no variables.
    #[error("the problem has no variables")]
    Empty,
    /// A vector has another length than Q.
    #[error("`{what}` has {found} entries, but Q has {expected} rows")]
    LengthMismatch {
        /// Which vector.
        what: &'static str,
        /// Rows of Q.
        expected: usize,
        /// Entries found.
        found: usize,
    },
    /// An entry of a vector is outside its range.
    #[error("`{what}[{row}]` is {value}: {rule}")]
    InvalidEntry {
        /// Which vector.
        what: &'static str,
        /// Zero-based index.
        row: usize,
        /// The value found.
        value: f64,
        /// The rule in plain words.
        rule: &'static str,
    },
    /// No point of the box satisfies the equality.
    #[error("yᵀα = {delta} cannot be met: the bounds allow {lowest} to {highest}")]
    Infeasible {
        /// Δ.
        delta: f64,
        /// The least value of yᵀα over the box.
        lowest: f64,
        /// The greatest value of yᵀα over the box.
        highest: f64,
    },
    /// Q has a NaN or an infinity, or a value too large for the chosen precision.
    #[error("row {row} of Q is not finite: scale the data")]
    NotFinite {
        /// Zero-based row of Q.
        row: usize,
    },
    /// The gradient overflowed: the values of Q and the bounds are too large together.
    #[error("the gradient of variable {row} overflowed: scale the data or lower the bounds")]
    Overflow {
        /// Zero-based variable.
        row: usize,
    },
    /// The problem is larger than the method allows.
    #[error("{n} variables are too many for this solver: at most {limit}")]
    TooLarge {
        /// Variables of the problem.
        n: usize,
        /// The most the solver takes.
        limit: usize,
    },
    /// A factorisation failed: Q is too far from positive semidefinite for the dense reference.
    #[error("the factorisation failed at step {step}: Q is not positive semidefinite")]
    Factorisation {
        /// Step of the method.
        step: usize,
    },
}
