//! Fitting and deciding.

use fuzzysvm::core::{Classifier as _, Label, MatrixBuf, MatrixError, ParamError, Samples};
use fuzzysvm::estimator::method::ParamPair;
use fuzzysvm::estimator::{CanonicalOrder, KernelName, SvmModel, SvmSpec, Warning};
use fuzzysvm::kernels::{Gamma, Linear};
use fuzzysvm::qp::Smo;
use fuzzysvm::svm::{SvcModel, SvmError};
use numpy::{IntoPyArray as _, PyArray2, PyArrayMethods as _, PyReadonlyArray1};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::detached::{detached, detached_rows};
use crate::input::{
    Classes, Column, KernelParams, Table, estimator, labels, matrix, numbers, value_error,
};

/// Settings of the machine and its solver.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct SvmParams {
    c: f64,
    tol: f64,
    cache_size: f64,
    /// −1 for no limit of the caller's.
    max_iter: i64,
}

impl SvmParams {
    /// The machine with this kernel.
    pub fn spec(&self, kernel: &KernelParams) -> PyResult<SvmSpec> {
        let max_iter = match self.max_iter {
            -1 => None,
            n => Some(u64::try_from(n).ok().filter(|n| *n > 0).ok_or_else(|| {
                value_error(ParamError::new("max_iter", n, "must be -1 or at least 1"))
            })?),
        };
        let solver = Smo {
            tol: self.tol,
            cache_size: self.cache_size,
            max_iter,
            ..Smo::default()
        };
        let svm = SvmSpec {
            c: self.c,
            kernel: kernel.spec()?,
            solver,
            ..SvmSpec::default()
        };
        svm.validate().map_err(value_error)?;
        Ok(svm)
    }
}

/// γ as a number: of the words `scale` and `auto` that of the features, where a sample of weight w counts w times.
#[pyfunction]
#[pyo3(signature = (x, gamma, sample_weight=None))]
pub fn gamma(x: Table<'_>, gamma: &str, sample_weight: Option<Column<'_>>) -> PyResult<f64> {
    let gamma: Gamma = gamma.parse().map_err(value_error)?;
    let x = matrix(&x)?;
    let weights = sample_weight.as_ref().map(numbers).transpose()?;
    // The sum of the squares is rounded in the order of the rows.
    let y = vec![Label::Negative; x.n_rows()];
    let ordered = CanonicalOrder::of(Samples::new(x, &y).map_err(value_error)?, weights);
    let x = ordered.samples().map_err(value_error)?.x();
    let resolved = match ordered.weights() {
        Some(weights) => {
            let kept: Vec<usize> = (0..weights.len()).filter(|&i| weights[i] != 0.0).collect();
            let weights: Vec<f64> = kept.iter().map(|&i| weights[i]).collect();
            gamma.resolve_weighted(x.select_rows(&kept).view(), &weights)
        }
        None => gamma.resolve(x),
    };
    resolved.map_err(value_error)
}

