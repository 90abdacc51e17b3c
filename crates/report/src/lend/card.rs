//! Where the numbers come from.

use maud::{Markup, html};

use super::is_simulated;
use crate::number::{count, counted, money, percent, setting, share};
use crate::page::{self, Cell, Row, Table};
use crate::results::{LendResults, LendSettings};

/// The version that wrote the results, else this one's.
pub(super) fn version(results: &LendResults) -> &str {
    let written = results.provenance.as_ref().map(|p| p.version.as_str());
    written.unwrap_or(env!("CARGO_PKG_VERSION"))
}

pub(super) fn body(results: &LendResults, missing: &[&str]) -> Markup {
    let of_data = page::card(&[
        ("Data", data(results)),
        ("Checksum (SHA-256)", checksum(results)),
        ("Target", "charged off or in default is positive".to_owned()),
        ("Features", results.features.used.join(", ")),
        ("Features left out", left_out(results)),
        (
            "Redundant in the regression",
            results.features.redundant.join(", "),
        ),
        (
            "Never features",
            results.features.not_known_at_listing.join(", "),
        ),
    ]);
    let of_run = page::card(&[
        ("Trials", trials(results)),
        ("Walk-forward", forward(results)),
        ("Grids", grids(results)),
        ("Seed", seed(results)),
        ("Run", run(results)),
        (
            "Limits",
            "One platform and its years; equal amounts; every loan could be bought; no fee of the platform, no taxes, no market for \
             open loans. Returns of the trials are of loans that had ended."
                .to_owned(),
        ),
        (
            "Meant for",
            "research on classifiers of default and on portfolios of loans; not for decisions on who is given credit, and not as \
             advice to invest"
                .to_owned(),
        ),
        ("Figures left out", left_out_figures(results, missing)),
    ]);
    html! {
        div.cards {
            (of_data)
            (of_run)
        }
        @if !results.loans.dropped.is_empty() { (dropped(results).render()) }
    }
}

fn data(results: &LendResults) -> String {
    let loans = &results.loans;
    let name = match is_simulated(results) {
        true => "a simulated loan book",
        false => results.source.as_str(),
    };
    let of_provenance = results
        .provenance
        .as_ref()
        .and_then(|p| p.data.snapshot.as_ref());
    let snapshot = of_provenance.or(loans.snapshot.as_ref());
    let snapshot = snapshot.map_or_else(String::new, |month| format!(", as of {month}"));
    let charged_off = loans.charged_off as f64 / loans.kept.max(1) as f64;
    format!(
        "{name}{snapshot}: {} read, {} kept, {} of these charged off ({}), mean return {}",
        counted(loans.read, "loan", "loans"),
        count(loans.kept),
        count(loans.charged_off),
        percent(charged_off, 1),
        percent(loans.market_return, 2)
    )
}

fn checksum(results: &LendResults) -> String {
    let sha256 = results
        .provenance
        .as_ref()
        .and_then(|p| p.data.sha256.clone());
    sha256.unwrap_or_default()
}

fn left_out(results: &LendResults) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for feature in &results.features.left_out {
        match reasons
            .iter_mut()
            .find(|(reason, _)| *reason == feature.reason)
        {
            Some((_, names)) => names.push(&feature.name),
            None => reasons.push((&feature.reason, vec![&feature.name])),
        }
    }
    let texts = reasons
        .iter()
        .map(|(reason, names)| format!("{reason}: {}", names.join(", ")));
    texts.collect::<Vec<_>>().join("; ")
}

fn trials(results: &LendResults) -> String {
    let (Some(s), Some(split)) = (&results.settings, &results.split) else {
        return String::new();
    };
    let month = split.test_from.as_ref().map_or_else(String::new, |month| {
        format!(", test loans issued from {month} on")
    });
    format!(
        "{} with {} training and {} test loans, {} split of {}{month}; the top {} bought by {}, {} invested per trial; {}; return {}",
        counted(s.trials, "trial", "trials"),
        count(split.train),
        count(split.test),
        split.kind,
        count(split.test_pool),
        share(s.top_fraction),
        s.rank,
        money(s.budget),
        forecaster(s),
        s.returns
    )
}

/// What forecasts returns.
fn forecaster(s: &LendSettings) -> String {
    let of = match s.forecast.as_deref() {
        Some("expected") => {
            return "expected returns by calibrated probabilities, a regression on paid loans and the mean of charged-off ones"
                .to_owned();
        }
        Some("ridge") => "ridge regression",
        Some("instances") => "means of loans alike among",
        _ => "regression",
    };
    match of.ends_with("among") {
        true => format!("{of} {} training loans", s.regression),
        false => format!("{of} on {} loans", s.regression),
    }
}

fn forward(results: &LendResults) -> String {
    let Some(forward) = &results.walk_forward else {
        return String::new();
    };
    let s = &forward.settings;
    format!(
        "{}; the top {} of each bought; hurdle {}; methods learn from at most {} loans, SVMs on stakes from {}; {} resamples",
        counted(forward.quarters.len(), "quarter", "quarters"),
        share(s.top_fraction),
        s.hurdle,
        count(s.max_method_loans),
        count(s.max_svm_loans),
        count(s.n_resamples)
    )
}

fn grids(results: &LendResults) -> String {
    let Some(s) = &results.settings else {
        return String::new();
    };
    let list = |values: &[f64]| {
        values
            .iter()
            .map(|v| setting(*v))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let ks: Vec<String> = s.ks.iter().map(usize::to_string).collect();
    format!(
        "C {}; γ {}; k {} (EFSVM); {} folds inside the training loans, balanced accuracy",
        list(&s.c),
        list(&s.gamma),
        ks.join(", "),
        s.folds
    )
}

fn seed(results: &LendResults) -> String {
    let of_trials = results.settings.as_ref().map(|s| s.seed);
    let of_quarters = results.walk_forward.as_ref().map(|f| f.settings.seed);
    of_trials
        .or(of_quarters)
        .map_or_else(String::new, |seed| seed.to_string())
}

fn run(results: &LendResults) -> String {
    let Some(p) = &results.provenance else {
        return String::new();
    };
    let parts = [
        p.command.clone(),
        p.started.as_ref().map(|at| format!("started {at}")),
        p.seconds
            .map(|s| format!("{} s", crate::number::decimal(s, 1))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("; ")
}

/// Which figures there is no data for, and why.
fn left_out_figures(results: &LendResults, missing: &[&str]) -> String {
    match (missing, results.schema) {
        ([], _) => String::new(),
        (names, ..=1) => format!(
            "{}: these results are of schema 1; fuzzysvm {} and later write what they need",
            names.join(", "),
            env!("CARGO_PKG_VERSION")
        ),
        (names, _) => format!("{}: the results have no data for them", names.join(", ")),
    }
}

fn dropped(results: &LendResults) -> Table {
    let rows = results.loans.dropped.iter();
    let rows = rows.map(|(reason, n)| Row::new(reason, vec![Cell::new(count(*n))]));
    Table::new(
        "Loans left out, by reason",
        &["Reason", "Loans"],
        rows.collect(),
    )
}
