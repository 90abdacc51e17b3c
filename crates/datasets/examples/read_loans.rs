//! Reads loan files and prints what was read, kept and left out, with the time it took.
//!
//! `cargo run --release -p fuzzysvm-datasets --example read_loans -- FILE…`

use std::time::Instant;

use fuzzysvm_datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, LoanBookError, ReadOptions, Selection,
};

fn main() -> Result<(), LoanBookError> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let start = Instant::now();
    let book = LoanBook::read_paths(&files, &ReadOptions::default())?;
    println!(
        "{} loans in {:.3?}: {:?}",
        book.len(),
        start.elapsed(),
        book.other_lines()
    );

    let kept = Selection::default().select(&book);
    let counts = kept.class_counts();
    println!(
        "{} kept, {} of them charged off",
        kept.kept(),
        counts.positive
    );
    for (why, n) in &kept.dropped {
        println!("{n} left out: {why}");
    }

    let start = Instant::now();
    let encoder = FeatureEncoder::fit(&book, &kept.rows, DEFAULT_FEATURES)?;
    let x = encoder.transform(&book, &kept.rows)?;
    println!(
        "{} x {} encoded in {:.3?}",
        x.n_rows(),
        x.n_cols(),
        start.elapsed()
    );
    for (name, why) in encoder.unused() {
        println!("{name} not used: {why}");
    }
    Ok(())
}
