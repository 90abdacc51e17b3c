//! What the JSON formats share: format, version and checksum around the content, and rules for it.

use super::ModelFileError;
use fuzzysvm_kernels::KernelKind;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What comes first when reading: is it ours at all?
#[derive(Deserialize)]
struct Header {
    format: String,
    schema: u64,
    model: Option<HeaderModel>,
}

#[derive(Deserialize)]
struct HeaderModel {
    kernel: Option<HeaderKernel>,
}

#[derive(Deserialize)]
struct HeaderKernel {
    kernel: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<B> {
    format: String,
    schema: u64,
    checksum: String,
    model: B,
}

impl From<serde_json::Error> for ModelFileError {
    fn from(e: serde_json::Error) -> Self {
        Self::Json {
            line: e.line(),
            column: e.column(),
            reason: e.to_string(),
        }
    }
}

/// The text of a file, on one line.
pub(super) fn write<B: Serialize>(
    format: &str,
    schema: u64,
    model: B,
) -> Result<String, ModelFileError> {
    let file = File {
        format: format.into(),
        schema,
        checksum: checksum(&model)?,
        model,
    };
    Ok(serde_json::to_string(&file)?)
}

/// The content of a file, with the right checksum and not checked further.
pub(super) fn read<B: Serialize + DeserializeOwned>(
    text: &str,
    format: &'static str,
    schema: u64,
) -> Result<B, ModelFileError> {
    let header: Header = serde_json::from_str(text)?;
    if header.format != format {
        return Err(ModelFileError::NotAModel {
            expected: format,
            found: header.format.chars().take(80).collect(),
        });
    }
    if header.schema != schema {
        return Err(ModelFileError::OtherSchema {
            found: header.schema,
            supported: schema,
        });
    }
    let kernel = header.model.and_then(|m| m.kernel).and_then(|k| k.kernel);
    if let Some(name) = kernel.filter(|k| !KernelKind::NAMES.contains(&k.as_str())) {
        return Err(ModelFileError::UnknownKernel {
            name: name.chars().take(80).collect(),
            known: KernelKind::NAMES.join(", "),
        });
    }
    let file: File<B> = serde_json::from_str(text)?;
    let computed = checksum(&file.model)?;
    if file.checksum != computed {
        return Err(ModelFileError::Checksum {
            found: file.checksum.chars().take(80).collect(),
            computed,
        });
    }
    Ok(file.model)
}

/// Whether a text says of itself that it is of this format, whatever its version.
pub(super) fn is_of(text: &str, format: &str) -> bool {
    serde_json::from_str::<Header>(text).is_ok_and(|h| h.format == format)
}

/// FNV-1a, 64 bits, over the compact JSON of the content: it finds accidents, not forgers.
fn checksum(body: &impl Serialize) -> Result<String, ModelFileError> {
    let bytes = serde_json::to_vec(body)?;
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Ok(format!("{hash:016x}"))
}

pub(super) fn invalid(field: &'static str, reason: impl Into<String>) -> ModelFileError {
    ModelFileError::Invalid {
        field,
        reason: reason.into(),
    }
}

/// An error for the field where `ok` is false.
pub(super) fn rule(ok: bool, field: &'static str, reason: String) -> Result<(), ModelFileError> {
    if ok {
        Ok(())
    } else {
        Err(invalid(field, reason))
    }
}

pub(super) fn finite(values: &[(&'static str, f64)]) -> Result<(), ModelFileError> {
    values
        .iter()
        .try_for_each(|&(field, v)| rule(v.is_finite(), field, format!("is {v}: must be finite")))
}

/// Names and kernel of any model.
pub(super) fn names_and_kernel(
    n_features: usize,
    class_names: Option<&[String; 2]>,
    feature_names: Option<&[String]>,
    kernel: &KernelKind,
) -> Result<(), ModelFileError> {
    if let Some([negative, positive]) = class_names {
        rule(
            negative != positive,
            "class_names",
            format!("are both \"{positive}\""),
        )?;
    }
    if let Some(names) = feature_names {
        rule(
            names.len() == n_features,
            "feature_names",
            format!("has {} names for {n_features} features", names.len()),
        )?;
    }
    kernel
        .validate()
        .map_err(|e| invalid("kernel", format!("is out of range: {e}")))
}
