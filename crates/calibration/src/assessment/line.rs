//! Calibration slope and intercept.

use fuzzysvm_core::Label;

use crate::CalibrationError;
use crate::logistic::{self, Point, logit};
use crate::samples::{check_probabilities, sorted};

/// log odds of the outcome = slope · log odds of the probability + intercept, by logistic regression.
///
/// Slope 1 and intercept 0 are best. A slope below 1 says that the probabilities lie too far from one half (the model is
/// too sure), above 1 that they lie too near. Cox (1958), Two further applications of a model for binary regression,
/// *Biometrika* 45, 562–565.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CalibrationLine {
    /// The slope.
    pub slope: f64,
    /// The intercept.
    pub intercept: f64,
}

/// Calibration slope and intercept of one probability of the positive class per label. Probabilities are kept away from 0
/// and 1 by the machine epsilon, as in the log loss.
///
/// ```
/// use fuzzysvm_calibration::calibration_line;
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// // One of three at 1/3, two of three at 2/3: as predicted.
/// let (a, b) = (1.0 / 3.0, 2.0 / 3.0);
/// let line = calibration_line(&[P, N, N, P, P, N], &[a, a, a, b, b, b], None)?;
/// assert!((line.slope - 1.0).abs() < 1e-12 && line.intercept.abs() < 1e-12);
/// # Ok::<(), fuzzysvm_calibration::CalibrationError>(())
/// ```
///
/// # Errors
/// [`CalibrationError::NoVariation`] where all probabilities are equal, [`CalibrationError::Separated`] where a threshold
/// separates the classes, and as [`Assessment::of`](crate::Assessment::of), with both classes needed.
pub fn calibration_line(
    y: &[Label],
    probability: &[f64],
    sample_weight: Option<&[f64]>,
) -> Result<CalibrationLine, CalibrationError> {
    check_probabilities(probability)?;
    let kept: Vec<f64> = probability
        .iter()
        .map(|p| p.clamp(f64::EPSILON, 1.0 - f64::EPSILON))
        .collect();
    let samples = sorted("probabilities", &kept, y, sample_weight, true)?;
    // Least and greatest probability of a class; the samples ascend.
    let ends = |positive: bool| {
        let mut of_class = samples.iter().filter(|s| s.positive == positive);
        let first = of_class.next()?.value;
        Some((first, of_class.next_back().map_or(first, |s| s.value)))
    };
    if let (Some(negative), Some(positive)) = (ends(false), ends(true)) {
        if negative.0 == positive.1 && negative.1 == positive.0 {
            return Err(CalibrationError::NoVariation { value: negative.0 });
        }
        if negative.1 <= positive.0 || positive.1 <= negative.0 {
            return Err(CalibrationError::Separated);
        }
    }
    let points: Vec<Point> = samples
        .iter()
        .map(|s| Point {
            x: logit(s.value),
            target: f64::from(u8::from(s.positive)),
            weight: s.weight,
        })
        .collect();
    let line = logistic::fit(&points)?;
    Ok(CalibrationLine {
        slope: line.slope,
        intercept: line.intercept,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    #[test]
    fn where_there_is_no_line_it_is_said() {
        let of = |y: &[Label], p: &[f64]| calibration_line(y, p, None).unwrap_err();
        assert_eq!(
            of(&[P, N, N], &[0.3; 3]),
            CalibrationError::NoVariation { value: 0.3 }
        );
        for p in [
            [0.1, 0.2, 0.9],
            [0.9, 0.3, 0.1],
            [0.2, 0.9, 0.9],
            [0.0, 1.0, 1.0],
        ] {
            assert_eq!(of(&[N, N, P], &p), CalibrationError::Separated, "{p:?}");
        }
        assert!(matches!(
            of(&[N, N], &[0.1, 0.2]),
            CalibrationError::OneClass { .. }
        ));
        // Weights of 0 leave what separates the classes.
        let left = calibration_line(
            &[N, P, N, P],
            &[0.1, 0.2, 0.3, 0.4],
            Some(&[1.0, 0.0, 0.0, 1.0]),
        );
        assert_eq!(left, Err(CalibrationError::Separated));
    }

    #[test]
    fn certainties_are_taken() {
        let line = calibration_line(&[N, P, P, N, P], &[0.0, 0.0, 1.0, 0.5, 0.5], None).unwrap();
        // Certain and wrong in one of two: hardly a slope.
        assert!(line.slope > 0.0 && line.slope < 0.1, "{line:?}");
    }
}
