//! `fuzzysvm lend`

mod flags;
mod kept;

use std::time::{Instant, SystemTime};

use fuzzysvm::datasets::lending_club::{DropReason, Quarter};
use fuzzysvm::experiments::LendReport;
use fuzzysvm::experiments::walk_forward::{WalkForwardResults, WalkForwardSettings};
use fuzzysvm::lend::{
    self, LendError, LendInput, LendOptions, LendRun, LendSettings, RunRecord, SplitName,
    SplitSummary, TrialOutcome,
};

use crate::checkpoint::{Checkpoint, FINISHED, command_line};
use crate::experiment::{self, PAGE, RESULTS};
use crate::failure::{Done, Failure, InFile as _};
use crate::lend_files::{self, PORTFOLIO, SCORES, WALK_FORWARD};
use crate::lend_tables::{self, Summary};
use crate::run_folder::RunFolder;
use crate::trial_progress::TrialProgress;
use crate::ui::General;
use crate::utc::utc;

pub use self::flags::Lend;
use self::kept::Kept;

impl Lend {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let options = self.options(general)?;
        let split = options.split();
        let settings = options.settings();
        settings.validate().map_err(Failure::of_setting)?;
        let forward = options.walk_forward_settings(&settings);
        forward.validate().map_err(Failure::of_setting)?;
        // Standard input is there.
        for path in options.loans.iter().filter(|p| p.as_os_str() != "-") {
            std::fs::metadata(path).in_file(path)?;
        }
        let mut outputs = match split {
            SplitName::Both => vec![RESULTS, PORTFOLIO, WALK_FORWARD],
            SplitName::WalkForward => vec![RESULTS, WALK_FORWARD],
            _ => vec![RESULTS, PORTFOLIO],
        };
        outputs.extend(options.scores.then_some(SCORES));
        outputs.extend([PAGE, FINISHED]);
        let out = self.out.as_deref();
        // A run that is continued writes its outputs again.
        let force = self.force || (self.resume && out.is_some_and(Checkpoint::stands_in));
        let folder = RunFolder::prepare(out, "lend", &outputs, force, &options.loans)?;
        let kept = self.save.as_deref();
        let kept = kept.map(|dir| Kept::prepare(dir, force, &options.loans));
        let kept = kept.transpose()?;
        let (start, started) = (Instant::now(), SystemTime::now());
        let loans = read(&options, &settings, general)?;
        let job = Job {
            options: &options,
            settings: &settings,
            forward: &forward,
            loans: &loans,
        };
        let with_provenance = |report: LendReport| {
            let seconds = start.elapsed().as_secs_f64();
            let run = RunRecord::new(command_line(), utc(started), seconds);
            let origin =
                loans.provenance(report.loans(), report.features(), settings.seed, Some(run));
            report.with_provenance(origin)
        };
        let (report, has_page) = if split == SplitName::WalkForward {
            let report = with_provenance(job.quarters_alone(general)?);
            let has_page = lend_files::write(&folder, &report, general)?;
            // Of trials whose outputs --force has replaced.
            folder.remove(FINISHED)?;
            (report, has_page)
        } else {
            let request = loans.identity(&settings)?;
            let checkpoint = Checkpoint::new(folder.path(), "loans", "trial", request);
            let finished = checkpoint.load(self.resume, self.force)?;
            let (run, forward) = job.trials(finished, &checkpoint, general)?;
            lend_files::write_portfolio(&folder, &run)?;
            if let Some(scores) = &run.scores {
                lend_files::write_scores(&folder, &run.results.source, scores)?;
            }
            if let Some(kept) = &kept {
                kept.write(&loans, &settings, general)?;
            }
            let report = with_provenance(LendReport::of_trials(run.results, forward));
            let has_page = lend_files::write(&folder, &report, general)?;
            checkpoint.finish()?;
            (report, has_page)
        };
        let mut files = lend_files::files(&report, &folder, has_page);
        files.splice(0..0, kept.map(|kept| kept.written()));
        let seconds = start.elapsed().as_secs_f64();
        let line = lend_files::json_line(&report, &files, seconds)?;
        general.result(&line, || lend_tables::render(&report, &files, seconds))?;
        Ok(experiment::end(report.n_short(), general))
    }
}

/// Reads the loans.
fn read(
    options: &LendOptions,
    settings: &LendSettings,
    general: &General,
) -> Result<LendInput, Failure> {
    let bar = general.spinner("reading loans");
    let loans = options.read(settings).map_err(|e| match e {
        LendError::Param(e) => Failure::of_setting(e),
        other => other.into(),
    })?;
    bar.finish_and_clear();
    if loans.snapshot_is_unknown {
        general.warn("no payment has a month, so --snapshot auto keeps loans of any age");
    }
    for warning in loans.data.warnings() {
        general.warn(warning);
    }
    Ok(loans)
}

