//! Any bytes, sparse rows and weights among them: a data set or a typed error, and what was learnt reads the same file
//! to the same numbers.

use fuzzysvm::datasets::table::{
    Format, ReadOptions, TableError, TableWarning, TargetUse, read_bytes,
};

/// Reads the bytes.
pub fn check(bytes: &[u8]) {
    if let Ok(data) = read_bytes("fuzz", Format::Keel, bytes, &ReadOptions::default()) {
        let again = data
            .schema
            .read_bytes("fuzz", Format::Keel, bytes, TargetUse::Required);
        let imputed = |w: &TableWarning| matches!(w, TableWarning::Imputed { .. });
        let again = match again {
            // What was filled in is not learnt with the schema.
            Err(TableError::MissingValue { .. }) if data.warnings.iter().any(imputed) => return,
            again => again.expect("the file it was learnt from"),
        };
        assert_eq!(again.x, data.x);
        if let Some(weights) = data.weights {
            assert_eq!(weights.len(), data.y.len());
            assert!(weights.iter().all(|w| w.is_finite() && *w >= 0.0));
        }
        assert_eq!(again.y, Some(data.y));
    }
}
