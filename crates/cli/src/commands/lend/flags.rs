//! The flags of `lend`, and what they ask for.

use std::path::PathBuf;

use clap::ValueEnum;
use fuzzysvm::datasets::lending_club::{Month, Snapshot};
use fuzzysvm::estimator::target::Hurdle;
use fuzzysvm::experiments::Rank;
use fuzzysvm::experiments::walk_forward::Strategy;
use fuzzysvm::lend::{
    Buy, Forecast, LendOptions, LendSettings, RegressionRows, SplitName as Experiments,
    WALKED_FORWARD,
};
use fuzzysvm::portfolio::ReturnKind;

use crate::experiment;
use crate::explicit_flags::ExplicitFlags;
use crate::failure::Failure;
use crate::flags::{ColumnFlags, count, methods_help, positive, rule};
use crate::ui::General;

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
    /// The same as a yearly rate over the term
    Annualised,
    /// The same as a yearly rate over the months to the last payment
    AnnualisedLife,
    /// Internal rate of return of the monthly cash flows, effective yearly
    Irr,
    /// Lending Club's net annualized return, after its service fee of 1 %
    Nar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RegressionName {
    /// Fully paid training loans
    Paid,
    /// All training loans
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ForecastName {
    /// Linear regression
    Linear,
    /// The same with a penalty that cross-validation chooses
    Ridge,
    /// The mean of the training loans alike
    Instances,
    /// Both outcomes by the method's own probability
    Expected,
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
    test_from: Option<Month>,

    /// Out of time: training on loans that had ended alone is meant
    #[arg(long, help_heading = "Experiment")]
    pub(super) known_only: bool,

    /// roi, annualised (roi per year of the term), annualised-life (per
    /// year to the last payment), irr or nar (net annualized return)
    #[arg(
        long = "return",
        value_enum,
        hide_possible_values = true,
        value_name = "RETURN",
        default_value = "roi",
        help_heading = "Experiment"
    )]
    returns: ReturnName,

    /// Trials: loans to learn the forecast from, paid (a forecast if
    /// paid) or all
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "LOANS",
        default_value = "paid",
        help_heading = "Experiment"
    )]
    regression: RegressionName,

    /// Trials: what forecasts returns, linear, ridge, instances (loans
    /// alike) or expected (by the method's own probability)
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "FORECAST",
        default_value = "linear",
        help_heading = "Experiment"
    )]
    forecast: ForecastName,

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

    /// Trials: what is bought, top-fraction (the share of --top), top-n=N,
    /// threshold=RETURN or mean-variance=AVERSION
    #[arg(long, value_name = "RULE", default_value = "top-fraction", value_parser = rule, help_heading = "Experiment")]
    rule: Buy,

    /// Walk-forward: what a loan should return, mean, or that of its
    /// grade or rate
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "HURDLE",
        default_value = "mean",
        help_heading = "Experiment"
    )]
    hurdle: HurdleName,

    /// Walk-forward: tune C and γ of bilateral-svm and stake-svm in
    /// every quarter [default: 1, 0.01]
    #[arg(long, help_heading = "Experiment")]
    tune_stakes: bool,

    /// Share that is bought, of the predicted paid or of a quarter
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = positive, help_heading = "Experiment")]
    top: f64,

    /// Amount per trial and method
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

    /// Also write the scores of all test loans, scores.csv.gz
    #[arg(long, help_heading = "Output")]
    scores: bool,

    /// Also keep the model of the first trial for portfolio, in DIR/model.json
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) save: Option<PathBuf>,

    /// Folder to write into [default: next fuzzysvm-out/lend-N]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) out: Option<PathBuf>,

    /// Continue the run in --out, stopped or ended
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
    /// What is asked for, without contradictions and flags that do nothing.
    pub(super) fn options(&self, general: &General) -> Result<LendOptions, Failure> {
        let mut options = LendOptions::default();
        options.loans = self.loans.clone();
        options.simulated_loans = self.simulated_loans;
        // The parser takes no other terms.
        options.term = self.term.parse()?;
        options.include_off_policy = self.include_off_policy;
        options.snapshot = self.snapshot;
        options.map = self.columns.columns();
        options.trials = self.trials;
        options.train = self.train;
        options.test = self.test;
        options.split = match self.split {
            SplitName::Both => Experiments::Both,
            SplitName::Random => Experiments::Random,
            SplitName::WalkForward => Experiments::WalkForward,
            SplitName::OutOfTime => Experiments::OutOfTime,
        };
        options.published = matches!(self.preset, Some(PresetName::Published));
        options.test_from = self.test_from;
        options.known_only = self.known_only;
        options.returns = match self.returns {
            ReturnName::Roi => ReturnKind::Roi,
            ReturnName::Annualised => ReturnKind::Annualised,
            ReturnName::AnnualisedLife => ReturnKind::AnnualisedLife,
            ReturnName::Irr => ReturnKind::Irr,
            ReturnName::Nar => ReturnKind::Nar,
        };
        options.regression = match self.regression {
            RegressionName::Paid => RegressionRows::Paid,
            RegressionName::All => RegressionRows::All,
        };
        options.forecast = match self.forecast {
            ForecastName::Linear => Forecast::Linear,
            ForecastName::Ridge => Forecast::Ridge,
            ForecastName::Instances => Forecast::Instances,
            ForecastName::Expected => Forecast::Expected,
        };
        options.rank = match self.rank {
            RankName::Filter => Rank::Filter,
            RankName::Score => Rank::Score,
            RankName::Forecast => Rank::Forecast,
        };
        options.rule = self.rule;
        options.hurdle = match self.hurdle {
            HurdleName::Mean => Hurdle::Mean,
            HurdleName::Grade => Hurdle::Grade,
            HurdleName::Rate => Hurdle::Rate,
        };
        options.tune_stakes = self.tune_stakes;
        options.top = self.top;
        options.budget = self.budget;
        options.methods = self.methods.clone();
        options.c = self.c.clone();
        options.gamma = self.gamma.clone();
        options.k = self.k.clone();
        options.folds = self.folds;
        options.seed = general.seed;
        options.scores = self.scores;
        let given = |name: &str| self.explicit.has(name);
        options.check(&given).map_err(experiment::contradiction)?;
        if self.save.is_some() && options.split() == Experiments::WalkForward {
            return Err(Failure::usage(
                "--save beside --split walk-forward, which has no trial to keep the model of",
            ));
        }
        Ok(options)
    }
}
