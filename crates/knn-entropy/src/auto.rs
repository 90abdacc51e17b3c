//! The choice of the back end.

use crate::search::Task;
use crate::{
    BruteForce, KdTree, NeighborError, NeighborSearch, NeighborTable, brute_force, kd_tree,
};
use fuzzysvm_core::Matrix;

/// The default: [`KdTree`] up to [`Auto::tree_columns`] columns, [`BruteForce`] above.
///
/// All back ends return the same table to the last bit, so the choice is one of speed. Time of the tree over
/// that of brute force for the 15 nearest of all n points, one thread, AVX-512, median of five alternated runs
/// (three from n = 5 000 on):
///
/// | n | columns | normal | factors | clusters | lattice | one-hot |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | 500 | 3 | 0.83 | 0.76 | 0.56 | 0.89 | 0.79 |
/// | 500 | 4 | 0.96 | 0.92 | 0.61 | 1.56 | 0.83 |
/// | 500 | 5 | 1.15 | 1.04 | 0.67 | 1.78 | 0.76 |
/// | 500 | 6 | 1.44 | 1.26 | 0.77 | 2.24 | 0.90 |
/// | 500 | 8 | 1.81 | 1.43 | 0.90 | 2.85 | 1.27 |
/// | 2 000 | 4 | 0.79 | 0.65 | 0.49 | 1.38 | 0.55 |
/// | 2 000 | 5 | 1.01 | 0.79 | 0.55 | 1.58 | 0.67 |
/// | 2 000 | 6 | 1.33 | 0.94 | 0.54 | 2.02 | 0.85 |
/// | 2 000 | 7 | 1.69 | 1.03 | 0.57 | 2.58 | 0.81 |
/// | 2 000 | 8 | 2.08 | 1.15 | 0.61 | 3.33 | 0.94 |
/// | 5 000 | 5 | 0.84 | 0.66 | 0.41 | 1.38 | 0.51 |
/// | 5 000 | 6 | 1.17 | 0.80 | 0.46 | 2.07 | 0.50 |
/// | 5 000 | 7 | 1.53 | 0.87 | 0.49 | 2.52 | 0.63 |
/// | 5 000 | 8 | 2.08 | 1.07 | 0.53 | 3.43 | 0.79 |
/// | 5 000 | 9 | 2.77 | 1.27 | 0.55 | 4.51 | 0.77 |
/// | 20 000 | 6 | 0.70 | 0.54 | 0.23 | 1.22 | 0.46 |
/// | 20 000 | 7 | 1.14 | 0.55 | 0.29 | 1.90 | 0.43 |
/// | 20 000 | 8 | 1.56 | 0.76 | 0.37 | 2.55 | 0.43 |
/// | 20 000 | 9 | 2.37 | 0.81 | 0.55 | 3.71 | 0.56 |
/// | 20 000 | 10 | 3.28 | 0.87 | 0.38 | 4.77 | 0.78 |
/// | 20 000 | 12 | 5.41 | 1.18 | 0.51 | 9.21 | 0.94 |
///
/// Normal: independent columns. Factors: columns that follow three common factors, as credit data do.
/// Clusters: thirty, far apart. Lattice: whole numbers from 0 to 3, full of ties. One-hot: two normal columns and
/// one category. The rule keeps to where the product of the five changes from below to above 1: the
/// tree gains with n and where the data have fewer dimensions than columns, and the risk stays small where they
/// have not. `benches/examples/neighbor_choice.rs` measures it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Auto;

impl Auto {
    /// The largest number of columns for which the tree is chosen, for any number of points.
    pub const TREE_COLUMNS: usize = 8;

    /// The largest number of columns for which the tree is chosen for `n_points` points: brute force visits all of
    /// them, the tree a share that falls as they grow.
    pub const fn tree_columns(n_points: usize) -> usize {
        match n_points {
            0..1_000 => 4,
            1_000..4_000 => 5,
            4_000..8_000 => 6,
            8_000..16_000 => 7,
            _ => Self::TREE_COLUMNS,
        }
    }

    fn run(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
        if task.points.n_cols() <= Self::tree_columns(task.points.n_rows()) {
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

    /// The table above: its rows say on which side of 1 the product of the five ratios is.
    #[test]
    fn the_tree_is_chosen_where_the_measured_times_say_so() {
        let measured: [(usize, usize, [f64; 5]); 10] = [
            (500, 4, [0.96, 0.92, 0.61, 1.56, 0.83]),
            (500, 5, [1.15, 1.04, 0.67, 1.78, 0.76]),
            (2_000, 5, [1.01, 0.79, 0.55, 1.58, 0.67]),
            (2_000, 6, [1.33, 0.94, 0.54, 2.02, 0.85]),
            (5_000, 6, [1.17, 0.80, 0.46, 2.07, 0.50]),
            (5_000, 7, [1.53, 0.87, 0.49, 2.52, 0.63]),
            (20_000, 7, [1.14, 0.55, 0.29, 1.90, 0.43]),
            (20_000, 8, [1.56, 0.76, 0.37, 2.55, 0.43]),
            (20_000, 9, [2.37, 0.81, 0.55, 3.71, 0.56]),
            (20_000, 12, [5.41, 1.18, 0.51, 9.21, 0.94]),
        ];
        for (n, columns, ratios) in measured {
            let tree = columns <= Auto::tree_columns(n);
            assert_eq!(
                tree,
                ratios.iter().product::<f64>() < 1.0,
                "{n} x {columns}"
            );
        }
        assert_eq!(Auto::tree_columns(usize::MAX), Auto::TREE_COLUMNS);
    }

    #[test]
    fn each_step_of_the_rule_is_one_column() {
        for (step, from) in [1_000, 4_000, 8_000, 16_000].into_iter().enumerate() {
            assert_eq!(Auto::tree_columns(from - 1), 4 + step);
            assert_eq!(Auto::tree_columns(from), 5 + step);
        }
    }
}
