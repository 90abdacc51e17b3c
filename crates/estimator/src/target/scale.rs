//! From money at stake to weights.

use fuzzysvm_evaluation::quantile;

use super::TargetRow;
use crate::EstimatorError;

/// Stakes above this quantile of the positive ones have the weight 1, so that no single loan sets the scale.
const CLIPPED_AT: f64 = 0.98;
/// Rows with a weight of at most this are left out: they cost time and decide nothing.
const NEGLIGIBLE: f64 = 1e-4;

/// a − b, and 0 where they differ by rounding alone: a mean is not exactly that of equal values.
pub(super) fn distance(a: f64, b: f64) -> f64 {
    let d = a - b;
    if d.abs() <= 1e-12 * a.abs().max(b.abs()) {
        0.0
    } else {
        d
    }
}

/// Scales the weights of rows, which are stakes ≥ 0 in any unit, to (0, 1].
pub(super) fn to_weights(mut rows: Vec<TargetRow>) -> Result<Vec<TargetRow>, EstimatorError> {
    let positive: Vec<f64> = rows
        .iter()
        .map(|row| row.weight)
        .filter(|&s| s > 0.0)
        .collect();
    if positive.is_empty() {
        return Err(EstimatorError::unexpected(
            "no loan whose return differs from the hurdle",
            "at least one: without it nothing is at stake",
        ));
    }
    let scale = quantile(&positive, CLIPPED_AT)?;
    for row in &mut rows {
        row.weight = (row.weight / scale).min(1.0);
    }
    rows.retain(|row| row.weight > NEGLIGIBLE);
    Ok(rows)
}
