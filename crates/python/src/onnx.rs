//! ONNX graphs: what `python/fuzzysvm/_onnx.py` puts them together from.

use fuzzysvm::estimator::KernelName;
use fuzzysvm::svm::onnx::{Classes, Features, Machine, OnnxError, OnnxGraph, Rule, Text};
use pyo3::prelude::*;

use crate::input::{KernelParams, Table, matrix, value_error};

/// A graph while it is put together; its methods are those of `fuzzysvm_svm::onnx::OnnxGraph`.
#[pyclass(name = "OnnxGraph")]
#[derive(Default)]
pub struct PyGraph(OnnxGraph);

/// Numbers in a graph.
#[pyclass(frozen, name = "OnnxFeatures")]
pub struct PyFeatures(Features);

/// A column of texts in a graph.
#[pyclass(frozen, name = "OnnxText")]
pub struct PyText(Text);

/// The classes; of two the negative one first.
#[derive(FromPyObject)]
pub enum PyClasses {
    Truth(Vec<bool>),
    Whole(Vec<i64>),
    Number(Vec<f64>),
    Text(Vec<String>),
}

impl From<PyClasses> for Classes {
    fn from(classes: PyClasses) -> Self {
        match classes {
            PyClasses::Truth(values) => Classes::Truth(values),
            PyClasses::Whole(values) => Classes::Whole(values),
            PyClasses::Number(values) => Classes::Number(values),
            PyClasses::Text(values) => Classes::Text(values),
        }
    }
}

fn features(made: Result<Features, OnnxError>) -> PyResult<PyFeatures> {
    made.map(PyFeatures).map_err(value_error)
}

#[pymethods]
impl PyGraph {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn numbers(&mut self, name: &str, n_columns: usize) -> PyResult<PyFeatures> {
        features(self.0.numbers(name, n_columns))
    }

    fn text(&mut self, name: &str) -> PyResult<PyText> {
        self.0.text(name).map(PyText).map_err(value_error)
    }

    fn filled_text(&mut self, text: &PyText, with: &str) -> PyText {
        PyText(self.0.filled_text(&text.0, with))
    }

    fn one_hot(&mut self, text: &PyText, categories: Vec<String>, known_only: bool) -> PyFeatures {
        PyFeatures(self.0.one_hot(&text.0, &categories, known_only))
    }

    fn one_hot_numbers(&mut self, x: &PyFeatures, categories: Vec<f64>) -> PyResult<PyFeatures> {
        features(self.0.one_hot_numbers(&x.0, &categories))
    }

    fn side_by_side(&mut self, parts: Vec<PyRef<'_, PyFeatures>>) -> PyFeatures {
        let parts: Vec<Features> = parts.iter().map(|part| part.0.clone()).collect();
        PyFeatures(self.0.side_by_side(&parts))
    }

    fn columns(&mut self, x: &PyFeatures, columns: Vec<usize>) -> PyResult<PyFeatures> {
        features(self.0.columns(&x.0, &columns))
    }

    fn missing(&mut self, x: &PyFeatures, columns: Vec<usize>) -> PyResult<PyFeatures> {
        features(self.0.missing(&x.0, &columns))
    }

    fn filled(&mut self, x: &PyFeatures, with: Vec<f64>) -> PyResult<PyFeatures> {
        features(self.0.filled(&x.0, &with))
    }

    fn scaled(
        &mut self,
        x: &PyFeatures,
        center: Vec<f64>,
        width: Vec<f64>,
    ) -> PyResult<PyFeatures> {
        features(self.0.scaled(&x.0, &center, &width))
    }

    /// The bytes of the file, whose graph ends with the machine that is made of these parts: `coefs` has a row for every
    /// decision function and a column for every support vector. `rule` is `sign`, `largest` or `pairs`; of pairs it is
    /// said whether ties are broken and whether there is one score per class.
    #[expect(clippy::too_many_arguments, reason = "one call from Python")]
    fn classify(
        &mut self,
        x: &PyFeatures,
        kernel: KernelParams,
        support_vectors: Table<'_>,
        coefs: Table<'_>,
        intercepts: Vec<f64>,
        classes: PyClasses,
        rule: &str,
        pairs: (bool, bool),
    ) -> PyResult<Vec<u8>> {
        let spec = kernel.spec()?;
        if spec.name == KernelName::Precomputed {
            let kernel = "precomputed";
            return Err(value_error(OnnxError::Kernel { kernel }));
        }
        let vectors = matrix(&support_vectors)?;
        let kernel = spec.resolve(vectors).map_err(value_error)?;
        let mut machine = Machine::of_kernel(&kernel, vectors).map_err(value_error)?;
        let coefs = matrix(&coefs)?;
        if coefs.n_rows() != intercepts.len() {
            return Err(value_error(format_args!(
                "found {} intercepts for {} decision functions",
                intercepts.len(),
                coefs.n_rows()
            )));
        }
        for (coef, intercept) in coefs.rows().zip(intercepts) {
            machine = machine.with(coef, intercept).map_err(value_error)?;
        }
        let rule = match (rule, pairs) {
            ("sign", _) => Rule::Sign,
            ("largest", _) => Rule::Largest,
            ("pairs", (break_ties, per_class)) => Rule::Pairs {
                break_ties,
                per_class,
            },
            _ => return Err(value_error(format_args!("{rule:?} is no rule"))),
        };
        let graph = std::mem::take(&mut self.0);
        graph
            .classify(&x.0, &machine, &classes.into(), rule)
            .map_err(value_error)
    }
}
