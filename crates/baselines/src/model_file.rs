//! Fitted baselines in files.
//!
//! The frame is that of every model file, [`fuzzysvm_core::envelope`], with the kind `baseline`. The content is exact:
//! a model read back gives the same decision values bit for bit.
//!
//! ```json
//! {"baseline":"cs-rf","content":{"n_features":2,
//!  "trees":[{"feature":[0,0,0],"left":[1,0,0],"number":[2.5,0.0,1.0]}]}}
//! ```
//!
//! A tree lists its nodes, the root first: `left` 0 marks a leaf with the value `number`; otherwise rows with
//! x\[`feature`\] ≤ `number` go to node `left`, the others to node `left` + 1. Nothing in a file is trusted:
//! every count, index and number is checked, and a rule that is broken is an [`EnvelopeError`].
//!
//! Files of schema 1, with the format `fuzzysvm-baseline`, are read as well.

use crate::BaselineModel;
use fuzzysvm_core::Classifier;
use fuzzysvm_core::envelope::{self, Description, EnvelopeError, Header};

/// The kind of these models in their files.
pub const KIND: &str = "baseline";

/// A model and what stands beside it in a file.
///
/// ```
/// use fuzzysvm_baselines::{BaselineKind, BaselineModelFile};
/// use fuzzysvm_core::{Label, Learner, Matrix, Samples};
///
/// let x = Matrix::new(&[-1.0, 1.0], 1)?;
/// let y = [Label::Negative, Label::Positive];
/// let model = "w-elm".parse::<BaselineKind>()?.fit(Samples::new(x, &y)?, None)?;
/// let mut file = BaselineModelFile::from(model);
/// file.description.feature_names = Some(vec!["income".into()]);
/// assert_eq!(BaselineModelFile::from_json(&file.to_json()?)?, file);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineModelFile {
    /// The model.
    pub model: BaselineModel,
    /// Method, names of classes and features, preprocessing, metadata.
    pub description: Description,
}

impl From<BaselineModel> for BaselineModelFile {
    fn from(model: BaselineModel) -> Self {
        Self {
            model,
            description: Description::default(),
        }
    }
}

impl BaselineModelFile {
    /// The file's text, on one line.
    ///
    /// # Errors
    /// [`EnvelopeError::Invalid`]: names that do not fit the model.
    pub fn to_json(&self) -> Result<String, EnvelopeError> {
        self.description.check(self.model.n_features())?;
        envelope::write(KIND, &self.description, &self.model)
    }

    /// Whether the header of a text says that it is such a file, whatever its schema.
    pub fn is_format_of(text: &str) -> bool {
        Header::of(text).is_ok_and(|header| {
            header.format == schema_1::FORMAT
                || (header.format == envelope::FORMAT && header.kind.as_deref() == Some(KIND))
        })
    }

    /// Reads a file's text, of schema 1 or 2.
    ///
    /// # Errors
    /// [`EnvelopeError`] for the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, EnvelopeError> {
        let (description, model): (_, BaselineModel) =
            if Header::of(text)?.format == schema_1::FORMAT {
                schema_1::read(text)?
            } else {
                envelope::read(text, KIND)?
            };
        description.check(model.n_features())?;
        Ok(Self { model, description })
    }
}

impl BaselineModel {
    /// The model alone as a file's text, on one line.
    ///
    /// ```
    /// use fuzzysvm_baselines::{BaselineKind, BaselineModel};
    /// use fuzzysvm_core::{Label, Learner, Matrix, Samples};
    ///
    /// let x = Matrix::new(&[-1.0, 1.0], 1)?;
    /// let y = [Label::Negative, Label::Positive];
    /// let model = "cs-adaboost".parse::<BaselineKind>()?.fit(Samples::new(x, &y)?, None)?;
    /// let text = model.to_json()?;
    /// assert_eq!(BaselineModel::from_json(&text)?, model);
    /// assert!(BaselineModel::from_json(&text.replace("1.0", "2.0")).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`EnvelopeError::Json`], not met in practice.
    pub fn to_json(&self) -> Result<String, EnvelopeError> {
        envelope::write(KIND, &Description::default(), self)
    }

    /// Reads the model of a file's text.
    ///
    /// # Errors
    /// [`EnvelopeError`] for the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, EnvelopeError> {
        Ok(BaselineModelFile::from_json(text)?.model)
    }
}

/// Files of schema 1: read, never written.
mod schema_1 {
    use crate::BaselineModel;
    use fuzzysvm_core::envelope::{self, Description, EnvelopeError};
    use fuzzysvm_core::quote::cut;
    use serde::Deserialize;
    use serde_json::Value;

    pub(super) const FORMAT: &str = "fuzzysvm-baseline";

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[allow(dead_code, reason = "read with the header")]
        format: String,
        #[allow(dead_code, reason = "read with the header")]
        schema: u64,
        checksum: String,
        model: BaselineModel,
        class_names: Option<[String; 2]>,
        feature_names: Option<Vec<String>>,
        #[serde(default)]
        metadata: Value,
    }

    pub(super) fn read(text: &str) -> Result<(Description, BaselineModel), EnvelopeError> {
        let found = envelope::Header::of(text)?.schema;
        if found != 1 {
            return Err(EnvelopeError::OtherSchema { found });
        }
        let file: File = serde_json::from_str(text)?;
        let computed = file.compute_checksum()?;
        if file.checksum != computed {
            return Err(EnvelopeError::Checksum {
                found: cut(&file.checksum).to_string(),
                computed,
            });
        }
        let description = Description {
            class_names: file.class_names,
            feature_names: file.feature_names,
            metadata: file.metadata,
            ..Description::default()
        };
        Ok((description, file.model))
    }

    impl File {
        /// Over the compact JSON of the model, and of the names and the metadata where there are any.
        fn compute_checksum(&self) -> Result<String, EnvelopeError> {
            let mut bytes = serde_json::to_vec(&self.model)?;
            let beside = (&self.class_names, &self.feature_names, &self.metadata);
            if beside != (&None, &None, &Value::Null) {
                serde_json::to_writer(&mut bytes, &beside)?;
            }
            Ok(envelope::checksum(bytes))
        }
    }
}
