//! Files of approximate models.

use super::content;
use super::error::{ModelFileError, finite, invalid, rule};
use crate::approx::{ApproxBasis, ApproxInfo, ApproxModel};
use fuzzysvm_core::envelope::{self, Description};
use fuzzysvm_core::{Classifier, MatrixBuf};
use fuzzysvm_kernels::{Kernel, KernelKind, RandomFourierFeatures};
use serde::{Deserialize, Serialize};

/// The `kind` of an approximate model in its file.
pub const APPROX_KIND: &str = "approx-svc";

/// An approximate model and what belongs to it in a file. As exact, as checked and as strict as
/// [`ModelFile`](super::ModelFile).
///
/// ```json
/// {"format":"fuzzysvm-model","schema":2,"kind":"approx-svc","length":471,"checksum":"…","description":{…},
///  "model":{"kernel":{"kernel":"rbf","gamma":0.5},"n_features":2,"n_samples":600,"intercept":0.1,"info":{…},
///           "coef":[0.7,-1.2],"basis":{"map":"nystrom","landmarks":[-1.0,-1.0,1.0,1.0]}}}
/// ```
///
/// ```
/// use fuzzysvm_core::{Label, Learner, Matrix, Samples};
/// use fuzzysvm_svm::{approx::ApproxSvc, model_file::ApproxModelFile};
///
/// let x = Matrix::new(&[-1.0, 1.0], 1)?;
/// let y = [Label::Negative, Label::Positive];
/// let svc = ApproxSvc { components: 2, ..ApproxSvc::default() };
/// let file = ApproxModelFile::from(svc.fit(Samples::new(x, &y)?, None)?);
/// assert_eq!(ApproxModelFile::from_json(&file.to_json()?)?, file);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ApproxModelFile {
    /// The model.
    pub model: ApproxModel,
    /// What stands beside it: method, names, preprocessing. Covered by the checksum.
    pub description: Description,
}

impl From<ApproxModel> for ApproxModelFile {
    fn from(model: ApproxModel) -> Self {
        Self {
            model,
            description: Description::default(),
        }
    }
}

/// The model under the checksum. The order of the fields is part of the format.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Body {
    pub kernel: KernelKind,
    pub n_features: usize,
    pub n_samples: usize,
    pub intercept: f64,
    pub info: ApproxInfo,
    pub coef: Vec<f64>,
    pub basis: Basis,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "map", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Basis {
    Nystrom {
        landmarks: Vec<f64>,
    },
    Rff {
        frequencies: Vec<f64>,
        phases: Vec<f64>,
    },
}

impl ApproxModelFile {
    /// The file's text, on one line.
    ///
    /// # Errors
    /// [`ModelFileError::Invalid`] where the model does not hold together, as after an edit of its
    /// fields.
    pub fn to_json(&self) -> Result<String, ModelFileError> {
        let m = &self.model;
        let values = |m: &MatrixBuf| m.view().as_slice().to_vec();
        let body = Body {
            kernel: m.kernel.clone(),
            n_features: m.n_features(),
            n_samples: m.n_samples,
            intercept: m.intercept,
            info: m.info.clone(),
            coef: m.coef.clone(),
            basis: match &m.basis {
                ApproxBasis::Nystrom { landmarks } => Basis::Nystrom {
                    landmarks: values(landmarks),
                },
                ApproxBasis::Fourier(map) => Basis::Rff {
                    frequencies: values(map.frequencies()),
                    phases: map.phases().to_vec(),
                },
            },
        };
        body.check()?;
        self.description.check(body.n_features)?;
        Ok(envelope::write(APPROX_KIND, &self.description, &body)?)
    }

    /// Whether the header of a text says that it is such a file, in any schema.
    pub fn is_format_of(text: &str) -> bool {
        content::is_of::<Body>(text)
    }

    /// Reads a file's text, of schema 2 or 1. White space between the values does not matter, anything else does.
    ///
    /// # Errors
    /// [`ModelFileError`] for the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, ModelFileError> {
        let (description, body) = content::read::<Body>(text)?;
        body.check()?;
        description.check(body.n_features)?;
        Ok(Self {
            model: body.into_model()?,
            description,
        })
    }
}

impl Body {
    /// Everything that must hold between the fields.
    fn check(&self) -> Result<(), ModelFileError> {
        let m = self.coef.len();
        rule(
            self.n_features > 0,
            "n_features",
            "must be at least 1".into(),
        )?;
        rule(m > 0, "coef", "has no entries".into())?;
        let (field, found) = match &self.basis {
            Basis::Nystrom { landmarks } => ("landmarks", landmarks.len()),
            Basis::Rff {
                frequencies,
                phases,
            } => {
                let reason = format!("has {} entries, `coef` {m}", phases.len());
                rule(phases.len() == m, "phases", reason)?;
                let rbf = matches!(self.kernel, KernelKind::Rbf(_));
                let reason = format!("is {}: rff has rbf alone", self.kernel.name());
                rule(rbf, "kernel", reason)?;
                ("frequencies", frequencies.len())
            }
        };
        rule(
            m.checked_mul(self.n_features) == Some(found),
            field,
            format!("has {found} values, not {m} rows of {}", self.n_features),
        )?;
        if let Some(i) = self.coef.iter().position(|c| !c.is_finite()) {
            let reason = format!("[{i}] is {}: must be finite", self.coef[i]);
            return Err(invalid("coef", reason));
        }
        finite(&[
            ("intercept", self.intercept),
            ("primal", self.info.primal),
            ("dual", self.info.dual),
            ("duality_gap", self.info.duality_gap),
        ])?;
        content::kernel(&self.kernel)
    }

    fn into_model(self) -> Result<ApproxModel, ModelFileError> {
        let basis = match self.basis {
            Basis::Nystrom { landmarks } => {
                let landmarks = MatrixBuf::new(landmarks, self.n_features)
                    .map_err(|e| invalid("landmarks", e.to_string()))?;
                self.kernel
                    .check_points(landmarks.view())
                    .map_err(|e| invalid("landmarks", e.to_string()))?;
                ApproxBasis::Nystrom { landmarks }
            }
            Basis::Rff {
                frequencies,
                phases,
            } => {
                let frequencies = MatrixBuf::new(frequencies, self.n_features)
                    .map_err(|e| invalid("frequencies", e.to_string()))?;
                let map = RandomFourierFeatures::from_parts(frequencies, phases)
                    .map_err(|e| invalid("phases", e.to_string()))?;
                ApproxBasis::Fourier(map)
            }
        };
        Ok(ApproxModel {
            kernel: self.kernel,
            basis,
            coef: self.coef,
            intercept: self.intercept,
            n_samples: self.n_samples,
            info: self.info,
        })
    }
}

impl ApproxModel {
    /// The model alone as a file: see [`ApproxModelFile`].
    ///
    /// # Errors
    /// As [`ApproxModelFile::to_json`].
    pub fn to_json(&self) -> Result<String, ModelFileError> {
        ApproxModelFile::from(self.clone()).to_json()
    }

    /// The model of a file, without what belongs to it.
    ///
    /// # Errors
    /// As [`ApproxModelFile::from_json`].
    pub fn from_json(text: &str) -> Result<Self, ModelFileError> {
        Ok(ApproxModelFile::from_json(text)?.model)
    }
}
