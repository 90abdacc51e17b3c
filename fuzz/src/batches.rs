//! Any bytes as rows for a model, a batch at a time: the same rows, or the same error, as when the file is read as a whole.

use std::process;
use std::thread;

use fuzzysvm::datasets::Input;
use fuzzysvm::datasets::table::{
    Format, ReadOptions, TableError, TableSchema, TargetUse, read_bytes,
};

/// Two numbers, a category and a class.
const TRAINING: &[u8] = b"a,b,c,y\n1,2.5,u,p\n-3e2,.5,v,n\n0,1,u,n\n7,8,v,p\n";

fn schema() -> TableSchema {
    let read = read_bytes("training", Format::Csv, TRAINING, &ReadOptions::default());
    read.expect("a table").schema
}

/// Reads the bytes in both ways.
pub fn check(bytes: &[u8]) {
    let name = format!("fuzz-{}-{:?}.csv", process::id(), thread::current().id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, bytes).expect("room for a small file");
    let (schema, options) = (schema(), ReadOptions::default());
    let whole = schema.read_as(&path, TargetUse::Ignored, &options);
    let mut rows = Vec::new();
    let batched = Input::open(&path).and_then(|input| {
        schema.read_batches::<_, TableError>(
            input,
            &options,
            None,
            |batch| batch.x,
            |first, x| {
                assert_eq!(first * x.n_cols(), rows.len());
                rows.extend_from_slice(x.view().as_slice());
                Ok(())
            },
        )
    });
    // What cannot be removed is in nobody's way.
    let _ = std::fs::remove_file(&path);
    match (whole, batched) {
        (Ok(whole), Ok(batched)) => {
            assert_eq!(rows, whole.x.view().as_slice());
            assert_eq!(batched.rows, whole.lines.len());
            assert_eq!(batched.warnings, whole.warnings);
        }
        (whole, batched) => {
            let whole = whole.expect_err("the batches have an error").to_string();
            let batched = batched.expect_err("the whole has an error").to_string();
            assert_eq!(batched, whole);
        }
    }
}
