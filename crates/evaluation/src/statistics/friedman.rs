//! Friedman's test with the correction of Iman and Davenport, and comparisons with a control.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

use super::row_orders::{canonical, exact_p, sampled_p, squares};
use super::{NullDistribution, average_ranks, holm, ranks, two_sided_normal};
use crate::EvaluationError;

/// Values in a table, at most, for which orders are sampled; beyond, the approximation is good.
const MOST_SAMPLED: usize = 300;

/// Friedman's test of "all methods are alike" over several data sets, and Iman and Davenport's less
/// conservative form of it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Friedman {
    /// N, rows of the table.
    pub n_datasets: usize,
    /// k, columns of the table.
    pub n_methods: usize,
    /// Mean rank of each method, 1 the best.
    pub average_ranks: Vec<f64>,
    /// χ²_F = 12N/(k(k+1)) (Σ R_j² − k(k+1)²/4), without a correction for ties, as Demšar prints it.
    pub chi_squared: f64,
    /// Its p-value with k − 1 degrees of freedom.
    pub chi_squared_p_value: f64,
    /// F_F = (N−1)χ²_F / (N(k−1) − χ²_F); infinite where all data sets rank alike, without ties.
    pub iman_davenport: f64,
    /// Its p-value with k − 1 and (k−1)(N−1) degrees of freedom. Where F_F is infinite, the chance that all data sets rank
    /// alike, 1/(k!)^(N−1), or the least positive number where that is less.
    pub iman_davenport_p_value: f64,
    /// The p-value to rely on. Of all ways to order the ranks within the rows, each as likely as any other where the methods
    /// are alike, the share whose χ²_F (or F_F, which grows with it) is at least the observed one, as
    /// [`null_distribution`](Self::null_distribution) says: counted, sampled, or [`iman_davenport_p_value`](Self::iman_davenport_p_value).
    /// Never 0.
    pub p_value: f64,
    /// Where `p_value` comes from: [`Exact`](NullDistribution::Exact), [`Sampled`](NullDistribution::Sampled) or
    /// [`F`](NullDistribution::F).
    pub null_distribution: NullDistribution,
}

/// Friedman's test with its settings; [`friedman`] runs it with the defaults.
///
/// The permutation p-value is counted exactly where that takes at most two million steps: about 100 data sets with 3 methods,
/// 25 with 4, 8 with 5, 4 with 6, 2 with 9; more with ties. In other tables of at most 300 values it is sampled. Both take less
/// than a second. For larger tables Iman and Davenport's approximation is good and is the p-value. The result depends on
/// nothing but the table and the settings.
///
/// ```
/// use fuzzysvm_evaluation::{FriedmanTest, NullDistribution};
/// let test = FriedmanTest::default().test(&[[0.9, 0.8], [0.7, 0.6]])?;
/// // Two data sets agree on two methods by chance in one case of two.
/// assert_eq!((test.p_value, test.null_distribution), (0.5, NullDistribution::Exact));
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct FriedmanTest {
    /// Random orders of the rows where p is sampled; the least p is 1/(n_samples + 1). With 0 nothing is sampled: the
    /// approximation takes its place. Default 99,999.
    pub n_samples: usize,
    /// Seed of the sampling: the same seed gives the same p. Default 0.
    pub seed: u64,
}

impl Default for FriedmanTest {
    fn default() -> Self {
        Self {
            n_samples: 99_999,
            seed: 0,
        }
    }
}

/// Runs the test on a table of results (rows are data sets, columns are methods, higher is better).
/// Demšar, Statistical comparisons of classifiers over multiple data sets, JMLR 7 (2006) 1–30.
///
/// The rows must be independent: trials that resample one data set are not; use
/// [`corrected_resampled_t_test`](crate::corrected_resampled_t_test) for those.
///
/// ```
/// let table = [[0.9, 0.8, 0.7], [0.8, 0.7, 0.6], [0.9, 0.7, 0.8], [0.6, 0.5, 0.4]];
/// let test = fuzzysvm_evaluation::friedman(&table)?;
/// assert_eq!(test.average_ranks, [1.0, 2.25, 2.75]);
/// assert_eq!(test.chi_squared, 6.5);
/// // χ² says 0.039; of the 6⁴ orders of the rows 54 are at least as far apart.
/// assert!((test.p_value - 54.0 / 1296.0).abs() < 1e-12);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where the table is empty, ragged or not finite, or has fewer than two rows or columns.
pub fn friedman<R: AsRef<[f64]>>(table: &[R]) -> Result<Friedman, EvaluationError> {
    FriedmanTest::default().test(table)
}

