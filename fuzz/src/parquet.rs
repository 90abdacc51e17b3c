//! Any bytes as Parquet: a data set or a typed error, and what was learnt reads the same file to the same numbers.

use fuzzysvm::datasets::table::{Format, ReadOptions};

use super::read_again::read_again;

/// Reads the bytes, without the columns of the seeds that are not supported.
pub fn check(bytes: &[u8]) {
    let options = ReadOptions::default().with_drop(["seen", "at", "list", "struct"]);
    read_again(Format::Parquet, bytes, &options);
}
