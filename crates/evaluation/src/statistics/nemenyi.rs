//! Nemenyi's comparison of all methods with each other.

use fuzzysvm_core::ParamError;

use super::Friedman;
use super::studentized_range::{range_cdf, range_quantile};
use crate::EvaluationError;

/// All pairs of methods after Friedman's test.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Nemenyi {
    /// α, as given.
    pub alpha: f64,
    /// CD = q_α √(k(k+1)/(6N)): mean ranks further apart than this differ at level α, over all pairs
    /// together.
    pub critical_difference: f64,
    /// Every pair, (0, 1), (0, 2), …, (1, 2), ….
    pub pairs: Vec<PairComparison>,
}

/// Two methods compared.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PairComparison {
    /// Column of the first method in the table.
    pub first: usize,
    /// Column of the second, a later one.
    pub second: usize,
    /// R_first − R_second: negative where the first ranks better.
    pub difference: f64,
    /// p-value, already for all pairs together.
    pub p_value: f64,
}

/// Nemenyi's test: q_α is the α-quantile from above of the range of k standard normal variables over √2, so
/// the chance to call any two alike methods different is α over all pairs (Demšar, JMLR 7 (2006) 1–30). Where one
/// method is to be compared with the others, [`compare_with_control`](crate::compare_with_control) is
/// stronger.
///
/// ```
/// let table = [[0.9, 0.8, 0.7], [0.8, 0.7, 0.6], [0.9, 0.7, 0.8], [0.6, 0.5, 0.4]];
/// let test = fuzzysvm_evaluation::friedman(&table)?;
/// let pairs = fuzzysvm_evaluation::nemenyi(&test, 0.05)?;
/// // 2.3437 √(3·4/(6·4)): only the first and the third, at mean ranks 1 and 2.75, differ.
/// assert!((pairs.critical_difference - 1.657).abs() < 1e-3);
/// assert!(pairs.pairs[0].p_value > 0.05 && pairs.pairs[1].p_value < 0.05);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where `alpha` is not strictly between 0 and 1.
pub fn nemenyi(test: &Friedman, alpha: f64) -> Result<Nemenyi, EvaluationError> {
    ParamError::check(
        alpha > 0.0 && alpha < 1.0,
        "alpha",
        alpha,
        "must lie strictly between 0 and 1",
    )?;
    let k = test.n_methods;
    let (n, m) = (test.n_datasets as f64, k as f64);
    let scale = (m * (m + 1.0) / (6.0 * n)).sqrt();
    let root_two = std::f64::consts::SQRT_2;
    let mut pairs = Vec::with_capacity(k * k.saturating_sub(1) / 2);
    for (first, a) in test.average_ranks.iter().enumerate() {
        for (second, b) in test.average_ranks.iter().enumerate().skip(first + 1) {
            let q = (a - b).abs() / scale * root_two;
            pairs.push(PairComparison {
                first,
                second,
                difference: a - b,
                p_value: 1.0 - range_cdf(q, k),
            });
        }
    }
    Ok(Nemenyi {
        alpha,
        critical_difference: range_quantile(1.0 - alpha, k) / root_two * scale,
        pairs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::friedman;

    #[test]
    fn the_pairs_are_in_order_and_agree_with_the_critical_difference() {
        let table = [
            [0.763, 0.768, 0.771, 0.798],
            [0.599, 0.591, 0.590, 0.569],
            [0.954, 0.971, 0.968, 0.967],
            [0.628, 0.661, 0.654, 0.657],
            [0.882, 0.888, 0.886, 0.898],
        ];
        let test = friedman(&table).unwrap();
        for alpha in [0.01, 0.05, 0.1, 0.5, 0.9] {
            let all = nemenyi(&test, alpha).unwrap();
            let order: Vec<_> = all.pairs.iter().map(|p| (p.first, p.second)).collect();
            assert_eq!(order, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]);
            for pair in all.pairs {
                let far = pair.difference.abs() > all.critical_difference;
                assert_eq!(far, pair.p_value < alpha);
            }
        }
        for alpha in [0.0, 1.0, -0.5, f64::NAN] {
            assert!(matches!(
                nemenyi(&test, alpha),
                Err(EvaluationError::Param(p)) if p.name == "alpha"
            ));
        }
    }

    // scmamp's documentation gives CD = 1.014 for k = 5, N = 30, α = 0.1, with k(N − 1) degrees of freedom in place of
    // infinitely many; the limit is a little smaller: 2.459 √(5·6/180) = 1.0039.
    #[test]
    fn a_published_critical_difference() {
        let table: Vec<Vec<f64>> = (0..30)
            .map(|i| (0..5).map(|j| f64::from((i * 7 + j * 3) % 11)).collect())
            .collect();
        let all = nemenyi(&friedman(&table).unwrap(), 0.1).unwrap();
        assert!((all.critical_difference - 1.0039).abs() < 5e-4);
    }
}
