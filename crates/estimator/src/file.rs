//! Fitted estimators in files: one format for every kind of model, and the formats of earlier versions.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use fuzzysvm_baselines::BaselineModelFile;
use fuzzysvm_calibration::CalibrationKind;
use fuzzysvm_core::Classifier;
use fuzzysvm_core::envelope::{Description, EnvelopeError};
use fuzzysvm_core::quote::shortened;
use fuzzysvm_svm::model_file::{ApproxModelFile, ModelFile, ModelFileError, from_libsvm};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::InFile;
use crate::method::find;
use crate::{
    EstimatorError, FittedEstimator, Model, Preprocessing, SampleFingerprint, SvmModel, Warning,
};

impl FittedEstimator {
    /// The text of the model file, on one line.
    ///
    /// # Errors
    /// A model that does not hold together, as after an edit of its fields.
    pub fn to_json(&self) -> Result<String, EstimatorError> {
        let names = self.preprocessing.feature_names();
        let n_features = match &self.model {
            Model::Svm(model) => model.n_features(),
            Model::Baseline(model) => model.n_features(),
        };
        let description = Description {
            method: self.method.clone(),
            parameters: self.parameters.clone(),
            class_names: Some(self.preprocessing.class_names()),
            // The features of a given Gram matrix are its rows.
            feature_names: (names.len() == n_features).then_some(names),
            preprocessing: serde_json::to_value(&self.preprocessing)
                .map_err(EnvelopeError::from)?,
            metadata: Metadata {
                training_samples: self.trained_on.clone(),
                calibration: self.calibration.clone(),
                attached: self.attached.clone(),
            }
            .to_value()?,
        };
        Ok(match &self.model {
            Model::Svm(SvmModel::Exact(model)) => ModelFile {
                model: model.clone(),
                description,
            }
            .to_json()?,
            Model::Svm(SvmModel::Approx(model)) => ApproxModelFile {
                model: model.clone(),
                description,
            }
            .to_json()?,
            Model::Baseline(model) => BaselineModelFile {
                model: model.clone(),
                description,
            }
            .to_json()?,
        })
    }

    /// Reads the text of a model file, of this version or an earlier one, or LIBSVM's text. A model without
    /// preprocessing takes its features as they are. LIBSVM's own files have no checksum: see [`Warning::NoChecksum`] among
    /// [`FittedEstimator::warnings`].
    ///
    /// # Errors
    /// [`EstimatorError`] for the first thing that is wrong.
    pub fn from_text(text: &str) -> Result<Self, EstimatorError> {
        let Parsed {
            model,
            mut description,
            warning,
        } = parse(text)?;
        let metadata = std::mem::take(&mut description.metadata);
        let mut found = Metadata::default();
        if Metadata::FIELDS
            .iter()
            .any(|field| metadata.get(field).is_some())
        {
            found = serde_json::from_value(metadata).map_err(of_another_program)?;
        } else if !metadata.is_null() {
            Schema1::read(metadata)?.put_into(&mut description);
        }
        let preprocessing = if description.preprocessing.is_null() {
            Preprocessing::bare(
                model.n_features(),
                description.feature_names,
                description.class_names,
            )?
        } else {
            serde_json::from_value(description.preprocessing).map_err(of_another_program)?
        };
        // Names of earlier versions are those of today.
        let method = description.method.map(|name| match find(&name) {
            Ok(entry) => entry.name.to_owned(),
            Err(_) => name,
        });
        let mut fitted = Self::from_parts(
            model,
            preprocessing,
            method,
            description.parameters,
            found.training_samples,
        )
        .with_calibration(found.calibration);
        fitted.attached = found.attached;
        fitted.warnings.extend(warning);
        fitted.check()?;
        Ok(fitted)
    }

