//! The other half of a symmetric matrix.

use crate::parallel::PARALLEL_FROM;
use rayon::prelude::*;

/// Rows and columns of a tile: a cache line of single precision each way.
const TILE: usize = 16;

/// Copies what lies above the diagonal to below it. Squares of `block` rows on the diagonal are whole
/// already.
pub(crate) fn mirror<T: Copy + Send + Sync>(matrix: &mut [T], n: usize, block: usize) {
    part(matrix, n, 0, block, matrix.len() >= PARALLEL_FROM);
}

/// The same for the square of rows and columns from `first` on that `rows` holds: the lower left
/// quarter from the upper right one, then the two quarters on the diagonal.
fn part<T: Copy + Send + Sync>(
    rows: &mut [T],
    n: usize,
    first: usize,
    block: usize,
    parallel: bool,
) {
    let height = rows.len() / n.max(1);
    if height <= block {
        return;
    }
    let half = (height / block).div_ceil(2) * block;
    let (top, bottom) = rows.split_at_mut(half * n);
    let source = &*top;
    let strip = |(s, strip): (usize, &mut [T])| {
        flip(source, n, first, strip, first + half + s * TILE);
    };
    if parallel {
        bottom.par_chunks_mut(TILE * n).enumerate().for_each(strip);
        rayon::join(
            || part(top, n, first, block, true),
            || part(bottom, n, first + half, block, true),
        );
    } else {
        bottom.chunks_mut(TILE * n).enumerate().for_each(strip);
        part(top, n, first, block, false);
        part(bottom, n, first + half, block, false);
    }
}

/// Copies columns of `source` to the rows of `to`. The matrix has `n` columns; `source` holds its rows from `first` on, `to`
/// those from `column` on: their places in the columns that `source` has rows for are written.
pub(crate) fn flip<T: Copy>(source: &[T], n: usize, first: usize, to: &mut [T], column: usize) {
    for (s, strip) in to.chunks_mut(TILE * n).enumerate() {
        let column = column + s * TILE;
        for (t, tile) in source.chunks(TILE * n).enumerate() {
            let place = first + t * TILE;
            for (i, row) in strip.chunks_exact_mut(n).enumerate() {
                let row = &mut row[place..place + tile.len() / n];
                for (value, from) in row.iter_mut().zip(tile.chunks_exact(n)) {
                    *value = from[column + i];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mirror;

    #[test]
    fn the_matrix_is_symmetric_afterwards_and_its_upper_half_unchanged() {
        for (n, block) in [(1, 64), (64, 64), (65, 64), (130, 32), (257, 64), (800, 64)] {
            let upper = |i: usize, j: usize| (i.min(j) * 1000 + i.max(j)) as f32;
            let mut matrix: Vec<f32> = (0..n * n)
                .map(|k| {
                    let (i, j) = (k / n, k % n);
                    if j >= i / block * block {
                        upper(i, j)
                    } else {
                        f32::NAN
                    }
                })
                .collect();
            mirror(&mut matrix, n, block);
            for (k, v) in matrix.iter().enumerate() {
                assert_eq!(*v, upper(k / n, k % n), "n {n}, entry {k}");
            }
        }
    }
}
