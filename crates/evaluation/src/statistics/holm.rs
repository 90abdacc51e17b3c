//! Holm's step-down correction for several tests.

use crate::EvaluationError;

/// Holm's adjusted p-values in the order given: the i-th smallest of m is multiplied by m − i + 1, made
/// non-decreasing and capped at 1. Rejecting where the adjusted value is at most α keeps the
/// probability of any false rejection at most α, whatever the dependence of the tests.
///
/// ```
/// assert_eq!(fuzzysvm_evaluation::holm(&[0.03, 0.01, 0.5])?, [0.06, 0.03, 0.5]);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where a value is no probability.
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, EvaluationError> {
    if let Some(index) = p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(EvaluationError::NotAProbability {
            index,
            value: p_values[index],
        });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut so_far = 0.0f64;
    for (i, &at) in order.iter().enumerate() {
        so_far = so_far
            .max((p_values.len() - i) as f64 * p_values[at])
            .min(1.0);
        adjusted[at] = so_far;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // statsmodels: multipletests([.01, .04, .03, .005, .55, .9], method='holm')[1]
    // = [.05, .12, .12, .03, 1., 1.]
    #[test]
    fn a_known_table() {
        let found = holm(&[0.01, 0.04, 0.03, 0.005, 0.55, 0.9]).unwrap();
        for (a, b) in found.iter().zip([0.05, 0.12, 0.12, 0.03, 1.0, 1.0]) {
            assert!((a - b).abs() < 1e-15);
        }
        assert_eq!(holm(&[]).unwrap(), Vec::<f64>::new());
        assert!(matches!(
            holm(&[0.1, f64::NAN]),
            Err(EvaluationError::NotAProbability { index: 1, .. })
        ));
    }

    proptest! {
        #[test]
        fn adjusting_keeps_the_order_and_never_lowers(p in proptest::collection::vec(0.0f64..=1.0, 1..20)) {
            let a = holm(&p).unwrap();
            for i in 0..p.len() {
                prop_assert!(a[i] >= p[i] && a[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || a[i] <= a[j]);
                }
            }
        }
    }
}
