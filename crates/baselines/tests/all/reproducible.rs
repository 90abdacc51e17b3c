//! The same seed gives the same model, on any number of threads.

use crate::common::overlapping;
use fuzzysvm_baselines::{
    BaselineKind, Bootstrap, CsAdaBoost, CsRandomForest, CsXgBoost, MaxFeatures, RusBoost,
    TreeOptions,
};
use fuzzysvm_core::{Classifier, Learner};

/// Every baseline, with a use for its seed.
fn seeded() -> Vec<BaselineKind> {
    let tree = TreeOptions {
        max_depth: Some(3),
        min_samples_leaf: 2,
        max_features: MaxFeatures::Number(2),
    };
    let mut kinds = BaselineKind::all();
    kinds.push(
        RusBoost {
            tree,
            ..RusBoost::default()
        }
        .into(),
    );
    kinds.push(
        CsRandomForest {
            bootstrap: Bootstrap::Weighted,
            ..CsRandomForest::default()
        }
        .into(),
    );
    for kind in &mut kinds {
        match kind {
            BaselineKind::CsAdaBoost(CsAdaBoost { tree: t, .. }) => *t = tree,
            BaselineKind::CsXgBoost(CsXgBoost { subsample, .. }) => *subsample = 0.5,
            _ => {}
        }
    }
    kinds
}

#[test]
fn a_seed_repeats_and_another_differs() {
    let data = overlapping(200, 6, 1);
    for kind in seeded() {
        let fit = |seed| {
            kind.clone()
                .with_seed(seed)
                .fit(data.samples(), None)
                .unwrap()
        };
        assert_eq!(fit(3), fit(3), "{kind}");
        assert_ne!(fit(3), fit(4), "{kind}");
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (data, probe) = (overlapping(700, 6, 1), overlapping(900, 6, 2));
    for kind in seeded() {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let model = kind.fit(data.samples(), None).unwrap();
                let f = model.decision_function(probe.view()).unwrap();
                (model, f)
            })
        };
        let ((a, fa), (b, fb)) = (on(1), on(2));
        assert_eq!(a, b, "{kind}");
        let bits = |f: Vec<f64>| f.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(fa), bits(fb), "{kind}");
    }
}
