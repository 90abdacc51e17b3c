//! Loads a file of loans to features and prints one JSON line, or writes such a file.
//!
//! `peer_load FILE [FEATURE,…]`: reads the loans, keeps finished ones of 36 months, fits the encoder on
//! all of them and encodes them. `s_read` are the seconds of the book alone, `s` of all of it; `peak_mib` is the
//! largest resident size of the process (Linux).
//!
//! `peer_load --write FILE N`: N simulated loans in 151 columns.

use std::error::Error;
use std::fs::File;
use std::time::Instant;

use fuzzysvm::datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, ReadOptions, Selection,
};
use fuzzysvm_benches::{peak_mib, write_wide_loans};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [write, file, n] if write == "--write" => {
            Ok(write_wide_loans(n.parse()?, 1, File::create(file)?)?)
        }
        [file] => load(
            file,
            DEFAULT_FEATURES.iter().map(|f| (*f).to_owned()).collect(),
        ),
        [file, features] => load(file, features.split(',').map(str::to_owned).collect()),
        _ => Err("usage: peer_load FILE [FEATURE,…] | peer_load --write FILE N".into()),
    }
}

fn load(file: &str, features: Vec<String>) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let options = ReadOptions {
        features,
        ..ReadOptions::default()
    };
    let book = LoanBook::read_paths(&[file], &options)?;
    let seconds_read = start.elapsed().as_secs_f64();
    let kept = Selection::default().select(&book);
    let encoder = FeatureEncoder::fit(&book, &kept.rows, &options.features)?;
    let seconds_fitted = start.elapsed().as_secs_f64();
    let x = encoder.transform(&book, &kept.rows)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}",
        serde_json::json!({
            "s": seconds, "s_read": seconds_read, "s_fit": seconds_fitted - seconds_read,
            "s_transform": seconds - seconds_fitted, "rows": book.len(), "kept": kept.kept(),
            "columns": x.n_cols(), "peak_mib": peak_mib(),
        })
    );
    Ok(())
}
