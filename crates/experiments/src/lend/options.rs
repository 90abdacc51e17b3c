//! What a lending run is asked for, as a command line, a notebook and a worker of a cluster say it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fuzzysvm_core::{ParamError, param_choice};
use fuzzysvm_datasets::lending_club::{Month, Snapshot};
use fuzzysvm_estimator::Method;
use fuzzysvm_estimator::method::StakeMethod;
use fuzzysvm_estimator::target::Hurdle;
use fuzzysvm_portfolio::ReturnKind;

use super::{Buy, Forecast, LendSettings, RegressionRows, Split};
use crate::read_option::{count, counts, names, parse, read, unknown};
use crate::walk_forward::{Strategy, WalkForwardSettings};
use crate::{Contradiction, Rank};

/// Options without a meaning where there are no trials.
const OF_TRIALS: &[&str] = &[
    "snapshot",
    "trials",
    "test",
    "returns",
    "regression",
    "forecast",
    "rule",
    "budget",
    "resume",
    "scores",
];
/// Options without a meaning where there are no quarters.
const OF_QUARTERS: &[&str] = &["hurdle", "tune_stakes"];
/// Options that the preset `published` sets.
const OF_PRESET: &[&str] = &[
    "term",
    "split",
    "returns",
    "regression",
    "forecast",
    "rank",
    "rule",
    "top",
];
/// The methods that stand beside the rankings of walk-forward by default: those that the published claims are about, and
/// the SVM without weights.
pub const WALKED_FORWARD: &[&str] = &["svm", "class-cost", "efsvm", "iefsvm"];

const NUMBERS: &str = "numbers, as in 0.25,1,4";
const RETURNS: &str = "one of roi, annualised, annualised-life, irr, nar";
const MONTH: &str = "a month, YYYY-MM, as in 2009-07";

/// The experiments of a run, and how trials draw their loans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SplitName {
    /// `random` and `walk-forward`.
    Both,
    /// Training and test loans of trials from all months, stratified.
    Random,
    /// Quarter by quarter, with what was known then; no trials.
    WalkForward,
    /// Training loans of trials are those whose outcome was known before the first test month.
    OutOfTime,
}

param_choice! {
    SplitName { Both = "both", Random = "random", WalkForward = "walk-forward", OutOfTime = "out-of-time" }
}

/// What a lending run is asked for, with the defaults of `fuzzysvm lend`.
///
/// ```
/// use fuzzysvm_experiments::lend::{self, LendOptions};
/// let mut options = LendOptions::default();
/// for (name, value) in [
///     ("simulated_loans", "2000"), ("split", "random"), ("trials", "2"), ("train", "100"), ("test", "100"),
///     ("methods", "svm,class-cost"), ("c", "1"), ("gamma", "0.02"),
/// ] {
///     options.set(name, value)?;
/// }
/// let settings = options.settings();
/// let input = options.read(&settings)?;
/// let run = lend::run(&input.data, &settings, &input.source, &|_| {})?;
/// assert_eq!(run.results.methods[1].trials.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LendOptions {
    /// Lending Club files; none for a simulated book.
    pub loans: Vec<PathBuf>,
    /// Loans in the simulated book.
    pub simulated_loans: usize,
    /// Months of the loans, 36 or 60.
    pub term: u32,
    /// Also loans that do not meet the credit policy.
    pub include_off_policy: bool,
    /// The month at which loans must have run their term; `None` for [`LendSettings::snapshot`].
    pub snapshot: Option<Snapshot>,
    /// Names of columns in the files, each with Lending Club's name for it.
    pub map: BTreeMap<String, String>,
    /// Number of trials.
    pub trials: usize,
    /// Training loans per trial; of methods in a quarter, at most.
    pub train: usize,
    /// Test loans per trial.
    pub test: usize,
    /// The experiments.
    pub split: SplitName,
    /// The trials alone, with all that the paper fixes.
    pub published: bool,
    /// First month of the test loans, walk-forward or out of time.
    pub test_from: Option<Month>,
    /// Out of time: training on loans that had ended alone is meant.
    pub known_only: bool,
    /// How a return is measured.
    pub returns: ReturnKind,
    /// What the forecast of returns is fitted on in trials.
    pub regression: RegressionRows,
    /// What forecasts returns in trials.
    pub forecast: Forecast,
    /// What a method buys by.
    pub rank: Rank,
    /// Walk-forward: what a loan should return.
    pub hurdle: Hurdle,
    /// Walk-forward: whether C and γ of the SVMs on stakes are chosen in every quarter too.
    pub tune_stakes: bool,
    /// What is bought in trials.
    pub rule: Buy,
    /// Share that is bought, of the predicted paid or of a quarter.
    pub top: f64,
    /// Amount invested per trial and method.
    pub budget: f64,
    /// Methods and, of walk-forward, rankings; empty for all.
    pub methods: Vec<Strategy>,
    /// Grid of C; empty for the default.
    pub c: Vec<f64>,
    /// Grid of γ; empty for the default.
    pub gamma: Vec<f64>,
    /// Numbers of neighbors that EFSVM tunes over; empty for the default.
    pub k: Vec<usize>,
    /// Inner folds of the tuning.
    pub folds: usize,
    /// Seed of all draws.
    pub seed: u64,
    /// Whether the scores of the test loans of all trials are kept.
    pub scores: bool,
}

