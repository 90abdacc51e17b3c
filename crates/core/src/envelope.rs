//! The one format of model files: whatever the model, the same frame around it.
//!
//! ```json
//! {"format":"fuzzysvm-model","schema":2,"kind":"svc","length":412,"checksum":"…",
//!  "description":{"method":"iefsvm","parameters":{…},"class_names":["paid","charged off"],
//!                 "feature_names":["income"],"preprocessing":{…},"metadata":null},
//!  "model":{…}}
//! ```
//!
//! `kind` says what `model` is; the crate that owns the kind writes and checks it. `length` (bytes) and `checksum`
//! (FNV-1a, 64 bits) are those of the compact JSON of `description` followed by that of `model`: they find accidents,
//! not forgers. White space between the values does not matter, anything else does.
//!
//! ```
//! use fuzzysvm_core::envelope::{self, Description};
//!
//! let description = Description { method: Some("svm".into()), ..Description::default() };
//! let text = envelope::write("numbers", &description, &vec![0.5, -1.0])?;
//! assert_eq!(envelope::Header::of(&text)?.kind.as_deref(), Some("numbers"));
//! let (back, model) = envelope::read::<Vec<f64>>(&text, "numbers")?;
//! assert_eq!((back, model), (description, vec![0.5, -1.0]));
//! assert!(envelope::read::<Vec<f64>>(&text.replace("0.5", "0.6"), "numbers").is_err());
//! # Ok::<(), envelope::EnvelopeError>(())
//! ```

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::quote::shortened;

/// The value of `format` in every model file.
pub const FORMAT: &str = "fuzzysvm-model";
/// The version of the format that is written.
pub const SCHEMA: u64 = 2;

/// What stands beside the model in a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The method, by its name in the registry.
    pub method: Option<String>,
    /// Its parameters by name; `Null` where they are not known.
    pub parameters: Value,
    /// What the classes are called: negative, positive. Two different names.
    pub class_names: Option<[String; 2]>,
    /// What the features are called, one name per feature.
    pub feature_names: Option<Vec<String>>,
    /// How rows of a file become features; `Null` for a model that takes features as they are.
    pub preprocessing: Value,
    /// Anything else that must travel with the model; `Null` where there is nothing.
    pub metadata: Value,
}

/// A file that cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Not JSON, cut off, a field is missing or of another type, or a value breaks a rule.
    #[error("line {line}, column {column}: {reason}")]
    Json {
        /// One-based line; 0 where there is no place to point at.
        line: usize,
        /// One-based column.
        column: usize,
        /// The parser's words.
        reason: String,
    },
    /// JSON, but of something else.
    #[error("the format is \"{found}\", not \"{FORMAT}\"")]
    NotAModel {
        /// The format named in the file.
        found: String,
    },
    /// A file of another version of the format.
    #[error("the schema is {found}: this version reads schemas 1 and {SCHEMA}")]
    OtherSchema {
        /// The version of the file.
        found: u64,
    },
    /// A model of another kind.
    #[error("the model is of kind \"{found}\", not \"{expected}\"")]
    OtherKind {
        /// The kind that can be read here.
        expected: &'static str,
        /// The kind named in the file.
        found: String,
    },
    /// Something is missing or was added.
    #[error("the length is {found}, but the content has {computed} bytes: the file was changed")]
    Length {
        /// The length in the file.
        found: u64,
        /// The length of the content.
        computed: u64,
    },
    /// The content is not what was written.
    #[error("the checksum is {found}, but the content has {computed}: the file was changed")]
    Checksum {
        /// The checksum in the file.
        found: String,
        /// The checksum of the content.
        computed: String,
    },
    /// A field breaks a rule.
    #[error("`{field}` {reason}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl From<serde_json::Error> for EnvelopeError {
    fn from(e: serde_json::Error) -> Self {
        Self::Json {
            line: e.line(),
            column: e.column(),
            reason: shortened(&e.to_string()),
        }
    }
}

/// What a file says of itself, before anything of it is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Header {
    /// The format.
    pub format: String,
    /// The version of the format.
    pub schema: u64,
    /// What the model is; `None` in files of schema 1, whose formats say it.
    #[serde(default)]
    pub kind: Option<String>,
}

impl Header {
    /// Reads the header of a text.
    ///
    /// # Errors
    /// [`EnvelopeError::Json`] where the text is no JSON object with a format and a version.
    pub fn of(text: &str) -> Result<Self, EnvelopeError> {
        Ok(serde_json::from_str(text)?)
    }
}

impl Description {
    /// Checks the names: two different classes, and as many features as the model has.
    ///
    /// # Errors
    /// [`EnvelopeError::Invalid`] for the first rule that is broken.
    pub fn check(&self, n_features: usize) -> Result<(), EnvelopeError> {
        let invalid = |field, reason| Err(EnvelopeError::Invalid { field, reason });
        if let Some([negative, positive]) = &self.class_names
            && negative == positive
        {
            return invalid("class_names", format!("are both \"{positive}\""));
        }
        match &self.feature_names {
            Some(names) if names.len() != n_features => invalid(
                "feature_names",
                format!("has {} names for {n_features} features", names.len()),
            ),
            _ => Ok(()),
        }
    }
}

