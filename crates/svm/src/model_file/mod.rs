//! Models in files.
//!
//! The own format is JSON (feature `serde`): versioned, with a checksum over everything in it, and exact:
//! a model read back gives the same decision values bit for bit. Nothing of a file is trusted: every
//! count, sign and range is checked, and what does not hold is a [`ModelFileError`].
//!
//! ```json
//! {"format":"fuzzysvm-model","schema":1,"checksum":"…",
//!  "model":{"kernel":{"kernel":"rbf","gamma":0.5},"n_features":2,"n_samples":6,"n_support":[1,1],
//!           "intercept":0.0,"info":{…},"class_names":null,"feature_names":null,"metadata":null,
//!           "support":[1,3],"dual_coef":[-0.25,0.25],"support_vectors":[-1.0,-1.0,1.0,1.0]}}
//! ```
//!
//! An [`ApproxModel`](crate::approx::ApproxModel) has a format of its own beside it: see
//! `ApproxModelFile`.
//!
//! LIBSVM's text format goes out and in as well: see [`SvcModel::to_libsvm`](crate::SvcModel::to_libsvm)
//! and [`from_libsvm`].

#[cfg(feature = "serde")]
mod approx;
#[cfg(feature = "serde")]
mod envelope;
#[cfg(feature = "serde")]
mod json;
mod libsvm;

#[cfg(feature = "serde")]
pub use approx::{APPROX_FORMAT, APPROX_SCHEMA, ApproxModelFile};
#[cfg(feature = "serde")]
pub use json::{FORMAT, ModelFile, SCHEMA};
pub use libsvm::{ImportedModel, from_libsvm};

/// A model that cannot be written or read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// Not JSON, cut off, or a field is missing or of another type.
    #[error("line {line}, column {column}: {reason}")]
    Json {
        /// One-based line.
        line: usize,
        /// One-based column.
        column: usize,
        /// The parser's words.
        reason: String,
    },
    /// JSON, but of something else.
    #[error("the format is \"{found}\", not \"{expected}\"")]
    NotAModel {
        /// The format that can be read.
        expected: &'static str,
        /// The format named in the file.
        found: String,
    },
    /// A file of another version of the format.
    #[error("the schema is {found}: this version reads schema {supported}")]
    OtherSchema {
        /// The version of the file.
        found: u64,
        /// The version that can be read.
        supported: u64,
    },
    /// A kernel that this version does not know.
    #[error("the kernel is \"{name}\": known are {known}")]
    UnknownKernel {
        /// The kernel named in the file.
        name: String,
        /// The known ones.
        known: String,
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
