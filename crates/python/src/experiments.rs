//! `lend` and `compare`: a job is read once, its units may be computed anywhere, and a report is made of them.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use fuzzysvm::compare::{self, CompareInput, CompareOptions, CompareSettings, UnitOutcome};
use fuzzysvm::estimator::method::ParamPair;
use fuzzysvm::experiments::walk_forward::{WalkForwardResults, WalkForwardSettings};
use fuzzysvm::experiments::{Contradiction, LendReport, results_json};
use fuzzysvm::lend::{
    self, LendError, LendInput, LendOptions, LendSettings, LoanScores, Purchase, ScoredLoan,
    SplitName, TrialOutcome,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde::de::DeserializeOwned;

use crate::detached::detached_on;

/// Settings whose options have other names.
const OPTIONS: [(&str, &str); 3] = [
    ("top_fraction", "top"),
    ("ks", "k"),
    ("--test-from", "test_from"),
];

/// An error of a run, with options named as in Python.
fn error(error: impl Display) -> PyErr {
    let mut text = error.to_string();
    for (setting, option) in OPTIONS {
        text = text.replace(
            &format!("parameter `{setting}` "),
            &format!("parameter `{option}` "),
        );
    }
    PyValueError::new_err(text)
}

/// Options that do not go together, as they are written in Python.
fn contradiction(e: Contradiction) -> PyErr {
    let option = |name: &str, value: Option<&str>| match value {
        None => name.to_owned(),
        Some(value) => format!("{name}={value:?}"),
    };
    PyValueError::new_err(e.with_options(&option))
}

/// The finished units that other processes sent.
fn parse<T: DeserializeOwned>(units: &[String]) -> PyResult<Vec<T>> {
    let parsed = units.iter().map(|text| serde_json::from_str::<T>(text));
    parsed.collect::<Result<_, _>>().map_err(error)
}

/// A lending run.
#[pyclass(frozen, module = "fuzzysvm._native")]
pub struct LendJob {
    options: LendOptions,
    settings: LendSettings,
    forward: WalkForwardSettings,
    input: LendInput,
    warnings: Vec<String>,
    /// What walk-forward found, once it has run.
    walked: Mutex<Option<Result<WalkForwardResults, String>>>,
}

#[pymethods]
impl LendJob {
    /// Checks the options and reads the loans. `given` are the names of the options that are not left at their defaults.
    #[new]
    fn new(
        py: Python<'_>,
        loans: Vec<PathBuf>,
        map: BTreeMap<String, String>,
        params: Vec<ParamPair>,
        given: Vec<String>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let mut options = LendOptions::default();
        (options.loans, options.map) = (loans, map);
        for (name, text) in &params {
            options.set(name, text).map_err(error)?;
        }
        let is_given = |name: &str| given.iter().any(|given| given == name);
        options.check(&is_given).map_err(contradiction)?;
        let settings = options.settings();
        settings.validate().map_err(error)?;
        let forward = options.walk_forward_settings(&settings);
        forward.validate().map_err(error)?;
        let (input, warnings) = detached_on(py, threads, || {
            let input = options.read(&settings).map_err(error)?;
            let mut warnings = Vec::new();
            if input.snapshot_is_unknown {
                let words = "no payment has a month, so snapshot=\"auto\" keeps loans of any age";
                warnings.push(words.to_owned());
            }
            warnings.extend(input.data.warnings().iter().map(ToString::to_string));
            if options.split() != SplitName::WalkForward {
                // What is wrong with the trials is known before the first one.
                let plan = lend::plan(&input.data, &settings).map_err(error)?;
                if let Some(words) = plan.split.known_only_in_words() {
                    let advice = match options.known_only {
                        true => "",
                        false => {
                            "; split=\"walk-forward\" uses open loans too, known_only=True says that this is meant"
                        }
                    };
                    warnings.push(words + advice);
                }
            }
            Ok((input, warnings))
        })?;
        Ok(Self {
            options,
            settings,
            forward,
            input,
            warnings,
            walked: Mutex::new(None),
        })
    }

    /// What there is to warn about before the run.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// What units of this run are of: of another process's units where it is equal.
    #[getter]
    fn identity(&self) -> PyResult<String> {
        let identity = self.input.identity(&self.settings).map_err(error)?;
        Ok(identity.to_string())
    }

    /// The trials.
    #[getter]
    fn units(&self) -> Vec<usize> {
        match self.options.split() {
            SplitName::WalkForward => Vec::new(),
            _ => (0..self.settings.trials).collect(),
        }
    }

    /// Runs one trial.
    fn run_unit(&self, py: Python<'_>, unit: usize, threads: Option<usize>) -> PyResult<String> {
        detached_on(py, threads, || {
            let outcome = lend::run_trial(&self.input.data, &self.settings, unit, &|_, _| {});
            serde_json::to_string(&outcome.map_err(error)?).map_err(error)
        })
    }

    /// Runs walk-forward, where it is part of the run, for the report.
    fn walk(&self, py: Python<'_>, threads: Option<usize>) -> PyResult<()> {
        let split = self.options.split();
        if !matches!(split, SplitName::Both | SplitName::WalkForward) {
            return Ok(());
        }
        let results = detached_on(py, threads, || Ok(self.walk_forward()))?;
        let results = match (results, split) {
            (Err(e), SplitName::WalkForward) => return Err(error(e)),
            (results, _) => results.map_err(|e| e.to_string()),
        };
        let mut walked = self.walked.lock().unwrap_or_else(PoisonError::into_inner);
        *walked = Some(results);
        Ok(())
    }

    /// The report of these trials and all others: a dict of `json` (as results.json holds it), `purchases`, `scores` and
    /// `quarter_purchases` (columns), `warnings`, and `n_short` (final fits that stopped before their tolerance).
    fn report<'py>(
        &self,
        py: Python<'py>,
        finished: Vec<String>,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let finished: Vec<TrialOutcome> = parse(&finished)?;
        let walked = {
            let mut walked = self.walked.lock().unwrap_or_else(PoisonError::into_inner);
            walked.take()
        };
        let mut warnings = Vec::new();
        let forward = match walked {
            Some(Ok(results)) => Some(results),
            Some(Err(why)) => {
                warnings.push(format!("walk-forward is left out: {why}"));
                None
            }
            None => None,
        };
        let (report, purchases, scores) = detached_on(py, threads, || {
            let (data, source) = (&self.input.data, &self.input.source);
            if self.options.split() == SplitName::WalkForward {
                let results = forward.ok_or_else(|| error("walk-forward did not run"))?;
                let report = LendReport::of_quarters(&self.input, &self.settings, results);
                let report = self.with_provenance(report.map_err(error)?);
                return Ok((report, Vec::new(), None));
            }
            let run = lend::resume(data, &self.settings, source, finished, &|_| {});
            let run = run.map_err(error)?;
            let report = self.with_provenance(LendReport::of_trials(run.results, forward));
            Ok((report, run.purchases, run.scores))
        })?;
        let dict = PyDict::new(py);
        dict.set_item("json", results_json(&report).map_err(error)?)?;
        dict.set_item("purchases", purchase_columns(py, &purchases)?)?;
        if let Some(scores) = &scores {
            dict.set_item("scores", score_columns(py, scores)?)?;
        }
        if let Some(results) = report.walk_forward() {
            dict.set_item("quarter_purchases", quarter_columns(py, results)?)?;
        }
        dict.set_item("n_short", report.n_short())?;
        dict.set_item("warnings", warnings)?;
        Ok(dict)
    }
}

