//! The choice of the back end.

use crate::search::Task;
use crate::{
    BruteForce, KdTree, NeighborError, NeighborSearch, NeighborTable, brute_force, kd_tree,
};
use fuzzysvm_core::Matrix;

/// The default: [`KdTree`] up to [`Auto::TREE_COLUMNS`] columns, [`BruteForce`] above.
///
/// All back ends return the same table to the last bit, so the choice is one of speed. Time of the tree over
/// that of brute force for the 15 nearest of all n points, one thread, AVX2, medians of up to nine alternated
/// runs:
///
/// | n | columns | normal | factors | clusters | lattice | one-hot |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | 500 | 3 | 0.90 | 0.83 | 0.68 | 1.11 | 0.88 |
/// | 500 | 4 | 0.93 | 0.95 | 0.75 | 1.56 | 0.79 |
/// | 2 000 | 3 | 0.89 | 0.95 | 0.88 | 0.94 | 1.19 |
/// | 2 000 | 4 | 1.04 | 1.06 | 0.98 | 2.42 | 0.97 |
/// | 5 000 | 3 | 0.87 | 0.97 | 0.89 | 1.26 | 0.99 |
/// | 5 000 | 4 | 0.94 | 1.16 | 1.03 | 1.86 | 1.31 |
/// | 20 000 | 2 | 0.70 | 0.72 | 0.66 | 1.36 | 0.62 |
/// | 20 000 | 3 | 0.72 | 0.94 | 0.75 | 1.00 | 1.20 |
/// | 20 000 | 4 | 0.95 | 1.28 | 0.94 | 2.40 | 1.35 |
/// | 100 000 | 2 | 1.08 | 0.81 | 0.77 | 1.30 | 0.77 |
/// | 100 000 | 3 | 1.05 | 0.94 | 0.83 | 1.04 | 2.06 |
/// | 100 000 | 4 | 0.97 | 1.31 | 1.05 | 1.06 | 3.71 |
///
/// Normal: independent columns. Factors: columns that follow three common factors, as credit data do.
/// Clusters: thirty, far apart. Lattice: whole numbers from 0 to 3, full of ties. One-hot: two normal columns and
/// one category. The product of the five is below 1 up to three columns and
/// above 1 with four, but at the smallest and the largest n; with eight, trees took 1.2 to 5.7 times as long.
/// `benches/examples/neighbor_choice.rs` measures it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Auto;

impl Auto {
    /// The largest number of columns for which the tree is chosen.
    pub const TREE_COLUMNS: usize = 3;

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
#[non_exhaustive]
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
    pub const ALL: &'static [SearchKind] = &[Self::Auto, Self::BruteForce, Self::KdTree];

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

#[cfg(test)]
mod tests {
    use super::*;

    /// The table above from 2,000 to 20,000 points: its rows say on which side of 1 the product of the five ratios is.
    #[test]
    fn the_tree_is_chosen_where_the_measured_times_say_so() {
        let measured: [(usize, [f64; 5]); 7] = [
            (3, [0.89, 0.95, 0.88, 0.94, 1.19]),
            (4, [1.04, 1.06, 0.98, 2.42, 0.97]),
            (3, [0.87, 0.97, 0.89, 1.26, 0.99]),
            (4, [0.94, 1.16, 1.03, 1.86, 1.31]),
            (2, [0.70, 0.72, 0.66, 1.36, 0.62]),
            (3, [0.72, 0.94, 0.75, 1.00, 1.20]),
            (4, [0.95, 1.28, 0.94, 2.40, 1.35]),
        ];
        for (columns, ratios) in measured {
            let tree = columns <= Auto::TREE_COLUMNS;
            assert_eq!(tree, ratios.iter().product::<f64>() < 1.0, "{columns}");
        }
    }
}
