//! AdaC2, AdaBoost, EasyEnsemble and RUSBoost against tables worked by hand and the definitions.

use crate::common::{Data, overlapping};
use approx::assert_relative_eq;
use fuzzysvm_baselines::{
    ClassWeight, Combine, CsAdaBoost, EasyEnsemble, RusBoost, RusBoostAlgorithm, TreeOptions,
};
use fuzzysvm_core::{Classifier, Label, Learner, Matrix};

/// Six points, two positive, so C(+) = 1 and C(−) = 2/4 = ½. Write M = C·D and multiply by whatever makes it
/// whole. With e^(−α) = √(bad/ok), the update D' ∝ M e^(∓α) is D' ∝ M·bad where h is right and M·ok where it is
/// wrong.
///
/// ```text
/// x            1   2   3   4   5   6
/// y            −   −   +   −   −   +
/// round 1  D   1   1   1   1   1   1
///          M   1   1   2   1   1   2      sum 8
///   Σ (w₋²+w₊²)/(w₋+w₊) of the cuts after x = 1 … 5:
///     1 + 25/7 = 4.57,  2 + 20/6 = 5.33,  2 + 2 = 4,  13/5 + 5/3 = 4.27,  20/6 + 2 = 5.33
///   the first of two equal ones: x ≤ 2.5 → −, else +; wrong at 4 and 5: bad = 2, ok = 6, α₁ = ½ ln 3
/// round 2  D   1   1   2   3   3   2      from 2M where right, 6M where wrong, halved
///          M   1   1   4   3   3   4      sum 16
///     1 + 113/15 = 8.53,  2 + 100/14 = 9.14,  20/6 + 52/10 = 8.53,  41/9 + 25/7 = 8.13,  80/12 + 4 = 10.67
///   x ≤ 5.5 → − (4 of 12), else +; wrong at 3: bad = 4, ok = 12, α₂ = ½ ln 3
/// round 3  D   1   1  12   3   3   4      from 4M where right, 12M where wrong, a quarter
///          M   1   1  24   3   3   8      sum 40
///     1 + 1073/39 = 28.51,  2 + 1060/38 = 29.89,  580/26 + 100/14 = 29.45,  601/29 + 73/11 = 27.36,  640/32 + 8 = 28
///   x ≤ 2.5 → −, else + (32 of 38); wrong at 4 and 5: bad = 6, ok = 34, α₃ = ½ ln(17/3)
/// ```
#[test]
fn three_rounds_of_adac2_worked_by_hand() {
    let data = Data::new(
        (1..7).map(f64::from).collect(),
        1,
        &[false, false, true, false, false, true],
    );
    let learner = CsAdaBoost {
        n_estimators: 3,
        costs_per_round: true,
        ..CsAdaBoost::default()
    };
    let model = learner.fit(data.samples(), None).unwrap();
    let (a, c) = (0.5 * 3.0f64.ln(), 0.5 * (17.0f64 / 3.0).ln());
    assert_eq!(model.n_rounds(), 3);
    for (found, expected) in model.alpha().iter().zip([a, a, c]) {
        assert_relative_eq!(*found, expected, max_relative = 1e-14);
    }
    let probe = [2.5, 2.6, 5.5, 5.6];
    let f = model.decision_function(Matrix::new(&probe, 1).unwrap());
    let middle = (a - a + c) / (a + a + c);
    for (found, expected) in f.unwrap().iter().zip([-1.0, middle, middle, 1.0]) {
        assert_relative_eq!(*found, expected, max_relative = 1e-14);
    }
}

