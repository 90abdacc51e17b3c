//! A confidence interval for any statistic of trials that share their data.

use fuzzysvm_core::ParamError;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::tied;
use crate::EvaluationError;

/// The result of [`corrected_resampled_jackknife`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ResampledInterval {
    /// The statistic of all trials.
    pub value: f64,
    /// Its corrected standard error.
    pub std_error: f64,
    /// Lower end of the 95 % confidence interval.
    pub lower: f64,
    /// Upper end of it.
    pub upper: f64,
}

/// A 95 % interval of a statistic that is no mean (a ratio of a mean to a standard deviation, say) over
/// J trials, each trained on `n_train` and tested on `n_test` samples of the same data. `statistic` is
/// given the indices of the trials to compute it from: first all of 0..J, then all but one.
///
/// The variance is the jackknife's, (J − 1)/J Σ (θ₍ᵢ₎ − θ̄)² (Efron and Stein 1981, Annals of
/// Statistics 9, doi:10.1214/aos/1176345462), times 1 + J n_test/n_train because trials overlap (Nadeau
/// and Bengio 2003, Machine Learning 52, doi:10.1023/A:1024068626366); the interval is Student's with
/// J − 1 degrees of freedom. Of a mean it is the interval of
/// [`corrected_resampled_t_test`](crate::corrected_resampled_t_test).
///
/// ```
/// let x = [1.0, 2.0, 3.0, 5.0];
/// let mean = |of: &[usize]| of.iter().map(|&i| x[i]).sum::<f64>() / of.len() as f64;
/// let interval = fuzzysvm_evaluation::corrected_resampled_jackknife(4, mean, 2000, 1000)?;
/// let test = fuzzysvm_evaluation::corrected_resampled_t_test(&x, 2000, 1000)?;
/// assert!((interval.lower - test.lower).abs() < 1e-12);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where there are fewer than three trials (a standard deviation of all but one needs two), the
/// statistic is not finite, or a size is 0; [`EvaluationError::NoVariance`] where the statistic is the same (up to rounding)
/// whichever trial is left out.
pub fn corrected_resampled_jackknife(
    n_trials: usize,
    statistic: impl Fn(&[usize]) -> f64,
    n_train: usize,
    n_test: usize,
) -> Result<ResampledInterval, EvaluationError> {
    for (name, value) in [("n_train", n_train), ("n_test", n_test)] {
        ParamError::check(value > 0, name, value as f64, "must be at least 1")?;
    }
    if n_trials < 3 {
        return Err(EvaluationError::TooLittleData {
            test: "the corrected resampled jackknife",
            what: "trials",
            needed: 3,
            found: n_trials,
        });
    }
    let finite = |value: f64| {
        ParamError::check(value.is_finite(), "statistic", value, "must be finite").map(|()| value)
    };
    let all: Vec<usize> = (0..n_trials).collect();
    let value = finite(statistic(&all))?;
    let mut without = Vec::with_capacity(n_trials);
    for left_out in 0..n_trials {
        let rest: Vec<usize> = all.iter().copied().filter(|&i| i != left_out).collect();
        without.push(finite(statistic(&rest))?);
    }
    if without.iter().all(|v| tied(*v, without[0])) {
        return Err(EvaluationError::NoVariance {
            what: "the statistic",
            why: "it is the same whichever trial is left out",
            n_defined: 0,
        });
    }
    let trials = n_trials as f64;
    let mean = without.iter().sum::<f64>() / trials;
    let squares: f64 = without.iter().map(|v| (v - mean).powi(2)).sum();
    let overlap = 1.0 + trials * n_test as f64 / n_train as f64;
    let std_error = (overlap * squares * (trials - 1.0) / trials).sqrt();
    let student = StudentsT::new(0.0, 1.0, trials - 1.0);
    let half = std_error * student.map_or(f64::NAN, |d| d.inverse_cdf(0.975));
    Ok(ResampledInterval {
        value,
        std_error,
        lower: value - half,
        upper: value + half,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corrected_resampled_t_test;

    const X: [f64; 6] = [0.13, 0.07, 0.11, 0.16, 0.09, 0.12];

    fn mean(of: &[usize]) -> f64 {
        of.iter().map(|&i| X[i]).sum::<f64>() / of.len() as f64
    }

    #[test]
    fn of_a_mean_it_is_the_t_test() {
        let interval = corrected_resampled_jackknife(6, mean, 300, 100).unwrap();
        let test = corrected_resampled_t_test(&X, 300, 100).unwrap();
        for (a, b) in [
            (interval.value, test.mean),
            (interval.std_error, test.std_error),
            (interval.lower, test.lower),
            (interval.upper, test.upper),
        ] {
            assert!((a - b).abs() < 1e-14, "{a} {b}");
        }
    }

    // numpy: r = lambda v: v.mean()/v.std(ddof=1)
    // j = numpy.array([r(numpy.delete(x, i)) for i in range(6)])
    // se = (5/6*((j - j.mean())**2).sum()*(1 + 6*100/300))**.5; h = scipy.stats.t.ppf(.975, 5)*se
    #[test]
    fn of_a_ratio_it_is_numpys() {
        let ratio = |of: &[usize]| {
            let m = mean(of);
            let ss: f64 = of.iter().map(|&i| (X[i] - m).powi(2)).sum();
            m / (ss / (of.len() as f64 - 1.0)).sqrt()
        };
        let interval = corrected_resampled_jackknife(6, ratio, 300, 100).unwrap();
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9 * b.abs(), "{a} {b}");
        close(interval.value, 3.6080490598130757);
        close(interval.std_error, 2.2738375402311646);
        close(interval.upper, 9.453134537919265);
    }

    #[test]
    fn hostile_input() {
        assert!(matches!(
            corrected_resampled_jackknife(2, |_| 0.0, 1, 1),
            Err(EvaluationError::TooLittleData { found: 2, .. })
        ));
        assert!(corrected_resampled_jackknife(3, |_| f64::NAN, 1, 1).is_err());
        assert!(matches!(
            corrected_resampled_jackknife(3, |_| 0.5, 1, 1),
            Err(EvaluationError::NoVariance { .. })
        ));
        assert!(corrected_resampled_jackknife(3, |_| 0.0, 1, 0).is_err());
    }
}
