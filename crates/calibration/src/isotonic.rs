//! Isotonic regression.

use fuzzysvm_core::{Label, math};

use crate::samples::{check_scores, sorted};
use crate::{Calibration, CalibrationError, Calibrator};

/// Isotonic regression: of all probabilities that do not fall as the score rises, those with the least squared error,
/// found by pooling adjacent violators.
///
/// Equal scores are one point. Between two points the probability runs along a straight line, beyond the first and the
/// last it stays, as in scikit-learn's `IsotonicRegression(out_of_bounds="clip")`. Probabilities of 0 and 1 come out where
/// the lowest or highest scores are all of one class: it takes some hundred samples of the rarer class before these
/// mean much.
///
/// Zadrozny & Elkan (2002), Transforming classifier scores into accurate multiclass probability estimates, *KDD*.
///
/// ```
/// use fuzzysvm_calibration::{Calibration, Calibrator, Isotonic};
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// // The pair at 2 and 3 is out of order and shares its mean.
/// let fitted = Isotonic.fit(&[1.0, 2.0, 3.0, 4.0], &[N, P, N, P], None)?;
/// assert_eq!(fitted.probability(&[0.0, 1.5, 2.0, 2.7, 9.0])?, [0.0, 0.25, 0.5, 0.5, 1.0]);
/// # Ok::<(), fuzzysvm_calibration::CalibrationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Isotonic;

/// A fitted [`Isotonic`]: probabilities at ascending scores, straight lines between them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Raw"))]
pub struct IsotonicCalibration {
    scores: Vec<f64>,
    probabilities: Vec<f64>,
}

/// As it stands in a file, unchecked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    scores: Vec<f64>,
    probabilities: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for IsotonicCalibration {
    type Error = CalibrationError;
    fn try_from(raw: Raw) -> Result<Self, CalibrationError> {
        Self::new(raw.scores, raw.probabilities)
    }
}

impl IsotonicCalibration {
    /// The calibration through these points.
    ///
    /// # Errors
    /// [`CalibrationError::Steps`]: no point, not one probability per score, scores that are not finite and ascending,
    /// probabilities that fall or leave [0, 1].
    pub fn new(scores: Vec<f64>, probabilities: Vec<f64>) -> Result<Self, CalibrationError> {
        // Asked this way round so that NaN is out of order.
        let ascend = scores.windows(2).all(|w| w[0] < w[1]);
        let rise = probabilities.windows(2).all(|w| w[0] <= w[1]);
        let within = |p: &f64| (0.0..=1.0).contains(p);
        let reason = if scores.is_empty() {
            "are none"
        } else if scores.len() != probabilities.len() {
            "do not have one probability per score"
        } else if !(ascend && scores.iter().all(|s| s.is_finite())) {
            "have scores that are not finite and ascending"
        } else if !(rise && probabilities.iter().all(within)) {
            "have probabilities that fall or leave [0, 1]"
        } else {
            return Ok(Self {
                scores,
                probabilities,
            });
        };
        Err(CalibrationError::Steps { reason })
    }

    /// The scores of the points, ascending.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// The probabilities at these scores.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    fn at(&self, score: f64) -> f64 {
        let (x, p) = (&self.scores, &self.probabilities);
        // The first point above the score.
        let above = x.partition_point(|&at| at <= score);
        let Some(below) = above.checked_sub(1) else {
            return p[0];
        };
        if above == x.len() {
            return p[below];
        }
        let width = x[above] - x[below];
        let share = if width.is_finite() {
            (score - x[below]) / width
        } else {
            (score / 2.0 - x[below] / 2.0) / (x[above] / 2.0 - x[below] / 2.0)
        };
        // Rounding must not lead beyond the next point.
        (p[below] + share * (p[above] - p[below])).min(p[above])
    }
}

/// Neighboring scores that share their mean.
struct Block {
    first: f64,
    last: f64,
    positive: f64,
    total: f64,
}

impl Block {
    fn mean(&self) -> f64 {
        self.positive / self.total
    }
}

impl Calibrator for Isotonic {
    type Calibration = IsotonicCalibration;

    fn fit(
        &self,
        scores: &[f64],
        y: &[Label],
        sample_weight: Option<&[f64]>,
    ) -> Result<IsotonicCalibration, CalibrationError> {
        check_scores(scores)?;
        let samples = sorted("scores", scores, y, sample_weight, true)?;
        let mut blocks: Vec<Block> = Vec::new();
        for tie in samples.chunk_by(|a, b| a.value == b.value) {
            let positive = tie.iter().filter(|s| s.positive);
            let mut block = Block {
                first: tie[0].value,
                last: tie[0].value,
                positive: math::total(positive.map(|s| s.weight)),
                total: tie.iter().map(|s| s.weight).sum(),
            };
            while let Some(before) = blocks.pop_if(|before| before.mean() >= block.mean()) {
                block.first = before.first;
                block.positive += before.positive;
                block.total += before.total;
            }
            blocks.push(block);
        }
        let (mut at, mut probabilities) = (Vec::new(), Vec::new());
        for block in &blocks {
            let p = block.mean().min(1.0);
            at.push(block.first);
            probabilities.push(p);
            if block.last > block.first {
                at.push(block.last);
                probabilities.push(p);
            }
        }
        IsotonicCalibration::new(at, probabilities)
    }
}

impl Calibration for IsotonicCalibration {
    fn probability(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError> {
        check_scores(scores)?;
        Ok(scores.iter().map(|&score| self.at(score)).collect())
    }
}
