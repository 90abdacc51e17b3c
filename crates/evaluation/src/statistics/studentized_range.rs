//! The studentised range of normal variables with known variance (infinite degrees of freedom).

use super::two_sided_normal;
use fuzzysvm_core::math;

/// Φ(z).
fn normal_cdf(z: f64) -> f64 {
    let tail = 0.5 * two_sided_normal(z);
    if z < 0.0 { tail } else { 1.0 - tail }
}

/// P(max − min ≤ q) of k independent standard normal variables,
/// k ∫ φ(z) (Φ(z) − Φ(z − q))^(k−1) dz over the largest one z.
///
/// The trapezoidal rule converges faster than any power of its step on such an integrand: at 1/16 the error is that of Φ.
pub(super) fn range_cdf(q: f64, k: usize) -> f64 {
    const STEPS_A_UNIT: i32 = 16;
    // φ(9) is 1e-18.
    const REACH: i32 = 9;
    if q <= 0.0 {
        return 0.0;
    }
    if q.is_infinite() {
        return 1.0;
    }
    let step = 1.0 / f64::from(STEPS_A_UNIT);
    let sum: f64 = (-REACH * STEPS_A_UNIT..=REACH * STEPS_A_UNIT)
        .map(|i| {
            let z = f64::from(i) * step;
            let below = (normal_cdf(z) - normal_cdf(z - q)).max(0.0);
            math::exp(-0.5 * z * z) * math::powf(below, k as f64 - 1.0)
        })
        .sum();
    let density = 1.0 / (2.0 * std::f64::consts::PI).sqrt();
    (k as f64 * density * step * sum).clamp(0.0, 1.0)
}

/// The q with `range_cdf(q, k) == p`, 0 < p < 1, by bisection to the last digit.
pub(super) fn range_quantile(p: f64, k: usize) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while range_cdf(high, k) < p && high < 64.0 {
        (low, high) = (high, 2.0 * high);
    }
    while high - low > 4.0 * f64::EPSILON * high {
        let middle = 0.5 * (low + high);
        if range_cdf(middle, k) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Two variables: their difference has variance 2, so P(range ≤ q) = 1 − P(|Z| > q/√2).
    #[test]
    fn two_variables_are_one_normal_one() {
        for q in [0.1, 1.0, 2.5, 4.0, 7.0] {
            let expected = 1.0 - two_sided_normal(q / 2f64.sqrt());
            assert!((range_cdf(q, 2) - expected).abs() < 1e-14, "{q}");
        }
        assert_eq!((range_cdf(0.0, 5), range_cdf(f64::INFINITY, 5)), (0.0, 1.0));
    }

    // The table of Demšar (2006): q/√2 at α = 0.05 and 0.10 for 2 to 10 classifiers, to three digits.
    #[test]
    fn quantiles_are_the_printed_ones() {
        let five = [
            1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164,
        ];
        let ten = [
            1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920,
        ];
        for (k, (five, ten)) in (2..).zip(five.into_iter().zip(ten)) {
            for (p, printed) in [(0.95, five), (0.90, ten)] {
                let q = range_quantile(p, k) / 2f64.sqrt();
                assert!((q - printed).abs() < 1.1e-3, "{k} {p}: {q} {printed}");
                assert!((range_cdf(q * 2f64.sqrt(), k) - p).abs() < 1e-13);
            }
        }
    }
}
