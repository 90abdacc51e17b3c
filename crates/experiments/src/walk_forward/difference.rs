//! A mean difference, and what can be said of it.

use fuzzysvm_evaluation::{EvaluationError, Interval, bootstrap_mean_interval, mean_std};
use serde::Serialize;

use super::WalkForwardSettings;

/// Confidence level of all intervals.
const LEVEL: f64 = 0.95;
/// z of a two-sided 5 % test plus z of 80 % power.
const DETECTABLE: f64 = 1.959_963_984_540_054 + 0.841_621_233_572_914_2;

/// A difference of mean returns, as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The difference.
    pub mean: f64,
    /// Its 95 % interval by the bootstrap over loans; `None` where no two loans differ.
    pub interval: Option<Interval>,
    /// The smallest true difference that these loans show with 80 % power at the 5 % level.
    pub detectable: f64,
}

impl Difference {
    /// Of the contributions of all loans, whose mean is the difference.
    pub(super) fn of(
        contributions: &[f64],
        settings: &WalkForwardSettings,
    ) -> Result<Self, EvaluationError> {
        let mean = mean_std(contributions)?;
        let n = settings.n_resamples;
        let interval = match bootstrap_mean_interval(contributions, n, LEVEL, settings.seed) {
            Ok(interval) => Some(interval),
            Err(EvaluationError::NoVariance { .. }) => None,
            Err(e) => return Err(e),
        };
        Ok(Self {
            mean: mean.mean,
            interval,
            detectable: DETECTABLE * mean.std / (mean.n as f64).sqrt(),
        })
    }

    /// Whether the difference is as large as the smallest that the loans can show. If not: cannot tell.
    pub fn can_tell(&self) -> bool {
        self.mean != 0.0 && self.mean.abs() >= self.detectable
    }
}
