//! The classifier beyond the size for which n² kernel values can be computed: an explicit feature map of M
//! coordinates in place of the kernel, and a solver of the weighted problem whose cost grows with n·M.
//!
//! [`ApproxSvc`] is a `Learner` like [`Svc`](crate::Svc): same C, same weights, same unregularised
//! intercept, so that its model becomes the exact one as the map becomes exact.

mod cholesky;
mod learner;
mod mapped;
mod model;
mod passes;
mod settings;
mod solver;

pub use mapped::MappedSamples;
pub use model::{ApproxBasis, ApproxInfo, ApproxModel};
pub use settings::{ApproxSvc, Approximation};
