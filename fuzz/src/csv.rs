//! Any bytes: a data set or a typed error, and what was learnt reads the same file to the same numbers.

use fuzzysvm::datasets::table::{Format, ReadOptions};

use super::read_again::read_again;

/// Reads the bytes.
pub fn check(bytes: &[u8]) {
    read_again(Format::Csv, bytes, &ReadOptions::default());
}
