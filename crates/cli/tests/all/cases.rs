//! Small inputs that once gave a wrong answer, each with its right value, through the binary.
//!

//! The inputs lie in `../shared/cases` beside the repository; where they are absent a test says so and passes.

mod formats;
mod loans;
mod metrics;
mod numbers;
mod tables;

use std::path::PathBuf;

/// The path of an input, or `None`, said on stderr, where the inputs are absent.
fn case(name: &str) -> Option<PathBuf> {
    crate::common::shared(&format!("cases/{name}"))
}