/// With the stump fitted to D as in the paper, round 1 of the same points: the cuts of D = (1, …, 1) score 1 +
/// 13/5 = 3.6, 2 + 8/4 = 4, 5/3 + 5/3 = 3.3, 10/4 + 1 = 3.5, 17/5 + 1 = 4.4: x ≤ 5.5 → −, else +. Under C·D it
/// is wrong at 3 alone: bad = 2, ok = 6.
#[test]
fn the_papers_way_fits_the_stump_to_d() {
    let data = Data::new(
        (1..7).map(f64::from).collect(),
        1,
        &[false, false, true, false, false, true],
    );
    let learner = CsAdaBoost {
        n_estimators: 1,
        costs_per_round: true,
        costs_in_tree: false,
        ..CsAdaBoost::default()
    };
    let model = learner.fit(data.samples(), None).unwrap();
    assert_relative_eq!(model.alpha()[0], 0.5 * 3.0f64.ln(), max_relative = 1e-14);
    let f = model.decision_function(data.view()).unwrap();
    assert_eq!(f, [-1.0, -1.0, -1.0, -1.0, -1.0, 1.0]);
}

/// Discrete AdaBoost from its definition, stumps by trying everything; (α, feature, threshold, sign on the left).
fn adaboost(data: &Data, w: &[f64], rounds: usize) -> Vec<(f64, usize, f64, [f64; 2])> {
    let (n, d) = (data.y.len(), data.x.n_cols());
    let y: Vec<f64> = data.y.iter().map(|l| l.sign()).collect();
    let mut weights = w.to_vec();
    let mut out = Vec::new();
    for _ in 0..rounds {
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);
        let mut best = (f64::NEG_INFINITY, 0, 0.0, [0.0; 2]);
        for f in 0..d {
            let mut values: Vec<f64> = (0..n).map(|i| data.x.row(i)[f]).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            for pair in values.windows(2) {
                let t = 0.5 * (pair[0] + pair[1]);
                let mut sides = [[0.0f64; 2]; 2];
                for i in 0..n {
                    let side = usize::from(data.x.row(i)[f] > t);
                    sides[side][usize::from(y[i] > 0.0)] += weights[i];
                }
                let score: f64 = sides
                    .iter()
                    .map(|s| (s[0] * s[0] + s[1] * s[1]) / (s[0] + s[1]))
                    .sum();
                if score > best.0 * (1.0 + 1e-12) || best.0 < 0.0 {
                    let sign = sides.map(|s| if s[1] > s[0] { 1.0 } else { -1.0 });
                    best = (score, f, t, sign);
                }
            }
        }
        let (_, f, t, sign) = best;
        let h = |i: usize| sign[usize::from(data.x.row(i)[f] > t)];
        let error: f64 = (0..n).filter(|&i| h(i) != y[i]).map(|i| weights[i]).sum();
        if error >= 0.5 {
            break;
        }
        let alpha = 0.5 * ((1.0 - error) / error).ln();
        for i in 0..n {
            weights[i] *= (-alpha * y[i] * h(i)).exp();
        }
        out.push((alpha, f, t, sign));
    }
    out
}

#[test]
fn equal_costs_give_adaboost() {
    for seed in 0..8 {
        let data = overlapping(90, 4, seed);
        let w: Vec<f64> = (0..90).map(|i| f64::from(i % 5 + 1)).collect();
        let expected = adaboost(&data, &w, 25);
        let learner = CsAdaBoost {
            n_estimators: 25,
            class_weight: ClassWeight::Equal,
            ..CsAdaBoost::default()
        };
        let model = learner.fit(data.samples(), Some(&w)).unwrap();
        assert_eq!(model.n_rounds(), expected.len());
        for (found, e) in model.alpha().iter().zip(&expected) {
            assert_relative_eq!(*found, e.0, max_relative = 1e-9);
        }
        let f = model.decision_function(data.view()).unwrap();
        let total: f64 = expected.iter().map(|e| e.0).sum();
        for (row, f) in data.view().rows().zip(f) {
            let votes = expected
                .iter()
                .map(|e| e.0 * e.3[usize::from(row[e.1] > e.2)]);
            assert_relative_eq!(f, votes.sum::<f64>() / total, epsilon = 1e-9);
        }
        // Only the ratio of the costs matters, and with equal ones the tree sees the same either way: bit for bit.
        let three = ClassWeight::Given {
            negative: 3.0,
            positive: 3.0,
        };
        for same in [
            CsAdaBoost {
                class_weight: three,
                ..learner.clone()
            },
            CsAdaBoost {
                costs_in_tree: false,
                ..learner.clone()
            },
        ] {
            assert_eq!(same.fit(data.samples(), Some(&w)).unwrap(), model);
        }
    }
}

