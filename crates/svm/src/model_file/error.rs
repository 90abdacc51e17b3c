//! Errors of model files.

/// A model that cannot be written or read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// The envelope is not right: no JSON, another format, schema or kind, or changed content.
    #[cfg(feature = "serde")]
    #[error(transparent)]
    Envelope(#[from] fuzzysvm_core::envelope::EnvelopeError),
    /// A kernel that this version does not know.
    #[error("the kernel is \"{name}\": known are {known}")]
    UnknownKernel {
        /// The kernel named in the file.
        name: String,
        /// The known ones.
        known: String,
    },
    /// A field of the model breaks a rule.
    #[error("`{field}` {reason}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A LIBSVM model that cannot be read.
    #[error("line {line}: {reason}")]
    Libsvm {
        /// One-based line; one past the last where something is missing.
        line: usize,
        /// What was found and what was expected.
        reason: String,
    },
    /// A kernel that LIBSVM's format has no name for.
    #[error("LIBSVM models have no {kernel} kernel")]
    NotRepresentable {
        /// The kernel's name.
        kernel: &'static str,
    },
}

#[cfg(feature = "serde")]
pub(super) fn invalid(field: &'static str, reason: impl Into<String>) -> ModelFileError {
    ModelFileError::Invalid {
        field,
        reason: reason.into(),
    }
}

/// An error for the field where `ok` is false.
#[cfg(feature = "serde")]
pub(super) fn rule(ok: bool, field: &'static str, reason: String) -> Result<(), ModelFileError> {
    if ok {
        Ok(())
    } else {
        Err(invalid(field, reason))
    }
}

/// An error for the first value that is not finite.
#[cfg(feature = "serde")]
pub(super) fn finite(values: &[(&'static str, f64)]) -> Result<(), ModelFileError> {
    values
        .iter()
        .try_for_each(|&(field, v)| rule(v.is_finite(), field, format!("is {v}: must be finite")))
}
