//! Exact intervals of proportions.

use fuzzysvm_core::math;
use statrs::function::factorial::ln_binomial;

use super::{Interval, check_level};
use crate::EvaluationError;

/// The interval of Clopper and Pearson (Biometrika 26 (1934) 404–413) for the chance of a success, `successes` of `trials`
/// having been seen: its ends are the chances under which so many, or so few, would be seen with probability (1 − level)/2.
/// It covers the chance at least as often as `level` says, however few trials there are: one success of one trial gives
/// 0.025 to 1 at 95 %.
///
/// ```
/// let i = fuzzysvm_evaluation::proportion_interval(1, 1, 0.95)?;
/// assert!((i.lower - 0.025).abs() < 1e-12 && i.upper == 1.0);
/// // scipy.stats.binomtest(7, 50).proportion_ci()
/// let i = fuzzysvm_evaluation::proportion_interval(7, 50, 0.95)?;
/// assert!((i.lower - 0.058_191_7).abs() < 1e-6 && (i.upper - 0.267_396_0).abs() < 1e-6);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// No trials, more successes than trials, or a `level` that is not strictly between 0 and 1.
pub fn proportion_interval(
    successes: usize,
    trials: usize,
    level: f64,
) -> Result<Interval, EvaluationError> {
    check_level(level)?;
    if trials == 0 {
        return Err(EvaluationError::Empty {
            what: "the list of trials",
        });
    }
    if successes > trials {
        return Err(EvaluationError::TooFewSamples {
            n: trials,
            asked: successes,
        });
    }
    let tail = (1.0 - level) / 2.0;
    Ok(Interval {
        lower: lower_end(successes as u64, trials as u64, tail),
        upper: 1.0 - lower_end((trials - successes) as u64, trials as u64, tail),
        level,
        n_defined: 0,
    })
}

/// The chance p with P(at least k successes of n) = tail.
fn lower_end(k: u64, n: u64, tail: f64) -> f64 {
    if k == 0 {
        return 0.0;
    }
    if k == n {
        return math::powf(tail, 1.0 / n as f64);
    }
    let orders = ln_binomial(n, k);
    let (mut low, mut high) = (0.0, k as f64 / n as f64);
    // Halved until no number is left between them.
    loop {
        let p = 0.5 * (low + high);
        if p <= low || p >= high {
            return low;
        }
        if at_least(k, n, p, orders) < tail {
            low = p;
        } else {
            high = p;
        }
    }
}

/// P(at least k successes of n) for p below k/n, `orders` being ln C(n, k): the terms of the sum fall from the first on.
/// (The incomplete beta function of statrs is the same sum by a continued fraction, which stops after 140 steps: too few
/// beyond some 10,000 trials.)
fn at_least(k: u64, n: u64, p: f64, orders: f64) -> f64 {
    let odds = p / (1.0 - p);
    let (mut term, mut sum) = (1.0, 1.0);
    for i in k..n {
        term *= (n - i) as f64 / (i + 1) as f64 * odds;
        sum += term;
        if term < f64::EPSILON * sum {
            break;
        }
    }
    sum * math::exp(orders + k as f64 * math::ln(p) + (n - k) as f64 * math::ln_1p(-p))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCIPY: [(usize, usize, f64, f64, f64); 10] = [
        (0, 1, 0.95, 0.0, 0.975),
        (0, 29, 0.95, 0.0, 0.11944486906972113),
        (1, 30, 0.95, 0.0008435709266493071, 0.17216945563341293),
        (7, 50, 0.95, 0.05819170033997344, 0.26739600249700846),
        (7, 50, 0.9, 0.06759669900316757, 0.24693520173120928),
        (25, 50, 0.95, 0.3552729971299077, 0.6447270028700922),
        (299, 300, 0.99, 0.9754966374382433, 0.9999832916671375),
        (3000, 10_000, 0.95, 0.2910276113098934, 0.30908899697596715),
        (
            999_000,
            1_000_000,
            0.95,
            0.9989360818926863,
            0.9990609987920546,
        ),
        (
            500_000,
            1_000_000,
            0.95,
            0.4990195191953118,
            0.5009804808046883,
        ),
    ];

    // scipy 1.17: binomtest(k, n).proportion_ci(level, method="exact")
    #[test]
    fn ends_are_scipys() {
        for (k, n, level, lower, upper) in SCIPY {
            let i = proportion_interval(k, n, level).unwrap();
            assert!((i.lower - lower).abs() < 1e-9, "{k} {n}: {}", i.lower);
            assert!((i.upper - upper).abs() < 1e-9, "{k} {n}: {}", i.upper);
            // The failures' interval is the mirror image.
            let turned = proportion_interval(n - k, n, level).unwrap();
            assert!((turned.lower - (1.0 - i.upper)).abs() < 1e-12);
        }
    }

    /// All outcomes of up to 40 trials, over many chances: the interval covers the chance often enough.
    #[test]
    fn the_level_is_kept_at_any_size() {
        for n in [1, 2, 5, 17, 40] {
            let ends: Vec<_> = (0..=n)
                .map(|k| proportion_interval(k, n, 0.95).unwrap())
                .collect();
            for step in 1..200 {
                let p = f64::from(step) / 200.0;
                let covered: f64 = (0..=n)
                    .filter(|&k| ends[k].lower <= p && p <= ends[k].upper)
                    .map(|k| {
                        let orders = ln_binomial(n as u64, k as u64);
                        (orders + k as f64 * p.ln() + (n - k) as f64 * (1.0 - p).ln()).exp()
                    })
                    .sum();
                assert!(covered >= 0.95 - 1e-12, "{n} {p}: {covered}");
            }
        }
    }

    #[test]
    fn more_trials_narrow_it() {
        let width = |n: usize| {
            let i = proportion_interval(n, n, 0.95).unwrap();
            assert_eq!(i.upper, 1.0);
            i.upper - i.lower
        };
        assert!((width(1) - 0.975).abs() < 1e-15);
        for n in 1..60 {
            assert!(width(n + 1) < width(n));
        }
    }

    #[test]
    fn hostile_input() {
        use EvaluationError as E;
        assert!(matches!(
            proportion_interval(0, 0, 0.95),
            Err(E::Empty { .. })
        ));
        assert!(matches!(
            proportion_interval(3, 2, 0.95),
            Err(E::TooFewSamples { .. })
        ));
        for level in [0.0, 1.0, f64::NAN] {
            assert!(matches!(proportion_interval(1, 2, level), Err(E::Param(_))));
        }
    }
}
