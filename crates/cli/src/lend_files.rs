//! The files that `lend` writes.

use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use fuzzysvm::experiments::{LendReport, results_json};
use fuzzysvm::lend::{Forecast, LendRun, LoanScores, Purchase, RegressionRows};
use serde_json::{Value, json};

use crate::experiment::{self, PAGE, RESULTS};
use crate::failure::Failure;
use crate::run_folder::RunFolder;
use crate::ui::{General, shown};

/// Every loan bought in a trial.
pub const PORTFOLIO: &str = "portfolio.csv";
/// Every test loan of every trial.
pub const SCORES: &str = "scores.csv.gz";
/// Every loan bought in a quarter.
pub const WALK_FORWARD: &str = "walk-forward.csv";

/// The model that is kept for loans on offer.
pub const MODEL: &str = "model.json";

/// A file of a run.
pub struct Written {
    /// Its key in the line of JSON.
    pub key: &'static str,
    /// What it holds.
    pub what: &'static str,
    pub path: PathBuf,
}

/// The files of a report, the page last, where there is one.
pub fn files(report: &LendReport, folder: &RunFolder, has_page: bool) -> Vec<Written> {
    let file = |key, name, what| Written {
        key,
        what,
        path: folder.file(name),
    };
    let mut files = vec![file("results", RESULTS, "every figure")];
    if let Some(trials) = report.trials() {
        let what = match (trials.settings.forecast, trials.settings.regression) {
            (Forecast::Expected, _) => "every loan bought in a trial, with its expected return",
            (_, RegressionRows::Paid) => "every loan bought in a trial, with its forecast if paid",
            _ => "every loan bought in a trial",
        };
        files.push(file("portfolio", PORTFOLIO, what));
    }
    if report.trials().is_some_and(|t| t.settings.keep_scores) {
        files.push(file("scores", SCORES, "every test loan of every trial"));
    }
    if report.walk_forward().is_some() {
        files.push(file(
            "purchases",
            WALK_FORWARD,
            "every loan bought in a quarter",
        ));
    }
    if has_page {
        files.push(file("report", PAGE, "tables and figures to read"));
    }
    files
}

/// Writes the loans bought in trials.
pub fn write_portfolio(folder: &RunFolder, run: &LendRun) -> Result<(), Failure> {
    folder.write(PORTFOLIO, |out| {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record([
            "source", "trial", "method", "loan", "issued", "score", "forecast", "amount",
            "realised", "reason_1", "reason_2", "reason_3", "reason_4",
        ])?;
        for p in &run.purchases {
            csv.write_record([
                run.results.source.as_str(),
                &p.trial.to_string(),
                &p.method,
                &p.loan,
                &p.issued,
                &p.score.map_or(String::new(), |score| score.to_string()),
                &p.forecast.to_string(),
                &p.amount.to_string(),
                &p.realised.to_string(),
                reason(p, 0),
                reason(p, 1),
                reason(p, 2),
                reason(p, 3),
            ])?;
        }
        Ok(csv.flush()?)
    })
}

/// Reason number `place` of a purchase from 0, empty where it has none.
fn reason(purchase: &Purchase, place: usize) -> &str {
    let reason = purchase.reasons.get(place);
    reason.map_or("", |reason| reason.words.as_str())
}

/// Writes the test loans of all trials, one line per trial and loan with a column for the score of every method.
pub fn write_scores(folder: &RunFolder, source: &str, scores: &LoanScores) -> Result<(), Failure> {
    folder.write(SCORES, |out| {
        let mut gzip = GzEncoder::new(out, Compression::default());
        let mut csv = csv::Writer::from_writer(&mut gzip);
        let columns = [
            "source",
            "trial",
            "loan",
            "issued",
            "sub_grade",
            "term",
            "int_rate",
            "funded_amnt",
            "charged_off",
            "realised",
            "forecast",
        ];
        let methods = scores.methods.iter().map(String::as_str);
        let has_own = scores
            .loans
            .first()
            .is_some_and(|l| !l.method_forecasts.is_empty());
        let own: Vec<String> = match has_own {
            true => scores
                .methods
                .iter()
                .map(|m| LoanScores::forecast_column(m))
                .collect(),
            false => Vec::new(),
        };
        let own = own.iter().map(String::as_str);
        csv.write_record(columns.into_iter().chain(methods).chain(own))?;
        for loan in &scores.loans {
            let known = [
                source.to_owned(),
                loan.trial.to_string(),
                loan.loan.clone(),
                loan.issued.clone(),
                loan.sub_grade
                    .map_or(String::new(), |grade| grade.to_string()),
                loan.term.to_string(),
                loan.rate.to_string(),
                loan.funded.to_string(),
                u8::from(loan.charged_off).to_string(),
                loan.realised.to_string(),
                loan.forecast.to_string(),
            ];
            let scores = loan.scores.iter().chain(&loan.method_forecasts);
            let scores = scores.map(f64::to_string);
            csv.write_record(known.into_iter().chain(scores))?;
        }
        csv.flush()?;
        drop(csv);
        gzip.finish()?;
        Ok(())
    })
}

/// Writes the report, after the loans bought in quarters: `results.json` stands for a finished run. Whether there is a page.
pub fn write(folder: &RunFolder, report: &LendReport, general: &General) -> Result<bool, Failure> {
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
    experiment::write_results(folder, &results_json(report)?, general)
}

/// What stands in `results.json` for drawings alone.
const DRAWN: [&str; 8] = [
    "figures",
    "bought",
    "reasons",
    "vintages",
    "segments",
    "entropy_map",
    "k_selection",
    "psi",
];

/// `results.json` without its trials and drawings, with where the files are.
pub fn json_line(report: &LendReport, files: &[Written], seconds: f64) -> Result<Value, Failure> {
    let mut line = serde_json::to_value(report)?;
    for (part, field) in [
        ("methods", "trials"),
        ("benchmarks", "trials"),
        ("portfolios", "cash"),
    ] {
        let entries = line.get_mut(part).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            if let Some(fields) = entry.as_object_mut() {
                fields.remove(field);
            }
        }
    }
    if let Some(fields) = line.as_object_mut() {
        for part in DRAWN {
            fields.remove(part);
        }
        for file in files {
            fields.insert(file.key.to_owned(), json!(shown(&file.path)));
        }
        fields.insert("seconds".to_owned(), json!(seconds));
    }
    Ok(line)
}
