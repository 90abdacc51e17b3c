//! The limit of memory: alone in its process, for which it is set.

#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(feature = "parquet")]
use std::sync::Arc;

use fuzzysvm_core::memory;
use fuzzysvm_datasets::lending_club::{LoanBook, LoanBookError, ReadOptions as LoanOptions};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_datasets::table::{Dataset, Format, ReadOptions, TableError, read_bytes};
#[cfg(feature = "parquet")]
use parquet::{
    basic::{Compression, GzipLevel},
    data_type::{ByteArray, ByteArrayType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
};

fn read(text: &str) -> Result<Dataset, TableError> {
    read_bytes("t", Format::Csv, text.as_bytes(), &ReadOptions::default())
}

#[test]
fn tables_beyond_the_limit_are_refused_and_those_within_read() {
    csv_at_the_limit();
    loans_beyond_the_limit();
    #[cfg(feature = "parquet")]
    parquet_of_one_text_in_every_row();
    #[cfg(feature = "parquet")]
    parquet_of_a_page_beyond_the_limit();
}

fn csv_at_the_limit() {
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

/// Their columns grow while the file is read.
fn loans_beyond_the_limit() {
    let mut file = Vec::new();
    let simulated = SimulatedBook {
        n_loans: 140_000,
        seed: 1,
    };
    simulated.write_to(&mut file).unwrap();
    let read = || LoanBook::from_reader(file.as_slice(), LoanOptions::default());
    let before = memory::limit();
    memory::set_limit(memory::LEAST);
    let beyond = read();
    memory::set_limit(before);
    match beyond {
        Err(e @ LoanBookError::BookMemory { loans, excess, .. }) => {
            assert!((4_096..140_000).contains(&loans), "{e}");
            assert!(excess.needed > memory::LEAST && excess.limit == memory::LEAST);
        }
        other => panic!("{:?}", other.map(|book| book.len())),
    }
    assert_eq!(read().unwrap().len(), 140_000);
}

/// Texts, and classes in turn.
#[cfg(feature = "parquet")]
fn parquet_of(texts: &[ByteArray], properties: WriterProperties) -> Vec<u8> {
    let schema = "message t { required binary a (UTF8); required int64 y; }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<ByteArrayType>()
        .write_batch(texts, None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let y: Vec<i64> = (0..texts.len() as i64).map(|i| i % 2).collect();
    column
        .typed::<Int64Type>()
        .write_batch(&y, None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// Gzip of some kilobytes that unpacks to 20 MiB: refused by what the page says, before it is unpacked.
#[cfg(feature = "parquet")]
fn parquet_of_a_page_beyond_the_limit() {
    let texts = [20 << 20, 1].map(|n| ByteArray::from("x".repeat(n).into_bytes()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::GZIP(GzipLevel::default()))
        .set_dictionary_enabled(false)
        .build();
    let bytes = parquet_of(&texts, properties);
    assert!(bytes.len() < 64 << 10, "{} bytes", bytes.len());
    let before = memory::limit();
    memory::set_limit(memory::LEAST);
    let found = read_bytes("t", Format::Parquet, &bytes, &ReadOptions::default());
    memory::set_limit(before);
    match found {
        // The text alone, behind its length in four bytes: the writer ends a page of that size.
        Err(TableError::Memory { what, excess, .. }) => {
            assert_eq!((what.as_str(), excess.needed), ("a page", (20 << 20) + 4));
        }
        other => panic!("{other:?}"),
    }
}

/// A file of a megabyte that holds one text 2,000 times: 1.8 GB when it is written out.
#[cfg(feature = "parquet")]
fn parquet_of_one_text_in_every_row() {
    let n = 2000;
    let texts = vec![ByteArray::from("x".repeat(900_000).into_bytes()); n];
    let bytes = parquet_of(&texts, WriterProperties::default());
    assert!(bytes.len() < 2 << 20, "{} bytes", bytes.len());

    let before = memory::limit();
    memory::set_limit(300 << 20);
    let found = read_bytes("t", Format::Parquet, &bytes, &ReadOptions::default());
    memory::set_limit(before);
    let words = found.unwrap_err().to_string();
    assert!(
        words.starts_with("t: found texts that would take "),
        "{words}"
    );
    assert!(
        words.ends_with("expected at most 300.0 MiB (max_memory)"),
        "{words}"
    );
}
