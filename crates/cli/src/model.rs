//! Model files: the model with what its features are made of.

use std::io::Write;
use std::path::Path;

use fuzzysvm::core::{Classifier, Matrix, PredictError};
use fuzzysvm::datasets::table::{ColumnSchema, Encoding, Scaler, ScalerKind, TableSchema};
use fuzzysvm::kernels::KernelKind;
use fuzzysvm::qp::Status;
use fuzzysvm::svm::SvcModel;
use fuzzysvm::svm::approx::ApproxModel;
use fuzzysvm::svm::model_file::{self, ApproxModelFile, ModelFileError, from_libsvm};
use serde::{Deserialize, Serialize};

use crate::data::Preprocessing;
use crate::failure::{Failure, FailureInFile, InFile};

/// A model of either kind.
pub enum Model {
    Exact(SvcModel<KernelKind>),
    Approx(ApproxModel),
}

impl Model {
    pub fn kernel(&self) -> &KernelKind {
        match self {
            Model::Exact(model) => &model.kernel,
            Model::Approx(model) => &model.kernel,
        }
    }

    pub fn status(&self) -> Status {
        match self {
            Model::Exact(model) => model.info.status,
            Model::Approx(model) => model.info.status,
        }
    }

    /// What the solver's tolerance is compared with.
    pub fn gap(&self) -> f64 {
        match self {
            Model::Exact(model) => model.info.kkt_gap,
            Model::Approx(model) => model.info.duality_gap,
        }
    }

    fn classifier(&self) -> &dyn Classifier {
        match self {
            Model::Exact(model) => model,
            Model::Approx(model) => model,
        }
    }
}

impl Classifier for Model {
    fn n_features(&self) -> usize {
        self.classifier().n_features()
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        self.classifier().decision_function(x)
    }
}

/// A model and its preprocessing.
pub struct ModelFile {
    pub model: Model,
    pub preprocessing: Preprocessing,
    method: Option<String>,
}

/// What a file of either kind holds beside the model.
struct Beside {
    class_names: Option<[String; 2]>,
    feature_names: Option<Vec<String>>,
    metadata: serde_json::Value,
}

/// What travels in the file's metadata.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    method: Option<String>,
    preprocessing: Preprocessing,
}

impl ModelFile {
    /// A model just fitted.
    pub fn new(model: Model, preprocessing: Preprocessing, method: &str) -> Self {
        Self {
            model,
            preprocessing,
            method: Some(method.to_owned()),
        }
    }

