//! Every back end against the definition, on data made to tie.
#![allow(clippy::unwrap_used, reason = "a test")]

use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_knn_entropy::{
    Auto, BruteForce, KdTree, NeighborError, NeighborSearch, Remembered, SearchKind, laws,
};
use proptest::prelude::*;
use rayon::prelude::*;

/// Kinds of data that are hard for a search.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Any finite numbers, from 1e-200 to 1e200: squares underflow and overflow.
    AnyScale,
    /// Uniform in [-1, 1]: no ties.
    Uniform,
    /// Integers from 0 to 2: nothing but ties and duplicates.
    Lattice,
    /// One row repeated, now and then another.
    Duplicates,
    /// One-hot of the number of columns.
    OneHot,
    /// All columns constant but the last.
    ConstantColumns,
    /// Clusters far from the origin, where differences cancel.
    FarClusters,
}

fn data(kind: Kind, n: usize, d: usize) -> BoxedStrategy<MatrixBuf> {
    let entry: BoxedStrategy<f64> = match kind {
        Kind::AnyScale => (-1.0..1.0f64, -200..200i32)
            .prop_map(|(m, e)| m * 10f64.powi(e))
            .boxed(),
        Kind::Uniform => (-1.0..1.0f64).boxed(),
        Kind::Lattice => (0..3i32).prop_map(f64::from).boxed(),
        Kind::Duplicates => prop_oneof![9 => Just(0.1), 1 => Just(0.3)].boxed(),
        Kind::OneHot => Just(0.0).boxed(),
        Kind::ConstantColumns => (0..5i32).prop_map(|v| f64::from(v) * 0.1).boxed(),
        Kind::FarClusters => (0..3i32, -1e-9..1e-9f64)
            .prop_map(|(c, e)| 1e6 + f64::from(c) + e)
            .boxed(),
    };
    let values = prop::collection::vec(entry, n * d);
    let hot = prop::collection::vec(0..d, n);
    (values, hot)
        .prop_map(move |(mut values, hot)| {
            for (row, &hot) in values.chunks_exact_mut(d).zip(&hot) {
                match kind {
                    Kind::OneHot => row[hot] = 1.0,
                    Kind::ConstantColumns => row[..d - 1].fill(0.7),
                    _ => {}
                }
            }
            MatrixBuf::new(values, d).unwrap()
        })
        .boxed()
}

