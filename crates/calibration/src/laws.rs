//! Laws that every [`Calibrator`] and [`Calibration`] must satisfy, as plain functions to run on your own.
//!
//! Each returns `Err` with a sentence where the law does not hold.

use fuzzysvm_core::Label;

use crate::{Calibration, Calibrator};

/// Probabilities lie in [0, 1] and never fall as the score rises; alone or together, a score has the same one.
///
/// # Errors
/// A sentence with the first probability that breaks the law, or the calibration's own error.
pub fn probabilities_rise_with_the_score<C: Calibration + ?Sized>(
    calibration: &C,
    scores: &[f64],
) -> Result<(), String> {
    let mut ascending = scores.to_vec();
    ascending.sort_by(f64::total_cmp);
    let together = calibration
        .probability(&ascending)
        .map_err(|e| e.to_string())?;
    let mut before = 0.0;
    for (score, p) in ascending.iter().zip(together) {
        // Written so that NaN fails.
        if !(p >= before && p <= 1.0) {
            return Err(format!("score {score} has {p} after {before}"));
        }
        let alone = calibration.probability(&[*score]);
        if alone != Ok(vec![p]) {
            return Err(format!(
                "score {score} has {alone:?} alone and {p} among others"
            ));
        }
        before = p;
    }
    Ok(())
}

fn at<C: Calibrator + ?Sized>(
    calibrator: &C,
    (scores, y, weight): (&[f64], &[Label], Option<&[f64]>),
    probe: &[f64],
) -> Result<Vec<f64>, String> {
    let fitted = calibrator.fit(scores, y, weight);
    let fitted = fitted.map_err(|e| e.to_string())?;
    fitted.probability(probe).map_err(|e| e.to_string())
}

fn agree(law: &str, a: &[f64], b: &[f64], tol: f64) -> Result<(), String> {
    for (i, (x, y)) in a.iter().zip(b).enumerate() {
        // Asked this way round so that NaN, which agrees with nothing, is caught.
        let close = (x - y).abs() <= tol;
        if !close {
            return Err(format!(
                "{law}: score {i} has {x} one way and {y} the other"
            ));
        }
    }
    Ok(())
}

/// A weight of k is the sample k times, and a weight of 0 leaves it out.
///
/// # Errors
/// A sentence with the first probability that differs by more than `tol`, or the calibrator's own error.
pub fn weight_is_repetition<C: Calibrator + ?Sized>(
    calibrator: &C,
    scores: &[f64],
    y: &[Label],
    counts: &[usize],
    tol: f64,
) -> Result<(), String> {
    let rows: Vec<usize> = counts
        .iter()
        .enumerate()
        .flat_map(|(i, &k)| std::iter::repeat_n(i, k))
        .collect();
    let weights: Vec<f64> = counts.iter().map(|&k| k as f64).collect();
    let repeated: Vec<f64> = rows.iter().map(|&i| scores[i]).collect();
    let labels: Vec<Label> = rows.iter().map(|&i| y[i]).collect();
    agree(
        "weight k is the sample repeated k times",
        &at(calibrator, (scores, y, Some(&weights)), scores)?,
        &at(calibrator, (&repeated, &labels, None), scores)?,
        tol,
    )
}

/// The order of the samples does not matter, to the last bit.
///
/// # Errors
/// A sentence with the first probability that differs, or the calibrator's own error.
pub fn order_does_not_matter<C: Calibrator + ?Sized>(
    calibrator: &C,
    scores: &[f64],
    y: &[Label],
    weights: &[f64],
    permutation: &[usize],
) -> Result<(), String> {
    let pick = |values: &[f64]| permutation.iter().map(|&i| values[i]).collect::<Vec<_>>();
    let labels: Vec<Label> = permutation.iter().map(|&i| y[i]).collect();
    let (other_scores, other_weights) = (pick(scores), pick(weights));
    let other = (&*other_scores, &*labels, Some(&*other_weights));
    agree(
        "the order of the samples does not matter",
        &at(calibrator, (scores, y, Some(weights)), scores)?,
        &at(calibrator, other, scores)?,
        0.0,
    )
}

/// Scores in another unit, `factor` · score + `shift` with a factor above 0, have the same probabilities.
///
/// # Errors
/// A sentence with the first probability that differs by more than `tol`, or the calibrator's own error.
pub fn unit_does_not_matter<C: Calibrator + ?Sized>(
    calibrator: &C,
    scores: &[f64],
    y: &[Label],
    (factor, shift): (f64, f64),
    tol: f64,
) -> Result<(), String> {
    let moved: Vec<f64> = scores.iter().map(|s| factor * s + shift).collect();
    agree(
        "the unit of the scores does not matter",
        &at(calibrator, (scores, y, None), scores)?,
        &at(calibrator, (&moved, y, None), &moved)?,
        tol,
    )
}