impl LendJob {
    fn with_provenance(&self, report: LendReport) -> LendReport {
        let (loans, features) = (report.loans(), report.features());
        let origin = self
            .input
            .provenance(loans, features, self.settings.seed, None);
        report.with_provenance(origin)
    }

    fn walk_forward(&self) -> Result<WalkForwardResults, LendError> {
        let quarters = self.options.quarters(&self.input)?;
        self.input.walk(&quarters, &self.forward, &|_| {})
    }
}

/// Loans bought in trials, column by column.
fn purchase_columns<'py>(py: Python<'py>, purchases: &[Purchase]) -> PyResult<Bound<'py, PyDict>> {
    let texts = |of: fn(&Purchase) -> &str| purchases.iter().map(of).collect::<Vec<_>>();
    let numbers = |of: fn(&Purchase) -> f64| purchases.iter().map(of).collect::<Vec<_>>();
    let trials: Vec<usize> = purchases.iter().map(|p| p.trial).collect();
    let dict = PyDict::new(py);
    dict.set_item("trial", trials)?;
    dict.set_item("method", texts(|p| &p.method))?;
    dict.set_item("loan", texts(|p| &p.loan))?;
    dict.set_item("issued", texts(|p| &p.issued))?;
    // A missing number, as pandas has it.
    dict.set_item("score", numbers(|p| p.score.unwrap_or(f64::NAN)))?;
    dict.set_item("forecast", numbers(|p| p.forecast))?;
    dict.set_item("amount", numbers(|p| p.amount))?;
    dict.set_item("realised", numbers(|p| p.realised))?;
    let missing = f64::NAN.into_pyobject(py)?;
    for place in 0..4 {
        let words = PyList::empty(py);
        for purchase in purchases {
            match purchase.reasons.get(place) {
                Some(reason) => words.append(&reason.words)?,
                None => words.append(&missing)?,
            }
        }
        dict.set_item(format!("reason_{}", place + 1), words)?;
    }
    Ok(dict)
}

