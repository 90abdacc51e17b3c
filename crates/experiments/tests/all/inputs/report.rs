//! `results.json` of trials, of both experiments, and of walk-forward alone.

use std::sync::{LazyLock, Mutex};

use fuzzysvm_experiments::lend::{self, LendInput, LendOptions, LendResults, SCHEMA};
use fuzzysvm_experiments::walk_forward::{WalkForwardResults, WalkForwardSettings};
use fuzzysvm_experiments::{LendReport, results_json};
use serde_json::Value;

static OPTIONS: LazyLock<LendOptions> = LazyLock::new(|| {
    let mut options = LendOptions::default();
    for (name, text) in [
        ("simulated_loans", "7000"),
        ("trials", "2"),
        ("train", "150"),
        ("test", "100"),
        ("methods", "class-cost,highest-rate,random"),
        ("c", "1"),
        ("gamma", "0.02"),
        ("folds", "3"),
        ("seed", "4"),
        ("test_from", "2010-07"),
    ] {
        options.set(name, text).unwrap();
    }
    options
});
static INPUT: LazyLock<LendInput> = LazyLock::new(|| OPTIONS.read(&OPTIONS.settings()).unwrap());
static TRIALS: LazyLock<LendResults> = LazyLock::new(|| {
    let settings = OPTIONS.settings();
    let run = lend::run(&INPUT.data, &settings, &INPUT.source, &|_| {});
    run.unwrap().results
});
static FORWARD: LazyLock<WalkForwardResults> = LazyLock::new(|| walk(&|_| {}));

fn forward_settings() -> WalkForwardSettings {
    let mut settings = OPTIONS.walk_forward_settings(&OPTIONS.settings());
    settings.n_resamples = 20;
    settings
}

fn walk(on_quarter: &dyn Fn(&str)) -> WalkForwardResults {
    let quarters = OPTIONS.quarters(&INPUT).unwrap();
    INPUT
        .walk(&quarters[..2], &forward_settings(), on_quarter)
        .unwrap()
}

fn json(report: &LendReport) -> Value {
    let text = results_json(report).unwrap();
    assert!(text.ends_with("}\n"));
    serde_json::from_str(&text).unwrap()
}

fn alone() -> LendReport {
    let settings = OPTIONS.settings();
    LendReport::of_quarters(&INPUT, &settings, FORWARD.clone()).unwrap()
}

#[test]
fn quarters_begin_with_the_month_that_is_asked_for() {
    let mut any = OPTIONS.clone();
    any.test_from = None;
    let (all, from) = (
        any.quarters(&INPUT).unwrap(),
        OPTIONS.quarters(&INPUT).unwrap(),
    );
    assert!(from.len() >= 2 && from.len() < all.len(), "{all:?}");
    let names: Vec<String> = from.iter().map(ToString::to_string).collect();
    assert!(all.ends_with(&from));
    assert!(names[0].as_str() >= "2010Q3", "{names:?}");
    // The one before is left out by the month alone.
    let before = &all[all.len() - from.len() - 1];
    assert!(before.to_string().as_str() < "2010Q3");
    // They are decided on in their order.
    let seen = Mutex::new(Vec::new());
    walk(&|quarter| seen.lock().unwrap().push(quarter.to_owned()));
    assert_eq!(seen.into_inner().unwrap(), names[..2]);
    let found = FORWARD.quarters.iter().map(|q| q.quarter.clone());
    assert!(found.eq(names[..2].iter().cloned()));
}

#[test]
fn a_report_is_what_was_run() {
    let trials = LendReport::of_trials(TRIALS.clone(), None);
    let both = LendReport::of_trials(TRIALS.clone(), Some(FORWARD.clone()));
    let alone = alone();
    for (report, has_trials, walks) in [
        (&trials, true, false),
        (&both, true, true),
        (&alone, false, true),
    ] {
        assert_eq!(report.trials().is_some(), has_trials);
        assert_eq!(report.walk_forward().is_some(), walks);
        assert_eq!(report.source(), "simulated");
        assert_eq!(report.loans().read, 7000);
        assert_eq!(report.loans(), trials.loans());
        assert_eq!(report.features().used, trials.features().used);
        let json = json(report);
        assert_eq!(json["schema"], SCHEMA);
        assert_eq!(json["source"], "simulated");
        assert_eq!(json["loans"]["kept"], report.loans().kept);
        assert_eq!(json["features"]["used"][0], report.features().used[0]);
        assert_eq!(json["methods"].is_array(), has_trials);
        assert_eq!(json["walk_forward"].is_object(), walks);
        assert!(json.get("provenance").is_none());
    }
    // What stands in both stands there as it does alone.
    let whole = json(&both);
    let of_trials = json(&trials);
    for (key, value) in of_trials.as_object().unwrap() {
        assert_eq!(&whole[key], value, "{key}");
    }
    assert_eq!(whole["walk_forward"], json(&alone)["walk_forward"]);
    let strategies = whole["walk_forward"]["strategies"].as_array().unwrap();
    let names: Vec<&Value> = strategies.iter().map(|s| &s["strategy"]).collect();
    assert_eq!(names, ["highest-rate", "random", "class-cost"]);
}

/// The final fits of trials whose solver stopped short.
#[test]
fn fits_that_fell_short_are_counted() {
    let mut trials = TRIALS.clone();
    let fits = trials.methods.iter_mut().flat_map(|m| &mut m.trials);
    for (i, fit) in fits.enumerate() {
        fit.converged = i > 0;
    }
    let report = LendReport::of_trials(trials, Some(FORWARD.clone()));
    assert_eq!(report.n_short(), 1);
    assert_eq!(alone().n_short(), 0);
}

#[test]
fn every_kind_of_report_says_where_it_comes_from() {
    let reports = [
        LendReport::of_trials(TRIALS.clone(), None),
        LendReport::of_trials(TRIALS.clone(), Some(FORWARD.clone())),
        alone(),
    ];
    for report in reports {
        let origin = INPUT.provenance(report.loans(), report.features(), 4, None);
        let before = json(&report);
        let mut after = json(&report.with_provenance(origin));
        let found = after.as_object_mut().unwrap().remove("provenance").unwrap();
        assert_eq!(after, before);
        assert_eq!(found["seed"], 4);
        assert_eq!(found["data"]["name"], "simulated");
        assert_eq!(
            found["data"]["sha256"],
            INPUT.files[0].sha256.clone().unwrap()
        );
        assert_eq!(found["data"]["rows"], 7000);
        assert_eq!(found["features"], before["features"]["used"]);
        assert!(found.get("command").is_none());
    }
}

/// A number that JSON does not have is none.
#[test]
fn figures_are_written_as_json_has_them() {
    assert_eq!(results_json(&[0.5, 1.0]).unwrap(), "[\n  0.5,\n  1.0\n]\n");
    assert_eq!(results_json(&f64::NAN).unwrap(), "null\n");
}
