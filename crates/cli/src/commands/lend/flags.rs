//! The flags of `lend`, and what they ask for.

use std::path::PathBuf;

use clap::ValueEnum;
use fuzzysvm::datasets::lending_club::{Month, Snapshot};
use fuzzysvm::estimator::Method;
use fuzzysvm::estimator::method::StakeMethod;
use fuzzysvm::estimator::target::Hurdle;
use fuzzysvm::experiments::Rank;
use fuzzysvm::experiments::walk_forward::{Strategy, WalkForwardSettings};
use fuzzysvm::lend::{LendSettings, RegressionRows, Split};
use fuzzysvm::portfolio::ReturnKind;

use crate::experiment;
use crate::explicit_flags::ExplicitFlags;
use crate::failure::Failure;
use crate::flags::{ColumnFlags, count, methods_help, positive};
use crate::ui::General;

/// Flags without a meaning where there are no trials.
const OF_TRIALS: &[&str] = &[
    "snapshot",
    "trials",
    "test",
    "returns",
    "regression",
    "budget",
    "resume",
];
/// Flags without a meaning where there are no quarters.
const OF_QUARTERS: &[&str] = &["hurdle", "tune_stakes"];
/// The methods that stand beside the rankings of walk-forward by default: those that the published claims are about, and
/// the SVM without weights.
const WALKED_FORWARD: &[&str] = &["svm", "class-cost", "efsvm", "iefsvm"];
/// Flags that `--preset published` sets.
const OF_PRESET: &[&str] = &["term", "split", "returns", "regression", "rank", "top"];

/// Loans of the simulated book, about as many as Lending Club had issued by the end of 2010.
const SIMULATED_LOANS: &str = "20000";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SplitName {
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
pub enum PresetName {
    /// The trials alone, with all that the paper fixes
    Published,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RankName {
    /// The forecasts of the loans predicted paid
    Filter,
    /// The decision values
    Score,
    /// The forecasts of all loans
    Forecast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HurdleName {
    /// The mean return of all loans
    Mean,
    /// That of the loan's grade
    Grade,
    /// That at the loan's interest rate
    Rate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReturnName {
    /// (total payments − collection fee − funded)/funded
    Roi,
    /// The same as a yearly rate
    Annualised,
    /// Internal rate of return of the monthly cash flows, effective yearly
    Irr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RegressionName {
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
    pub(super) loans: Vec<PathBuf>,

    /// Loans in the simulated book
    #[arg(long, value_name = "N", default_value = SIMULATED_LOANS, value_parser = count, conflicts_with = "loans", help_heading = "Loans")]
    pub(super) simulated_loans: usize,

    /// Months of the loans: 36 or 60
    #[arg(long, value_name = "MONTHS", default_value = "36", value_parser = ["36", "60"], hide_possible_values = true, help_heading = "Loans")]
    pub(super) term: String,

    /// Also loans that do not meet the credit policy
    #[arg(long, help_heading = "Loans")]
    pub(super) include_off_policy: bool,

    /// Leave out loans younger than their term at YYYY-MM, auto (the month
    /// that the files show) or off [default: auto out of time, else off]
    #[arg(long, value_name = "MONTH", value_parser = snapshot, help_heading = "Loans")]
    pub(super) snapshot: Option<Snapshot>,

    #[command(flatten, next_help_heading = "Loans")]
    pub(super) columns: ColumnFlags,

    /// Number of trials
    #[arg(long, value_name = "N", default_value = "30", value_parser = count, help_heading = "Experiment")]
    trials: usize,

    /// Training loans per trial; of methods in a quarter, at most
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
    pub(super) test_from: Option<Month>,

    /// Out of time: training on loans that had ended alone is meant
    #[arg(long, help_heading = "Experiment")]
    pub(super) known_only: bool,

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

    /// Walk-forward: choose C and γ of bilateral-svm and stake-svm in
    /// every quarter too [default: 1 and 0.01]
    #[arg(long, help_heading = "Experiment")]
    tune_stakes: bool,

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
    pub(super) out: Option<PathBuf>,

    /// Continue the run that was stopped in --out
    #[arg(long, requires = "out", help_heading = "Output")]
    pub(super) resume: bool,

    /// Overwrite existing files
    #[arg(long, help_heading = "Output")]
    pub(super) force: bool,
}

/// What `--methods` takes.
fn strategies_help() -> String {
    let all = Strategy::all();
    let names: Vec<&str> = all.iter().map(Strategy::name).collect();
    format!(
        "{}; walk-forward also {} [default: all of these, with {}]",
        methods_help(&LendSettings::default().methods),
        names.join(", "),
        WALKED_FORWARD.join(", ")
    )
}

/// A month, `auto` or `off`.
fn snapshot(text: &str) -> Result<Snapshot, String> {
    text.parse()
        .map_err(|_| "expected YYYY-MM, auto or off".to_owned())
}

impl Lend {
    /// Refuses flags that contradict each other or do nothing.
    pub(super) fn check_flags(&self) -> Result<SplitName, Failure> {
        let explicit = &self.explicit;
        if self.loans.is_empty() && self.columns.is_given() {
            return Err(Failure::usage("--map needs --loans"));
        }
        let split = match self.preset {
            None => self.split,
            Some(PresetName::Published) => {
                explicit.refuse::<Self>(OF_PRESET, "beside --preset published, which sets it")?;
                SplitName::Random
            }
        };
        match split {
            SplitName::Both => {}
            SplitName::WalkForward => {
                explicit.refuse::<Self>(OF_TRIALS, "with --split walk-forward")?;
            }
            SplitName::Random | SplitName::OutOfTime => {
                explicit.refuse::<Self>(OF_QUARTERS, "without --split walk-forward or both")?;
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
        let named = self.rankings().next().is_some();
        if self.tune_stakes && named && self.rankings().all(|r| r.stake().is_none()) {
            let stakes = StakeMethod::all().map(|stake| stake.name()).join(" or ");
            let words = format!("--tune-stakes needs {stakes} among --methods");
            return Err(Failure::usage(words));
        }
        experiment::check_named_once(&self.methods)?;
        Ok(split)
    }

    /// The methods that `--methods` names for trials too.
    fn named(&self) -> Vec<Method> {
        let published = self.methods.iter().filter_map(Strategy::published);
        published.cloned().collect()
    }

    /// The other rankings that it names.
    fn rankings(&self) -> impl Iterator<Item = &Strategy> {
        let all = self.methods.iter();
        all.filter(|strategy| strategy.published().is_none())
    }

    pub(super) fn settings(
        &self,
        split: SplitName,
        general: &General,
    ) -> Result<LendSettings, Failure> {
        let mut settings = LendSettings::default();
        settings.trials = self.trials;
        settings.train = self.train;
        settings.test = self.test;
        settings.tuning.folds = self.folds;
        settings.top_fraction = self.top;
        settings.budget = self.budget;
        settings.seed = general.seed;
        if split == SplitName::OutOfTime {
            let test_from = self.test_from.map(|month| month.to_string());
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
    pub(super) fn walk_forward_settings(&self, of_trials: &LendSettings) -> WalkForwardSettings {
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
        settings.tune_stakes = self.tune_stakes;
        settings.tuning = of_trials.tuning.clone();
        settings.max_method_loans = of_trials.train;
        settings.rank = of_trials.rank;
        settings.top_fraction = of_trials.top_fraction;
        settings.seed = of_trials.seed;
        settings
    }
}
