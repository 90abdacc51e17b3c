//! Accuracy and independence of threads of the packed fast path on difficult data.

#![allow(clippy::unwrap_used)] // helpers outside of test functions

use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_kernels::{Kernel, KernelKind, Laplacian, Linear, Rbf, laws};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn uniform(n: usize, d: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n * d).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// Naive RBF in the C library's exp, with the argument so that its magnitude is known.
fn naive(gamma: f64, x: &[f64], z: &[f64]) -> (f64, f64) {
    let d2: f64 = x.iter().zip(z).map(|(a, b)| (a - b) * (a - b)).sum();
    ((-gamma * d2).exp(), gamma * d2)
}

fn check(data: Vec<f64>, d: usize, gamma: f64, tol_f32: f64) {
    let x = MatrixBuf::new(data, d).unwrap();
    let x = x.view();
    let n = x.n_rows();
    let kernel = Rbf { gamma };
    let prepared = kernel.prepare(x);
    let rows: Vec<u32> = (0..n as u32).collect();
    let (mut wide, mut narrow) = (vec![0.0; n * n], vec![0.0f32; n * n]);
    prepared.rows_f64(&rows, &mut wide);
    prepared.rows_f32(&rows, &mut narrow);
    for i in 0..n {
        assert_eq!(wide[i * n + i], 1.0);
        assert_eq!(narrow[i * n + i], 1.0);
        for j in 0..n {
            let (expected, argument) = naive(gamma, x.row(i), x.row(j));
            let found = wide[i * n + j];
            assert_eq!(found.to_bits(), wide[j * n + i].to_bits());
            assert_eq!(narrow[i * n + j].to_bits(), narrow[j * n + i].to_bits());
            // The sum of d rounded squares has a relative error of d ulp at most, which the
            // exponential multiplies by its argument; 2 ulp for the exponentials.
            let bound = f64::EPSILON * (2.0 + argument * (d as f64 + 2.0) / 2.0);
            assert!(
                (found - expected).abs() <= bound * expected || expected < 1e-300,
                "n {n} d {d}: {found} instead of {expected} at {i}, {j}"
            );
            assert!(bound < 1e-13 || argument > 10.0);
            let found = f64::from(narrow[i * n + j]);
            assert!(
                (found - expected).abs() <= tol_f32,
                "f32, n {n} d {d}: {found} instead of {expected} at {i}, {j}"
            );
        }
    }
}

#[test]
fn rbf_keeps_its_accuracy_on_difficult_data() {
    check(uniform(100, 1, 1), 1, 3.0, 1e-6);
    check(uniform(77, 100, 2), 100, 0.05, 1e-6);
    check(uniform(97, 35, 3), 35, 1.0 / 35.0, 1e-6);
    check(uniform(1, 4, 4), 4, 1.0, 0.0);
    check(uniform(33, 7, 5), 7, 40.0, 1e-6);

    // Far from 0: 1e6 away, every value would lose six digits without centering.
    let shifted = uniform(65, 5, 6).iter().map(|v| v + 1e6).collect();
    check(shifted, 5, 0.5, 1e-6);

    // One row of outliers and a constant column.
    let mut outlier = uniform(70, 6, 7);
    for row in 0..70 {
        outlier[row * 6 + 2] = 0.1;
    }
    outlier[30 * 6..30 * 6 + 6].fill(1e6);
    check(outlier, 6, 0.5, 1e-6);

    // Two clusters, of which one is far from the center of every column.
    let mut clusters = uniform(90, 4, 9);
    for row in clusters.chunks_mut(4).step_by(3) {
        row.iter_mut().for_each(|v| *v += 1e6);
    }
    check(clusters, 4, 0.5, 1e-6);

    // Neighbors as far out as single precision is used for: 250 kernel widths.
    let far = [0.0, 0.0, 0.0, 250.0, 250.3, 250.7];
    check(far.to_vec(), 1, 1.0, 3e-5);

    // All rows equal.
    check([0.1, -7e5, 3.3].repeat(40), 3, 2.0, 0.0);
}

