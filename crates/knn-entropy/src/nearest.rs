//! The k nearest candidates seen so far.

use std::cmp::Ordering;

/// A point and its canonical squared distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub squared: f64,
    pub index: u32,
}

impl Candidate {
    /// Nearer first, lower index first among equals. Distances are never NaN and never −0, so
    /// `total_cmp` is the order of the numbers.
    pub fn order(&self, other: &Self) -> Ordering {
        self.squared
            .total_cmp(&other.squared)
            .then(self.index.cmp(&other.index))
    }
}

/// Keeps the k nearest of a stream of candidates that arrive **in increasing index**.
pub(crate) struct Nearest {
    k: usize,
    /// Beyond this many candidates the list is cut back to k, so that a push costs O(1) on average.
    limit: usize,
    kept: Vec<Candidate>,
    /// A candidate must be strictly nearer than this once k are kept: at the same distance the ones
    /// kept have lower indices.
    threshold: Option<f64>,
}

impl Nearest {
    pub fn new(k: usize) -> Self {
        let limit = k.saturating_mul(2).saturating_add(32);
        Self {
            k,
            limit,
            kept: Vec::new(),
            threshold: None,
        }
    }

    /// Once k are kept, only candidates strictly nearer than this can still be among the k nearest.
    pub fn bound(&self) -> Option<f64> {
        self.threshold
    }

    /// Offers consecutive points from `first` on; `excluded` is passed over.
    pub fn offer(&mut self, first: u32, squared: &[f64], excluded: Option<u32>) {
        for (index, &squared) in (first..).zip(squared) {
            if self.threshold.is_none_or(|t| squared < t) && excluded != Some(index) {
                self.push(Candidate { squared, index });
            }
        }
    }

    fn push(&mut self, candidate: Candidate) {
        self.kept.push(candidate);
        if self.kept.len() >= self.limit || (self.threshold.is_none() && self.kept.len() == self.k)
        {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if let Some(worst) = keep_nearest(&mut self.kept, self.k) {
            self.threshold = Some(worst);
        }
    }

    /// The k nearest, in order, leaving the list empty for the next query.
    pub fn take_sorted(&mut self, into: &mut Vec<Candidate>) {
        self.cut();
        self.kept.sort_unstable_by(Candidate::order);
        into.clear();
        into.append(&mut self.kept);
        self.threshold = None;
    }
}

/// Cuts a list to its k nearest (in any order) and returns the distance of the farthest of them;
/// `None` where there are fewer than k.
pub(crate) fn keep_nearest(list: &mut Vec<Candidate>, k: usize) -> Option<f64> {
    if k == 0 || list.len() < k {
        return None;
    }
    let (_, worst, _) = list.select_nth_unstable_by(k - 1, Candidate::order);
    let squared = worst.squared;
    list.truncate(k);
    Some(squared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_k_are_kept_and_the_kth_is_the_bound() {
        // 0, 3, 6, 9, 2, 5, 8, 1, 4, 7, and again from 0.
        let squares: Vec<f64> = (0..100).map(|i| f64::from(i * 3 % 10)).collect();
        let mut nearest = Nearest::new(4);
        let mut sorted = Vec::new();
        for round in 0..2 {
            nearest.offer(0, &squares[..3], None);
            assert_eq!(nearest.bound(), None, "round {round}: three of four");
            // The fourth is passed over.
            nearest.offer(3, &squares[3..4], Some(3));
            nearest.offer(4, &squares[4..5], None);
            assert_eq!(nearest.bound(), Some(6.0), "round {round}: 0, 3, 6 and 2");
            nearest.offer(5, &squares[5..], Some(10));
            nearest.take_sorted(&mut sorted);
            // Every tenth is 0, and the second of these was passed over.
            let found: Vec<_> = sorted.iter().map(|c| (c.index, c.squared)).collect();
            assert_eq!(found, [(0, 0.0), (20, 0.0), (30, 0.0), (40, 0.0)]);
        }
    }
}
