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
mod error;
#[cfg(feature = "serde")]
mod legacy;
mod libsvm;
#[cfg(feature = "serde")]
mod svc;

#[cfg(feature = "serde")]
pub use approx::{APPROX_KIND, ApproxModelFile};
pub use error::ModelFileError;
pub use libsvm::{ImportedModel, from_libsvm};
#[cfg(feature = "serde")]
pub use svc::{KIND, ModelFile};