#[test]
fn parameters_and_values_beyond_single_precision_still_give_values() {
    let huge = [1e308, -1e308, 1e308, 1e308, -1e308, 0.0, 1e200, 1.0];
    let x = Matrix::new(&huge, 2).unwrap();
    for kernel in [
        KernelKind::from(Rbf { gamma: 1.0 }),
        Rbf { gamma: 1e-300 }.into(),
        Rbf { gamma: 1e300 }.into(),
        Laplacian { gamma: 1e-310 }.into(),
        Laplacian { gamma: 1e308 }.into(),
    ] {
        let prepared = kernel.prepare(x);
        let (mut wide, mut narrow) = ([f64::NAN; 16], [f32::NAN; 16]);
        prepared.rows_f64(&[0, 1, 2, 3], &mut wide);
        prepared.rows_f32(&[0, 1, 2, 3], &mut narrow);
        for i in 0..4 {
            assert_eq!(wide[i * 5], 1.0);
            assert_eq!(narrow[i * 5], 1.0);
        }
        for (w, n) in wide.iter().zip(narrow) {
            assert!((0.0..=1.0).contains(w), "{kernel:?} gave {w}");
            assert_eq!(*w as f32, n);
        }
    }
    // A tiny gamma undoes huge distances: exp(−1e-310 · 1e308) is not 0.
    let k = Laplacian { gamma: 1e-310 };
    assert!((k.eval(&[1e308], &[0.0]) - (-1e-2f64).exp()).abs() < 1e-12);
    // A product that overflows shows as infinity, not as a number.
    assert_eq!(Linear.eval(&[1e308], &[1e308]), f64::INFINITY);
    let mut row = [0.0f32; 4];
    Linear.prepare(x).rows_f32(&[3], &mut row);
    assert_eq!(row[3], f32::INFINITY);
}

#[test]
fn values_do_not_depend_on_the_number_of_threads() {
    let data = uniform(1203, 5, 8);
    let x = Matrix::new(&data, 5).unwrap();
    let rows: Vec<u32> = (0..1203).rev().collect();
    for kernel in [
        KernelKind::from(Rbf { gamma: 0.3 }),
        Linear.into(),
        Laplacian { gamma: 0.3 }.into(),
    ] {
        let compute = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let prepared = kernel.prepare(x);
                let mut narrow = vec![0.0f32; 1203 * 1203];
                let mut wide = vec![0.0; 1203 * 1203];
                let mut block = vec![0.0; 1203 * 1203];
                prepared.rows_f32(&rows, &mut narrow);
                prepared.rows_f64(&rows, &mut wide);
                kernel.eval_block(x, x, &mut block);
                (narrow, wide, block)
            })
        };
        let (one, three) = (compute(1), compute(3));
        assert!(one == three);
        // Reversed rows of the one are the rows of the other.
        assert!(one.1.chunks(1203).rev().flatten().eq(&one.2));
    }
}

#[test]
fn empty_requests_are_answered_with_nothing() {
    let x = Matrix::new(&[], 2).unwrap();
    let k = Rbf { gamma: 1.0 };
    let prepared = k.prepare(x);
    assert_eq!(prepared.n_points(), 0);
    assert!(prepared.diagonal().is_empty());
    prepared.rows_f32(&[], &mut []);
    prepared.block_f64(Matrix::new(&[1.0, 2.0], 2).unwrap(), &mut []);
    k.eval_block(x, x, &mut []);
    k.eval_row(&[1.0, 2.0], x, &mut []);
}

#[test]
fn kernels_of_distances_are_finite_wherever_the_samples_are() {
    let data = [f64::MAX, f64::MIN, 5e-324, -0.0, 0.0, 1e154, -1e154, 1.0];
    for d in [1, 2, 8] {
        let x = Matrix::new(&data, d).unwrap();
        for gamma in [5e-324, 1e-20, 1.0, 1e20, f64::MAX] {
            let kinds: [KernelKind; 2] = [Rbf { gamma }.into(), Laplacian { gamma }.into()];
            for kernel in kinds {
                assert!(kernel.prepare(x).always_finite(), "{kernel:?}");
                laws::symmetric(&kernel, x).unwrap();
            }
        }
    }
    let x = Matrix::new(&data, 2).unwrap();
    assert!(!Linear.prepare(x).always_finite());
    for gamma in [0.0, f64::INFINITY, f64::NAN] {
        assert!(!Rbf { gamma }.prepare(x).always_finite());
    }
}

/// A product that underflows from below 0 leaves −0, to which features that are 0 add 0, unless they are passed over.
#[test]
fn a_dot_product_that_underflows_is_zero_without_a_sign() {
    let data = [-1e-200, 0.0, 0.0, 1e-200, 5.0, 0.0, 1e-200, 0.0, 0.0];
    let x = Matrix::new(&data, 3).unwrap();
    let mut gram = [f64::NAN; 9];
    Linear.prepare(x).rows_f64(&[0, 1, 2], &mut gram);
    for (i, row) in gram.chunks_exact(3).enumerate() {
        for (j, found) in row.iter().enumerate() {
            let expected = Linear.eval(x.row(i), x.row(j));
            assert_eq!(found.to_bits(), expected.to_bits(), "{i} {j}");
            assert!(i == 1 && j == 1 || expected.to_bits() == 0);
        }
    }
    laws::symmetric(&Linear, x).unwrap();
}
