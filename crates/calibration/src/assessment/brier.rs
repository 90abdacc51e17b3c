//! Brier's score and its parts.

use fuzzysvm_core::Label;

use super::bins::{Binning, ReliabilityBin, binned};
use crate::CalibrationError;

/// Brier's score, the mean squared difference between probability and outcome (1 or 0), in parts:
/// value = reliability − resolution + uncertainty + within bins.
///
/// Murphy (1973), [10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2](https://doi.org/10.1175/1520-0450(1973)012%3C0595:ANVPOT%3E2.0.CO;2);
/// the last part is that of Stephenson, Coelho & Jolliffe (2008),
/// [10.1175/2007WAF2006116.1](https://doi.org/10.1175/2007WAF2006116.1).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct BrierScore {
    /// The score, in [0, 1]; lower is better. It does not depend on the bins.
    pub value: f64,
    /// Mean over the bins of (mean probability − share of positives)²; 0 is best.
    pub reliability: f64,
    /// Mean over the bins of (share of positives − that of all)²; greater is better, at most the uncertainty.
    pub resolution: f64,
    /// share · (1 − share) of the positives of all: the score of that share as the probability of every sample.
    pub uncertainty: f64,
    /// What probabilities that differ within a bin add or save; 0 with [`Binning::Distinct`].
    pub within_bins: f64,
}

impl BrierScore {
    /// Brier's skill, 1 − value / uncertainty: 1 is perfect, 0 as good as the share of positives for every sample, and below
    /// 0 worse than that. `None` where there is one class alone.
    ///
    /// ```
    /// use fuzzysvm_calibration::{Binning, brier_score};
    /// use fuzzysvm_core::Label::{Negative as N, Positive as P};
    /// let y = [P, N, N, N];
    /// let skill = |p: [f64; 4]| brier_score(&y, &p, None, Binning::Distinct).map(|brier| brier.skill());
    /// assert_eq!(skill([1.0, 0.0, 0.0, 0.0])?, Some(1.0));
    /// assert_eq!(skill([0.25; 4])?, Some(0.0));
    /// assert_eq!(skill([0.0; 4])?, Some(1.0 - 0.25 / 0.1875));
    /// # Ok::<(), fuzzysvm_calibration::CalibrationError>(())
    /// ```
    pub fn skill(&self) -> Option<f64> {
        (self.uncertainty > 0.0).then(|| 1.0 - self.value / self.uncertainty)
    }
}

/// Brier's score with its parts by these bins.
///
/// # Errors
/// As [`Assessment::of`](crate::Assessment::of).
pub fn brier_score(
    y: &[Label],
    probability: &[f64],
    sample_weight: Option<&[f64]>,
    binning: Binning,
) -> Result<BrierScore, CalibrationError> {
    let (bins, total) = binned(y, probability, sample_weight, binning)?;
    let outcome = |positive: bool| f64::from(u8::from(positive));
    let mean = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        let samples = bins.iter().flatten();
        samples
            .map(|s| s.weight / total * of(s.value, outcome(s.positive)))
            .sum()
    };
    let value = mean(&|p, outcome| (p - outcome).powi(2));
    let share = mean(&|_, outcome| outcome).min(1.0);
    let (mut reliability, mut resolution) = (0.0, 0.0);
    for bin in &bins {
        let bin = ReliabilityBin::of(bin);
        reliability += bin.weight / total * (bin.mean - bin.observed).powi(2);
        resolution += bin.weight / total * (bin.observed - share).powi(2);
    }
    let uncertainty = share * (1.0 - share);
    Ok(BrierScore {
        value,
        reliability,
        resolution,
        uncertainty,
        within_bins: value - (reliability - resolution + uncertainty),
    })
}
