//! What the two kinds of model share in reading and checking.

use super::{ModelFileError, legacy};
use fuzzysvm_core::envelope::{self, Description, EnvelopeError, Header};
use fuzzysvm_kernels::KernelKind;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The content of `model` in a file of schema 2.
pub(super) trait Content: Serialize + DeserializeOwned {
    const KIND: &'static str;
    /// The content of `model` in a file of schema 1.
    type Schema1: legacy::Upgrade<Content = Self>;
}

/// The content of a file of either schema, with the right checksum and not checked further.
pub(super) fn read<C: Content>(text: &str) -> Result<(Description, C), ModelFileError> {
    let header = Header::of(text)?;
    let read = if header.schema == 1 {
        legacy::read::<C::Schema1>(text, &header)
    } else {
        envelope::read(text, C::KIND)
    };
    read.map_err(|e| unknown_kernel(text, &e).unwrap_or(e.into()))
}

/// Whether a text says of itself that it is of this kind, whatever its schema.
pub(super) fn is_of<C: Content>(text: &str) -> bool {
    Header::of(text).is_ok_and(|header| match &header.kind {
        Some(kind) => header.format == envelope::FORMAT && kind == C::KIND,
        None => legacy::kind(&header) == Some(C::KIND),
    })
}

/// The kernel's name, where it is the reason why a file of a later version cannot be read.
fn unknown_kernel(text: &str, error: &EnvelopeError) -> Option<ModelFileError> {
    #[derive(Deserialize)]
    struct File {
        model: Model,
    }
    #[derive(Deserialize)]
    struct Model {
        kernel: Kernel,
    }
    #[derive(Deserialize)]
    struct Kernel {
        kernel: String,
    }
    if !matches!(error, EnvelopeError::Json { .. }) {
        return None;
    }
    let name = serde_json::from_str::<File>(text).ok()?.model.kernel.kernel;
    (!KernelKind::NAMES.contains(&name.as_str())).then(|| ModelFileError::UnknownKernel {
        name: name.chars().take(60).collect(),
        known: KernelKind::NAMES.join(", "),
    })
}

/// An error for the first value that is not finite.
pub(super) fn finite(values: &[(&'static str, f64)]) -> Result<(), ModelFileError> {
    values.iter().try_for_each(|&(field, v)| {
        super::rule(v.is_finite(), field, format!("is {v}: must be finite"))
    })
}

/// An error where a parameter of the kernel is out of range.
pub(super) fn kernel(kernel: &KernelKind) -> Result<(), ModelFileError> {
    kernel
        .validate()
        .map_err(|e| super::invalid("kernel", format!("is out of range: {e}")))
}
