//! Passes over the mapped rows: scores, weighted sums, Gram updates. Chunks are fixed and sums are taken in
//! their order, so nothing depends on the number of threads.

use fuzzysvm_core::cpu::{Product, gemm};
use fuzzysvm_core::per_cpu;
use fuzzysvm_kernels::weighted_sum_f32;
use nalgebra::{DMatrix, DMatrixViewMut};
use rayon::prelude::*;

/// Rows of a chunk.
const ROWS: usize = 2048;
/// Rows that enter a Gram matrix together.
const GRAM_ROWS: usize = 512;
/// Columns of a Gram matrix that a thread takes at a time.
const GRAM_COLUMNS: usize = 96;

/// Mapped rows, row-major, in single precision.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub data: &'a [f32],
    pub m: usize,
}

impl<'a> Rows<'a> {
    fn row(&self, i: u32) -> &'a [f32] {
        &self.data[i as usize * self.m..(i as usize + 1) * self.m]
    }

    /// w·z + b of every chosen row; the last entry of `w` is b.
    pub fn scores(&self, chosen: &[u32], w: &[f64]) -> Vec<f64> {
        let (bias, w) = (w[self.m], &w[..self.m]);
        let mut out = vec![0.0; chosen.len()];
        out.par_chunks_mut(ROWS)
            .zip(chosen.par_chunks(ROWS))
            .for_each(|(out, chosen)| {
                for (o, &i) in out.iter_mut().zip(chosen) {
                    *o = weighted_sum_f32(self.row(i), w) + bias;
                }
            });
        out
    }

    /// Σ p_i z_i of the positive and of the negative rows, and with it Σ p_i as the last entry.
    pub fn sums(&self, chosen: &[u32], y: &[f64], p: &[f64]) -> [Vec<f64>; 2] {
        let width = self.m + 1;
        let of_chunk = |((chosen, y), p): ((&[u32], &[f64]), &[f64])| {
            let mut sums = vec![0.0; 2 * width];
            let (positive, negative) = sums.split_at_mut(width);
            for ((&i, &y), &p) in chosen.iter().zip(y).zip(p) {
                if p > 0.0 {
                    let sum = if y > 0.0 {
                        &mut *positive
                    } else {
                        &mut *negative
                    };
                    add(p, self.row(i), &mut sum[..self.m]);
                    sum[self.m] += p;
                }
            }
            sums
        };
        let parts: Vec<Vec<f64>> = chosen
            .par_chunks(ROWS)
            .zip(y.par_chunks(ROWS))
            .zip(p.par_chunks(ROWS))
            .map(of_chunk)
            .collect();
        let mut total = vec![0.0; 2 * width];
        for part in parts {
            for (t, v) in total.iter_mut().zip(part) {
                *t += v;
            }
        }
        let negative = total.split_off(width);
        [total, negative]
    }

    /// Adds Σ z̃ z̃ᵀ of the given rows to the lower half of `gram`, or subtracts it, z̃ = (z, 1).
    pub fn add_gram(&self, rows: &[u32], how: Product, gram: &mut DMatrix<f64>) {
        let width = self.m + 1;
        let mut block = DMatrix::<f64>::zeros(width, GRAM_ROWS.min(rows.len()));
        for rows in rows.chunks(GRAM_ROWS) {
            if rows.len() != block.ncols() {
                block = DMatrix::zeros(width, rows.len());
            }
            for (mut column, &i) in block.column_iter_mut().zip(rows) {
                for (c, &v) in column.iter_mut().zip(self.row(i)) {
                    *c = f64::from(v);
                }
                column[self.m] = 1.0;
            }
            let block = &block;
            let add = |(panel, out): (usize, &mut [f64])| {
                let (first, n) = (panel * GRAM_COLUMNS, out.len() / width);
                let right = block.rows(first, n).transpose();
                let mut out = DMatrixViewMut::from_slice(out, width, n);
                gemm(
                    block.rows(first, width - first),
                    right.as_view(),
                    how,
                    out.rows_mut(first, width - first),
                );
            };
            gram.as_mut_slice()
                .par_chunks_mut(GRAM_COLUMNS * width)
                .enumerate()
                .for_each(add);
        }
    }
}

/// Sums of `K` numbers over 0..n.
pub(super) fn sum_over<const K: usize>(
    n: usize,
    term: impl Fn(usize) -> [f64; K] + Sync,
) -> [f64; K] {
    let parts: Vec<[f64; K]> = (0..n.div_ceil(8 * ROWS))
        .into_par_iter()
        .map(|chunk| {
            let mut sums = [0.0; K];
            for i in chunk * 8 * ROWS..n.min((chunk + 1) * 8 * ROWS) {
                for (s, v) in sums.iter_mut().zip(term(i)) {
                    *s += v;
                }
            }
            sums
        })
        .collect();
    let mut total = [0.0; K];
    for part in parts {
        for (t, v) in total.iter_mut().zip(part) {
            *t += v;
        }
    }
    total
}

per_cpu! {
    /// out += p a.
    fn add(p: f64, a: &[f32], out: &mut [f64]) = add_on;
}

#[inline(always)]
fn add_on(p: f64, a: &[f32], out: &mut [f64]) {
    for (o, &a) in out.iter_mut().zip(a) {
        *o += p * f64::from(a);
    }
}