    /// Reads the JSON that train writes, or LIBSVM's text. A model without preprocessing takes its
    /// features as they are.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).in_file(path)?;
        let text = std::str::from_utf8(&bytes).in_file(path)?;
        let located = |e: ModelFileError| {
            let file = path.display();
            Failure::run(match &e {
                ModelFileError::Json {
                    line,
                    column,
                    reason,
                } => format!("{file}:{line}:{column}: found no whole model: {reason}"),
                ModelFileError::Libsvm { line, reason } => format!("{file}:{line}: {reason}"),
                other => format!("{file}: {other}"),
            })
        };
        let (file, model) = if text.trim_start().starts_with("svm_type") {
            let imported = from_libsvm(text, None).map_err(located)?;
            let [negative, positive] = imported.labels;
            let names = Beside {
                class_names: Some([negative.to_string(), positive.to_string()]),
                feature_names: None,
                metadata: serde_json::Value::Null,
            };
            (names, Model::Exact(imported.model))
        } else if ApproxModelFile::is_format_of(text) {
            let file = ApproxModelFile::from_json(text).map_err(located)?;
            let beside = Beside {
                class_names: file.class_names,
                feature_names: file.feature_names,
                metadata: file.metadata,
            };
            (beside, Model::Approx(file.model))
        } else {
            let file = model_file::ModelFile::from_json(text).map_err(located)?;
            let beside = Beside {
                class_names: file.class_names,
                feature_names: file.feature_names,
                metadata: file.metadata,
            };
            (beside, Model::Exact(file.model))
        };
        let metadata = if file.metadata.is_null() {
            Metadata {
                method: None,
                preprocessing: bare(&file, model.n_features()).in_failure(path)?,
            }
        } else {
            serde_json::from_value(file.metadata)
                .map_err(|e| {
                    format!("found metadata of another program ({e}), expected those of train")
                })
                .in_file(path)?
        };
        let model = Self {
            model,
            preprocessing: metadata.preprocessing,
            method: metadata.method,
        };
        model.preprocessing.check(path)?;
        model.check_width().in_file(path)?;
        Ok(model)
    }

    fn check_width(&self) -> Result<(), String> {
        let (what, expected) = match self.model.kernel() {
            KernelKind::Precomputed(k) => ("rows of the Gram matrix", k.gram().n_rows()),
            _ => ("features of the model", self.model.n_features()),
        };
        let found = self.preprocessing.n_features();
        if found == expected {
            return Ok(());
        }
        Err(format!(
            "found columns for {found} features, expected {expected}, the {what}"
        ))
    }

    /// Number of support vectors, or of landmarks or frequencies.
    pub fn n_support(&self) -> usize {
        match &self.model {
            Model::Exact(model) => model.dual_coef.len(),
            Model::Approx(model) => model.coef.len(),
        }
    }

    /// One decision value a row of encoded features. With a precomputed kernel a row holds the kernel
    /// values of the sample with every training sample.
    pub fn decisions(&self, x: Matrix<'_>) -> Result<Vec<f64>, Failure> {
        let model = match &self.model {
            Model::Exact(model) if matches!(model.kernel, KernelKind::Precomputed(_)) => model,
            model => return Ok(model.decision_function(x)?),
        };
        let terms = || model.support.iter().zip(&model.dual_coef);
        Ok(x.rows()
            .map(|row| {
                let sum: f64 = terms().map(|(&i, coef)| coef * row[i]).sum();
                sum + model.intercept
            })
            .collect())
    }

    /// Writes the JSON format.
    pub fn write(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let metadata = Metadata {
            method: self.method.clone(),
            preprocessing: self.preprocessing.clone(),
        };
        let names = self.preprocessing.feature_names();
        let class_names = Some(self.preprocessing.class_names());
        let feature_names = (names.len() == self.model.n_features()).then_some(names);
        let metadata = serde_json::to_value(metadata)?;
        let text = match &self.model {
            Model::Exact(model) => model_file::ModelFile {
                model: model.clone(),
                class_names,
                feature_names,
                metadata,
            }
            .to_json()?,
            Model::Approx(model) => ApproxModelFile {
                model: model.clone(),
                class_names,
                feature_names,
                metadata,
            }
            .to_json()?,
        };
        writeln!(out, "{text}")?;
        Ok(())
    }

    /// Writes LIBSVM's text.
    pub fn write_libsvm(&self, out: &mut dyn Write) -> Result<(), Failure> {
        match &self.model {
            Model::Exact(model) => out.write_all(model.to_libsvm()?.as_bytes())?,
            Model::Approx(_) => {
                return Err(Failure::run(
                    "found an approximate model, expected an exact one: LIBSVM's format has no place \
                     for it",
                ));
            }
        }
        Ok(())
    }
}

/// The preprocessing of a model that came without: numbers, not scaled. Columns have the model's
/// feature names or, as in LIBSVM's files, their place from 1.
fn bare(file: &Beside, n: usize) -> Result<Preprocessing, Failure> {
    let names = match &file.feature_names {
        Some(names) => names.clone(),
        None => (1..=n).map(|i| i.to_string()).collect(),
    };
    let classes = file.class_names.clone();
    let schema = TableSchema::new(
        names
            .into_iter()
            .map(|name| ColumnSchema {
                name,
                encoding: Encoding::Number,
            })
            .collect(),
        "label".to_owned(),
        classes.unwrap_or_else(|| ["-1".to_owned(), "1".to_owned()]),
    )?;
    let any_row = vec![0.0; n];
    let scaler = Scaler::fit(ScalerKind::None, Matrix::new(&any_row, n)?)?;
    Ok(Preprocessing::Table { schema, scaler })
}
