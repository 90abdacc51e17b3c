//! Models in files.
//!
//! The project's own format is JSON (feature `serde`), in the [`envelope`](fuzzysvm_core::envelope) that every model of
//! fuzzysvm has, and exact: a model read back gives the same decision values bit for bit. Nothing in a file is trusted:
//! every count, sign and range is checked, and what does not hold is a [`ModelFileError`].
//!
//! ```json
//! {"format":"fuzzysvm-model","schema":2,"kind":"svc","length":498,"checksum":"…","description":{…},
//!  "model":{"kernel":{"kernel":"rbf","gamma":0.5},"n_features":2,"n_samples":6,"n_support":[1,1],
//!           "intercept":0.0,"info":{…},"support":[1,3],"dual_coef":[-0.25,0.25],
//!           "support_vectors":[-1.0,-1.0,1.0,1.0]}}
//! ```
//!
//! [`ModelFile`] is such a file, [`ApproxModelFile`] that of an [`ApproxModel`](crate::approx::ApproxModel). Files of
//! schema 1 are still read: their names and metadata become the description.
//!
//! LIBSVM's text format goes out and in as well: see [`SvcModel::to_libsvm`](crate::SvcModel::to_libsvm)
//! and [`from_libsvm`].

#[cfg(feature = "serde")]
mod approx;
#[cfg(feature = "serde")]
mod content;
#[cfg(feature = "serde")]
mod legacy;
mod libsvm;
#[cfg(feature = "serde")]
mod svc;

#[cfg(feature = "serde")]
pub use approx::{APPROX_KIND, ApproxModelFile};
pub use libsvm::{ImportedModel, from_libsvm};
#[cfg(feature = "serde")]
pub use svc::{KIND, ModelFile};

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
fn invalid(field: &'static str, reason: impl Into<String>) -> ModelFileError {
    ModelFileError::Invalid {
        field,
        reason: reason.into(),
    }
}

/// An error for the field where `ok` is false.
#[cfg(feature = "serde")]
fn rule(ok: bool, field: &'static str, reason: String) -> Result<(), ModelFileError> {
    if ok {
        Ok(())
    } else {
        Err(invalid(field, reason))
    }
}
