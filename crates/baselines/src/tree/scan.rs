//! The best threshold of one feature.

/// Scores that agree to this fraction are tied: rounding must not choose a feature.
pub(crate) const TIE: f64 = 1e-12;

/// A way to cut a node's rows in two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cut {
    /// Σ (w₋² + w₊²)/(w₋ + w₊) over both sides; the larger, the purer.
    pub score: f64,
    /// The last row on the left, in the order of the feature.
    pub low: u32,
    /// The first row on the right.
    pub high: u32,
}

impl Cut {
    /// Whether this cut is better than one found earlier.
    pub fn beats(&self, earlier: Option<&Cut>) -> bool {
        earlier.is_none_or(|e| self.score > e.score * (1.0 + TIE))
    }
}

/// Weight times purity of one side; 0 where its weight is negligible.
#[inline]
fn purity(side: [f64; 2]) -> f64 {
    let [n, p] = [side[0].max(0.0), side[1].max(0.0)];
    let sum = n + p;
    if sum > 0.0 {
        (n * n + p * p) / sum
    } else {
        0.0
    }
}

/// The first best cut of `rows`, which ascend by `rank`. `mass` is the weight of every row as (negative, positive),
/// `total` its sum over the rows. `None` where no cut leaves `min_leaf` rows on both sides.
pub(crate) fn best_cut(
    rows: &[u32],
    rank: &[u32],
    mass: &[[f64; 2]],
    total: [f64; 2],
    min_leaf: usize,
) -> Option<Cut> {
    let mut best: Option<Cut> = None;
    let mut left = [0.0; 2];
    for (k, pair) in rows.windows(2).enumerate() {
        let [low, high] = [pair[0], pair[1]];
        let m = mass[low as usize];
        left[0] += m[0];
        left[1] += m[1];
        if rank[low as usize] == rank[high as usize] {
            continue;
        }
        let n_left = k + 1;
        if n_left < min_leaf || rows.len() - n_left < min_leaf {
            continue;
        }
        let right = [total[0] - left[0], total[1] - left[1]];
        let cut = Cut {
            score: purity(left) + purity(right),
            low,
            high,
        };
        if cut.beats(best.as_ref()) {
            best = Some(cut);
        }
    }
    best
}
