//! The support vector machines: golden values, model files, laws. One program, as each would be linked for itself.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod approx;
mod approx_file;
mod exact_info;
mod golden;
mod golden_files;
mod halving;
mod libsvm;
mod model_file;
mod onnx;
mod parts;
mod svc;
mod ties;
mod tuning;
mod working_set;