impl Default for LendOptions {
    fn default() -> Self {
        let settings = LendSettings::default();
        Self {
            loans: Vec::new(),
            // About as many as Lending Club had issued by the end of 2010.
            simulated_loans: 20_000,
            term: 36,
            include_off_policy: false,
            snapshot: None,
            map: BTreeMap::new(),
            trials: settings.trials,
            train: settings.train,
            test: settings.test,
            split: SplitName::Both,
            published: false,
            test_from: None,
            known_only: false,
            returns: settings.returns,
            regression: settings.regression,
            forecast: settings.forecast,
            rank: settings.rank,
            hurdle: Hurdle::Mean,
            tune_stakes: false,
            rule: settings.rule,
            top: settings.top_fraction,
            budget: settings.budget,
            methods: Vec::new(),
            c: Vec::new(),
            gamma: Vec::new(),
            k: Vec::new(),
            folds: settings.tuning.folds,
            seed: settings.seed,
            scores: settings.keep_scores,
        }
    }
}

impl LendOptions {
    /// Sets the option of this name (but [`LendOptions::loans`] and [`LendOptions::map`]) from text. Whether numbers are
    /// in range is said by the settings.
    ///
    /// # Errors
    /// No such option, or a text that cannot be read.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), ParamError> {
        let truth = "true or false";
        match name {
            "simulated_loans" => self.simulated_loans = count(name, text)?,
            "term" => {
                let term = read(name, text, "36 or 60")?;
                ParamError::check([36, 60].contains(&term), "term", term, "must be 36 or 60")?;
                self.term = term;
            }
            "include_off_policy" => self.include_off_policy = read(name, text, truth)?,
            "snapshot" => self.snapshot = Some(parse(name, text, "YYYY-MM, auto or off")?),
            "trials" => self.trials = count(name, text)?,
            "train" => self.train = count(name, text)?,
            "test" => self.test = count(name, text)?,
            "split" => {
                self.split = read(name, text, "one of both, random, walk-forward, out-of-time")?;
            }
            "preset" => {
                ParamError::check(text == "published", "preset", text, "must be published")?;
                self.published = true;
            }
            "test_from" => self.test_from = Some(parse(name, text, MONTH)?),
            "known_only" => self.known_only = read(name, text, truth)?,
            "returns" => self.returns = parse(name, text, RETURNS)?,
            "regression" => self.regression = read(name, text, "one of paid, all")?,
            "forecast" => {
                self.forecast = read(name, text, "one of linear, ridge, instances, expected")?;
            }
            "rank" => self.rank = read(name, text, "one of filter, score, forecast")?,
            "hurdle" => self.hurdle = read(name, text, "one of mean, grade, rate")?,
            "tune_stakes" => self.tune_stakes = read(name, text, truth)?,
            "rule" => self.rule = text.parse()?,
            "top" => self.top = read(name, text, "a number above 0")?,
            "budget" => self.budget = read(name, text, "a number above 0")?,
            "methods" => self.methods = names(name, text)?,
            "c" => self.c = read(name, text, NUMBERS)?,
            "gamma" => self.gamma = read(name, text, NUMBERS)?,
            "k" => self.k = counts(name, text)?,
            "folds" => self.folds = count(name, text)?,
            "seed" => self.seed = read(name, text, "a whole number from 0")?,
            "scores" => self.scores = read(name, text, truth)?,
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Refuses options that contradict each other or do nothing; `given` says of which the caller set the value.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self, given: &dyn Fn(&str) -> bool) -> Result<(), Contradiction> {
        let refuse = |names: &[&str], with: &str| match names.iter().find(|name| given(name)) {
            None => Ok(()),
            Some(name) => Err(Contradiction::new(format!("`{name}` does nothing {with}"))),
        };
        if self.loans.is_empty() && !self.map.is_empty() {
            return Err(Contradiction::new("`map` needs `loans`"));
        }
        if self.published {
            refuse(OF_PRESET, "beside `preset=published`, which sets it")?;
        }
        let split = self.split();
        match split {
            SplitName::Both => {}
            SplitName::WalkForward => refuse(OF_TRIALS, "with `split=walk-forward`")?,
            SplitName::Random | SplitName::OutOfTime => {
                refuse(OF_QUARTERS, "without `split=walk-forward` or both")?;
            }
        }
        let trials_alone = matches!(split, SplitName::Random | SplitName::OutOfTime);
        if trials_alone && self.rule != Buy::TopFraction {
            refuse(&["top"], "with another `rule` than top-fraction")?;
        }
        if split == SplitName::Random && self.test_from.is_some() {
            let needs = "`test_from` needs `split=walk-forward`, both or out-of-time";
            return Err(Contradiction::new(needs));
        }
        if split != SplitName::OutOfTime && self.known_only {
            return Err(Contradiction::new("`known_only` needs `split=out-of-time`"));
        }
        let walks = matches!(split, SplitName::Both | SplitName::WalkForward);
        if let Some(ranking) = self.rankings().next().filter(|_| !walks) {
            let words = format!("`methods={ranking}` needs `split=walk-forward` or both");
            return Err(Contradiction::new(words));
        }
        if split == SplitName::Both && !self.methods.is_empty() && self.named().is_empty() {
            let words = "`methods` names none for the trials (`split=walk-forward` does without)";
            return Err(Contradiction::new(words));
        }
        let named = self.rankings().next().is_some();
        if self.tune_stakes && named && self.rankings().all(|r| r.stake().is_none()) {
            let stakes = StakeMethod::all().map(|stake| stake.name()).join(" or ");
            let words = format!("`tune_stakes` needs {stakes} among `methods`");
            return Err(Contradiction::new(words));
        }
        Contradiction::check_named_once(&self.methods)
    }

