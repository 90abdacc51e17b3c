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
//! A tree lists its nodes, the root first: `left` 0 marks a leaf with the value `number`; otherwise rows with
//! x\[`feature`\] ≤ `number` go to node `left`, the others to node `left` + 1. Nothing of a file is trusted:
//! every count, index and number is checked, and what does not hold is a [`BaselineFileError`].

use crate::BaselineModel;
use crate::tree::Tree;
use serde::{Deserialize, Serialize};

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
struct File<M> {
    format: String,
    schema: u64,
    checksum: String,
    model: M,
}

impl BaselineModel {
    /// The model as a file's text, on one line.
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
        let file = File {
            format: FORMAT.into(),
            schema: SCHEMA,
            checksum: checksum(self)?,
            model: self,
        };
        Ok(serde_json::to_string(&file)?)
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// [`BaselineFileError`] for the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, BaselineFileError> {
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
        let file: File<BaselineModel> = serde_json::from_str(text)?;
        let computed = checksum(&file.model)?;
        if file.checksum != computed {
            return Err(BaselineFileError::Checksum {
                found: file.checksum.chars().take(80).collect(),
                computed,
            });
        }
        Ok(file.model)
    }
}

/// FNV-1a, 64 bits, over the compact JSON of the content: it finds accidents, not forgers.
fn checksum(model: &BaselineModel) -> Result<String, BaselineFileError> {
    let bytes = serde_json::to_vec(model)?;
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Ok(format!("{hash:016x}"))
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
