//! Wilcoxon's signed-rank test of two methods over several data sets.

use super::ranks::ascending_ranks;
use super::two_sided_normal;
use crate::EvaluationError;
use crate::error::check_finite;

/// Where a p-value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum NullDistribution {
    /// All 2^N sign patterns of the ranks counted.
    Exact,
    /// Normal approximation without continuity correction.
    Normal,
}

/// How differences that are 0 are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum ZeroDifferences {
    /// Their ranks are split evenly between both sums; if their number is odd one is left out first. Demšar's
    /// rule, the default.
    #[default]
    SplitEven,
    /// Their ranks are split evenly, all of them (SciPy's `zsplit`).
    Split,
    /// Left out before ranking: Wilcoxon's own rule (SciPy's `wilcox`).
    Drop,
    /// Ranked with the others, then left out (SciPy's `pratt`).
    Pratt,
}

/// Which distribution the p-value is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum NullChoice {
    /// Exact where there are at most 50 differences, none is 0 and no two have one size, else normal. The
    /// default.
    #[default]
    Auto,
    /// Exact, given the ranks as they are (shared where sizes tie); beyond 500 differences normal all the same.
    Exact,
    /// Normal.
    Normal,
}

/// The result of [`wilcoxon_signed_rank`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Wilcoxon {
    /// Differences ranked (without those that were left out before).
    pub n: usize,
    /// R⁺, sum of the ranks where the first method is better, plus half the ranks of zeros that are split.
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

/// Wilcoxon's signed-rank test with its conventions, of which there are several. The default is the one of Demšar:
/// see [`wilcoxon_signed_rank`].
///
/// ```
/// use fuzzysvm_evaluation::{SignedRank, ZeroDifferences};
/// let scipys = SignedRank { zeros: ZeroDifferences::Drop, tie_correction: true, ..SignedRank::default() };
/// let test = scipys.test(&[3.0, 1.0, 4.0, 1.0, 5.0], &[2.0, 1.0, 2.0, 3.0, 1.0])?;
/// // Differences 1, 2, −2, 4: ranks 1, 2½, 2½, 4.
/// assert_eq!((test.n, test.rank_sum_first, test.rank_sum_second), (4, 7.5, 2.5));
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct SignedRank {
    /// How differences that are 0 are handled.
    pub zeros: ZeroDifferences,
    /// Whether the variance of the normal approximation is lessened by Σ (t³ − t)/48 over groups of t equal sizes, as
    /// SciPy does (with [`ZeroDifferences::Split`] the zeros are such a group). Default false.
    pub tie_correction: bool,
    /// Which distribution the p-value is taken from.
    pub null: NullChoice,
}

/// Tests "both methods are alike" on paired results, zeros handled as Demšar (JMLR 7 (2006) 1–30) does:
/// their ranks are split evenly between the two sums, and if their number is odd one is left out. Equal
/// differences share their mean rank; the variance is not corrected for them, as printed there. Other conventions:
/// [`SignedRank`].
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
    SignedRank::default().test(first, second)
}

/// Differences, checked.
fn differences(first: &[f64], second: &[f64]) -> Result<Vec<f64>, EvaluationError> {
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
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    check_finite("difference", &differences)?;
    Ok(differences)
}

