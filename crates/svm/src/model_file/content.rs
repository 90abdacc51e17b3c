//! Reading the content of a file of either schema, and what the two kinds of model check alike.

use super::error::{ModelFileError, invalid};
use fuzzysvm_core::envelope::{self, Description, EnvelopeError, Header, checksum};
use fuzzysvm_core::quote::cut;
use fuzzysvm_kernels::KernelKind;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// In schema 1 the format says what kind of model a file has.
const SCHEMA_1: [(&str, &str); 2] = [
    (envelope::FORMAT, "svc"),
    ("fuzzysvm-approx-model", "approx-svc"),
];

fn kind_in_schema_1(header: &Header) -> Option<&'static str> {
    let known = SCHEMA_1.iter().find(|(format, _)| *format == header.format);
    known.map(|(_, kind)| *kind)
}

/// The content of `model` in a file of schema 2.
pub(super) trait Content: Serialize + DeserializeOwned {
    const KIND: &'static str;
    /// The content of `model` in a file of schema 1.
    type Schema1: Upgrade<Content = Self>;
}

/// The content of `model` in a file of schema 1.
pub(super) trait Upgrade: Serialize + DeserializeOwned {
    type Content: Content;

    fn upgrade(self) -> (Description, Self::Content);
}

/// The content of a file of either schema, with the right checksum and not checked further.
pub(super) fn read<C: Content>(text: &str) -> Result<(Description, C), ModelFileError> {
    let header = Header::of(text)?;
    let read = match (header.schema, kind_in_schema_1(&header)) {
        (1, Some(kind)) if kind == C::KIND => read_schema_1::<C::Schema1>(text),
        (1, Some(found)) => Err(EnvelopeError::OtherKind {
            expected: C::KIND,
            found: found.into(),
        }),
        _ => envelope::read(text, C::KIND),
    };
    read.map_err(|e| unknown_kernel(text, &e).unwrap_or(e.into()))
}

fn read_schema_1<B: Upgrade>(text: &str) -> Result<(Description, B::Content), EnvelopeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File<B> {
        #[allow(dead_code, reason = "read with the header")]
        format: String,
        #[allow(dead_code, reason = "read with the header")]
        schema: u64,
        checksum: String,
        model: B,
    }
    let file: File<B> = serde_json::from_str(text)?;
    let computed = checksum(serde_json::to_vec(&file.model)?);
    if file.checksum != computed {
        return Err(EnvelopeError::Checksum {
            found: cut(&file.checksum).to_string(),
            computed,
        });
    }
    Ok(file.model.upgrade())
}

/// Whether the header of a text says that it is of this kind, in any schema.
pub(super) fn is_of<C: Content>(text: &str) -> bool {
    Header::of(text).is_ok_and(|header| match &header.kind {
        Some(kind) => header.format == envelope::FORMAT && kind == C::KIND,
        None => kind_in_schema_1(&header) == Some(C::KIND),
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
        name: cut(&name).to_string(),
        known: KernelKind::NAMES.join(", "),
    })
}

/// An error where a parameter of the kernel is out of range.
pub(super) fn kernel(kernel: &KernelKind) -> Result<(), ModelFileError> {
    kernel
        .validate()
        .map_err(|e| invalid("kernel", format!("is out of range: {e}")))
}
