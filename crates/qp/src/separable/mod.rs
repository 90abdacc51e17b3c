//! Programs with a diagonal Q and limits on sums, by an interior point.

mod interior;
mod problem;

pub use interior::{InteriorPoint, SeparableSolution};
pub use problem::{Grouping, SeparableProblem};
