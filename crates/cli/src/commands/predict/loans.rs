//! The rows of a loan file: a line for every loan, also for those that the model is not for.

use std::collections::BTreeMap;

use fuzzysvm::calibration::Calibration as _;
use fuzzysvm::core::Label;
use fuzzysvm::datasets::table::TargetUse;
use fuzzysvm::estimator::{FittedEstimator, LoanEncoding, LoanFileOptions};

use super::{Counts, Predict};
use crate::failure::{Failure, InFile};
use crate::output::Destination;
use crate::ui::General;
use crate::words::in_flags;

impl Predict {
    pub(super) fn score_loans(
        &self,
        model: &FittedEstimator,
        encoding: &LoanEncoding,
        destination: &Destination,
        general: &General,
    ) -> Result<Counts, Failure> {
        let bar = general.spinner("reading");
        let options = LoanFileOptions::default()
            .with_columns(self.columns.columns())
            .with_as_of(self.as_of)
            .with_id(self.id.clone());
        let read = encoding.read_loans(&self.data, TargetUse::Ignored, &options);
        bar.finish_and_clear();
        let read = read?;
        let rows = &read.rows;
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
        let n_rows = read.not_scored.len();
        let mut n_positive = 0_usize;
        destination.write(|out| {
            let mut csv = csv::Writer::from_writer(out);
            let probability = calibration.is_some().then_some("probability");
            let header = ["row", "decision", "label"].into_iter();
            csv.write_record(header.chain(probability).chain(["id", "note"]))?;
            let mut scored = rows.numbers.iter().zip(&decisions).enumerate().peekable();
            for (row, why) in read.not_scored.iter().enumerate() {
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
                record.push(read.names.get(row).cloned().unwrap_or_default());
                record.push(why.as_ref().map_or(String::new(), ToString::to_string));
                csv.write_record(&record)?;
            }
            csv.flush()?;
            Ok(())
        })?;
        let n = decisions.len();
        let counts = read.counts().into_iter();
        let counts: BTreeMap<String, usize> = counts.map(|(why, n)| (why.to_string(), n)).collect();
        if !counts.is_empty() {
            let reasons: Vec<String> = counts.iter().map(|(why, n)| format!("{n} {why}")).collect();
            general.warn(format!(
                "{}: {} of {n_rows} loans are not scored ({})",
                self.data.display(),
                n_rows - n,
                reasons.join("; ")
            ));
        }
        Ok(Counts {
            rows: n_rows,
            scored: n,
            positive: n_positive,
            not_scored: Some(counts),
        })
    }
}
