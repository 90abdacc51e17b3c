//! `fuzzysvm predict`

use std::path::PathBuf;

use fuzzysvm::core::Label;
use fuzzysvm::datasets::table::TargetUse;
use fuzzysvm::estimator::FittedEstimator;
use serde_json::json;

use crate::failure::{Done, Failure, InFile};
use crate::flags::FormatFlags;
use crate::ui::{General, aligned, grouped};

/// Score the rows of a file with a fitted model
///
/// Writes a CSV with one line per row: row (from 0), decision and label. A decision above
/// 0 is the positive class. Columns are found by name; the target may be absent. Of a
/// Lending Club file every loan of the model's term is scored, finished or not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm predict new.csv --model m.json --output scores.csv\n  \
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

impl Predict {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let destination = general.destination(&self.output, self.force, "table")?;
        let model = self.format.widen(FittedEstimator::load(&self.model)?)?;
        let bar = general.spinner("reading");
        let rows = model.read_as(&self.data, TargetUse::Ignored, &self.format.options())?;
        bar.finish_and_clear();
        for warning in &rows.warnings {
            general.warn(format!("{}: {warning}", self.data.display()));
        }
        let bar = general.spinner("predicting");
        let decisions = model.decision_function(rows.x.view()).in_file(&self.data)?;
        bar.finish_and_clear();

        let names = model.class_names();
        let mut n_positive = 0_usize;
        destination.write(|out| {
            let mut csv = csv::Writer::from_writer(out);
            csv.write_record(["row", "decision", "label"])?;
            for (row, &decision) in rows.numbers.iter().zip(&decisions) {
                let positive = Label::from_sign(decision).is_positive();
                n_positive += usize::from(positive);
                let name = &names[usize::from(positive)];
                csv.write_record([row.to_string().as_str(), &decision.to_string(), name])?;
            }
            csv.flush()?;
            Ok(())
        })?;
        if destination.is_stdout() {
            return Ok(Done::Complete);
        }
        let n = decisions.len();
        general.result(
            &json!({
                "n_samples": n,
                "n_positive": n_positive,
                "n_negative": n - n_positive,
                "output": self.output,
            }),
            || {
                aligned(&[
                    ("rows", grouped(n as u64)),
                    (
                        "predicted",
                        format!(
                            "{} {}, {} {}",
                            grouped(n_positive as u64),
                            names[1],
                            grouped((n - n_positive) as u64),
                            names[0]
                        ),
                    ),
                    ("written", self.output.display().to_string()),
                ])
            },
        )?;
        Ok(Done::Complete)
    }
}
