//! `fuzzysvm lend`

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use fuzzysvm::datasets::lending_club::{
    DropReason, LoanBook, Month, Need, Quarter, ReadOptions, Selection, Snapshot,
};
use fuzzysvm::datasets::simulated::SimulatedBook;
use fuzzysvm::estimator::target::Hurdle;
use fuzzysvm::estimator::{LoanData, Method};
use fuzzysvm::experiments::walk_forward::{
    self, Strategy, WalkForwardResults, WalkForwardSettings, book_quarters, default_quarters,
};
use fuzzysvm::experiments::{LendReport, Rank};
use fuzzysvm::lend::{
    self, LendError, LendRun, LendSettings, RegressionRows, Split, SplitSummary, TrialOutcome,
};
use fuzzysvm::portfolio::ReturnKind;
use serde_json::{Value, json};

use crate::checkpoint::Checkpoint;
use crate::experiment;
use crate::explicit_flags::ExplicitFlags;
use crate::failure::{Done, Failure, InFile as _};
use crate::flags::{ColumnFlags, count, methods_help, positive};
use crate::lend_files::{self, PORTFOLIO, RESULTS, WALK_FORWARD};
use crate::lend_tables::{self, Summary};
use crate::run_folder::RunFolder;
use crate::trial_progress::TrialProgress;
use crate::ui::General;

/// Flags without a meaning where there are no trials.
const OF_TRIALS: &[&str] = &[
    "snapshot",
    "trials",
    "train",
    "test",
    "returns",
    "regression",
    "budget",
    "resume",
];
/// Flags without a meaning where there are no quarters.
const OF_QUARTERS: &[&str] = &["hurdle"];
/// The methods that stand beside the rankings of walk-forward by default: those that the published claims are about, and
/// the SVM without weights.
const WALKED_FORWARD: &[&str] = &["svm", "class-cost", "efsvm", "iefsvm"];
/// Flags that `--preset published` sets.
const OF_PRESET: &[&str] = &["term", "split", "returns", "regression", "rank", "top"];

