//! What the model file keeps, and files that hold no such model.

use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_estimator::{Data, Estimator, FittedEstimator};
use fuzzysvm_experiments::on_offer::{LoanModel, LoanModelOptions, OnOfferError};
use fuzzysvm_portfolio::ReturnKind;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{LOANS, MODEL, OFFER, SCORED, calibrated, fitted, model_of};

/// Under this name the part beside the estimator stands in the file.
const PART: &str = "loans-on-offer";

fn saved(fitted: &FittedEstimator) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("model.json");
    fitted.save(&path).unwrap();
    (folder, path)
}

fn no_forecast(error: &OnOfferError) -> &'static str {
    match error {
        OnOfferError::NoForecast { found } => found,
        OnOfferError::InFile { source, .. } => no_forecast(source),
        other => panic!("{other}"),
    }
}

#[test]
fn a_model_that_is_read_again_says_the_same() {
    let (_folder, path) = saved(&MODEL.to_fitted().unwrap());
    let again = LoanModel::load(&path).unwrap();
    let scored = again.score(&OFFER, false, &|_| {}).unwrap();
    assert_eq!(scored.expected, SCORED.expected);
    assert_eq!(scored.shifts, SCORED.shifts);
    let buy = |model: &LoanModel| model.buy(&OFFER, &SCORED, &Default::default()).unwrap();
    assert_eq!(buy(&again), buy(&MODEL));
    let explain = |model: &LoanModel| model.explain(&OFFER, &SCORED, &[0, 9]).unwrap();
    assert_eq!(explain(&again), explain(&MODEL));
    assert_eq!(again.trained_on(), MODEL.trained_on());
    assert_eq!(again.fidelity(), MODEL.fidelity());
    assert_eq!(again.returns(), MODEL.returns());
}

#[test]
fn models_without_forecasts_are_refused_and_the_file_is_named() {
    let plain = Estimator::named("class-cost").unwrap();
    let (_folder, path) = saved(&fitted(&plain, &LOANS));
    let error = LoanModel::load(&path).unwrap_err();
    assert_eq!(
        no_forecast(&error),
        "a model of loans without forecasts of returns"
    );
    let place = error.location().unwrap();
    assert_eq!((place.file, place.line), (path.display().to_string(), 0));

    let x = MatrixBuf::new((0..40).map(f64::from).collect(), 1).unwrap();
    let y = (0..40).map(|i| Label::from_sign(f64::from(i) - 29.5));
    let table = Data::from_matrix(x, y.collect()).unwrap();
    let table = plain.fit(&table, None).unwrap();
    let error = LoanModel::of_fitted(table.clone()).unwrap_err();
    assert_eq!(no_forecast(&error), "a model of a table");
    // Nor with the part of another one.
    let part = MODEL.to_fitted().unwrap().attached(PART).unwrap().clone();
    let error = LoanModel::of_fitted(table.with_attached(PART, part)).unwrap_err();
    assert_eq!(no_forecast(&error), "a model of a table");

    let uncertain = MODEL.to_fitted().unwrap().with_calibration(None);
    let error = LoanModel::of_fitted(uncertain).unwrap_err();
    assert_eq!(no_forecast(&error), "a model without probabilities");

    let none = path.with_file_name("none.json");
    let error = LoanModel::load(&none).unwrap_err();
    let OnOfferError::Estimator(_) = &error else {
        panic!("{error}")
    };
    assert_eq!(error.location().unwrap().file, none.display().to_string());
}

