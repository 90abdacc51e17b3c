//! Wilcoxon's signed-rank test of two methods over several data sets.

use super::ranks::{ascending_ranks, slack};
use super::{tied, two_sided_normal};
use crate::EvaluationError;
use crate::error::check_finite;

/// The distribution that a p-value is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum NullDistribution {
    /// All outcomes counted: the signs of Wilcoxon's ranks, the orders within the rows of Friedman's table.
    Exact,
    /// Outcomes drawn at random, with a seed; the observed one counts as one of them, so that p is never 0.
    Sampled,
    /// Normal approximation without continuity correction.
    Normal,
    /// Approximation of Iman and Davenport by Fisher and Snedecor's F.
    F,
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
    /// Exact for at most 50 differences, else normal. The default.
    #[default]
    Auto,
    /// Exact for at most 500 differences, else normal.
    Exact,
    /// SciPy's default (its `method="auto"`, from 1.15 on): exact for at most 50 differences of which none is 0 and no two have
    /// one size, and for at most 13 differences of any kind, else normal.
    Scipy,
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
/// use fuzzysvm_evaluation::{NullChoice, SignedRank, ZeroDifferences};
/// let scipys = SignedRank { zeros: ZeroDifferences::Drop, tie_correction: true, null: NullChoice::Scipy };
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
/// their ranks are split evenly between the two sums, and if their number is odd one is left out. Differences of
/// one size share their mean rank. Results that are equal but for rounding ([`tied`]) have the difference 0, and sizes
/// of differences tie where the rounding of the results behind them can have set them apart.
///
/// Up to 50 differences the p-value is exact, with ties and zeros: of all 2ⁿ signs of the n differences that are not 0, the
/// share with a rank sum as small as the smaller one, times 2. So n differences never give less than 2/2ⁿ: 0.0625 for five.
/// Beyond 50 it is that of z, without a correction for ties, as Demšar prints it. Other conventions: [`SignedRank`].
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

/// A difference of two results.
#[derive(Clone, Copy)]
struct Difference {
    /// first − second; exactly 0 where the two are equal but for rounding.
    value: f64,
    /// How far the rounding of the two results may have moved it; 0 where the value is.
    slack: f64,
}

impl Difference {
    fn is_zero(&self) -> bool {
        self.value == 0.0
    }
}

/// Differences, checked.
fn differences(first: &[f64], second: &[f64]) -> Result<Vec<Difference>, EvaluationError> {
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
    let plain: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    check_finite("difference", &plain)?;
    let of = |(&a, &b)| {
        // No slack at 0: a size that is not 0 must not tie with one that is.
        let (value, slack) = if tied(a, b) {
            (0.0, 0.0)
        } else {
            (a - b, slack(a) + slack(b))
        };
        Difference { value, slack }
    };
    Ok(first.iter().zip(second).map(of).collect())
}

