//! Buys loans quarter by quarter with what was known at the time, and prints what each ranking returned.
//!
//! `cargo run --release -p fuzzysvm-experiments --example walk_forward -- [FILE [QUARTER,QUARTER,…]]`
//!
//! Without a file on a simulated book; without quarters on all that can be decided on and tested, as 2009Q3.

use fuzzysvm_datasets::lending_club::{LoanBook, Quarter, ReadOptions, Selection};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_experiments::tables::markdown;
use fuzzysvm_experiments::walk_forward::{
    WalkForwardSettings, book_quarters, default_quarters, run, tables,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (book, source) = match arguments.next() {
        Some(file) => (LoanBook::read_path(&file)?, "the file"),
        None => {
            let mut file = Vec::new();
            SimulatedBook::default().write_to(&mut file)?;
            let book = LoanBook::from_reader(file.as_slice(), ReadOptions::default())?;
            (book, "simulated")
        }
    };
    let selection = Selection::default();
    let quarters: Vec<Quarter> = match arguments.next() {
        Some(list) => list.split(',').map(str::parse).collect::<Result<_, _>>()?,
        None => default_quarters(&book, &selection)?,
    };
    let quarters_of_book = book_quarters(&book, &quarters, &selection);
    let settings = WalkForwardSettings::default();
    let results = run(quarters_of_book, &settings, &|quarter| {
        eprintln!("{quarter}")
    })?;
    println!("{}", markdown(&tables(&results, source)));
    for quarter in &results.quarters {
        for warning in &quarter.warnings {
            println!("warning: {}: {warning}", quarter.quarter);
        }
    }
    Ok(())
}
