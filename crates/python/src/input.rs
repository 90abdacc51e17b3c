//! What comes from Python, and errors on their way back.

use std::fmt::Display;

use fuzzysvm::core::{Label, Matrix, ParamError};
use fuzzysvm::estimator::method::ParamPair;
use fuzzysvm::estimator::{Estimator, KernelName, KernelSpec, Warning};
use fuzzysvm::kernels::Gamma;
use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A table of numbers, C-contiguous and read in place.
pub type Table<'py> = PyReadonlyArray2<'py, f64>;
/// A list of numbers, contiguous and read in place.
pub type Column<'py> = PyReadonlyArray1<'py, f64>;
/// For every sample whether it is positive.
pub type Classes<'py> = PyReadonlyArray1<'py, bool>;

/// An error in Rust as a `ValueError`, with parameters named as in Python.
pub fn value_error(error: impl Display) -> PyErr {
    let text = error.to_string();
    PyValueError::new_err(text.replace("parameter `c` ", "parameter `C` "))
}

/// The rows of a table.
pub fn matrix<'a>(x: &'a Table<'_>) -> PyResult<Matrix<'a>> {
    if !x.is_c_contiguous() {
        return Err(PyValueError::new_err("the table must be C-contiguous"));
    }
    Matrix::new(x.as_slice().map_err(value_error)?, x.shape()[1]).map_err(value_error)
}

/// The numbers of a list.
pub fn numbers<'a>(column: &'a Column<'_>) -> PyResult<&'a [f64]> {
    column.as_slice().map_err(value_error)
}

/// The classes of the samples.
pub fn labels(positive: &Classes<'_>) -> PyResult<Vec<Label>> {
    let label = |positive: &bool| match positive {
        true => Label::Positive,
        false => Label::Negative,
    };
    let positive = positive.as_slice().map_err(value_error)?;
    Ok(positive.iter().map(label).collect())
}

/// The method of this name with these parameters. Default neighborhood sizes that so few samples do not allow are left
/// out with a warning; sizes that are given stay, and are an error later.
pub fn estimator(
    method: &str,
    params: &[ParamPair],
    n_samples: usize,
) -> PyResult<(Estimator, Option<Warning>)> {
    let mut estimator = Estimator::named(method).map_err(value_error)?;
    let mut warning = None;
    if params.iter().all(|(name, _)| name != "ks") {
        (estimator, warning) = estimator.with_ks_below(n_samples);
    }
    let estimator = estimator.with_params(params).map_err(value_error)?;
    Ok((estimator, warning))
}

/// A kernel as Python gives it: scikit-learn's name, γ as a number, degree and constant.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct KernelParams {
    kernel: String,
    gamma: f64,
    degree: i64,
    coef0: f64,
}

impl KernelParams {
    /// The kernel that is meant.
    pub fn spec(&self) -> PyResult<KernelSpec> {
        let mut spec = KernelSpec::default().with_gamma(Gamma::Value(self.gamma));
        spec.name = kernel_name(&self.kernel)?;
        let degree = u32::try_from(self.degree).map_err(|_| {
            let rule = "must be a whole number from 0";
            value_error(ParamError::new("degree", self.degree, rule))
        })?;
        spec.degree = degree;
        spec.coef0 = self.coef0;
        spec.validate().map_err(value_error)?;
        Ok(spec)
    }
}

/// The kernel of this name, scikit-learn's or ours.
fn kernel_name(name: &str) -> PyResult<KernelName> {
    Ok(match name {
        "linear" => KernelName::Linear,
        "poly" | "polynomial" => KernelName::Polynomial,
        "rbf" => KernelName::Rbf,
        "sigmoid" => KernelName::Sigmoid,
        "laplacian" => KernelName::Laplacian,
        "precomputed" => KernelName::Precomputed,
        _ => {
            return Err(value_error(format_args!(
                "no kernel is called {name:?}; there are linear, poly, rbf, sigmoid, laplacian, precomputed"
            )));
        }
    })
}
