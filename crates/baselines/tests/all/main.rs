//! The baselines: laws, golden values, model files. One program, as each would be linked for itself.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod boosting;
mod golden;
mod golden_models;
mod hostile;
mod laws;
mod model_file;
mod parameters;
mod reproducible;
mod ties;
mod w_elm;
