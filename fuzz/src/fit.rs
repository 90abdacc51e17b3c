//! Any bytes as a small problem: a typed error, or a model with finite decision values whose dual variables are
//! feasible and, where the solver says so, optimal: the gap is computed again from the data in double precision.

use fuzzysvm::core::{Classifier as _, Label, Learner as _, Matrix, Samples};
use fuzzysvm::kernels::{KernelKind, Laplacian, Linear, Polynomial, Rbf, Sigmoid};
use fuzzysvm::qp::{Smo, Status};
use fuzzysvm::svm::Svc;

use super::supply::Supply;

/// What the solver may leave of rounding where nobody asks for an exact gap, as a share of `tol`.
const NOTICEABLE: f64 = 0.05;

/// Rounding errors of a kernel value or a sum of twelve of them, in units of 2⁻⁵²: many times what they are.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// Fits the problem.
pub fn check(bytes: &[u8]) {
    let mut from = Supply::new(bytes);
    let (n, d) = (2 + from.below(11), 1 + from.below(3));
    let gamma = scale(&mut from);
    let coef0 = from.one_of(&[0.0, 1.0, -1.0, 1e3]);
    let kernel = match from.below(5) {
        0 => KernelKind::from(Linear),
        1 => KernelKind::from(Rbf { gamma }),
        2 => KernelKind::from(Laplacian { gamma }),
        3 => KernelKind::from(Polynomial {
            degree: from.one_of(&[1, 2, 3, 5]),
            gamma,
            coef0,
        }),
        _ => KernelKind::from(Sigmoid { gamma, coef0 }),
    };
    let solver = Smo {
        tol: from.one_of(&[1e-3, 1e-1, 1e-5, 1e-9, 1e-14]),
        max_iter: Some(2_000),
        shrinking: from.below(2) == 0,
        verify: from.below(4) == 1,
        ..Smo::default()
    };
    let svc = Svc {
        c: scale(&mut from),
        kernel,
        solver,
    };
    let weighted = from.below(2) == 1;
    let (x, y) = from.samples(n, d);
    let weights: Vec<f64> = (0..n).map(|_| weight(&mut from)).collect();
    let weights = weighted.then_some(weights.as_slice());
    let Ok(matrix) = Matrix::new(&x, d) else {
        return;
    };
    let samples = Samples::new(matrix, &y).expect("as many labels as rows");
    let Ok(model) = svc.fit(samples, weights) else {
        return;
    };
    // A row of weight 0 is not fitted, and may be too large for the kernel.
    let rows: Vec<usize> = (0..n)
        .filter(|&i| weights.is_none_or(|w| w[i] > 0.0))
        .collect();
    let decisions = model.decision_function(matrix.select_rows(&rows).view());
    let decisions = decisions.unwrap_or_else(|e| panic!("{svc:?}: {e}"));
    assert!(decisions.iter().all(|f| f.is_finite()));
    let alpha = model.alpha();
    let upper: Vec<f64> = (0..n)
        .map(|i| svc.c * weights.map_or(1.0, |w| w[i]))
        .collect();
    let sum: f64 = alpha.iter().zip(&y).map(|(a, y)| a * y.sign()).sum();
    let total: f64 = alpha.iter().sum();
    // Every step rounds.
    let steps = f64::EPSILON * (64.0 + model.info.iterations as f64);
    assert!(sum.abs() <= steps * total, "{svc:?}: {sum} of {total}");
    assert!(
        alpha
            .iter()
            .zip(&upper)
            .all(|(a, u)| (0.0..=*u).contains(a))
    );
    if model.info.status == Status::Converged {
        let (gap, rounding) = gap(&svc.kernel, matrix, &y, &alpha, &upper);
        let most = (1.0 + NOTICEABLE) * svc.solver.tol + rounding;
        let info = &model.info;
        assert!(
            gap <= most,
            "{svc:?}: {alpha:?} {info:?}: gap {gap} where {most} is allowed"
        );
    }
}

/// A power of two, or what is nearly no number.
fn scale(from: &mut Supply<'_>) -> f64 {
    match from.byte() {
        255 => 1e300,
        254 => f64::MIN_POSITIVE,
        byte => 2f64.powi(i32::from(byte % 32) - 16),
    }
}

fn weight(from: &mut Supply<'_>) -> f64 {
    match from.byte() {
        255 => 1e200,
        254 => 1e-200,
        253 => f64::NAN,
        byte => f64::from(byte % 64) / 32.0,
    }
}

/// m(α) − M(α), and how far rounding may move it.
fn gap(
    kernel: &KernelKind,
    x: Matrix<'_>,
    y: &[Label],
    alpha: &[f64],
    upper: &[f64],
) -> (f64, f64) {
    let (mut up, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut rounding = 0.0_f64;
    for i in 0..y.len() {
        let (mut value, mut slack) = (y[i].sign(), 1.0);
        for j in (0..y.len()).filter(|&j| alpha[j] > 0.0) {
            let (k, error) = kernel_value(kernel, x.row(i), x.row(j));
            value -= alpha[j] * y[j].sign() * k;
            slack += alpha[j] * (k.abs() + error);
        }
        rounding = rounding.max(2.0 * ROUNDING * slack);
        // A sample of weight 0 is none.
        if upper[i] == 0.0 {
            continue;
        }
        let (grows, shrinks) = (alpha[i] < upper[i], alpha[i] > 0.0);
        let positive = y[i] == Label::Positive;
        if (positive && grows) || (!positive && shrinks) {
            up = up.max(value);
        }
        if (positive && shrinks) || (!positive && grows) {
            low = low.min(value);
        }
    }
    ((up - low).max(0.0), rounding)
}

/// The kernel by its formula, and the size of what is rounded on the way.
fn kernel_value(kernel: &KernelKind, x: &[f64], z: &[f64]) -> (f64, f64) {
    let sum =
        |term: fn(f64, f64) -> f64| -> f64 { x.iter().zip(z).map(|(a, b)| term(*a, *b)).sum() };
    let dot = sum(|a, b| a * b);
    let sizes = sum(|a, b| (a * b).abs());
    let squares = sum(|a, b| a * a + b * b);
    match kernel {
        KernelKind::Linear(_) => (dot, sizes),
        KernelKind::Rbf(k) => {
            let value = (-k.gamma * sum(|a, b| (a - b) * (a - b))).exp();
            (value, (value * k.gamma * squares).min(1.0))
        }
        KernelKind::Laplacian(k) => {
            let exponent = k.gamma * sum(|a, b| (a - b).abs());
            let value = (-exponent).exp();
            // An infinite exponent leaves no error: 0 · ∞ is none.
            (value, if value > 0.0 { exponent * value } else { 0.0 })
        }
        KernelKind::Polynomial(k) => {
            let (base, size) = (k.gamma * dot + k.coef0, k.gamma * sizes + k.coef0.abs());
            let power = |b: f64| (0..k.degree).fold(1.0, |p, _| p * b);
            (power(base), f64::from(k.degree) * power(size))
        }
        KernelKind::Sigmoid(k) => {
            let value = (k.gamma * dot + k.coef0).tanh();
            (value, k.gamma * sizes + k.coef0.abs())
        }
        other => unreachable!("{other:?} is not drawn"),
    }
}
