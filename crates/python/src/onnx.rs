//! ONNX graphs: what `python/fuzzysvm/_onnx.py` puts them together from.

use fuzzysvm::estimator::KernelName;
use fuzzysvm::svm::SvcModel;
use fuzzysvm::svm::onnx::{Classes, Features, Machine, OnnxError, OnnxGraph, Text};
use pyo3::prelude::*;

use crate::input::{Column, KernelParams, Table, matrix, numbers, value_error};

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

/// The classes, the negative one first.
#[derive(FromPyObject)]
pub enum PyClasses {
    Truth([bool; 2]),
    Whole([i64; 2]),
    Number([f64; 2]),
    Text([String; 2]),
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

    #[expect(clippy::needless_pass_by_value, reason = "it comes from Python")]
    fn one_hot(&mut self, text: &PyText, categories: Vec<String>, known_only: bool) -> PyFeatures {
        PyFeatures(self.0.one_hot(&text.0, &categories, known_only))
    }

    #[expect(clippy::needless_pass_by_value, reason = "it comes from Python")]
    fn one_hot_numbers(&mut self, x: &PyFeatures, categories: Vec<f64>) -> PyResult<PyFeatures> {
        features(self.0.one_hot_numbers(&x.0, &categories))
    }

    fn side_by_side(&mut self, parts: Vec<PyRef<'_, PyFeatures>>) -> PyFeatures {
        let parts: Vec<Features> = parts.iter().map(|part| part.0.clone()).collect();
        PyFeatures(self.0.side_by_side(&parts))
    }

    #[expect(clippy::needless_pass_by_value, reason = "it comes from Python")]
    fn columns(&mut self, x: &PyFeatures, columns: Vec<usize>) -> PyResult<PyFeatures> {
        features(self.0.columns(&x.0, &columns))
    }

    #[expect(clippy::needless_pass_by_value, reason = "it comes from Python")]
    fn missing(&mut self, x: &PyFeatures, columns: Vec<usize>) -> PyResult<PyFeatures> {
        features(self.0.missing(&x.0, &columns))
    }

    #[expect(clippy::needless_pass_by_value, reason = "it comes from Python")]
    fn filled(&mut self, x: &PyFeatures, with: Vec<f64>) -> PyResult<PyFeatures> {
        features(self.0.filled(&x.0, &with))
    }

    #[expect(clippy::needless_pass_by_value, reason = "it comes from Python")]
    fn scaled(
        &mut self,
        x: &PyFeatures,
        center: Vec<f64>,
        width: Vec<f64>,
    ) -> PyResult<PyFeatures> {
        features(self.0.scaled(&x.0, &center, &width))
    }

    /// The bytes of the file, whose graph ends with the machine that is made of these parts.
    #[expect(clippy::too_many_arguments, reason = "one call from Python")]
    fn classify(
        &mut self,
        x: &PyFeatures,
        kernel: KernelParams,
        support_vectors: Table<'_>,
        dual_coef: Column<'_>,
        intercept: f64,
        classes: PyClasses,
    ) -> PyResult<Vec<u8>> {
        let spec = kernel.spec()?;
        if spec.name == KernelName::Precomputed {
            let kernel = "precomputed";
            return Err(value_error(OnnxError::Kernel { kernel }));
        }
        let vectors = matrix(&support_vectors)?;
        let kernel = spec.resolve(vectors).map_err(value_error)?;
        let n = vectors.n_rows();
        let model = SvcModel::from_parts(
            kernel,
            (0..n).collect(),
            vectors.to_owned_matrix(),
            numbers(&dual_coef)?.to_vec(),
            intercept,
            n,
        );
        let model = model.map_err(value_error)?;
        let machine = Machine::of_model(&model).map_err(value_error)?;
        let graph = std::mem::take(&mut self.0);
        graph
            .classify(&x.0, &machine, &classes.into())
            .map_err(value_error)
    }
}
