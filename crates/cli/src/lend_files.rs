//! The files that `lend` writes.

use std::path::PathBuf;

use fuzzysvm::experiments::{LendReport, results_json};
use fuzzysvm::lend::{LendRun, RegressionRows};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::run_folder::RunFolder;

/// Every figure.
pub const RESULTS: &str = "results.json";
/// Every loan bought in a trial.
pub const PORTFOLIO: &str = "portfolio.csv";
/// Every loan bought in a quarter.
pub const WALK_FORWARD: &str = "walk-forward.csv";

/// A file of a run.
pub struct Written {
    /// Its key in the line of JSON.
    pub key: &'static str,
    /// What it holds.
    pub what: &'static str,
    pub path: PathBuf,
}

/// The files of a report.
pub fn files(report: &LendReport, folder: &RunFolder) -> Vec<Written> {
    let file = |key, name, what| Written {
        key,
        what,
        path: folder.file(name),
    };
    let mut files = vec![file("results", RESULTS, "every figure")];
    if let Some(trials) = report.trials() {
        let what = match trials.settings.regression {
            RegressionRows::Paid => "every loan bought in a trial, with its forecast if paid",
            _ => "every loan bought in a trial",
        };
        files.push(file("portfolio", PORTFOLIO, what));
    }
    if report.walk_forward().is_some() {
        files.push(file(
            "purchases",
            WALK_FORWARD,
            "every loan bought in a quarter",
        ));
    }
    files
}

/// Writes the loans bought in trials.
pub fn write_portfolio(folder: &RunFolder, run: &LendRun) -> Result<(), Failure> {
    folder.write(PORTFOLIO, |out| {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record([
            "source", "trial", "method", "loan", "issued", "score", "forecast", "amount",
            "realised",
        ])?;
        for p in &run.purchases {
            csv.write_record([
                run.results.source.as_str(),
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
    })
}

/// Writes the report, after the loans bought in quarters: `results.json` stands for a finished run.
pub fn write(folder: &RunFolder, report: &LendReport) -> Result<(), Failure> {
    if let Some(results) = report.walk_forward() {
        folder.write(WALK_FORWARD, |out| {
            let mut csv = csv::Writer::from_writer(out);
            csv.write_record([
                "source",
                "quarter",
                "ranking",
                "loan",
                "score",
                "realised",
                "charged_off",
            ])?;
            for p in &results.purchases {
                csv.write_record([
                    report.source(),
                    &p.quarter,
                    &p.strategy,
                    &p.loan,
                    &p.score.to_string(),
                    &p.realised.to_string(),
                    &u8::from(p.defaulted).to_string(),
                ])?;
            }
            Ok(csv.flush()?)
        })?;
    }
    folder.write(RESULTS, |out| {
        Ok(out.write_all(results_json(report)?.as_bytes())?)
    })
}

/// `results.json` without its trials, with where the files are.
pub fn json_line(report: &LendReport, folder: &RunFolder, seconds: f64) -> Result<Value, Failure> {
    let mut line = serde_json::to_value(report)?;
    for part in ["methods", "benchmarks"] {
        let entries = line.get_mut(part).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            if let Some(fields) = entry.as_object_mut() {
                fields.remove("trials");
            }
        }
    }
    if let Some(fields) = line.as_object_mut() {
        for file in files(report, folder) {
            fields.insert(file.key.to_owned(), json!(file.path));
        }
        fields.insert("seconds".to_owned(), json!(seconds));
    }
    Ok(line)
}
