//! What probabilities are worth.

mod bins;
mod brier;
mod line;

pub use bins::{Binning, ReliabilityBin, expected_calibration_error, reliability_bins};
pub use brier::{BrierScore, brier_score};
pub use line::{CalibrationLine, calibration_line};

use fuzzysvm_core::Label;

use crate::CalibrationError;

/// Everything that is said of the calibration of probabilities.
///
/// ```
/// use fuzzysvm_calibration::{Assessment, Binning};
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// // Five samples of 0.2, one of them positive; five of 0.8, three of them positive.
/// let y = [P, N, N, N, N, P, P, P, N, N];
/// let p = [0.2, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8];
/// let a = Assessment::of(&y, &p, None, Binning::EqualWidth(5))?;
/// let near = |x: f64, y: f64| (x - y).abs() < 1e-12;
/// assert!(near(a.brier.value, 0.22) && near(a.brier.reliability, 0.02));
/// assert!(near(a.brier.resolution, 0.04) && near(a.brier.uncertainty, 0.24));
/// assert!(near(a.ece, 0.1));
/// // Too far from one half: the slope is below 1.
/// assert!(a.slope.is_some_and(|slope| near(slope, 6.0f64.ln() / 16.0f64.ln())));
/// # Ok::<(), fuzzysvm_calibration::CalibrationError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Assessment {
    /// The reliability curve, in ascending order of the probabilities.
    pub bins: Vec<ReliabilityBin>,
    /// Brier's score and its parts.
    pub brier: BrierScore,
    /// Expected calibration error.
    pub ece: f64,
    /// Calibration slope; `None` where it is not defined.
    pub slope: Option<f64>,
    /// Calibration intercept; `None` where it is not defined.
    pub intercept: Option<f64>,
}

impl Assessment {
    /// Assesses one probability of the positive class per label. Weights as in [`Calibrator`](crate::Calibrator), but that
    /// one class alone is enough.
    ///
    /// # Errors
    /// [`CalibrationError`]: no samples, lists of different lengths, a value that is no probability, weights that cannot
    /// be used, no bin.
    pub fn of(
        y: &[Label],
        probability: &[f64],
        sample_weight: Option<&[f64]>,
        binning: Binning,
    ) -> Result<Self, CalibrationError> {
        let line = calibration_line(y, probability, sample_weight).ok();
        Ok(Self {
            bins: reliability_bins(y, probability, sample_weight, binning)?,
            brier: brier_score(y, probability, sample_weight, binning)?,
            ece: expected_calibration_error(y, probability, sample_weight, binning)?,
            slope: line.map(|line| line.slope),
            intercept: line.map(|line| line.intercept),
        })
    }
}
