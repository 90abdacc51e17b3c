//! Gram matrices row by row, never stored as a whole.

use crate::center::unit_of;
use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_kernels::PreparedKernel;

/// Kernel values held at a time.
const BLOCK: usize = 1 << 21;

/// `of_row(i, row i of the Gram matrix)` for every one of the n points, in order: time O(n²), memory O(n).
pub(crate) fn each_row(
    prepared: &dyn PreparedKernel,
    n: usize,
    mut of_row: impl FnMut(usize, &[f64]),
) {
    let at_once = (BLOCK / n.max(1)).clamp(1, n.max(1));
    let mut block = vec![0.0; at_once * n];
    for first in (0..n).step_by(at_once) {
        let rows: Vec<u32> = (first..n.min(first + at_once)).map(|i| i as u32).collect();
        let block = &mut block[..rows.len() * n];
        prepared.rows_f64(&rows, block);
        for (i, row) in block.chunks_exact(n).enumerate() {
            of_row(first + i, row);
        }
    }
}

/// x less the means of its columns, in a unit in which squares do not overflow: with γ = `scale` neither matters.
pub(crate) fn centered(x: Matrix<'_>) -> MatrixBuf {
    let (n, unit) = (x.n_rows() as f64, unit_of(x));
    let mut means = vec![0.0; x.n_cols()];
    for row in x.rows() {
        for (mean, v) in means.iter_mut().zip(row) {
            *mean += v * unit / n;
        }
    }
    let values = x
        .rows()
        .flat_map(|row| row.iter().zip(&means).map(|(v, mean)| v * unit - mean))
        .collect();
    // Finite values less their finite means are finite, so there is no error to report.
    MatrixBuf::new(values, x.n_cols()).unwrap_or_else(|_| x.to_owned_matrix())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Entries;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    /// K(r, c) is r, and the most entries that were asked for at once.
    struct Rows(usize, AtomicUsize);

    impl PreparedKernel for Rows {
        fn n_points(&self) -> usize {
            self.0
        }
        fn diagonal(&self) -> Vec<f64> {
            (0..self.0).map(|i| i as f64).collect()
        }
        fn fill(&self, rows: Option<&[u32]>, _: Option<&[u32]>, out: Entries<'_>) {
            let (Some(rows), Entries::F64(out)) = (rows, out) else {
                unreachable!("whole rows in double precision")
            };
            self.1.fetch_max(out.len(), Relaxed);
            for (r, out) in rows.iter().zip(out.chunks_exact_mut(self.0)) {
                out.fill(f64::from(*r));
            }
        }
        fn block_f64(&self, _: Matrix<'_>, _: &mut [f64]) {
            unreachable!("there are no other points")
        }
    }

    #[test]
    fn rows_come_in_order_and_few_at_a_time() {
        // A block holds the whole matrix of the first and not that of the others.
        for n in [1, 1_400, 1_500, 3_000] {
            let kernel = Rows(n, AtomicUsize::new(0));
            let mut next = 0;
            each_row(&kernel, n, |i, row| {
                assert!(i == next && row.len() == n && row.iter().all(|&v| v == i as f64));
                next += 1;
            });
            assert_eq!(next, n);
            assert!(kernel.1.into_inner() <= BLOCK, "{n} points");
        }
    }
}