/// Fits the support vector machine whose samples the method weighs. `names` are those of the features and of the
/// negative and the positive class.
///
/// Returns a dict: `support`, `dual_coef` (y α of the support vectors), `intercept`, `membership`, `entropy` (a row per
/// sample and a column per neighborhood size, or None), `n_iter`, `objective`, `kkt_gap`, `status`, `warnings`.
#[pyfunction]
#[pyo3(signature = (x, positive, method, params, kernel, svm, names, sample_weight=None))]
#[expect(clippy::too_many_arguments, reason = "one call from Python")]
pub fn fit<'py>(
    py: Python<'py>,
    x: Table<'py>,
    positive: Classes<'py>,
    method: &str,
    params: Vec<ParamPair>,
    kernel: KernelParams,
    svm: SvmParams,
    names: (Vec<String>, [String; 2]),
    sample_weight: Option<Column<'py>>,
) -> PyResult<Bound<'py, PyDict>> {
    let (features, classes) = names;
    let (x, y) = (matrix(&x)?, labels(&positive)?);
    let weights = sample_weight.as_ref().map(numbers).transpose()?;
    let n_kept = weights.map_or(y.len(), |w| w.iter().filter(|w| **w > 0.0).count());
    let (estimator, left_out) = estimator(method, &params, n_kept)?;
    let estimator = estimator.with_svm(svm.spec(&kernel)?);
    let fit = detached(py, || {
        let train = Samples::new(x, &y).map_err(value_error)?;
        let fit = estimator.fit_samples(&features, &classes, train, weights);
        fit.map_err(value_error)
    })?;
    let SvmModel::Exact(model) = fit.model else {
        return Err(PyRuntimeError::new_err("the machine must be the exact one"));
    };
    // Python says itself that the solver stopped early, as scikit-learn does.
    let early = |w: &&Warning| matches!(w, Warning::MaxIterations { .. } | Warning::Stalled { .. });
    let others = left_out.iter().chain(&fit.warnings).filter(|w| !early(w));
    let said: Vec<String> = others.map(ToString::to_string).collect();
    let entropy = fit.entropy.map(|entropy| {
        let n_ks = entropy.len() / y.len();
        entropy.into_pyarray(py).reshape([y.len(), n_ks])
    });
    let dict = PyDict::new(py);
    dict.set_item("entropy", entropy.transpose()?)?;
    dict.set_item("support", model.support.into_pyarray(py))?;
    dict.set_item("dual_coef", model.dual_coef.into_pyarray(py))?;
    dict.set_item("intercept", model.intercept)?;
    dict.set_item("membership", fit.membership.into_pyarray(py))?;
    dict.set_item("n_iter", model.info.iterations)?;
    dict.set_item("objective", model.info.objective)?;
    dict.set_item("kkt_gap", model.info.kkt_gap)?;
    dict.set_item("status", model.info.status.to_string())?;
    dict.set_item("warnings", said)?;
    Ok(dict)
}

/// One decision value per row of `x` and machine. Machines are those of the pairs of classes, or of each class against the
/// rest: each has some of the support vectors, by their places, with its coefficients, and an intercept. With the kernel
/// `precomputed` a row holds the kernel values with all `n_samples` training samples, and the support vectors play no
/// part.
#[pyfunction]
pub fn decision_function<'py>(
    py: Python<'py>,
    x: Table<'py>,
    kernel: KernelParams,
    support: PyReadonlyArray1<'py, usize>,
    support_vectors: Table<'py>,
    machines: Vec<(PyReadonlyArray1<'py, usize>, Column<'py>, f64)>,
    n_samples: usize,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let spec = kernel.spec()?;
    let x = matrix(&x)?;
    let vectors = match spec.name {
        KernelName::Precomputed => None,
        _ => Some(matrix(&support_vectors)?),
    };
    let support = support.as_slice().map_err(value_error)?;
    let part = |(places, coef, intercept): &(PyReadonlyArray1<'_, usize>, Column<'_>, f64)| {
        let places = places.as_slice().map_err(value_error)?.to_vec();
        Ok((places, numbers(coef)?.to_vec(), *intercept))
    };
    let machines = machines.iter().map(part).collect::<PyResult<Vec<_>>>()?;
    let n_machines = machines.len();
    let values = detached_rows(py, x.n_rows(), || {
        let mut values = vec![0.0; x.n_rows() * n_machines];
        for (m, (places, coef, intercept)) in machines.into_iter().enumerate() {
            if places.iter().any(|&k| k >= support.len()) {
                return Err(value_error(SvmError::Parts));
            }
            let rows = places.iter().map(|&k| support[k]).collect();
            let decisions = match vectors {
                // Of the kernel values that are given; kernel and vectors of this model are never looked at.
                None => {
                    let vectors = row_numbers(&places).map_err(value_error)?;
                    SvcModel::from_parts(Linear, rows, vectors, coef, intercept, n_samples)
                        .map_err(value_error)?
                        .decision_of_kernel_rows(x)
                }
                Some(all) => {
                    let kernel = spec.resolve(all).map_err(value_error)?;
                    let vectors = all.select_rows(&places);
                    SvcModel::from_parts(kernel, rows, vectors, coef, intercept, n_samples)
                        .map_err(value_error)?
                        .decision_function(x)
                }
            };
            for (i, decision) in decisions.map_err(value_error)?.into_iter().enumerate() {
                values[i * n_machines + m] = decision;
            }
        }
        Ok(values)
    })?;
    let shape = [
        values.len().checked_div(n_machines).unwrap_or(0),
        n_machines,
    ];
    values.into_pyarray(py).reshape(shape)
}

fn row_numbers(rows: &[usize]) -> Result<MatrixBuf, MatrixError> {
    MatrixBuf::new(rows.iter().map(|row| *row as f64).collect(), 1)
}