impl SignedRank {
    /// The test on paired results, higher is better.
    ///
    /// # Errors
    /// Where the lists are empty, not equally long or not finite.
    pub fn test(&self, first: &[f64], second: &[f64]) -> Result<Wilcoxon, EvaluationError> {
        let mut differences = differences(first, second)?;
        let zeros = differences.iter().filter(|&&d| d == 0.0).count();
        match self.zeros {
            ZeroDifferences::Drop => differences.retain(|&d| d != 0.0),
            ZeroDifferences::SplitEven if zeros % 2 == 1 => {
                if let Some(one) = differences.iter().position(|&d| d == 0.0) {
                    differences.remove(one);
                }
            }
            _ => {}
        }
        let sizes: Vec<f64> = differences.iter().map(|d| d.abs()).collect();
        let (ranks, mut groups) = ascending_ranks(&sizes);
        // Zeros that are left hold the lowest ranks.
        let held = differences.iter().filter(|&&d| d == 0.0).count();
        let pratt = self.zeros == ZeroDifferences::Pratt;
        if pratt && held > 0 {
            groups.remove(0);
        }
        let (mut plus, mut minus) = (0.0, 0.0);
        for (d, rank) in differences.iter().zip(&ranks) {
            if *d > 0.0 {
                plus += rank;
            } else if *d < 0.0 {
                minus += rank;
            } else if !pratt {
                plus += rank / 2.0;
                minus += rank / 2.0;
            }
        }
        let n = differences.len();
        let smaller = f64::min(plus, minus);
        let square_pyramid = |m: f64| m * (m + 1.0) * (2.0 * m + 1.0);
        let (m, left_out) = (n as f64, if pratt { held as f64 } else { 0.0 });
        let mean = (m * (m + 1.0) - left_out * (left_out + 1.0)) / 4.0;
        let ties: f64 = if self.tie_correction {
            groups
                .iter()
                .map(|&t| (t as f64).powi(3) - t as f64)
                .sum::<f64>()
        } else {
            0.0
        };
        let variance = (square_pyramid(m) - square_pyramid(left_out) - ties / 2.0) / 24.0;
        let z = if variance > 0.0 {
            ((smaller - mean) / variance.sqrt()).min(0.0)
        } else {
            0.0
        };
        let distinct = zeros == 0 && groups.iter().all(|&g| g == 1);
        let exact = match self.null {
            NullChoice::Auto => distinct && n <= 50,
            NullChoice::Exact => n <= 500,
            NullChoice::Normal => false,
        };
        let (p_value, null_distribution) = if exact {
            let signed = differences.iter().zip(&ranks).filter(|(d, _)| **d != 0.0);
            let signed: Vec<f64> = signed.map(|(_, &rank)| rank).collect();
            // What the zeros give to either side does not depend on the signs.
            let total: f64 = signed.iter().sum();
            let given = (plus + minus - total) / 2.0;
            (exact_p(&signed, smaller - given), NullDistribution::Exact)
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
}

/// 2 P(T ≤ t), capped at 1, over all sign patterns of the ranks: the distribution of their sums, each rank in or out with
/// chance ½. Ranks are halves at the finest, so sums are counted in halves.
fn exact_p(ranks: &[f64], t: f64) -> f64 {
    let halves = |r: f64| (2.0 * r).round() as usize;
    let t = halves(t);
    let mut chance = vec![0.0f64; t + 1];
    chance[0] = 1.0;
    for &rank in ranks {
        let rank = halves(rank);
        for sum in (0..=t).rev() {
            let with = if sum >= rank { chance[sum - rank] } else { 0.0 };
            chance[sum] = 0.5 * (chance[sum] + with);
        }
    }
    (2.0 * chance.iter().sum::<f64>()).min(1.0)
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

    /// Every sign pattern of the ranks by brute force.
    #[test]
    fn the_exact_distribution_with_ties_and_zeros_is_that_of_all_signs() {
        let d: [f64; 9] = [2.0, -1.0, 1.0, 0.0, 3.0, 2.0, -2.0, 0.0, 4.5];
        for zeros in [
            ZeroDifferences::SplitEven,
            ZeroDifferences::Split,
            ZeroDifferences::Drop,
            ZeroDifferences::Pratt,
        ] {
            let exact = SignedRank {
                zeros,
                null: NullChoice::Exact,
                ..SignedRank::default()
            };
            let found = exact.test(&d, &[0.0; 9]).unwrap();
            assert_eq!(found.null_distribution, NullDistribution::Exact);
            let t = found.rank_sum_first.min(found.rank_sum_second);
            let below = (0..1u32 << 9)
                .filter(|signs| {
                    let signed: Vec<f64> = (0..9)
                        .map(|i| {
                            if signs >> i & 1 == 1 {
                                d[i].abs()
                            } else {
                                -d[i].abs()
                            }
                        })
                        .collect();
                    exact.test(&signed, &[0.0; 9]).unwrap().rank_sum_first <= t
                })
                .count();
            let expected = (2.0 * below as f64 / 512.0).min(1.0);
            assert!((found.p_value - expected).abs() < 1e-14, "{zeros:?}");
        }
    }

    #[test]
    fn every_rule_for_zeros() {
        // Sizes 0 0 0 1 2 2 of differences 0 0 0 1 −2 2. All ranked: 2 2 2 4 5½ 5½; without zeros: 1 2½ 2½.
        let d = [0.0, 0.0, 0.0, 1.0, -2.0, 2.0];
        let of = |zeros| {
            let rule = SignedRank {
                zeros,
                ..SignedRank::default()
            };
            let test = rule.test(&d, &[0.0; 6]).unwrap();
            (test.n, test.rank_sum_first, test.rank_sum_second)
        };
        // One zero left out: 1½ 1½ 3 4½ 4½, 1½ to either side.
        assert_eq!(of(ZeroDifferences::SplitEven), (5, 9.0, 6.0));
        assert_eq!(of(ZeroDifferences::Split), (6, 12.5, 8.5));
        assert_eq!(of(ZeroDifferences::Drop), (3, 3.5, 2.5));
        assert_eq!(of(ZeroDifferences::Pratt), (6, 9.5, 5.5));
        // Nothing but zeros.
        for zeros in [
            ZeroDifferences::Split,
            ZeroDifferences::Drop,
            ZeroDifferences::Pratt,
        ] {
            for null in [NullChoice::Auto, NullChoice::Exact, NullChoice::Normal] {
                for tie_correction in [false, true] {
                    let rule = SignedRank {
                        zeros,
                        tie_correction,
                        null,
                    };
                    let same = rule.test(&[1.0; 3], &[1.0; 3]).unwrap();
                    assert_eq!((same.z, same.p_value), (0.0, 1.0), "{rule:?}");
                }
            }
        }
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
