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

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label;

    #[test]
    fn the_unit_decides_nothing_about_what_is_rounding() {
        for unit in [-60, -20, 0, 20, 60].map(|k| 2f64.powi(k)) {
            for sign in [1.0, -1.0] {
                let from = |relative: f64| distance(sign * unit, sign * unit * (1.0 + relative));
                assert_eq!((from(1e-14), from(-5e-13)), (0.0, 0.0), "{unit}");
                for relative in [1e-11, 1e-3, -1e-11] {
                    assert_eq!(from(relative), sign * (unit - unit * (1.0 + relative)));
                    assert_ne!(from(relative), 0.0);
                }
            }
        }
        assert_eq!(distance(0.0, 1e-300), -1e-300);
    }

    #[test]
    fn a_weight_of_1e_4_is_left_out_and_one_above_is_kept() {
        let above = 1.000_000_1e-4;
        let rows = (0..100).map(|loan| TargetRow {
            loan,
            label: Label::Positive,
            weight: [1e-4, above].get(loan).copied().unwrap_or(1.0),
        });
        // The 98th percentile of the 100 is 1.
        let kept = to_weights(rows.collect()).unwrap();
        let of_one = kept.iter().find(|row| row.loan == 1).unwrap();
        assert_eq!((kept.len(), of_one.weight), (99, above));
    }
}
