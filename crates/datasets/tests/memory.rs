//! The limit of memory: alone in its process, for which it is set.

#![allow(clippy::unwrap_used, clippy::panic)]

use fuzzysvm_core::memory;
use fuzzysvm_datasets::table::{Dataset, Format, ReadOptions, TableError, read_bytes};

fn read(text: &str) -> Result<Dataset, TableError> {
    read_bytes("t", Format::Csv, text.as_bytes(), &ReadOptions::default())
}

#[test]
fn tables_beyond_the_limit_are_refused_and_those_within_read() {
    let row = |y: &str| format!("{}{y}\n", "1,".repeat(900));
    let names: Vec<String> = (0..900).map(|i| i.to_string()).collect();
    let csv = |n: usize| {
        let rows: String = (0..n).map(|i| row(["p", "n"][i % 2])).collect();
        format!("c{},y\n{rows}", names.join(",c"))
    };
    let bytes = |n: u64| (3 * 8 * 900 + 64) * n + 1024 * 900;
    let before = memory::limit();
    memory::set_limit(memory::LEAST);
    let n = (memory::LEAST - 1024 * 900) / (3 * 8 * 900 + 64);
    assert!(bytes(n) <= memory::LEAST && bytes(n + 1) > memory::LEAST);
    let (within, beyond) = (read(&csv(n as usize)), read(&csv(n as usize + 1)));
    memory::set_limit(before);
    assert_eq!(within.unwrap().x.n_rows(), n as usize);
    match beyond {
        Err(TableError::Memory { file, excess, .. }) => {
            assert_eq!(file.as_deref(), Some("t"));
            assert_eq!((excess.needed, excess.limit), (bytes(n + 1), memory::LEAST));
        }
        other => panic!("{other:?}"),
    }
}
