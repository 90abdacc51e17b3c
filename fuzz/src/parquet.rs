//! Any bytes as Parquet: a data set or a typed error, and what was learnt reads the same file to the same numbers.

use fuzzysvm::datasets::table::{
    Format, ReadOptions, TableError, TableWarning, TargetUse, read_bytes,
};

/// Reads the bytes.
pub fn check(bytes: &[u8]) {
    let options = ReadOptions::default().with_drop(["seen", "at", "list", "struct"]);
    if let Ok(data) = read_bytes("fuzz", Format::Parquet, bytes, &options) {
        let again = data
            .schema
            .read_bytes("fuzz", Format::Parquet, bytes, TargetUse::Required);
        let imputed = |w: &TableWarning| matches!(w, TableWarning::Imputed { .. });
        let again = match again {
            // What was filled in is not learnt with the schema.
            Err(TableError::MissingValue { .. }) if data.warnings.iter().any(imputed) => return,
            again => again.expect("the file it was learnt from"),
        };
        assert_eq!(again.x, data.x);
        assert_eq!(again.y, Some(data.y));
    }
}
