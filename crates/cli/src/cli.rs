//! The command line as a whole.

use clap::{Parser, Subcommand};

use crate::commands::{
    compare, completions, convert, evaluate, lend, membership, methods, predict, simulate_loans,
    train, tune,
};
use crate::failure::{Done, Failure};
use crate::ui::General;

/// Fuzzy support vector machines for imbalanced data, and the loan portfolio
/// built on them
///
/// DATA is read by extension: .csv (with a header), .dat (KEEL or ARFF header),
/// .libsvm or .svm; each also with .gz behind it. A .csv with Lending Club's columns
/// is read as a loan book.
#[derive(Debug, Parser)]
#[command(
    name = "fuzzysvm",
    version,
    max_term_width = 80,
    after_help = "Exit codes: 0 done, 1 the input or the computation failed, 2 usage,\n\
                  3 finished but the solver stopped at --max-iter, 130 interrupted"
)]
pub struct Cli {
    #[command(flatten)]
    pub general: General,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Lend(lend::Lend),
    Compare(compare::Compare),
    Train(train::Train),
    Predict(predict::Predict),
    Evaluate(evaluate::Evaluate),
    Tune(tune::Tune),
    Membership(membership::Membership),
    Methods(methods::Methods),
    SimulateLoans(simulate_loans::SimulateLoans),
    Convert(convert::Convert),
    Completions(completions::Completions),
}

impl Cli {
    /// Runs the command.
    pub fn run(&self) -> Result<Done, Failure> {
        let general = &self.general;
        match &self.command {
            Command::Lend(command) => command.run(general),
            Command::Compare(command) => command.run(general),
            Command::Train(command) => command.run(general),
            Command::Predict(command) => command.run(general),
            Command::Evaluate(command) => command.run(general),
            Command::Tune(command) => command.run(general),
            Command::Membership(command) => command.run(general),
            Command::Methods(command) => command.run(general),
            Command::SimulateLoans(command) => command.run(general),
            Command::Convert(command) => command.run(general),
            Command::Completions(command) => command.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        super::Cli::command().debug_assert();
    }
}
