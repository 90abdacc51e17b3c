//! Data of the tests.
#![allow(dead_code, reason = "each test file takes its part")]

use std::path::{Path, PathBuf};

use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_estimator::Data;
use fuzzysvm_estimator::method::{SpaceOptions, baseline_grid};

/// A file of 700 simulated loans in the folder.
pub fn loan_file(folder: &Path) -> PathBuf {
    let path = folder.join("loans.csv");
    let book = SimulatedBook {
        n_loans: 700,
        seed: 3,
    };
    let mut file = std::fs::File::create(&path).unwrap();
    book.write_to(&mut file).unwrap();
    path
}

/// Two overlapping classes of two features; every fourth sample is positive. `seed` moves all of them.
pub fn overlapping(n: u32, seed: u32) -> Data {
    let (x, y) = rows(n, seed);
    Data::from_matrix(x, y).unwrap()
}

/// The same as numbers.
pub fn rows(n: u32, seed: u32) -> (MatrixBuf, Vec<Label>) {
    let y: Vec<Label> = (0..n)
        .map(|i| Label::from_sign(if i % 4 == 0 { 1.0 } else { -1.0 }))
        .collect();
    let x = (0..n).flat_map(|i| {
        let shift = if i % 4 == 0 { 1.3 } else { 0.0 };
        let wave = |f: f64| 1.5 * (f64::from(i) * f + f64::from(seed)).sin();
        [wave(1.7) + shift, 10.0 * (wave(2.9) - shift)]
    });
    (MatrixBuf::new(x.collect(), 2).unwrap(), y)
}

/// Small grids.
pub fn options(ks: &[usize]) -> SpaceOptions {
    SpaceOptions {
        ks: ks.to_vec(),
        baselines: baseline_grid(),
        seed: 3,
    }
}

/// Equal to the last bit.
pub fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// What `work` gives on a pool of so many threads.
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(work)
}
