//! Laws that every metric of this crate satisfies, as plain functions to run on your own metrics.
//!
//! Each returns `Err` with a sentence where the law does not hold.

use fuzzysvm_core::Label;

use crate::EvaluationError;

/// Agreement up to `tol`; both undefined agree as well.
fn same(
    law: &str,
    a: Result<f64, EvaluationError>,
    b: Result<f64, EvaluationError>,
    tol: f64,
) -> Result<(), String> {
    match (a, b) {
        (Ok(a), Ok(b)) if (a - b).abs() <= tol => Ok(()),
        (Err(_), Err(_)) => Ok(()),
        (a, b) => Err(format!("{law}: {a:?} one way and {b:?} the other")),
    }
}

/// The order of the samples does not matter.
///
/// # Errors
/// A sentence with the two values where they differ by more than 1e-12.
pub fn order_does_not_matter(
    metric: impl Fn(&[Label], &[f64]) -> Result<f64, EvaluationError>,
    truth: &[Label],
    values: &[f64],
    permutation: &[usize],
) -> Result<(), String> {
    let t: Vec<Label> = permutation.iter().map(|&i| truth[i]).collect();
    let v: Vec<f64> = permutation.iter().map(|&i| values[i]).collect();
    same(
        "the order of the samples does not matter",
        metric(truth, values),
        metric(&t, &v),
        1e-12,
    )
}

/// Repeating every sample k times does not change a metric that is a rate.
///
/// # Errors
/// As [`order_does_not_matter`].
pub fn repetition_does_not_matter(
    metric: impl Fn(&[Label], &[f64]) -> Result<f64, EvaluationError>,
    truth: &[Label],
    values: &[f64],
    k: usize,
) -> Result<(), String> {
    same(
        "repeating every sample does not matter",
        metric(truth, values),
        metric(&truth.repeat(k), &values.repeat(k)),
        1e-12,
    )
}

/// A metric of ranks is unchanged by a strictly increasing transform of the scores.
///
/// # Errors
/// As [`order_does_not_matter`].
pub fn monotone_transform_does_not_matter(
    metric: impl Fn(&[Label], &[f64]) -> Result<f64, EvaluationError>,
    truth: &[Label],
    scores: &[f64],
    transform: impl Fn(f64) -> f64,
) -> Result<(), String> {
    let moved: Vec<f64> = scores.iter().map(|&s| transform(s)).collect();
    same(
        "a strictly increasing transform does not matter",
        metric(truth, scores),
        metric(truth, &moved),
        0.0,
    )
}

/// The value, where defined, lies in `[low, high]`.
///
/// # Errors
/// A sentence with the value outside.
pub fn within(
    metric: impl Fn(&[Label], &[f64]) -> Result<f64, EvaluationError>,
    truth: &[Label],
    values: &[f64],
    low: f64,
    high: f64,
) -> Result<(), String> {
    match metric(truth, values) {
        Ok(v) if !(low..=high).contains(&v) => Err(format!("{v} is outside [{low}, {high}]")),
        _ => Ok(()),
    }
}