/// Loans of the simulated book, about as many as Lending Club had issued by the end of 2010.
const SIMULATED_LOANS: &str = "20000";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SplitName {
    /// Random, and walk-forward
    Both,
    /// Training and test loans from all months, stratified
    Random,
    /// Quarter by quarter, with what was known then
    WalkForward,
    /// Train on loans whose outcome was known before the first test month
    OutOfTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PresetName {
    /// The trials alone, with all that the paper fixes
    Published,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RankName {
    /// The forecasts of the loans predicted paid
    Filter,
    /// The decision values
    Score,
    /// The forecasts of all loans
    Forecast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HurdleName {
    /// The mean return of all loans
    Mean,
    /// That of the loan's grade
    Grade,
    /// That at the loan's interest rate
    Rate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReturnName {
    /// (total payments − collection fee − funded)/funded
    Roi,
    /// The same as a yearly rate
    Annualised,
    /// Internal rate of return of the monthly cash flows, effective yearly
    Irr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RegressionName {
    /// Fully paid training loans
    Paid,
    /// All training loans
    All,
}

/// Choose loans: classify, forecast returns, buy the top 10 %
///
/// Two experiments. At random, as published by Cho, Chang & Song (2019): draws training and
/// test loans (--trials times), tunes every method by cross-validation inside the training
/// loans, and buys the tenth of the test loans predicted paid that promises most. And
/// walk-forward: quarter by quarter with what was known at the time, open loans completed by
/// survival, the top tenth of each quarter bought by every ranking. Both report what the loans
/// really returned. Without --loans it runs on a simulated loan book, and says so.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm lend\n  \
    fuzzysvm lend --loans LoanStats3a.csv --out results\n  \
    fuzzysvm lend --loans LoanStats3a.csv --out results --resume\n  \
    fuzzysvm lend --loans LoanStats3a.csv --split walk-forward --test-from 2009-07\n  \
    fuzzysvm lend --loans LoanStats3a.csv --preset published\n  \
    fuzzysvm lend --loans LoanStats3a.csv --methods efsvm,iefsvm --trials 5 --json\n\n\
    Not investment advice.")]
pub struct Lend {
    #[command(flatten)]
    explicit: ExplicitFlags,

    /// Lending Club files (.csv or .csv.gz) [default: a simulated loan book]
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Loans")]
    loans: Vec<PathBuf>,

    /// Loans in the simulated book
    #[arg(long, value_name = "N", default_value = SIMULATED_LOANS, value_parser = count, conflicts_with = "loans", help_heading = "Loans")]
    simulated_loans: usize,

    /// Months of the loans: 36 or 60
    #[arg(long, value_name = "MONTHS", default_value = "36", value_parser = ["36", "60"], hide_possible_values = true, help_heading = "Loans")]
    term: String,

    /// Also loans that do not meet the credit policy
    #[arg(long, help_heading = "Loans")]
    include_off_policy: bool,

    /// Leave out loans younger than their term at YYYY-MM, auto (the month
    /// that the files show) or off [default: auto out of time, else off]
    #[arg(long, value_name = "MONTH", value_parser = snapshot, help_heading = "Loans")]
    snapshot: Option<Snapshot>,

    #[command(flatten, next_help_heading = "Loans")]
    columns: ColumnFlags,

    /// Number of trials
    #[arg(long, value_name = "N", default_value = "30", value_parser = count, help_heading = "Experiment")]
    trials: usize,

    /// Training loans per trial
    #[arg(long, value_name = "N", default_value = "2000", value_parser = count, help_heading = "Experiment")]
    train: usize,

    /// Test loans per trial
    #[arg(long, value_name = "N", default_value = "2000", value_parser = count, help_heading = "Experiment")]
    test: usize,

    /// random, walk-forward, both or out-of-time
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "SPLIT",
        default_value = "both",
        help_heading = "Experiment"
    )]
    split: SplitName,

    /// published: the trials alone, with all that the paper fixes
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "PRESET",
        help_heading = "Experiment"
    )]
    preset: Option<PresetName>,

    /// First month of the test loans, walk-forward or out of time
    #[arg(long, value_name = "YYYY-MM", help_heading = "Experiment")]
    test_from: Option<String>,

    /// Out of time: training on loans that had ended alone is meant
    #[arg(long, help_heading = "Experiment")]
    known_only: bool,

    /// roi, annualised or irr
    #[arg(
        long = "return",
        value_enum,
        hide_possible_values = true,
        value_name = "RETURN",
        default_value = "roi",
        help_heading = "Experiment"
    )]
    returns: ReturnName,

    /// Trials: fit the forecast of returns on paid or all loans
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "LOANS",
        default_value = "paid",
        help_heading = "Experiment"
    )]
    regression: RegressionName,

    /// What a method buys by: filter (the forecasts of the loans it
    /// predicts paid), score or forecast
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "RANK",
        default_value = "filter",
        help_heading = "Experiment"
    )]
    rank: RankName,

    /// Walk-forward: what a loan should return, mean (of all), grade or
    /// rate (of loans like it)
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "HURDLE",
        default_value = "mean",
        help_heading = "Experiment"
    )]
    hurdle: HurdleName,

    /// Share that is bought, of the predicted paid or of a quarter
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = positive, help_heading = "Experiment")]
    top: f64,

    /// Amount invested per trial and method
    #[arg(long, value_name = "AMOUNT", default_value = "10000", value_parser = positive, help_heading = "Experiment")]
    budget: f64,

    #[arg(
        long,
        help = strategies_help(),
        value_name = "METHODS",
        value_delimiter = ',',
        hide_default_value = true,
        help_heading = "Methods"
    )]
    methods: Vec<Strategy>,

    /// Grid of C [default: 0.25,1,4,16]
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', value_parser = positive, help_heading = "Methods")]
    c: Vec<f64>,

    /// Grid of γ [default: 2^-10,2^-8,2^-6,2^-4]
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', value_parser = positive, help_heading = "Methods")]
    gamma: Vec<f64>,

    /// Neighbors that efsvm tunes over [default: 1,3,…,15]
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', value_parser = count, help_heading = "Methods")]
    k: Vec<usize>,

    /// Inner folds of the tuning
    #[arg(long, value_name = "N", default_value = "5", value_parser = count, help_heading = "Methods")]
    folds: usize,

    /// Folder to write into [default: next fuzzysvm-out/lend-N]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Continue the run that was stopped in --out
    #[arg(long, requires = "out", help_heading = "Output")]
    resume: bool,

    /// Overwrite existing files
    #[arg(long, help_heading = "Output")]
    force: bool,
}

/// What `--methods` takes.
fn strategies_help() -> String {
    let names: Vec<&str> = Strategy::ALL.iter().map(Strategy::name).collect();
    format!(
        "{}; walk-forward also {} [default: all of these, with {}]",
        methods_help(&LendSettings::default().methods),
        names.join(", "),
        WALKED_FORWARD.join(", ")
    )
}

/// The loans of a run, and what to call where they come from.
struct Loans {
    data: LoanData,
    source: String,
}

