//! The weighted extreme learning machine against weighted ridge regression on the same hidden layer.

use crate::common::{Data, overlapping};
use approx::assert_relative_eq;
use fuzzysvm_baselines::{ElmModel, ElmWeighting, WElm};
use fuzzysvm_core::{Classifier, Learner};
use nalgebra::{DMatrix, DVector};

/// min Σ W_i (h_iᵀβ − t_i)² + ‖β‖²/C as least squares of \[√W H; I/√C\] on \[√W t; 0\], by QR: neither form of
/// the learner.
fn ridge(h: &[f64], l: usize, w: &[f64], t: &[f64], c: f64) -> DVector<f64> {
    let n = w.len();
    let stacked = DMatrix::from_fn(n + l, l, |i, j| {
        if i < n {
            w[i].sqrt() * h[i * l + j]
        } else if i - n == j {
            1.0 / c.sqrt()
        } else {
            0.0
        }
    });
    let right = DVector::from_fn(n + l, |i, _| if i < n { w[i].sqrt() * t[i] } else { 0.0 });
    let qr = stacked.qr();
    qr.r()
        .solve_upper_triangular(&(qr.q().transpose() * right))
        .unwrap()
}

fn check(data: &Data, learner: &WElm, sample_weight: Option<&[f64]>) -> ElmModel {
    let model = learner.fit(data.samples(), sample_weight).unwrap();
    let ones = vec![1.0; data.y.len()];
    let given = sample_weight.unwrap_or(&ones);
    // The weights as the paper defines them, with Σw in place of a count.
    let size = |p: bool| -> f64 {
        let rows = data.y.iter().zip(given);
        rows.filter(|(y, _)| y.is_positive() == p)
            .map(|(_, w)| w)
            .sum()
    };
    let average = 0.5 * (size(true) + size(false));
    let largest = given.iter().copied().fold(0.0, f64::max);
    let w: Vec<f64> = data
        .y
        .iter()
        .zip(given)
        .map(|(y, w)| {
            let own = size(y.is_positive());
            match learner.weighting {
                ElmWeighting::W1 => w / own,
                ElmWeighting::W2 if own > average => 0.618 * w / own,
                ElmWeighting::W2 => w / own,
                ElmWeighting::None => w / largest,
                other => panic!("{other:?}"),
            }
        })
        .collect();
    let t: Vec<f64> = data.y.iter().map(|y| y.sign()).collect();
    let h = model.hidden_layer(data.view()).unwrap();
    let beta = ridge(&h, learner.n_hidden, &w, &t, learner.c);
    for (found, expected) in model.beta().iter().zip(beta.iter()) {
        assert_relative_eq!(*found, *expected, epsilon = 1e-8, max_relative = 1e-8);
    }
    let f = model.decision_function(data.view()).unwrap();
    for (row, f) in h.chunks(learner.n_hidden).zip(f) {
        let expected: f64 = row.iter().zip(beta.iter()).map(|(h, b)| h * b).sum();
        assert_relative_eq!(f, expected, epsilon = 1e-8);
    }
    model
}

#[test]
fn both_forms_are_weighted_ridge_regression() {
    for weighting in [ElmWeighting::W1, ElmWeighting::W2, ElmWeighting::None] {
        // 600 rows: more than one block. 15 rows: the dual form.
        for (n, n_hidden) in [(60, 20), (600, 30), (15, 40), (24, 24)] {
            let data = overlapping(n, 4, 2);
            let w: Vec<f64> = (0..n).map(|i| ((i % 7) as f64 + 1.0) / 3.0).collect();
            let learner = WElm {
                n_hidden,
                c: 100.0,
                weighting,
                seed: 11,
            };
            check(&data, &learner, None);
            check(&data, &learner, Some(&w));
        }
    }
}

#[test]
fn the_hidden_layer_is_sigmoid_of_an_affine_map() {
    let data = overlapping(20, 2, 2);
    let learner = WElm {
        n_hidden: 3,
        ..WElm::default()
    };
    let model = learner.fit(data.samples(), None).unwrap();
    let origin = fuzzysvm_core::Matrix::new(&[0.0, 0.0, 1.0, 0.0, 2.0, 0.0], 2).unwrap();
    let h = model.hidden_layer(origin).unwrap();
    let z: Vec<f64> = h.iter().map(|h| (h / (1.0 - h)).ln()).collect();
    for j in 0..3 {
        assert!(
            (0.0..1.0).contains(&z[j]),
            "b is uniform in [0, 1): {}",
            z[j]
        );
        let a = z[3 + j] - z[j];
        assert!(a.abs() <= 1.0, "a is uniform in [-1, 1): {a}");
        assert_relative_eq!(z[6 + j] - z[j], 2.0 * a, epsilon = 1e-12);
    }
}

#[test]
fn a_larger_layer_begins_with_the_smaller_one() {
    let data = overlapping(20, 3, 2);
    let hidden = |n_hidden| {
        let learner = WElm {
            n_hidden,
            ..WElm::default()
        };
        let model = learner.fit(data.samples(), None).unwrap();
        model.hidden_layer(data.view()).unwrap()
    };
    let (small, large) = (hidden(4), hidden(9));
    for (a, b) in small.chunks(4).zip(large.chunks(9)) {
        assert_eq!(a, &b[..4]);
    }
}

#[test]
fn no_price_is_too_high() {
    // At these the matrix is singular to working precision; with 60 units for 48 rows the training rows can be met.
    let data = overlapping(48, 4, 6);
    for n_hidden in [5, 60] {
        for exponent in [10, 30, 50, 90] {
            let learner = WElm {
                n_hidden,
                c: 2.0f64.powi(exponent),
                ..WElm::default()
            };
            let model = learner.fit(data.samples(), None).unwrap();
            let f = model.decision_function(data.view()).unwrap();
            let worst = f
                .iter()
                .zip(&data.y)
                .map(|(f, y)| (f - y.sign()).abs())
                .fold(0.0, f64::max);
            assert!(worst < 5.0, "L = {n_hidden}, C = 2^{exponent}: {worst}");
            if n_hidden == 60 && exponent == 50 {
                assert!(worst < 0.2, "{worst}");
            }
        }
    }
}
