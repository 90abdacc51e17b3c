//! Nemenyi's critical difference between mean ranks.

use fuzzysvm_core::ParamError;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::EvaluationError;

/// How far two mean ranks must lie apart to differ at level `alpha`, all pairs of methods taken
/// together: CD = q_α √(k(k+1)/(6N)), with q_α the quantile of the studentised range of k normal
/// variables at infinitely many degrees of freedom, over √2. Demšar, Statistical comparisons of
/// classifiers over multiple data sets, JMLR 7 (2006) 1–30; his table 5 holds q_α.
///
/// ```
/// use fuzzysvm_evaluation::nemenyi_critical_difference;
/// // Demšar's example: four methods on 14 data sets.
/// let difference = nemenyi_critical_difference(4, 14, 0.05)?;
/// assert!((difference - 1.25).abs() < 0.005);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where there are fewer than two methods or no data set, or `alpha` does not lie strictly between 0
/// and 1.
pub fn nemenyi_critical_difference(
    n_methods: usize,
    n_datasets: usize,
    alpha: f64,
) -> Result<f64, EvaluationError> {
    for (what, needed, found) in [("methods", 2, n_methods), ("data sets", 1, n_datasets)] {
        if found < needed {
            return Err(EvaluationError::TooLittleData {
                test: "Nemenyi's test",
                what,
                needed,
                found,
            });
        }
    }
    ParamError::check(
        alpha > 0.0 && alpha < 1.0,
        "alpha",
        alpha,
        "must lie strictly between 0 and 1",
    )?;
    let (k, n) = (n_methods as f64, n_datasets as f64);
    let q = range_quantile(n_methods, 1.0 - alpha) / std::f64::consts::SQRT_2;
    Ok(q * (k * (k + 1.0) / (6.0 * n)).sqrt())
}

/// Where the distribution function of the range of `k` standard normal variables reaches `p`.
fn range_quantile(k: usize, p: f64) -> f64 {
    // Beyond 40 nothing is left of the tail, however many variables there are.
    let (mut low, mut high) = (0.0, 40.0);
    while high - low > 1e-12 * high {
        let middle = 0.5 * (low + high);
        if range_cdf(k, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// P(range ≤ q) = k ∫ φ(x) (Φ(x) − Φ(x − q))^{k−1} dx: one variable is the largest, at x, and the
/// others lie at most q below it.
fn range_cdf(k: usize, q: f64) -> f64 {
    // The integrand and its derivatives vanish at both ends, where the trapezoidal rule is as good as
    // any: halving the step changes the sum by less than 1e-14.
    const REACH: f64 = 9.0;
    const STEPS: usize = 360;
    let step = 2.0 * REACH / STEPS as f64;
    // Φ(x) − ½ by way of χ²₁, as in `two_sided_normal`.
    let Ok(square) = ChiSquared::new(1.0) else {
        return f64::NAN;
    };
    let below = |x: f64| (0.5 * square.cdf(x * x)).copysign(x);
    let sum: f64 = (0..=STEPS)
        .map(|i| {
            let x = -REACH + i as f64 * step;
            let density = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
            let share = (below(x) - below(x - q)).max(0.0);
            density * share.powf((k - 1) as f64)
        })
        .sum();
    k as f64 * step * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// √(k(k+1)/6N) is 1 for these, so that the difference is q_α itself.
    fn q(k: usize, alpha: f64) -> f64 {
        let cd = nemenyi_critical_difference(k, 1, alpha).unwrap();
        cd / ((k * (k + 1)) as f64 / 6.0).sqrt()
    }

    // Demšar 2006, table 5 (a), k = 2, …, 10.
    #[test]
    fn critical_values_are_those_of_demsars_table() {
        let at_05 = [
            1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164,
        ];
        let at_10 = [
            1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920,
        ];
        for (i, (a, b)) in at_05.into_iter().zip(at_10).enumerate() {
            assert!((q(i + 2, 0.05) - a).abs() <= 0.0011, "{}", i + 2);
            assert!((q(i + 2, 0.10) - b).abs() <= 0.0011, "{}", i + 2);
        }
    }

    // For two variables the range is |Z₁ − Z₂|, so q/√2 is the two-sided normal quantile:
    // 1.959963984540054 and 1.6448536269514722. For k = 20 tables of the studentised range
    // print 5.01 at 5 %.
    #[test]
    fn two_methods_are_the_normal_case_and_twenty_stand_in_the_tables() {
        assert!((q(2, 0.05) - 1.959_963_984_540_054).abs() < 1e-9);
        assert!((q(2, 0.10) - 1.644_853_626_951_472_2).abs() < 1e-9);
        assert!((range_quantile(20, 0.95) - 5.01).abs() < 0.006);
        assert!((range_cdf(5, 40.0) - 1.0).abs() < 1e-12);
        assert_eq!(range_cdf(5, 0.0), 0.0);
    }

    #[test]
    fn too_little_to_compare() {
        for (k, n) in [(1, 10), (0, 10), (3, 0)] {
            assert!(matches!(
                nemenyi_critical_difference(k, n, 0.05),
                Err(EvaluationError::TooLittleData { .. })
            ));
        }
        for alpha in [0.0, 1.0, -0.1, f64::NAN] {
            assert!(nemenyi_critical_difference(3, 10, alpha).is_err());
        }
    }
}
