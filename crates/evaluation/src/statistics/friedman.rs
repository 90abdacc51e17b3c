//! Friedman's test with the correction of Iman and Davenport, and comparisons with a control.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

use super::{average_ranks, holm, two_sided_normal};
use crate::EvaluationError;

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
    /// F_F = (N−1)χ²_F / (N(k−1) − χ²_F); infinite where all data sets rank alike.
    pub iman_davenport: f64,
    /// Its p-value with k − 1 and (k−1)(N−1) degrees of freedom.
    pub iman_davenport_p_value: f64,
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
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where the table is empty, ragged or not finite, or has fewer than two rows or columns.
pub fn friedman<R: AsRef<[f64]>>(table: &[R]) -> Result<Friedman, EvaluationError> {
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
    let (n, k) = (n_datasets as f64, n_methods as f64);
    // Σ (R_j − (k+1)/2)² is the bracket of the formula without its cancellation.
    let spread: f64 = average_ranks
        .iter()
        .map(|r| (r - (k + 1.0) / 2.0).powi(2))
        .sum();
    let chi_squared = 12.0 * n / (k * (k + 1.0)) * spread;
    let rest = n * (k - 1.0) - chi_squared;
    // Rounding can leave a tiny remainder where every row has the same ranks.
    let iman_davenport = if rest <= 1e-12 * n * k {
        f64::INFINITY
    } else {
        (n - 1.0) * chi_squared / rest
    };
    Ok(Friedman {
        n_datasets,
        n_methods,
        chi_squared,
        chi_squared_p_value: ChiSquared::new(k - 1.0).map_or(f64::NAN, |d| d.sf(chi_squared)),
        iman_davenport,
        iman_davenport_p_value: if iman_davenport.is_infinite() {
            0.0
        } else {
            FisherSnedecor::new(k - 1.0, (k - 1.0) * (n - 1.0))
                .map_or(f64::NAN, |d| d.sf(iman_davenport))
        },
        average_ranks,
    })
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
        assert_eq!(agreed.iman_davenport_p_value, 0.0);
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
