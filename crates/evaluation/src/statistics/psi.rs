//! How far a distribution has moved.

use fuzzysvm_core::{ParamError, math};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::check_level;
use super::quantile::of_sorted;
use crate::EvaluationError;
use crate::error::check_finite;

/// A population stability index with the value that it exceeds by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Psi {
    /// Σ (q − p) ln(q/p) over the bins.
    pub psi: f64,
    /// What it exceeds with a probability of 1 − level where nothing has moved; 0 with a single bin.
    pub critical: f64,
    /// Bins that hold a sample.
    pub bins: usize,
}

/// The population stability index Σ (q_b − p_b) ln(q_b/p_b) of two samples counted in the same bins, with the shares p of
/// the reference and q of what is compared with it. An empty bin counts as half a sample; a bin that is empty in both is
/// no bin.
///
/// The usual limits 0.10 and 0.25 take no account of the sizes n and m. Where both samples are of one distribution, the
/// index over 1/n + 1/m has a χ² distribution of (bins − 1) degrees of freedom, from which the critical value is taken
/// (Yurdakul & Naranjo 2020, Journal of Risk Model Validation 14(4), doi:10.21314/JRMV.2020.227).
///
/// ```
/// let found = fuzzysvm_evaluation::population_stability_index(&[50.0, 50.0], &[60.0, 40.0], 0.95)?;
/// // 0.1 ln 1.2 − 0.1 ln 0.8; the 95 % quantile of χ² with one degree of freedom is 3.8415
/// assert!((found.psi - 0.1 * 1.5f64.ln()).abs() < 1e-15);
/// assert!((found.critical - 3.841458820694124 * 0.02).abs() < 1e-9);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where the lists are not equally long, a count is negative or not finite, a sample is empty, or `level` is not strictly
/// between 0 and 1.
pub fn population_stability_index(
    reference: &[f64],
    current: &[f64],
    level: f64,
) -> Result<Psi, EvaluationError> {
    check_level(level)?;
    for counts in [reference, current] {
        check_finite("count", counts)?;
        for &count in counts {
            ParamError::check(count >= 0.0, "count", count, "must be at least 0")?;
        }
    }
    if reference.len() != current.len() {
        return Err(EvaluationError::RaggedTable {
            row: 1,
            expected: reference.len(),
            found: current.len(),
        });
    }
    let sums = [reference, current].map(|counts| counts.iter().sum::<f64>());
    if sums.iter().any(|&sum| sum <= 0.0) {
        return Err(EvaluationError::Empty {
            what: "a sample of the stability index",
        });
    }
    let [n, m] = sums;
    let filled: Vec<(f64, f64)> = reference
        .iter()
        .zip(current)
        .filter(|(r, c)| **r + **c > 0.0)
        .map(|(r, c)| (r.max(0.5) / n, c.max(0.5) / m))
        .collect();
    let psi = filled.iter().map(|(p, q)| (q - p) * math::ln(q / p)).sum();
    let critical = match ChiSquared::new(filled.len() as f64 - 1.0) {
        Ok(chi_squared) => chi_squared.inverse_cdf(level) * (1.0 / n + 1.0 / m),
        Err(_) => 0.0,
    };
    Ok(Psi {
        psi,
        critical,
        bins: filled.len(),
    })
}

