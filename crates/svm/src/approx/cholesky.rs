//! Cholesky in blocks, on all threads: the Newton systems have as many rows as the map has components.

use fuzzysvm_core::cpu::{Product, gemm};
use nalgebra::{Cholesky, DMatrix, DMatrixViewMut, DVector};
use rayon::prelude::*;

const BLOCK: usize = 96;

/// H x = b for a positive definite H, of which the lower half is read and overwritten; `None` where a pivot
/// is not above 0. The result does not depend on the number of threads.
pub(super) fn solve(mut h: DMatrix<f64>, b: &[f64]) -> Option<Vec<f64>> {
    let n = h.nrows();
    for first in (0..n).step_by(BLOCK) {
        let width = BLOCK.min(n - first);
        let end = first + width;
        let diagonal =
            Cholesky::new(h.view((first, first), (width, width)).clone_owned())?.unpack();
        h.view_mut((first, first), (width, width))
            .copy_from(&diagonal);
        if end == n {
            break;
        }
        // Rows below: A ← A L⁻ᵀ.
        let mut inverse = DMatrix::<f64>::identity(width, width);
        diagonal.solve_lower_triangular_mut(&mut inverse);
        let mut below = DMatrix::zeros(n - end, width);
        gemm(
            h.view((end, first), (n - end, width)),
            inverse.transpose().as_view(),
            Product::Replace,
            below.as_view_mut(),
        );
        h.view_mut((end, first), (n - end, width)).copy_from(&below);
        let subtract = |(panel, out): (usize, &mut [f64])| {
            let (at, m) = (panel * BLOCK, out.len() / n);
            let right = below.rows(at, m).transpose();
            let mut out = DMatrixViewMut::from_slice(out, n, m);
            gemm(
                below.rows(at, n - end - at),
                right.as_view(),
                Product::Subtract,
                out.rows_mut(end + at, n - end - at),
            );
        };
        h.as_mut_slice()[end * n..]
            .par_chunks_mut(BLOCK * n)
            .enumerate()
            .for_each(subtract);
    }
    let mut x = DVector::from_column_slice(b);
    let solved = h.solve_lower_triangular_mut(&mut x) && h.tr_solve_lower_triangular_mut(&mut x);
    (solved && x.iter().all(|v| v.is_finite())).then(|| x.as_slice().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_solved_and_indefinite_ones_refused() {
        for n in [1, 5, 96, 97, 300] {
            let a = DMatrix::from_fn(n, n, |i, j| ((i * 31 + j * 17) as f64 * 0.7).sin());
            let h = &a * a.transpose() + DMatrix::identity(n, n);
            let x: Vec<f64> = (0..n).map(|i| (i as f64).cos()).collect();
            let b = &h * DVector::from_column_slice(&x);
            let found = solve(h.clone(), b.as_slice()).unwrap();
            for (a, b) in found.iter().zip(&x) {
                assert!((a - b).abs() < 1e-9, "{n}");
            }
            let mut bad = h;
            bad[(n - 1, n - 1)] = -1.0;
            assert!(solve(bad, &x).is_none());
        }
    }
}
