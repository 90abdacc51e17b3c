//! Memberships that start from a fitted support vector machine, with the machine of this library.
#![allow(clippy::unwrap_used, reason = "a test")]

use fuzzysvm::core::{Classifier, Label, Learner, Matrix, MatrixBuf, Samples};
use fuzzysvm::kernels::{KernelKind, Rbf};
use fuzzysvm::membership::{
    CilDistance, ClassCost, FromFirstModel, FsvmCil, Membership, MembershipError, MembershipKind,
    Plan, Pretrained, SlackFactor, Strategy, Weighted,
};
use fuzzysvm::svm::Svc;
use fuzzysvm::svm::approx::ApproxSvc;

const N: Label = Label::Negative;
const P: Label = Label::Positive;

/// Two overlapping bands of 60 and 15 samples, of two columns, with one sample of each deep inside the other.
fn samples() -> (MatrixBuf, Vec<Label>) {
    let y: Vec<Label> = (0..75).map(|i| if i % 5 == 0 { P } else { N }).collect();
    let values = (0..75).flat_map(|i| {
        if i < 2 {
            return [[0.3, 1.5], [4.2, 1.5]][i as usize];
        }
        let (a, b) = (f64::from(i * 37 % 75) / 25.0, f64::from(i * 58 % 75) / 25.0);
        [a + if y[i as usize] == P { 2.0 } else { 0.0 }, b]
    });
    (MatrixBuf::new(values.collect(), 2).unwrap(), y.clone())
}

#[test]
fn three_points_on_a_line_by_hand() {
    // Linear machine on −1 (negative), 0 (negative), 2 (positive): f(x) = x − 1 separates 0 and 2 with margin 1, and a C of 10
    // is far above the multiplier ½ that it takes. |f| = 2, 1, 1.
    let x = [-1.0, 0.0, 2.0];
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &[N, N, P]).unwrap();
    let hyper = FsvmCil {
        distance: CilDistance::Hyperplane,
        ..FsvmCil::default()
    };
    let mut first = Svc::linear(10.0);
    first.solver.tol = 1e-9;
    let s = hyper
        .with_first_model(first.clone())
        .membership(train)
        .unwrap();
    let most = 2.0 + 1e-6;
    for (s, e) in s.iter().zip([
        0.5 * (1.0 - 2.0 / most),
        0.5 * (1.0 - 1.0 / most),
        1.0 - 1.0 / most,
    ]) {
        assert!((s - e).abs() < 1e-6, "{s} {e}");
    }
    // No slack anywhere, up to the tolerance: class costs alone.
    let s = Pretrained::new(SlackFactor::default(), first)
        .membership(train)
        .unwrap();
    assert!((s[0] - 0.5).abs() < 1e-6 && (s[1] - 0.5).abs() < 1e-6 && (s[2] - 1.0).abs() < 1e-6);
}

#[test]
fn slack_factors_are_those_of_a_class_cost_machine() {
    let (x, y) = samples();
    let train = Samples::new(x.view(), &y).unwrap();
    let svc = Svc {
        c: 2.0,
        kernel: KernelKind::from(Rbf { gamma: 0.5 }),
        ..Svc::default()
    };
    let slack = SlackFactor::default();
    let found = Pretrained::new(slack, svc.clone())
        .membership(train)
        .unwrap();
    let cost = Weighted::new(ClassCost::default(), svc.clone());
    let f = cost
        .fit(train, None)
        .unwrap()
        .decision_function(x.view())
        .unwrap();
    assert_eq!(found, slack.membership_from(train, &f).unwrap());
    // Every branch of the formula is met here.
    let xi = |i: usize| 1.0 - y[i].sign() * f[i];
    assert!((0..75).any(|i| y[i] == P && xi(i) > 1.0 && found[i] == 1e-5));
    assert!((0..75).any(|i| y[i] == P && xi(i) > 1e-2 && xi(i) < 1.0 && found[i] > 0.7));
    assert!((0..75).any(|i| y[i] == N && xi(i) > 2.0 && found[i] < 0.25 * (-1.0f64).exp()));
    assert!((0..75).any(|i| y[i] == N && xi(i) > 1.0 && found[i] == 0.25));
    // And the machine in front of which they stand is fitted.
    let fuzzy = Weighted::new(Pretrained::new(slack, svc.clone()), svc);
    assert!(fuzzy.fit(train, None).is_ok());
}

#[test]
fn every_strategy_stands_in_front_of_a_machine_with_any_first_one() {
    let (x, y) = samples();
    let train = Samples::new(x.view(), &y).unwrap();
    let kinds = MembershipKind::all().into_iter().chain([FsvmCil {
        distance: CilDistance::Hyperplane,
        ..FsvmCil::default()
    }
    .into()]);
    for kind in kinds {
        let out_of_fold = match kind.plan() {
            Plan::FromFirstModel(strategy) => strategy.needs_out_of_fold_scores(),
            Plan::Plain(_) => false,
        };
        let exact = kind.clone().with_first_model(Svc::rbf(1.0, 0.5));
        let near = ApproxSvc {
            // As many as there are samples: all, or what is left of them in cross-fitting, which leaves out up to 8.
            components: if out_of_fold { 67 } else { 75 },
            kernel: Rbf { gamma: 0.5 }.into(),
            tol: 1e-6,
            ..ApproxSvc::default()
        };
        let approximate = kind.clone().with_first_model(near);
        let model = Weighted::new(&exact, Svc::rbf(1.0, 0.5)).fit(train, None);
        assert!(model.is_ok(), "{kind}");
        let (s, t) = (
            exact.membership(train).unwrap(),
            approximate.membership(train).unwrap(),
        );
        // The map is exact with as many components as samples; a slack near a step may fall on its other side.
        let apart = s.iter().zip(&t).filter(|(s, t)| (*s - *t).abs() > 0.01);
        assert!(apart.count() <= 2, "{kind}");
    }
}

#[test]
fn a_first_machine_that_cannot_be_fitted_says_why() {
    let (x, y) = samples();
    let train = Samples::new(x.view(), &y).unwrap();
    let bad = Pretrained::new(SlackFactor::default(), Svc::rbf(-1.0, 0.5));
    let error = bad.membership(train).unwrap_err();
    assert!(matches!(error, MembershipError::FirstModel(_)));
    assert_eq!(
        error.to_string(),
        "the first model failed: parameter `c` is -1: must be finite and > 0"
    );
}
