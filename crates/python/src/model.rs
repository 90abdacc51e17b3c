//! Model files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fuzzysvm::calibration::Calibration as _;
use fuzzysvm::datasets::table::{Encoding, Scaler, ScalerKind, TargetUse};
use fuzzysvm::estimator::method::ParamPair;
use fuzzysvm::estimator::{
    FittedEstimator, LoanFileOptions, Model as AnyModel, Preprocessing, SvmModel,
};
use fuzzysvm::svm::SvcModel;
use numpy::{IntoPyArray as _, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::detached::{detached, detached_rows};
use crate::fit::SvmParams;
use crate::input::{Column, KernelParams, Table, estimator, matrix, numbers, value_error};

/// A model with its preprocessing, as in a model file.
#[pyclass(frozen, module = "fuzzysvm._native")]
pub struct Model(FittedEstimator);

#[pymethods]
impl Model {
    /// Reads the text of a model file.
    #[staticmethod]
    fn from_text(text: &str) -> PyResult<Self> {
        Ok(Self(FittedEstimator::from_text(text).map_err(value_error)?))
    }

    /// Reads a model file of any version, or LIBSVM's.
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Self> {
        Ok(Self(FittedEstimator::load(path).map_err(value_error)?))
    }

    /// Writes the model file.
    fn save(&self, path: PathBuf) -> PyResult<()> {
        self.0.save(path).map_err(value_error)
    }

    /// The text of the model file.
    fn text(&self) -> PyResult<String> {
        self.0.to_json().map_err(value_error)
    }

    /// The bytes of an ONNX file.
    fn onnx(&self) -> PyResult<Vec<u8>> {
        self.0.to_onnx().map_err(value_error)
    }

    /// The names of the negative and the positive class.
    #[getter]
    fn class_names(&self) -> [String; 2] {
        self.0.class_names()
    }

    /// The columns of the training table that the model looks at.
    #[getter]
    fn columns(&self) -> Vec<String> {
        match self.0.preprocessing() {
            Preprocessing::Table { schema, .. } => {
                schema.columns().iter().map(|c| c.name.clone()).collect()
            }
            Preprocessing::LendingClub(encoding) => {
                encoding.features().map(str::to_owned).collect()
            }
            _ => self.0.preprocessing().feature_names(),
        }
    }

    /// The method by its name.
    #[getter]
    fn method(&self) -> Option<String> {
        self.0.method().map(str::to_owned)
    }

    /// The method's parameters as JSON.
    #[getter]
    fn parameters(&self) -> String {
        self.0.parameters().to_string()
    }

    /// The values in training of every column of texts.
    #[getter]
    fn categories(&self) -> BTreeMap<String, Vec<String>> {
        let Preprocessing::Table { schema, .. } = self.0.preprocessing() else {
            return BTreeMap::new();
        };
        let columns = schema.columns().iter();
        let texts = columns.filter_map(|column| match &column.encoding {
            Encoding::OneHot(list) => Some((column.name.clone(), list.clone())),
            _ => None,
        });
        texts.collect()
    }

    /// Whether every column is a plain number.
    #[getter]
    fn of_numbers(&self) -> bool {
        match self.0.preprocessing() {
            Preprocessing::Table { schema, .. } => {
                let columns = schema.columns();
                columns.iter().all(|c| c.encoding == Encoding::Number)
            }
            _ => false,
        }
    }

    /// What turns decision values into probabilities, by its name; None for a model without.
    #[getter]
    fn calibration(&self) -> Option<&'static str> {
        self.0.calibration().map(|found| found.kind().name())
    }

    /// The probability of the positive class for every decision value.
    fn probabilities<'py>(
        &self,
        py: Python<'py>,
        decisions: Column<'py>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let Some(calibration) = self.0.calibration() else {
            return Err(value_error("the model has no calibration"));
        };
        let values = calibration.probability(numbers(&decisions)?);
        Ok(values.map_err(value_error)?.into_pyarray(py))
    }

    /// One decision value per row of numbers, which stand in the order of the columns.
    fn decide_numbers<'py>(
        &self,
        py: Python<'py>,
        x: Table<'py>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let x = matrix(&x)?;
        let values = detached_rows(py, x.n_rows(), || {
            let x = self.0.encode_numbers(x.to_owned_matrix());
            let x = x.map_err(value_error)?;
            self.0.decision_function(x.view()).map_err(value_error)
        })?;
        Ok(values.into_pyarray(py))
    }

    /// One decision value per row of a file with `n_rows` rows, NaN for a row that the model is not for; and what is to
    /// be said.
    fn decide_file<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        n_rows: usize,
    ) -> PyResult<(Bound<'py, PyArray1<f64>>, Vec<String>)> {
        let (values, warnings) = detached(py, || {
            let rows = match self.0.preprocessing() {
                Preprocessing::LendingClub(encoding) => encoding
                    .read_loans(&path, TargetUse::Ignored, &LoanFileOptions::default())
                    .map(|read| read.rows),
                _ => self.0.read(&path),
            };
            let rows = rows.map_err(value_error)?;
            let decisions = self.0.decision_function(rows.x.view());
            let mut values = vec![f64::NAN; n_rows];
            for (&row, decision) in rows.numbers.iter().zip(decisions.map_err(value_error)?) {
                if let Some(value) = values.get_mut(row) {
                    *value = decision;
                }
            }
            let warnings = rows.warnings.iter().map(ToString::to_string);
            Ok((values, warnings.collect::<Vec<_>>()))
        })?;
        Ok((values.into_pyarray(py), warnings))
    }
}

/// The model that is made of these parts, for its file. `names` are those of the features and of the negative and the
/// positive class; `method` is what it was fitted by, with its parameters, where that has a name; `scaler` is what is taken
/// off every column and what it is divided by then.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "one call from Python")]
pub fn model_of(
    kernel: KernelParams,
    support: PyReadonlyArray1<'_, usize>,
    support_vectors: Table<'_>,
    dual_coef: Column<'_>,
    intercept: f64,
    n_samples: usize,
    names: (Vec<String>, [String; 2]),
    method: Option<(String, Vec<ParamPair>)>,
    svm: SvmParams,
    scaler: Option<(Column<'_>, Column<'_>)>,
) -> PyResult<Model> {
    let vectors = matrix(&support_vectors)?;
    let model = SvcModel::from_parts(
        kernel.spec()?.resolve(vectors).map_err(value_error)?,
        support.as_slice().map_err(value_error)?.to_vec(),
        vectors.to_owned_matrix(),
        numbers(&dual_coef)?.to_vec(),
        intercept,
        n_samples,
    );
    let model = AnyModel::Svm(SvmModel::Exact(model.map_err(value_error)?));
    let estimator = match method {
        Some((name, params)) => {
            let (estimator, _) = estimator(&name, &params, n_samples)?;
            Some(estimator.with_svm(svm.spec(&kernel)?))
        }
        None => None,
    };
    let scaler = match &scaler {
        Some((center, width)) => {
            let (center, width) = (numbers(center)?.to_vec(), numbers(width)?.to_vec());
            Some(Scaler::from_parts(ScalerKind::Standard, center, width).map_err(value_error)?)
        }
        None => None,
    };
    let (features, classes) = names;
    let estimator = estimator.as_ref();
    let fitted = FittedEstimator::of_model(model, features, classes, scaler, estimator);
    Ok(Model(fitted.map_err(value_error)?))
}
