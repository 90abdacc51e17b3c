//! How far the trials of `lend` are, by trial and method.

use std::sync::atomic::{AtomicUsize, Ordering};

use fuzzysvm::lend::{LendSettings, TrialOutcome};

use crate::progress::Progress;
use crate::ui::General;

/// One step for every method tuned in every trial.
pub struct TrialProgress {
    steps: Progress,
    n_methods: usize,
    n_trials: usize,
    n_finished: AtomicUsize,
}

impl TrialProgress {
    /// Those in `finished` were done by an earlier run.
    pub fn new(settings: &LendSettings, finished: &[TrialOutcome], general: &General) -> Self {
        let (n_methods, n_trials) = (settings.methods.len(), settings.trials);
        let ours = finished.iter().filter(|o| o.trial < n_trials).count();
        let steps = general.progress((n_methods * n_trials) as u64, "");
        steps.done_before((ours * n_methods) as u64);
        let progress = Self {
            steps,
            n_methods,
            n_trials,
            n_finished: ours.into(),
        };
        progress.show(ours);
        progress
    }

    /// A method was tuned in a trial.
    pub fn tuned(&self) {
        self.steps.inc(1);
    }

    /// A trial ended.
    pub fn finished(&self) {
        self.show(1 + self.n_finished.fetch_add(1, Ordering::Relaxed));
    }

    fn show(&self, n_finished: usize) {
        self.steps.set_message(format!(
            "{n_finished} of {} trials of {} methods",
            self.n_trials, self.n_methods
        ));
    }
}
