//! A mean difference, and what can be said of it.

use fuzzysvm_evaluation::{
    EvaluationError, Interval, bootstrap_interval, bootstrap_mean_intervals, mean_std,
};
use serde::Serialize;

use super::WalkForwardSettings;

/// Confidence level of all intervals.
const LEVEL: f64 = 0.95;
/// z of a two-sided 5 % test plus z of 80 % power.
const DETECTABLE: f64 = 1.959_963_984_540_054 + 0.841_621_233_572_914_2;
/// Fewer quarters than this say nothing about how quarters differ.
const MIN_QUARTERS: usize = 3;

/// A difference of mean returns, as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The difference.
    pub mean: f64,
    /// Its 95 % interval by the bootstrap over loans; `None` where no two loans differ.
    pub interval: Option<Interval>,
    /// Its 95 % interval by the bootstrap over whole quarters, which is wider where quarters differ by more than their
    /// loans; `None` below three quarters.
    pub interval_by_quarter: Option<Interval>,
    /// The smallest true difference that these loans show with 80 % power at the 5 % level.
    pub detectable: f64,
}

impl Difference {
    /// Of the contributions of all loans, whose mean is the difference, quarter after quarter; one for each list.
    pub(super) fn of_each(
        contributions: &[Vec<f64>],
        n_of_quarters: &[usize],
        settings: &WalkForwardSettings,
    ) -> Result<Vec<Self>, EvaluationError> {
        let lists: Vec<&[f64]> = contributions.iter().map(Vec::as_slice).collect();
        let (n, seed) = (settings.n_resamples, settings.seed);
        let intervals = bootstrap_mean_intervals(&lists, n, LEVEL, seed)?;
        let of = |(list, interval)| Self::of(list, interval, n_of_quarters, settings);
        lists.into_iter().zip(intervals).map(of).collect()
    }

    /// With the interval over loans.
    fn of(
        contributions: &[f64],
        interval: Result<Interval, EvaluationError>,
        n_of_quarters: &[usize],
        settings: &WalkForwardSettings,
    ) -> Result<Self, EvaluationError> {
        let mean = mean_std(contributions)?;
        let (n, seed) = (settings.n_resamples, settings.seed);
        let quarters = sums_of_quarters(contributions, n_of_quarters);
        let of_drawn = |drawn: &[usize]| {
            let parts = drawn.iter().map(|&q| quarters[q]);
            let (sum, n) = parts.fold((0.0, 0.0), |(s, m), (sum, n)| (s + sum, m + n));
            Some(sum / n)
        };
        let by_quarter = match quarters.len() >= MIN_QUARTERS {
            true => {
                let interval = bootstrap_interval(quarters.len(), of_drawn, n, LEVEL, seed);
                unless_without_width(interval)?
            }
            false => None,
        };
        Ok(Self {
            mean: mean.mean,
            interval: unless_without_width(interval)?,
            interval_by_quarter: by_quarter,
            detectable: DETECTABLE * mean.std / (mean.n as f64).sqrt(),
        })
    }

    /// Whether the difference is as large as the smallest that the loans can show. If not: cannot tell.
    pub fn can_tell(&self) -> bool {
        self.mean != 0.0 && self.mean.abs() >= self.detectable
    }

    /// Whether it is above 0: `None` where the loans cannot tell, or the interval holds 0.
    pub fn is_positive(&self) -> Option<bool> {
        let decided = self
            .interval
            .is_some_and(|i| i.lower > 0.0 || i.upper < 0.0);
        (self.can_tell() && decided).then_some(self.mean > 0.0)
    }
}

/// Sum of the contributions of each quarter, and its number of loans.
fn sums_of_quarters(contributions: &[f64], n_of_quarters: &[usize]) -> Vec<(f64, f64)> {
    let mut rest = contributions.iter();
    let of = |&n: &usize| (rest.by_ref().take(n).sum::<f64>(), n as f64);
    n_of_quarters.iter().map(of).collect()
}

/// `None` where an interval would have no width.
fn unless_without_width(
    interval: Result<Interval, EvaluationError>,
) -> Result<Option<Interval>, EvaluationError> {
    match interval {
        Err(EvaluationError::NoVariance { .. }) => Ok(None),
        other => other.map(Some),
    }
}
