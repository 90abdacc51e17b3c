//! Pairs that may be near: screened in single precision where that can tell neighbors, plainly otherwise.

use crate::screen::Screen;
use crate::search::Task;
use crate::{NeighborError, NeighborSearch, NeighborTable, plain, range, screened};
use fuzzysvm_core::Matrix;

/// Exact search through all points but those in boxes that are too far away.
///
/// Points that are alike stand side by side, 16 in a box, and a box farther away than the k-th nearest found
/// so far is passed over: where rows share flags or lie in clusters, most are. Distances are computed in single
/// precision first, with a proven bound on their error; what may be among the nearest is computed again as
/// [`squared_distance`](crate::squared_distance) has it, so the result is exact to the last bit. Where single
/// precision cannot tell (all points equal, or values beyond 1e±90) all double-precision distances are computed
/// at once. Cost O(n²d) at worst, memory one packed copy of the points. The right choice above three columns; see
/// [`Auto`](crate::Auto) for figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BruteForce;

impl NeighborSearch for BruteForce {
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        run(&Task::among_themselves(points, k)?)
    }

    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        run(&Task::of_queries(points, queries, k)?)
    }
}

pub(crate) fn run(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
    range::run(task, in_range)
}

/// Where squares are in range.
pub(crate) fn in_range(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
    match Screen::new(task) {
        Some(screen) => screened::run(task, &screen),
        None => plain::run(task),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Both ways to the table, and whether the screen was used.
    fn both(data: &[f64], d: usize, k: usize) -> (NeighborTable, Option<NeighborTable>) {
        let task = Task::among_themselves(Matrix::new(data, d).unwrap(), k).unwrap();
        let screened = Screen::new(&task).map(|s| screened::run(&task, &s).unwrap());
        (plain::run(&task).unwrap(), screened)
    }

    fn values(n: usize, seed: u64) -> Vec<f64> {
        let mut state = seed | 1;
        let mut next = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
        };
        (0..n).map(|_| next()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_screen_does_not_show(
            seed: u64, n in 256usize..420, d in 1usize..40, k in 1usize..20, size in -80i32..80,
            grid in prop_oneof![Just(0.0), Just(4.0), Just(1e4), Just(1e8)], offset in 0.0f64..4.0,
        ) {
            let unit = 10f64.powi(size);
            let data: Vec<f64> = values(n * d, seed)
                .iter()
                .map(|v| (if grid > 0.0 { (v * grid).round() / grid } else { *v } + offset) * unit)
                .collect();
            let (plain, screened) = both(&data, d, k);
            // All points may round to the same one.
            let equal = data.chunks(d).all(|row| row == &data[..d]);
            prop_assert_eq!(screened, (!equal).then_some(plain));
        }
    }

    /// Rows of flags and numbers, or of clusters: most boxes are passed over.
    fn alike(clusters: bool, n: usize, d: usize, seed: u64) -> Vec<f64> {
        let base = values(n * d, seed);
        let of = |i: usize, v: f64| {
            let (row, column) = (i / d, i % d);
            match (clusters, column) {
                (true, _) => ((row * 31 + column * 7) % 11 * 3) as f64 + v,
                (false, 0) => v,
                (false, _) => f64::from(u8::from((row * 13 / 5) % (3 + column) == 0)),
            }
        };
        base.iter().enumerate().map(|(i, &v)| of(i, v)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn boxes_do_not_show(
            clusters: bool, seed: u64, n in 256usize..1_500, queries in 1usize..300, d in 1usize..30,
            k in 1usize..40,
        ) {
            let data = alike(clusters, n, d, seed);
            let others = alike(clusters, queries, d, seed ^ 1);
            let points = Matrix::new(&data, d).unwrap();
            for task in [
                Task::among_themselves(points, k).unwrap(),
                Task::of_queries(points, Matrix::new(&others, d).unwrap(), k).unwrap(),
            ] {
                let screen = Screen::new(&task).unwrap();
                let screened = screened::run(&task, &screen).unwrap();
                prop_assert_eq!(screened, plain::run(&task).unwrap());
            }
        }
    }

    /// Points at distance 0 beyond the k of lowest index are skipped: whole panels are passed over,
    /// before the query's own panel and after it.
    #[test]
    fn few_distinct_rows_find_the_same_neighbors() {
        let n = 1_000;
        for distinct in [2, 3, 20, 64, 65, 200] {
            let blocks = |i: usize| (i * distinct / n) as f64;
            let turns = |i: usize| (i % distinct) as f64;
            let rare_first = |i: usize| if i.is_multiple_of(97) { 1.0 } else { turns(i) };
            let mixed = |i: usize| (i * 7_919 % 1_009 % distinct) as f64;
            let orders: [&dyn Fn(usize) -> f64; 4] = [&blocks, &turns, &rare_first, &mixed];
            for (o, order) in orders.iter().enumerate() {
                let data: Vec<f64> = (0..n).flat_map(|i| [order(i), 0.1 * order(i)]).collect();
                for k in [1, 2, 15, 40] {
                    let (plain, screened) = both(&data, 2, k);
                    assert_eq!(screened, Some(plain), "{distinct} rows, order {o}, k = {k}");
                }
            }
        }
    }

    #[test]
    fn hostile_values_find_the_same_neighbors() {
        let (n, d) = (300, 5);
        let base = values(n * d, 3);
        let of = |f: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
            base.iter().enumerate().map(|(i, &v)| f(i, v)).collect()
        };
        let cases = [
            ("plain", of(&|_, v| v), true),
            (
                "near duplicates",
                of(&|i, v| (i % 7) as f64 + v * 1e-9),
                true,
            ),
            ("duplicates", of(&|i, _| (i / d % 9) as f64), true),
            (
                "one outlier",
                of(&|i, v| if i == 7 { 1e12 } else { v }),
                true,
            ),
            (
                "one column rules",
                of(&|i, v| if i % d == 0 { v * 1e9 } else { v }),
                true,
            ),
            (
                "denormal beside one",
                of(&|i, v| if i % 2 == 0 { v } else { v * 1e-310 }),
                true,
            ),
            ("far from 0", of(&|_, v| 1e8 + v), true),
            ("squares overflow", of(&|_, v| v * 1e200), false),
            ("squares vanish", of(&|_, v| v * 1e-200), false),
            ("constant", of(&|_, _| 2.5), false),
            (
                "huge both ways",
                of(&|i, _| if i % 2 == 0 { 1.7e308 } else { -1.7e308 }),
                false,
            ),
        ];
        for (name, data, used) in cases {
            let (plain, screened) = both(&data, d, 15);
            assert_eq!(screened.is_some(), used, "{name}");
            if let Some(screened) = screened {
                assert_eq!(plain, screened, "{name}");
            }
        }
    }
}
