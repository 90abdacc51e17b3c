//! What a membership must satisfy, as plain functions to run on yours.
//!
//! Each returns `Err` with a sentence where the law does not hold. [`check`] runs them all.

use crate::Membership;
use fuzzysvm_core::{Label, MatrixBuf, Samples};
use std::cmp::Ordering::{Equal, Less};

fn of<M: Membership + ?Sized>(strategy: &M, train: Samples<'_>) -> Result<Vec<f64>, String> {
    let s = strategy.membership(train).map_err(|e| e.to_string())?;
    if s.len() == train.n_samples() {
        Ok(s)
    } else {
        let (found, wanted) = (s.len(), train.n_samples());
        Err(format!("{found} memberships for {wanted} samples"))
    }
}

fn agree(law: &str, one: &[f64], other: &[f64], tol: f64) -> Result<(), String> {
    // NaN counts as a difference.
    let differ =
        |(a, b): (&f64, &f64)| !matches!((a - b).abs().partial_cmp(&tol), Some(Less | Equal));
    match one.iter().zip(other).position(differ) {
        Some(i) => Err(format!(
            "{law}: sample {i} has {} one way and {} the other",
            one[i], other[i]
        )),
        None => Ok(()),
    }
}

fn mapped(train: Samples<'_>, map: impl Fn(usize, f64) -> f64) -> Result<MatrixBuf, String> {
    let d = train.n_features();
    let values = train
        .x()
        .as_slice()
        .iter()
        .enumerate()
        .map(|(at, &v)| map(at % d, v))
        .collect();
    MatrixBuf::new(values, d).map_err(|e| e.to_string())
}

/// Every membership lies in [0, 1], and there are as many as samples.
///
/// # Errors
/// The first sample outside, or the strategy's own error.
pub fn in_unit_interval<M: Membership + ?Sized>(
    strategy: &M,
    train: Samples<'_>,
) -> Result<(), String> {
    let s = of(strategy, train)?;
    match s.iter().position(|v| !(0.0..=1.0).contains(v)) {
        Some(i) => Err(format!("sample {i} has membership {}", s[i])),
        None => Ok(()),
    }
}

/// Permuting the samples permutes the memberships. Use data without tied distances where the strategy
/// looks at neighbors: ties fall by row number.
///
/// # Errors
/// The first sample that differs by more than `tol`, or the strategy's own error.
pub fn order_does_not_matter<M: Membership + ?Sized>(
    strategy: &M,
    train: Samples<'_>,
    permutation: &[usize],
    tol: f64,
) -> Result<(), String> {
    let x = train.x().select_rows(permutation);
    let y: Vec<_> = permutation.iter().map(|&i| train.y()[i]).collect();
    let permuted = Samples::new(x.view(), &y).map_err(|e| e.to_string())?;
    let s = of(strategy, train)?;
    let expected: Vec<f64> = permutation.iter().map(|&i| s[i]).collect();
    agree(
        "the order of the samples must not matter",
        &expected,
        &of(strategy, permuted)?,
        tol,
    )
}

/// Samples of the minority have membership 1. Some shipped strategies weigh the minority too, and say so.
///
/// # Errors
/// The first minority sample that has less, or the strategy's own error.
pub fn minority_counts_fully<M: Membership + ?Sized>(
    strategy: &M,
    train: Samples<'_>,
    minority: Label,
) -> Result<(), String> {
    let s = of(strategy, train)?;
    match (0..s.len()).find(|&i| train.y()[i] == minority && s[i] != 1.0) {
        Some(i) => Err(format!("minority sample {i} has membership {}", s[i])),
        None => Ok(()),
    }
}

/// Adding the same vector to every sample changes nothing. Use a shift that does not round, such as
/// integers on data with few binary places.
///
/// # Errors
/// The first sample that differs by more than `tol`, or the strategy's own error.
pub fn shift_does_not_matter<M: Membership + ?Sized>(
    strategy: &M,
    train: Samples<'_>,
    shift: &[f64],
    tol: f64,
) -> Result<(), String> {
    let x = mapped(train, |column, v| v + shift[column % shift.len().max(1)])?;
    let shifted = Samples::new(x.view(), train.y()).map_err(|e| e.to_string())?;
    agree(
        "a shift must not matter",
        &of(strategy, train)?,
        &of(strategy, shifted)?,
        tol,
    )
}

/// Multiplying all of x by one positive number changes nothing. Use a power of two, which does not
/// round. (The class center keeps this up to its δ, a length; an exponential decay contains a length and does not.)
///
/// # Errors
/// The first sample that differs by more than `tol`, or the strategy's own error.
pub fn scale_does_not_matter<M: Membership + ?Sized>(
    strategy: &M,
    train: Samples<'_>,
    factor: f64,
    tol: f64,
) -> Result<(), String> {
    let x = mapped(train, |_, v| v * factor)?;
    let scaled = Samples::new(x.view(), train.y()).map_err(|e| e.to_string())?;
    agree(
        "the scale must not matter",
        &of(strategy, train)?,
        &of(strategy, scaled)?,
        tol,
    )
}

/// A single class is an error, never a vector of numbers.
///
/// # Errors
/// Where the strategy returns memberships.
pub fn one_class_is_an_error<M: Membership + ?Sized>(
    strategy: &M,
    train: Samples<'_>,
) -> Result<(), String> {
    for class in [Label::Negative, Label::Positive] {
        let y = vec![class; train.n_samples()];
        let one_class = Samples::new(train.x(), &y).map_err(|e| e.to_string())?;
        if strategy.membership(one_class).is_ok() {
            return Err(format!("memberships although all samples are {class}"));
        }
    }
    Ok(())
}

/// All laws of a strategy that gives the positive class, as the minority, full weight: one call for
/// a new strategy. Reverses the samples, shifts by 1, 2, 3, … and doubles; `train` must have no tied
/// distances and few binary places.
///
/// # Errors
/// The first law that does not hold.
pub fn check<M: Membership + ?Sized>(
    strategy: &M,
    train: Samples<'_>,
    tol: f64,
) -> Result<(), String> {
    let reversed: Vec<usize> = (0..train.n_samples()).rev().collect();
    let shift: Vec<f64> = (1..=train.n_features()).map(|c| c as f64).collect();
    in_unit_interval(strategy, train)?;
    order_does_not_matter(strategy, train, &reversed, tol)?;
    minority_counts_fully(strategy, train, Label::Positive)?;
    shift_does_not_matter(strategy, train, &shift, tol)?;
    scale_does_not_matter(strategy, train, 2.0, tol)?;
    one_class_is_an_error(strategy, train)
}
