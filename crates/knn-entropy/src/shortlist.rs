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
