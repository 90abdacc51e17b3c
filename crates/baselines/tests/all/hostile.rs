//! Data and parameters that no one should send: typed errors or a finite model, never a panic.

use crate::common::{Data, overlapping};
use fuzzysvm_baselines::{
    BaselineError, BaselineKind, ClassWeight, CsAdaBoost, CsRandomForest, CsXgBoost, EasyEnsemble,
    MaxFeatures, RusBoost, TreeOptions, WElm,
};
use fuzzysvm_core::{Classifier, Label, Learner, Matrix, PredictError, SamplesError, WeightError};

#[test]
fn one_class_is_named() {
    let data = Data::new(vec![1.0, 2.0], 1, &[false, false]);
    for kind in BaselineKind::all() {
        let e = kind.fit(data.samples(), None).unwrap_err();
        let expected = SamplesError::OneClass {
            present: Label::Negative,
            n: 2,
        };
        assert_eq!(e, BaselineError::Samples(expected), "{kind}");
    }
}

#[test]
fn weights_are_checked_and_located() {
    let data = overlapping(8, 2, 1);
    for kind in BaselineKind::all() {
        let fit = |w: &[f64]| kind.fit(data.samples(), Some(w)).unwrap_err();
        let short = WeightError::LengthMismatch {
            n_rows: 8,
            n_weights: 2,
        };
        assert_eq!(fit(&[1.0; 2]), BaselineError::Weight(short));
        for bad in [f64::NAN, -1.0, f64::INFINITY] {
            let mut w = [1.0; 8];
            w[5] = bad;
            assert!(
                matches!(
                    fit(&w),
                    BaselineError::Weight(WeightError::Invalid { row: 5, .. })
                ),
                "{kind}"
            );
        }
        // Rows 0 and 4 are positive. Nothing beside 1e300 is nothing.
        for nothing in [0.0, 1e-320] {
            let mut w = [1e300; 8];
            (w[0], w[4]) = (nothing, nothing);
            let missing = WeightError::MissingClass {
                class: Label::Positive,
            };
            assert_eq!(fit(&w), BaselineError::Weight(missing), "{kind}");
        }
    }
}

#[test]
fn difficult_samples_give_finite_scores() {
    let alternating = |n: usize| -> Vec<bool> { (0..n).map(|i| i % 2 == 0).collect() };
    let cases = [
        ("two rows", Data::new(vec![0.0, 1.0], 1, &[false, true])),
        (
            "one positive",
            Data::new(
                (0..9).map(f64::from).collect(),
                1,
                &[false, false, false, false, false, false, false, false, true],
            ),
        ),
        (
            "one negative",
            Data::new(
                (0..5).map(f64::from).collect(),
                1,
                &[true, true, false, true, true],
            ),
        ),
        (
            "constant columns",
            Data::new(vec![3.0; 24], 2, &alternating(12)),
        ),
        (
            "one constant column",
            Data::new(
                (0..24)
                    .map(|i| if i % 2 == 0 { 1.0 } else { f64::from(i) })
                    .collect(),
                2,
                &alternating(12),
            ),
        ),
        (
            "duplicates of both classes",
            Data::new([1.0, 2.0].repeat(10), 2, &alternating(10)),
        ),
        (
            "the largest doubles",
            Data::new(
                (0..20)
                    .map(|i| match i % 3 {
                        0 => f64::MAX,
                        1 => -f64::MAX,
                        _ => 1e308,
                    })
                    .collect(),
                2,
                &alternating(10),
            ),
        ),
        (
            "the smallest doubles",
            Data::new(
                (0..20).map(|i| f64::from(i) * f64::from_bits(1)).collect(),
                1,
                &alternating(20),
            ),
        ),
        (
            "more columns than rows",
            Data::new(
                (0..300).map(|i| f64::from(i * 37 % 101)).collect(),
                100,
                &[true, false, false],
            ),
        ),
    ];
    let probe = |d: usize| -> Vec<f64> {
        [0.0, -0.0, f64::MAX, -f64::MAX, 1e-320, 1.5]
            .iter()
            .flat_map(|&v| vec![v; d])
            .collect()
    };
    for (name, data) in &cases {
        let n = data.y.len();
        let weights: Vec<f64> = (0..n)
            .map(|i| 10f64.powi((i as i32 % 5) * 6 - 12))
            .collect();
        for kind in BaselineKind::all() {
            for w in [None, Some(weights.as_slice())] {
                let model = kind
                    .fit(data.samples(), w)
                    .unwrap_or_else(|e| panic!("{kind} on {name}: {e}"));
                let d = data.x.n_cols();
                let probe = probe(d);
                for x in [data.view(), Matrix::new(&probe, d).unwrap()] {
                    let f = model.decision_function(x).unwrap();
                    assert!(f.iter().all(|v| v.is_finite()), "{kind} on {name}: {f:?}");
                }
            }
        }
    }
}

