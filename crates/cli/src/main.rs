//! `fuzzysvm`: fuzzy support vector machines on the command line.

// Doc comments of options are help texts, where [brackets] hold defaults.
#![allow(rustdoc::broken_intra_doc_links)]

mod checkpoint;
mod classes;
mod cli;
mod commands;
mod compare_tables;
mod experiment;
mod explicit_flags;
mod failure;
mod flags;
mod lend_tables;
mod output;
mod params;
mod run_folder;
mod set_names;
mod ui;

use std::io::Write;
use std::process::ExitCode;

use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = cli::Cli::read();
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
