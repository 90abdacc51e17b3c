//! Blocks of values: their shape, and their rows on several threads.

use fuzzysvm_core::Stop;
use rayon::prelude::*;

/// Blocks with fewer values are computed on the calling thread.
pub(crate) const PARALLEL_FROM: usize = 500_000;

/// Calls `fill(first_row, rows)` for consecutive chunks of the rows of `out`, on all threads of the
/// current rayon pool where the block is large. Every value is computed on its own, so neither the
/// chunks nor the threads show in the result.
pub(crate) fn for_row_chunks<T: Send>(
    out: &mut [T],
    n_cols: usize,
    fill: impl Fn(usize, &mut [T]) + Sync,
) {
    if out.is_empty() || n_cols == 0 {
        return;
    }
    let n_rows = out.len() / n_cols;
    let chunk = if n_rows >= 256 { 64 } else { 8 };
    let fill = |first, rows: &mut [T]| {
        Stop::look();
        fill(first, rows);
    };
    if out.len() >= PARALLEL_FROM && n_rows > chunk {
        out.par_chunks_mut(chunk * n_cols)
            .enumerate()
            .for_each(|(i, rows)| fill(i * chunk, rows));
    } else {
        for (i, rows) in out.chunks_mut(chunk * n_cols).enumerate() {
            fill(i * chunk, rows);
        }
    }
}

/// A block has one value per row and point.
#[track_caller]
pub(crate) fn check_out(n_rows: usize, n_points: usize, len: usize) {
    assert_eq!(
        n_rows.saturating_mul(n_points),
        len,
        "the output must hold {n_rows} rows of {n_points} values"
    );
}

/// Indices as the rows of a matrix are counted.
pub(crate) fn places(rows: &[u32]) -> Vec<usize> {
    rows.iter().map(|&r| r as usize).collect()
}
