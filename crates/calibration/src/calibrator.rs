//! The [`Calibrator`] and [`Calibration`] traits.

use fuzzysvm_core::Label;

use crate::CalibrationError;

/// A method that turns scores into probabilities.
pub trait Calibrator: Send + Sync {
    /// What is fitted.
    type Calibration: Calibration;

    /// Fits to one score and one label per sample. **The scores must be of samples that the classifier has not seen.**
    ///
    /// `sample_weight` holds one finite, non-negative number per sample, which counts as so many samples; `None` means 1
    /// for all.
    ///
    /// # Errors
    /// [`CalibrationError`]: no samples or one class alone, lists of different lengths, scores that are not finite, weights
    /// that cannot be used.
    fn fit(
        &self,
        scores: &[f64],
        y: &[Label],
        sample_weight: Option<&[f64]>,
    ) -> Result<Self::Calibration, CalibrationError>;
}

/// A fitted map from scores to probabilities.
pub trait Calibration: Send + Sync {
    /// The probability of the positive class for each score: in [0, 1], and never less for a greater score.
    ///
    /// The value for a score depends on that score alone, never on the others in the call.
    ///
    /// # Errors
    /// [`CalibrationError::NotFinite`] for a score that is NaN or infinite.
    fn probability(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError>;
}

impl<C: Calibration + ?Sized> Calibration for Box<C> {
    fn probability(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError> {
        (**self).probability(scores)
    }
}
