//! The sums of a tile, feature by feature.

use crate::form::{Real, Step};
use crate::panels::{Lanes, Panel};
use crate::usual::{BITS, Queries};

/// The running sums of `M` queries against one panel. The loop over the points is the one that the compiler vectorises, and
/// the sums are few enough to stay in registers: so many of them grow side by side that none waits for its last step.
#[inline(always)]
pub(crate) fn tile_sums<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    panel: Panel<'_, T, W>,
    queries: Queries<'_, T>,
) -> [[T; W]; M] {
    let d = panel.features.len();
    let mut rows = [&queries.values[..d]; M];
    for (row, query) in rows.iter_mut().zip(queries.values.chunks_exact(d)) {
        *row = query;
    }
    let mut sums = [[T::ZERO; W]; M];
    let Some(bits) = panel.bits else {
        for (k, z) in panel.features.iter().enumerate() {
            add_feature::<T, S, W, M, FMA>(&mut sums, z, &rows, k);
        }
        return sums;
    };
    let n_words = bits.len();
    // Of a word of features, those that add something to the sums of any query.
    let adding = |word: usize| {
        let of_word = (d - word * BITS).min(BITS);
        let nothing = (0..M).fold(u64::MAX, |nothing, m| {
            let query = queries.bits[m * n_words + word];
            nothing & S::adds_nothing(query, bits[word])
        });
        !nothing & (u64::MAX >> (BITS - of_word))
    };
    if n_words == 1 {
        // On its own, so that the sums stay in their registers.
        let mut left = adding(0);
        if left == 0 {
            return sums;
        }
        loop {
            let k = left.trailing_zeros() as usize;
            add_feature::<T, S, W, M, FMA>(&mut sums, &panel.features[k], &rows, k);
            left &= left - 1;
            if left == 0 {
                break;
            }
        }
    } else {
        for word in 0..n_words {
            let mut left = adding(word);
            while left != 0 {
                let k = word * BITS + left.trailing_zeros() as usize;
                add_feature::<T, S, W, M, FMA>(&mut sums, &panel.features[k], &rows, k);
                left &= left - 1;
            }
        }
    }
    sums
}

/// What feature `k` adds to the sums.
#[inline(always)]
fn add_feature<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    sums: &mut [[T; W]; M],
    z: &Lanes<T, W>,
    rows: &[&[T]; M],
    k: usize,
) {
    // Loaded once for all queries.
    let z = z.0;
    for m in 0..M {
        let x = rows[m][k];
        let mut of_query = sums[m];
        for l in 0..W {
            of_query[l] = S::step::<T, FMA>(of_query[l], x, z[l]);
        }
        sums[m] = of_query;
    }
}
