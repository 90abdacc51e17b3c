//! Fitted estimators as ONNX graphs.

use fuzzysvm_calibration::CalibrationKind;
use fuzzysvm_datasets::table::{Encoding, Imputer, ScalerKind, TableSchema};
use fuzzysvm_svm::onnx::{Classes, Features, Machine, OnnxGraph, Probability, Rule};

use crate::{EstimatorError, FittedEstimator, Model, Preprocessing, SvmModel};

impl FittedEstimator {
    /// The bytes of an ONNX file: imputation, one-hot encoding, scaling and decision function in one graph, see
    /// [`onnx`](fuzzysvm_svm::onnx).
    ///
    /// Every column of the training table is an input of its name, of shape [N, 1]: of doubles, NaN where a number is
    /// missing, or of strings, empty where a text is missing. Columns that are numbered, as those of a LIBSVM file, are
    /// one input `X` of shape [N, columns]. The outputs are `label`, the name of the class, `score`, the decision
    /// value, and, where the model has a calibration, `probability`, that of the positive class.
    ///
    /// ```
    /// # use fuzzysvm_core::{Label, MatrixBuf};
    /// # use fuzzysvm_estimator::{Data, Estimator};
    /// # let x = MatrixBuf::new((0..20).map(f64::from).collect(), 1)?;
    /// # let y = (0..20).map(|i| Label::from_sign(f64::from(i) - 15.5)).collect();
    /// # let data = Data::from_matrix(x, y)?;
    /// let fitted = Estimator::named("efsvm")?.fit(&data, None)?;
    /// let folder = tempfile::tempdir()?;
    /// std::fs::write(folder.path().join("model.onnx"), fitted.to_onnx()?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Anything but a support vector machine of a table, a precomputed kernel, and a column without a name.
    pub fn to_onnx(&self) -> Result<Vec<u8>, EstimatorError> {
        let machine = match &self.model {
            Model::Svm(SvmModel::Exact(model)) => Machine::of_model(model)?,
            Model::Svm(SvmModel::Approx(model)) => Machine::of_approx(model)?,
            Model::Baseline(model) => {
                return Err(EstimatorError::unexpected(
                    format!("a model of {}", model.name()),
                    "an SVM: no other model is written as an ONNX graph",
                ));
            }
        };
        let Preprocessing::Table {
            schema,
            imputer,
            scaler,
        } = &self.preprocessing
        else {
            return Err(EstimatorError::unexpected(
                "a model of loans",
                "one of a table: an ONNX graph cannot read Lending Club's columns",
            ));
        };
        let mut graph = OnnxGraph::default().with_probability(self.graph_probability()?);
        let mut x = columns(&mut graph, schema)?;
        if let Some(imputer) = imputer {
            x = imputed(&mut graph, &x, imputer)?;
        }
        if scaler.kind() != ScalerKind::None {
            x = graph.scaled(&x, scaler.center(), scaler.width())?;
        }
        let [negative, positive] = schema.class_names();
        let classes = Classes::text(negative, positive);
        Ok(graph.classify(&x, &machine, &classes, Rule::Sign)?)
    }
}

impl FittedEstimator {
    /// The calibration as a graph has it.
    fn graph_probability(&self) -> Result<Option<Probability>, EstimatorError> {
        Ok(match &self.calibration {
            None => None,
            Some(CalibrationKind::Sigmoid(fitted)) => Some(Probability::Sigmoid {
                slope: fitted.slope(),
                intercept: fitted.intercept(),
            }),
            Some(CalibrationKind::Isotonic(fitted)) => Some(Probability::Lines {
                scores: fitted.scores().to_vec(),
                probabilities: fitted.probabilities().to_vec(),
            }),
            Some(other) => {
                return Err(EstimatorError::unexpected(
                    format!("a calibration by {}", other.kind()),
                    "one by sigmoid or isotonic: no other is written as an ONNX graph",
                ));
            }
        })
    }
}

/// The columns as numbers, missing ones NaN.
fn columns(graph: &mut OnnxGraph, schema: &TableSchema) -> Result<Features, EstimatorError> {
    if schema.is_numbered() {
        return Ok(graph.numbers("X", schema.n_features())?);
    }
    let mut parts = Vec::new();
    for column in schema.columns() {
        parts.push(match &column.encoding {
            Encoding::OneHot(categories) => {
                let text = graph.text(&column.name)?;
                graph.one_hot(&text, categories, false)
            }
            _ => graph.numbers(&column.name, 1)?,
        });
    }
    Ok(graph.side_by_side(&parts))
}

/// As [`Imputer::transform`].
fn imputed(
    graph: &mut OnnxGraph,
    x: &Features,
    imputer: &Imputer,
) -> Result<Features, EstimatorError> {
    let mut fill = vec![0.0; x.n_columns()];
    let mut unknown = Vec::new();
    for (&feature, median) in imputer.features().iter().zip(imputer.medians()) {
        match median {
            Some(median) => fill[feature] = *median,
            None => unknown.push(feature),
        }
    }
    let known = match unknown[..] {
        [] => x.clone(),
        _ => graph.without(x, &unknown)?,
    };
    let filled = graph.filled(&known, &fill)?;
    if imputer.n_indicators() == 0 {
        return Ok(filled);
    }
    let indicators = graph.missing(&known, imputer.indicators())?;
    Ok(graph.side_by_side(&[filled, indicators]))
}
