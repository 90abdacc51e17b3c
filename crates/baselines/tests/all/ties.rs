//! Where the features tell nothing about the class every decision is 0, and what is no tie is left as it was.

use crate::common::Data;
use fuzzysvm_baselines::{BaselineKind, CsAdaBoost, CsXgBoost, RusBoost, WElm};
use fuzzysvm_core::{Classifier, Label, Learner};

/// Three categories as columns of 0 and 1, in every one the same share of positives.
fn no_information(repeats: usize) -> Data {
    share(repeats, 4)
}

/// The same with one positive row in `period`.
fn share(repeats: usize, period: usize) -> Data {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..3 * period * repeats {
        let level = i % 3;
        x.extend((0..3).map(|k| if k == level { 1.4 } else { -0.7 }));
        y.push(i / 3 % period == 0);
    }
    Data::new(x, 3, &y)
}

#[test]
fn without_information_decisions_are_0_and_negative() {
    for repeats in [2, 6, 30] {
        let data = no_information(repeats);
        for kind in [
            BaselineKind::from(WElm::default()),
            CsAdaBoost::default().into(),
            RusBoost::default().into(),
        ] {
            let model = kind.fit(data.samples(), None).unwrap();
            let decisions = model.decision_function(data.view()).unwrap();
            assert!(
                decisions.iter().all(|d| *d == 0.0),
                "{kind:?}: {decisions:?}"
            );
            let labels = model.predict(data.view()).unwrap();
            assert!(labels.iter().all(|l| *l == Label::Negative));
        }
    }
}

/// Whatever the classes' ratio rounds to.
#[test]
fn without_information_boosted_gradients_are_0() {
    for period in [2, 4, 7, 12] {
        let data = share(9, period);
        let n = data.y.len();
        let weights: Vec<f64> = (0..n)
            .map(|i| 1.0 + (i / (3 * period) % 3) as f64 / 3.0)
            .collect();
        let n_minus = (period - 1) as f64;
        for scale_pos_weight in [None, Some(n_minus)] {
            let learner = CsXgBoost {
                min_child_weight: 0.0,
                reg_lambda: 0.1,
                scale_pos_weight,
                ..CsXgBoost::default()
            };
            for w in [None, Some(weights.as_slice())] {
                let model = learner.fit(data.samples(), w).unwrap();
                let decisions = model.decision_function(data.view()).unwrap();
                assert!(
                    decisions.iter().all(|d| *d == 0.0),
                    "{period}: {decisions:?}"
                );
            }
        }
    }
}

/// A little information is no tie, however large C is.
#[test]
fn a_little_information_is_none() {
    let mut data = no_information(6);
    data.y[0] = data.y[0].flipped();
    for c in [1e-6, 1.0, 1e15] {
        let model = BaselineKind::from(WElm {
            c,
            ..WElm::default()
        });
        let model = model.fit(data.samples(), None).unwrap();
        let decisions = model.decision_function(data.view()).unwrap();
        assert!(decisions.iter().any(|d| *d != 0.0), "C = {c}");
    }
}
