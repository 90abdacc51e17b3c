//! Decisions that are 0 but for rounding are 0, whatever the kernel and the map; others keep their bits.

use fuzzysvm_core::{Classifier, Label, Learner, MatrixBuf, Samples};
use fuzzysvm_kernels::{Kernel, KernelKind, Laplacian, Linear, Polynomial, Rbf, Sigmoid};
use fuzzysvm_svm::Svc;

/// Three categories as columns, in every one a quarter of positives, and weights that balance the classes.
fn no_information(repeats: usize) -> (MatrixBuf, Vec<Label>, Vec<f64>) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..12 * repeats {
        x.extend((0..3).map(|k| if k == i % 3 { 1.4 } else { -0.7 }));
        y.push(Label::from_sign(if i / 3 % 4 == 0 { 1.0 } else { -1.0 }));
    }
    let weights = y
        .iter()
        .map(|l| if l.is_positive() { 1.0 } else { 1.0 / 3.0 });
    (MatrixBuf::new(x, 3).unwrap(), y.clone(), weights.collect())
}

fn kernels() -> Vec<KernelKind> {
    let polynomial = Polynomial {
        gamma: 0.3,
        ..Polynomial::default()
    };
    vec![
        Linear.into(),
        polynomial.into(),
        Rbf { gamma: 0.3 }.into(),
        Laplacian { gamma: 0.3 }.into(),
        Sigmoid {
            gamma: 0.1,
            coef0: 0.0,
        }
        .into(),
    ]
}

#[test]
fn without_information_decisions_are_0_and_negative() {
    for repeats in [2, 6, 40] {
        let (x, y, weights) = no_information(repeats);
        let train = Samples::new(x.view(), &y).unwrap();
        for kernel in kernels() {
            for c in [0.1, 1.0, 30.0] {
                let svc = Svc {
                    c,
                    kernel: kernel.clone(),
                    ..Svc::default()
                };
                let model = svc.fit(train, Some(&weights)).unwrap();
                let decisions = model.decision_function(x.view()).unwrap();
                assert!(
                    decisions.iter().all(|d| *d == 0.0),
                    "{kernel:?} C {c}: {decisions:?}"
                );
                let labels = model.predict(x.view()).unwrap();
                assert!(labels.iter().all(|l| *l == Label::Negative));
            }
        }
    }
}

/// The rule leaves a decision as it is, down to a billionth of its terms.
#[test]
fn small_decisions_are_left_as_they_are() {
    let (x, mut y, weights) = no_information(6);
    y[0] = y[0].flipped();
    for kernel in kernels() {
        let svc = Svc {
            c: 1.0,
            kernel,
            ..Svc::default()
        };
        let mut model = svc
            .fit(Samples::new(x.view(), &y).unwrap(), Some(&weights))
            .unwrap();
        let plain: Vec<f64> = model.decision_function(x.view()).unwrap();
        // Moved to 1e-9 of the first row's terms.
        let terms: f64 = model
            .support_vectors
            .view()
            .rows()
            .zip(&model.dual_coef)
            .map(|(z, c)| (c * model.kernel.eval(x.row(0), z)).abs())
            .sum();
        model.intercept += 1e-9 * terms - plain[0];
        let moved = model.decision_function(x.view()).unwrap()[0];
        assert!(
            (moved / (1e-9 * terms) - 1.0).abs() < 1e-3,
            "{moved} of {terms}"
        );
    }
}
