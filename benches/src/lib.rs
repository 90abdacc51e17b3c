//! Data shared by the benches: fixed sizes, fixed seeds.

use fuzzysvm::core::{Label, MatrixBuf};
use fuzzysvm::datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, ReadOptions, Selection,
};
use fuzzysvm::datasets::simulated::SimulatedBook;

/// The first `n` finished 36-month loans of the simulated book of seed 1, encoded and standardised.
///
/// # Panics
/// Where the simulated book cannot be read, which its own tests rule out.
#[allow(clippy::expect_used)]
pub fn simulated_loans(n: usize) -> (MatrixBuf, Vec<Label>) {
    let mut file = Vec::new();
    let simulated = SimulatedBook {
        n_loans: 2 * n as u64,
        seed: 1,
    };
    simulated.write_to(&mut file).expect("writing to memory");
    let book = LoanBook::from_reader(file.as_slice(), ReadOptions::default()).expect("a loan book");
    let kept = Selection::default().select(&book);
    let rows = &kept.rows[..n.min(kept.rows.len())];
    let encoder = FeatureEncoder::fit(&book, rows, DEFAULT_FEATURES).expect("default features");
    let x = encoder.transform(&book, rows).expect("the same loans");
    (x, kept.labels[..rows.len()].to_vec())
}

/// The little-endian doubles of a file.
///
/// # Errors
/// Where the file cannot be read.
pub fn doubles(path: &std::path::Path) -> std::io::Result<Vec<f64>> {
    let bytes = std::fs::read(path)?;
    Ok(bytes
        .as_chunks::<8>()
        .0
        .iter()
        .map(|b| f64::from_le_bytes(*b))
        .collect())
}
