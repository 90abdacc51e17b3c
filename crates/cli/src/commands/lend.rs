//! `fuzzysvm lend`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use fuzzysvm::datasets::lending_club::{
    DropReason, LoanBook, Need, ReadOptions, Selection, Snapshot,
};
use fuzzysvm::datasets::simulated::SimulatedBook;
use fuzzysvm::estimator::{LoanData, Method};
use fuzzysvm::lend::{
    self, LendError, LendRun, LendSettings, Purchase, RegressionRows, Split, TrialOutcome,
};
use fuzzysvm::portfolio::ReturnKind;
use serde_json::{Value, json};

use crate::checkpoint::Checkpoint;
use crate::experiment;
use crate::failure::{Done, Failure};
use crate::flags::{ColumnFlags, count, methods_help, positive};
use crate::lend_tables;
use crate::run_folder::RunFolder;
use crate::trial_progress::TrialProgress;
use crate::ui::General;

/// The files of a run.
const OUTPUTS: [&str; 2] = ["results.json", "portfolio.csv"];

/// Loans of the simulated book, about as many as Lending Club had issued by the end of 2010.
const SIMULATED_LOANS: &str = "20000";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SplitName {
    /// Training and test loans from all months, stratified
    Random,
    /// Train on loans whose outcome was known before the first test month
    OutOfTime,
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
/// Draws training and test loans (--trials times), tunes every method by cross-validation
/// inside the training loans, buys the tenth of the test loans predicted paid that promises
/// most, and reports what they really returned, beside benchmarks and beside the figures of
/// Cho, Chang & Song (2019). Without --loans it runs on a simulated loan book, and says so.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm lend\n  \
    fuzzysvm lend --loans LoanStats3a.csv --out results\n  \
    fuzzysvm lend --loans LoanStats3a.csv --out results --resume\n  \
    fuzzysvm lend --loans LoanStats3a.csv --split out-of-time --test-from 2010-06\n  \
    fuzzysvm lend --loans LoanStats3a.csv --methods efsvm,iefsvm --trials 5 --json\n\n\
    Not investment advice.")]
pub struct Lend {
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

    /// random or out-of-time
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "SPLIT",
        default_value = "random",
        help_heading = "Experiment"
    )]
    split: SplitName,

    /// out-of-time: first month of the test loans
    #[arg(long, value_name = "YYYY-MM", help_heading = "Experiment")]
    test_from: Option<String>,

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

    /// Fit the forecast of returns on paid or all loans
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "LOANS",
        default_value = "paid",
        help_heading = "Experiment"
    )]
    regression: RegressionName,

    /// Share of the predicted paid that is bought
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = positive, help_heading = "Experiment")]
    top: f64,

    /// Amount invested per trial and method
    #[arg(long, value_name = "AMOUNT", default_value = "10000", value_parser = positive, help_heading = "Experiment")]
    budget: f64,

    #[arg(
        long,
        help = methods_help(&LendSettings::default().methods),
        value_name = "METHODS",
        value_delimiter = ',',
        hide_default_value = true,
        help_heading = "Methods"
    )]
    methods: Vec<Method>,

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