    /// Writes the model file. It appears whole or not at all, in place of a file of that name.
    ///
    /// ```
    /// # use fuzzysvm_core::{Label, MatrixBuf};
    /// # use fuzzysvm_estimator::{Data, Estimator, FittedEstimator};
    /// # let x = MatrixBuf::new((0..20).map(f64::from).collect(), 1)?;
    /// # let y = (0..20).map(|i| Label::from_sign(f64::from(i) - 15.5)).collect();
    /// # let data = Data::from_matrix(x, y)?;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("model.json");
    /// let fitted = Estimator::named("efsvm")?.fit(&data, None)?;
    /// fitted.save(&path)?;
    /// let loaded = FittedEstimator::load(&path)?;
    /// assert_eq!(loaded.model(), fitted.model());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A file that cannot be written, and as [`FittedEstimator::to_json`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), EstimatorError> {
        let path = path.as_ref();
        let text = self.to_json()?;
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let write = || -> std::io::Result<()> {
            let mut builder = tempfile::Builder::new();
            #[cfg(unix)]
            {
                // Those of any new file, less the umask, in place of those of a secret.
                use std::os::unix::fs::PermissionsExt;
                builder.permissions(std::fs::Permissions::from_mode(0o666));
            }
            let mut beside = builder.tempfile_in(folder)?;
            beside.write_all(text.as_bytes())?;
            beside.write_all(b"\n")?;
            beside.as_file().sync_all()?;
            beside.persist(path).map_err(|e| e.error)?;
            Ok(())
        };
        write().in_file(path)
    }

    /// Reads a model file: of [`FittedEstimator::save`] and of the command line, of this version or an earlier one,
    /// or LIBSVM's text.
    ///
    /// # Errors
    /// [`EstimatorError`] with the file, and line and column where there is a place to name.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, EstimatorError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).in_file(path)?;
        let text = String::from_utf8(bytes)
            .map_err(|e| std::io::Error::new(std::io::ErrorKind::InvalidData, e))
            .in_file(path)?;
        Self::from_text(&text).map_err(|e| located(e, path))
    }

    /// LIBSVM's text: the model of encoded features alone, without preprocessing and calibration.
    ///
    /// # Errors
    /// Anything but an exact machine, and kernels that LIBSVM does not have.
    pub fn to_libsvm(&self) -> Result<String, EstimatorError> {
        let expected = "an exact SVM: LIBSVM's format has no place for it";
        match &self.model {
            Model::Svm(SvmModel::Exact(model)) => Ok(model.to_libsvm()?),
            Model::Svm(SvmModel::Approx(_)) => {
                Err(EstimatorError::unexpected("an approximate model", expected))
            }
            Model::Baseline(model) => Err(EstimatorError::unexpected(
                format!("a model of {}", model.name()),
                expected,
            )),
        }
    }
}

/// What a fit writes into the metadata; what is not there is left out.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    training_samples: Option<SampleFingerprint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calibration: Option<CalibrationKind>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attached: BTreeMap<String, Value>,
}

impl Metadata {
    /// The names of its fields, by which it is told from that of schema 1.
    const FIELDS: [&str; 3] = ["training_samples", "calibration", "attached"];

    fn to_value(&self) -> Result<Value, EnvelopeError> {
        let Self {
            training_samples,
            calibration,
            attached,
        } = self;
        if training_samples.is_none() && calibration.is_none() && attached.is_empty() {
            return Ok(Value::Null);
        }
        Ok(serde_json::to_value(self)?)
    }
}

/// What `train` wrote into the metadata of files of schema 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schema1 {
    method: Option<String>,
    #[serde(default)]
    parameters: Value,
    preprocessing: Value,
}

impl Schema1 {
    fn read(metadata: Value) -> Result<Self, EstimatorError> {
        serde_json::from_value(metadata).map_err(of_another_program)
    }

    fn put_into(self, description: &mut Description) {
        description.method = self.method;
        description.parameters = self.parameters;
        description.preprocessing = self.preprocessing;
    }
}

fn of_another_program(e: serde_json::Error) -> EstimatorError {
    EstimatorError::unexpected(
        format!(
            "metadata of another program ({})",
            shortened(&e.to_string())
        ),
        "those of train",
    )
}

/// What a file holds.
struct Parsed {
    model: Model,
    description: Description,
    warning: Option<Warning>,
}

/// Reads a file's text, of whichever kind it says it is.
fn parse(text: &str) -> Result<Parsed, EstimatorError> {
    if text.trim_start().starts_with("svm_type") {
        let imported = from_libsvm(text, None)?;
        let [negative, positive] = imported.labels;
        return Ok(Parsed {
            model: Model::Svm(SvmModel::Exact(imported.model)),
            description: Description {
                class_names: Some([negative.to_string(), positive.to_string()]),
                ..Description::default()
            },
            warning: (!imported.checked).then_some(Warning::NoChecksum),
        });
    }
    let (model, description) = if ApproxModelFile::is_format_of(text) {
        let file = ApproxModelFile::from_json(text)?;
        (Model::Svm(SvmModel::Approx(file.model)), file.description)
    } else if BaselineModelFile::is_format_of(text) {
        let file = BaselineModelFile::from_json(text)?;
        (Model::Baseline(file.model), file.description)
    } else {
        let file = ModelFile::from_json(text)?;
        (Model::Svm(SvmModel::Exact(file.model)), file.description)
    };
    Ok(Parsed {
        model,
        description,
        warning: None,
    })
}

/// Puts the file in front, with line and column where the error has them.
fn located(e: EstimatorError, path: &Path) -> EstimatorError {
    let file = path.display().to_string();
    let envelope = match &e {
        EstimatorError::Envelope(e) | EstimatorError::ModelFile(ModelFileError::Envelope(e)) => {
            Some(e)
        }
        _ => None,
    };
    if let Some(EnvelopeError::Json {
        line,
        column,
        reason,
    }) = envelope
    {
        return EstimatorError::InJson {
            file,
            line: *line,
            column: *column,
            reason: reason.clone(),
        };
    }
    if let EstimatorError::ModelFile(ModelFileError::Libsvm { line, reason }) = e {
        return EstimatorError::InLine { file, line, reason };
    }
    EstimatorError::InFile {
        file,
        source: Box::new(e),
    }
}
