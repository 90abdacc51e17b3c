//! The baselines, which are no support vector machines.

use fuzzysvm::baselines::BaselineModel;
use fuzzysvm::core::{
    Classifier as _, Learner as _, ParamSpec, ParamType, Parameters as _, Samples,
};
use fuzzysvm::estimator::Estimator;
use fuzzysvm::estimator::method::{MethodEntry, MethodSettings, ParamPair, methods};
use numpy::{IntoPyArray as _, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::detached::{detached, detached_rows};
use crate::input::{Classes, Column, Table, labels, matrix, numbers, value_error};

/// A fitted baseline. Its state is the text of its model file.
#[pyclass(module = "fuzzysvm._native", frozen)]
pub struct PeerModel {
    model: BaselineModel,
}

#[pymethods]
impl PeerModel {
    /// Reads the text of a model file.
    #[new]
    fn new(text: &str) -> PyResult<Self> {
        let model = BaselineModel::from_json(text).map_err(value_error)?;
        Ok(Self { model })
    }

    /// Fits the baseline of this name.
    #[staticmethod]
    #[pyo3(signature = (x, positive, name, params, seed, sample_weight=None))]
    fn fit(
        py: Python<'_>,
        x: Table<'_>,
        positive: Classes<'_>,
        name: &str,
        params: Vec<ParamPair>,
        seed: u64,
        sample_weight: Option<Column<'_>>,
    ) -> PyResult<Self> {
        let (x, y) = (matrix(&x)?, labels(&positive)?);
        let weights = sample_weight.as_ref().map(numbers).transpose()?;
        let estimator = Estimator::named(name).map_err(value_error)?;
        let estimator = estimator.with_params(&params).map_err(value_error)?;
        let MethodSettings::Baseline(baseline) = estimator.with_seed(seed).method else {
            return Err(value_error(format_args!("{name} is not a baseline")));
        };
        let model = detached(py, || {
            let train = Samples::new(x, &y).map_err(value_error)?;
            baseline.fit(train, weights).map_err(value_error)
        })?;
        Ok(Self { model })
    }

    /// The text of the model file.
    fn to_json(&self) -> PyResult<String> {
        self.model.to_json().map_err(value_error)
    }

    fn __getnewargs__(&self) -> PyResult<(String,)> {
        Ok((self.to_json()?,))
    }

    /// One decision value per row, greater than 0 for the positive class.
    fn decision_function<'py>(
        &self,
        py: Python<'py>,
        x: Table<'py>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let x = matrix(&x)?;
        let model = &self.model;
        let values = detached_rows(py, x.n_rows(), || {
            model.decision_function(x).map_err(value_error)
        })?;
        Ok(values.into_pyarray(py))
    }

    /// The probability of the positive class for every row; `None` for a method that has none.
    fn predict_proba<'py>(
        &self,
        py: Python<'py>,
        x: Table<'py>,
    ) -> PyResult<Option<Bound<'py, PyArray1<f64>>>> {
        let x = matrix(&x)?;
        let model = &self.model;
        let values = detached_rows(py, x.n_rows(), || {
            model.predict_proba(x).map_err(value_error)
        })?;
        Ok(values.map(|p| p.into_pyarray(py)))
    }
}

/// The baselines of the registry as dicts: `name`, `title`, `summary`, `source`, and `params`, a list of name, default,
/// kind, rule and help.
#[pyfunction]
pub fn baselines(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyDict>>> {
    let dict = |m: &MethodEntry| {
        let defaults = m.settings();
        let param = |p: &ParamSpec| (p.name, defaults.get_param(p.name), kind(p), p.rule, p.help);
        let dict = PyDict::new(py);
        dict.set_item("name", m.name)?;
        dict.set_item("title", m.title)?;
        dict.set_item("summary", m.summary)?;
        dict.set_item("source", m.source)?;
        dict.set_item("params", m.params.iter().map(param).collect::<Vec<_>>())?;
        Ok(dict)
    };
    methods()
        .iter()
        .filter(|m| m.is_baseline())
        .map(dict)
        .collect()
}

/// What kind of value a parameter takes, in a word.
fn kind(spec: &ParamSpec) -> &'static str {
    match spec.kind {
        ParamType::Integer => "integer",
        ParamType::Number => "number",
        ParamType::Boolean => "boolean",
        ParamType::Choice(_) => "choice",
        _ => "text",
    }
}
