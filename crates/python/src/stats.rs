//! Tests of significance.

use fuzzysvm::core::Matrix;
use fuzzysvm::evaluation::{
    self, FriedmanTest, NullChoice, NullDistribution, SignedRank, ZeroDifferences,
};
use numpy::{IntoPyArray as _, PyArray1, PyArray2, PyArrayMethods as _};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::input::{Column, Table, matrix, numbers, value_error};

fn rows<'a>(x: Matrix<'a>) -> Vec<&'a [f64]> {
    (0..x.n_rows()).map(|i| x.row(i)).collect()
}

/// The name of a distribution.
fn distribution(of: NullDistribution) -> &'static str {
    match of {
        NullDistribution::Exact => "exact",
        NullDistribution::Sampled => "sampled",
        NullDistribution::Normal => "normal",
        NullDistribution::F => "f",
        _ => "other",
    }
}

/// The option of this name.
fn choice<T: Copy>(param: &str, name: &str, options: &[(&str, T)]) -> PyResult<T> {
    let found = options.iter().find(|(option, _)| *option == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = options.iter().map(|(option, _)| *option).collect();
        let names = names.join(", ");
        PyValueError::new_err(format!("{param} must be one of {names}; got {name:?}"))
    })
}

/// Friedman's test as a dict.
#[pyfunction]
pub fn friedman<'py>(
    py: Python<'py>,
    table: Table<'py>,
    n_samples: usize,
    seed: u64,
) -> PyResult<Bound<'py, PyDict>> {
    let mut settings = FriedmanTest::default();
    (settings.n_samples, settings.seed) = (n_samples, seed);
    let test = settings.test(&rows(matrix(&table)?)).map_err(value_error)?;
    let dict = PyDict::new(py);
    dict.set_item("average_ranks", test.average_ranks.into_pyarray(py))?;
    dict.set_item("chi_squared", test.chi_squared)?;
    dict.set_item("chi_squared_p_value", test.chi_squared_p_value)?;
    dict.set_item("iman_davenport", test.iman_davenport)?;
    dict.set_item("iman_davenport_p_value", test.iman_davenport_p_value)?;
    dict.set_item("p_value", test.p_value)?;
    let name = distribution(test.null_distribution);
    dict.set_item("null_distribution", name)?;
    Ok(dict)
}

/// The critical difference, the average ranks, and the p-value of every pair as a symmetric matrix, 1 on its diagonal.
type Pairs<'py> = (f64, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>);

/// Nemenyi's test.
#[pyfunction]
pub fn nemenyi<'py>(py: Python<'py>, table: Table<'py>, alpha: f64) -> PyResult<Pairs<'py>> {
    let test = evaluation::friedman(&rows(matrix(&table)?)).map_err(value_error)?;
    let found = evaluation::nemenyi(&test, alpha).map_err(value_error)?;
    let k = test.n_methods;
    let mut p = vec![1.0; k * k];
    for pair in &found.pairs {
        p[pair.first * k + pair.second] = pair.p_value;
        p[pair.second * k + pair.first] = pair.p_value;
    }
    let p = p.into_pyarray(py).reshape([k, k])?;
    Ok((
        found.critical_difference,
        test.average_ranks.into_pyarray(py),
        p,
    ))
}

/// Wilcoxon's signed-rank test as a dict.
#[pyfunction]
pub fn wilcoxon<'py>(
    py: Python<'py>,
    first: Column<'py>,
    second: Column<'py>,
    zeros: &str,
    tie_correction: bool,
    null_distribution: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let zeros = choice(
        "zeros",
        zeros,
        &[
            ("split-even", ZeroDifferences::SplitEven),
            ("split", ZeroDifferences::Split),
            ("drop", ZeroDifferences::Drop),
            ("pratt", ZeroDifferences::Pratt),
        ],
    )?;
    let null = choice(
        "null_distribution",
        null_distribution,
        &[
            ("auto", NullChoice::Auto),
            ("exact", NullChoice::Exact),
            ("scipy", NullChoice::Scipy),
            ("normal", NullChoice::Normal),
        ],
    )?;
    let settings = SignedRank {
        zeros,
        tie_correction,
        null,
    };
    let test = settings.test(numbers(&first)?, numbers(&second)?);
    let test = test.map_err(value_error)?;
    let dict = PyDict::new(py);
    dict.set_item("n", test.n)?;
    dict.set_item("rank_sum_first", test.rank_sum_first)?;
    dict.set_item("rank_sum_second", test.rank_sum_second)?;
    dict.set_item("z", test.z)?;
    dict.set_item("p_value", test.p_value)?;
    let name = distribution(test.null_distribution);
    dict.set_item("null_distribution", name)?;
    Ok(dict)
}

/// Holm's adjusted p-values.
#[pyfunction]
pub fn holm<'py>(py: Python<'py>, p_values: Column<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let adjusted = evaluation::holm(numbers(&p_values)?).map_err(value_error)?;
    Ok(adjusted.into_pyarray(py))
}
