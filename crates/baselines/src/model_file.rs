//! Fitted baselines in files.
//!
//! JSON, versioned, with a checksum over the model, and exact: a model read back gives the same decision values
//! bit for bit.
//!
//! ```json
//! {"format":"fuzzysvm-baseline","schema":1,"checksum":"…",
//!  "model":{"baseline":"cs-rf","content":{"n_features":2,
//!           "trees":[{"feature":[0,0,0],"left":[1,0,0],"number":[2.5,0.0,1.0]}]}}}
//! ```
//!
//! What belongs to a model in a file, see [`BaselineModelFile`], stands behind it: `class_names`, `feature_names`
//! and `metadata`, each only where there is one, under the same checksum.
//!
//! A tree lists its nodes, the root first: `left` 0 marks a leaf with the value `number`; otherwise rows with
//! x\[`feature`\] ≤ `number` go to node `left`, the others to node `left` + 1. Nothing of a file is trusted:
//! every count, index and number is checked, and what does not hold is a [`BaselineFileError`].

use crate::BaselineModel;
use crate::tree::Tree;
use fuzzysvm_core::Classifier;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;

/// The value of `format` in every file.
pub const FORMAT: &str = "fuzzysvm-baseline";
/// The version of the format that is written and read.
pub const SCHEMA: u64 = 1;

/// A model that cannot be written or read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineFileError {
    /// Not JSON, cut off, a field is missing or of another type, or a value breaks a rule.
    #[error("line {line}, column {column}: {reason}")]
    Json {
        /// One-based line; 0 where there is no place to point at.
        line: usize,
        /// One-based column.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// JSON, but of something else.
    #[error("the format is \"{found}\", not \"{FORMAT}\"")]
    NotABaseline {
        /// The format named in the file.
        found: String,
    },
    /// A file of another version of the format.
    #[error("the schema is {found}: this version reads schema {SCHEMA}")]
    OtherSchema {
        /// The version of the file.
        found: u64,
    },
    /// The content is not what was written.
    #[error("the checksum is {found}, but the content has {computed}: the file was changed")]
    Checksum {
        /// The checksum in the file.
        found: String,
        /// The checksum of the content.
        computed: String,
    },
    /// What belongs to the model does not fit it.
    #[error("`{field}` {reason}")]
    Invalid {
        /// The field of the file.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl From<serde_json::Error> for BaselineFileError {
    fn from(e: serde_json::Error) -> Self {
        Self::Json {
            line: e.line(),
            column: e.column(),
            reason: e.to_string(),
        }
    }
}

/// What a file says of itself; the rest is read after that.
#[derive(Deserialize)]
struct Header {
    format: String,
    schema: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    format: Cow<'a, str>,
    schema: u64,
    checksum: String,
    model: Cow<'a, BaselineModel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class_names: Option<[String; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    feature_names: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    metadata: Value,
}

/// A model and what belongs to it in a file.
///
/// ```
/// use fuzzysvm_baselines::{BaselineKind, BaselineModelFile};
/// use fuzzysvm_core::{Label, Learner, Matrix, Samples};
///
/// let x = Matrix::new(&[-1.0, 1.0], 1)?;
/// let y = [Label::Negative, Label::Positive];
/// let model = "w-elm".parse::<BaselineKind>()?.fit(Samples::new(x, &y)?, None)?;
/// let file = BaselineModelFile { feature_names: Some(vec!["income".into()]), ..model.into() };
/// assert_eq!(BaselineModelFile::from_json(&file.to_json()?)?, file);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineModelFile {
    /// The model.
    pub model: BaselineModel,
    /// What the classes are called: negative, positive. Two different names.
    pub class_names: Option<[String; 2]>,
    /// What the features are called, one name a feature.
    pub feature_names: Option<Vec<String>>,
    /// Anything else that must travel with the model; `Null` where there is nothing.
    pub metadata: Value,
}

impl From<BaselineModel> for BaselineModelFile {
    fn from(model: BaselineModel) -> Self {
        Self {
            model,
            class_names: None,
            feature_names: None,
            metadata: Value::Null,
        }
    }
}

