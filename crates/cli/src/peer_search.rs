//! Tuning of a peer: every entry of its grid on every fold, and what to say about it.

use std::time::Instant;

use fuzzysvm::evaluation::Score;
use fuzzysvm::method::{EncodedFold, LearnerSetting, score_learners};
use serde_json::{Map, Value, json};

use crate::data::Source;
use crate::failure::{Failure, FailureInFile, InFile};
use crate::folds::Cut;
use crate::learner::{Grid, settings_json, settings_text};
use crate::method_name::Peer;
use crate::ui::{General, grouped, plain_table, seconds};

/// How many entries the table for people shows.
const SHOWN: usize = 10;

/// A search over a peer's grid.
pub struct PeerSearch<'a> {
    pub peer: Peer,
    pub grid: Grid,
    pub cut: Cut<'a>,
    pub score: Score,
}

impl PeerSearch<'_> {
    /// Scores every entry and reports the first best one.
    pub fn run(&self, source: &Source, general: &General) -> Result<(), Failure> {
        let start = Instant::now();
        let parts = self.cut.parts(source)?;
        let folds: Vec<EncodedFold> = parts.into_iter().map(|part| part.fold).collect();
        let settings: Vec<LearnerSetting> = self
            .grid
            .kinds
            .iter()
            .map(|kind| LearnerSetting {
                setting: settings_text(&self.grid.settings(kind)),
                learner: Box::new(kind.clone()),
            })
            .collect();
        let fits = settings.len() * folds.len();
        let bar = general.progress(fits as u64, "fits");
        let done = || bar.inc(1);
        let by_fold = score_learners(self.peer.name(), &settings, &folds, self.score, &done)
            .in_file(self.cut.file)?;
        bar.finish_and_clear();
        let elapsed = start.elapsed().as_secs_f64();

        let mean = |scores: &Vec<f64>| scores.iter().sum::<f64>() / scores.len() as f64;
        let means: Vec<f64> = by_fold.iter().map(mean).collect();
        // Stable: equally good entries stay in the order of the grid.
        let mut order: Vec<usize> = (0..means.len()).collect();
        order.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
        let best = order
            .first()
            .copied()
            .ok_or_else(|| Failure::run("found an empty grid"))
            .in_failure(self.cut.file)?;

        let entry = |i: usize| {
            let mut entry = settings_json(&self.grid.settings(&self.grid.kinds[i]));
            entry.insert("score".to_owned(), json!(means[i]));
            entry
        };
        let with_folds = |(i, scores): (usize, &Vec<f64>)| {
            let mut entry = entry(i);
            entry.insert("fold_scores".to_owned(), json!(scores));
            entry
        };
        let cells: Vec<Map<String, Value>> = by_fold.iter().enumerate().map(with_folds).collect();
        let summary = json!({
            "method": self.peer.name(),
            "best": entry(best),
            "grid": cells,
            "fits": fits,
            "seconds": elapsed,
        });
        general.result(&summary, || {
            format!(
                "{}\n{} combinations, {} fits in {}\nbest: {}",
                self.table(&order, &means),
                grouped(means.len() as u64),
                grouped(fits as u64),
                seconds(elapsed),
                self.flags(best),
            )
        })
    }

    fn table(&self, order: &[usize], means: &[f64]) -> String {
        let mut rows = vec![vec![self.score.to_string()]];
        rows[0].extend_from_slice(self.grid.told());
        for &i in order.iter().take(SHOWN) {
            let settings = self.grid.settings(&self.grid.kinds[i]);
            let mut row = vec![format!("{:.4}", means[i])];
            row.extend(settings.into_iter().map(|s| s.value));
            rows.push(row);
        }
        plain_table(&rows)
    }

    /// An entry as train takes it.
    fn flags(&self, i: usize) -> String {
        let settings = self.grid.settings(&self.grid.kinds[i]);
        let params = settings.iter().map(|s| {
            // Brackets mean something to a shell.
            let quote = if s.value.contains('[') { "'" } else { "" };
            format!(" --param {quote}{}={}{quote}", s.name, s.value)
        });
        format!(
            "--method {}{}",
            self.peer.name(),
            params.collect::<String>()
        )
    }
}