    /// The experiments, as the preset has it.
    pub fn split(&self) -> SplitName {
        match self.published {
            true => SplitName::Random,
            false => self.split,
        }
    }

    /// The methods that are named for trials too.
    fn named(&self) -> Vec<Method> {
        let published = self.methods.iter().filter_map(Strategy::published);
        published.cloned().collect()
    }

    /// The other rankings that are named.
    fn rankings(&self) -> impl Iterator<Item = &Strategy> {
        let all = self.methods.iter();
        all.filter(|strategy| strategy.published().is_none())
    }

    /// The settings of the trials.
    pub fn settings(&self) -> LendSettings {
        let mut settings = LendSettings {
            trials: self.trials,
            train: self.train,
            test: self.test,
            returns: self.returns,
            regression: self.regression,
            forecast: self.forecast,
            rank: self.rank,
            rule: self.rule,
            top_fraction: self.top,
            budget: self.budget,
            seed: self.seed,
            keep_scores: self.scores,
            ..LendSettings::default()
        };
        settings.tuning.folds = self.folds;
        if self.split() == SplitName::OutOfTime {
            let test_from = self.test_from.map(|month| month.to_string());
            settings.split = Split::OutOfTime { test_from };
        }
        for (given, default) in [
            (&self.c, &mut settings.tuning.c),
            (&self.gamma, &mut settings.tuning.gamma),
        ] {
            if !given.is_empty() {
                default.clone_from(given);
            }
        }
        if !self.k.is_empty() {
            settings.tuning.ks.clone_from(&self.k);
        }
        let named = self.named();
        if !named.is_empty() {
            settings.methods = named;
        }
        settings
    }

    /// The settings of walk-forward; what is not one of its own is that of the trials.
    pub fn walk_forward_settings(&self, of_trials: &LendSettings) -> WalkForwardSettings {
        let mut settings = WalkForwardSettings::default();
        let named: Vec<Strategy> = self.rankings().cloned().collect();
        // Rankings alone are meant where no method is named beside them.
        let methods = named.is_empty() || !self.named().is_empty();
        if !named.is_empty() {
            settings.strategies = named;
        }
        let published = |m: &&Method| !self.named().is_empty() || WALKED_FORWARD.contains(&m.id());
        if methods {
            let methods = of_trials.methods.iter().filter(published).cloned();
            settings.strategies.extend(methods.map(Strategy::from));
        }
        settings.hurdle = self.hurdle;
        settings.tune_stakes = self.tune_stakes;
        settings.tuning = of_trials.tuning.clone();
        settings.max_method_loans = of_trials.train;
        settings.rank = of_trials.rank;
        settings.top_fraction = of_trials.top_fraction;
        settings.seed = of_trials.seed;
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_set_by_name_and_read_in_their_words() {
        let mut options = LendOptions::default();
        for (name, text) in [
            ("methods", "random,svm"),
            ("c", "1,4"),
            ("snapshot", "auto"),
            ("term", "60"),
            ("preset", "published"),
        ] {
            options.set(name, text).unwrap();
        }
        assert_eq!(options.named().len(), 1);
        assert_eq!((options.c.as_slice(), options.term), (&[1.0, 4.0][..], 60));
        assert_eq!(options.split(), SplitName::Random);
        for (name, text, words) in [
            ("term", "48", "parameter `term` is 48: must be 36 or 60"),
            ("trials", "0", "must be a whole number from 1"),
            (
                "split",
                "x",
                "must be one of both, random, walk-forward, out-of-time",
            ),
            ("test_from", "x", "must be a month"),
            (
                "methods",
                "svm,what",
                "parameter `methods` is \"what\": must name what there is",
            ),
            ("what", "1", "parameter `what` is unknown"),
        ] {
            let error = options.set(name, text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
