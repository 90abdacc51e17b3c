//! `fuzzysvm simulate-loans`

use std::path::PathBuf;

use fuzzysvm::datasets::simulated::SimulatedBook;
use serde_json::json;

use crate::failure::{Done, Failure};
use crate::output::NO_INPUTS;
use crate::ui::{General, aligned, grouped, short, shown};

/// Write a simulated loan book in Lending Club's format
///
/// The loans are drawn from a documented model, not from data: the file has the 145
/// columns, the notes and the footers of Lending Club's own, and is the same for the
/// same --n and --seed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm simulate-loans --n 10000 --output loans.csv\n  \
    fuzzysvm simulate-loans --n 1000 --seed 7 | head -3")]
pub struct SimulateLoans {
    /// Number of loans
    #[arg(long, value_name = "N", default_value = "10000", help_heading = "Loans",
          value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    n: u64,

    /// File to write [default: standard output]
    #[arg(
        long,
        short,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true,
        help_heading = "Output"
    )]
    output: PathBuf,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl SimulateLoans {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let destination = general.destination(&self.output, self.force, &NO_INPUTS, "loans")?;
        let book = SimulatedBook {
            n_loans: self.n,
            seed: general.seed,
        };
        let bar = general.progress(self.n, "loans");
        let counts =
            destination.write(|out| Ok(book.write_with_progress(out, |n| bar.set_position(n))?))?;
        bar.finish_and_clear();
        if destination.is_stdout() {
            return Ok(Done::Complete);
        }
        let [[paid, charged_off, open], _] = counts.in_policy;
        general.result(
            &json!({
                "n_loans": self.n,
                "seed": general.seed,
                "total_funded": counts.total_funded,
                "term_36": { "fully_paid": paid, "charged_off": charged_off, "open": open },
                "output": shown(&self.output),
            }),
            || {
                aligned(&[
                    ("loans", format!("{} (simulated)", grouped(self.n))),
                    (
                        "36 months",
                        format!(
                            "{} fully paid, {} charged off, {} open",
                            grouped(paid),
                            grouped(charged_off),
                            grouped(open)
                        ),
                    ),
                    (
                        "funded",
                        format!(
                            "{} million dollars",
                            short(counts.total_funded as f64 / 1e6)
                        ),
                    ),
                    ("seed", general.seed.to_string()),
                    ("written", self.output.display().to_string()),
                ])
            },
        )?;
        Ok(Done::Complete)
    }
}
