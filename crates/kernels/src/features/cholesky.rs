//! A Cholesky factor with complete pivoting, in blocks: rank-revealing and mostly matrix products.

use fuzzysvm_core::cpu::{Product, gemm};
use nalgebra::{DMatrix, DMatrixViewMut};
use rayon::prelude::*;

/// Columns between two updates of the remainder.
const BLOCK: usize = 64;
/// Columns of the remainder that a thread takes at a time.
const PANEL: usize = 128;

/// K\[order, order\] = L Lᵀ up to a remainder whose diagonal is at most the tolerance.
pub(super) struct Pivoted {
    /// Lower triangular, rank × rank.
    pub l: DMatrix<f64>,
    /// The pivots.
    pub order: Vec<usize>,
    /// The most negative diagonal entry of the remainder, 0 where none is.
    pub most_negative: f64,
}

/// Factors a symmetric matrix (Higham 2002, *Accuracy and Stability of Numerical Algorithms*, sec. 10.3);
/// stops where every remaining diagonal entry is at most `tol` times the largest of the matrix. Ties go to
/// the lower index; the result does not depend on the number of threads.
pub(super) fn pivoted(mut k: DMatrix<f64>, tol: f64) -> Pivoted {
    let n = k.nrows();
    let mut diagonal: Vec<f64> = (0..n).map(|i| k[(i, i)]).collect();
    let stop = tol * diagonal.iter().fold(0.0f64, |a, &b| a.max(b));
    let mut order: Vec<usize> = Vec::with_capacity(n);
    let mut taken = vec![false; n];
    // Columns over the rows as given; their rows are put in the order of the pivots at the end.
    let mut columns = DMatrix::<f64>::zeros(n, n);
    while order.len() < n {
        let first = order.len();
        while order.len() < (first + BLOCK).min(n) {
            let mut pivot = None;
            let mut largest = stop;
            for i in (0..n).filter(|&i| !taken[i]) {
                if diagonal[i] > largest {
                    (pivot, largest) = (Some(i), diagonal[i]);
                }
            }
            let Some(p) = pivot else { break };
            let j = order.len();
            let root = largest.sqrt();
            let mut column = k.column(p).clone_owned();
            for t in first..j {
                column.axpy(-columns[(p, t)], &columns.column(t), 1.0);
            }
            taken[p] = true;
            order.push(p);
            for i in 0..n {
                if i == p {
                    columns[(i, j)] = root;
                } else if !taken[i] {
                    let value = column[i] / root;
                    columns[(i, j)] = value;
                    diagonal[i] -= value * value;
                }
            }
        }
        let width = order.len() - first;
        if width < BLOCK || order.len() == n {
            break;
        }
        let block = columns.columns(first, width);
        let subtract = |(panel, out): (usize, &mut [f64])| {
            let m = out.len() / n;
            let right = block.rows(panel * PANEL, m).transpose();
            let out = DMatrixViewMut::from_slice(out, n, m);
            gemm(block, right.as_view(), Product::Subtract, out);
        };
        k.as_mut_slice()
            .par_chunks_mut(PANEL * n)
            .enumerate()
            .for_each(subtract);
    }
    let rank = order.len();
    let l = DMatrix::from_fn(rank, rank, |i, j| {
        if j <= i { columns[(order[i], j)] } else { 0.0 }
    });
    let most_negative = (0..n)
        .filter(|&i| !taken[i])
        .fold(0.0f64, |a, i| a.min(diagonal[i]));
    Pivoted {
        l,
        order,
        most_negative,
    }
}

/// L⁻¹ on blocks of columns: the diagonal blocks of L are inverted once, the rest is matrix products.
pub(super) struct BlockedSolve {
    l: DMatrix<f64>,
    inverses: Vec<DMatrix<f64>>,
}

impl BlockedSolve {
    pub fn new(l: DMatrix<f64>) -> Self {
        let n = l.nrows();
        let inverses = (0..n)
            .step_by(PANEL)
            .map(|first| {
                let width = PANEL.min(n - first);
                let mut inverse = DMatrix::identity(width, width);
                // Pivots are above 0, so the solve cannot fail.
                let _ = l
                    .view((first, first), (width, width))
                    .solve_lower_triangular_mut(&mut inverse);
                inverse
            })
            .collect();
        Self { l, inverses }
    }

    pub fn n(&self) -> usize {
        self.l.nrows()
    }

    /// Lᵀ v = w.
    pub fn solve_transposed(&self, w: &[f64]) -> Vec<f64> {
        let n = self.n();
        let mut v = w.to_vec();
        for i in (0..n).rev() {
            let column = self.l.column(i);
            let sum: f64 = (i + 1..n).map(|j| column[j] * v[j]).sum();
            v[i] = (v[i] - sum) / column[i];
        }
        v
    }

    /// L z = b for every column b, in place; `block` is column-major with `n()` rows, which is row-major
    /// with one sample per row.
    pub fn solve(&self, block: &mut [f64]) {
        let n = self.n();
        let m = block.len() / n;
        let mut b = DMatrixViewMut::from_slice(block, n, m);
        for (k, inverse) in self.inverses.iter().enumerate() {
            let (first, width) = (k * PANEL, inverse.nrows());
            let mut rows = b.rows(first, width).clone_owned();
            if first > 0 {
                let l = self.l.view((first, 0), (width, first));
                gemm(l, b.rows(0, first), Product::Subtract, rows.as_view_mut());
            }
            let out = b.rows_mut(first, width);
            gemm(inverse.as_view(), rows.as_view(), Product::Replace, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix of known rank with a spread of scales.
    fn gram(n: usize, rank: usize) -> DMatrix<f64> {
        let a = DMatrix::from_fn(n, rank, |i, j| {
            ((i * 7 + j * 13) as f64 * 0.37).sin() * 10f64.powi(-((j % 4) as i32))
        });
        &a * a.transpose()
    }

    #[test]
    fn the_factor_gives_the_matrix_back_and_the_rank_is_found() {
        for (n, rank) in [(1, 1), (3, 2), (64, 9), (200, 30), (300, 30)] {
            let k = gram(n, rank);
            let f = pivoted(k.clone(), 1e-12);
            assert!(f.order.len() <= rank, "{n} {rank}: {}", f.order.len());
            let back = &f.l * f.l.transpose();
            for (i, &p) in f.order.iter().enumerate() {
                for (j, &q) in f.order.iter().enumerate() {
                    assert!(
                        (back[(i, j)] - k[(p, q)]).abs() < 1e-10,
                        "{n} {rank} {i} {j}"
                    );
                }
            }
            assert!(f.most_negative > -1e-9);
        }
    }

    #[test]
    fn blocked_solves_invert_the_factor() {
        let n = 300;
        let mut k = gram(n, n);
        for i in 0..n {
            k[(i, i)] += 1.0;
        }
        let l = pivoted(k, 1e-13).l;
        assert_eq!(l.nrows(), n);
        let z = DMatrix::from_fn(n, 9, |i, j| ((i + 3 * j) as f64).cos());
        let mut b = &l * &z;
        let solve = BlockedSolve::new(l.clone());
        solve.solve(b.as_mut_slice());
        assert!((b - &z).amax() < 1e-11);
        let w = l.transpose() * z.column(2);
        let v = solve.solve_transposed(w.as_slice());
        for (a, b) in v.iter().zip(z.column(2).iter()) {
            assert!((a - b).abs() < 1e-10);
        }
    }
}
