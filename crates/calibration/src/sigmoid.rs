//! Platt scaling.

use fuzzysvm_core::Label;

use crate::logistic::{self, Point, logit, sigmoid};
use crate::samples::{check_scores, sorted};
use crate::{Calibration, CalibrationError, Calibrator};

/// Platt scaling: p = 1 / (1 + exp(−(slope · score + intercept))), fitted by maximum likelihood.
///
/// The targets are not 1 and 0 but Platt's (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2), with the weighted sizes of the classes:
/// what is not known of few samples keeps the probabilities off 0 and 1, and a fit exists where a threshold separates the
/// classes.
///
/// Platt (1999), Probabilistic outputs for support vector machines; minimised by the Newton method of Lin, Lin & Weng
/// (2007), [10.1007/s10994-007-5018-6](https://doi.org/10.1007/s10994-007-5018-6). A slope below 0 (scores that rank the
/// classes the wrong way round) becomes 0, the best that does not fall, so that every sample has the same probability;
/// scikit-learn turns the ranking round instead.
///
/// ```
/// use fuzzysvm_calibration::{Calibration, Calibrator, Sigmoid};
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let fitted = Sigmoid.fit(&[2.0, 0.5, 1.0, -1.0, -1.5], &[P, P, N, N, N], None)?;
/// assert!(fitted.slope() > 0.0);
/// assert!(fitted.probability(&[2.0])? > fitted.probability(&[-2.0])?);
/// # Ok::<(), fuzzysvm_calibration::CalibrationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sigmoid;

/// A fitted [`Sigmoid`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Raw"))]
pub struct SigmoidCalibration {
    slope: f64,
    intercept: f64,
}

/// As it stands in a file, unchecked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    slope: f64,
    intercept: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for SigmoidCalibration {
    type Error = CalibrationError;
    fn try_from(raw: Raw) -> Result<Self, CalibrationError> {
        Self::new(raw.slope, raw.intercept)
    }
}

impl SigmoidCalibration {
    /// The calibration of these two numbers.
    ///
    /// # Errors
    /// [`CalibrationError::Line`] where one is not finite, or the slope is below 0.
    pub fn new(slope: f64, intercept: f64) -> Result<Self, CalibrationError> {
        if !(slope.is_finite() && slope >= 0.0) {
            return Err(CalibrationError::Line {
                what: "slope",
                value: slope,
                rule: " and not below 0",
            });
        }
        if !intercept.is_finite() {
            return Err(CalibrationError::Line {
                what: "intercept",
                value: intercept,
                rule: "",
            });
        }
        Ok(Self { slope, intercept })
    }

    /// Log odds per unit of score, not below 0.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// Log odds at score 0.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

impl Calibrator for Sigmoid {
    type Calibration = SigmoidCalibration;

    fn fit(
        &self,
        scores: &[f64],
        y: &[Label],
        sample_weight: Option<&[f64]>,
    ) -> Result<SigmoidCalibration, CalibrationError> {
        check_scores(scores)?;
        let samples = sorted("scores", scores, y, sample_weight, true)?;
        let size = |positive: bool| -> f64 {
            let class = samples.iter().filter(|s| s.positive == positive);
            class.map(|s| s.weight).sum()
        };
        let (negative, positive) = (1.0 / (size(false) + 2.0), 1.0 - 1.0 / (size(true) + 2.0));
        let points: Vec<Point> = samples
            .iter()
            .map(|s| Point {
                x: s.value,
                target: if s.positive { positive } else { negative },
                weight: s.weight,
            })
            .collect();
        let line = logistic::fit(&points)?;
        if line.slope < 0.0 {
            let total: f64 = points.iter().map(|p| p.weight).sum();
            let mean: f64 = points.iter().map(|p| p.weight / total * p.target).sum();
            return SigmoidCalibration::new(0.0, logit(mean));
        }
        SigmoidCalibration::new(line.slope, line.intercept)
    }
}

impl Calibration for SigmoidCalibration {
    fn probability(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError> {
        check_scores(scores)?;
        let of = |score: &f64| sigmoid(self.slope * score + self.intercept);
        Ok(scores.iter().map(of).collect())
    }
}
