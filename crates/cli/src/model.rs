//! Model files: the model with what its features are made of.

use std::io::Write;
use std::path::Path;

use fuzzysvm::baselines::{BaselineFileError, BaselineKind, BaselineModel, BaselineModelFile};
use fuzzysvm::core::{Classifier, Matrix, PredictError};
use fuzzysvm::datasets::table::{ColumnSchema, Encoding, Scaler, ScalerKind, TableSchema};
use fuzzysvm::kernels::{KernelKind, Precomputed};
use fuzzysvm::qp::Status;
use fuzzysvm::svm::SvcModel;
use fuzzysvm::svm::approx::ApproxModel;
use fuzzysvm::svm::model_file::{self, ApproxModelFile, ModelFileError, from_libsvm};
use serde::{Deserialize, Serialize};

use crate::data::Preprocessing;
use crate::failure::{Failure, FailureInFile, InFile};

/// A support vector machine of either kind.
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

/// A model of any kind.
pub enum AnyModel {
    /// A support vector machine.
    Svm(Model),
    /// A peer that is none.
    Peer(BaselineModel),
}

impl From<Model> for AnyModel {
    fn from(model: Model) -> Self {
        AnyModel::Svm(model)
    }
}

impl From<SvcModel<KernelKind>> for AnyModel {
    fn from(model: SvcModel<KernelKind>) -> Self {
        Model::Exact(model).into()
    }
}

impl AnyModel {
    fn classifier(&self) -> &dyn Classifier {
        match self {
            AnyModel::Svm(model) => model,
            AnyModel::Peer(model) => model,
        }
    }
}

/// A model and its preprocessing.
pub struct ModelFile {
    pub model: AnyModel,
    pub preprocessing: Preprocessing,
    method: Option<String>,
    /// Of a peer.
    parameters: Option<BaselineKind>,
}

/// What a file of any kind holds beside the model.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parameters: Option<BaselineKind>,
    preprocessing: Preprocessing,
}

impl ModelFile {
    /// An SVM just fitted.
    pub fn svm(model: Model, preprocessing: Preprocessing, method: &str) -> Self {
        Self {
            model: model.into(),
            preprocessing,
            method: Some(method.to_owned()),
            parameters: None,
        }
    }

    /// A peer just fitted.
    pub fn peer(model: BaselineModel, preprocessing: Preprocessing, learner: BaselineKind) -> Self {
        Self {
            model: AnyModel::Peer(model),
            preprocessing,
            method: Some(learner.name().to_owned()),
            parameters: Some(learner),
        }
    }

    /// Reads the JSON that train writes, or LIBSVM's text. A model without preprocessing takes its
    /// features as they are.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).in_file(path)?;
        let text = std::str::from_utf8(&bytes).in_file(path)?;
        let (file, model) = parse(text).map_err(|unreadable| unreadable.in_file(path))?;
        let metadata = if file.metadata.is_null() {
            let n_features = model.classifier().n_features();
            Metadata {
                method: None,
                parameters: None,
                preprocessing: bare(&file, n_features).in_failure(path)?,
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
            parameters: metadata.parameters,
        };
        model.preprocessing.check(path)?;
        model.check_width().in_file(path)?;
        Ok(model)
    }

    fn check_width(&self) -> Result<(), String> {
        let (what, expected) = match self.gram() {
            Some((_, gram)) => ("rows of the Gram matrix", gram.gram().n_rows()),
            None => (
                "features of the model",
                self.model.classifier().n_features(),
            ),
        };
        let found = self.preprocessing.n_features();
        if found == expected {
            return Ok(());
        }
        Err(format!(
            "found columns for {found} features, expected {expected}, the {what}"
        ))
    }