/// Test loans of all trials, column by column.
fn score_columns<'py>(py: Python<'py>, scores: &LoanScores) -> PyResult<Bound<'py, PyDict>> {
    let loans = scores.loans.as_slice();
    let texts = |of: fn(&ScoredLoan) -> &str| loans.iter().map(of).collect::<Vec<_>>();
    let numbers = |of: fn(&ScoredLoan) -> f64| loans.iter().map(of).collect::<Vec<_>>();
    let trials: Vec<usize> = loans.iter().map(|loan| loan.trial).collect();
    let terms: Vec<u32> = loans.iter().map(|loan| loan.term).collect();
    let grades: Vec<Option<u8>> = loans.iter().map(|loan| loan.sub_grade).collect();
    let bad: Vec<bool> = loans.iter().map(|loan| loan.charged_off).collect();
    let dict = PyDict::new(py);
    dict.set_item("trial", trials)?;
    dict.set_item("loan", texts(|loan| &loan.loan))?;
    dict.set_item("issued", texts(|loan| &loan.issued))?;
    dict.set_item("sub_grade", grades)?;
    dict.set_item("term", terms)?;
    dict.set_item("int_rate", numbers(|loan| loan.rate))?;
    dict.set_item("funded_amnt", numbers(|loan| loan.funded))?;
    dict.set_item("charged_off", bad)?;
    dict.set_item("realised", numbers(|loan| loan.realised))?;
    dict.set_item("forecast", numbers(|loan| loan.forecast))?;
    for (place, method) in scores.methods.iter().enumerate() {
        let of_method: Vec<f64> = loans.iter().map(|loan| loan.scores[place]).collect();
        dict.set_item(method, of_method)?;
    }
    for (place, method) in scores.methods.iter().enumerate() {
        let own = loans
            .iter()
            .map(|loan| loan.method_forecasts.get(place).copied());
        if let Some(own) = own
            .collect::<Option<Vec<f64>>>()
            .filter(|own| !own.is_empty())
        {
            dict.set_item(LoanScores::forecast_column(method), own)?;
        }
    }
    Ok(dict)
}

