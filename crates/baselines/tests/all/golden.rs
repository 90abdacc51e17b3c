//! Values of scikit-learn 1.9.1 and xgboost 3.2.0 on the samples of `common::formula(120, 4)`, scored on rows
//! 120 to 149 of `formula(150, 4)` shifted by 1/16 (so that no value lies on a threshold).

use crate::common::{Data, formula};
use approx::assert_relative_eq;
use fuzzysvm_baselines::{
    Bootstrap, ClassWeight, CsAdaBoost, CsRandomForest, CsXgBoost, MaxFeatures, TreeOptions,
};
use fuzzysvm_core::{Classifier, Learner, MatrixBuf};

fn data() -> (Data, MatrixBuf) {
    let probe = formula(150, 4)
        .view()
        .slice_rows(120, 150)
        .to_owned_matrix();
    let shifted = probe
        .into_vec()
        .into_iter()
        .map(|v| v + 1.0 / 16.0)
        .collect();
    (formula(120, 4), MatrixBuf::new(shifted, 4).unwrap())
}

/// w_i = 1 + (i mod 3)/2.
fn weights() -> Vec<f64> {
    (0..120).map(|i| 1.0 + f64::from(i % 3) / 2.0).collect()
}

/// `AdaBoostClassifier(n_estimators=20).fit(x, y, sample_weight=w)`: `decision_function`, which is twice our
/// margin, and `estimator_weights_`, which are twice our α. Three random states give the same: no ties.
#[test]
fn adaboost_is_scikit_learns() {
    let (train, probe) = data();
    let learner = CsAdaBoost {
        n_estimators: 20,
        class_weight: ClassWeight::Equal,
        ..CsAdaBoost::default()
    };
    let model = learner.fit(train.samples(), Some(&weights())).unwrap();
    let f = model.decision_function(probe.view()).unwrap();
    let theirs = [
        -1.7672432953134016,
        -1.7672432953134016,
        -0.6112762705902387,
        -0.1369334080393913,
        -1.4239733245074995,
        -0.03826481133612909,
    ];
    for (f, t) in f.iter().zip(theirs) {
        assert_relative_eq!(2.0 * f, t, epsilon = 1e-9);
    }
    let theirs = [0.78200052, 0.94767705, 0.85427119, 0.78548911, 0.53888522];
    for (a, t) in model.alpha().iter().zip(theirs) {
        assert_relative_eq!(2.0 * a, t, epsilon = 1e-8);
    }
}

/// `DecisionTreeClassifier(class_weight="balanced", max_depth=4, min_samples_leaf=3)`: `predict_proba`.
#[test]
fn a_weighted_tree_is_scikit_learns() {
    let (train, probe) = data();
    let learner = CsRandomForest {
        n_estimators: 1,
        bootstrap: Bootstrap::Off,
        tree: TreeOptions {
            max_depth: Some(4),
            min_samples_leaf: 3,
            max_features: MaxFeatures::All,
        },
        ..CsRandomForest::default()
    };
    let model = learner.fit(train.samples(), None).unwrap();
    let p = model.predict_proba(probe.view()).unwrap();
    let mixed = 0.556780067081936;
    let mostly = 0.9438968915845337;
    let theirs = [
        0.0, 0.0, 0.0, mixed, 0.0, mixed, 0.0, mixed, 0.0, 0.0, mostly, mostly,
    ];
    for (p, t) in p.iter().zip(theirs) {
        assert_relative_eq!(*p, t, epsilon = 1e-12);
    }
}

/// `XGBClassifier(n_estimators=20, max_depth=3, learning_rate=0.3, reg_lambda=1, min_child_weight=1,
/// scale_pos_weight=s, base_score=0.5, tree_method="hist", max_bin=256)`: `predict(output_margin=True)`, single
/// precision.
#[test]
fn gradient_boosting_is_xgboosts() {
    let (train, probe) = data();
    let w = weights();
    #[rustfmt::skip]
    let cases = [
        (None, None, [
            -3.9905951023101807, -3.2853593826293945, -1.7167328596115112, -0.35792276263237, -3.557093858718872, -0.019443195313215256,
            -3.1324119567871094, 0.7063283920288086, -2.1215057373046875, -2.8849446773529053, 3.076237916946411, 2.1431686878204346,
        ]),
        (None, Some(2.0), [
            -4.351479530334473, -3.553234100341797, -2.267582416534424, -0.7679890394210815, -3.573723077774048, -0.17874275147914886,
            -2.9520351886749268, 0.8401373028755188, -2.2019758224487305, -2.865138053894043, 3.4443531036376953, 1.388344645500183,
        ]),
        (Some(w.as_slice()), Some(2.0), [
            -4.597872734069824, -3.360806703567505, -2.1272690296173096, -0.8546220064163208, -3.6902191638946533, 0.17133253812789917,
            -3.342623710632324, 1.2611017227172852, -2.467693567276001, -3.4502248764038086, 3.2353732585906982, 2.256018877029419,
        ]),
    ];
    for (weights, scale_pos_weight, theirs) in cases {
        let learner = CsXgBoost {
            n_estimators: 20,
            max_depth: 3,
            scale_pos_weight,
            ..CsXgBoost::default()
        };
        let model = learner.fit(train.samples(), weights).unwrap();
        let f = model.decision_function(probe.view()).unwrap();
        for (f, t) in f.iter().zip(theirs) {
            assert_relative_eq!(*f, t, epsilon = 1e-5);
        }
    }
}