    /// The model and its Gram matrix, where the kernel values were given.
    fn gram(&self) -> Option<(&SvcModel<KernelKind>, &Precomputed)> {
        match &self.model {
            AnyModel::Svm(Model::Exact(model)) => match &model.kernel {
                KernelKind::Precomputed(gram) => Some((model, gram)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Number of support vectors, or of landmarks or frequencies; `None` for a peer.
    pub fn n_support(&self) -> Option<usize> {
        match &self.model {
            AnyModel::Svm(Model::Exact(model)) => Some(model.dual_coef.len()),
            AnyModel::Svm(Model::Approx(model)) => Some(model.coef.len()),
            AnyModel::Peer(_) => None,
        }
    }

    /// One decision value a row of encoded features. With a precomputed kernel a row holds the kernel
    /// values of the sample with every training sample.
    pub fn decisions(&self, x: Matrix<'_>) -> Result<Vec<f64>, Failure> {
        let Some((model, _)) = self.gram() else {
            return Ok(self.model.classifier().decision_function(x)?);
        };
        let terms = || model.support.iter().zip(&model.dual_coef);
        Ok(x.rows()
            .map(|row| {
                let sum: f64 = terms().map(|(&i, coef)| coef * row[i]).sum();
                sum + model.intercept
            })
            .collect())
    }

    /// Writes the JSON format of the model's kind.
    pub fn write(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let metadata = serde_json::to_value(Metadata {
            method: self.method.clone(),
            parameters: self.parameters.clone(),
            preprocessing: self.preprocessing.clone(),
        })?;
        let names = self.preprocessing.feature_names();
        let class_names = Some(self.preprocessing.class_names());
        let n_features = self.model.classifier().n_features();
        let feature_names = (names.len() == n_features).then_some(names);
        let text = match &self.model {
            AnyModel::Svm(Model::Exact(model)) => model_file::ModelFile {
                model: model.clone(),
                class_names,
                feature_names,
                metadata,
            }
            .to_json()?,
            AnyModel::Svm(Model::Approx(model)) => ApproxModelFile {
                model: model.clone(),
                class_names,
                feature_names,
                metadata,
            }
            .to_json()?,
            AnyModel::Peer(model) => BaselineModelFile {
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
        let no_place = |found: &str| {
            Failure::run(format!(
                "found {found}, expected an exact SVM: LIBSVM's format has no place for it"
            ))
        };
        match &self.model {
            AnyModel::Svm(Model::Exact(model)) => out.write_all(model.to_libsvm()?.as_bytes())?,
            AnyModel::Svm(Model::Approx(_)) => return Err(no_place("an approximate model")),
            AnyModel::Peer(model) => {
                return Err(no_place(&format!("a model of {}", model.name())));
            }
        }
        Ok(())
    }
}

/// A text that holds no model, and where.
struct Unreadable {
    /// `LINE` or `LINE:COLUMN`, where there is such a place.
    place: Option<String>,
    reason: String,
}

impl Unreadable {
    fn in_file(self, path: &Path) -> Failure {
        let file = path.display();
        Failure::run(match self.place {
            Some(place) => format!("{file}:{place}: {}", self.reason),
            None => format!("{file}: {}", self.reason),
        })
    }

    fn json(line: usize, column: usize, reason: &str) -> Self {
        Self {
            place: Some(format!("{line}:{column}")),
            reason: format!("found no whole model: {reason}"),
        }
    }
}

impl From<ModelFileError> for Unreadable {
    fn from(e: ModelFileError) -> Self {
        match e {
            ModelFileError::Json {
                line,
                column,
                reason,
            } => Self::json(line, column, &reason),
            ModelFileError::Libsvm { line, reason } => Self {
                place: Some(line.to_string()),
                reason,
            },
            other => Self {
                place: None,
                reason: other.to_string(),
            },
        }
    }
}

impl From<BaselineFileError> for Unreadable {
    fn from(e: BaselineFileError) -> Self {
        match e {
            BaselineFileError::Json {
                line,
                column,
                reason,
            } => Self::json(line, column, &reason),
            other => Self {
                place: None,
                reason: other.to_string(),
            },
        }
    }
}

/// Reads a file's text, of whichever kind it says it is.
fn parse(text: &str) -> Result<(Beside, AnyModel), Unreadable> {
    if text.trim_start().starts_with("svm_type") {
        let imported = from_libsvm(text, None)?;
        let [negative, positive] = imported.labels;
        let beside = Beside {
            class_names: Some([negative.to_string(), positive.to_string()]),
            feature_names: None,
            metadata: serde_json::Value::Null,
        };
        return Ok((beside, imported.model.into()));
    }
    let (class_names, feature_names, metadata, model) = if ApproxModelFile::is_format_of(text) {
        let f = ApproxModelFile::from_json(text)?;
        let model = Model::Approx(f.model).into();
        (f.class_names, f.feature_names, f.metadata, model)
    } else if BaselineModelFile::is_format_of(text) {
        let f = BaselineModelFile::from_json(text)?;
        let model = AnyModel::Peer(f.model);
        (f.class_names, f.feature_names, f.metadata, model)
    } else {
        let f = model_file::ModelFile::from_json(text)?;
        (f.class_names, f.feature_names, f.metadata, f.model.into())
    };
    let beside = Beside {
        class_names,
        feature_names,
        metadata,
    };
    Ok((beside, model))
}

/// Most features of a model without columns, as of a LIBSVM file.
const MOST_BARE_FEATURES: usize = 1_000_000;

/// The preprocessing of a model that came without: numbers, not scaled. Columns have the model's
/// feature names or, as in LIBSVM's files, their place from 1.
fn bare(file: &Beside, n: usize) -> Result<Preprocessing, Failure> {
    // Nothing else in a file bounds the number of features of a tree, and names take memory.
    if n > MOST_BARE_FEATURES {
        return Err(Failure::run(format!(
            "found a model of {n} features without columns, expected at most {MOST_BARE_FEATURES}"
        )));
    }
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
