//! Fuzzy memberships: how much each training sample counts.
//!
//! A fuzzy support vector machine differs from a plain one in one place: the box of sample i is
//! C·s_i in place of C. This crate computes the s_i, one file per strategy, and knows nothing of
//! solvers; the result goes wherever a `sample_weight` goes.
//!
//! ```
//! use fuzzysvm_core::{Label, Matrix, Samples};
//! use fuzzysvm_membership::{Efsvm, Membership};
//!
//! let (n, p) = (Label::Negative, Label::Positive);
//! let data = [0.0, 1.0, 2.0, 3.0, 4.0, 5.2, 6.0, 7.0];
//! let y = [n, n, n, n, n, p, p, n];
//! let train = Samples::new(Matrix::new(&data, 1)?, &y)?;
//!
//! let s = Efsvm { n_neighbors: 3, ..Efsvm::default() }.membership(train)?;
//! assert_eq!(s[5], 1.0); // the minority counts fully
//! assert_eq!(s[0], 2.0 / 6.0); // a pure neighborhood: 1/IR
//! assert!(s[4] < s[0]); // a mixed one: less
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Membership`] is a strategy that needs the training samples alone, [`FromFirstModel`] one that starts from a
//!   fitted model; [`Pretrained`] joins the latter with a learner and is a `Membership` again.
//! - [`MembershipKind`] holds every shipped strategy under its name; [`Strategy`] says of each how it is presented,
//!   computed, and what it needs. [`Strategy::with_first_model`] makes a `Membership` of whatever strategy a user names.
//! - [`Weighted`] joins a membership with any learner and is a learner again.
//! - `laws` (feature `laws`) has checks to run on a strategy of your own.

mod by_search;
mod center;
mod error;
mod gram;
mod kind;
#[cfg(feature = "laws")]
pub mod laws;
mod membership;
mod minority;
mod neighborhood;
mod pretrained;
mod strategy;
mod weighted;

pub use error::{FirstModelError, MembershipError, UnknownMembership};
pub use kind::*;
pub use membership::{FromFirstModel, Membership, WithEntropy};
pub use minority::{ImbalanceWarning, MinorityClass};
pub use neighborhood::neighborhood_entropy;
pub use pretrained::Pretrained;
pub use strategy::{Plan, ResolvedMembership, Strategy};
pub use weighted::{Weighted, WeightedError};

/// The example of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