impl BaselineModelFile {
    /// The file's text, on one line.
    ///
    /// # Errors
    /// [`BaselineFileError::Invalid`]: names that do not fit the model.
    pub fn to_json(&self) -> Result<String, BaselineFileError> {
        File {
            format: FORMAT.into(),
            schema: SCHEMA,
            checksum: String::new(),
            model: Cow::Borrowed(&self.model),
            class_names: self.class_names.clone(),
            feature_names: self.feature_names.clone(),
            metadata: self.metadata.clone(),
        }
        .into_text()
    }

    /// Whether a text says of itself that it is such a file, whatever its version.
    pub fn is_format_of(text: &str) -> bool {
        serde_json::from_str::<Header>(text).is_ok_and(|h| h.format == FORMAT)
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// [`BaselineFileError`] for the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, BaselineFileError> {
        let file = File::from_text(text)?;
        Ok(Self {
            model: file.model.into_owned(),
            class_names: file.class_names,
            feature_names: file.feature_names,
            metadata: file.metadata,
        })
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
    /// [`BaselineFileError::Json`], not met in practice.
    pub fn to_json(&self) -> Result<String, BaselineFileError> {
        File {
            format: FORMAT.into(),
            schema: SCHEMA,
            checksum: String::new(),
            model: Cow::Borrowed(self),
            class_names: None,
            feature_names: None,
            metadata: Value::Null,
        }
        .into_text()
    }

    /// Reads the model of a file's text.
    ///
    /// # Errors
    /// [`BaselineFileError`] for the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, BaselineFileError> {
        Ok(File::from_text(text)?.model.into_owned())
    }
}

impl File<'_> {
    fn into_text(mut self) -> Result<String, BaselineFileError> {
        self.check_names()?;
        self.checksum = self.compute_checksum()?;
        Ok(serde_json::to_string(&self)?)
    }

    fn from_text(text: &str) -> Result<Self, BaselineFileError> {
        let header: Header = serde_json::from_str(text)?;
        if header.format != FORMAT {
            return Err(BaselineFileError::NotABaseline {
                found: header.format.chars().take(80).collect(),
            });
        }
        if header.schema != SCHEMA {
            return Err(BaselineFileError::OtherSchema {
                found: header.schema,
            });
        }
        let file: Self = serde_json::from_str(text)?;
        let computed = file.compute_checksum()?;
        if file.checksum != computed {
            return Err(BaselineFileError::Checksum {
                found: file.checksum.chars().take(80).collect(),
                computed,
            });
        }
        file.check_names()?;
        Ok(file)
    }

    fn check_names(&self) -> Result<(), BaselineFileError> {
        let invalid = |field, reason| Err(BaselineFileError::Invalid { field, reason });
        if let Some([negative, positive]) = &self.class_names
            && negative == positive
        {
            return invalid("class_names", format!("are both \"{positive}\""));
        }
        let n = self.model.n_features();
        match &self.feature_names {
            Some(names) if names.len() != n => invalid(
                "feature_names",
                format!("has {} names for {n} features", names.len()),
            ),
            _ => Ok(()),
        }
    }

    /// FNV-1a, 64 bits, over the compact JSON of the model, and of what belongs to it where there is anything: it
    /// finds accidents, not forgers.
    fn compute_checksum(&self) -> Result<String, BaselineFileError> {
        let mut bytes = serde_json::to_vec(&self.model)?;
        let beside = (&self.class_names, &self.feature_names, &self.metadata);
        if beside != (&None, &None, &Value::Null) {
            serde_json::to_writer(&mut bytes, &beside)?;
        }
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Ok(format!("{hash:016x}"))
    }
}

/// What must hold of trees from a file.
pub(crate) fn check_trees(n_features: usize, trees: &[Tree]) -> Result<(), String> {
    if n_features == 0 {
        return Err("`n_features` must be at least 1".into());
    }
    match trees.iter().position(|tree| !tree.fits(n_features)) {
        Some(t) => Err(format!("tree {t} asks for a feature beyond {n_features}")),
        None => Ok(()),
    }
}
