//! Reliability by bins of the probability.

use fuzzysvm_core::math::total;
use fuzzysvm_core::{Label, ParamError};

use crate::CalibrationError;
use crate::samples::{Sample, check_probabilities, sorted};

/// How probabilities are put into bins. Equal probabilities are always in the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Binning {
    /// So many bins of the same weight, as far as ties allow: a group of equal probabilities is in the bin that the middle
    /// of its weight falls into.
    EqualCount(usize),
    /// So many bins of the same width over [0, 1], each with its upper end, the first with 0 too, as in scikit-learn's
    /// `calibration_curve`.
    EqualWidth(usize),
    /// One bin per probability that occurs.
    Distinct,
}

/// Most bins that can be asked for.
const MOST_BINS: usize = 1_000_000;

impl Binning {
    /// Checks the number of bins.
    ///
    /// # Errors
    /// [`ParamError`] for no bin or more than a million.
    pub fn validate(self) -> Result<(), ParamError> {
        match self {
            Binning::EqualCount(n) | Binning::EqualWidth(n) => {
                let rule = "must be from 1 to 1000000";
                ParamError::check((1..=MOST_BINS).contains(&n), "bins", n, rule)
            }
            Binning::Distinct => Ok(()),
        }
    }
}

/// Samples of similar probability: what was predicted and what was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ReliabilityBin {
    /// Number of samples whose weight is above 0.
    pub n: usize,
    /// Their weight.
    pub weight: f64,
    /// Their mean probability.
    pub mean: f64,
    /// The share of them that is positive.
    pub observed: f64,
}

/// The samples of every bin that has some, in ascending order, with the weight of all.
pub(super) fn binned(
    y: &[Label],
    probability: &[f64],
    sample_weight: Option<&[f64]>,
    binning: Binning,
) -> Result<(Vec<Vec<Sample>>, f64), CalibrationError> {
    binning.validate()?;
    check_probabilities(probability)?;
    let samples = sorted("probabilities", probability, y, sample_weight, false)?;
    let total: f64 = samples.iter().map(|s| s.weight).sum();
    let (mut bins, mut last, mut before) = (Vec::<Vec<Sample>>::new(), 0, 0.0);
    for (i, tie) in samples.chunk_by(|a, b| a.value == b.value).enumerate() {
        let weight: f64 = tie.iter().map(|s| s.weight).sum();
        let number = match binning {
            Binning::EqualCount(n) => {
                let middle = n as f64 * (before + weight / 2.0) / total;
                (middle as usize).min(n - 1)
            }
            Binning::EqualWidth(n) => of_width(tie[0].value, n),
            Binning::Distinct => i,
        };
        before += weight;
        match bins.last_mut() {
            Some(bin) if number == last => bin.extend_from_slice(tie),
            _ => bins.push(tie.to_vec()),
        }
        last = number;
    }
    Ok((bins, total))
}

/// The bin of a probability among `n` of equal width: the first whose upper end is not below it.
fn of_width(p: f64, n: usize) -> usize {
    let end = |bin: usize| (bin + 1) as f64 / n as f64;
    let near = ((p * n as f64) as usize).min(n - 1);
    // The product is rounded, and an upper end belongs to the bin below it.
    let first = near.saturating_sub(1);
    (first..n).find(|&bin| p <= end(bin)).unwrap_or(n - 1)
}

/// The bins of the reliability curve that have samples, in ascending order of the probabilities.
///
/// # Errors
/// As [`Assessment::of`](crate::Assessment::of).
pub fn reliability_bins(
    y: &[Label],
    probability: &[f64],
    sample_weight: Option<&[f64]>,
    binning: Binning,
) -> Result<Vec<ReliabilityBin>, CalibrationError> {
    let (bins, _) = binned(y, probability, sample_weight, binning)?;
    Ok(bins.iter().map(|bin| ReliabilityBin::of(bin)).collect())
}

impl ReliabilityBin {
    pub(super) fn of(samples: &[Sample]) -> Self {
        let weight: f64 = samples.iter().map(|s| s.weight).sum();
        let of_positive = samples.iter().filter(|s| s.positive);
        let mean: f64 = samples.iter().map(|s| s.weight / weight * s.value).sum();
        Self {
            n: samples.len(),
            weight,
            // Rounding must not lead beyond the probabilities themselves.
            mean: mean.clamp(
                samples.first().map_or(0.0, |s| s.value),
                samples.last().map_or(1.0, |s| s.value),
            ),
            observed: (total(of_positive.map(|s| s.weight)) / weight).min(1.0),
        }
    }
}

/// The weighted mean over the bins of |mean probability − share of positives|, in [0, 1]; 0 is best.
///
/// It depends on the bins, and grows with their number on the same probabilities. Naeini, Cooper & Hauskrecht (2015),
/// Obtaining well calibrated probabilities using Bayesian binning, *AAAI*.
///
/// # Errors
/// As [`Assessment::of`](crate::Assessment::of).
pub fn expected_calibration_error(
    y: &[Label],
    probability: &[f64],
    sample_weight: Option<&[f64]>,
    binning: Binning,
) -> Result<f64, CalibrationError> {
    let (bins, total) = binned(y, probability, sample_weight, binning)?;
    let of = |bin: &Vec<Sample>| {
        let bin = ReliabilityBin::of(bin);
        bin.weight / total * (bin.mean - bin.observed).abs()
    };
    Ok(bins.iter().map(of).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    #[test]
    fn bins_of_equal_width_hold_their_upper_end() {
        for n in [1, 2, 3, 7, 10, 20, 49] {
            assert_eq!((of_width(0.0, n), of_width(1.0, n)), (0, n - 1));
            for bin in 0..n {
                let end = (bin + 1) as f64 / n as f64;
                assert_eq!(of_width(end, n), bin, "{end} of {n}");
                if bin + 1 < n {
                    assert_eq!(of_width(end.next_up(), n), bin + 1, "above {end} of {n}");
                }
            }
        }
    }

    #[test]
    fn bins_of_equal_count_keep_ties_together() {
        let p = [0.1, 0.2, 0.2, 0.2, 0.2, 0.3];
        let y = [N, P, N, N, N, P];
        // By thirds of six: 0.1 is in the first; the middle of the ties is that of all, so they are in the second.
        let bins = reliability_bins(&y, &p, None, Binning::EqualCount(3)).unwrap();
        let n: Vec<usize> = bins.iter().map(|bin| bin.n).collect();
        assert_eq!(n, [1, 4, 1]);
        assert_eq!(bins[1].observed, 0.25);
        let halves = reliability_bins(
            &y,
            &p,
            Some(&[3.0, 1.0, 1.0, 1.0, 0.0, 0.0]),
            Binning::EqualCount(2),
        );
        let halves = halves.unwrap();
        assert_eq!((halves[0].n, halves[0].weight), (1, 3.0));
        assert_eq!((halves[1].n, halves[1].observed), (3, 1.0 / 3.0));
    }

    #[test]
    fn one_class_alone_has_bins_and_no_bin_is_an_error() {
        let bins = reliability_bins(&[N, N], &[0.0, 1.0], None, Binning::EqualWidth(10)).unwrap();
        assert_eq!(bins.len(), 2);
        assert_eq!((bins[1].mean, bins[1].observed), (1.0, 0.0));
        for none in [
            Binning::EqualCount(0),
            Binning::EqualWidth(0),
            Binning::EqualWidth(usize::MAX),
        ] {
            let error = reliability_bins(&[N, P], &[0.0, 1.0], None, none).unwrap_err();
            assert!(error.to_string().contains("`bins`"), "{error}");
        }
    }
}
