//! `fuzzysvm predict`

mod line;
mod loans;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;

use fuzzysvm::core::quote::cut;
use fuzzysvm::datasets::lending_club::Month;
use fuzzysvm::estimator::Preprocessing;
use serde_json::json;

use crate::failure::{Done, Failure};
use crate::flags::{ColumnFlags, FormatFlags, month};
use crate::model;
use crate::output::Destination;
use crate::ui::{General, aligned, grouped, shown};

/// Score the rows of a file with a fitted model
///
/// Writes a CSV with one line per row: row (from 0), decision and label. A decision above
/// 0 is the positive class. Columns are found by name; the target may be absent.
///
/// A model trained with --calibrate has a column more, probability: that of the positive
/// class, the one that decisions above 0 stand for (of loans, charged off). The label goes
/// by the decision, not by whether the probability is above one half: a method that
/// weighs the classes decides for a rare one long before.
///
/// Of a Lending Club file every loan has a line, also with its id and a note: a loan that
/// the model is not for (another term, off policy) has neither decision nor label, and
/// the note says why. Loans on offer need no issue_d and no outcome.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm predict new.csv --model m.json --output scores.csv\n  \
    fuzzysvm predict new.csv --model m.json --id customer\n  \
    fuzzysvm predict on_offer.csv --model loans.json --as-of 2012-03\n  \
    fuzzysvm predict new.csv --model m.json | sort -t, -k2 -g | head")]
pub struct Predict {
    /// File of rows to score; - is standard input
    #[arg(value_name = "DATA")]
    data: PathBuf,

    #[command(flatten)]
    format: FormatFlags,

    /// Model file that train wrote
    #[arg(long, value_name = "FILE", help_heading = "Model")]
    model: PathBuf,

    /// Column that names the rows, written as id [default: id, of loans]
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    id: Option<String>,

    /// Lending Club: month of the listing, where the file has neither
    /// issue_d nor list_d [default: that of the last training loan]
    #[arg(long, value_name = "YYYY-MM", value_parser = month, help_heading = "Data")]
    as_of: Option<Month>,

    #[command(flatten, next_help_heading = "Data")]
    columns: ColumnFlags,

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

/// How many rows there are, and what became of them.
struct Counts {
    rows: usize,
    scored: usize,
    positive: usize,
    /// How many loans are not scored, by reason; `None` of a table.
    not_scored: Option<BTreeMap<String, usize>>,
}

impl Predict {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let inputs = [&self.data, &self.model];
        let destination = general.destination(&self.output, self.force, &inputs, "table")?;
        let model = self.format.widen(model::load(&self.model, general)?)?;
        let counts = match model.preprocessing() {
            Preprocessing::LendingClub(encoding) => {
                self.score_loans(&model, encoding, &destination, general)?
            }
            _ => self.score_table(&model, &destination, general)?,
        };
        self.report(&counts, &model.class_names(), &destination, general)
    }

    /// Says how many rows were written, unless they stand on standard output.
    fn report(
        &self,
        counts: &Counts,
        classes: &[String; 2],
        destination: &Destination,
        general: &General,
    ) -> Result<Done, Failure> {
        if destination.is_stdout() {
            return Ok(Done::Complete);
        }
        let Counts {
            rows: n_rows,
            scored: n,
            positive: n_positive,
            ref not_scored,
        } = *counts;
        let mut json = json!({
            "n_samples": n,
            "n_positive": n_positive,
            "n_negative": n - n_positive,
            "output": shown(&self.output),
        });
        if let (Some(counts), Some(object)) = (not_scored, json.as_object_mut()) {
            object.insert("n_rows".to_owned(), json!(n_rows));
            object.insert("not_scored".to_owned(), json!(counts));
        }
        general.result(&json, || {
            let rows = match n_rows == n {
                true => grouped(n as u64),
                false => format!(
                    "{}, {} of them scored",
                    grouped(n_rows as u64),
                    grouped(n as u64)
                ),
            };
            aligned(&[
                ("rows", rows),
                (
                    "predicted",
                    format!(
                        "{} {}, {} {}",
                        grouped(n_positive as u64),
                        cut(&classes[1]),
                        grouped((n - n_positive) as u64),
                        cut(&classes[0])
                    ),
                ),
                ("written", self.output.display().to_string()),
            ])
        })?;
        Ok(Done::Complete)
    }
}
