//! Reasons of the loans that the designated method bought, on simulated loans.

use std::sync::LazyLock;

use fuzzysvm_datasets::FeatureValue;
use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_estimator::{LoanData, Method};
use fuzzysvm_experiments::lend::figures::LoanReason;
use fuzzysvm_experiments::lend::{self, LendRun, LendSettings, TrialOutcome};

static LOANS: LazyLock<LoanData> = LazyLock::new(|| {
    let mut file = Vec::new();
    let simulated = SimulatedBook {
        n_loans: 4000,
        seed: 5,
    };
    simulated.write_to(&mut file).unwrap();
    let book = LoanBook::from_reader(file.as_slice(), ReadOptions::default()).unwrap();
    LoanData::new(book, &Selection::default())
});

fn settings(methods: &[&str]) -> LendSettings {
    let mut s = LendSettings::default();
    s.trials = 2;
    s.train = 240;
    s.test = 250;
    let named = |name: &&str| Method::named(name).unwrap();
    s.methods = methods.iter().map(named).collect();
    s.tuning.c = vec![1.0];
    s.tuning.gamma = vec![0.02];
    s
}

fn run(settings: &LendSettings) -> LendRun {
    lend::run(&LOANS, settings, "simulated", &|_| {}).unwrap()
}

static RUN: LazyLock<LendRun> = LazyLock::new(|| run(&settings(&["class-cost", "iefsvm"])));

#[test]
fn every_purchase_of_the_designated_method_has_its_reasons_and_no_other() {
    for trial in 0..2 {
        let of_trial = |method: &'static str| {
            let all = RUN.purchases.iter();
            all.filter(move |p| p.trial == trial && p.method == method)
        };
        assert!(of_trial("iefsvm").count() > 3);
        assert!(of_trial("iefsvm").all(|p| p.reasons.len() == 4));
        let others = ["class-cost", "benchmark-1"].map(of_trial);
        assert!(others.into_iter().flatten().all(|p| p.reasons.is_empty()));
    }
    let reasons: Vec<&LoanReason> = RUN.purchases.iter().flat_map(|p| &p.reasons).collect();
    for reason in &reasons {
        let towards = if reason.contribution > 0.0 {
            "default"
        } else {
            "paid"
        };
        assert!(reason.words.starts_with(&format!("{} ", reason.feature)));
        assert!(reason.words.ends_with(&format!("): towards {towards}")));
        assert!(RUN.results.features.used.contains(&reason.feature));
    }
    for purchase in &RUN.purchases {
        let sizes = purchase.reasons.iter().map(|r| r.contribution.abs());
        assert!(sizes.is_sorted_by(|a, b| a >= b));
    }
    assert!(reasons.iter().any(|r| r.contribution > 0.0));
    assert!(reasons.iter().any(|r| r.contribution < 0.0));
}

/// The value in a reason is the loan's own, before it was encoded.
#[test]
fn reasons_speak_of_the_loan() {
    let book = LOANS.book();
    let mut met = 0;
    for purchase in &RUN.purchases {
        let row = (0..book.len()).find(|&row| name(book, row) == purchase.loan);
        for reason in &purchase.reasons {
            let value = match reason.feature.as_str() {
                "int_rate" => FeatureValue::Share(book.loan(row.unwrap()).int_rate()),
                feature @ ("loan_amnt" | "dti" | "annual_inc" | "revol_bal" | "total_acc") => {
                    FeatureValue::Number(book.numbers(feature, &[row.unwrap()]).unwrap()[0])
                }
                _ => continue,
            };
            let words = format!("{} {value} (typical ", reason.feature);
            assert!(reason.words.starts_with(&words), "{reason:?} {words}");
            met += 1;
        }
    }
    assert!(met > 20);
}

fn name(book: &LoanBook, row: usize) -> String {
    let loan = book.loan(row);
    let line = || format!("line {}", loan.source().1);
    loan.id().map_or_else(line, |id| id.to_string())
}

