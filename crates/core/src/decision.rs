//! Decision values that are ties but for rounding.

/// How many times its likely size rounding is allowed.
const SAFETY: f64 = 16.0;

/// A decision value, or 0 where it is within the rounding of its own sum: every method takes its decisions from here.
///
/// `sum` is a sum of `n_terms` terms whose magnitudes add up to `magnitude`, the intercept among them. Each addition may
/// be off by ε of what has been added up; over n of them such errors grow like √n. So |sum| ≤ 16·√n·ε·`magnitude` counts as
/// 0. Where features tell nothing about the class, the terms cancel, and without this rule the sign of 1e-16 would name
/// the class. A decision of 0 is negative in every method: see [`Label::from_sign`](crate::Label::from_sign). Any other
/// value is returned as it is, one that is not finite too.
///
/// ```
/// use fuzzysvm_core::decision_or_zero;
/// assert_eq!(decision_or_zero(0.1 + 0.2 - 0.3, 0.1 + 0.2 + 0.3, 3), 0.0);
/// assert_eq!(decision_or_zero(1e-9, 0.6, 3), 1e-9);
/// ```
pub fn decision_or_zero(sum: f64, magnitude: f64, n_terms: usize) -> f64 {
    if sum.is_finite() && sum.abs() <= tie_share(n_terms) * magnitude {
        0.0
    } else {
        sum
    }
}

/// 16·√n·ε: the share of the magnitude up to which a sum of `n_terms` terms counts as 0 in [`decision_or_zero`].
pub fn tie_share(n_terms: usize) -> f64 {
    SAFETY * (n_terms as f64).sqrt() * f64::EPSILON
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Label;
    use proptest::prelude::*;

    #[test]
    fn only_rounding_counts_as_a_tie() {
        for (sum, magnitude, n, expected) in [
            (0.0, 0.0, 0, 0.0),
            (-0.0, 0.0, 1, 0.0),
            (1e-16, 1.0, 2, 0.0),
            (-1e-16, 1.0, 2, 0.0),
            (1e-13, 1.0, 2, 1e-13),
            (5e-324, 5e-324, 1, 5e-324),
            (1e-300, 1e-300, 1_000_000, 1e-300),
            (1.0, f64::MAX, 2, 0.0),
        ] {
            let found = decision_or_zero(sum, magnitude, n);
            assert_eq!(found, expected, "{sum} of {magnitude} in {n}");
        }
        let (inf, nan) = (f64::INFINITY, f64::NAN);
        assert_eq!(decision_or_zero(inf, 1.0, 1), inf);
        assert_eq!(decision_or_zero(inf, inf, 2), inf);
        assert!(decision_or_zero(nan, nan, 1).is_nan());
        assert_eq!(
            Label::from_sign(decision_or_zero(1e-17, 1.0, 2)),
            Label::Negative
        );
    }

    proptest! {
        /// What cancels exactly is a tie in any order and unit, and what is larger than its rounding is left alone.
        #[test]
        fn terms_that_cancel_are_a_tie(
            terms in prop::collection::vec(-1.0_f64..1.0, 1..200), turn in 0_usize..400, exponent in -100_i32..100,
        ) {
            let unit = 10_f64.powi(exponent);
            let mut all: Vec<f64> = terms.iter().flat_map(|t| [t * unit, -t * unit]).collect();
            // Sums of neighbors first, so that the pairs do not meet.
            let turn = turn % all.len();
            all.rotate_left(turn);
            let (even, odd): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|i| i % 2 == 0);
            let sum: f64 = even.into_iter().chain(odd).map(|i| all[i]).sum();
            let magnitude: f64 = all.iter().map(|t| t.abs()).sum();
            prop_assert_eq!(decision_or_zero(sum, magnitude, all.len()), 0.0);
            let clear = 1e-12 * magnitude * all.len() as f64;
            prop_assert_eq!(decision_or_zero(clear, magnitude, all.len()), clear);
        }
    }
}
