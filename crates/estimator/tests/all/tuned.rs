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