/// The edges between up to `n_bins` bins of equally many values: their quantiles, equal ones once. A value lies in the bin
/// that ends with the first edge at or above it.
///
/// ```
/// let edges = fuzzysvm_evaluation::quantile_edges(&[1.0, 2.0, 3.0, 4.0, 5.0], 4)?;
/// assert_eq!(edges, [2.0, 3.0, 4.0]);
/// assert_eq!(fuzzysvm_evaluation::quantile_edges(&[7.0; 9], 10)?, [7.0]);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where `n_bins` is 0, there is no value, or one is not finite.
pub fn quantile_edges(values: &[f64], n_bins: usize) -> Result<Vec<f64>, EvaluationError> {
    ParamError::check(n_bins > 0, "n_bins", n_bins as f64, "must be at least 1")?;
    if values.is_empty() {
        return Err(EvaluationError::Empty {
            what: "a sample of the stability index",
        });
    }
    check_finite("value", values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quantiles = (1..n_bins).map(|b| of_sorted(&sorted, b as f64 / n_bins as f64));
    let mut edges: Vec<f64> = quantiles.collect();
    edges.dedup();
    Ok(edges)
}

/// [`population_stability_index`] of values, in up to `n_bins` bins between the [`quantile_edges`] of the reference.
///
/// ```
/// let old: Vec<f64> = (0..100).map(f64::from).collect();
/// let new: Vec<f64> = (0..100).map(|i| f64::from(i) + 50.0).collect();
/// let moved = fuzzysvm_evaluation::psi_of_values(&old, &new, 10, 0.95)?;
/// assert!(moved.psi > 0.25 && moved.psi > moved.critical);
/// assert_eq!(fuzzysvm_evaluation::psi_of_values(&old, &old, 10, 0.95)?.psi, 0.0);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`population_stability_index`], where a value is not finite, and where `n_bins` is 0.
pub fn psi_of_values(
    reference: &[f64],
    current: &[f64],
    n_bins: usize,
    level: f64,
) -> Result<Psi, EvaluationError> {
    let edges = quantile_edges(reference, n_bins)?;
    check_finite("value", current)?;
    let count = |values: &[f64]| {
        let mut counts = vec![0.0; edges.len() + 1];
        for &value in values {
            counts[edges.partition_point(|&edge| edge < value)] += 1.0;
        }
        counts
    };
    population_stability_index(&count(reference), &count(current), level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // p = [.2,.3,.5]; q = [.3,.3,.4]; sum((q-p)*log(q/p)) = 0.06286...; scipy.stats.chi2.ppf(.95, 2)*(1/1000+1/500)
    #[test]
    fn a_hand_worked_index() {
        let found =
            population_stability_index(&[200.0, 300.0, 500.0], &[150.0, 150.0, 200.0], 0.95)
                .unwrap();
        let by_hand = 0.1 * 1.5f64.ln() - 0.1 * 0.8f64.ln();
        assert!((found.psi - by_hand).abs() < 1e-14, "{found:?}");
        assert!(
            (found.critical - 5.991464547107979 * 0.003).abs() < 1e-9,
            "{found:?}"
        );
        assert_eq!(found.bins, 3);
    }

    #[test]
    fn empty_bins_count_half_or_not_at_all() {
        let found =
            population_stability_index(&[10.0, 10.0, 0.0], &[20.0, 0.0, 0.0], 0.95).unwrap();
        let by_hand = 0.5 * 2f64.ln() + (0.025 - 0.5) * (0.05f64).ln();
        assert!((found.psi - by_hand).abs() < 1e-14, "{found:?}");
        assert_eq!(found.bins, 2);
        let one = population_stability_index(&[7.0], &[3.0], 0.95).unwrap();
        assert_eq!((one.psi, one.critical, one.bins), (0.0, 0.0, 1));
    }

    #[test]
    fn hostile_input() {
        let psi = population_stability_index;
        assert!(psi(&[1.0], &[1.0, 2.0], 0.95).is_err());
        assert!(psi(&[0.0], &[1.0], 0.95).is_err());
        assert!(psi(&[-1.0, 2.0], &[1.0, 1.0], 0.95).is_err());
        assert!(psi(&[f64::NAN], &[1.0], 0.95).is_err());
        assert!(psi(&[1.0], &[1.0], 1.0).is_err());
        assert!(psi_of_values(&[], &[1.0], 10, 0.95).is_err());
        assert!(psi_of_values(&[1.0], &[], 10, 0.95).is_err());
        assert!(psi_of_values(&[1.0], &[1.0], 0, 0.95).is_err());
    }

    proptest! {
        #[test]
        fn it_is_symmetric_in_the_samples_and_never_negative(
            counts in proptest::collection::vec((0u8..30, 0u8..30), 1..12),
        ) {
            let (a, b): (Vec<f64>, Vec<f64>) = counts.iter().map(|&(a, b)| (f64::from(a), f64::from(b))).unzip();
            if let Ok(found) = population_stability_index(&a, &b, 0.95) {
                let turned = population_stability_index(&b, &a, 0.95).unwrap();
                prop_assert!(found.psi >= 0.0);
                prop_assert!((found.psi - turned.psi).abs() < 1e-12);
                prop_assert!((found.critical - turned.critical).abs() < 1e-12);
            }
        }
    }
}
