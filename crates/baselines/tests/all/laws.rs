//! The laws of core on every baseline for which they hold.

use crate::common::{Data, overlapping};
use fuzzysvm_baselines::{
    BaselineKind, Bootstrap, ClassWeight, CsAdaBoost, CsRandomForest, CsXgBoost, MaxFeatures,
    TreeOptions, WElm,
};
use fuzzysvm_core::{Classifier, Learner, Samples, laws};
use proptest::prelude::*;

/// Every baseline, small.
fn all() -> Vec<BaselineKind> {
    let mut kinds = BaselineKind::all();
    for kind in &mut kinds {
        match kind {
            BaselineKind::CsAdaBoost(l) => l.n_estimators = 15,
            BaselineKind::CsRandomForest(l) => l.n_estimators = 10,
            BaselineKind::EasyEnsemble(l) => (l.n_subsets, l.n_estimators) = (3, 8),
            BaselineKind::RusBoost(l) => l.n_estimators = 15,
            BaselineKind::WElm(l) => (l.n_hidden, l.c) = (20, 64.0),
            BaselineKind::CsXgBoost(l) => l.n_estimators = 10,
            other => panic!("{other} is new"),
        }
    }
    kinds
}

/// Those whose random numbers do not depend on the number of rows, with the tolerance of their arithmetic.
fn deterministic() -> Vec<(BaselineKind, f64)> {
    let forest = CsRandomForest {
        n_estimators: 3,
        bootstrap: Bootstrap::Off,
        tree: TreeOptions {
            max_depth: Some(4),
            min_samples_leaf: 1,
            max_features: MaxFeatures::All,
        },
        ..CsRandomForest::default()
    };
    let boost = CsAdaBoost {
        n_estimators: 15,
        ..CsAdaBoost::default()
    };
    let elm = |n_hidden| WElm {
        n_hidden,
        c: 64.0,
        ..WElm::default()
    };
    let gradient = CsXgBoost {
        n_estimators: 10,
        max_depth: 4,
        ..CsXgBoost::default()
    };
    vec![
        (forest.into(), 1e-9),
        (boost.into(), 1e-9),
        (gradient.into(), 1e-9),
        (elm(10).into(), 1e-8),
        (elm(200).into(), 1e-8),
    ]
}

