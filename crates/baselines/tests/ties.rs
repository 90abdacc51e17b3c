//! Where the features tell nothing about the class every decision is 0, and what is no tie is left as it was.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::Data;
use fuzzysvm_baselines::{BaselineKind, CsAdaBoost, RusBoost, WElm};
use fuzzysvm_core::{Classifier, Label, Learner};

/// Three categories as columns of 0 and 1, in every one the same share of positives.
fn no_information(repeats: usize) -> Data {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..12 * repeats {
        let level = i % 3;
        x.extend((0..3).map(|k| if k == level { 1.4 } else { -0.7 }));
        y.push(i / 3 % 4 == 0);
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
