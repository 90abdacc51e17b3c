//! Any bytes: a data set or a typed error, and what was learnt reads the same file to the same numbers.
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
        assert_eq!(again.y, Some(data.y));
    }
});