#[test]
fn weights_of_every_size_do_not_overflow() {
    let data = overlapping(40, 2, 1);
    for scale in [1e-300, 1e-30, 1e29, 1e308] {
        let w: Vec<f64> = (0..40)
            .map(|i| scale * (1.0 + f64::from(i % 3) / 8.0))
            .collect();
        for kind in BaselineKind::all() {
            let model = kind.fit(data.samples(), Some(&w)).unwrap();
            let f = model.decision_function(data.view()).unwrap();
            assert!(f.iter().all(|v| v.is_finite()), "{kind} at {scale}");
        }
    }
}

#[test]
fn a_class_that_hardly_weighs_is_weighted_up() {
    let data = overlapping(40, 2, 1);
    for tiny in [1e-300, 1e-320] {
        let w: Vec<f64> = data
            .y
            .iter()
            .map(|y| if y.is_positive() { tiny } else { 1.0 })
            .collect();
        let a = CsXgBoost::default().fit(data.samples(), Some(&w)).unwrap();
        let f = a.decision_function(data.view()).unwrap();
        assert!(f.iter().all(|v| v.is_finite()));
        assert!(f.iter().any(|v| *v > 0.5));
    }
}

#[test]
fn the_model_wants_its_own_number_of_features() {
    let data = overlapping(20, 3, 1);
    for kind in BaselineKind::all() {
        let model = kind.fit(data.samples(), None).unwrap();
        let x = Matrix::new(&[1.0, 2.0], 2).unwrap();
        let expected = PredictError::FeatureCount {
            expected: 3,
            found: 2,
        };
        assert_eq!(model.decision_function(x), Err(expected.clone()), "{kind}");
        match model.predict_proba(x) {
            Ok(None) => {}
            other => assert_eq!(other, Err(expected), "{kind}"),
        }
        let none = Matrix::new(&[], 3).unwrap();
        assert_eq!(model.decision_function(none), Ok(vec![]), "{kind}");
    }
}

