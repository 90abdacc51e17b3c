//! What can go wrong.

use fuzzysvm_core::memory::OverLimit;
use fuzzysvm_core::{ParamError, SamplesError, WeightError};

/// A fit that is not possible. Rows are the caller's.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// A parameter is out of range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The samples allow no fit.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// The weights allow no fit.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// Rows are counted in 32 bits.
    #[error("{n_rows} rows: at most {most} can be trained on")]
    TooManyRows {
        /// Rows given.
        n_rows: usize,
        /// Rows that can be trained on.
        most: usize,
    },
    /// The random hidden layer takes more memory than the process may have.
    #[error("a hidden layer of {n_hidden} nodes on {n_features} features would take {excess}")]
    Memory {
        /// Nodes of the layer.
        n_hidden: usize,
        /// Features of the samples.
        n_features: usize,
        /// How much that is, and how much may be.
        excess: OverLimit,
    },
    /// The fitted model is not finite.
    #[error("the fitted model is not finite: scale the data or regularise more")]
    ModelNotFinite,
}
