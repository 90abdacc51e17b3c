//! Data shared by the benches: fixed sizes, fixed seeds.

mod wide;

pub use wide::write_wide_loans;

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

/// `n` finished 36-month loans from as many simulated books as it takes, one seed each from 1 on, encoded by
/// what the first book teaches: a book of a million loans at once would take gigabytes to read.
///
/// # Panics
/// As [`simulated_loans`].
#[allow(clippy::expect_used)]
pub fn many_simulated_loans(n: usize) -> (MatrixBuf, Vec<Label>) {
    const BOOK: u64 = 100_000;
    let mut encoder = None;
    let (mut x, mut y, mut width) = (Vec::new(), Vec::new(), 1);
    for seed in 1.. {
        let n_loans = BOOK.min(4 * (n - y.len()) as u64 + 1000);
        let mut file = Vec::new();
        let simulated = SimulatedBook { n_loans, seed };
        simulated.write_to(&mut file).expect("writing to memory");
        let book =
            LoanBook::from_reader(file.as_slice(), ReadOptions::default()).expect("a loan book");
        drop(file);
        let kept = Selection::default().select(&book);
        let rows = &kept.rows[..kept.rows.len().min(n - y.len())];
        let encoder = encoder.get_or_insert_with(|| {
            FeatureEncoder::fit(&book, rows, DEFAULT_FEATURES).expect("default features")
        });
        let part = encoder.transform(&book, rows).expect("the same layout");
        width = part.n_cols();
        x.reserve_exact((n - y.len()) * width);
        x.extend_from_slice(part.view().as_slice());
        y.extend_from_slice(&kept.labels[..rows.len()]);
        if y.len() == n {
            break;
        }
    }
    (MatrixBuf::new(x, width).expect("whole rows"), y)
}

/// The largest resident size of this process so far in MiB, where the system tells (Linux).
pub fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}
