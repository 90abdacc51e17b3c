//! The check that every learner makes on sample weights.

use crate::{Label, WeightError};

/// Checks weights against labels: as many as samples, finite, non-negative, and some weight in each
/// class. scikit-learn drops NaN and negative weights without a word; we say where they stand.
///
/// ```
/// use fuzzysvm_core::{check_weights, Label, WeightError};
/// let y = [Label::Positive, Label::Negative];
/// assert!(check_weights(&[1.0, 0.5], &y).is_ok());
/// assert!(matches!(check_weights(&[1.0, f64::NAN], &y), Err(WeightError::Invalid { row: 1, .. })));
/// assert_eq!(
///     check_weights(&[0.0, 0.5], &y),
///     Err(WeightError::MissingClass { class: Label::Positive })
/// );
/// ```
///
/// # Errors
/// [`WeightError`], with the first offending row.
pub fn check_weights(weights: &[f64], y: &[Label]) -> Result<(), WeightError> {
    if weights.len() != y.len() {
        return Err(WeightError::LengthMismatch {
            n_rows: y.len(),
            n_weights: weights.len(),
        });
    }
    let mut seen = [false; 2];
    for (row, (&value, &label)) in weights.iter().zip(y).enumerate() {
        if !(value.is_finite() && value >= 0.0) {
            return Err(WeightError::Invalid { row, value });
        }
        if value > 0.0 {
            seen[usize::from(label.is_positive())] = true;
        }
    }
    for (present, class) in seen.into_iter().zip([Label::Negative, Label::Positive]) {
        if !present {
            return Err(WeightError::MissingClass { class });
        }
    }
    Ok(())
}
