//! Random streams that do not depend on who asks first.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Stream `index` of a seed: one a tree, a subset or a round, so that threads cannot change a result.
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
