//! Variables that go far and come back: what the gradient lost on the way must not pass for a solution.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use fuzzysvm_qp::{DenseQ, DualProblem, QpSolver, Smo, Status};

const X: [[f64; 2]; 10] = [
    [-8.7, 2.1],
    [-11.5, -11.5],
    [-1.6, 0.0],
    [0.0, 0.0],
    [0.0, 0.0],
    [0.0, 0.0],
    [1.1, -11.5],
    [-11.5, 0.0],
    [0.0, 0.0],
    [0.0, 0.0],
];
const Y: [f64; 10] = [1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, -1.0];

/// The matrix of tanh(x·z / 8 + 1), which is not positive semidefinite: rows 0 and 1 have a direction without curvature.
fn matrix() -> Vec<f64> {
    let entry = |i: usize, j: usize| {
        let dot = X[i][0] * X[j][0] + X[i][1] * X[j][1];
        Y[i] * Y[j] * (dot / 8.0 + 1.0).tanh()
    };
    (0..100).map(|k| entry(k / 10, k % 10)).collect()
}

/// m(α) − M(α) by its definition (Chang & Lin 2011, eq. 11), and what rounding may do to it.
fn gap(q: &[f64], upper: &[f64], alpha: &[f64]) -> (f64, f64) {
    let (mut up, mut low, mut size) = (f64::NEG_INFINITY, f64::INFINITY, 1.0_f64);
    for i in 0..10 {
        let terms = || (0..10).map(|j| q[10 * i + j] * alpha[j]);
        let value = -Y[i] * (terms().sum::<f64>() - 1.0);
        size = size.max(terms().map(f64::abs).sum());
        let (grows, shrinks) = (alpha[i] < upper[i], alpha[i] > 0.0);
        if (Y[i] > 0.0 && grows) || (Y[i] < 0.0 && shrinks) {
            up = up.max(value);
        }
        if (Y[i] > 0.0 && shrinks) || (Y[i] < 0.0 && grows) {
            low = low.min(value);
        }
    }
    ((up - low).max(0.0), 64.0 * f64::EPSILON * size)
}

#[test]
fn what_was_rounded_away_on_the_way_is_no_solution() {
    let entries = matrix();
    let q = DenseQ::new(entries.clone(), 10).unwrap();
    let weights = [
        0.34375, 0.40625, 0.40625, 0.40625, 0.40625, 1.59375, 1.5625, 1.5625,
    ];
    for bound in [1.0, 1e8, 1e20, 1e100, 1e199] {
        let upper = [bound, bound].into_iter().chain(weights.map(|w| w / 8.0));
        let upper: Vec<f64> = upper.collect();
        let problem = DualProblem::new(&q, &[-1.0; 10], &Y, 0.0, &upper).unwrap();
        for (verify, shrinking) in [(false, true), (false, false), (true, false)] {
            let smo = Smo {
                verify,
                shrinking,
                max_iter: Some(10_000),
                ..Smo::default()
            };
            let solution = smo.solve(&problem, None).unwrap();
            let (gap, rounding) = gap(&entries, &upper, &solution.alpha);
            if solution.info.status == Status::Converged {
                assert!(gap <= 1.05 * smo.tol + rounding, "{bound} {smo:?}: {gap}");
            }
        }
    }
}
