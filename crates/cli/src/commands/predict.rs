//! `fuzzysvm predict`

use std::collections::BTreeMap;
use std::path::PathBuf;

use fuzzysvm::calibration::Calibration as _;
use fuzzysvm::core::Label;
use fuzzysvm::core::quote::cut;
use fuzzysvm::datasets::Input;
use fuzzysvm::datasets::lending_club::Month;
use fuzzysvm::datasets::table::TargetUse;
use fuzzysvm::estimator::{FittedEstimator, LoanFileOptions, NotScored, Preprocessing, Rows};
use serde_json::json;

use crate::failure::{Done, Failure, InFile};
use crate::flags::{ColumnFlags, FormatFlags, month};
use crate::model;
use crate::ui::{General, aligned, grouped};
use crate::words::in_flags;

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

/// What was read: the rows to score, and what stands beside them.
struct Read {
    rows: Rows,
    /// What every row of the file is called.
    names: Option<Vec<String>>,
    /// Of every row of the file why it is not scored.
    not_scored: Option<Vec<Option<NotScored>>>,
    /// How many rows are not scored, by reason.
    counts: BTreeMap<String, usize>,
}

impl Predict {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let destination = general
            .destination(&self.output, self.force, "table")?
            .apart_from([&self.data, &self.model])?;
        let model = self.format.widen(model::load(&self.model, general)?)?;
        let bar = general.spinner("reading");
        let read = self.read(&model);
        bar.finish_and_clear();
        let Read {
            rows,
            names,
            not_scored,
            counts,
        } = read?;
        for warning in &rows.warnings {
            general.warn(format!("{}: {}", self.data.display(), in_flags(warning)));
        }
        let bar = general.spinner("predicting");
        let decisions = model.decision_function(rows.x.view()).in_file(&self.data)?;
        bar.finish_and_clear();

        let calibration = model.calibration();
        let probabilities = match calibration {
            Some(calibration) => calibration.probability(&decisions).in_file(&self.data)?,
            None => Vec::new(),
        };
        let classes = model.class_names();
        let n_rows = not_scored.as_ref().map_or(decisions.len(), Vec::len);
        let mut n_positive = 0_usize;
        destination.write(|out| {
            let mut csv = csv::Writer::from_writer(out);
            let id = names.is_some().then_some("id");
            let note = not_scored.is_some().then_some("note");
            let probability = calibration.is_some().then_some("probability");
            let header = ["row", "decision", "label"].into_iter();
            csv.write_record(header.chain(probability).chain(id).chain(note))?;
            let mut scored = rows.numbers.iter().zip(&decisions).enumerate().peekable();
            for row in 0..n_rows {
                let mut record = vec![row.to_string()];
                match scored.next_if(|(_, (number, _))| **number == row) {
                    Some((i, (_, decision))) => {
                        let positive = Label::from_sign(*decision).is_positive();
                        n_positive += usize::from(positive);
                        let label = &classes[usize::from(positive)];
                        record.extend([decision.to_string(), label.clone()]);
                        record.extend(probabilities.get(i).map(f64::to_string));
                    }
                    None => {
                        record.extend([String::new(), String::new()]);
                        record.extend(probability.map(|_| String::new()));
                    }
                }
                if let Some(names) = &names {
                    record.push(names.get(row).cloned().unwrap_or_default());
                }
                if let Some(reasons) = &not_scored {
                    let why = reasons.get(row).and_then(Option::as_ref);
                    record.push(why.map_or(String::new(), ToString::to_string));
                }
                csv.write_record(&record)?;
            }
            csv.flush()?;
            Ok(())
        })?;
        let n = decisions.len();
        if !counts.is_empty() {
            let reasons: Vec<String> = counts.iter().map(|(why, n)| format!("{n} {why}")).collect();
            general.warn(format!(
                "{}: {} of {n_rows} loans are not scored ({})",
                self.data.display(),
                n_rows - n,
                reasons.join("; ")
            ));
        }
        if destination.is_stdout() {
            return Ok(Done::Complete);
        }
        let mut json = json!({
            "n_samples": n,
            "n_positive": n_positive,
            "n_negative": n - n_positive,
            "output": self.output,
        });
        if let (Some(_), Some(object)) = (&not_scored, json.as_object_mut()) {
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

    fn read(&self, model: &FittedEstimator) -> Result<Read, Failure> {
        if let Preprocessing::LendingClub(encoding) = model.preprocessing() {
            let options = LoanFileOptions::default()
                .with_columns(self.columns.columns())
                .with_as_of(self.as_of)
                .with_id(self.id.clone());
            let read = encoding.read_loans(&self.data, TargetUse::Ignored, &options)?;
            let counts = read.counts().into_iter();
            return Ok(Read {
                counts: counts.map(|(why, n)| (why.to_string(), n)).collect(),
                rows: read.rows,
                names: Some(read.names),
                not_scored: Some(read.not_scored),
            });
        }
        for (given, flag) in [
            (self.as_of.is_some(), "--as-of"),
            (self.columns.is_given(), "--map"),
        ] {
            if given {
                let why = "applies to models of loans alone";
                return Err(Failure::usage(format!("{flag} {why}")));
            }
        }
        let options = self.format.options();
        let input = Input::open(&self.data)?;
        let (input, names) = match (&self.id, model.preprocessing()) {
            (Some(id), Preprocessing::Table { schema, .. }) => {
                let (one, other) = input.twice()?;
                let names = schema.column_texts_of(other, id, &options)?;
                (one, Some(names))
            }
            _ => (input, None),
        };
        Ok(Read {
            rows: model.read_input_as(input, TargetUse::Ignored, &options)?,
            names,
            not_scored: None,
            counts: BTreeMap::new(),
        })
    }
}