#[test]
fn a_fit_takes_the_loans_and_the_probabilities_of_the_estimator() {
    let options = LoanModelOptions::default();
    let plain = fitted(&Estimator::named("class-cost").unwrap(), &LOANS);
    let error = LoanModel::fit(plain, &LOANS, &options).unwrap_err();
    assert_eq!(no_forecast(&error), "a model without probabilities");
    let few = LOANS.subset(&(0..150).collect::<Vec<_>>()).unwrap();
    let of_all = fitted(&calibrated(), &LOANS);
    let error = LoanModel::fit(of_all.clone(), &few, &options).unwrap_err();
    assert!(
        matches!(&error, OnOfferError::Param(e) if e.name == "loans" && e.value == "150"),
        "{error}"
    );
    // A model that was read has no decisions out of folds any more.
    let (_folder, path) = saved(&of_all);
    let read = FittedEstimator::load(path).unwrap();
    let error = LoanModel::fit(read, &LOANS, &options).unwrap_err();
    assert_eq!(no_forecast(&error), "a model without probabilities");

    // Three charged-off loans do not fill five folds.
    let class = |class: Label, n: usize| {
        let all = LOANS.y().iter().enumerate();
        let of_class = all.filter(move |(_, y)| **y == class);
        of_class.map(|(i, _)| i).take(n)
    };
    let rare: Vec<usize> = class(Label::Positive, 3)
        .chain(class(Label::Negative, 60))
        .collect();
    let rare = LOANS.subset(&rare).unwrap();
    let error = LoanModel::fit(fitted(&calibrated(), &rare), &rare, &options).unwrap_err();
    assert!(matches!(error, OnOfferError::Evaluation(_)), "{error}");
}

#[test]
fn the_options_of_a_fit_are_kept() {
    let few = LOANS.subset(&(0..150).collect::<Vec<_>>()).unwrap();
    let options = LoanModelOptions::default()
        .with_returns(ReturnKind::Annualised)
        .with_source("a.csv")
        .with_seed(4);
    let model = LoanModel::fit(fitted(&calibrated(), &few), &few, &options).unwrap();
    assert_eq!(model.returns(), ReturnKind::Annualised);
    assert_eq!(model.trained_on().source, "a.csv");
    // Per year of three.
    let over_life = model_of(&few).trained_on().mean_return;
    let yearly = model.trained_on().mean_return;
    assert!(
        yearly < over_life && yearly > over_life / 3.5 - 0.1,
        "{yearly} {over_life}"
    );
}

/// One change each that no fit can have written.
#[test]
fn a_part_that_no_fit_wrote_is_refused() {
    let fitted = MODEL.to_fitted().unwrap();
    let whole = fitted.attached(PART).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut part = whole.clone();
        change(&mut part);
        assert_ne!(&part, whole);
        LoanModel::of_fitted(fitted.clone().with_attached(PART, part))
    };
    let drop_last = |list: &mut Value| {
        list.as_array_mut().unwrap().pop();
    };
    let reverse = |list: &mut Value| list.as_array_mut().unwrap().reverse();
    type Change<'a> = &'a dyn Fn(&mut Value);
    let cases: &[(Change<'_>, &str)] = &[
        (&|p| p["schema"] = json!(2), "schema 2 instead of 1"),
        (
            &|p| drop_last(&mut p["if_paid"]["coefficients"]),
            "its regression is not one of",
        ),
        (
            &|p| p["alike"] = json!([]),
            "its training loans are in no order",
        ),
        (
            &|p| reverse(&mut p["alike"]),
            "its training loans are in no order",
        ),
        (
            &|p| p["alike"][0]["sd"] = json!(-0.1),
            "its training loans are in no order",
        ),
        (
            &|p| reverse(&mut p["score"]["edges"]),
            "its bins make no sense",
        ),
        (
            &|p| drop_last(&mut p["score"]["counts"]),
            "its bins make no sense",
        ),
        (
            &|p| p["features"][0]["counts"][0] = json!(-1.0),
            "its bins make no sense",
        ),
        (
            &|p| p["explanations"]["y"][0] = json!(2),
            "its training loans have other features",
        ),
        (
            &|p| drop_last(&mut p["explanations"]["x"]),
            "its training loans have other features",
        ),
        (&|p| p["if_charged_off"] = Value::Null, "invalid type: null"),
        (&|p| p["more"] = json!(1), "unknown field `more`"),
        (&|p| *p = json!([]), "invalid"),
    ];
    for (change, words) in cases {
        match changed(change) {
            Err(OnOfferError::Damaged { what }) => assert!(what.contains(words), "{what}: {words}"),
            other => panic!("{words}: {:?}", other.err()),
        }
    }
}
