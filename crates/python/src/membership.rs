//! Memberships and entropies alone.

use std::ffi::CString;

use fuzzysvm::core::Samples;
use fuzzysvm::estimator::CanonicalOrder;
use fuzzysvm::estimator::method::{MethodKind, MethodSettings, ParamPair, Preliminary, methods};
use fuzzysvm::membership::{Strategy as _, neighborhood_entropy};
use numpy::{IntoPyArray as _, PyArray1, PyArray2, PyArrayMethods as _};
use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::detached::detached;
use crate::input::{Classes, Table, estimator, labels, matrix, value_error};

/// The membership of every sample by the method of this name.
#[pyfunction]
pub fn membership<'py>(
    py: Python<'py>,
    x: Table<'py>,
    positive: Classes<'py>,
    method: &str,
    params: Vec<ParamPair>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let (x, y) = (matrix(&x)?, labels(&positive)?);
    let (estimator, left_out) = estimator(method, &params, y.len())?;
    if let Some(warning) = left_out {
        let (kind, words) = (py.get_type::<PyUserWarning>(), warning.to_string());
        // Where the function of the package was called.
        PyErr::warn(py, &kind, &CString::new(words)?, 2)?;
    }
    let MethodSettings::Membership(weighting) = estimator.method else {
        return Err(value_error(format_args!("{method} is not a membership")));
    };
    let s = detached(py, || {
        let train = Samples::new(x, &y).map_err(value_error)?;
        // As in a fit: the order of the rows plays no part, unless they are in order of time.
        let given = weighting.membership.needs_times();
        let ordered = (!given).then(|| CanonicalOrder::of(train, None));
        let train = ordered.as_ref().map_or(Ok(train), CanonicalOrder::samples);
        let train = train.map_err(value_error)?;
        let s = weighting.membership(&[], train, Preliminary::Default);
        match ordered {
            None => s.map_err(value_error),
            Some(ordered) => match s {
                Ok(s) => Ok(ordered.put_back(&s, 1)),
                Err(e) => Err(value_error(ordered.error_put_back(e))),
            },
        }
    })?;
    Ok(s.into_pyarray(py))
}

/// The entropy in nats of the classes among the k nearest neighbors, for every sample and every k.
#[pyfunction]
pub fn class_entropy<'py>(
    py: Python<'py>,
    x: Table<'py>,
    positive: Classes<'py>,
    ks: Vec<usize>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let (x, y) = (matrix(&x)?, labels(&positive)?);
    let entropies = detached(py, || {
        let train = Samples::new(x, &y).map_err(value_error)?;
        let ordered = CanonicalOrder::of(train, None);
        let train = ordered.samples().map_err(value_error)?;
        let entropies = neighborhood_entropy(train, &ks).map_err(value_error)?;
        Ok(ordered.put_back(&entropies, ks.len()))
    })?;
    entropies.into_pyarray(py).reshape([y.len(), ks.len()])
}

/// The memberships of the registry as dicts: `name`, `aliases` (other names), `title`, `summary`, `source`,
/// `first_model` and `times` (whether it needs them), `features` (whether it needs more than a Gram matrix), `grid`, a
/// list of parameters and the values they are tuned over, and `params`, a list of name, default, rule and help.
#[pyfunction]
pub fn memberships(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyDict>>> {
    use fuzzysvm::core::Parameters as _;
    let of_kind = methods()
        .iter()
        .filter(|m| m.kind == MethodKind::Membership);
    let dict = |m: &fuzzysvm::estimator::method::MethodEntry| {
        let defaults = m.settings();
        let param =
            |p: &fuzzysvm::core::ParamSpec| (p.name, defaults.get_param(p.name), p.rule, p.help);
        let dict = PyDict::new(py);
        dict.set_item("name", m.name)?;
        dict.set_item("aliases", m.aliases.to_vec())?;
        dict.set_item("title", m.title)?;
        dict.set_item("summary", m.summary)?;
        dict.set_item("source", m.source)?;
        dict.set_item("first_model", m.needs.first_model)?;
        dict.set_item("times", m.needs.times)?;
        dict.set_item("features", m.needs.features)?;
        dict.set_item("grid", m.grid_lists())?;
        dict.set_item("params", m.params.iter().map(param).collect::<Vec<_>>())?;
        Ok(dict)
    };
    of_kind.map(dict).collect()
}
