//! The rows of a table, which are read, scored and written a batch at a time.

use fuzzysvm::datasets::Input;
use fuzzysvm::estimator::FittedEstimator;

use super::line::{Lines, Texts};
use super::{Counts, Predict};
use crate::failure::Failure;
use crate::output::Destination;
use crate::ui::General;
use crate::words::in_flags;

impl Predict {
    pub(super) fn score_table(
        &self,
        model: &FittedEstimator,
        destination: &Destination,
        general: &General,
    ) -> Result<Counts, Failure> {
        for (given, flag) in [
            (self.as_of.is_some(), "--as-of"),
            (self.columns.is_given(), "--map"),
        ] {
            if given {
                let why = "applies to models of loans alone";
                return Err(Failure::usage(format!("{flag} {why}")));
            }
        }
        let input = Input::open(&self.data)?;
        let texts = Texts::new(&model.class_names());
        let mut positive = 0;
        let rows = destination.write_at_end(|out| {
            let probability = model.calibration().map(|_| ",probability");
            let name = self.id.as_ref().map(|_| ",id");
            let more = probability.into_iter().chain(name).collect::<String>();
            writeln!(out, "row,decision,label{more}")?;
            let bar = general.spinner("predicting");
            let scored = model.score_batches(
                input,
                &self.format.options(),
                self.id.as_deref(),
                |batch| Lines::new(&batch, &texts),
                |first, lines: Lines| -> Result<(), Failure> {
                    positive += lines.positive;
                    Ok(lines.write(first, out)?)
                },
            );
            bar.finish_and_clear();
            let scored = scored?;
            for warning in &scored.warnings {
                general.warn(format!("{}: {}", self.data.display(), in_flags(warning)));
            }
            Ok(scored.rows)
        })?;
        Ok(Counts {
            rows,
            scored: rows,
            positive,
            not_scored: None,
        })
    }
}
