//! The estimator through its public interface. One program, as each would be linked for itself.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod calibration;
mod copies;
mod cross_validation;
mod files;
mod fit;
mod hostile_file;
mod loans;
mod missing;
mod readme;
mod reasons;
mod scored;
mod stake_methods;
mod tune;
mod tune_samples;
mod tuned;
