//! The kernel among training samples as the solver's matrix.

use fuzzysvm_core::{Matrix, Stop, per_cpu};
use fuzzysvm_kernels::{Kernel, PreparedKernel, weighted_sum};
use fuzzysvm_qp::{Entries, QMatrix};
use rayon::prelude::*;

/// Columns of a strip of the matrix, those of a tile; a multiple of them where there would be more than [`STRIPS`].
const STRIP: usize = 32;
/// Strips at most: each has sums of its own.
const STRIPS: usize = 64;
/// Entries computed at once, in the nearer caches.
const BLOCK: usize = 8192;
/// Entries from which on all threads are woken.
const PARALLEL_FROM: usize = 300_000;

/// K_ij of prepared points, the Q_ij = y_i y_j K_ij of a classifier without its signs.
pub(crate) struct Gram<'a> {
    kernel: &'a dyn Kernel,
    points: Matrix<'a>,
    prepared: Box<dyn PreparedKernel + 'a>,
    diagonal: Vec<f64>,
}

impl<'a> Gram<'a> {
    pub fn new(kernel: &'a dyn Kernel, points: Matrix<'a>) -> Self {
        let prepared = kernel.prepare(points);
        let diagonal = prepared.diagonal();
        Self {
            kernel,
            points,
            prepared,
            diagonal,
        }
    }

    /// See [`PreparedKernel::fill_alone`].
    pub fn fill_alone(&self, out: &mut [f32]) {
        self.prepared.fill_alone(out);
    }

    /// See [`QMatrix::add_products_at`]; on this thread alone where others have work of their own (`parallel` false). The
    /// value does not depend on that: every strip of columns has its own sums, which are added in their order.
    pub fn products_at(
        &self,
        rows: &[u32],
        columns: &[u32],
        coef: &[f64],
        parallel: bool,
        out: &mut [f64],
    ) {
        let width = columns
            .len()
            .div_ceil(STRIPS)
            .max(1)
            .next_multiple_of(STRIP);
        let places = |rows: &[u32]| -> Vec<usize> { rows.iter().map(|&r| r as usize).collect() };
        let queries = self.points.select_rows(&places(rows));
        // Of the entries among the same samples only those on one side of the diagonal.
        let symmetric = rows == columns;
        let strip = |first: usize| {
            let end = columns.len().min(first + width);
            let (columns, coef_strip) = (&columns[first..end], &coef[first..end]);
            let start = if symmetric { first } else { 0 };
            let mut sums = vec![0.0; rows.len() - start];
            let points = self.points.select_rows(&places(columns));
            let prepared = self.kernel.prepare(points.view());
            let mut block = Vec::new();
            let height = (BLOCK / columns.len()).max(1);
            for from in (start..rows.len()).step_by(height) {
                Stop::look();
                let to = rows.len().min(from + height);
                block.resize((to - from) * columns.len(), 0.0);
                prepared.block_f64(queries.view().slice_rows(from, to), &mut block);
                for (k, row) in (from..to).zip(block.chunks_exact(columns.len())) {
                    sums[k - start] += weighted_sum(row, coef_strip);
                    if symmetric && k >= end {
                        add(&mut sums[..columns.len()], row, coef[k]);
                    }
                }
            }
            (start, sums)
        };
        let firsts: Vec<usize> = (0..columns.len()).step_by(width).collect();
        let parts: Vec<(usize, Vec<f64>)> =
            if parallel && rows.len().saturating_mul(columns.len()) >= PARALLEL_FROM {
                firsts.into_par_iter().map(strip).collect()
            } else {
                firsts.into_iter().map(strip).collect()
            };
        for (start, sums) in parts {
            for (o, sum) in out[start..].iter_mut().zip(sums) {
                *o += sum;
            }
        }
    }
}

per_cpu! {
    /// sums += c · row; no step is fused.
    fn add(sums: &mut [f64], row: &[f64], c: f64) = add_on;
}

#[inline(always)]
fn add_on(sums: &mut [f64], row: &[f64], c: f64) {
    for (sum, v) in sums.iter_mut().zip(row) {
        *sum += c * v;
    }
}

impl QMatrix for Gram<'_> {
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    fn is_kernel(&self) -> bool {
        true
    }

    fn steps(&self) -> usize {
        self.points.n_cols()
    }

    fn always_finite(&self) -> bool {
        self.prepared.always_finite()
    }

    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.prepared.rows_f64(rows, out);
    }

    fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: Entries<'_>) {
        self.prepared.fill(rows, columns, out);
    }

    fn add_products(&self, columns: &[u32], coef: &[f64], single: bool, out: &mut [f64]) {
        self.prepared.add_products(columns, coef, single, out);
    }

    fn add_products_at(&self, rows: &[u32], columns: &[u32], coef: &[f64], out: &mut [f64]) {
        self.products_at(rows, columns, coef, true, out);
    }
}