/// What a run is made of.
struct Job<'a> {
    options: &'a LendOptions,
    settings: &'a LendSettings,
    forward: &'a WalkForwardSettings,
    loans: &'a LendInput,
}

impl Job<'_> {
    /// The trials, and walk-forward where it is asked for: that first, so that whatever is wrong with it is known before
    /// the longer one.
    fn trials(
        &self,
        finished: Vec<TrialOutcome>,
        checkpoint: &Checkpoint,
        general: &General,
    ) -> Result<(LendRun, Option<WalkForwardResults>), Failure> {
        let (loans, settings) = (self.loans, self.settings);
        let plan = lend::plan(&loans.data, settings).map_err(in_flags)?;
        warn_of_known_only(&plan.split, self.options.known_only, general);
        let walks = self.options.split() == SplitName::Both;
        let quarters = walks.then(|| self.options.quarters(loans));
        let shown = match &quarters {
            Some(Ok(quarters)) => quarters.as_slice(),
            _ => &[],
        };
        general.before(|| {
            let summary = Summary {
                counts: &plan.loans,
                features: &plan.features,
                split: Some(&plan.split),
                quarters: shown,
                methods: &settings.methods,
            };
            lend_tables::before(&summary, &loans.source, settings, loans.data.book())
        })?;
        let forward = quarters.map(|quarters| self.walk(&quarters?, general));
        let forward = match forward.transpose() {
            Ok(results) => results,
            Err(why) => {
                let why = why.message().unwrap_or_default();
                general.warn(format!("walk-forward is left out: {why}"));
                None
            }
        };
        let bar = TrialProgress::new(settings, &finished, general);
        let on_finished = |outcome: &TrialOutcome| {
            checkpoint.keep(&outcome.trial.to_string(), outcome);
            bar.finished();
        };
        let on_tuned = |_: usize, _: usize| bar.tuned();
        let run = lend::resume_with(
            &loans.data,
            settings,
            &loans.source,
            finished,
            &on_tuned,
            &on_finished,
        );
        drop(bar);
        let run = run.map_err(in_flags)?;
        if let Some(why) = checkpoint.failure() {
            general.warn(format!("trials could not be kept for --resume: {why}"));
        }
        Ok((run, forward))
    }

    /// Walk-forward without trials.
    fn quarters_alone(&self, general: &General) -> Result<LendReport, Failure> {
        let (loans, settings) = (self.loans, self.settings);
        let (counts, features) = lend::describe(&loans.data, settings)?;
        let quarters = self.options.quarters(loans)?;
        general.before(|| {
            let summary = Summary {
                counts: &counts,
                features: &features,
                split: None,
                quarters: &quarters,
                methods: &self.forward.methods(),
            };
            lend_tables::before(&summary, &loans.source, settings, loans.data.book())
        })?;
        let results = self.walk(&quarters, general)?;
        Ok(LendReport::of_quarters(loans, settings, results)?)
    }

    /// Decides on the quarters, one by one.
    fn walk(&self, quarters: &[Quarter], general: &General) -> Result<WalkForwardResults, Failure> {
        let bar = general.progress(quarters.len() as u64, "quarters");
        let results = self.loans.walk(quarters, self.forward, &|_| bar.inc(1));
        bar.finish_and_clear();
        Ok(results?)
    }
}

/// Names the flags that change what there is too little of.
fn in_flags(error: LendError) -> Failure {
    let LendError::TooFewLoans { loans, .. } = &error else {
        return Failure::run(error);
    };
    let mut text = error.to_string();
    for (words, flag) in [
        ("; train ", "; --train "),
        (" and test ", " --test "),
        ("; test loans from ", "; --test-from "),
        (" leave room for train ", " --train "),
    ] {
        text = text.replace(words, flag);
    }
    if loans.fits.is_some() && loans.test_from.is_some() {
        text += " would fit";
    }
    for (why, flag) in [
        (DropReason::OtherTerm, "--term"),
        (DropReason::OffPolicy, "--include-off-policy"),
        (DropReason::NotSeasoned, "--snapshot off"),
    ] {
        if loans.dropped.contains_key(&why) {
            text = text.replace(&why.to_string(), &format!("{why}: {flag}"));
        }
    }
    Failure::run(text)
}

/// Says by how much training loans of known outcome differ from all.
fn warn_of_known_only(split: &SplitSummary, is_meant: bool, general: &General) {
    let advice = match is_meant {
        true => "",
        false => "; --split walk-forward uses open loans too, --known-only says that this is meant",
    };
    if let Some(words) = split.known_only_in_words() {
        general.warn(words + advice);
    }
}
