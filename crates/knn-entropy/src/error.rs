//! What can be wrong with a neighbor search or an entropy.

use fuzzysvm_core::memory::OverLimit;

/// A search or an entropy that cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NeighborError {
    /// k = 0.
    #[error("0 neighbors requested: k must be >= 1")]
    ZeroNeighbors,
    /// There are not enough points to have k neighbors each.
    #[error("{k} neighbors need at least {needed} points, but there are {n_points}")]
    TooFewPoints {
        /// Points to choose from.
        n_points: usize,
        /// Neighbors requested.
        k: usize,
        /// Points needed: k, or k + 1 where the points are their own queries.
        needed: usize,
    },
    /// Points and queries have different numbers of columns.
    #[error("the points have {points} columns, but the queries have {queries}")]
    ColumnMismatch {
        /// Columns of the points.
        points: usize,
        /// Columns of the queries.
        queries: usize,
    },
    /// Indices are stored in 32 bits.
    #[error("{n_points} points are more than a 32-bit index can tell apart")]
    TooManyPoints {
        /// Points given.
        n_points: usize,
    },
    /// The table of neighbors takes more memory than the process may have.
    #[error("a table of {n_queries} x {k} neighbors would take {excess}")]
    TableTooLarge {
        /// Rows of the table.
        n_queries: usize,
        /// Neighbors per row.
        k: usize,
        /// How much that is, and how much may be.
        excess: OverLimit,
    },
    /// As many labels as points are needed.
    #[error("the neighbors were searched among {n_points} points, but there are {n_labels} labels")]
    LabelCount {
        /// Points that were searched.
        n_points: usize,
        /// Labels given.
        n_labels: usize,
    },
    /// No neighborhood size was given.
    #[error("no neighborhood sizes were given: at least one k is needed")]
    NoKs,
    /// The neighborhood sizes do not increase.
    #[error("the neighborhood sizes must increase: entry {position} is {value} after {previous}")]
    KsNotIncreasing {
        /// Zero-based position in the list.
        position: usize,
        /// The size before it (0 at the front, so that a size of 0 shows here as well).
        previous: usize,
        /// The size found.
        value: usize,
    },
    /// A neighborhood larger than the search that was made.
    #[error("a neighborhood of {k} was requested, but only {available} neighbors were searched")]
    KBeyondTable {
        /// The size requested.
        k: usize,
        /// Neighbors per sample in the table.
        available: usize,
    },
}
