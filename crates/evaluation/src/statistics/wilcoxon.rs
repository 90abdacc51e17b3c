//! Wilcoxon's signed-rank test of two methods over several data sets.

use super::ranks::ascending_ranks;
use super::two_sided_normal;
use crate::EvaluationError;
use crate::error::check_finite;

/// Where a p-value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum NullDistribution {
    /// All 2^N sign patterns counted: at most 50 differences, none zero, no two of one size.
    Exact,
    /// Normal approximation without continuity correction.
    Normal,
}

/// The result of [`wilcoxon_signed_rank`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Wilcoxon {
    /// Differences ranked (without the one zero that an odd number of zeros leaves over).
    pub n: usize,
    /// R⁺, sum of the ranks where the first method is better, plus half the ranks of zeros.
    pub rank_sum_first: f64,
    /// R⁻, the same for the second method.
    pub rank_sum_second: f64,
    /// z = (T − N(N+1)/4)/√(N(N+1)(2N+1)/24), T = min(R⁺, R⁻); never positive.
    pub z: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Where the p-value comes from.
    pub null_distribution: NullDistribution,
}

/// Tests "both methods are alike" on paired results, zeros handled as Demšar (JMLR 7 (2006) 1–30) does:
/// their ranks are split evenly between the two sums, and if their number is odd one is left out. Equal
/// differences share their mean rank; the variance is not corrected for them, as printed there.
///
/// ```
/// let first = [0.9, 0.8, 0.7, 0.95, 0.6];
/// let second = [0.8, 0.85, 0.4, 0.9375, 0.4];
/// let test = fuzzysvm_evaluation::wilcoxon_signed_rank(&first, &second)?;
/// assert_eq!((test.rank_sum_first, test.rank_sum_second), (13.0, 2.0));
/// assert_eq!(test.p_value, 0.1875);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where the lists are empty, not equally long or not finite.
pub fn wilcoxon_signed_rank(first: &[f64], second: &[f64]) -> Result<Wilcoxon, EvaluationError> {
    if first.len() != second.len() {
        return Err(EvaluationError::RaggedTable {
            row: 1,
            expected: first.len(),
            found: second.len(),
        });
    }
    if first.is_empty() {
        return Err(EvaluationError::Empty {
            what: "the list of results",
        });
    }
    check_finite("result", first)?;
    check_finite("result", second)?;
    let mut differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    check_finite("difference", &differences)?;
    let zeros = differences.iter().filter(|&&d| d == 0.0).count();
    if zeros % 2 == 1
        && let Some(one) = differences.iter().position(|&d| d == 0.0)
    {
        differences.remove(one);
    }
    let sizes: Vec<f64> = differences.iter().map(|d| d.abs()).collect();
    let (ranks, groups) = ascending_ranks(&sizes);
    let (mut plus, mut minus) = (0.0, 0.0);
    for (d, rank) in differences.iter().zip(ranks) {
        if *d > 0.0 {
            plus += rank;
        } else if *d < 0.0 {
            minus += rank;
        } else {
            plus += rank / 2.0;
            minus += rank / 2.0;
        }
    }
    let n = differences.len();
    let smaller = f64::min(plus, minus);
    let m = n as f64;
    let z = if n == 0 {
        0.0
    } else {
        (smaller - m * (m + 1.0) / 4.0) / (m * (m + 1.0) * (2.0 * m + 1.0) / 24.0).sqrt()
    };
    let exact = zeros == 0 && n <= 50 && groups.iter().all(|&g| g == 1);
    let (p_value, null_distribution) = if exact {
        (exact_p(n, smaller), NullDistribution::Exact)
    } else {
        (two_sided_normal(z), NullDistribution::Normal)
    };
    Ok(Wilcoxon {
        n,
        rank_sum_first: plus,
        rank_sum_second: minus,
        z,
        p_value,
        null_distribution,
    })
}