impl Lend {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let settings = self.settings(general)?;
        settings.validate().map_err(Failure::of_setting)?;
        experiment::check_files(&self.loans)?;
        let folder = RunFolder::prepare(self.out.as_deref(), "lend", &OUTPUTS, self.force)?;
        let start = Instant::now();
        let (book, source) = self.read(&settings, general)?;
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
        let loans = LoanData::new(book, &selection);
        for warning in loans.warnings() {
            general.warn(warning);
        }
        let checkpoint = Checkpoint::new(
            folder.path(),
            "loans",
            "trial",
            request(&source, &loans, &settings)?,
        );
        let finished: Vec<TrialOutcome> = checkpoint.load(self.resume, self.force)?;
        let plan = lend::plan(&loans, &settings).map_err(in_flags)?;
        general.before(|| lend_tables::before(&plan, &source, &settings, loans.book()))?;
        let bar = TrialProgress::new(&settings, &finished, general);
        let on_finished = |outcome: &TrialOutcome| {
            checkpoint.keep(&outcome.trial.to_string(), outcome);
            bar.finished();
        };
        let on_tuned = |_: usize, _: usize| bar.tuned();
        let run = lend::resume_with(
            &loans,
            &settings,
            &source,
            finished,
            &on_tuned,
            &on_finished,
        );
        drop(bar);
        let run = run.map_err(in_flags)?;
        if let Some(why) = checkpoint.failure() {
            general.warn(format!("trials could not be kept for --resume: {why}"));
        }
        write(&folder, &run)?;
        checkpoint.remove()?;
        let [results, portfolio] = OUTPUTS.map(|name| folder.file(name));
        let (results, portfolio) = (results.as_path(), portfolio.as_path());
        let seconds = start.elapsed().as_secs_f64();
        general.result(&json_line(&run, results, portfolio, seconds)?, || {
            lend_tables::render(&run.results, results, portfolio, seconds)
        })?;
        let fits = run.results.methods.iter().flat_map(|m| &m.trials);
        Ok(experiment::end(fits.map(|t| t.converged), general))
    }

    fn settings(&self, general: &General) -> Result<LendSettings, Failure> {
        if self.loans.is_empty() && self.columns.is_given() {
            return Err(Failure::usage("--map needs --loans"));
        }
        let mut settings = LendSettings::default();
        settings.trials = self.trials;
        settings.train = self.train;
        settings.test = self.test;
        settings.folds = self.folds;
        settings.top_fraction = self.top;
        settings.budget = self.budget;
        settings.seed = general.seed;
        settings.split = match (self.split, &self.test_from) {
            (SplitName::Random, None) => Split::Random,
            (SplitName::Random, Some(_)) => {
                return Err(Failure::usage("--test-from needs --split out-of-time"));
            }
            (SplitName::OutOfTime, test_from) => Split::OutOfTime {
                test_from: test_from.clone(),
            },
        };
        settings.returns = match self.returns {
            ReturnName::Roi => ReturnKind::Roi,
            ReturnName::Annualised => ReturnKind::Annualised,
            ReturnName::Irr => ReturnKind::Irr,
        };
        settings.regression = match self.regression {
            RegressionName::Paid => RegressionRows::Paid,
            RegressionName::All => RegressionRows::All,
        };
        let unless_empty = |given: &Vec<f64>, default: &mut Vec<f64>| {
            if !given.is_empty() {
                *default = given.clone();
            }
        };
        unless_empty(&self.c, &mut settings.c);
        unless_empty(&self.gamma, &mut settings.gamma);
        if !self.k.is_empty() {
            settings.ks = self.k.clone();
        }
        settings.methods = experiment::methods(&self.methods, settings.methods)?;
        Ok(settings)
    }

    /// The loans, and what to call where they come from.
    fn read(
        &self,
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

fn write(folder: &RunFolder, run: &LendRun) -> Result<(), Failure> {
    let [results, portfolio] = OUTPUTS;
    folder.write(portfolio, |out| {
        write_portfolio(out, &run.results.source, &run.purchases)
    })?;
    // Last, so that results.json stands for a finished run.
    folder.write(results, |out| {
        serde_json::to_writer_pretty(&mut *out, &run.results)?;
        Ok(out.write_all(b"\n")?)
    })
}

fn write_portfolio(
    out: &mut dyn Write,
    source: &str,
    purchases: &[Purchase],
) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "source", "trial", "method", "loan", "issued", "score", "forecast", "amount", "realised",
    ])?;
    for p in purchases {
        csv.write_record([
            source,
            &p.trial.to_string(),
            &p.method,
            &p.loan,
            &p.issued,
            &p.score.to_string(),
            &p.forecast.to_string(),
            &p.amount.to_string(),
            &p.realised.to_string(),
        ])?;
    }
    Ok(csv.flush()?)
}

/// `results.json` without its trials, with where the files are.
fn json_line(
    run: &LendRun,
    results: &Path,
    portfolio: &Path,
    seconds: f64,
) -> Result<Value, Failure> {
    let mut line = serde_json::to_value(&run.results)?;
    for part in ["methods", "benchmarks"] {
        let entries = line.get_mut(part).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            if let Some(fields) = entry.as_object_mut() {
                fields.remove("trials");
            }
        }
    }
    if let Some(fields) = line.as_object_mut() {
        fields.insert("results".to_owned(), json!(results));
        fields.insert("portfolio".to_owned(), json!(portfolio));
        fields.insert("seconds".to_owned(), json!(seconds));
    }
    Ok(line)
}