impl Lend {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let split = self.check_flags()?;
        let settings = self.settings(split, general)?;
        settings.validate().map_err(Failure::of_setting)?;
        let forward = self.walk_forward_settings(&settings);
        forward.validate().map_err(Failure::of_setting)?;
        self.first_month()?;
        for path in &self.loans {
            std::fs::metadata(path).in_file(path)?;
        }
        let outputs: &[&str] = match split {
            SplitName::Both => &[RESULTS, PORTFOLIO, WALK_FORWARD],
            SplitName::WalkForward => &[RESULTS, WALK_FORWARD],
            SplitName::Random | SplitName::OutOfTime => &[RESULTS, PORTFOLIO],
        };
        let folder = RunFolder::prepare(self.out.as_deref(), "lend", outputs, self.force)?;
        let start = Instant::now();
        let loans = self.loans(split, &settings, general)?;
        let mut converged = Vec::new();
        let report = if split == SplitName::WalkForward {
            self.quarters_alone(&loans, &settings, &forward, general)?
        } else {
            let forward = (split == SplitName::Both).then_some(&forward);
            let (run, forward) = self.trials(&loans, &settings, forward, &folder, general)?;
            let fits = run.results.methods.iter().flat_map(|m| &m.trials);
            converged.extend(fits.map(|t| t.converged));
            lend_files::write_portfolio(&folder, &run)?;
            match forward {
                None => LendReport::Trials(run.results),
                Some(forward) => LendReport::Both(run.results, Box::new(forward)),
            }
        };
        lend_files::write(&folder, &report)?;
        if report.trials().is_some() {
            checkpoint(&folder, &loans, &settings)?.remove()?;
        }
        let seconds = start.elapsed().as_secs_f64();
        let line = lend_files::json_line(&report, &folder, seconds)?;
        general.result(&line, || lend_tables::render(&report, &folder, seconds))?;
        Ok(experiment::end(converged.into_iter(), general))
    }

    /// Refuses flags that contradict each other or do nothing.
    fn check_flags(&self) -> Result<SplitName, Failure> {
        let explicit = &self.explicit;
        if self.loans.is_empty() && self.columns.is_given() {
            return Err(Failure::usage("--map needs --loans"));
        }
        let split = match self.preset {
            None => self.split,
            Some(PresetName::Published) => {
                explicit.refuse(OF_PRESET, "beside --preset published, which sets it")?;
                SplitName::Random
            }
        };
        match split {
            SplitName::Both => {}
            SplitName::WalkForward => explicit.refuse(OF_TRIALS, "with --split walk-forward")?,
            SplitName::Random | SplitName::OutOfTime => {
                explicit.refuse(OF_QUARTERS, "without --split walk-forward or both")?;
            }
        }
        if split == SplitName::Random && self.test_from.is_some() {
            let needs = "--test-from needs --split walk-forward, both or out-of-time";
            return Err(Failure::usage(needs));
        }
        if split != SplitName::OutOfTime && self.known_only {
            return Err(Failure::usage("--known-only needs --split out-of-time"));
        }
        let walks = matches!(split, SplitName::Both | SplitName::WalkForward);
        let other = self.rankings().next().filter(|_| !walks);
        if let Some(ranking) = other {
            let words = format!("--methods {ranking} needs --split walk-forward or both");
            return Err(Failure::usage(words));
        }
        if split == SplitName::Both && !self.methods.is_empty() && self.named().is_empty() {
            let words = "--methods names none for the trials (--split walk-forward does without)";
            return Err(Failure::usage(words));
        }
        experiment::check_named_once(&self.methods)?;
        Ok(split)
    }

    /// The methods that `--methods` names.
    fn named(&self) -> Vec<Method> {
        let of = |strategy: &Strategy| match strategy {
            Strategy::Method(method) => Some(method.clone()),
            _ => None,
        };
        self.methods.iter().filter_map(of).collect()
    }

    /// The other rankings that it names.
    fn rankings(&self) -> impl Iterator<Item = &Strategy> {
        let all = self.methods.iter();
        all.filter(|strategy| !matches!(strategy, Strategy::Method(_)))
    }

    fn settings(&self, split: SplitName, general: &General) -> Result<LendSettings, Failure> {
        let mut settings = LendSettings::default();
        settings.trials = self.trials;
        settings.train = self.train;
        settings.test = self.test;
        settings.tuning.folds = self.folds;
        settings.top_fraction = self.top;
        settings.budget = self.budget;
        settings.seed = general.seed;
        if split == SplitName::OutOfTime {
            let test_from = self.test_from.clone();
            settings.split = Split::OutOfTime { test_from };
        }
        settings.returns = match self.returns {
            ReturnName::Roi => ReturnKind::Roi,
            ReturnName::Annualised => ReturnKind::Annualised,
            ReturnName::Irr => ReturnKind::Irr,
        };
        settings.regression = match self.regression {
            RegressionName::Paid => RegressionRows::Paid,
            RegressionName::All => RegressionRows::All,
        };
        settings.rank = match self.rank {
            RankName::Filter => Rank::Filter,
            RankName::Score => Rank::Score,
            RankName::Forecast => Rank::Forecast,
        };
        let unless_empty = |given: &Vec<f64>, default: &mut Vec<f64>| {
            if !given.is_empty() {
                *default = given.clone();
            }
        };
        unless_empty(&self.c, &mut settings.tuning.c);
        unless_empty(&self.gamma, &mut settings.tuning.gamma);
        if !self.k.is_empty() {
            settings.tuning.ks = self.k.clone();
        }
        let named = self.named();
        if !named.is_empty() {
            settings.methods = named;
        }
        Ok(settings)
    }

    /// What is not a setting of its own is that of the trials.
    fn walk_forward_settings(&self, of_trials: &LendSettings) -> WalkForwardSettings {
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
        settings.hurdle = match self.hurdle {
            HurdleName::Mean => Hurdle::Mean,
            HurdleName::Grade => Hurdle::Grade,
            HurdleName::Rate => Hurdle::Rate,
        };
        settings.tuning = of_trials.tuning.clone();
        settings.rank = of_trials.rank;
        settings.top_fraction = of_trials.top_fraction;
        settings.seed = of_trials.seed;
        settings
    }

    /// The month of `--test-from`.
    fn first_month(&self) -> Result<Option<Month>, Failure> {
        let month = |text: &String| {
            let parsed: Result<Month, _> = text.parse();
            parsed.map_err(|_| {
                Failure::usage(format!(
                    "--test-from {text}: must be a month, YYYY-MM, as in 2009-07"
                ))
            })
        };
        self.test_from.as_ref().map(month).transpose()
    }

    /// Reads the loans and keeps those that are asked for.
    fn loans(
        &self,
        split: SplitName,
        settings: &LendSettings,
        general: &General,
    ) -> Result<Loans, Failure> {
        let (book, source) = self.read(split, settings, general)?;
        let selection = Selection {
            term: self.term.parse().ok(),
            include_off_policy: self.include_off_policy,
            ..Selection::default()
        };
        let selection = settings.selection(selection, self.snapshot, &book);
        let snapshot = self.snapshot.unwrap_or(settings.snapshot());
        if snapshot == Snapshot::Auto && selection.seasoned_by.is_none() {
            general.warn("no payment has a month, so --snapshot auto keeps loans of any age");
        }
        let data = LoanData::new(book, &selection);
        for warning in data.warnings() {
            general.warn(warning);
        }
        Ok(Loans { data, source })
    }

    /// Both experiments: walk-forward first, so that whatever is wrong with it is known before the longer one.
    fn trials(
        &self,
        loans: &Loans,
        settings: &LendSettings,
        forward: Option<&WalkForwardSettings>,
        folder: &RunFolder,
        general: &General,
    ) -> Result<(LendRun, Option<WalkForwardResults>), Failure> {
        let checkpoint = checkpoint(folder, loans, settings)?;
        let finished: Vec<TrialOutcome> = checkpoint.load(self.resume, self.force)?;
        let plan = lend::plan(&loans.data, settings).map_err(in_flags)?;
        warn_of_known_only(&plan.split, self.known_only, general);
        let quarters = match forward {
            None => Vec::new(),
            Some(_) => self.quarters(loans).unwrap_or_default(),
        };
        general.before(|| {
            let summary = Summary {
                counts: &plan.loans,
                features: &plan.features,
                split: Some(&plan.split),
                quarters: &quarters,
            };
            lend_tables::before(&summary, &loans.source, settings, loans.data.book())
        })?;
        let forward = match forward.map(|s| self.walk_forward(loans, s, general)) {
            None => None,
            Some(Ok(results)) => Some(results),
            Some(Err(why)) => {
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
    fn quarters_alone(
        &self,
        loans: &Loans,
        settings: &LendSettings,
        forward: &WalkForwardSettings,
        general: &General,
    ) -> Result<LendReport, Failure> {
        let (counts, features) = lend::describe(&loans.data, settings)?;
        let quarters = self.quarters(loans)?;
        general.before(|| {
            let summary = Summary {
                counts: &counts,
                features: &features,
                split: None,
                quarters: &quarters,
            };
            lend_tables::before(&summary, &loans.source, settings, loans.data.book())
        })?;
        let results = self.walk_forward(loans, forward, general)?;
        Ok(LendReport::WalkForward {
            source: loans.source.clone(),
            loans: counts,
            features,
            results: Box::new(results),
        })
    }

    /// The quarters to decide on.
    fn quarters(&self, loans: &Loans) -> Result<Vec<Quarter>, Failure> {
        let mut quarters = default_quarters(loans.data.book(), &of_any_age(loans))?;
        if let Some(from) = self.first_month()? {
            quarters.retain(|quarter| quarter.first_month() >= from);
        }
        Ok(quarters)
    }

    fn walk_forward(
        &self,
        loans: &Loans,
        settings: &WalkForwardSettings,
        general: &General,
    ) -> Result<WalkForwardResults, Failure> {
        let (quarters, selection) = (self.quarters(loans)?, of_any_age(loans));
        let bar = general.progress(quarters.len() as u64, "quarters");
        let decided = book_quarters(loans.data.book(), &quarters, &selection);
        let results = walk_forward::run(decided, settings, &|_| bar.inc(1));
        bar.finish_and_clear();
        Ok(results?)
    }

    /// The loans, and what to call where they come from.
    fn read(
        &self,
        split: SplitName,
        settings: &LendSettings,
        general: &General,
    ) -> Result<(LoanBook, String), Failure> {
        let bar = general.spinner("reading loans");
        let (book, source) = if self.loans.is_empty() {
            // Through the same columns and the same reader as a real file.
            let simulated = SimulatedBook {
                n_loans: self.simulated_loans as u64,
                seed: general.seed,
            };
            let mut file = Vec::new();
            simulated.write_to(&mut file)?;
            let options = ReadOptions {
                name: "simulated".to_owned(),
                ..ReadOptions::default()
            };
            (
                LoanBook::from_reader(file.as_slice(), options)?,
                "simulated".to_owned(),
            )
        } else {
            let names: Vec<String> = self.loans.iter().map(|p| p.display().to_string()).collect();
            let mut needs = settings.needs();
            if split == SplitName::WalkForward {
                let by = "walk-forward, which asks when an outcome was known";
                needs.push(Need::new("last_pymnt_d", by));
            }
            if self.snapshot == Some(Snapshot::Auto) {
                needs.push(Need::new("last_pymnt_d", "--snapshot auto"));
            }
            let options = ReadOptions {
                needs,
                columns: self.columns.columns(),
                ..ReadOptions::default()
            };
            let book = LoanBook::read_paths(&self.loans, &options)?;
            (book, names.join(", "))
        };
        bar.finish_and_clear();
        Ok((book, source))
    }
}

/// A month, `auto` or `off`.
fn snapshot(text: &str) -> Result<Snapshot, String> {
    text.parse()
        .map_err(|_| "expected YYYY-MM, auto or off".to_owned())
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

/// The loans of a run whatever their age: walk-forward takes whole quarters, or none.
fn of_any_age(loans: &Loans) -> Selection {
    Selection {
        seasoned_by: None,
        ..loans.data.selection().clone()
    }
}

/// Says by how much training loans of known outcome differ from all.
fn warn_of_known_only(split: &SplitSummary, is_meant: bool, general: &General) {
    let (Some(known), Some(month)) = (&split.known_only, &split.test_from) else {
        return;
    };
    let percent = |v: f64| 100.0 * v;
    let advice = match is_meant {
        true => "",
        false => "; --split walk-forward uses open loans too, --known-only says that this is meant",
    };
    general.warn(format!(
        "the training loans ended early: of the {} loans issued before {month}, {} had ended by then; {:.1} % of these \
         defaulted, of all {:.1} % in the end, and they returned {:.2} %, all {:.2} %{advice}",
        known.n_issued,
        known.n_known,
        percent(known.default_rate_known),
        percent(known.default_rate_issued),
        percent(known.return_known),
        percent(known.return_issued),
    ));
}

/// Finished trials of the run in this folder.
fn checkpoint(
    folder: &RunFolder,
    loans: &Loans,
    settings: &LendSettings,
) -> Result<Checkpoint, Failure> {
    let request = request(&loans.source, &loans.data, settings)?;
    Ok(Checkpoint::new(folder.path(), "loans", "trial", request))
}

/// What a run depends on, but for the number of trials: a run may be resumed with more of them.
fn request(source: &str, loans: &LoanData, settings: &LendSettings) -> Result<Value, Failure> {
    let mut settings = serde_json::to_value(settings)?;
    if let Some(fields) = settings.as_object_mut() {
        fields.remove("trials");
    }
    Ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "source": source,
        "loans": loans.book().len(),
        "selection": loans.selection(),
        "settings": settings,
    }))
}
