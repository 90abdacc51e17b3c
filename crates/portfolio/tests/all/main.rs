//! Return models and rules: laws and golden values. One program, as each would be linked for itself.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod completion_laws;
mod flows;
mod linear_edges;
mod notes;
mod regression_golden;
mod return_model_laws;
mod rule_laws;
mod survival_golden;
