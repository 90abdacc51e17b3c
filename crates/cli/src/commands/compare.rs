//! `fuzzysvm compare`

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Instant, SystemTime};

use fuzzysvm::compare::{
    self, CompareError, CompareInput, CompareOptions, CompareResults, CompareSettings, DataSet,
    METRICS, ReadError, Skipped, UnitOutcome, Unreadable, tables,
};
use fuzzysvm::datasets::table::ScalerKind;
use fuzzysvm::estimator::Method;
use fuzzysvm::evaluation::Metric;
use fuzzysvm::experiments::{self, RunRecord};
use serde_json::{Value, json};

use crate::checkpoint::{Checkpoint, FINISHED, command_line};
use crate::compare_tables::{self, Written};
use crate::experiment::{self, PAGE, RESULTS};
use crate::failure::{Done, Failure};
use crate::flags::{TableFlags, count, methods_help, positive};
use crate::run_folder::RunFolder;
use crate::ui::{General, shown};
use crate::utc::utc;
use crate::words::in_flags;

/// The files of a run, `results.json` first and the page last.
const OUTPUTS: [&str; 5] = [RESULTS, "results.csv", "tables.md", "tables.tex", PAGE];

/// Compare methods over data sets, with tests of significance
///
/// Every method is tuned and measured on every data set by repeated stratified
/// cross-validation; scaling, neighbors, memberships and tuning see the training part
/// alone. Prints the means, the average ranks, the tests of Friedman and of Iman and
/// Davenport, Nemenyi's critical difference, and Wilcoxon's signed-rank test against a
/// control with Holm's correction. A data set that is too small for this, or given twice, is
/// left out with a warning; so is a file that cannot be read, and the exit code is then 1.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm compare keel/*.dat --out results\n  \
    fuzzysvm compare keel/*.dat --out results --resume\n  \
    fuzzysvm compare yeast*.dat --methods svm,class-cost,iefsvm --control svm\n  \
    fuzzysvm compare a.csv b.csv --target class --positive bad --metric g-mean\n  \
    fuzzysvm compare *.dat --folds 10 --c 1,10,100 --gamma 0.01,0.1,1 --json")]
pub struct Compare {
    /// Files of samples: CSV, KEEL, ARFF, LIBSVM or Parquet, also with .gz
    #[arg(value_name = "DATA", required = true)]
    data: Vec<PathBuf>,

    #[command(flatten)]
    table: TableFlags,

    /// standard, minmax or none
    #[arg(
        long,
        value_name = "SCALING",
        default_value = "standard",
        help_heading = "Data"
    )]
    scale: ScalerKind,

    /// Folds of the cross-validation
    #[arg(long, value_name = "N", default_value = "5", value_parser = count, help_heading = "Experiment")]
    folds: usize,

    /// Repetitions with other shuffles
    #[arg(long, value_name = "N", default_value = "2", value_parser = count, help_heading = "Experiment")]
    repeats: usize,

    /// Folds of the tuning inside a training part
    #[arg(long, value_name = "N", default_value = "5", value_parser = count, help_heading = "Experiment")]
    inner_folds: usize,

    #[arg(
        long,
        help = methods_help(&Method::all()),
        value_name = "METHODS",
        value_delimiter = ',',
        hide_default_value = true,
        help_heading = "Methods"
    )]
    methods: Vec<Method>,

    /// Method to test the others against [default: iefsvm, else the first]
    #[arg(long, value_name = "METHOD", help_heading = "Methods")]
    control: Option<Method>,

    /// Grid of C [default: 1,4,16,64,256,1024]
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', value_parser = positive,
          allow_negative_numbers = true, help_heading = "Methods")]
    c: Vec<f64>,

    /// Grid of γ [default: 2^-10,2^-8,2^-6,2^-4,2^-2,1]
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', value_parser = positive,
          allow_negative_numbers = true, help_heading = "Methods")]
    gamma: Vec<f64>,

    /// Neighbors that efsvm tunes over [default: 1,3,…,15]
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', value_parser = count, help_heading = "Methods")]
    k: Vec<usize>,

    /// Shown and tested; the files hold all: balanced-accuracy, roc-auc, g-mean, f1, mcc,
    /// average-precision
    #[arg(long, value_name = "METRIC", default_value = "balanced-accuracy", value_parser = metric,
          help_heading = "Output")]
    metric: Metric,

    /// Folder to write into [default: next fuzzysvm-out/compare-N]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Continue the run in --out, stopped or ended
    #[arg(long, requires = "out", help_heading = "Output")]
    resume: bool,

    /// Overwrite existing files
    #[arg(long, help_heading = "Output")]
    force: bool,
}

/// One of the metrics of the comparison.
fn metric(text: &str) -> Result<Metric, String> {
    let found = METRICS.iter().copied().find(|m| m.name() == text.trim());
    found.ok_or_else(|| {
        let names: Vec<&str> = METRICS.iter().map(|m| m.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

impl Compare {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let options = self.options(general)?;
        let settings = options.settings();
        settings.validate().map_err(of_settings)?;
        let out = self.out.as_deref();
        // A run that is continued writes its outputs again.
        let force = self.force || (self.resume && out.is_some_and(Checkpoint::stands_in));
        let outputs = [&OUTPUTS[..], &[FINISHED]].concat();
        let folder = RunFolder::prepare(out, "compare", &outputs, force, &self.data)?;
        let (start, started) = (Instant::now(), SystemTime::now());
        let (input, unreadable) = read(&options, general)?;
        let sets = &input.sets;
        let request = input.identity(&settings)?;
        let checkpoint = Checkpoint::new(folder.path(), "data", "unit", request);
        let finished: Vec<UnitOutcome> = checkpoint.load(self.resume, self.force)?;
        general.before(|| compare_tables::before(sets, &settings))?;
        let mut results = with_progress(sets, &settings, finished, &checkpoint, general)?;
        let is_complete = unreadable.is_empty();
        results.skipped.extend(unreadable);
        let mut results = input.sorted(results);
        results.metric = (self.metric != Metric::BalancedAccuracy).then(|| self.metric.key());
        if let Some(why) = checkpoint.failure() {
            general.warn(format!(
                "finished folds could not be kept for --resume: {why}"
            ));
        }
        for skipped in &results.skipped {
            general.warn(format!("{}: left out: {}", skipped.source, skipped.reason));
        }
        let seconds = start.elapsed().as_secs_f64();
        let run = RunRecord::new(command_line(), utc(started), seconds);
        results.provenance = Some(input.provenance(settings.seed, Some(run)));
        let has_page = write(&folder, &results, general)?;
        checkpoint.finish()?;

        let names = OUTPUTS.into_iter().filter(|name| has_page || *name != PAGE);
        let files: Vec<PathBuf> = names.map(|name| folder.file(name)).collect();
        let seconds = start.elapsed().as_secs_f64();
        general.result(&json_line(&results, &files, seconds)?, || {
            let written = Written {
                files: &files,
                seconds,
            };
            compare_tables::render(&results, self.metric, &written)
        })?;
        let done = experiment::end(results.n_short(), general);
        Ok(if is_complete {
            done
        } else {
            Done::InputLeftOut
        })
    }

    /// What is asked for, without contradictions.
    fn options(&self, general: &General) -> Result<CompareOptions, Failure> {
        let mut options = CompareOptions::default();
        options.data = self.data.clone();
        options.table = self.table.options()?;
        options.scale = self.scale;
        options.folds = self.folds;
        options.repeats = self.repeats;
        options.inner_folds = self.inner_folds;
        options.methods = self.methods.clone();
        options.control = self.control.clone();
        options.c = self.c.clone();
        options.gamma = self.gamma.clone();
        options.k = self.k.clone();
        options.seed = general.seed;
        options.check().map_err(experiment::contradiction)?;
        Ok(options)
    }
}

/// All data sets that can be read, and the files that cannot. Where there is no set, what is wrong with the first file is
/// the error.
fn read(
    options: &CompareOptions,
    general: &General,
) -> Result<(CompareInput, Vec<Skipped>), Failure> {
    let bar = general.spinner("reading");
    let mut input = options.read();
    bar.finish_and_clear();
    let (mut skipped, mut failures) = (Vec::new(), Vec::new());
    for file in std::mem::take(&mut input.unreadable) {
        let (entry, failure) = in_flags_of_file(file);
        skipped.push(entry);
        failures.push(failure);
    }
    if input.sets.is_empty() {
        let more = failures.len().saturating_sub(1);
        if let Some(failure) = failures.into_iter().next() {
            let message = failure.message().unwrap_or_default();
            return Err(match more {
                0 => failure,
                n => Failure::run(format!("{message} (and {n} more: no data set is left)")),
            });
        }
    }
    for warning in input.warnings_in_words() {
        general.warn(in_flags(warning));
    }
    Ok((input, skipped))
}

/// A file that cannot be read: its entry in the results, and the error where it is the only one, in the words of flags.
fn in_flags_of_file(file: Unreadable) -> (Skipped, Failure) {
    let Unreadable {
        name,
        source,
        error,
        ..
    } = file;
    let failure = match error {
        ReadError::Table(error) => Failure::from(error),
        other => Failure::input(format!("{source}: {other}"), source.as_ref()),
    };
    let reason = failure.message().unwrap_or_default();
    (Skipped::new(name, source, &reason), failure)
}

fn of_settings(e: CompareError) -> Failure {
    match e {
        CompareError::Param(e) => Failure::of_setting(e),
        other => Failure::usage(other),
    }
}

/// The run, with a bar over its work.
fn with_progress(
    sets: &[DataSet],
    settings: &CompareSettings,
    finished: Vec<UnitOutcome>,
    checkpoint: &Checkpoint,
    general: &General,
) -> Result<CompareResults, Failure> {
    let costs: HashMap<&str, u64> = sets.iter().map(|s| (s.name(), s.cost())).collect();
    let cost = |outcome: &UnitOutcome| costs.get(outcome.set.as_str()).copied().unwrap_or(0);
    let of_set = settings.folds * settings.repeats;
    let n_units = sets.len() * of_set;
    let bar = general.progress(costs.values().sum::<u64>() * of_set as u64, "");
    let ours = || finished.iter().filter(|u| u.repeat < settings.repeats);
    let done = AtomicUsize::new(ours().count());
    let show = |n: usize| bar.set_message(format!("{n} of {n_units} folds"));
    show(done.load(Ordering::Relaxed));
    bar.done_before(ours().map(cost).sum());
    let on_finished = |outcome: &UnitOutcome| {
        let name = format!(
            "{}-{}-{}",
            place_of(sets, outcome),
            outcome.repeat,
            outcome.fold
        );
        checkpoint.keep(&name, outcome);
        show(1 + done.fetch_add(1, Ordering::Relaxed));
        bar.inc(cost(outcome));
    };
    let results = compare::resume(sets, settings, finished, &on_finished);
    bar.finish_and_clear();
    if let Err(CompareError::NoneLeft { .. }) = &results {
        // Folds that were kept are of sets that are left out: there is nothing to resume.
        checkpoint.remove()?;
    }
    Ok(results?)
}

/// The place of a unit's data set among the files: names may hold what file names may not.
fn place_of(sets: &[DataSet], outcome: &UnitOutcome) -> usize {
    sets.iter()
        .position(|s| s.name() == outcome.set)
        .unwrap_or(sets.len())
}

/// Writes all files. Whether there is a page.
fn write(folder: &RunFolder, results: &CompareResults, general: &General) -> Result<bool, Failure> {
    let [_, csv, markdown, latex, _] = OUTPUTS;
    let all = tables::all(results);
    folder.write(csv, |out| write_csv(out, results))?;
    folder.write(markdown, |out| {
        Ok(out.write_all(experiments::tables::markdown(&all).as_bytes())?)
    })?;
    folder.write(latex, |out| {
        Ok(out.write_all(experiments::tables::latex(&all).as_bytes())?)
    })?;
    // Last, so that results.json stands for a finished run.
    experiment::write_results(folder, &experiments::results_json(results)?, general)
}

/// One line per data set, method and metric.
fn write_csv(out: &mut dyn Write, results: &CompareResults) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["set", "method", "metric", "mean", "std", "folds"])?;
    for set in &results.sets {
        for method in &set.methods {
            for &metric in METRICS {
                let key = metric.key();
                if let Some(spread) = method.metrics.get(&key) {
                    csv.write_record([
                        &set.name,
                        &method.id,
                        &key,
                        &spread.mean.to_string(),
                        &spread.std.to_string(),
                        &method.folds.len().to_string(),
                    ])?;
                }
            }
        }
    }
    Ok(csv.flush()?)
}

/// `results.json` without its folds, with where the files are.
fn json_line(results: &CompareResults, files: &[PathBuf], seconds: f64) -> Result<Value, Failure> {
    let mut line = serde_json::to_value(results)?;
    let sets = line.get_mut("sets").and_then(Value::as_array_mut);
    for set in sets.into_iter().flatten() {
        let methods = set.get_mut("methods").and_then(Value::as_array_mut);
        for method in methods.into_iter().flatten() {
            if let Some(fields) = method.as_object_mut() {
                fields.remove("folds");
            }
        }
    }
    if let Some(fields) = line.as_object_mut() {
        fields.insert(
            "files".to_owned(),
            json!(files.iter().map(|path| shown(path)).collect::<Vec<_>>()),
        );
        fields.insert("seconds".to_owned(), json!(seconds));
    }
    Ok(line)
}
