//! Flags that several commands share, and what each group of them stands for.

mod data;
mod estimator;
mod format;
mod loans;
mod method;
mod parse;
mod svm;

pub use data::{DataFlags, ScaleFlag, TableFlags};
pub use estimator::EstimatorFlags;
pub use format::FormatFlags;
pub use loans::ColumnFlags;
pub use method::{MethodFlags, MethodParser, ParamFlags, methods_help};
pub use parse::{count, month, positive, rule};
pub use svm::{ApproxFlags, KernelFlags, SolverFlags, svm};
