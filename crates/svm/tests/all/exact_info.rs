//! Objective and gap that a fit reports are those of its model, computed again from α in double precision.

use fuzzysvm_core::Matrix;
use fuzzysvm_kernels::{Kernel, KernelKind, Laplacian, Rbf};
use fuzzysvm_qp::{Smo, Status};
use fuzzysvm_svm::{Svc, SvcModel};
use proptest::prelude::*;

/// Gap, objective, and the sizes of what they were added up from: Σ|α K| of the largest row, and Σ|α α K| + Σα.
fn recomputed(model: &SvcModel<KernelKind>, x: Matrix<'_>, y: &[f64], upper: &[f64]) -> [f64; 4] {
    let alpha = model.alpha();
    let (mut up, mut low, mut objective) = (f64::NEG_INFINITY, f64::INFINITY, 0.0);
    let (mut largest, mut size) = (0.0f64, 0.0);
    for i in 0..y.len() {
        let terms: Vec<f64> = (0..y.len())
            .filter(|&j| alpha[j] > 0.0)
            .map(|j| y[j] * alpha[j] * model.kernel.eval(x.row(i), x.row(j)))
            .collect();
        let output: f64 = terms.iter().sum();
        let magnitude: f64 = terms.iter().map(|t| t.abs()).sum();
        largest = largest.max(magnitude);
        size += alpha[i] * (magnitude + 1.0);
        objective += alpha[i] * (0.5 * y[i] * output - 1.0);
        let f = y[i] - output;
        let (can_rise, can_fall) = (alpha[i] < upper[i], alpha[i] > 0.0);
        if (y[i] > 0.0 && can_rise) || (y[i] < 0.0 && can_fall) {
            up = up.max(f);
        }
        if (y[i] > 0.0 && can_fall) || (y[i] < 0.0 && can_rise) {
            low = low.min(f);
        }
    }
    [(up - low).max(0.0), objective, largest, size]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn whatever_c_gamma_and_weights(
        log_c in -3.0f64..7.0, log_gamma in -4.0f64..1.0, n in 20usize..140, seed in 1u64..1_000_000,
        weighted: bool, laplacian: bool, working_set in prop_oneof![Just(None), Just(Some(16))],
    ) {
        let data = crate::common::overlapping(n, 3, seed);
        let train = data.samples();
        let (c, gamma) = (10f64.powf(log_c), 10f64.powf(log_gamma));
        let weights: Vec<f64> = (0..n)
            .map(|i| if weighted { 0.05 + (i * 37 % 101) as f64 / 101.0 } else { 1.0 })
            .collect();
        let kernel: KernelKind = if laplacian { Laplacian { gamma }.into() } else { Rbf { gamma }.into() };
        for verify in [true, false] {
            let solver = Smo { verify, working_set, max_iter: Some(300_000), ..Smo::default() };
            let model = Svc { c, kernel: kernel.clone(), solver }.fit_warm(train, Some(&weights), None).unwrap();
            let y: Vec<f64> = train.y().iter().map(|l| l.sign()).collect();
            let upper: Vec<f64> = weights.iter().map(|w| c * w).collect();
            let [gap, objective, largest, size] = recomputed(&model, train.x(), &y, &upper);
            let info = &model.info;
            // A gap is a difference of sums, an objective a sum of products of sums: neither is known better than
            // they round.
            let rounding = 1e-14 * largest;
            if verify {
                prop_assert!((gap - info.kkt_gap).abs() <= 1e-9 * gap + rounding, "{gap} {info:?}");
                prop_assert!(
                    (objective - info.objective).abs() <= 1e-9 * objective.abs() + 1e-15 * size,
                    "{objective} {info:?}"
                );
            }
            if info.status == Status::Converged {
                let tol = if verify { 1e-3 } else { 1.05e-3 };
                prop_assert!(gap <= tol + rounding, "verify {verify}: {gap} {info:?}");
            }
        }
    }
}
