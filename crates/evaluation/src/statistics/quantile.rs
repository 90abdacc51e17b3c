//! Quantiles.

use fuzzysvm_core::ParamError;

use super::mean_std;
use crate::EvaluationError;

/// The q-quantile of `values`, linear between the order statistics as numpy's default.
///
/// ```
/// assert_eq!(fuzzysvm_evaluation::quantile(&[4.0, 1.0, 2.0], 0.75)?, 3.0);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where there is no value, one is not finite, or `q` is outside [0, 1].
pub fn quantile(values: &[f64], q: f64) -> Result<f64, EvaluationError> {
    ParamError::check((0.0..=1.0).contains(&q), "q", q, "must lie in [0, 1]")?;
    mean_std(values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(of_sorted(&sorted, q))
}

/// [`quantile`] of values that are sorted; `sorted` is not empty.
pub(super) fn of_sorted(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}
