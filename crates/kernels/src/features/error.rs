//! What can be wrong with a feature map.

use crate::KernelError;
use fuzzysvm_core::memory::OverLimit;
use fuzzysvm_core::{MatrixError, ParamError};

/// A feature map that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FeatureMapError {
    /// A parameter is out of range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The kernel cannot work with the landmarks.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// Values that are no matrix.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
    /// More landmarks than samples to draw them from.
    #[error(
        "{components} components need as many samples of weight above 0 to draw landmarks from, but \
         there are {n_samples}: ask for at most {n_samples}"
    )]
    TooManyComponents {
        /// Components requested.
        components: usize,
        /// Samples that landmarks can be drawn from.
        n_samples: usize,
    },
    /// Random Fourier features are known for the RBF kernel alone.
    #[error("random Fourier features need the rbf kernel, not {kernel}: take Nyström's landmarks")]
    NotRbf {
        /// The kernel's name.
        kernel: &'static str,
    },
    /// The Gram matrix among the landmarks is not positive semidefinite, so no map exists.
    #[error(
        "the kernel is not positive semidefinite among the landmarks (a pivot is {pivot:.3e}): take \
         another kernel"
    )]
    NotPositiveSemidefinite {
        /// The most negative pivot that was met.
        pivot: f64,
    },
    /// Every kernel value among the landmarks is 0, so the map would have no coordinate.
    #[error("the kernel is 0 among all landmarks: there is nothing to learn from")]
    RankZero,
    /// Kernel values overflow.
    #[error("the kernel values of landmark {landmark} overflow: scale the data")]
    NotFinite {
        /// Zero-based landmark, in the order given.
        landmark: usize,
    },
    /// The map takes more memory than the process may have.
    #[error("a map of {components} components of {n_features} features would take {excess}")]
    Memory {
        /// Components requested.
        components: usize,
        /// Features of a sample.
        n_features: usize,
        /// How much that is, and how much may be.
        excess: OverLimit,
    },
    /// A part of a stored map has another length than the rest.
    #[error("{found} phases, but {expected} frequencies")]
    PhaseCount {
        /// Frequencies.
        expected: usize,
        /// Phases.
        found: usize,
    },
}
