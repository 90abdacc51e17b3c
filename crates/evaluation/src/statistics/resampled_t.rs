//! The corrected resampled t-test: paired differences over trials that share their data.

use fuzzysvm_core::ParamError;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{mean_std, tied};
use crate::EvaluationError;

/// The result of [`corrected_resampled_t_test`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ResampledTTest {
    /// Mean difference over the trials.
    pub mean: f64,
    /// Its corrected standard error √((1/J + n_test/n_train) s²).
    pub std_error: f64,
    /// mean/std_error; 0 where both are 0.
    pub t: f64,
    /// J − 1.
    pub degrees_of_freedom: usize,
    /// Two-sided p-value of Student's t; 1 where all differences are 0.
    pub p_value: f64,
    /// Lower end of the 95 % confidence interval of the mean difference.
    pub lower: f64,
    /// Upper end of it.
    pub upper: f64,
}

/// Tests "the mean difference is 0" on the differences of J trials, each trained on `n_train` and tested
/// on `n_test` samples of the same data. Trials overlap, so the plain t-test finds differences that are not there;
/// the variance of the mean is s²(1/J + n_test/n_train) instead of s²/J (Nadeau and Bengio 2003,
/// Machine Learning 52, doi:10.1023/A:1024068626366).
///
/// ```
/// let test = fuzzysvm_evaluation::corrected_resampled_t_test(&[1.0, 2.0, 3.0], 2000, 1000)?;
/// assert_eq!((test.mean, test.std_error), (2.0, (1.0f64 / 3.0 + 0.5).sqrt()));
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where there are fewer than two differences, one is not finite, or a size is 0; [`EvaluationError::NoVariance`] where all
/// differences are equal up to rounding and not 0: their variance of 0 is no certainty, and there is no p-value.
pub fn corrected_resampled_t_test(
    differences: &[f64],
    n_train: usize,
    n_test: usize,
) -> Result<ResampledTTest, EvaluationError> {
    for (name, value) in [("n_train", n_train), ("n_test", n_test)] {
        ParamError::check(value > 0, name, value as f64, "must be at least 1")?;
    }
    if differences.len() < 2 {
        return Err(EvaluationError::TooLittleData {
            test: "the corrected resampled t-test",
            what: "differences",
            needed: 2,
            found: differences.len(),
        });
    }
    let summary = mean_std(differences)?;
    let trials = differences.len() as f64;
    // Compare the values: the computed deviation of equal values can differ from 0 by rounding.
    let constant = differences.iter().all(|d| tied(*d, differences[0]));
    if constant && differences[0] != 0.0 {
        return Err(EvaluationError::NoVariance {
            what: "the mean difference",
            why: "all trials differ by the same",
            n_defined: 0,
        });
    }
    let mean = if constant {
        differences[0]
    } else {
        summary.mean
    };
    let std_error = if constant {
        0.0
    } else {
        ((1.0 / trials + n_test as f64 / n_train as f64) * summary.std.powi(2)).sqrt()
    };
    let t = if mean == 0.0 { 0.0 } else { mean / std_error };
    let student = StudentsT::new(0.0, 1.0, trials - 1.0);
    let p_value = student.map_or(f64::NAN, |d| (2.0 * d.sf(t.abs())).min(1.0));
    let half = std_error * student.map_or(f64::NAN, |d| d.inverse_cdf(0.975));
    Ok(ResampledTTest {
        mean,
        std_error,
        t,
        degrees_of_freedom: differences.len() - 1,
        p_value,
        lower: mean - half,
        upper: mean + half,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // d = numpy.array([.021, -.004, .013, .030, .008, .017, -.011, .025, .006, .019])
    // se = sqrt((1/10 + 500/1500)*d.var(ddof=1)); t = d.mean()/se; 2*scipy.stats.t.sf(t, 9)
    // scipy.stats.t.ppf(.975, 9)*se
    #[test]
    fn values_are_scipys() {
        let d = [
            0.021, -0.004, 0.013, 0.030, 0.008, 0.017, -0.011, 0.025, 0.006, 0.019,
        ];
        let test = corrected_resampled_t_test(&d, 1500, 500).unwrap();
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9 * b.abs(), "{a} {b}");
        close(test.std_error, 0.008454058854249309);
        close(test.t, 1.4667510853401882);
        close(test.p_value, 0.17649529404937064);
        close(test.upper - test.mean, 0.019124409791857658);
        assert_eq!(test.degrees_of_freedom, 9);
    }

    #[test]
    fn constant_differences() {
        let zero = corrected_resampled_t_test(&[0.0; 5], 10, 10).unwrap();
        assert_eq!(
            (zero.t, zero.p_value, zero.lower, zero.upper),
            (0.0, 1.0, 0.0, 0.0)
        );
        for same in [vec![-0.1; 7], vec![0.3, 0.1 + 0.2, 0.9 / 3.0]] {
            let found = corrected_resampled_t_test(&same, 10, 10);
            assert!(
                matches!(found, Err(EvaluationError::NoVariance { .. })),
                "{found:?}"
            );
        }
    }

    #[test]
    fn hostile_input() {
        assert!(matches!(
            corrected_resampled_t_test(&[1.0], 10, 10),
            Err(EvaluationError::TooLittleData { found: 1, .. })
        ));
        assert!(corrected_resampled_t_test(&[1.0, f64::NAN], 10, 10).is_err());
        assert!(matches!(
            corrected_resampled_t_test(&[1.0, 2.0], 0, 10),
            Err(EvaluationError::Param(p)) if p.name == "n_train"
        ));
    }
}
