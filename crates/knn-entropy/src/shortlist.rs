//! The points that may be among the k nearest of a query, by intervals around their distances.

use crate::nearest::{Candidate, keep_nearest};
use crate::screen::Interval;

/// Collects intervals in any order and measures as few of their points as it can.
///
/// The threshold is an upper bound of the k-th distance: the k-th smallest upper end of an interval, or
/// the k-th smallest exact distance. A point whose interval begins beyond it is not among the nearest, nor
/// does it tie with one of them. Usually little more than k points are left in the end, and only they
/// are measured. Where many intervals overlap (ties, near ties) they are measured as they come, so that the
/// list stays short.
pub(crate) struct Shortlist {
    k: usize,
    threshold: f64,
    /// Not measured yet.
    pending: Vec<Interval>,
    /// Measured; at most k between calls.
    measured: Vec<Candidate>,
    /// Once k points at distance 0 are measured: the greatest index among them.
    full_of_zeros: Option<u32>,
}

/// Exact distances of the points of one query.
pub(crate) trait Measure {
    /// The squared distance.
    fn squared(&self, index: u32) -> f64;
    /// The same in the units of the intervals, rounded up.
    fn scaled(&self, squared: f64) -> f64;
}

impl Shortlist {
    /// Intervals beyond k that are collected before the threshold is set anew.
    const NEWCOMERS: usize = 16;

    pub fn new(k: usize) -> Self {
        Self {
            k,
            threshold: f64::INFINITY,
            pending: Vec::new(),
            measured: Vec::new(),
            full_of_zeros: None,
        }
    }

    /// The scaled square beyond which no point can be among the k nearest.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Whether no point from `index` on can be among the k nearest: k others are at distance 0, and win ties. Without this, a table of few distinct rows would have most of its pairs measured.
    pub fn is_closed_from(&self, index: u32) -> bool {
        self.full_of_zeros.is_some_and(|last| index > last)
    }

    /// A call of [`Self::shorten`] has to follow before long.
    pub fn push(&mut self, interval: Interval) {
        self.pending.push(interval);
    }

    /// Sets the threshold anew where that is worth it.
    pub fn shorten(&mut self, measure: &impl Measure) {
        let newcomers = Self::NEWCOMERS.max(self.k);
        if self.pending.len() < self.k.saturating_add(newcomers) {
            return;
        }
        self.cut();
        if self.pending.len() - self.k.min(self.pending.len()) > newcomers / 2 {
            self.measure(measure);
        }
    }

    /// The k nearest in order, leaving the list empty.
    pub fn take_sorted(&mut self, measure: &impl Measure, into: &mut Vec<Candidate>) {
        self.cut();
        self.measure(measure);
        self.measured.sort_unstable_by(Candidate::order);
        into.clear();
        into.append(&mut self.measured);
        self.threshold = f64::INFINITY;
        self.full_of_zeros = None;
    }

    /// Any k upper ends bound the k-th distance, and the k smallest bound it best.
    fn cut(&mut self) {
        let Some(last) = self.k.checked_sub(1) else {
            return;
        };
        if self.pending.len() > last {
            let by_upper = |a: &Interval, b: &Interval| a.upper.total_cmp(&b.upper);
            let (_, worst, _) = self.pending.select_nth_unstable_by(last, by_upper);
            self.threshold = self.threshold.min(worst.upper);
        }
        let threshold = self.threshold;
        self.pending.retain(|i| i.lower <= threshold);
    }

    fn measure(&mut self, measure: &impl Measure) {
        self.measured
            .extend(self.pending.drain(..).map(|i| Candidate {
                squared: measure.squared(i.index),
                index: i.index,
            }));
        if let Some(worst) = keep_nearest(&mut self.measured, self.k) {
            self.threshold = self.threshold.min(measure.scaled(worst));
            if worst == 0.0 {
                self.full_of_zeros = self.measured.iter().map(|c| c.index).max();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Points whose squared distance is their index, and how many were measured.
    #[derive(Default)]
    struct Line(Cell<usize>);

    impl Measure for Line {
        fn squared(&self, index: u32) -> f64 {
            self.0.set(self.0.get() + 1);
            f64::from(index)
        }

        fn scaled(&self, squared: f64) -> f64 {
            squared
        }
    }

    /// All points once, near ones and far ones in turn (1000 and 389 have no common divisor).
    fn mixed() -> impl Iterator<Item = u32> {
        (0..1_000).map(|i| i * 389 % 1_000)
    }

    /// The four nearest of a thousand points of the line, the intervals reaching so far below and above; how many were
    /// measured and the most that were pending.
    fn four_nearest(
        order: impl Iterator<Item = u32>,
        below: f64,
        above: f64,
    ) -> (Vec<u32>, usize, usize) {
        let (line, mut list, mut most) = (Line::default(), Shortlist::new(4), 0);
        for index in order {
            let square = f64::from(index);
            list.push(Interval {
                lower: square - below,
                upper: square + above,
                index,
            });
            list.shorten(&line);
            most = most.max(list.pending.len());
        }
        let mut found = Vec::new();
        list.take_sorted(&line, &mut found);
        (found.iter().map(|c| c.index).collect(), line.0.get(), most)
    }

    #[test]
    fn only_points_whose_intervals_reach_the_kth_are_measured() {
        // The fourth upper end is 3.25, and then 4.25: the intervals of 0 to 3, and of 4, begin before it.
        for (above, measured) in [(0.25, 4), (1.25, 5)] {
            // From far to near the same holds of every part: nothing is to be measured before the end.
            let far_first = four_nearest((0..1_000).rev(), 0.0, above);
            for (found, n, most) in [four_nearest(mixed(), 0.0, above), far_first] {
                assert_eq!(found, [0, 1, 2, 3]);
                assert_eq!(n, measured);
                assert!(most < 4 + Shortlist::NEWCOMERS, "{most} were pending");
            }
        }
    }

    #[test]
    fn intervals_that_say_nothing_are_measured_as_they_come() {
        let (found, _, most) = four_nearest(mixed(), 2_000.0, 2_000.0);
        assert_eq!(found, [0, 1, 2, 3]);
        assert!(most < 4 + Shortlist::NEWCOMERS, "{most} were pending");
    }
}