#[test]
fn a_round_without_errors_is_the_last_and_one_without_edge_is_dropped() {
    let data = Data::new(vec![1.0, 2.0, 3.0], 1, &[false, false, true]);
    let model = CsAdaBoost::default().fit(data.samples(), None).unwrap();
    assert_eq!(model.alpha(), [0.5 * 1e10f64.ln()]);
    // Nothing to ask, and the classes weigh the same: no edge, f = 0, which is negative.
    let data = Data::new(vec![1.0; 3], 1, &[false, false, true]);
    let learner = CsAdaBoost {
        costs_per_round: true,
        ..CsAdaBoost::default()
    };
    let model = learner.fit(data.samples(), None).unwrap();
    assert_eq!(model.n_rounds(), 0);
    assert_eq!(model.decision_function(data.view()).unwrap(), [0.0; 3]);
    assert_eq!(model.predict(data.view()).unwrap(), [Label::Negative; 3]);
}

/// Why the costs are those of the whole run: with inverse class frequencies in every round, stumps on
/// overlapping classes end by calling everything positive.
#[test]
fn a_cost_in_every_round_calls_everything_positive() {
    let (data, probe) = (overlapping(400, 4, 3), overlapping(400, 4, 4));
    let positives = |costs_per_round| {
        let learner = CsAdaBoost {
            costs_per_round,
            ..CsAdaBoost::default()
        };
        let model = learner.fit(data.samples(), None).unwrap();
        let predicted = model.predict(probe.view()).unwrap();
        predicted.iter().filter(|l| l.is_positive()).count()
    };
    assert_eq!(positives(true), 400);
    // A hundred are.
    let found = positives(false);
    assert!((50..220).contains(&found), "{found}");
}

/// A cost in every round is the same as its power in the whole run. 2^(1/4) is no double: the roots agree to rounding.
#[test]
fn costs_of_the_run_are_the_product_of_the_rounds() {
    let data = overlapping(90, 4, 3);
    let given = |positive| ClassWeight::Given {
        negative: 1.0,
        positive,
    };
    let run = CsAdaBoost {
        n_estimators: 4,
        class_weight: given(2.0),
        ..CsAdaBoost::default()
    };
    let rounds = CsAdaBoost {
        class_weight: given(2.0f64.powf(0.25)),
        costs_per_round: true,
        ..run.clone()
    };
    let (a, b) = (
        run.fit(data.samples(), None).unwrap(),
        rounds.fit(data.samples(), None).unwrap(),
    );
    assert_eq!(a.n_rounds(), 4);
    for (a, b) in a.alpha().iter().zip(b.alpha()) {
        assert_relative_eq!(a, b, max_relative = 1e-12);
    }
}

/// Where the classes are of equal size nothing is dropped: each member is AdaBoost on everything.
#[test]
fn easy_ensemble_on_balanced_classes_is_adaboost() {
    let mut data = overlapping(80, 3, 4);
    for (i, y) in data.y.iter_mut().enumerate() {
        *y = if i % 2 == 0 {
            Label::Positive
        } else {
            Label::Negative
        };
    }
    let boost = CsAdaBoost {
        n_estimators: 12,
        ..CsAdaBoost::default()
    };
    let boost = boost.fit(data.samples(), None).unwrap();
    let learner = EasyEnsemble {
        n_subsets: 3,
        n_estimators: 12,
        ..EasyEnsemble::default()
    };
    let model = learner.fit(data.samples(), None).unwrap();
    let m = boost.decision_function(data.view()).unwrap();
    for member in model.members() {
        assert_eq!(*member, boost);
    }
    let f = model.decision_function(data.view()).unwrap();
    for (f, m) in f.iter().zip(&m) {
        assert_relative_eq!(*f, *m, epsilon = 1e-12);
    }
    let averaging = EasyEnsemble {
        combine: Combine::Probabilities,
        ..learner
    };
    let model = averaging.fit(data.samples(), None).unwrap();
    let f = model.decision_function(data.view()).unwrap();
    for (f, m) in f.iter().zip(&m) {
        assert_relative_eq!(*f, 1.0 / (1.0 + (-2.0 * m).exp()) - 0.5, epsilon = 1e-12);
    }
}

