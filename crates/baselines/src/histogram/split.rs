//! The best split of a node.

use super::codes::Codes;
use super::{SMALL, Sums};

/// λ, γ and the least H of a child in quanta.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Penalty {
    pub lambda: f64,
    pub gamma: f64,
    pub min_child_weight: f64,
}

/// Gains that differ by less than this share of (Σ|g|)²/(H + λ) are equal, and so are an H and its least value that
/// differ by this share: rounding must not choose.
pub(super) const TIE: f64 = 1e-12;

/// Rows whose bin is above `bin` go to the right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    /// The place in the list of features.
    pub feature: usize,
    pub bin: usize,
    /// Sums of the left child.
    pub left: Sums,
}

/// What a search has found so far.
struct Search<'a> {
    penalty: &'a Penalty,
    total: Sums,
    /// What the next score must exceed.
    bar: f64,
    tie: f64,
    best: Option<Split>,
}

impl Search<'_> {
    /// Compares a split; whether all that lie further to the right have too small a right child.
    #[inline]
    fn look(&mut self, feature: usize, bin: usize, left: Sums) -> bool {
        let right = [self.total[0] - left[0], self.total[1] - left[1]];
        let [gl, hl] = left.map(|v| v as f64);
        let [gr, hr] = right.map(|v| v as f64);
        if right[1] == 0 || hr < self.penalty.min_child_weight {
            return true;
        }
        if hl < self.penalty.min_child_weight {
            return false;
        }
        let (hl, hr) = (hl + self.penalty.lambda, hr + self.penalty.lambda);
        // G_L²/(H_L + λ) + G_R²/(H_R + λ), divided only where it matters.
        let (above, below) = (gl * gl * hr + gr * gr * hl, hl * hr);
        if above > self.bar * below {
            self.bar = above / below + self.tie;
            self.best = Some(Split { feature, bin, left });
        }
        false
    }
}

/// The split of the largest G_L²/(H_L + λ) + G_R²/(H_R + λ) − G²/(H + λ), where that exceeds γ and the rounding of a
/// sum; of equal ones that of the lowest feature, then that of the lowest bin. `magnitude` is Σ|g| of the node.
pub(super) fn best_split(
    codes: &Codes,
    rows: &[u32],
    histogram: &[Sums],
    total: Sums,
    magnitude: i64,
    penalty: &Penalty,
) -> Option<Split> {
    let h = total[1] as f64 + penalty.lambda;
    let square = |g: i64| g as f64 * g as f64;
    let tie = TIE * square(magnitude) / h;
    let mut search = Search {
        penalty,
        total,
        bar: square(total[0]) / h + penalty.gamma.max(tie),
        tie,
        best: None,
    };
    for (place, feature) in codes.features.iter().enumerate() {
        let sums = feature.of(histogram);
        if feature.bit.is_some() {
            let left = [total[0] - sums[0][0], total[1] - sums[0][1]];
            if left[1] > 0 {
                search.look(place, 0, left);
            }
            continue;
        }
        let mut left = [0; 2];
        let mut ends = |bin: usize| {
            let sums = sums[bin];
            left = [left[0] + sums[0], left[1] + sums[1]];
            search.look(place, bin, left)
        };
        // The first of equal splits is the one below which no empty bin lies.
        match codes.small.get(feature.block) {
            Some(block) if 2 * rows.len() <= sums.len() => {
                let bins = occupied(rows.iter().map(|&i| block.codes[i as usize][feature.lane]));
                let _ = bins.into_iter().any(&mut ends);
            }
            _ => {
                let filled = |bin: &usize| sums[*bin][1] != 0;
                let _ = (0..sums.len() - 1).filter(filled).any(&mut ends);
            }
        }
    }
    search.best
}

/// The bins that have a row, ascending.
fn occupied(codes: impl Iterator<Item = u8>) -> impl IntoIterator<Item = usize> {
    let mut words = [0u64; SMALL / 64];
    for code in codes {
        words[usize::from(code) / 64] |= 1 << (code % 64);
    }
    words.into_iter().enumerate().flat_map(|(k, mut word)| {
        std::iter::from_fn(move || {
            let bit = word.trailing_zeros();
            let found = word != 0;
            // Without its lowest bit.
            word &= word.wrapping_sub(1);
            found.then_some(64 * k + bit as usize)
        })
    })
}
