//! What a tuned method tells and does beside the fit on all samples.

use crate::common::{options, overlapping};
use fuzzysvm_core::{Classifier as _, Learner as _};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::tuning::{SvmGrid, TunedMethod, tune};
use fuzzysvm_estimator::{CrossValidation, Method};
use fuzzysvm_kernels::Rbf;
use fuzzysvm_qp::Smo;
use fuzzysvm_svm::Svc;

/// Tunes methods on all samples; the encoded samples come with them.
fn tuned(names: &[&str]) -> (fuzzysvm_estimator::EncodedFold, Vec<TunedMethod>) {
    let data = overlapping(120, 1);
    let cross_validation = CrossValidation {
        folds: 3,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let folds = cross_validation.encoded(&data, None).unwrap();
    let all = fuzzysvm_evaluation::Fold {
        train: (0..data.y().len()).collect(),
        test: vec![],
    };
    let whole = fuzzysvm_estimator::EncodedFold::new(&data, None, &all, ScalerKind::Standard);
    let whole = whole.unwrap();
    let methods: Vec<_> = names
        .iter()
        .map(|name| {
            let method = Method::named(name).unwrap();
            let space = method.search_space(&options(&[1, 3, 5])).unwrap();
            (method, space)
        })
        .collect();
    let grid = SvmGrid {
        c: vec![1.0, 10.0],
        gamma: vec![0.1, 1.0],
        solver: Smo::default(),
    };
    let names = whole.preprocessing.feature_names();
    let tuned = tune(&methods, &names, whole.train().unwrap(), &folds, &grid).unwrap();
    (whole, tuned)
}

#[test]
fn the_best_of_the_numbers_of_neighbors_is_the_one_chosen() {
    let (_, tuned) = tuned(&["efsvm", "class-cost", "cs-rf"]);
    let (scores, chosen) = (tuned[0].k_scores(), tuned[0].chosen());
    let ks: Vec<usize> = scores.iter().map(|s| s.0).collect();
    assert_eq!(ks, [1, 3, 5]);
    let best = scores.iter().map(|s| s.1).fold(f64::MIN, f64::max);
    assert_eq!(Some(best), chosen.cv_score);
    let of_chosen = scores.iter().find(|s| Some(s.0) == chosen.k).unwrap();
    assert_eq!(of_chosen.1, best);
    assert!(tuned[1].k_scores().is_empty() && tuned[2].k_scores().is_empty());
}

#[test]
fn a_fit_on_some_rows_has_their_weights_and_no_other_row() {
    let (whole, tuned) = tuned(&["iefsvm", "cs-rf"]);
    let train = whole.train().unwrap();
    let all: Vec<usize> = (0..train.n_samples()).collect();
    let x = train.x();
    for method in &tuned {
        let decisions = |fitted: fuzzysvm_estimator::tuning::FittedMethod| {
            fitted.classifier.decision_function(x).unwrap()
        };
        let on_all = decisions(method.fit(train).unwrap());
        assert_eq!(decisions(method.fit_rows(train, &all).unwrap()), on_all);
    }
    // By hand, with the SVM itself.
    let rows: Vec<usize> = all.iter().copied().filter(|i| i % 3 != 0).collect();
    let y: Vec<_> = rows.iter().map(|&i| train.y()[i]).collect();
    let part = x.select_rows(&rows);
    let weights: Vec<f64> = rows
        .iter()
        .map(|&i| tuned[0].weights().unwrap()[i])
        .collect();
    let chosen = tuned[0].chosen();
    let svc: Svc<Rbf> = Svc::rbf(chosen.c.unwrap(), chosen.gamma.unwrap());
    let samples = fuzzysvm_core::Samples::new(part.view(), &y).unwrap();
    let expected = svc.fit(samples, Some(&weights)).unwrap();
    let found = tuned[0].fit_rows(train, &rows).unwrap();
    assert_eq!(
        found.classifier.decision_function(x).unwrap(),
        expected.decision_function(x).unwrap()
    );
}

/// Standing alone an estimator computes scaling and weights anew, and comes to the same model. It counts the gradient again
/// at the end, so that the constant may be another one within the tolerance.
#[test]
fn a_tuned_method_is_an_estimator_that_fits_the_same_model() {
    let (whole, tuned) = tuned(&["efsvm", "class-cost", "cs-rf"]);
    let data = overlapping(120, 1);
    let train = whole.train().unwrap();
    for method in &tuned {
        let fitted = method.fit(train).unwrap();
        assert!(fitted.converged);
        let estimator = method.estimator(9).unwrap();
        let alone = estimator.fit(&data, None).unwrap();
        let alone = alone.decision_function(train.x()).unwrap();
        let decisions = fitted.classifier.decision_function(train.x()).unwrap();
        let shift = alone[0] - decisions[0];
        assert!(shift.abs() <= Smo::default().tol);
        for (a, b) in alone.iter().zip(&decisions) {
            assert!((a - b - shift).abs() < 1e-12, "{a} {b} {shift}");
        }
    }
}

#[test]
fn a_method_of_the_callers_own_is_no_estimator_and_a_fit_says_that_it_ended_early() {
    let (whole, _) = tuned(&["svm"]);
    let train = whole.train().unwrap();
    let own = Method::membership("own", "own", fuzzysvm_membership::Uniform::default());
    let space = own.search_space(&options(&[1])).unwrap();
    // More than double precision gives.
    let grid = SvmGrid {
        c: vec![10.0],
        gamma: vec![1.0],
        solver: Smo {
            tol: 1e-30,
            ..Smo::default()
        },
    };
    let names = whole.preprocessing.feature_names();
    let folds = CrossValidation {
        folds: 3,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let folds = folds.encoded(&overlapping(120, 1), None).unwrap();
    let tuned = tune(&[(own, space)], &names, train, &folds, &grid).unwrap();
    assert!(tuned[0].estimator(1).is_none());
    assert!(!tuned[0].fit(train).unwrap().converged);
}