/// Points, queries and k, with up to 90 points, so that some lie in several leaves and panels.
fn problem() -> impl Strategy<Value = (MatrixBuf, MatrixBuf, usize)> {
    let kinds = prop::sample::select(vec![
        Kind::AnyScale,
        Kind::Uniform,
        Kind::Lattice,
        Kind::Duplicates,
        Kind::OneHot,
        Kind::ConstantColumns,
        Kind::FarClusters,
    ]);
    (kinds, 2..90usize, 1..15usize)
        .prop_flat_map(|(kind, n, d)| (data(kind, n, d), data(kind, n.min(20), d), 1..n.min(18)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_back_end_is_the_definition((x, queries, k) in problem()) {
        for search in SearchKind::ALL {
            laws::search_is_exact(&search, x.view(), k).map_err(TestCaseError::fail)?;
            laws::queries_are_exact(&search, x.view(), queries.view(), k)
                .map_err(TestCaseError::fail)?;
            laws::never_itself(&search, x.view(), k).map_err(TestCaseError::fail)?;
            laws::smaller_k_is_a_prefix(&search, x.view(), k.div_ceil(2), k)
                .map_err(TestCaseError::fail)?;
        }
    }
}

/// A deterministic stream of numbers in [0, 1) (a Weyl sequence on the golden ratio).
fn weyl(n: usize, step: f64) -> Vec<f64> {
    (1..=n).map(|i| (i as f64 * step).fract()).collect()
}

#[test]
fn thousands_of_points_agree_between_back_ends() {
    // Large enough for many leaves, many panels and several parallel chunks; rounding to a grid
    // makes ties, one column is constant.
    for d in [1, 2, 4, 5, 12] {
        let mut values: Vec<f64> = weyl(3000 * d, 0.618_033_988_749_894_9)
            .iter()
            .map(|v| (v * 50.0).round() / 7.0)
            .collect();
        values.iter_mut().skip(d - 1).step_by(d).for_each(|v| {
            if d > 1 {
                *v = -3.0;
            }
        });
        let x = MatrixBuf::new(values, d).unwrap();
        let tree = KdTree.among_themselves(x.view(), 15).unwrap();
        let brute = BruteForce.among_themselves(x.view(), 15).unwrap();
        assert!(tree == brute, "d = {d}");
        for i in [0, 1234, 2999] {
            let by_definition = laws::definition(x.view(), x.row(i), 15, Some(i));
            assert_eq!(tree.neighbors(i), by_definition.0);
            assert_eq!(tree.squared_distances(i), by_definition.1);
        }
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for d in [3, 20] {
        let x = MatrixBuf::new(weyl(700 * d, 0.754_877_666_246_692_7), d).unwrap();
        let search = SearchKind::Auto;
        let with = |threads| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| search.among_themselves(x.view(), 9).unwrap())
        };
        assert!(with(1) == with(7));
    }
}

#[test]
fn identical_points_are_neighbors_in_index_order() {
    // Of 2,000 the tree finds too many ties and leaves them to brute force.
    for n in [200, 2_000] {
        let data = vec![4.5; 2 * n];
        let x = Matrix::new(&data, 2).unwrap();
        for search in SearchKind::ALL {
            let table = search.among_themselves(x, 3).unwrap();
            assert_eq!(table.neighbors(0), &[1, 2, 3]);
            assert_eq!(table.neighbors(1), &[0, 2, 3]);
            assert_eq!(table.neighbors(n - 1), &[0, 1, 2]);
            assert_eq!(table.squared_distances(n - 1), &[0.0; 3]);
        }
    }
}

#[test]
fn overflowing_distances_tie_at_infinity_by_index() {
    // Squares of 1e200 overflow: 2 is infinitely far from all, so its ties fall by index.
    let data = [0.0, 1.0, 1e200, -1.0, f64::MAX, -f64::MAX];
    let x = Matrix::new(&data, 1).unwrap();
    for search in SearchKind::ALL {
        let table = search.among_themselves(x, 3).unwrap();
        assert_eq!(table.neighbors(2), &[0, 1, 3]);
        assert_eq!(table.squared_distances(2), &[f64::INFINITY; 3]);
        assert_eq!(table.neighbors(0), &[1, 3, 2]);
        assert_eq!(table.neighbors(5), &[0, 1, 2]);
    }
}

#[test]
fn what_cannot_be_searched_is_a_located_error() {
    let data = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let x = Matrix::new(&data, 2).unwrap();
    let other = Matrix::new(&data, 3).unwrap();
    let empty = Matrix::new(&[], 2).unwrap();
    for search in SearchKind::ALL {
        assert_eq!(
            search.among_themselves(x, 0),
            Err(NeighborError::ZeroNeighbors)
        );
        assert_eq!(
            search.among_themselves(x, 3),
            Err(NeighborError::TooFewPoints {
                n_points: 3,
                k: 3,
                needed: 4
            })
        );
        assert_eq!(
            search.among_themselves(x, usize::MAX).unwrap_err(),
            NeighborError::TooFewPoints {
                n_points: 3,
                k: usize::MAX,
                needed: usize::MAX
            }
        );
        assert!(search.of_queries(x, x, 3).is_ok());
        assert_eq!(
            search.of_queries(x, x, 4),
            Err(NeighborError::TooFewPoints {
                n_points: 3,
                k: 4,
                needed: 4
            })
        );
        assert_eq!(
            search.of_queries(x, other, 1),
            Err(NeighborError::ColumnMismatch {
                points: 2,
                queries: 3
            })
        );
        assert!(matches!(
            search.among_themselves(empty, 1),
            Err(NeighborError::TooFewPoints { n_points: 0, .. })
        ));
        assert_eq!(search.of_queries(x, empty, 2).unwrap().n_queries(), 0);
    }
}

#[cfg(feature = "serde")]
#[test]
fn back_ends_have_names_in_files() {
    let json = serde_json::to_string(&SearchKind::ALL).unwrap();
    assert_eq!(json, r#"["auto","brute-force","kd-tree"]"#);
    let back: [SearchKind; 3] = serde_json::from_str(&json).unwrap();
    assert_eq!(back, SearchKind::ALL);
}

/// Neighbors do not depend on the unit of the table, whatever becomes of the squares.
mod units {
    use super::*;

    fn table(n: usize, d: usize, grid: f64) -> Vec<f64> {
        let values = weyl(n * d, 0.569_840_290_998_053_2);
        values.iter().map(|v| (v * grid).round() / 7.0).collect()
    }

    #[test]
    fn a_power_of_two_changes_nothing_but_the_squares() {
        for (n, d) in [(40, 2), (300, 4), (300, 15)] {
            // Ties and a clear order.
            for grid in [5.0, 1e6] {
                let data = table(n, d, grid);
                let plain = Matrix::new(&data, d).unwrap();
                for power in [-1_000, -560, -530, 530, 1_000] {
                    let unit = 2f64.powi(power);
                    let scaled: Vec<f64> = data.iter().map(|v| v * unit).collect();
                    let scaled = Matrix::new(&scaled, d).unwrap();
                    for search in SearchKind::ALL {
                        let expected = search.among_themselves(plain, 7).unwrap();
                        let found = search.among_themselves(scaled, 7).unwrap();
                        for i in 0..n {
                            assert_eq!(found.neighbors(i), expected.neighbors(i), "2^{power}");
                            for place in 0..7 {
                                let distance = found.distance(i, place) / unit;
                                let of_plain = expected.distance(i, place);
                                assert!((distance - of_plain).abs() <= 1e-15 * of_plain);
                            }
                        }
                        let queries = scaled.slice_rows(0, 9);
                        laws::queries_are_exact(search, scaled, queries, 3).unwrap();
                    }
                }
            }
        }
    }

    /// The large column decides, and where it does not the small one does.
    #[test]
    fn columns_of_very_different_size_both_count() {
        for (large, small) in [
            (1e200, 1.0),
            (1.0, 1e-200),
            (1e200, 1e-200),
            (1e300, 1e-300),
        ] {
            let data: Vec<f64> = (0..60)
                .flat_map(|i| {
                    let (class, place) = (f64::from(i % 3), f64::from(i / 3));
                    [large * class, small * place * place]
                })
                .collect();
            let x = Matrix::new(&data, 2).unwrap();
            for search in SearchKind::ALL {
                let table = search.among_themselves(x, 2).unwrap();
                // Squares 0, 1, 4, 9, … within a class: the nearest are the two before, but for the first ones.
                assert_eq!(table.neighbors(0), &[3, 6], "{large} {small}");
                assert_eq!(table.neighbors(4), &[1, 7], "{large} {small}");
                assert_eq!(table.neighbors(32), &[29, 35], "{large} {small}");
                assert_eq!(table.neighbors(59), &[56, 53], "{large} {small}");
                laws::search_is_exact(search, x, 5).unwrap();
            }
        }
    }
}

/// Distances beyond the range of squares as well, and points that differ in one place.
#[test]
fn a_remembered_search_is_that_of_the_points_given() {
    for unit in [1.0, 1e-200] {
        let mut x: Vec<f64> = (0..60).map(|i| unit * f64::from(i * 37 % 61)).collect();
        let search = Remembered::new(Auto, 7);
        for k in [3, 7, 1, 9, 19] {
            let points = Matrix::new(&x, 3).unwrap();
            laws::search_is_exact(&search, points, k).unwrap();
            assert_eq!(
                search.among_themselves(points, k),
                Auto.among_themselves(points, k)
            );
        }
        x[17] = 200.0 * unit;
        let points = Matrix::new(&x, 3).unwrap();
        laws::search_is_exact(&search, points, 7).unwrap();
        // The same numbers in other columns.
        laws::search_is_exact(&search, Matrix::new(&x, 2).unwrap(), 7).unwrap();
        for k in [0, 20] {
            let found = search.among_themselves(points, k);
            assert_eq!(found, Auto.among_themselves(points, k));
        }
    }
}

/// Tasks of one pool share a remembered search: none waits for a lock that its own thread holds.
#[test]
fn a_remembered_search_is_shared_by_tasks_of_one_pool() {
    let x: Vec<f64> = (0..2_000 * 12)
        .map(|i| f64::from(i * 7919 % 10_007))
        .collect();
    let points = Matrix::new(&x, 12).unwrap();
    let search = Remembered::new(Auto, 5);
    let expected = Auto.among_themselves(points, 5).unwrap();
    let same = |_| search.among_themselves(points, 5).as_ref() == Ok(&expected);
    assert!((0..16).into_par_iter().all(same));
}
