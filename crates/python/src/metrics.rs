//! Metrics that scikit-learn does not have.

use fuzzysvm::evaluation;
use pyo3::prelude::*;

use crate::input::{Classes, Column, labels, numbers, value_error};

/// √(recall₊ · recall₋).
#[pyfunction]
pub fn geometric_mean_score(truth: Classes<'_>, predicted: Classes<'_>) -> PyResult<f64> {
    let score = evaluation::geometric_mean_score(&labels(&truth)?, &labels(&predicted)?);
    score.map_err(value_error)
}

/// The greatest distance of the two classes' distributions of scores.
#[pyfunction]
pub fn ks_statistic(truth: Classes<'_>, scores: Column<'_>) -> PyResult<f64> {
    evaluation::ks_statistic(&labels(&truth)?, numbers(&scores)?).map_err(value_error)
}
