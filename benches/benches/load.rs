//! From the bytes of a file of loans to features: read, select, fit the encoder, encode.

use std::hint::black_box;
use std::io::Write;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::{Compression, write::GzEncoder};
use fuzzysvm::datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, LoanBookError, ReadOptions, Selection,
};
use fuzzysvm_benches::write_wide_loans;

const N: u64 = 20_000;

fn encode(book: &LoanBook) -> Result<usize, LoanBookError> {
    let rows = Selection::default().select(book).rows;
    let encoder = FeatureEncoder::fit(book, &rows, DEFAULT_FEATURES)?;
    Ok(encoder.transform(book, &rows)?.n_cols())
}

fn load(c: &mut Criterion) {
    let mut group = c.benchmark_group("load");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8));
    let mut plain = Vec::new();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    if write_wide_loans(N, 1, &mut plain).is_err() || gzip.write_all(&plain).is_err() {
        return;
    }
    let Ok(gzip) = gzip.finish() else {
        return;
    };
    let read = |bytes: &[u8]| LoanBook::from_reader(bytes, ReadOptions::default());
    for (name, bytes) in [("plain", &plain), ("gzip", &gzip)] {
        group.throughput(Throughput::Bytes(plain.len() as u64));
        group.bench_function(format!("read {name}, {N} loans of 151 columns"), |b| {
            b.iter(|| read(black_box(bytes)));
        });
    }
    let Ok(book) = read(&plain) else {
        return;
    };
    group.throughput(Throughput::Elements(N));
    group.bench_function(format!("select and encode, {N} loans"), |b| {
        b.iter(|| encode(black_box(&book)));
    });
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
