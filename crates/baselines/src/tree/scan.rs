//! The best threshold of one feature.

/// Scores that agree to this fraction are tied: rounding must not choose a feature.
pub(crate) const TIE: f64 = 1e-12;

/// A way to cut a node's rows in two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cut {
    /// Σ (w₋² + w₊²)/(w₋ + w₊) over both sides; the larger, the purer.
    pub score: f64,
    /// The highest rank on the left.
    pub low: u32,
    /// The lowest rank on the right.
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

/// A search of the cuts of one feature, from the lowest up.
pub(crate) struct Scan {
    total: [f64; 2],
    n: usize,
    min_leaf: usize,
    best: Option<Cut>,
}

impl Scan {
    /// Of a node whose `n` rows weigh `total`: (negative, positive).
    pub fn new(total: [f64; 2], n: usize, min_leaf: usize) -> Self {
        Self {
            total,
            n,
            min_leaf,
            best: None,
        }
    }

    /// Compares the cut between two ranks; the `n_left` rows up to the lower one weigh `left`.
    #[inline]
    pub fn look(&mut self, left: [f64; 2], n_left: usize, low: u32, high: u32) {
        if n_left < self.min_leaf || self.n - n_left < self.min_leaf {
            return;
        }
        let right = [self.total[0] - left[0], self.total[1] - left[1]];
        let cut = Cut {
            score: purity(left) + purity(right),
            low,
            high,
        };
        if cut.beats(self.best.as_ref()) {
            self.best = Some(cut);
        }
    }

    /// The first best cut. `None` where none leaves `min_leaf` rows on both sides.
    pub fn best(self) -> Option<Cut> {
        self.best
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
    let mut scan = Scan::new(total, rows.len(), min_leaf);
    let mut left = [0.0; 2];
    for (k, pair) in rows.windows(2).enumerate() {
        let m = mass[pair[0] as usize];
        left[0] += m[0];
        left[1] += m[1];
        let [low, high] = [rank[pair[0] as usize], rank[pair[1] as usize]];
        if low != high {
            scan.look(left, k + 1, low, high);
        }
    }
    scan.best()
}