/// Loans bought in quarters, column by column.
fn quarter_columns<'py>(
    py: Python<'py>,
    results: &WalkForwardResults,
) -> PyResult<Bound<'py, PyDict>> {
    let all = || results.purchases.iter();
    let dict = PyDict::new(py);
    let quarters: Vec<&str> = all().map(|p| p.quarter.as_str()).collect();
    dict.set_item("quarter", quarters)?;
    let rankings: Vec<&str> = all().map(|p| p.strategy.as_str()).collect();
    dict.set_item("ranking", rankings)?;
    dict.set_item("loan", all().map(|p| p.loan.as_str()).collect::<Vec<_>>())?;
    dict.set_item("score", all().map(|p| p.score).collect::<Vec<_>>())?;
    dict.set_item("realised", all().map(|p| p.realised).collect::<Vec<_>>())?;
    let bad: Vec<bool> = all().map(|p| p.defaulted).collect();
    dict.set_item("charged_off", bad)?;
    Ok(dict)
}

/// A comparison.
#[pyclass(frozen, module = "fuzzysvm._native")]
pub struct CompareJob {
    settings: CompareSettings,
    input: CompareInput,
    warnings: Vec<String>,
}

#[pymethods]
impl CompareJob {
    /// Checks the options and reads the data sets. `lists` are the options whose values are lists of texts.
    #[new]
    fn new(
        py: Python<'_>,
        data: Vec<PathBuf>,
        lists: BTreeMap<String, Vec<String>>,
        params: Vec<ParamPair>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let mut options = CompareOptions::default();
        options.data = data;
        for (name, text) in &params {
            options.set(name, text).map_err(error)?;
        }
        for (name, texts) in lists {
            options.set_list(&name, texts).map_err(error)?;
        }
        options.check().map_err(contradiction)?;
        let settings = options.settings();
        settings.validate().map_err(error)?;
        let input = detached_on(py, threads, || Ok(options.read()))?;
        input.check().map_err(error)?;
        Ok(Self {
            warnings: input.warnings_in_words(),
            settings,
            input,
        })
    }

    /// What there is to warn about before the run.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// What units of this run are of: of another process's units where it is equal.
    #[getter]
    fn identity(&self) -> PyResult<String> {
        let identity = self.input.identity(&self.settings).map_err(error)?;
        Ok(identity.to_string())
    }

    /// The folds of the sets: the place of the set, and the number of the fold over all repetitions.
    #[getter]
    fn units(&self) -> Vec<(usize, usize)> {
        self.input.units(&self.settings)
    }

    /// Runs one fold of a set; `None` where it shows that the set cannot take part.
    fn run_unit(
        &self,
        py: Python<'_>,
        unit: (usize, usize),
        threads: Option<usize>,
    ) -> PyResult<Option<String>> {
        let (set, number) = unit;
        detached_on(py, threads, || {
            match compare::run_unit(&self.input.sets, &self.settings, set, number) {
                Err(_) => Ok(None),
                Ok(outcome) => serde_json::to_string(&outcome).map(Some).map_err(error),
            }
        })
    }

    /// The report of these folds and all others: a dict of `json` (as results.json holds it), `warnings`, and `n_short`
    /// (final fits that stopped before their tolerance).
    fn report<'py>(
        &self,
        py: Python<'py>,
        finished: Vec<String>,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let finished: Vec<UnitOutcome> = parse(&finished)?;
        let results = detached_on(py, threads, || {
            let results = compare::resume(&self.input.sets, &self.settings, finished, &|_| {});
            let mut results = self.input.with_left_out(results.map_err(error)?);
            results.provenance = Some(self.input.provenance(self.settings.seed, None));
            Ok(results)
        })?;
        let dict = PyDict::new(py);
        dict.set_item("json", results_json(&results).map_err(error)?)?;
        let skipped = results.skipped.iter();
        let left_out = skipped.map(|s| format!("{}: left out: {}", s.source, s.reason));
        dict.set_item("warnings", left_out.collect::<Vec<_>>())?;
        dict.set_item("n_short", results.n_short())?;
        Ok(dict)
    }
}
