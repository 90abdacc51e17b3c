//! Errors of fitting.

use fuzzysvm_core::memory::OverLimit;
use fuzzysvm_core::{ParamError, PredictError, SamplesError, WeightError};
use fuzzysvm_kernels::{FeatureMapError, KernelError};
use fuzzysvm_qp::SolveError;

/// A fit that is not possible. Rows are the caller's.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SvmError {
    /// A parameter is out of range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The samples allow no fit.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// The weights allow no fit.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// The kernel cannot work with the samples.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// The feature map of an approximation cannot be made.
    #[error(transparent)]
    FeatureMap(#[from] FeatureMapError),
    /// The coordinates of an approximation take more memory than the process may have.
    #[error("{components} components of {n_samples} samples would take {excess}")]
    Memory {
        /// Components requested.
        components: usize,
        /// Samples to map.
        n_samples: usize,
        /// How much that is, and how much may be.
        excess: OverLimit,
    },
    /// The solver refused the problem.
    #[error(transparent)]
    Solve(SolveError),
    /// The kernel values of a row overflow.
    #[error("the kernel values of row {row} overflow: scale the data")]
    KernelOverflow {
        /// Zero-based row of the training samples.
        row: usize,
    },
    /// The solution is not finite.
    #[error("the fitted model is not finite: scale the data or lower C")]
    ModelNotFinite,
    /// The parts of a model do not fit together.
    #[error(
        "the parts of the model do not fit together: there must be one row and one coefficient for every support \
         vector, and the rows must be among the samples"
    )]
    Parts,
    /// The start has another length than the samples.
    #[error("{n_rows} samples but {n_start} start values")]
    StartLength {
        /// Number of samples.
        n_rows: usize,
        /// Values given.
        n_start: usize,
    },
    /// Held-out rows cannot be scored.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// A fold of a search that cannot be used.
    #[error("fold {fold}: {source}")]
    Fold {
        /// Zero-based fold.
        fold: usize,
        /// What is wrong with it.
        source: Box<SvmError>,
    },
    /// Every fold of a search has as many candidate weight vectors as the first.
    #[error("{found} candidate weight vectors, but the first fold has {expected}")]
    CandidateCount {
        /// Candidates of the first fold.
        expected: usize,
        /// Candidates found.
        found: usize,
    },
    /// The optimiser of a continuous search stopped before it tried a point.
    #[cfg(feature = "continuous")]
    #[error("the search found no point: {reason}")]
    Search {
        /// The optimiser's own words.
        reason: String,
    },
    /// A search without anything to try.
    #[error("the search has no {what}")]
    EmptySearch {
        /// What is missing.
        what: &'static str,
    },
}
