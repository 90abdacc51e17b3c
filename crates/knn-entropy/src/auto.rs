//! Which back end when.

use crate::search::Task;
use crate::{
    BruteForce, KdTree, NeighborError, NeighborSearch, NeighborTable, brute_force, kd_tree,
};
use fuzzysvm_core::Matrix;

/// The default: [`KdTree`] up to [`Auto::TREE_COLUMNS`] columns, [`BruteForce`] above.
///
/// All back ends return the same table to the last bit, so the choice is one of speed. Seconds for
/// the 15 nearest of all n points, one thread, AVX-512; independent Gaussian columns, and in brackets
/// columns that follow five common factors, as credit data do:
///
/// | n | columns | tree | brute force |
/// | --- | --- | --- | --- |
/// | 5 000 | 4 | 0.011 (0.011) | 0.033 (0.033) |
/// | 5 000 | 8 | 0.038 (0.023) | 0.036 (0.036) |
/// | 5 000 | 12 | 0.085 (0.034) | 0.040 (0.038) |
/// | 5 000 | 35 | | 0.059 (0.059) |
/// | 20 000 | 4 | 0.052 (0.055) | 0.268 (0.268) |
/// | 20 000 | 8 | 0.272 (0.139) | 0.313 (0.305) |
/// | 20 000 | 12 | 1.056 (0.254) | 0.354 (0.360) |
/// | 20 000 | 35 | | 0.733 (0.701) |
///
/// Up to 8 columns of such data the tree is never slower by more than the noise; beyond, it depends on
/// the data, and brute force does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Auto;

impl Auto {
    /// The largest number of columns for which the tree is chosen.
    pub const TREE_COLUMNS: usize = 8;

    fn run(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
        if task.points.n_cols() <= Self::TREE_COLUMNS {
            kd_tree::run(task)
        } else {
            brute_force::run(task)
        }
    }
}

impl NeighborSearch for Auto {
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        Self::run(&Task::among_themselves(points, k)?)
    }

    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        Self::run(&Task::of_queries(points, queries, k)?)
    }
}

/// The shipped back ends as one serialisable value (kebab-case names: `auto`, `brute-force`,
/// `kd-tree`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum SearchKind {
    /// [`Auto`].
    #[default]
    Auto,
    /// [`BruteForce`].
    BruteForce,
    /// [`KdTree`].
    KdTree,
}

impl SearchKind {
    /// All of them, for tests and tables.
    pub const ALL: [SearchKind; 3] = [Self::Auto, Self::BruteForce, Self::KdTree];

    fn as_search(self) -> &'static dyn NeighborSearch {
        match self {
            Self::Auto => &Auto,
            Self::BruteForce => &BruteForce,
            Self::KdTree => &KdTree,
        }
    }
}

impl NeighborSearch for SearchKind {
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        self.as_search().among_themselves(points, k)
    }

    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        self.as_search().of_queries(points, queries, k)
    }
}