impl FriedmanTest {
    /// The test on a table of results; see [`friedman`].
    ///
    /// # Errors
    /// As [`friedman`].
    pub fn test<R: AsRef<[f64]>>(&self, table: &[R]) -> Result<Friedman, EvaluationError> {
        let average_ranks = average_ranks(table)?;
        let (n_datasets, n_methods) = (table.len(), average_ranks.len());
        for (what, found) in [("data sets", n_datasets), ("methods", n_methods)] {
            if found < 2 {
                return Err(EvaluationError::TooLittleData {
                    test: "Friedman's test",
                    what,
                    needed: 2,
                    found,
                });
            }
        }
        let doubled = doubled_ranks(table)?;
        let mut sums = vec![0; n_methods];
        for row in &doubled {
            sums.iter_mut().zip(row).for_each(|(sum, r)| *sum += r);
        }
        let observed = squares(&sums);
        // The most there can be: method j has rank j in every row.
        let all_alike: Vec<u64> = (1..=n_methods as u64)
            .map(|rank| 2 * rank * n_datasets as u64)
            .collect();
        let (n, k) = (n_datasets as f64, n_methods as f64);
        // Σ (R_j − (k+1)/2)² is the bracket of the formula without its cancellation.
        let spread: f64 = average_ranks
            .iter()
            .map(|r| (r - (k + 1.0) / 2.0).powi(2))
            .sum();
        let chi_squared = 12.0 * n / (k * (k + 1.0)) * spread;
        let (iman_davenport, iman_davenport_p_value) = if observed == squares(&all_alike) {
            (f64::INFINITY, chance_of_one_order(n_datasets, n_methods))
        } else {
            let f = (n - 1.0) * chi_squared / (n * (k - 1.0) - chi_squared);
            let p = FisherSnedecor::new(k - 1.0, (k - 1.0) * (n - 1.0));
            (f, p.map_or(f64::NAN, |d| d.sf(f)))
        };
        let (p_value, null_distribution) = if iman_davenport.is_infinite() {
            (iman_davenport_p_value, NullDistribution::Exact)
        } else {
            let rows = canonical(doubled);
            if let Some(p) = exact_p(&rows, observed) {
                (p, NullDistribution::Exact)
            } else if n_datasets * n_methods <= MOST_SAMPLED && self.n_samples > 0 {
                let p = sampled_p(&rows, observed, self.n_samples, self.seed);
                (p, NullDistribution::Sampled)
            } else {
                let least = f64::MIN_POSITIVE;
                (iman_davenport_p_value.max(least), NullDistribution::F)
            }
        };
        Ok(Friedman {
            n_datasets,
            n_methods,
            chi_squared,
            chi_squared_p_value: ChiSquared::new(k - 1.0).map_or(f64::NAN, |d| d.sf(chi_squared)),
            iman_davenport,
            iman_davenport_p_value,
            p_value,
            null_distribution,
            average_ranks,
        })
    }
}

/// Twice the ranks of every row: whole numbers.
fn doubled_ranks<R: AsRef<[f64]>>(table: &[R]) -> Result<Vec<Vec<u64>>, EvaluationError> {
    let twice = |rank: f64| (2.0 * rank).round() as u64;
    table
        .iter()
        .map(|row| Ok(ranks(row.as_ref())?.into_iter().map(twice).collect()))
        .collect()
}

/// The chance that N orders of k methods are one: 1/(k!)^(N−1), at least the least positive number.
fn chance_of_one_order(n_datasets: usize, n_methods: usize) -> f64 {
    let of_one_row: f64 = (2..=n_methods).map(|i| i as f64).product();
    let exponent = i32::try_from(n_datasets - 1).unwrap_or(i32::MAX);
    of_one_row.powi(exponent).recip().max(f64::MIN_POSITIVE)
}

/// One method against the control.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ControlComparison {
    /// Column of the method in the table.
    pub method: usize,
    /// (R_method − R_control)/√(k(k+1)/(6N)): positive where the control ranks better.
    pub z: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// The same after Holm's step-down over all comparisons.
    pub p_value_holm: f64,
}

