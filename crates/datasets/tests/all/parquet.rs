//! Files that pandas and pyarrow wrote, beside the CSV that pandas wrote of the same frame.
#![cfg(feature = "parquet")]

// Helpers count as production code to clippy.
use std::path::PathBuf;

use fuzzysvm_datasets::table::{
    Dataset, Format, ReadOptions, TableError, TargetUse, read, read_bytes,
};

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parquet")).join(name)
}

fn data(name: &str) -> Dataset {
    read(&path(name), &ReadOptions::default()).unwrap()
}

/// Every type, three row groups, snappy; an index of the frame that is no column.
#[test]
fn a_file_of_pandas_is_its_csv() {
    let (parquet, csv) = (data("types.parquet"), data("types.csv"));
    assert_eq!(parquet.feature_names, csv.feature_names);
    assert_eq!((&parquet.x, &parquet.y), (&csv.x, &csv.y));
    assert_eq!(parquet.class_names, ["no", "yes"]);
    assert_eq!(parquet.schema, csv.schema);
    // What was learnt from one reads the other.
    let rows = csv
        .schema
        .read(&path("types.parquet"), TargetUse::Required)
        .unwrap();
    assert_eq!((rows.x, rows.y), (csv.x, Some(csv.y)));
    assert_eq!(parquet.lines, (1..=24).collect::<Vec<u64>>());
}

#[test]
fn it_is_known_by_its_content() {
    let bytes = std::fs::read(path("types.parquet")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "a.csv", "a.data"] {
        let at = folder.path().join(name);
        std::fs::write(&at, &bytes).unwrap();
        let found = read(&at, &ReadOptions::default()).unwrap();
        assert_eq!(found.x, data("types.csv").x);
    }
    let at = folder.path().join("a.parquet");
    std::fs::write(&at, "a,y\n1,p\n2,n\n").unwrap();
    let error = read(&at, &ReadOptions::default()).unwrap_err().to_string();
    assert!(
        error.contains("found no Parquet file, expected one"),
        "{error}"
    );
}

#[test]
fn columns_that_are_not_supported_are_refused_by_name_where_they_are_used() {
    let error = |options: &ReadOptions| {
        read(&path("dates.parquet"), options)
            .unwrap_err()
            .to_string()
    };
    let all = error(&ReadOptions::default());
    assert!(
        all.contains("found dates in column \"seen\", expected numbers"),
        "{all}"
    );
    let mut left_out = vec!["seen"];
    for (what, column) in [
        ("timestamps", "at"),
        ("nested values", "list"),
        ("nested values", "struct"),
    ] {
        let e = error(&ReadOptions::default().with_drop(left_out.clone()));
        assert!(
            e.contains(&format!("found {what} in column \"{column}\"")),
            "{e}"
        );
        left_out.push(column);
    }
}

/// Loans in a table: what is known only after a loan was made is no feature, whatever the format.
#[test]
fn outcomes_of_loans_are_no_features() {
    let options = |drop: &[&str]| {
        let options = ReadOptions::default().with_target("loan_status");
        options.with_drop(drop.iter().copied())
    };
    let error = read(&path("loans.parquet"), &options(&[])).unwrap_err();
    let TableError::Unsuitable { columns, .. } = error else {
        panic!("{error}");
    };
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["total_pymnt", "recoveries", "last_pymnt_amnt"]);
    let data = read(&path("loans.parquet"), &options(&names)).unwrap();
    assert_eq!(data.schema.columns().len(), 3);
}

#[test]
fn other_files_are_refused_in_words() {
    for (name, expected) in [
        (
            "zstd.parquet",
            "found zstd compression, expected snappy, gzip or none",
        ),
        ("empty.parquet", "found no samples"),
        // The decoder of the crate parquet panics.
        ("no-dictionary.parquet", "found damaged Parquet data"),
        (
            "delta.parquet",
            "found texts in delta-length encoding in column \"s\", expected plain values or a dictionary",
        ),
    ] {
        let error = read(&path(name), &ReadOptions::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// Pages of version 2, gzip, differences of integers: what pyarrow writes where it is asked to.
#[test]
fn pages_of_version_2_hold_the_same() {
    let (v2, v1) = (data("missing-v2.parquet"), data("missing.parquet"));
    assert_eq!((&v2.x, &v2.y, &v2.schema), (&v1.x, &v1.y, &v1.schema));
    let options = ReadOptions::default().with_drop(["s"]);
    let without = read(&path("delta.parquet"), &options).unwrap();
    assert_eq!(without.x.view().as_slice(), [1.5, 2.0, 3.0, 4.0]);
}

/// Every cut and many changed bytes: a table or a typed error, never a panic.
#[test]
fn damaged_files_are_errors() {
    for name in ["types.parquet", "missing.parquet", "delta.parquet"] {
        let whole = std::fs::read(path(name)).unwrap();
        let options = ReadOptions::default().with_drop(["seen", "at", "list", "struct"]);
        let attempt = |bytes: &[u8]| {
            let _ = read_bytes("t", Format::Parquet, bytes, &options);
        };
        for cut in 0..whole.len() {
            attempt(&whole[..cut]);
        }
        for at in 0..whole.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                attempt(&bytes);
            }
        }
    }
}
