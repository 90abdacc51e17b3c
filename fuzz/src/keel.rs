//! Any bytes, sparse rows and weights among them: a data set or a typed error, and what was learnt reads the same file
//! to the same numbers.

use fuzzysvm::datasets::table::{Format, ReadOptions};

use super::read_again::read_again;

/// Reads the bytes.
pub fn check(bytes: &[u8]) {
    let data = read_again(Format::Keel, bytes, &ReadOptions::default());
    if let Some((y, weights)) = data.and_then(|data| Some((data.y, data.weights?))) {
        assert_eq!(weights.len(), y.len());
        assert!(weights.iter().all(|w| w.is_finite() && *w >= 0.0));
    }
}
