#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzysvm_fuzz::parquet::check(bytes));