fn both(data: &Data, counts: &[usize]) -> bool {
    let of = |p: bool| {
        let pairs = data.y.iter().zip(counts);
        pairs
            .filter(|(y, _)| y.is_positive() == p)
            .any(|(_, &k)| k > 0)
    };
    of(true) && of(false)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn weights_are_repetitions(
        n in 12usize..60, seed in 0u64..1000, counts in prop::collection::vec(0usize..4, 60),
    ) {
        let data = overlapping(n, 3, seed);
        prop_assume!(both(&data, &counts[..n]));
        for (learner, tol) in deterministic() {
            laws::weight_is_repetition(&learner, data.samples(), &counts[..n], tol)
                .map_err(|e| TestCaseError::fail(format!("{learner}: {e}")))?;
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(
        n in 12usize..60, seed in 0u64..1000,
        weights in prop::collection::vec(1u8..9, 60),
        order in Just((0..60).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let data = overlapping(n, 3, seed);
        let weights: Vec<f64> = weights[..n].iter().map(|&w| f64::from(w) / 4.0).collect();
        let order: Vec<usize> = order.into_iter().filter(|&i| i < n).collect();
        for (learner, tol) in deterministic() {
            laws::order_does_not_matter(&learner, data.samples(), &weights, &order, tol)
                .map_err(|e| TestCaseError::fail(format!("{learner}: {e}")))?;
        }
    }

    #[test]
    fn a_weight_of_0_is_the_row_removed_bit_for_bit(
        n in 12usize..60, seed in 0u64..1000, weights in prop::collection::vec(0u8..4, 60),
    ) {
        let data = overlapping(n, 3, seed);
        let weights: Vec<f64> = weights[..n].iter().map(|&w| f64::from(w) / 4.0).collect();
        let kept: Vec<usize> = (0..n).filter(|&i| weights[i] > 0.0).collect();
        prop_assume!(both(&data, &weights.iter().map(|w| (w * 4.0) as usize).collect::<Vec<_>>()));
        let x = data.view().select_rows(&kept);
        let y: Vec<_> = kept.iter().map(|&i| data.y[i]).collect();
        let w: Vec<f64> = kept.iter().map(|&i| weights[i]).collect();
        let without = Samples::new(x.view(), &y).unwrap();
        for learner in all() {
            let a = learner.fit(data.samples(), Some(&weights)).unwrap();
            let b = learner.fit(without, Some(&w)).unwrap();
            prop_assert_eq!(a, b, "{}", learner);
        }
    }

    #[test]
    fn a_constant_weight_is_no_weight_bit_for_bit(
        n in 12usize..60, seed in 0u64..1000, t in 1e-9f64..1e9,
    ) {
        let data = overlapping(n, 3, seed);
        for learner in all() {
            laws::no_weight_is_weight_one(&learner, data.samples(), 0.0)
                .map_err(|e| TestCaseError::fail(format!("{learner}: {e}")))?;
            if learner.name() == "cs-xgboost" {
                continue;
            }
            let a = learner.fit(data.samples(), None).unwrap();
            let b = learner.fit(data.samples(), Some(&vec![t; n])).unwrap();
            prop_assert_eq!(a, b, "{}", learner);
        }
    }
}

/// Enough rows for threads to share them.
#[test]
fn thirty_rows_of_xgboost_are_one_of_weight_30() {
    let data = overlapping(300, 3, 9);
    let learner = CsXgBoost {
        n_estimators: 5,
        ..CsXgBoost::default()
    };
    laws::weight_is_repetition(&learner, data.samples(), &[30; 300], 1e-9).unwrap();
}

/// More trees leave the earlier ones alone, and each brings the loss down: a third of a Newton step cannot overshoot here.
#[test]
fn every_tree_of_xgboost_brings_the_loss_down() {
    let data = overlapping(300, 4, 7);
    let weights: Vec<f64> = (0..300).map(|i| f64::from(i % 3 + 1)).collect();
    let loss = |n_estimators, learning_rate| {
        let learner = CsXgBoost {
            n_estimators,
            learning_rate,
            max_depth: 3,
            scale_pos_weight: Some(2.5),
            ..CsXgBoost::default()
        };
        let model = learner.fit(data.samples(), Some(&weights)).unwrap();
        let f = model.decision_function(data.view()).unwrap();
        let rows = f.iter().zip(&data.y).zip(&weights);
        let terms = rows.map(|((f, y), w)| {
            let u = if y.is_positive() { 2.5 * w } else { *w };
            u * (-y.sign() * f).exp().ln_1p()
        });
        terms.sum::<f64>()
    };
    for learning_rate in [0.05, 0.3] {
        let losses: Vec<f64> = (1..30).map(|n| loss(n, learning_rate)).collect();
        assert!(losses.windows(2).all(|l| l[1] < l[0]), "{losses:?}");
    }
}

/// Sums are exact: the order of the rows changes no bit, with quantiles for bins and with values.
#[test]
fn the_order_of_the_rows_changes_no_bit_of_xgboost() {
    let data = overlapping(301, 5, 8);
    let weights: Vec<f64> = (0..301).map(|i| f64::from(i % 7 + 1) / 3.0).collect();
    let order: Vec<usize> = (0..301).map(|i| i * 76 % 301).collect();
    let x = data.view().select_rows(&order);
    let y: Vec<_> = order.iter().map(|&i| data.y[i]).collect();
    let w: Vec<f64> = order.iter().map(|&i| weights[i]).collect();
    for n_bins in [8, 256] {
        let learner = CsXgBoost {
            n_bins,
            scale_pos_weight: Some(3.3),
            ..CsXgBoost::default()
        };
        let a = learner.fit(data.samples(), Some(&weights)).unwrap();
        let b = learner.fit(Samples::new(x.view(), &y).unwrap(), Some(&w));
        assert!(a == b.unwrap(), "{n_bins} bins");
    }
}

#[test]
fn a_constant_weight_of_xgboost_is_the_inverse_in_its_parameters() {
    let data = overlapping(60, 3, 5);
    let learner = CsXgBoost {
        n_estimators: 10,
        gamma: 0.5,
        ..CsXgBoost::default()
    };
    let scaled = CsXgBoost {
        min_child_weight: learner.min_child_weight * 4.0,
        reg_lambda: learner.reg_lambda * 4.0,
        gamma: learner.gamma * 4.0,
        ..learner.clone()
    };
    // A power of 2: no rounding differs.
    let a = learner.fit(data.samples(), None).unwrap();
    let b = scaled.fit(data.samples(), Some(&[4.0; 60])).unwrap();
    assert_eq!(a, b);
}

/// Rows drawn by weight: a row that outweighs all others a million times is nearly all that a tree sees.
#[test]
fn a_forest_can_draw_by_weight() {
    let data = Data::new(
        (0..10).map(f64::from).collect(),
        1,
        &[
            false, false, false, false, false, false, false, false, true, true,
        ],
    );
    let learner = CsRandomForest {
        class_weight: ClassWeight::Equal,
        bootstrap: Bootstrap::Weighted,
        ..CsRandomForest::default()
    };
    let mut weights = [1e-6; 10];
    weights[9] = 1.0;
    let model = learner.fit(data.samples(), Some(&weights)).unwrap();
    let p = model.predict_proba(data.view()).unwrap();
    assert!(p.iter().all(|&p| p > 0.95), "{p:?}");
    // With equal weights both ways draw all rows alike, and half of the trees or so must tell 0 from 9.
    let model = learner.fit(data.samples(), None).unwrap();
    let p = model.predict_proba(data.view()).unwrap();
    assert!(p[0] < 0.2 && p[9] > 0.6, "{p:?}");
}

#[test]
fn rows_are_scored_alone() {
    let (data, probe) = (overlapping(80, 4, 1), overlapping(200, 4, 2));
    for learner in all() {
        let model = learner.fit(data.samples(), None).unwrap();
        laws::rows_are_scored_alone(&model, probe.samples())
            .unwrap_or_else(|e| panic!("{learner}: {e}"));
        assert_eq!(model.n_features(), 4);
    }
}

#[test]
fn probabilities_agree_with_decisions() {
    let (data, probe) = (overlapping(80, 4, 1), overlapping(200, 4, 2));
    for learner in all() {
        let model = learner.fit(data.samples(), None).unwrap();
        let decisions = model.decision_function(probe.view()).unwrap();
        let p = model.predict_proba(probe.view()).unwrap();
        let has = ["cs-rf", "easy-ensemble", "cs-xgboost"].contains(&learner.name());
        assert_eq!(p.is_some(), has, "{learner}");
        for (f, p) in decisions.iter().zip(p.into_iter().flatten()) {
            assert!((0.0..=1.0).contains(&p));
            match learner.name() {
                "cs-rf" => assert_eq!(*f, p - 0.5),
                "cs-xgboost" => assert!((f - (p / (1.0 - p)).ln()).abs() < 1e-9),
                _ => {}
            }
        }
    }
}

#[test]
fn every_baseline_finds_the_minority_of_an_easy_problem() {
    let (data, probe) = (overlapping(400, 4, 3), overlapping(400, 4, 4));
    for learner in BaselineKind::all() {
        let model = learner.fit(data.samples(), None).unwrap();
        let predicted = model.predict(probe.view()).unwrap();
        let mut right = [0.0; 2];
        for (p, y) in predicted.iter().zip(&probe.y) {
            right[usize::from(y.is_positive())] += f64::from(u8::from(p == y));
        }
        let balanced = 0.5 * (right[0] / 300.0 + right[1] / 100.0);
        println!("{learner}: {balanced:.3}");
        assert!(balanced > 0.62, "{learner}: {balanced}");
    }
}
