//! A membership joined with a learner.

use fuzzysvm_core::{Classifier, Label, Learner, Matrix, PredictError, Samples, WeightError, laws};
use fuzzysvm_membership::{
    ClassCenter, Efsvm, Membership, MembershipError, MembershipKind, Strategy as _, Weighted,
    WeightedError,
};

const N: Label = Label::Negative;
const P: Label = Label::Positive;
const X: [f64; 10] = [0.0, 1.0, 2.1, 3.3, 4.6, 6.0, 7.5, 9.1, 10.8, 12.6];
const Y: [Label; 10] = [N, N, N, N, P, N, P, P, N, N];

/// Weighted class means: honours weights to the letter, and repeats them for inspection.
struct NearestMean;
#[derive(Debug, thiserror::Error)]
#[error("no learner today")]
struct Unavailable;
struct Model {
    weights: Vec<f64>,
    mean: [f64; 2],
}

impl Classifier for Model {
    fn n_features(&self) -> usize {
        1
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let [negative, positive] = self.mean;
        Ok(x.rows()
            .map(|r| (r[0] - negative).powi(2) - (r[0] - positive).powi(2))
            .collect())
    }
}

impl Learner for NearestMean {
    type Model = Model;
    type Error = Unavailable;
    fn fit(&self, train: Samples<'_>, weight: Option<&[f64]>) -> Result<Model, Unavailable> {
        let ones = vec![1.0; train.n_samples()];
        let weights = weight.unwrap_or(&ones);
        let mean = [N, P].map(|class| {
            let of_class = || (0..weights.len()).filter(|&i| train.y()[i] == class);
            let total: f64 = of_class().map(|i| weights[i]).sum();
            of_class()
                .map(|i| weights[i] * train.x().row(i)[0])
                .sum::<f64>()
                / total
        });
        if mean.iter().all(|m| m.is_finite()) {
            let weights = weights.to_vec();
            Ok(Model { weights, mean })
        } else {
            Err(Unavailable)
        }
    }
}

fn train() -> Samples<'static> {
    Samples::new(Matrix::new(&X, 1).unwrap(), &Y).unwrap()
}

fn efsvm() -> Efsvm {
    Efsvm {
        n_neighbors: 3,
        ..Efsvm::default()
    }
}

#[test]
fn the_learner_gets_membership_times_given_weight() {
    let weighted = Weighted::new(efsvm(), NearestMean);
    let s = efsvm().membership(train()).unwrap();
    assert_eq!(weighted.fit(train(), None).unwrap().weights, s);
    let given: Vec<f64> = (1..=10).map(f64::from).collect();
    let expected: Vec<f64> = s.iter().zip(&given).map(|(s, g)| s * g).collect();
    assert_eq!(
        weighted.fit(train(), Some(&given)).unwrap().weights,
        expected
    );
}

#[test]
fn a_given_weight_of_zero_removes_the_row_from_the_membership_too() {
    for kind in MembershipKind::all() {
        let kind = match kind {
            MembershipKind::Efsvm(_) | MembershipKind::Iefsvm(_) => efsvm().into(),
            MembershipKind::EfsvmBinned(b) => fuzzysvm_membership::EfsvmBinned {
                n_neighbors: 3,
                ..b
            }
            .into(),
            other => other,
        };
        // The first model too sees the remaining rows alone.
        let kind = kind.with_first_model(NearestMean);
        let weighted = Weighted::new(&kind, NearestMean);
        let given = [1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 2.0];
        let kept = [0, 2, 3, 4, 6, 8, 9];
        let x: Vec<f64> = kept.iter().map(|&i| X[i]).collect();
        let y: Vec<Label> = kept.iter().map(|&i| Y[i]).collect();
        let rest = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
        let s = kind.membership(rest).unwrap();
        let weights = weighted.fit(train(), Some(&given)).unwrap().weights;
        for i in [1, 5, 7] {
            assert_eq!(weights[i], 0.0);
        }
        for (&i, s) in kept.iter().zip(s) {
            assert_eq!(
                weights[i],
                s * given[i],
                "{}, row {i}",
                kind.strategy.name()
            );
        }
    }
}

#[test]
fn the_laws_of_learners_that_hold_for_a_membership_hold() {
    for kind in [
        MembershipKind::from(efsvm()),
        ClassCenter::default().into(),
        "class-cost".parse().unwrap(),
    ] {
        let weighted = Weighted::new(kind.plain().unwrap(), NearestMean);
        laws::no_weight_is_weight_one(&weighted, train(), 1e-12).unwrap();
        laws::order_does_not_matter(
            &weighted,
            train(),
            &[1.0, 2.0, 0.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0, 3.0],
            &[9, 3, 5, 1, 0, 2, 4, 6, 8, 7],
            1e-12,
        )
        .unwrap();
        // Repetition by 0 and 1 only: the row removed.
        laws::weight_is_repetition(&weighted, train(), &[1, 0, 1, 1, 1, 1, 0, 1, 1, 1], 1e-12)
            .unwrap();
    }
}

#[test]
fn the_error_says_whose_it_is() {
    let weighted = Weighted::new(efsvm(), NearestMean);
    let error = |weight: &[f64]| weighted.fit(train(), Some(weight)).err().unwrap();
    assert!(matches!(
        error(&[1.0; 3]),
        WeightedError::Weight(WeightError::LengthMismatch { .. })
    ));
    assert!(matches!(
        error(&[-1.0; 10]),
        WeightedError::Weight(WeightError::Invalid { row: 0, .. })
    ));
    let only_negative: Vec<f64> = Y.map(|y| if y == N { 1.0 } else { 0.0 }).to_vec();
    assert!(matches!(
        error(&only_negative),
        WeightedError::Weight(WeightError::MissingClass { class: P })
    ));
    // Three rows left: too few for three neighbors each.
    let three = [1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    assert!(matches!(
        error(&three),
        WeightedError::Membership(MembershipError::Neighbor(_))
    ));
    // Nothing of the majority is left by the membership: the learner's own error comes through.
    struct OnlyMinority;
    impl Membership for OnlyMinority {
        fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
            Ok(train
                .y()
                .iter()
                .map(|y| if *y == P { 1.0 } else { 0.0 })
                .collect())
        }
    }
    let failed = Weighted::new(OnlyMinority, NearestMean)
        .fit(train(), None)
        .err()
        .unwrap();
    assert!(matches!(failed, WeightedError::Learner(Unavailable)));
    assert_eq!(failed.to_string(), "no learner today");
}