/// Every other method against column `control` by the difference of mean ranks, with Holm's correction
/// (García and Herrera, JMLR 9 (2008) 2677–2694).
///
/// # Errors
/// Where `control` is not a column of the table.
pub fn compare_with_control(
    test: &Friedman,
    control: usize,
) -> Result<Vec<ControlComparison>, EvaluationError> {
    let Some(&base) = test.average_ranks.get(control) else {
        return Err(EvaluationError::NoSuchMethod {
            control,
            n_methods: test.n_methods,
        });
    };
    let (n, k) = (test.n_datasets as f64, test.n_methods as f64);
    let scale = (k * (k + 1.0) / (6.0 * n)).sqrt();
    let mut out: Vec<ControlComparison> = test
        .average_ranks
        .iter()
        .enumerate()
        .filter(|&(method, _)| method != control)
        .map(|(method, rank)| {
            let z = (rank - base) / scale;
            let p_value = two_sided_normal(z);
            ControlComparison {
                method,
                z,
                p_value,
                p_value_holm: p_value,
            }
        })
        .collect();
    let raw: Vec<f64> = out.iter().map(|c| c.p_value).collect();
    for (comparison, adjusted) in out.iter_mut().zip(holm(&raw)?) {
        comparison.p_value_holm = adjusted;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: [[f64; 4]; 6] = [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.940],
    ];

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1e-3), "{a} {b}");
    }

    // t = numpy.array(TABLE); c = scipy.stats.friedmanchisquare(*t.T)  (no ties, so no correction)
    // F = 5*c.statistic/(6*3 - c.statistic); scipy.stats.f.sf(F, 3, 15)
    #[test]
    fn values_are_scipys() {
        let test = friedman(&TABLE).unwrap();
        close(test.chi_squared, 3.8000000000000114);
        close(test.chi_squared_p_value, 0.28388613075982616);
        close(test.iman_davenport, 1.3380281690140896);
        close(test.iman_davenport_p_value, 0.2993748943290589);
    }

    // z = (R - R[3])/sqrt(4*5/36); p = 2*scipy.stats.norm.sf(abs(z)); Holm by
    // scipy-free step-down: sorted p times 3, 2, 1, running maximum
    #[test]
    fn comparisons_with_a_control() {
        let test = friedman(&TABLE).unwrap();
        let found = compare_with_control(&test, 3).unwrap();
        let expected = [
            (1.5652475842498526, 0.11752486809663916, 0.3525746042899175),
            (0.0, 1.0, 1.0),
            (1.1180339887498951, 0.2635524772829726, 0.5271049545659452),
        ];
        assert_eq!(found.len(), 3);
        for (method, (c, (z, p, holm))) in found.iter().zip(expected).enumerate() {
            assert_eq!(c.method, method);
            close(c.z, z);
            close(c.p_value, p);
            close(c.p_value_holm, holm);
        }
        assert!(matches!(
            compare_with_control(&test, 4),
            Err(EvaluationError::NoSuchMethod {
                control: 4,
                n_methods: 4
            })
        ));
    }

    #[test]
    fn the_two_extremes() {
        let alike = friedman(&[[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]).unwrap();
        assert_eq!((alike.chi_squared, alike.iman_davenport), (0.0, 0.0));
        assert_eq!(
            (alike.chi_squared_p_value, alike.iman_davenport_p_value),
            (1.0, 1.0)
        );
        let agreed = friedman(&[[3.0, 2.0, 1.0]; 7]).unwrap();
        assert!((agreed.chi_squared - 14.0).abs() < 1e-12);
        assert_eq!(agreed.iman_davenport, f64::INFINITY);
        assert!((agreed.iman_davenport_p_value - 6f64.powi(-6)).abs() < 1e-18);
        // (20!)^-99 is less than the least number.
        let row: Vec<f64> = (0..20).map(f64::from).collect();
        let agreed = friedman(&vec![row; 100]).unwrap();
        assert_eq!(agreed.iman_davenport, f64::INFINITY);
        assert!(agreed.p_value > 0.0 && agreed.p_value == agreed.iman_davenport_p_value);
    }

    #[test]
    fn full_agreement_has_its_exact_chance() {
        for (n, k, p) in [
            (2, 2, 0.5),
            (3, 2, 0.25),
            (4, 2, 0.125),
            (5, 2, 0.0625),
            (2, 3, 1.0 / 6.0),
            (3, 3, 1.0 / 36.0),
        ] {
            let row: Vec<f64> = (0..k).map(f64::from).collect();
            let test = friedman(&vec![row; n]).unwrap();
            close(test.p_value, p);
            close(test.iman_davenport_p_value, p);
            assert_eq!(test.null_distribution, NullDistribution::Exact);
            assert_eq!(test.iman_davenport, f64::INFINITY);
        }
    }

    #[test]
    fn results_that_rounding_sets_apart_rank_alike() {
        let (a, b) = (0.200_000_000_000_000_04, 0.199_999_999_999_999_98);
        assert!(a > b);
        let rounded = [[a, b, 0.1], [a, b, 0.15], [a, b, 0.1]];
        let plain = [[0.2, 0.2, 0.1], [0.2, 0.2, 0.15], [0.2, 0.2, 0.1]];
        for table in [rounded, plain] {
            let test = friedman(&table).unwrap();
            assert_eq!(test.average_ranks, [1.5, 1.5, 3.0]);
            // χ² = 4.5 with 2 degrees of freedom; F = 6 with 2 and 4.
            close(test.chi_squared_p_value, (-2.25f64).exp());
            close(test.iman_davenport_p_value, 0.0625);
            // Three places for the last rank in each row.
            close(test.p_value, 1.0 / 9.0);
        }
    }

    // Tables of Friedman's distribution (Hollander & Wolfe, Nonparametric statistical methods, table A.22):
    // k = 3, N = 4: P(χ² ≥ 6.5) = 0.042, P(χ² ≥ 8) = 0.0046; k = 3, N = 5: P(χ² ≥ 6.4) = 0.039;
    // k = 4, N = 3: P(χ² ≥ 7.4) = 0.033.
    #[test]
    fn small_tables_have_the_published_distribution() {
        let cases: [(&[&[f64]], f64, f64, f64); 3] = [
            (
                &[
                    &[3.0, 2.0, 1.0],
                    &[3.0, 2.0, 1.0],
                    &[3.0, 1.0, 2.0],
                    &[3.0, 2.0, 1.0],
                ],
                6.5,
                0.042,
                5e-4,
            ),
            (
                &[
                    &[3.0, 2.0, 1.0],
                    &[3.0, 2.0, 1.0],
                    &[3.0, 2.0, 1.0],
                    &[3.0, 1.0, 2.0],
                    &[2.0, 3.0, 1.0],
                ],
                6.4,
                0.039,
                5e-4,
            ),
            (
                &[
                    &[4.0, 3.0, 2.0, 1.0],
                    &[4.0, 3.0, 2.0, 1.0],
                    &[3.0, 4.0, 1.0, 2.0],
                ],
                7.4,
                0.033,
                5e-4,
            ),
        ];
        for (table, chi_squared, p, within) in cases {
            let test = friedman(table).unwrap();
            close(test.chi_squared, chi_squared);
            assert!((test.p_value - p).abs() < within, "{}", test.p_value);
        }
    }

    fn noisy(n: usize, k: usize) -> Vec<Vec<f64>> {
        let value = |i: usize, j: usize| ((i * 37 + j * 101) as f64).sin() + 0.2 * j as f64;
        let row = |i| (0..k).map(|j| value(i, j)).collect();
        (0..n).map(row).collect()
    }

    #[test]
    fn the_seed_alone_decides_a_sampled_p() {
        let table = noisy(10, 8);
        let rule = FriedmanTest::default();
        let one = rule.test(&table).unwrap();
        assert_eq!(one.null_distribution, NullDistribution::Sampled);
        assert_eq!(one, rule.test(&table).unwrap());
        // Another order of the rows, and of the columns, is the same table.
        let mut turned: Vec<Vec<f64>> = table.clone();
        turned.reverse();
        turned.iter_mut().for_each(|row| row.reverse());
        assert_eq!(one.p_value, friedman(&turned).unwrap().p_value);
        let other = FriedmanTest { seed: 1, ..rule }.test(&table).unwrap();
        assert_ne!(one.p_value, other.p_value);
        assert!((one.p_value - other.p_value).abs() < 0.01);
        assert!((one.p_value - one.iman_davenport_p_value).abs() < 0.03);
    }

    #[test]
    fn which_kind_of_p_it_is() {
        use NullDistribution::{Exact, F, Sampled};
        for (n, k, kind) in [
            (100, 3, Exact),
            (25, 4, Exact),
            (8, 5, Exact),
            (4, 6, Exact),
            (2, 9, Exact),
            (10, 6, Sampled),
            (30, 10, Sampled),
            (31, 10, F),
            (60, 18, F),
        ] {
            let test = friedman(&noisy(n, k)).unwrap();
            assert_eq!(test.null_distribution, kind, "{n} {k}");
            assert!(test.p_value > 0.0 && test.p_value <= 1.0);
        }
        let none = FriedmanTest {
            n_samples: 0,
            ..FriedmanTest::default()
        };
        let test = none.test(&noisy(10, 6)).unwrap();
        assert_eq!(
            (test.null_distribution, test.p_value),
            (F, test.iman_davenport_p_value)
        );
    }

    #[test]
    fn too_little_to_test() {
        for table in [vec![vec![1.0, 2.0]], vec![vec![1.0], vec![2.0]]] {
            assert!(matches!(
                friedman(&table),
                Err(EvaluationError::TooLittleData {
                    needed: 2,
                    found: 1,
                    ..
                })
            ));
        }
    }
}
