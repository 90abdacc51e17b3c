//! `fuzzysvm`: fuzzy support vector machines on the command line.

// Doc comments of options are help texts, where [brackets] hold defaults.
#![allow(rustdoc::broken_intra_doc_links)]

mod calibration;
mod checkpoint;
mod classes;
mod cli;
mod commands;
mod compare_tables;
mod estimate;
mod experiment;
mod explicit_flags;
mod failure;
mod flags;
mod layout;
mod lend_files;
mod lend_tables;
mod model;
mod output;
mod params;
mod progress;
mod run_folder;
mod startup;
mod terminal;
mod threads;
mod trial_progress;
mod ui;
mod utc;
mod words;

use std::io::Write;
use std::process::ExitCode;

use console::Style;
use fuzzysvm::core::{cpu, memory};

use crate::failure::Failure;
use crate::terminal::Screen;

fn main() -> ExitCode {
    startup::let_large_writes_fail();
    if let Err(failure) = startup::check_stdout() {
        return failed(&failure, cli::asks_for_json());
    }
    let cli = match cli::Cli::read() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let json = cli.general.json;
    Screen::choose(cli.general.color);
    output::clean_up_on_interrupt(json);
    if let Some(bytes) = cli.general.max_memory {
        memory::set_limit(bytes);
    }
    let done = cpu::asked()
        .map_err(Failure::usage)
        .and_then(|_| threads::start(cli.general.threads))
        .and_then(|()| cli.run());
    match done {
        Ok(done) => done.code(),
        Err(failure) => failed(&failure, json),
    }
}

/// Says why a command did not finish.
fn failed(failure: &Failure, json: bool) -> ExitCode {
    let line = match json {
        true => failure.json().map(|error| error.to_string()),
        false => failure.message().map(|message| {
            let word = Screen::current().paint_error("error:", Style::new().red().bold());
            format!("{word} {message}")
        }),
    };
    if let Some(line) = line {
        // A closed standard error is no reason to end otherwise.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    failure.code()
}
