//! Sums over kernel values, bounds and γ against the values one by one.

#![allow(clippy::unwrap_used)] // helpers outside of test functions

use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_kernels::{
    Gamma, Kernel, KernelKind, Laplacian, Linear, Polynomial, PreparedKernel, Rbf, Sigmoid,
};
use proptest::prelude::*;

fn shipped(gamma: f64) -> Vec<KernelKind> {
    vec![
        Linear.into(),
        Polynomial {
            degree: 3,
            gamma,
            coef0: 1.0,
        }
        .into(),
        Rbf { gamma }.into(),
        Sigmoid { gamma, coef0: -0.5 }.into(),
        Laplacian { gamma }.into(),
    ]
}

/// A kernel that has nothing but its value: x·z + 1.
struct Plain;
impl Kernel for Plain {
    fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
        1.0 + x.iter().zip(z).map(|(a, b)| a * b).sum::<f64>()
    }
}

/// Points, queries, a coefficient for each point.
fn problem() -> impl Strategy<Value = (MatrixBuf, MatrixBuf, Vec<f64>)> {
    (1usize..6, 1usize..70, 1usize..20).prop_flat_map(|(d, n, m)| {
        let matrix = move |rows: usize| {
            prop::collection::vec(prop_oneof![-2.0..2.0f64, Just(1.0)], rows * d)
                .prop_map(move |data| MatrixBuf::new(data, d).unwrap())
        };
        (matrix(n), matrix(m), prop::collection::vec(-3.0..3.0f64, n))
    })
}

/// The sums by `eval`, and by the magnitude of their terms how far rounding may take them.
fn by_hand(
    kernel: &dyn Kernel,
    points: Matrix<'_>,
    queries: Matrix<'_>,
    coef: &[f64],
) -> Vec<(f64, f64)> {
    let of = |query: &[f64]| {
        let terms = points.rows().zip(coef);
        let terms: Vec<f64> = terms.map(|(p, c)| c * kernel.eval(query, p)).collect();
        let size = |t: &f64| t.abs() + 1e-3;
        (terms.iter().sum(), terms.iter().map(size).sum())
    };
    queries.rows().map(of).collect()
}

fn check(
    kernel: &dyn Kernel,
    points: &MatrixBuf,
    queries: &MatrixBuf,
    coef: &[f64],
) -> Result<(), TestCaseError> {
    let (points, queries) = (points.view(), queries.view());
    let prepared: Box<dyn PreparedKernel> = kernel.prepare(points);
    let mut sums = vec![0.5; queries.n_rows()];
    prepared.add_sums(queries, coef, &mut sums);
    for (found, (sum, size)) in sums.iter().zip(by_hand(kernel, points, queries, coef)) {
        prop_assert!((found - 0.5 - sum).abs() <= 1e-12 * size);
    }
    let columns: Vec<u32> = (0..points.n_rows() as u32).collect();
    let expected = by_hand(kernel, points, points, coef);
    // Entries of single precision are to 24 bits of what they are made of.
    for (single, rounding) in [(false, 1e-12), (true, 1e-4)] {
        let mut products = vec![-1.0; points.n_rows()];
        prepared.add_products(&columns, coef, single, &mut products);
        for (found, (sum, size)) in products.iter().zip(&expected) {
            prop_assert!((found + 1.0 - sum).abs() <= rounding * size);
        }
    }
    Ok(())
}

/// Rows of a number, two flags and a category of six as columns of 0 and 1.
fn categories() -> impl Strategy<Value = MatrixBuf> {
    let row = (
        -2.0..2.0f64,
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.3),
        0usize..40,
    );
    prop::collection::vec(row, 1..300).prop_map(|rows| {
        let of = |(number, rare, flag, category): (f64, bool, bool, usize)| {
            let columns = (0..6).map(move |c| f64::from(category.saturating_sub(34) == c));
            [number, f64::from(rare), f64::from(flag) - 0.3]
                .into_iter()
                .chain(columns)
        };
        MatrixBuf::new(rows.into_iter().flat_map(of).collect(), 9).unwrap()
    })
}

