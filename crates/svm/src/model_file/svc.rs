//! Files of exact models.

use super::content;
use super::error::{ModelFileError, finite, invalid, rule};
use crate::SvcModel;
use fuzzysvm_core::MatrixBuf;
use fuzzysvm_core::envelope::{self, Description};
use fuzzysvm_kernels::{Kernel, KernelKind};
use fuzzysvm_qp::SolveInfo;
use serde::{Deserialize, Serialize};

/// The `kind` of an exact model in its file.
pub const KIND: &str = "svc";

/// An exact model and what belongs to it in a file.
///
/// ```
/// use fuzzysvm_core::{Label, Learner, Matrix, Samples};
/// use fuzzysvm_svm::{Svc, model_file::ModelFile};
///
/// let x = Matrix::new(&[-1.0, 1.0], 1)?;
/// let y = [Label::Negative, Label::Positive];
/// let model = Svc::default().fit(Samples::new(x, &y)?, None)?;
/// let mut file = ModelFile::from(model);
/// file.description.class_names = Some(["paid".into(), "default".into()]);
/// let text = file.to_json()?;
/// let back = ModelFile::from_json(&text)?;
/// assert_eq!(back, file);
/// assert!(ModelFile::from_json(&text.replace("paid", "lost")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFile {
    /// The model.
    pub model: SvcModel<KernelKind>,
    /// What stands beside it: method, names, preprocessing. Covered by the checksum.
    pub description: Description,
}

impl From<SvcModel<KernelKind>> for ModelFile {
    fn from(model: SvcModel<KernelKind>) -> Self {
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
    pub n_support: [usize; 2],
    pub intercept: f64,
    pub info: SolveInfo,
    pub support: Vec<usize>,
    pub dual_coef: Vec<f64>,
    pub support_vectors: Vec<f64>,
}

impl ModelFile {
    /// The file's text, on one line.
    ///
    /// # Errors
    /// [`ModelFileError::Invalid`] where the model does not hold together, as after an edit of its
    /// fields.
    pub fn to_json(&self) -> Result<String, ModelFileError> {
        let m = &self.model;
        let body = Body {
            kernel: m.kernel.clone(),
            n_features: m.support_vectors.n_cols(),
            n_samples: m.n_samples,
            n_support: m.n_support,
            intercept: m.intercept,
            info: m.info.clone(),
            support: m.support.clone(),
            dual_coef: m.dual_coef.clone(),
            support_vectors: m.support_vectors.view().as_slice().to_vec(),
        };
        body.check()?;
        self.description.check(body.n_features)?;
        Ok(envelope::write(KIND, &self.description, &body)?)
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
        let n_sv = self.dual_coef.len();
        rule(
            self.n_features > 0,
            "n_features",
            "must be at least 1".into(),
        )?;
        rule(
            self.support.len() == n_sv,
            "support",
            format!("has {} entries, `dual_coef` {n_sv}", self.support.len()),
        )?;
        rule(
            n_sv.checked_mul(self.n_features) == Some(self.support_vectors.len()),
            "support_vectors",
            format!(
                "has {} values, not {n_sv} rows of {}",
                self.support_vectors.len(),
                self.n_features
            ),
        )?;
        // More training rows than a solver takes; `SvcModel::alpha` allocates one number for each.
        rule(
            self.n_samples < u32::MAX as usize,
            "n_samples",
            format!("is {}: must be below {}", self.n_samples, u32::MAX),
        )?;
        let ascending = self.support.windows(2).all(|w| w[0] < w[1]);
        let inside = self.support.last().is_none_or(|&i| i < self.n_samples);
        rule(
            ascending && inside,
            "support",
            format!("must ascend and stay below {}", self.n_samples),
        )?;
        if let Some(i) = self
            .dual_coef
            .iter()
            .position(|c| !c.is_finite() || *c == 0.0)
        {
            let reason = format!("[{i}] is {}: must be finite and not 0", self.dual_coef[i]);
            return Err(invalid("dual_coef", reason));
        }
        let positive = self.dual_coef.iter().filter(|c| **c > 0.0).count();
        rule(
            self.n_support == [n_sv - positive, positive],
            "n_support",
            format!(
                "is {:?}, but the signs of `dual_coef` give {:?}",
                self.n_support,
                [n_sv - positive, positive]
            ),
        )?;
        finite(&[
            ("intercept", self.intercept),
            ("objective", self.info.objective),
            ("kkt_gap", self.info.kkt_gap),
        ])?;
        content::kernel(&self.kernel)
    }

    fn into_model(self) -> Result<SvcModel<KernelKind>, ModelFileError> {
        let support_vectors = MatrixBuf::new(self.support_vectors, self.n_features)
            .map_err(|e| invalid("support_vectors", e.to_string()))?;
        self.kernel
            .check_points(support_vectors.view())
            .map_err(|e| invalid("support_vectors", e.to_string()))?;
        Ok(SvcModel {
            support: self.support,
            support_vectors,
            dual_coef: self.dual_coef,
            intercept: self.intercept,
            kernel: self.kernel,
            n_support: self.n_support,
            n_samples: self.n_samples,
            info: self.info,
        })
    }
}

impl SvcModel<KernelKind> {
    /// The model alone as a file: see [`ModelFile`].
    ///
    /// # Errors
    /// As [`ModelFile::to_json`].
    pub fn to_json(&self) -> Result<String, ModelFileError> {
        ModelFile::from(self.clone()).to_json()
    }

    /// The model of a file, without what belongs to it.
    ///
    /// # Errors
    /// As [`ModelFile::from_json`].
    pub fn from_json(text: &str) -> Result<Self, ModelFileError> {
        Ok(ModelFile::from_json(text)?.model)
    }
}