/// The same with other limits: `gamma`, `reg_lambda`, `min_child_weight`, depth, many small trees.
#[test]
fn limits_of_gradient_boosting_are_xgboosts() {
    let (train, probe) = data();
    let w = weights();
    let cautious = CsXgBoost {
        n_estimators: 50,
        learning_rate: 0.1,
        min_child_weight: 4.0,
        reg_lambda: 2.5,
        gamma: 2.0,
        scale_pos_weight: Some(2.0),
        ..CsXgBoost::default()
    };
    let bold = CsXgBoost {
        min_child_weight: 0.5,
        reg_lambda: 0.5,
        scale_pos_weight: Some(4.5),
        ..CsXgBoost::default()
    };
    let slow = CsXgBoost {
        n_estimators: 200,
        learning_rate: 0.05,
        max_depth: 2,
        min_child_weight: 2.0,
        reg_lambda: 0.0,
        scale_pos_weight: Some(1.0),
        ..CsXgBoost::default()
    };
    #[rustfmt::skip]
    let cases = [
        (cautious, Some(w.as_slice()), [
            -2.7415690422058105, -2.5386526584625244, -0.7046585083007812, -0.11270400881767273, -2.7415690422058105, 0.04251493886113167,
            -2.5386526584625244, 0.6403447389602661, -1.81574285030365, -2.7415690422058105, 1.6444900035858154, 1.5820785760879517,
        ]),
        (bold, None, [
            -7.752725124359131, -6.681121826171875, -5.050158500671387, -3.383633852005005, -5.655184745788574, -4.324469566345215,
            -4.726823806762695, 4.976650238037109, -5.16990327835083, -4.204826831817627, 7.410201072692871, -2.899648904800415,
        ]),
        (slow, Some(w.as_slice()), [
            -4.772734642028809, -3.9182446002960205, -2.158094644546509, -1.1607022285461426, -4.612526893615723, -1.017498254776001,
            -2.4606101512908936, 0.5699906349182129, -1.5887435674667358, -2.5631353855133057, 3.122465133666992, 1.473380208015442,
        ]),
    ];
    for (learner, weights, theirs) in cases {
        let model = learner.fit(train.samples(), weights).unwrap();
        let f = model.decision_function(probe.view()).unwrap();
        for (f, t) in f.iter().zip(theirs) {
            assert_relative_eq!(*f, t, epsilon = 1e-5);
        }
    }
}

/// `max_bin=16` with weights and `max_bin=24` without: fewer bins than the 101 values of a feature.
#[test]
fn bins_of_gradient_boosting_are_xgboosts() {
    let (train, probe) = data();
    let w = weights();
    #[rustfmt::skip]
    let cases = [
        (16, Some(w.as_slice()), [
            -4.731733798980713, -4.792083263397217, -1.573481798171997, -1.0965455770492554, -2.3965418338775635, -0.227646604180336,
            -1.2064543962478638, 0.7725816965103149, -2.10400652885437, -3.142413377761841, 2.2720959186553955, 2.0510942935943604,
        ]),
        (24, None, [
            -4.0104217529296875, -3.8385703563690186, -0.771291971206665, -0.5484094023704529, -3.050171375274658, -0.611507773399353,
            -3.0406980514526367, 1.275162696838379, -1.3839184045791626, -2.9240827560424805, 2.958209753036499, 0.8073154091835022,
        ]),
    ];
    for (n_bins, weights, theirs) in cases {
        let learner = CsXgBoost {
            n_estimators: 20,
            max_depth: 3,
            scale_pos_weight: Some(2.0),
            n_bins,
            ..CsXgBoost::default()
        };
        let model = learner.fit(train.samples(), weights).unwrap();
        let f = model.decision_function(probe.view()).unwrap();
        for (f, t) in f.iter().zip(theirs) {
            assert_relative_eq!(*f, t, epsilon = 1e-5);
        }
    }
}