proptest! {
    /// Products look at the points in another order than rows, and pass over other features.
    #[test]
    fn products_are_those_of_the_rows(points in categories(), gamma in 0.05..1.0f64) {
        let n = points.n_rows();
        let columns: Vec<u32> = (0..n as u32).filter(|c| c % 3 != 1).collect();
        let coef: Vec<f64> = columns.iter().map(|&c| f64::from(c).cos()).collect();
        let sum = |row: &mut dyn Iterator<Item = f64>| {
            row.zip(&coef).fold(0.5, |sum, (v, c)| c.mul_add(v, sum))
        };
        for kernel in shipped(gamma) {
            let prepared = kernel.prepare(points.view());
            let (mut wide, mut narrow) = (vec![0.5; n], vec![0.5; n]);
            prepared.add_products(&columns, &coef, false, &mut wide);
            prepared.add_products(&columns, &coef, true, &mut narrow);
            for i in 0..n {
                let mut row = vec![0.0; n];
                prepared.rows_f64(&[i as u32], &mut row);
                let expected = sum(&mut columns.iter().map(|&c| row[c as usize]));
                prop_assert_eq!(wide[i], expected, "{:?} {}", kernel, i);
                let mut row = vec![0.0f32; n];
                prepared.rows_f32(&[i as u32], &mut row);
                let expected = sum(&mut columns.iter().map(|&c| f64::from(row[c as usize])));
                prop_assert_eq!(narrow[i], expected, "{:?} {}", kernel, i);
            }
        }
    }

    #[test]
    fn sums_are_those_of_the_values((points, queries, coef) in problem(), gamma in 0.05..1.0f64) {
        for kernel in shipped(gamma) {
            check(&kernel, &points, &queries, &coef)?;
        }
        check(&Plain, &points, &queries, &coef)?;
    }

    #[test]
    fn no_value_exceeds_the_bound((points, _, _) in problem(), gamma in 0.05..20.0f64) {
        for kernel in shipped(gamma) {
            for (a, b) in points.view().rows().zip(points.view().rows().rev()) {
                if let Some(bound) = kernel.bound() {
                    prop_assert!(kernel.eval(a, b).abs() <= bound && kernel.eval(a, a).abs() <= bound);
                }
            }
        }
    }

    /// A weight of k is the row k times.
    #[test]
    fn a_weighted_width_is_that_of_rows_repeated(
        (points, _, _) in problem(),
        counts in prop::collection::vec(0usize..4, 70),
    ) {
        let counts = &counts[..points.n_rows()];
        let rows: Vec<usize> = (0..counts.len()).flat_map(|i| vec![i; counts[i]]).collect();
        prop_assume!(!rows.is_empty());
        let weights: Vec<f64> = counts.iter().map(|&k| k as f64).collect();
        let repeated = points.view().select_rows(&rows);
        for gamma in [Gamma::Scale, Gamma::Auto, Gamma::Value(0.3)] {
            let expected = gamma.resolve(repeated.view()).unwrap();
            let found = gamma.resolve_weighted(points.view(), &weights).unwrap();
            prop_assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        }
    }
}

#[test]
fn bounds_are_known_where_there_are_any_and_gamma_is_set_where_there_is_one() {
    let bounds: Vec<Option<f64>> = shipped(0.5).iter().map(Kernel::bound).collect();
    assert_eq!(bounds, [None, None, Some(1.0), Some(1.0), Some(1.0)]);
    let gammas = |kernels: Vec<KernelKind>| -> Vec<Option<f64>> {
        kernels.iter().map(KernelKind::gamma).collect()
    };
    let with = |gamma| [None, Some(gamma), Some(gamma), Some(gamma), Some(gamma)];
    assert_eq!(gammas(shipped(0.5)), with(0.5));
    let changed = shipped(0.5).into_iter().map(|k| k.with_gamma(2.0));
    assert_eq!(gammas(changed.collect()), with(2.0));
}

#[test]
fn weights_that_are_none_are_refused() {
    let x = Matrix::new(&[0.0, 2.0, 5.0], 1).unwrap();
    for weights in [&[1.0, 1.0][..], &[1.0, -1.0, 1.0], &[1.0, f64::NAN, 1.0]] {
        let e = Gamma::Scale.resolve_weighted(x, weights).unwrap_err();
        assert!(
            e.to_string()
                .ends_with("must be one finite, non-negative number for every sample"),
            "{e}"
        );
    }
}