/// 2 P(T ≤ t), capped at 1: the subsets of {1..n} whose sum is at most t, over 2^n. The counts stay
/// below 2^50, so they are exact in an f64.
fn exact_p(n: usize, t: f64) -> f64 {
    let t = t as usize;
    let mut ways = vec![0.0f64; t + 1];
    ways[0] = 1.0;
    for rank in 1..=n {
        for sum in (rank..=t).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    (2.0 * ways.iter().sum::<f64>() / 2f64.powi(n as i32)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Table 2 of Demšar (2006): C4.5 with and without the parameter m tuned, on 14 data sets.
    const C45: [f64; 14] = [
        0.763, 0.599, 0.954, 0.628, 0.882, 0.936, 0.661, 0.583, 0.775, 1.0, 0.94, 0.619, 0.972,
        0.957,
    ];
    const C45M: [f64; 14] = [
        0.768, 0.591, 0.971, 0.661, 0.888, 0.931, 0.668, 0.583, 0.838, 1.0, 0.962, 0.666, 0.981,
        0.978,
    ];

    // The paper: R⁺ = 93, R⁻ = 12, T = 12, z = −2.54 with N = 14.
    #[test]
    fn demsars_worked_example() {
        let test = wilcoxon_signed_rank(&C45M, &C45).unwrap();
        assert_eq!(test.n, 14);
        assert_eq!((test.rank_sum_first, test.rank_sum_second), (93.0, 12.0));
        assert!((test.z + 2.54).abs() < 0.005, "{}", test.z);
        assert_eq!(test.null_distribution, NullDistribution::Normal);
    }

    // d = [1.5, -0.3, 2.2, 0.8, -1.1, 3.0, 0.4, 1.9, -0.2, 2.7]
    // scipy.stats.wilcoxon(d) (exact) and wilcoxon(d, method='approx', correction=False)
    #[test]
    fn exact_and_normal_values_are_scipys() {
        let d = [1.5, -0.3, 2.2, 0.8, -1.1, 3.0, 0.4, 1.9, -0.2, 2.7];
        let test = wilcoxon_signed_rank(&d, &[0.0; 10]).unwrap();
        assert_eq!(test.rank_sum_second, 8.0);
        assert!((test.p_value - 0.048828125).abs() < 1e-15);
        assert!((two_sided_normal(test.z) - 0.04685328478814715).abs() < 1e-13);
    }

    #[test]
    fn equal_methods_and_an_odd_zero() {
        let same = wilcoxon_signed_rank(&[0.5], &[0.5]).unwrap();
        assert_eq!((same.n, same.p_value), (0, 1.0));
        // Zeros 3: one leaves, the other two hold ranks 1 and 2 and give 1.5 to either side.
        let test =
            wilcoxon_signed_rank(&[0.0, 0.0, 0.0, 1.0, 3.0], &[0.0, 0.0, 0.0, 0.0, 4.5]).unwrap();
        assert_eq!(
            (test.n, test.rank_sum_first, test.rank_sum_second),
            (4, 4.5, 5.5)
        );
    }

    #[test]
    fn hostile_lists() {
        use EvaluationError as E;
        assert!(matches!(
            wilcoxon_signed_rank(&[], &[]),
            Err(E::Empty { .. })
        ));
        assert!(matches!(
            wilcoxon_signed_rank(&[1.0], &[]),
            Err(E::RaggedTable { .. })
        ));
        assert!(matches!(
            wilcoxon_signed_rank(&[f64::NAN], &[1.0]),
            Err(E::NotFinite { .. })
        ));
        assert!(matches!(
            wilcoxon_signed_rank(&[1.7e308], &[-1.7e308]),
            Err(E::NotFinite { .. })
        ));
    }

    proptest! {
        #[test]
        fn swapping_the_methods_swaps_the_sums(
            pairs in proptest::collection::vec(((-9i8..9).prop_map(f64::from), (-9i8..9).prop_map(f64::from)), 1..40),
        ) {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let one = wilcoxon_signed_rank(&a, &b).unwrap();
            let two = wilcoxon_signed_rank(&b, &a).unwrap();
            prop_assert_eq!(one.rank_sum_first, two.rank_sum_second);
            prop_assert_eq!(one.p_value, two.p_value);
            prop_assert!(one.p_value > 0.0 && one.p_value <= 1.0);
            let n = one.n as f64;
            prop_assert_eq!(one.rank_sum_first + one.rank_sum_second, n * (n + 1.0) / 2.0);
        }
    }
}
