//! Any bytes, sparse rows and weights among them: a data set or a typed error, and what was learnt reads the same file
//! to the same numbers.
#![no_main]

use fuzzysvm_datasets::table::{Format, ReadOptions, TargetUse, read_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(data) = read_bytes("fuzz", Format::Keel, bytes, &ReadOptions::default()) {
        let again = data
            .schema
            .read_bytes("fuzz", Format::Keel, bytes, TargetUse::Required)
            .expect("the file it was learnt from");
        assert_eq!(again.x, data.x);
        if let Some(weights) = data.weights {
            assert_eq!(weights.len(), data.y.len());
            assert!(weights.iter().all(|w| w.is_finite() && *w >= 0.0));
        }
        assert_eq!(again.y, Some(data.y));
    }
});
