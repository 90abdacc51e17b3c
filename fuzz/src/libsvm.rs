//! Any bytes, counted from 0 or 1: a data set or a typed error, and what was learnt reads the same file to the same
//! numbers, also with more features.

use fuzzysvm::datasets::table::{Format, ReadOptions, TargetUse, ZeroBased};

use super::read_again::read_again;

/// Reads the bytes.
pub fn check(bytes: &[u8]) {
    for zero_based in [ZeroBased::Auto, ZeroBased::Yes, ZeroBased::No] {
        let options = ReadOptions::default().with_zero_based(zero_based);
        let Some(data) = read_again(Format::Libsvm, bytes, &options) else {
            continue;
        };
        let n = data.x.n_cols();
        if let Ok(wide) = data.schema.widened(n + 2) {
            let rows = wide.read_bytes("fuzz", Format::Libsvm, bytes, TargetUse::Ignored);
            if let Ok(rows) = rows {
                assert!(
                    rows.x
                        .view()
                        .rows()
                        .zip(data.x.view().rows())
                        .all(|(w, x)| w[..n] == *x)
                );
            }
        }
    }
}
