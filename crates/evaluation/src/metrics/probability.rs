//! Losses of predicted probabilities.

use fuzzysvm_core::{Label, math};

use super::check_lengths;
use crate::EvaluationError;

fn check(truth: &[Label], probability: &[f64]) -> Result<(), EvaluationError> {
    check_lengths(truth, "probabilities", probability.len())?;
    match probability.iter().position(|p| !(0.0..=1.0).contains(p)) {
        None => Ok(()),
        Some(index) => Err(EvaluationError::NotAProbability {
            index,
            value: probability[index],
        }),
    }
}

/// Mean squared difference between the probability of the positive class and the outcome (1 or 0), in
/// [0, 1], lower is better.
///
/// # Errors
/// Where the lists are empty or not equally long, or a value is no probability.
pub fn brier_score_loss(truth: &[Label], probability: &[f64]) -> Result<f64, EvaluationError> {
    check(truth, probability)?;
    let sum: f64 = truth
        .iter()
        .zip(probability)
        .map(|(l, p)| (p - f64::from(u8::from(l.is_positive()))).powi(2))
        .sum();
    Ok(sum / truth.len() as f64)
}

/// Mean negative log likelihood in nats, lower is better. Probabilities are kept away from 0 and 1 by the
/// machine epsilon, as in scikit-learn, so a certain mistake costs 36.04 and not infinity.
///
/// # Errors
/// As [`brier_score_loss`].
pub fn log_loss(truth: &[Label], probability: &[f64]) -> Result<f64, EvaluationError> {
    check(truth, probability)?;
    let sum: f64 = truth
        .iter()
        .zip(probability)
        .map(|(l, &p)| {
            let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
            -math::ln(if l.is_positive() { p } else { 1.0 - p })
        })
        .sum();
    Ok(sum / truth.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    // t = [1,0,0,1,0]; p = [.9,.2,.0,.35,1.]; scikit-learn 1.9.1: brier_score_loss(t, p), log_loss(t, p)
    #[test]
    fn values_are_scikit_learns() {
        let truth = [P, N, N, P, N];
        let p = [0.9, 0.2, 0.0, 0.35, 1.0];
        assert!((brier_score_loss(&truth, &p).unwrap() - 0.29450000000000004).abs() < 1e-15);
        assert!((log_loss(&truth, &p).unwrap() - 7.484395916117573).abs() < 1e-13);
    }

    #[test]
    fn only_probabilities_are_taken() {
        for bad in [-1e-9, 1.0 + 1e-9, f64::NAN, f64::INFINITY] {
            for loss in [brier_score_loss, log_loss] {
                assert!(matches!(
                    loss(&[P, N], &[0.5, bad]),
                    Err(EvaluationError::NotAProbability { index: 1, .. })
                ));
            }
        }
        assert_eq!(brier_score_loss(&[N, N], &[0.0, 0.0]).unwrap(), 0.0);
    }
}
