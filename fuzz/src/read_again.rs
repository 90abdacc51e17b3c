//! What every reader of tables keeps: what was learnt from a file reads that file to the same numbers.

use fuzzysvm::datasets::table::{
    Dataset, Format, ReadOptions, TableError, TableWarning, TargetUse, read_bytes,
};

/// Reads the bytes twice, the second time by what was learnt the first time; `None` where they are no table.
pub fn read_again(format: Format, bytes: &[u8], options: &ReadOptions) -> Option<Dataset> {
    let data = read_bytes("fuzz", format, bytes, options).ok()?;
    let again = data
        .schema
        .read_bytes("fuzz", format, bytes, TargetUse::Required);
    let imputed = |w: &TableWarning| matches!(w, TableWarning::Imputed { .. });
    match again {
        // What was filled in is not learnt with the schema.
        Err(TableError::MissingValue { .. }) if data.warnings.iter().any(imputed) => {}
        again => {
            let again = again.expect("the file it was learnt from");
            assert_eq!(again.x, data.x);
            assert_eq!(again.y.as_ref(), Some(&data.y));
        }
    }
    Some(data)
}
