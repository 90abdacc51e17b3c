//! A search over samples as they are, with folds that are given.

use crate::common::{options, overlapping, rows};
use fuzzysvm_core::{Label, Samples};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::tuning::{Found, Search};
use fuzzysvm_estimator::{CrossValidation, EstimatorError, Method, SearchSpace};
use fuzzysvm_evaluation::{Fold, stratified_k_fold};

fn space(name: &str) -> SearchSpace {
    let method = Method::named(name).unwrap();
    method.search_space(&options(&[1, 3, 5])).unwrap()
}

fn search(name: &str) -> Search {
    Search::new(space(name))
        .with_c(vec![0.5, 2.0])
        .with_gamma(vec![0.01, 0.1])
}

fn names() -> ([String; 2], [String; 2]) {
    let texts = |of: [&str; 2]| of.map(str::to_owned);
    (texts(["a", "b"]), texts(["no", "yes"]))
}

fn run(search: &Search, weights: Option<&[f64]>, folds: &[Fold]) -> Result<Found, EstimatorError> {
    let (x, y) = rows(60, 4);
    let (features, classes) = names();
    search.run_samples(
        &features,
        &classes,
        Samples::new(x.view(), &y)?,
        weights,
        folds,
    )
}

fn folds() -> Vec<Fold> {
    stratified_k_fold(&rows(60, 4).1, 3, 2).unwrap()
}

#[test]
fn samples_are_searched_as_data_that_are_not_scaled() {
    let cv = CrossValidation {
        folds: 3,
        scale: ScalerKind::None,
        seed: 2,
    };
    for name in ["svm", "efsvm", "iefsvm", "w-elm"] {
        let search = search(name);
        let of_data = search.run(&overlapping(60, 4), &cv, &|_| {}, &|| {});
        assert_eq!(
            run(&search, None, &folds()).unwrap(),
            of_data.unwrap(),
            "{name}"
        );
    }
}

#[test]
fn a_weight_of_every_sample_is_a_factor_of_c() {
    let scores = |found: Found| -> Vec<_> {
        let tried = found.tried.into_iter();
        tried.map(|t| (t.gamma, t.score, t.fold_scores)).collect()
    };
    let twice = run(&search("efsvm"), Some(&[2.0; 60]), &folds()).unwrap();
    let plain = run(&search("efsvm").with_c(vec![1.0, 4.0]), None, &folds()).unwrap();
    assert_eq!(scores(twice), scores(plain));
}

#[test]
fn settings_of_several_memberships_are_searched_at_once() {
    let mut all = Vec::new();
    let names = ["svm", "efsvm", "iefsvm"];
    for name in names {
        if let SearchSpace::Memberships(candidates) = space(name) {
            all.extend(candidates);
        }
    }
    let mut together = search("svm");
    together.svm.solver.tol = 1e-8;
    together.space = SearchSpace::Memberships(all.clone());
    let found = run(&together, None, &folds()).unwrap();
    assert_eq!(found.tried.len(), 2 * 2 * (1 + 3 + 1));
    for tried in &found.tried {
        // The point alone, which starts from nothing.
        let mut alone = search("svm")
            .with_c(tried.c.into_iter().collect())
            .with_gamma(tried.gamma.into_iter().collect());
        alone.svm.solver.tol = 1e-8;
        alone.space = SearchSpace::Memberships(vec![all[tried.candidate].clone()]);
        let of_one = run(&alone, None, &folds()).unwrap();
        assert_eq!(of_one.tried[0].fold_scores, tried.fold_scores);
    }
}

#[test]
fn folds_that_cannot_be_used_are_errors() {
    let (_, y) = rows(60, 4);
    let says = |score: &str, train: Vec<usize>, test: Vec<usize>| {
        let mut search = search("svm");
        search.score = score.parse().unwrap();
        let error = run(&search, None, &[folds()[0].clone(), Fold { train, test }]);
        error.unwrap_err().to_string()
    };
    let negative: Vec<usize> = (0..60).filter(|&i| y[i] == Label::Negative).collect();
    let (some, rest) = negative.split_at(10);
    let mut train: Vec<usize> = (0..60).step_by(4).collect();
    train.extend(rest);
    let text = says("balanced-accuracy", train.clone(), some.to_vec());
    assert!(text.starts_with("fold 2: "), "{text}");
    let text = says("accuracy", rest.to_vec(), some.to_vec());
    assert!(text.starts_with("fold 2: "), "{text}");
    let text = says("accuracy", train.clone(), vec![60]);
    assert_eq!(
        text,
        "fold 2: found row 60 in a fold of 60 rows, expected a number below 60"
    );
    let text = says("accuracy", train.clone(), vec![0]);
    assert_eq!(
        text,
        "fold 2: found row 0 in both parts of a fold, expected it in one"
    );
    // Accuracy needs one class alone.
    let mut search = search("svm");
    search.score = "accuracy".parse().unwrap();
    let test = some.to_vec();
    assert!(run(&search, None, &[Fold { train, test }]).is_ok());
    let error = run(&search, Some(&[1.0; 3]), &folds());
    assert!(
        matches!(error, Err(EstimatorError::Fold { fold: 0, .. })),
        "{error:?}"
    );
}