/// The members of an ensemble see all of the smaller class and as many of the larger.
#[test]
fn more_rounds_or_subsets_leave_the_earlier_ones_alone() {
    let data = overlapping(100, 3, 9);
    let fit = |n_subsets, n_estimators| {
        let learner = EasyEnsemble {
            n_subsets,
            n_estimators,
            seed: 3,
            ..EasyEnsemble::default()
        };
        learner.fit(data.samples(), None).unwrap()
    };
    let (small, large) = (fit(2, 5), fit(4, 9));
    for (a, b) in small.members().iter().zip(large.members()) {
        assert_eq!(a.alpha(), &b.alpha()[..a.n_rounds()]);
    }
    assert_ne!(large.members()[0], large.members()[1]);
}

/// One round of each algorithm on six points of equal class sizes, so that all are drawn.
///
/// ```text
/// x   1  2  3  4  5  6          D = 1/6 each
/// y   −  −  +  −  +  +          cuts: 1 + (4+9)/5 = 3.6, 2 + (1+9)/4 = 4.5, (4+1)/3·2 = 3.33, 4.5, 3.6
/// ```
/// The first of the best: x ≤ 2.5 → p = 0, else p = 3/4. SAMME: wrong at 4, ε = 1/6, α = ½ ln 5. M2: v = −1 on
/// the left, ½ on the right; y v = 1, 1, ½, −½, ½, ½: ε = ½·(0 + 0 + ½ + 3/2 + ½ + ½)/6 = ¼, α = ½ ln 3.
#[test]
fn one_round_of_rusboost_worked_by_hand() {
    let data = Data::new(
        (1..7).map(f64::from).collect(),
        1,
        &[false, false, true, false, true, true],
    );
    for (algorithm, ratio, right) in [
        (RusBoostAlgorithm::Samme, 5.0f64, 1.0),
        (RusBoostAlgorithm::M2, 3.0, 0.5),
    ] {
        let learner = RusBoost {
            n_estimators: 1,
            algorithm,
            ..RusBoost::default()
        };
        let model = learner.fit(data.samples(), None).unwrap();
        assert_relative_eq!(model.alpha()[0], 0.5 * ratio.ln(), max_relative = 1e-14);
        let f = model.decision_function(data.view()).unwrap();
        for (f, e) in f.iter().zip([-1.0, -1.0, right, right, right, right]) {
            assert_relative_eq!(*f, e, max_relative = 1e-14);
        }
    }
}

/// On equal class sizes SAMME under RUSBoost drops nothing and is AdaBoost.
#[test]
fn rusboost_on_balanced_classes_is_adaboost() {
    let mut data = overlapping(80, 3, 4);
    for (i, y) in data.y.iter_mut().enumerate() {
        *y = if i % 2 == 0 {
            Label::Positive
        } else {
            Label::Negative
        };
    }
    let options = TreeOptions {
        max_depth: Some(2),
        min_samples_leaf: 3,
        ..TreeOptions::default()
    };
    let boost = CsAdaBoost {
        tree: options,
        ..CsAdaBoost::default()
    };
    let rus = RusBoost {
        tree: options,
        algorithm: RusBoostAlgorithm::Samme,
        ..RusBoost::default()
    };
    assert_eq!(
        rus.fit(data.samples(), None).unwrap(),
        boost.fit(data.samples(), None).unwrap()
    );
}