/// The text of a file, on one line.
///
/// # Errors
/// [`EnvelopeError::Json`] where the model cannot be written as JSON.
pub fn write<M: Serialize>(
    kind: &str,
    description: &Description,
    model: &M,
) -> Result<String, EnvelopeError> {
    let description = serde_json::to_string(description)?;
    let model = serde_json::to_string(model)?;
    let checksum = checksum(description.bytes().chain(model.bytes()));
    let (kind, length) = (
        serde_json::to_string(kind)?,
        description.len() + model.len(),
    );
    Ok(format!(
        "{{\"format\":\"{FORMAT}\",\"schema\":{SCHEMA},\"kind\":{kind},\"length\":{length},\
         \"checksum\":\"{checksum}\",\"description\":{description},\"model\":{model}}}"
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<M> {
    #[allow(dead_code, reason = "read with the header")]
    format: String,
    #[allow(dead_code, reason = "read with the header")]
    schema: u64,
    #[allow(dead_code, reason = "read with the header")]
    kind: String,
    length: u64,
    checksum: String,
    description: Description,
    model: M,
}

/// The content of a file of schema 2, with the right length and checksum. What must hold inside the model is for its
/// owner to check.
///
/// # Errors
/// [`EnvelopeError`] for the first thing that is wrong.
pub fn read<M: Serialize + DeserializeOwned>(
    text: &str,
    kind: &'static str,
) -> Result<(Description, M), EnvelopeError> {
    let header = Header::of(text)?;
    if header.format != FORMAT {
        return Err(EnvelopeError::NotAModel {
            found: start_of(&header.format),
        });
    }
    if header.schema != SCHEMA {
        return Err(EnvelopeError::OtherSchema {
            found: header.schema,
        });
    }
    let found = header.kind.unwrap_or_default();
    if found != kind {
        return Err(EnvelopeError::OtherKind {
            expected: kind,
            found: start_of(&found),
        });
    }
    let file: File<M> = serde_json::from_str(text)?;
    let description = serde_json::to_vec(&file.description)?;
    let model = serde_json::to_vec(&file.model)?;
    let length = (description.len() + model.len()) as u64;
    if file.length != length {
        return Err(EnvelopeError::Length {
            found: file.length,
            computed: length,
        });
    }
    let computed = checksum(description.into_iter().chain(model));
    if file.checksum != computed {
        return Err(EnvelopeError::Checksum {
            found: start_of(&file.checksum),
            computed,
        });
    }
    Ok((file.description, file.model))
}

/// FNV-1a, 64 bits, as sixteen hexadecimal digits.
pub fn checksum(bytes: impl IntoIterator<Item = u8>) -> String {
    format!("{:016x}", fnv1a(bytes))
}

/// FNV-1a, 64 bits: tells contents apart, by accident but not by intent.
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn start_of(text: &str) -> String {
    crate::quote::cut(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> String {
        let description = Description {
            class_names: Some(["paid".into(), "charged off".into()]),
            feature_names: Some(vec!["income".into(), "debt".into()]),
            metadata: serde_json::json!({"n": 7}),
            ..Description::default()
        };
        write("numbers", &description, &vec![0.5, -1.25e-7]).unwrap()
    }

    #[test]
    fn the_checksum_is_fnv_1a() {
        // Published test vectors of FNV-1a, 64 bits.
        assert_eq!(checksum(*b""), "cbf29ce484222325");
        assert_eq!(checksum(*b"a"), "af63dc4c8601ec8c");
        assert_eq!(checksum(*b"foobar"), "85944171f73967e8");
    }

    #[test]
    fn every_truncation_and_every_change_is_noticed() {
        let text = example();
        let (description, model) = read::<Vec<f64>>(&text, "numbers").unwrap();
        for end in 0..text.len() {
            assert!(read::<Vec<f64>>(&text[..end], "numbers").is_err(), "{end}");
        }
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            if let Ok(same) = read::<Vec<f64>>(&changed, "numbers") {
                assert_eq!(same, (description.clone(), model.clone()), "{at}");
            }
        }
        let spaced = text.replace("\"model\":", "\n \"model\" : ");
        assert_eq!(read(&spaced, "numbers"), Ok((description, model)));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let text = example();
        let error = |text: &str| read::<Vec<f64>>(text, "numbers").unwrap_err().to_string();
        for (from, to, words) in [
            (FORMAT, "other", "the format is \"other\""),
            ("\"schema\":2", "\"schema\":3", "reads schemas 1 and 2"),
            ("numbers", "svc", "of kind \"svc\", not \"numbers\""),
            ("0.5", "0.25", "the file was changed"),
            ("0.5", "0.6", "the checksum is"),
            (
                "\"model\":[0.5",
                "\"more\":1,\"model\":[0.5",
                "unknown field",
            ),
        ] {
            let found = error(&text.replacen(from, to, 1));
            assert!(found.contains(words), "{found}");
        }
        let mut description = Description {
            class_names: Some(["a".into(), "a".into()]),
            ..Description::default()
        };
        assert!(description.check(1).is_err());
        description.class_names = None;
        description.feature_names = Some(vec!["x".into()]);
        assert!(description.check(1).is_ok() && description.check(2).is_err());
    }
}
