//! Checks and preparation common to all learners.

use crate::BaselineError;
use fuzzysvm_core::{Label, Matrix, MatrixBuf, PredictError, Samples, WeightError, check_weights};
use rayon::prelude::*;
use std::borrow::Cow;

/// Rows are counted in 32 bits.
const MOST_ROWS: usize = u32::MAX as usize - 1;

/// The samples to fit on: rows of weight 0 are removed before any random number is drawn.
pub(crate) struct Prepared<'a> {
    x: Cow<'a, [f64]>,
    n_cols: usize,
    /// Whether a row is positive.
    pub positive: Vec<bool>,
    /// The largest weight.
    pub largest: f64,
    /// The weights divided by the largest, so that no sum overflows and a constant weight is exactly 1.
    pub weight: Vec<f64>,
}

impl<'a> Prepared<'a> {
    pub fn new(train: Samples<'a>, sample_weight: Option<&[f64]>) -> Result<Self, BaselineError> {
        train.require_both_classes()?;
        let n = train.n_samples();
        if n > MOST_ROWS {
            return Err(BaselineError::TooManyRows {
                n_rows: n,
                most: MOST_ROWS,
            });
        }
        if let Some(w) = sample_weight {
            check_weights(w, train.y())?;
        }
        let all = |i: usize| sample_weight.map_or(1.0, |w| w[i]);
        let rows: Vec<usize> = (0..n).filter(|&i| all(i) > 0.0).collect();
        let x = if rows.len() == n {
            Cow::Borrowed(train.x().as_slice())
        } else {
            Cow::Owned(train.x().select_rows(&rows).into_vec())
        };
        let given: Vec<f64> = rows.iter().map(|&i| all(i)).collect();
        let largest = given.iter().fold(0.0f64, |m, &w| m.max(w));
        let weight: Vec<f64> = given.iter().map(|w| w / largest).collect();
        let positive: Vec<bool> = rows.iter().map(|&i| train.y()[i].is_positive()).collect();
        let prepared = Self {
            x,
            n_cols: train.n_features(),
            positive,
            largest,
            weight,
        };
        // Weights like 1e-320 beside 1e300 vanish when scaled; then the class is missing.
        for (sum, class) in prepared
            .class_weight_sums()
            .into_iter()
            .zip([Label::Negative, Label::Positive])
        {
            if sum <= 0.0 {
                return Err(WeightError::MissingClass { class }.into());
            }
        }
        Ok(prepared)
    }

    pub fn x(&self) -> Result<Matrix<'_>, BaselineError> {
        // The values were checked when the caller made the matrix, and are looked through again: once for a fit.
        Matrix::new(&self.x, self.n_cols).map_err(|_| BaselineError::ModelNotFinite)
    }

    pub fn n_rows(&self) -> usize {
        self.positive.len()
    }

    pub fn n_features(&self) -> usize {
        self.n_cols
    }

    /// Sum of the scaled weights: negative, positive.
    pub fn class_weight_sums(&self) -> [f64; 2] {
        class_sums(&self.positive, &self.weight)
    }

    /// The rows of the larger and of the smaller class, by count; the positive class is the smaller
    /// of two equal ones.
    pub fn larger_and_smaller(&self) -> (Vec<u32>, Vec<u32>) {
        let (positive, negative): (Vec<u32>, Vec<u32>) =
            (0..self.n_rows() as u32).partition(|&i| self.positive[i as usize]);
        if positive.len() > negative.len() {
            (positive, negative)
        } else {
            (negative, positive)
        }
    }

    /// These rows alone.
    pub fn select(&self, rows: &[u32]) -> Result<(MatrixBuf, Vec<bool>, Vec<f64>), BaselineError> {
        let places: Vec<usize> = rows.iter().map(|&i| i as usize).collect();
        let x = self.x()?.select_rows(&places);
        let positive = places.iter().map(|&i| self.positive[i]).collect();
        let weight = places.iter().map(|&i| self.weight[i]).collect();
        Ok((x, positive, weight))
    }
}

/// Sums by class: negative, positive.
pub(crate) fn class_sums(positive: &[bool], weight: &[f64]) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for (&p, w) in positive.iter().zip(weight) {
        sums[usize::from(p)] += w;
    }
    sums
}

/// An error where the rows have another number of features than the model.
pub(crate) fn check_features(expected: usize, x: Matrix<'_>) -> Result<(), PredictError> {
    if x.n_cols() == expected {
        Ok(())
    } else {
        Err(PredictError::FeatureCount {
            expected,
            found: x.n_cols(),
        })
    }
}

/// One number per row, computed in parallel.
pub(crate) fn by_row(x: Matrix<'_>, of: impl Fn(&[f64]) -> f64 + Send + Sync) -> Vec<f64> {
    x.as_slice()
        .par_chunks(x.n_cols())
        .with_min_len(64)
        .map(of)
        .collect()
}
