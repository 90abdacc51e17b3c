//! Random streams that do not depend on the order of use.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Stream `index` of a seed: one per tree, subset or round, so that results do not depend on threads.
pub(crate) fn stream(seed: u64, index: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index as u64);
    rng
}

/// `n` of `pool` without replacement, ascending; all of it where it has no more.
pub(crate) fn draw_without_replacement(pool: &[u32], n: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let mut rows = pool.to_vec();
    let n = n.min(rows.len());
    for i in 0..n {
        let j = rng.random_range(i..rows.len());
        rows.swap(i, j);
    }
    rows.truncate(n);
    rows.sort_unstable();
    rows
}
