//! The command line as a whole.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Command as Clap, CommandFactory, FromArgMatches, Parser, Subcommand};
use fuzzysvm::core::cpu::{self, Level};

use crate::commands::{
    compare, completions, convert, evaluate, lend, man, membership, methods, portfolio, predict,
    report, simulate_loans, train, tune,
};
use crate::failure::{Done, Failure, error_json, on_one_line};
use crate::output::stdout_failed;
use crate::ui::General;

/// Fuzzy support vector machines for imbalanced data, and the loan portfolio
/// built on them
///
/// DATA is CSV with a header (.csv, .tsv), KEEL or ARFF (.dat, .arff), LIBSVM
/// (.libsvm, .svm) or Parquet, also with .gz behind it, and known by its content where
/// its name does not say. CSV with Lending Club's columns is read as a loan book.
#[derive(Debug, Parser)]
#[command(
    name = "fuzzysvm",
    version,
    max_term_width = 80,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = "Exit codes: 0 done, 1 the input or the computation failed, 2 usage,\n\
                  3 finished but the solver stopped at --max-iter, 130 interrupted"
)]
pub struct Cli {
    #[command(flatten)]
    pub general: General,

    /// Print version
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help_heading = "General")]
    version: Option<bool>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Lend(lend::Lend),
    Compare(compare::Compare),
    Train(train::Train),
    Predict(predict::Predict),
    Portfolio(portfolio::Portfolio),
    Evaluate(evaluate::Evaluate),
    Tune(tune::Tune),
    Membership(membership::Membership),
    Methods(methods::Methods),
    Report(report::Report),
    SimulateLoans(simulate_loans::SimulateLoans),
    Convert(convert::Convert),
    Completions(completions::Completions),
    Man(man::Man),
}

/// What a help text is made of: the description stands below the title, and every option on as few lines as it takes.
const HELP: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// The command line as clap knows it. `-h` and `--help` print one text.
pub fn command() -> Clap {
    let command = Cli::command().long_version(long_version());
    let names: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    let command = names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, with_one_help)
    });
    with_one_help(command)
}

/// The version and which instructions this processor is driven with, for reports of errors.
fn long_version() -> &'static str {
    macro_rules! version {
        ($cpu:literal) => {
            concat!(env!("CARGO_PKG_VERSION"), "\ncpu ", $cpu)
        };
    }
    match cpu::level() {
        Level::Avx512 => version!("avx512"),
        Level::Avx2 => version!("avx2"),
        _ => version!("baseline"),
    }
}

/// Moves the description, without which there is no long help, in front of the options of the short one.
fn with_one_help(command: Clap) -> Clap {
    let text = command
        .get_long_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let command = command.long_about(None).help_template(HELP);
    match text.split_once("\n\n") {
        Some((_, description)) => command.before_help(description.to_owned()),
        None => command,
    }
}

/// As [`command`], with the description where a man page has it.
fn man_command() -> Clap {
    Cli::command().disable_help_subcommand(true)
}

/// Whether the command line asks for errors as JSON, whatever else is wrong with it.
pub fn asks_for_json() -> bool {
    std::env::args_os()
        .take_while(|arg| arg != "--")
        .any(|arg| arg == "--json")
}

/// What is wrong, without the usage below it.
fn message_of(e: &clap::Error) -> String {
    let text = e.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let end = ["\n\nUsage:", "\n\nFor more information"]
        .iter()
        .filter_map(|mark| text.find(mark));
    on_one_line(&text[..end.min().unwrap_or(text.len())])
}

impl Cli {
    /// Reads the command line. Where something is wrong with it, or on `--help`, prints what there is to say; the
    /// process then ends with this code.
    pub fn read() -> Result<Self, ExitCode> {
        let read = command()
            .try_get_matches()
            .and_then(|matches| Self::from_arg_matches(&matches));
        read.map_err(|e| {
            if e.use_stderr() && asks_for_json() {
                let error = error_json("usage", &message_of(&e), None);
                let _ = writeln!(std::io::stderr(), "{error}");
            } else {
                let printed = e.print().and_then(|()| std::io::stdout().flush());
                // Where standard error is closed, there is nothing else to say.
                if let Err(why) = printed
                    && !e.use_stderr()
                {
                    return crate::failed(&stdout_failed(why), asks_for_json());
                }
            }
            ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2))
        })
    }

    /// Runs the command.
    pub fn run(&self) -> Result<Done, Failure> {
        let general = &self.general;
        match &self.command {
            Command::Lend(command) => command.run(general),
            Command::Compare(command) => command.run(general),
            Command::Train(command) => command.run(general),
            Command::Predict(command) => command.run(general),
            Command::Portfolio(command) => command.run(general),
            Command::Evaluate(command) => command.run(general),
            Command::Tune(command) => command.run(general),
            Command::Membership(command) => command.run(general),
            Command::Methods(command) => command.run(general),
            Command::Report(command) => command.run(general),
            Command::SimulateLoans(command) => command.run(general),
            Command::Convert(command) => command.run(general),
            Command::Completions(completions) => completions.run(command()),
            Command::Man(man) => man.run(man_command(), general),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        super::command().debug_assert();
    }
}