#[test]
fn parameters_are_checked_by_name() {
    let tree = |t: TreeOptions| CsAdaBoost {
        tree: t,
        ..CsAdaBoost::default()
    };
    let default = TreeOptions::default();
    let given = |negative, positive| CsRandomForest {
        class_weight: ClassWeight::Given { negative, positive },
        ..CsRandomForest::default()
    };
    let xgb = CsXgBoost::default;
    #[rustfmt::skip]
    let cases: Vec<(&str, BaselineKind)> = vec![
        ("n_estimators", CsAdaBoost { n_estimators: 0, ..CsAdaBoost::default() }.into()),
        ("n_estimators", CsRandomForest { n_estimators: usize::MAX, ..CsRandomForest::default() }.into()),
        ("n_subsets", EasyEnsemble { n_subsets: 0, ..EasyEnsemble::default() }.into()),
        ("n_estimators", EasyEnsemble { n_estimators: 0, ..EasyEnsemble::default() }.into()),
        ("n_estimators", RusBoost { n_estimators: 0, ..RusBoost::default() }.into()),
        ("ratio", RusBoost { ratio: 0.0, ..RusBoost::default() }.into()),
        ("ratio", RusBoost { ratio: 1.5, ..RusBoost::default() }.into()),
        ("ratio", RusBoost { ratio: f64::NAN, ..RusBoost::default() }.into()),
        ("max_depth", tree(TreeOptions { max_depth: Some(0), ..default }).into()),
        ("min_samples_leaf", tree(TreeOptions { min_samples_leaf: 0, ..default }).into()),
        ("max_features", tree(TreeOptions { max_features: MaxFeatures::Number(0), ..default }).into()),
        ("class_weight", given(f64::NAN, 1.0).into()),
        ("class_weight", given(1.0, 0.0).into()),
        ("class_weight", CsAdaBoost { class_weight: ClassWeight::Power(f64::NAN), ..CsAdaBoost::default() }.into()),
        ("class_weight", given(1e-200, 1e200).into()),
        ("n_hidden", WElm { n_hidden: 0, ..WElm::default() }.into()),
        ("n_hidden", WElm { n_hidden: 1_000_000, ..WElm::default() }.into()),
        ("c", WElm { c: 0.0, ..WElm::default() }.into()),
        ("c", WElm { c: f64::INFINITY, ..WElm::default() }.into()),
        ("c", WElm { c: f64::NAN, ..WElm::default() }.into()),
        ("n_estimators", CsXgBoost { n_estimators: 0, ..xgb() }.into()),
        ("max_depth", CsXgBoost { max_depth: 0, ..xgb() }.into()),
        ("n_bins", CsXgBoost { n_bins: 70_000, ..xgb() }.into()),
        ("learning_rate", CsXgBoost { learning_rate: f64::NAN, ..xgb() }.into()),
        ("subsample", CsXgBoost { subsample: 0.0, ..xgb() }.into()),
        ("reg_lambda", CsXgBoost { reg_lambda: -1.0, ..xgb() }.into()),
        ("gamma", CsXgBoost { gamma: f64::INFINITY, ..xgb() }.into()),
        ("min_child_weight", CsXgBoost { min_child_weight: f64::NAN, ..xgb() }.into()),
        ("scale_pos_weight", CsXgBoost { scale_pos_weight: Some(0.0), ..xgb() }.into()),
    ];
    let data = overlapping(20, 3, 1);
    for (name, kind) in cases {
        let e = kind.validate().unwrap_err();
        assert_eq!(e.name, name, "{kind}: {e}");
        let fitted = kind.fit(data.samples(), None).unwrap_err();
        match fitted {
            BaselineError::Param(p) => assert_eq!(p.name, name),
            other => panic!("{kind}: {other}"),
        }
    }
    for kind in BaselineKind::all() {
        assert_eq!(kind.validate(), Ok(()));
    }
    let e = "adaboost".parse::<BaselineKind>().unwrap_err().to_string();
    assert!(e.contains("adaboost") && e.contains("cs-xgboost"), "{e}");
}

#[test]
fn extremes_of_gradient_boosting_stay_finite_or_are_refused() {
    let data = overlapping(40, 2, 1);
    for (reg_lambda, min_child_weight) in [(0.0, 0.0), (1e30, 0.0), (0.0, 1e30)] {
        let learner = CsXgBoost {
            reg_lambda,
            min_child_weight,
            learning_rate: 1.0,
            n_estimators: 300,
            max_depth: 20,
            ..CsXgBoost::default()
        };
        match learner.fit(data.samples(), None) {
            Ok(model) => {
                let f = model.decision_function(data.view()).unwrap();
                assert!(f.iter().all(|v| v.is_finite()));
            }
            Err(e) => assert_eq!(e, BaselineError::ModelNotFinite),
        }
    }
}