#[test]
fn the_first_trial_says_what_they_compare_with_and_how_faithful_they_are() {
    let reasons = RUN.results.figures.reasons.as_ref().unwrap();
    assert_eq!((reasons.method.as_str(), reasons.trial), ("iefsvm", 0));
    let features: Vec<&str> = reasons
        .reference
        .iter()
        .map(|f| f.feature.as_str())
        .collect();
    assert!(features.contains(&"int_rate") && features.contains(&"purpose"));
    let fidelity = reasons.fidelity.as_ref().unwrap();
    let bought = RUN.results.figures.bought.as_ref().unwrap();
    assert_eq!(fidelity.n, bought.n);
    let [low, _] = fidelity.interval.unwrap();
    assert!(low > 0.0 && fidelity.by_reasons[0] > fidelity.random[0]);
    assert_eq!(fidelity.by_reasons.len(), fidelity.random.len());
    for shares in [&fidelity.by_reasons, &fidelity.random] {
        assert!(shares.is_sorted() && (shares.last().unwrap() - 1.0).abs() < 1e-4);
    }
    let rank = |loan: &str| {
        RUN.purchases
            .iter()
            .find(|p| p.trial == 0 && p.method == "iefsvm" && p.loan == loan)
    };
    for loan in &bought.loans {
        assert_eq!(loan.reasons, rank(&loan.loan).unwrap().reasons);
        let ks: Vec<usize> = loan.neighbors.iter().map(|n| n.k).collect();
        assert_eq!(ks, [1, 3, 5, 7, 9, 11, 13, 15]);
        assert!(
            loan.neighbors
                .iter()
                .all(|n| n.negative + n.positive == n.k)
        );
    }
}

/// Parts of versions that had no reasons are read, and a resumed run is that of one go.
#[test]
fn parts_without_reasons_are_read() {
    let settings = settings(&["class-cost", "iefsvm"]);
    let none = |_, _| {};
    let trials: Vec<TrialOutcome> = (0..2)
        .map(|trial| lend::run_trial(&LOANS, &settings, trial, &none).unwrap())
        .collect();
    let text = serde_json::to_string(&trials).unwrap();
    let read: Vec<TrialOutcome> = serde_json::from_str(&text).unwrap();
    let resumed = lend::resume(&LOANS, &settings, "simulated", read, &|_| {}).unwrap();
    assert_eq!(resumed.purchases, RUN.purchases);
    assert_eq!(resumed.results.figures, RUN.results.figures);

    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    for trial in old.as_array_mut().unwrap() {
        for purchase in trial["purchases"].as_array_mut().unwrap() {
            purchase.as_object_mut().unwrap().remove("reasons");
        }
        let Some(first) = trial["figures"]["first"].as_object_mut() else {
            continue;
        };
        assert!(first.remove("reasons").is_some());
        for loan in first["bought"]["loans"].as_array_mut().unwrap() {
            let loan = loan.as_object_mut().unwrap();
            assert!(loan.remove("reasons").is_some() && loan.remove("neighbors").is_some());
        }
    }
    let read: Vec<TrialOutcome> = serde_json::from_value(old).unwrap();
    let resumed = lend::resume(&LOANS, &settings, "simulated", read, &|_| {}).unwrap();
    assert!(resumed.purchases.iter().all(|p| p.reasons.is_empty()));
    assert!(resumed.results.figures.reasons.is_none());
}

/// Without IEFSVM it is the first method, be it no SVM.
#[test]
fn trees_have_reasons_too() {
    let found = run(&settings(&["cs-rf"]));
    let reasons = found.results.figures.reasons.unwrap();
    assert_eq!(reasons.method, "cs-rf");
    assert!(
        found
            .purchases
            .iter()
            .any(|p| p.method == "cs-rf" && !p.reasons.is_empty())
    );
}
