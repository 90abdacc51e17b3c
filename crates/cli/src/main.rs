//! `fuzzysvm`: fuzzy support vector machines on the command line.

// Doc comments of options are help texts, where [brackets] hold defaults.
#![allow(rustdoc::broken_intra_doc_links)]

mod cli;
mod commands;
mod compare_tables;
mod data;
mod failure;
mod fitting;
mod folds;
mod given;
mod learner;
mod lend_tables;
mod loans;
mod method;
mod method_name;
mod model;
mod options;
mod output;
mod peer_search;
mod pipeline;
mod run_folder;
mod ui;
mod unfinished;
mod weights;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    output::clean_up_on_interrupt();
    let result = start_threads(cli.general.threads).and_then(|()| cli.run());
    match result {
        Ok(done) => done.code(),
        Err(failure) => {
            if let Some(message) = failure.message() {
                // A closed standard error is no reason to end otherwise.
                let _ = writeln!(std::io::stderr(), "error: {message}");
            }
            failure.code()
        }
    }
}

fn start_threads(threads: Option<u16>) -> Result<(), Failure> {
    if let Some(n) = threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(n))
            .build_global()?;
    }
    Ok(())
}