impl SignedRank {
    /// The test on paired results, higher is better.
    ///
    /// # Errors
    /// Where the lists are empty, not equally long or not finite.
    pub fn test(&self, first: &[f64], second: &[f64]) -> Result<Wilcoxon, EvaluationError> {
        let mut differences = differences(first, second)?;
        let zeros = differences.iter().filter(|d| d.is_zero()).count();
        match self.zeros {
            ZeroDifferences::Drop => differences.retain(|d| !d.is_zero()),
            ZeroDifferences::SplitEven if zeros % 2 == 1 => {
                if let Some(one) = differences.iter().position(Difference::is_zero) {
                    differences.remove(one);
                }
            }
            _ => {}
        }
        let sizes: Vec<f64> = differences.iter().map(|d| d.value.abs()).collect();
        let (ranks, mut groups) = ascending_ranks(&sizes, |i| differences[i].slack);
        // Zeros that are left hold the lowest ranks.
        let held = differences.iter().filter(|d| d.is_zero()).count();
        let pratt = self.zeros == ZeroDifferences::Pratt;
        if pratt && held > 0 {
            groups.remove(0);
        }
        let (mut plus, mut minus) = (0.0, 0.0);
        for (d, rank) in differences.iter().zip(&ranks) {
            if d.value > 0.0 {
                plus += rank;
            } else if d.value < 0.0 {
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
            NullChoice::Auto => n <= 50,
            NullChoice::Exact => n <= 500,
            NullChoice::Scipy => first.len() <= if distinct { 50 } else { 13 },
            NullChoice::Normal => false,
        };
        let (p_value, null_distribution) = if exact {
            let signed = differences.iter().zip(&ranks).filter(|(d, _)| !d.is_zero());
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
        assert_eq!(test.null_distribution, NullDistribution::Exact);
        let normal = SignedRank {
            null: NullChoice::Normal,
            ..SignedRank::default()
        };
        let test = normal.test(&C45M, &C45).unwrap();
        assert_eq!(test.null_distribution, NullDistribution::Normal);
        assert!((test.p_value - two_sided_normal(test.z)).abs() < 1e-15);
    }

    /// The p-value of differences, zeros by `zeros`, by going through all signs of those that are not 0.
    fn by_all_signs(d: &[f64], zeros: ZeroDifferences) -> f64 {
        let rule = SignedRank {
            zeros,
            null: NullChoice::Normal,
            ..SignedRank::default()
        };
        let null = vec![0.0; d.len()];
        let found = rule.test(d, &null).unwrap();
        let t = found.rank_sum_first.min(found.rank_sum_second);
        let below = (0..1u32 << d.len())
            .filter(|signs| {
                let sign = |i: usize| if signs >> i & 1 == 1 { 1.0 } else { -1.0 };
                let signed: Vec<f64> = (0..d.len()).map(|i| sign(i) * d[i].abs()).collect();
                rule.test(&signed, &null).unwrap().rank_sum_first <= t
            })
            .count();
        (2.0 * below as f64 / f64::from(1u32 << d.len())).min(1.0)
    }

    // scipy.stats.wilcoxon(d, method="exact") where nothing ties, else all signs counted.
    #[test]
    fn small_samples_with_ties_and_zeros_are_exact() {
        let cases: [(&[f64], f64); 9] = [
            (&[0.5, 0.5, 0.5, 0.5, 0.5], 0.0625),
            (&[0.5, 0.5, 1.0, 2.0, 3.0], 0.0625),
            (&[0.5, 0.5, 1.0, 2.0, 3.0, 0.0], 0.0625),
            (&[0.5, 0.5, 0.5], 0.25),
            (&[1.0, 2.0, 3.0, 4.0, 5.0, 0.0, 0.0], 0.0625),
            (&[1.0, 2.0, 3.0, 4.0, 5.0], 0.0625),
            // Ranks 2 2 2 4 5 6 7: no negative difference, or one of the three of rank 2.
            (&[1.0, 1.0, 2.0, 3.0, 4.0, 5.0, -1.0], 0.0625),
            (&[1.0, -1.0], 1.0),
            (&[0.0, 0.0], 1.0),
        ];
        for (d, p) in cases {
            let test = wilcoxon_signed_rank(d, &vec![0.0; d.len()]).unwrap();
            assert_eq!((test.p_value, p), (p, p), "{d:?}: {}", test.p_value);
            assert_eq!(test.null_distribution, NullDistribution::Exact);
        }
        let at = |n: usize| {
            let d: Vec<f64> = (0..n).map(|i| f64::from((i % 3) as u8)).collect();
            let test = wilcoxon_signed_rank(&d, &vec![0.0; n]).unwrap();
            (test.n, test.null_distribution)
        };
        assert_eq!(at(50), (49, NullDistribution::Exact));
        assert_eq!(at(52), (52, NullDistribution::Normal));
    }

    #[test]
    fn differences_that_rounding_sets_apart_tie() {
        // Three differences of 0.1 and three of −0.1.
        let first = [0.3, 0.8, 1.1, 0.1, 0.6, 0.7];
        let second = [0.2, 0.7, 1.0, 0.2, 0.7, 0.8];
        let test = wilcoxon_signed_rank(&first, &second).unwrap();
        assert_eq!((test.rank_sum_first, test.rank_sum_second), (10.5, 10.5));
        assert_eq!(test.p_value, 1.0);
        let d: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
        assert_eq!(wilcoxon_signed_rank(&d, &[0.0; 6]).unwrap().p_value, 1.0);
        // A difference of 2⁻⁵³ is 0 beside results of that size, and one where it stands alone.
        let tiny = 2f64.powi(-53);
        for (a, b, n) in [(0.5 + tiny, 0.5, 0), (tiny, 0.0, 1), (-tiny, tiny, 1)] {
            assert_eq!(wilcoxon_signed_rank(&[a], &[b]).unwrap().n, n);
        }
        // It does not tie with the zeros that it stands beside.
        let test = wilcoxon_signed_rank(&[1e9, 1e9, tiny], &[1e9, 1e9, 0.0]).unwrap();
        assert_eq!((test.rank_sum_first, test.rank_sum_second), (4.5, 1.5));
    }

    // scipy.stats.wilcoxon(d).pvalue, SciPy 1.17.1
    #[test]
    fn scipys_default_under_its_own_name() {
        let scipys = SignedRank {
            zeros: ZeroDifferences::Drop,
            tie_correction: true,
            null: NullChoice::Scipy,
        };
        let cases: [(&[f64], f64); 9] = [
            (&[-0.7, -1.49, 0.13, 1.13, 2.2], 0.8125),
            (&[1.0, -0.0, -1.0, 2.0, 3.0, 1.0, -1.0, -1.0, 3.0], 0.265625),
            (
                &[
                    1.0, -2.0, 0.0, -1.0, -0.0, -0.0, -1.0, 1.0, 0.0, -0.0, 1.0, 2.0, -2.0,
                ],
                0.8828125,
            ),
            (
                &[
                    0.0, -1.0, 0.0, -1.0, 1.0, 0.0, 0.0, -1.0, -0.0, -1.0, -2.0, 1.0, -1.0, 2.0,
                ],
                0.4536952997039291,
            ),
            (
                &[
                    -0.86, 2.57, 1.25, 4.05, 1.36, 1.67, 1.66, -0.51, 0.29, 2.43, -0.19, 0.68,
                    0.37, 1.31,
                ],
                0.0067138671875,
            ),
            (
                &[
                    -0.0, 0.0, 1.0, 1.0, -1.0, 2.0, -1.0, -1.0, -1.0, 2.0, -0.0, -1.0, -1.0, 1.0,
                    -1.0, -1.0, 1.0, -1.0, 0.0, 0.0, -0.0, 0.0, 3.0, -0.0, -1.0, -2.0, 0.0, -0.0,
                    1.0, -0.0,
                ],
                0.9318529050007247,
            ),
            (
                &[
                    1.96, 3.04, 0.92, -2.9, -2.13, 1.2, -0.95, 1.44, 1.59, 1.6, -1.75, -0.01, 1.45,
                    -0.12, 0.43, -0.48, 1.09, 1.66, -0.61, 3.64, 0.33, 0.63, 0.25, 2.4, 1.29, 0.09,
                    -1.53, 0.46, -2.48, 0.8, -2.67, 1.91, 0.69, -0.06, 3.54, 2.15, -0.72, 0.05,
                    2.19, 0.98, 0.21, -2.1, 1.57, 2.73, -1.83, 0.79, 0.81, 4.32, 0.16, 2.65,
                ],
                0.009964281765361349,
            ),
            (
                &[
                    0.05, -0.15, -0.42, 2.26, 3.92, 2.83, -2.12, 1.75, -0.38, 1.17, -0.99, 0.79,
                    0.03, -1.5, 0.86, -0.54, 1.05, 1.18, -2.01, 0.24, 1.62, -2.73, -1.0, 1.2, -0.6,
                    1.47, -0.01, 2.06, -2.31, 2.59, 0.4, -2.69, 1.68, -1.22, 4.85, -0.7, 2.03,
                    -1.86, -0.74, -0.35, 0.3, -2.1, -1.14, -1.55, -0.85, 4.22, 0.91, -1.07, 0.26,
                    1.38, 1.96,
                ],
                0.4201747268820091,
            ),
            (
                &[
                    -0.2, -0.2, -0.5, 2.6, 0.6, 1.2, 1.8, -3.9, 1.0, 3.1, -0.8, -0.7, -0.3, 2.8,
                    2.5, 1.3, -0.4, 2.4, -0.4, 0.8,
                ],
                0.08248907421715919,
            ),
        ];
        for (d, p) in cases {
            let found = scipys.test(d, &vec![0.0; d.len()]).unwrap().p_value;
            assert!((found - p).abs() < 1e-13, "{d:?}: {found} {p}");
        }
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
            for null in [
                NullChoice::Auto,
                NullChoice::Exact,
                NullChoice::Scipy,
                NullChoice::Normal,
            ] {
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
        fn the_exact_distribution_with_ties_and_zeros_is_that_of_all_signs(
            d in proptest::collection::vec((-3i8..=3).prop_map(|x| f64::from(x) / 10.0), 1..10),
        ) {
            for zeros in [
                ZeroDifferences::SplitEven,
                ZeroDifferences::Split,
                ZeroDifferences::Drop,
                ZeroDifferences::Pratt,
            ] {
                let exact = SignedRank { zeros, ..SignedRank::default() };
                let found = exact.test(&d, &vec![0.0; d.len()]).unwrap();
                prop_assert_eq!(found.null_distribution, NullDistribution::Exact);
                prop_assert!((found.p_value - by_all_signs(&d, zeros)).abs() < 1e-14);
            }
        }

        #[test]
        fn shifting_both_methods_changes_nothing(
            pairs in proptest::collection::vec((0i8..10, 0i8..10, 0i8..10), 1..20),
        ) {
            let tenths = |x: i8| f64::from(x) / 10.0;
            let a: Vec<f64> = pairs.iter().map(|p| tenths(p.0)).collect();
            let b: Vec<f64> = pairs.iter().map(|p| tenths(p.1)).collect();
            let moved = |v: &[f64]| -> Vec<f64> {
                v.iter().zip(&pairs).map(|(x, p)| x + tenths(p.2)).collect()
            };
            let one = wilcoxon_signed_rank(&a, &b).unwrap();
            let two = wilcoxon_signed_rank(&moved(&a), &moved(&b)).unwrap();
            prop_assert_eq!(one, two);
        }

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
