//! One file per command.

pub mod compare;
pub mod completions;
pub mod convert;
pub mod evaluate;
pub mod lend;
pub mod man;
pub mod membership;
pub mod methods;
pub mod portfolio;
pub mod predict;
pub mod report;
pub mod simulate_loans;
pub mod train;
pub mod tune;
