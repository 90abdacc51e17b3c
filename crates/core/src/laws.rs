//! What every [`Learner`] that honours weights must satisfy, as plain functions to run on your own, and the changed
//! texts that every reader of files must survive.
//!
//! Each function returns `Err` with a sentence where the law does not hold, so that property tests
//! and doctests can use them alike.

use crate::{Classifier, Learner, MatrixBuf, Samples};

fn decisions<L: Learner>(
    learner: &L,
    train: Samples<'_>,
    weight: Option<&[f64]>,
    probe: Samples<'_>,
) -> Result<Vec<f64>, String> {
    let model = learner.fit(train, weight).map_err(|e| e.to_string())?;
    model
        .decision_function(probe.x())
        .map_err(|e| e.to_string())
}

fn agree(law: &str, a: &[f64], b: &[f64], tol: f64) -> Result<(), String> {
    for (row, (x, y)) in a.iter().zip(b).enumerate() {
        // Asked this way round so that NaN, which agrees with nothing, is caught.
        let close = (x - y).abs() <= tol * (1.0 + x.abs().max(y.abs()));
        if !close {
            return Err(format!(
                "{law}: row {row} has {x} one way and {y} the other"
            ));
        }
    }
    Ok(())
}

/// A weight of k is the same as the row repeated k times.
///
/// # Errors
/// A sentence with the first row whose decision values differ by more than `tol` (relative to
/// 1 + the larger magnitude), or the learner's own error.
pub fn weight_is_repetition<L: Learner>(
    learner: &L,
    train: Samples<'_>,
    counts: &[usize],
    tol: f64,
) -> Result<(), String> {
    let rows: Vec<usize> = counts
        .iter()
        .enumerate()
        .flat_map(|(i, &k)| std::iter::repeat_n(i, k))
        .collect();
    let x = train.x().select_rows(&rows);
    let y: Vec<_> = rows.iter().map(|&i| train.y()[i]).collect();
    let repeated = Samples::new(x.view(), &y).map_err(|e| e.to_string())?;
    let weights: Vec<f64> = counts.iter().map(|&k| k as f64).collect();
    agree(
        "weight k is the row repeated k times",
        &decisions(learner, train, Some(&weights), train)?,
        &decisions(learner, repeated, None, train)?,
        tol,
    )
}

/// No weights at all is the same as a weight of 1 for every sample.
///
/// # Errors
/// As [`weight_is_repetition`].
pub fn no_weight_is_weight_one<L: Learner>(
    learner: &L,
    train: Samples<'_>,
    tol: f64,
) -> Result<(), String> {
    let ones = vec![1.0; train.n_samples()];
    agree(
        "no weights is weight 1",
        &decisions(learner, train, Some(&ones), train)?,
        &decisions(learner, train, None, train)?,
        tol,
    )
}

/// Permuting the training rows does not change the model.
///
/// # Errors
/// As [`weight_is_repetition`].
pub fn order_does_not_matter<L: Learner>(
    learner: &L,
    train: Samples<'_>,
    weights: &[f64],
    permutation: &[usize],
    tol: f64,
) -> Result<(), String> {
    let x: MatrixBuf = train.x().select_rows(permutation);
    let y: Vec<_> = permutation.iter().map(|&i| train.y()[i]).collect();
    let w: Vec<f64> = permutation.iter().map(|&i| weights[i]).collect();
    let permuted = Samples::new(x.view(), &y).map_err(|e| e.to_string())?;
    agree(
        "the order of the rows does not matter",
        &decisions(learner, train, Some(weights), train)?,
        &decisions(learner, permuted, Some(&w), train)?,
        tol,
    )
}

/// The decision value of a row does not depend on the other rows of the call.
///
/// # Errors
/// A sentence with the first row whose value is not bit-equal alone and in company.
pub fn rows_are_scored_alone<C: Classifier>(model: &C, probe: Samples<'_>) -> Result<(), String> {
    let together = model
        .decision_function(probe.x())
        .map_err(|e| e.to_string())?;
    for (i, &expected) in together.iter().enumerate() {
        let alone = model
            .decision_function(probe.x().slice_rows(i, i + 1))
            .map_err(|e| e.to_string())?;
        if alone != [expected] {
            return Err(format!(
                "row {i} scores {expected} in company and {alone:?} alone"
            ));
        }
    }
    Ok(())
}

/// The text with one byte replaced, left out or doubled, at every place in turn: whoever reads such files must
/// refuse them or read a model that works, and not panic.
pub fn changed_at_every_byte(text: &str) -> impl Iterator<Item = String> + '_ {
    // Signs that JSON knows, so that many changes are read as something else and not as nothing.
    let signs = b"0123456789-.e,:[]{}\"nx";
    let one = move |at: usize, way: usize| {
        let mut bytes = text.as_bytes().to_vec();
        match way {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, bytes[at]),
            _ => bytes[at] = signs[(at * 7 + way * 11) % signs.len()],
        }
        String::from_utf8(bytes).ok()
    };
    (0..text.len()).flat_map(move |at| (0..5).filter_map(move |way| one(at, way)))
}
