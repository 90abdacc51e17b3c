//! Values with labels and weights, checked and put in order.

use fuzzysvm_core::{Label, WeightError, check_weights};

use crate::CalibrationError;

/// A value (a score or a probability) of a sample whose weight is above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    pub value: f64,
    pub positive: bool,
    pub weight: f64,
}

/// The samples in ascending order of their values, so that sums do not depend on the order of the rows. Both classes must
/// be there where `both` is set.
pub(crate) fn sorted(
    what: &'static str,
    values: &[f64],
    y: &[Label],
    sample_weight: Option<&[f64]>,
    both: bool,
) -> Result<Vec<Sample>, CalibrationError> {
    if values.len() != y.len() {
        return Err(CalibrationError::LengthMismatch {
            what,
            expected: y.len(),
            found: values.len(),
        });
    }
    let Some(first) = y.first() else {
        return Err(CalibrationError::Empty);
    };
    if both && y.iter().all(|label| label == first) {
        return Err(CalibrationError::OneClass {
            present: *first,
            n: y.len(),
        });
    }
    if let Some(weights) = sample_weight {
        match check_weights(weights, y) {
            Err(WeightError::MissingClass { .. }) if !both => {}
            checked => checked?,
        }
    }
    let weight = |i: usize| sample_weight.map_or(1.0, |w| w[i]);
    let mut samples: Vec<Sample> = (0..y.len())
        .map(|i| Sample {
            // 0 and −0 are one value.
            value: values[i] + 0.0,
            positive: y[i].is_positive(),
            weight: weight(i),
        })
        .filter(|sample| sample.weight > 0.0)
        .collect();
    if samples.is_empty() {
        return Err(CalibrationError::Empty);
    }
    samples.sort_unstable_by(|a, b| {
        let by_value = a.value.total_cmp(&b.value);
        let by_label = a.positive.cmp(&b.positive);
        by_value.then(by_label).then(a.weight.total_cmp(&b.weight))
    });
    Ok(samples)
}

/// The first score that is not finite, as an error.
pub(crate) fn check_scores(scores: &[f64]) -> Result<(), CalibrationError> {
    match scores.iter().position(|s| !s.is_finite()) {
        None => Ok(()),
        Some(index) => Err(CalibrationError::NotFinite {
            index,
            value: scores[index],
        }),
    }
}

/// The first value that is no probability, as an error.
pub(crate) fn check_probabilities(values: &[f64]) -> Result<(), CalibrationError> {
    match values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        None => Ok(()),
        Some(index) => Err(CalibrationError::NotAProbability {
            index,
            value: values[index],
        }),
    }
}
