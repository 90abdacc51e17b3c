//! Choosing parameters by cross-validation.
//!
//! [`tune`] chooses for many methods at once, as experiments need it; [`Search`] tries one method and keeps every
//! score. Both fit everything on training parts and share what can be shared: the neighbors of a fold, the Gram matrix
//! of a fold and γ, and the solution from which the next one starts.

mod found;
mod learners;
mod many;
mod search;

pub use found::{Found, Tried};
pub use many::{Chosen, FittedMethod, SvmGrid, TunedMethod, tune, tune_with};
pub use search::{Search, Strategy};
