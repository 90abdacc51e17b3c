//! The methods that the pipelines compare, and how one is tuned and fitted.
//!
//! A [`MethodKind`] is a name; the [`Way`] of its [`Method`] says what stands behind it: memberships for
//! the support vector classifier, or a learner of its own. [`tune`] chooses the settings of many methods
//! at once, [`Tuned::fit`] fits what was chosen. Both pipelines meet the methods here and nowhere else.
//!
//! | to add | write |
//! | --- | --- |
//! | a membership | one variant in [`MethodKind`] with its names, and one arm in its `way` |
//! | another learner | the same; its arm gives [`Way::Learners`], one [`LearnerSetting`] a point of its grid |

mod error;
mod first;
mod kind;
mod peers;
mod tune;
mod way;

pub use error::MethodError;
pub use kind::{MethodKind, UnknownMethod};
pub use peers::{check_peers, peer_grid, peer_grid_in_words};
pub use tune::{Chosen, EncodedFold, Fitted, Search, Tuned, score_learners, tune};
pub use way::{
    AnyLearner, LearnerError, LearnerSetting, MembershipSetting, Method, Way, WaySettings,
};
