//! What every fuzz target does with its bytes. A panic is a finding.
//!
//! The test `corpus` of the crate `fuzzysvm` does the same with the files of `fuzz/seeds`, and with edits of them.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a finding")]

pub mod approx_model_json;
pub mod baseline_json;
pub mod batches;
pub mod csv;
pub mod edit;
pub mod estimator_file;
pub mod fit;
pub mod fit_method;
pub mod flags;
pub mod keel;
pub mod lending_club;
pub mod libsvm;
pub mod libsvm_model;
pub mod loan_model;
pub mod model_json;
pub mod parquet;
pub mod results_json;
pub mod weights;

mod read_again;
mod resealed;
mod supply;

/// What a target does with its bytes.
pub type Check = fn(&[u8]);

/// Every target by name, which is also that of its folder in `fuzz/seeds`.
pub const TARGETS: &[(&str, Check)] = &[
    ("approx_model_json", approx_model_json::check),
    ("baseline_json", baseline_json::check),
    ("batches", batches::check),
    ("csv", csv::check),
    ("estimator_file", estimator_file::check),
    ("fit", fit::check),
    ("fit_method", fit_method::check),
    ("flags", flags::check),
    ("keel", keel::check),
    ("lending_club", lending_club::check),
    ("libsvm", libsvm::check),
    ("libsvm_model", libsvm_model::check),
    ("loan_model", loan_model::check),
    ("model_json", model_json::check),
    ("parquet", parquet::check),
    ("results_json", results_json::check),
    ("weights", weights::check),
];

/// The text at the head of the bytes.
fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&bytes[..e.valid_up_to()]).unwrap_or_default(),
    }
}
