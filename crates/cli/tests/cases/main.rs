//! Small inputs that once gave a wrong answer, each with its right value, through the binary.
//!
//! The inputs lie in `../shared/cases` beside the repository; where they are absent a test says so and passes.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod formats;
mod loans;
mod metrics;
mod numbers;
mod tables;

use std::path::PathBuf;

/// The path of an input, or `None`, said on stderr, where the inputs are absent.
fn case(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/cases"
    ));
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/cases is absent");
        return None;
    }
    let path = folder.join(name);
    assert!(path.is_file(), "{name} is not among the cases");
    Some(path)
}
