//! What can go wrong.

use fuzzysvm_core::{ParamError, SamplesError};
use fuzzysvm_knn_entropy::NeighborError;

/// Memberships that cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MembershipError {
    /// A neighbourhood that the samples do not have, such as k neighbours among k samples.
    #[error(transparent)]
    Neighbor(#[from] NeighborError),
    /// Samples without two classes.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// A parameter outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
}

/// A name under which no strategy is shipped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no membership `{name}`; there are {}", crate::MembershipKind::NAMES.join(", "))]
pub struct UnknownMembership {
    /// The name found.
    pub name: String,
}
