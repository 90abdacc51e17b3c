//! The learner: laws, worked examples and hostile samples.

use crate::common::{Data, overlapping};
use fuzzysvm_core::{
    Classifier, Label, Learner, Matrix, MatrixBuf, PredictError, Samples, SamplesError,
    WeightError, laws,
};
use fuzzysvm_kernels::{
    Kernel, KernelKind, Laplacian, Linear, Polynomial, Precomputed, Rbf, Sigmoid,
};
use fuzzysvm_qp::{DenseReference, Precision, Smo, Status};
use fuzzysvm_svm::{Svc, SvcModel, SvmError};
use proptest::prelude::*;
use std::sync::Arc;

fn precise<K: Kernel>(c: f64, kernel: K) -> Svc<K> {
    let solver = Smo {
        tol: 1e-10,
        ..Smo::default()
    };
    Svc { c, kernel, solver }
}

fn kernels() -> Vec<KernelKind> {
    vec![
        Linear.into(),
        Rbf { gamma: 0.3 }.into(),
        Laplacian { gamma: 0.2 }.into(),
        Polynomial {
            degree: 2,
            gamma: 0.5,
            coef0: 1.0,
        }
        .into(),
        Sigmoid {
            gamma: 0.05,
            coef0: 0.0,
        }
        .into(),
    ]
}

/// scikit-learn's test_svm.py::test_libsvm_iris's little sibling: six points, two of them support.
#[test]
fn six_points_give_the_known_solution() {
    let x = [
        -2.0, -1.0, -1.0, -1.0, -1.0, -2.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0,
    ];
    let x = Matrix::new(&x, 2).unwrap();
    let y = [[Label::Negative; 3], [Label::Positive; 3]].concat();
    let model = Svc::linear(1.0)
        .fit(Samples::new(x, &y).unwrap(), None)
        .unwrap();
    assert_eq!(model.support, [1, 3]);
    assert_eq!(model.dual_coef, [-0.25, 0.25]);
    assert_eq!(
        model.support_vectors.view().as_slice(),
        [-1.0, -1.0, 1.0, 1.0]
    );
    assert_eq!(model.intercept, 0.0);
    assert_eq!(model.n_support, [1, 1]);
    assert_eq!(model.info.objective, -0.25);
    let probe = Matrix::new(&[-1.0, -1.0, 2.0, 2.0, 3.0, 2.0], 2).unwrap();
    assert_eq!(
        model.predict(probe).unwrap(),
        [Label::Negative, Label::Positive, Label::Positive]
    );
    assert_eq!(model.decision_function(probe).unwrap(), [-1.0, 2.0, 2.5]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_laws_of_weights_hold(
        seed in 0u64..1000,
        n in 12usize..40,
        kernel in 0usize..3,
        c in 0.1f64..20.0,
    ) {
        let data = overlapping(n, 3, seed);
        let svc = precise(c, kernels()[kernel].clone());
        let counts: Vec<usize> = (0..n).map(|i| if i < 4 { 1 } else { (i * 7 + seed as usize) % 4 }).collect();
        let permutation: Vec<usize> = (0..n).rev().collect();
        // A linear kernel of rank 3 leaves the dual solution open, never the decision values.
        laws::weight_is_repetition(&svc, data.samples(), &counts, 1e-6).unwrap();
        laws::no_weight_is_weight_one(&svc, data.samples(), 0.0).unwrap();
        laws::order_does_not_matter(&svc, data.samples(), &data.w, &permutation, 1e-6).unwrap();
    }

    #[test]
    fn a_constant_weight_is_a_factor_of_c(seed in 0u64..1000, t in 0.01f64..100.0) {
        let data = overlapping(30, 2, seed);
        let kernel = Rbf { gamma: 0.5 };
        let weighted = precise(2.0, kernel).fit(data.samples(), Some(&[t; 30])).unwrap();
        let scaled = precise(2.0 * t, kernel).fit(data.samples(), None).unwrap();
        prop_assert_eq!(weighted, scaled);
    }

    #[test]
    fn a_row_is_scored_alone(seed in 0u64..1000, kernel in 0usize..5) {
        let data = overlapping(90, 3, seed);
        let svc = Svc { kernel: kernels()[kernel].clone(), ..Svc::default() };
        let model = svc.fit(data.samples(), Some(&data.w)).unwrap();
        laws::rows_are_scored_alone(&model, data.samples()).unwrap();
    }
}

#[test]
fn the_decision_follows_from_the_published_fields() {
    let data = overlapping(60, 4, 1);
    for kernel in kernels() {
        let model = Svc {
            kernel,
            ..Svc::default()
        }
        .fit(data.samples(), Some(&data.w))
        .unwrap();
        let decision = model.decision_function(data.x.view()).unwrap();
        for (row, value) in data.x.view().rows().zip(decision) {
            let by_hand: f64 = model
                .support_vectors
                .view()
                .rows()
                .zip(&model.dual_coef)
                .map(|(sv, c)| c * model.kernel.eval(row, sv))
                .sum();
            approx::assert_relative_eq!(
                by_hand + model.intercept,
                value,
                max_relative = 1e-12,
                epsilon = 1e-12
            );
        }
        assert_eq!(
            model.support_vectors,
            data.x.view().select_rows(&model.support)
        );
        let sum: f64 = model.dual_coef.iter().sum();
        assert!(sum.abs() < 1e-12);
        for (&i, c) in model.support.iter().zip(&model.dual_coef) {
            assert_eq!(Label::from_sign(*c), data.y[i]);
            assert!(c.abs() <= data.w[i]);
        }
    }
}

#[test]
fn the_dense_reference_learns_the_same_classifier() {
    let data = overlapping(60, 3, 2);
    let kernel = Rbf { gamma: 0.4 };
    let a = precise(3.0, kernel)
        .fit(data.samples(), Some(&data.w))
        .unwrap();
    let b = Svc {
        c: 3.0,
        kernel,
        solver: DenseReference::default(),
    }
    .fit(data.samples(), Some(&data.w))
    .unwrap();
    let (a, b) = (
        a.decision_function(data.x.view()).unwrap(),
        b.decision_function(data.x.view()).unwrap(),
    );
    for (a, b) in a.iter().zip(&b) {
        approx::assert_abs_diff_eq!(a, b, epsilon = 1e-5);
    }
}

#[test]
fn weight_zero_leaves_before_the_solver_and_support_counts_the_callers_rows() {
    let data = overlapping(40, 2, 3);
    let mut w = data.w.clone();
    let gone = [1, 2, 7, 20, 33];
    gone.iter().for_each(|&i| w[i] = 0.0);
    let kept: Vec<usize> = (0..40).filter(|i| !gone.contains(i)).collect();
    let x = data.x.view().select_rows(&kept);
    let y: Vec<Label> = kept.iter().map(|&i| data.y[i]).collect();
    let v: Vec<f64> = kept.iter().map(|&i| w[i]).collect();
    let svc = Svc::rbf(1.0, 0.5);
    let all = svc.fit(data.samples(), Some(&w)).unwrap();
    let without = svc
        .fit(Samples::new(x.view(), &y).unwrap(), Some(&v))
        .unwrap();
    let renamed: Vec<usize> = without.support.iter().map(|&i| kept[i]).collect();
    assert_eq!(all.support, renamed);
    assert_eq!(all.dual_coef, without.dual_coef);
    assert_eq!(all.n_samples, 40);
}

#[test]
fn a_warm_start_changes_the_time_and_not_the_model() {
    let data = overlapping(200, 4, 4);
    let first = precise(1.0, Rbf { gamma: 0.3 })
        .fit(data.samples(), Some(&data.w))
        .unwrap();
    let svc = precise(4.0, Rbf { gamma: 0.3 });
    let cold = svc.fit(data.samples(), Some(&data.w)).unwrap();
    let warm = svc
        .fit_warm(data.samples(), Some(&data.w), Some(&first.alpha()))
        .unwrap();
    let again = svc
        .fit_warm(data.samples(), Some(&data.w), Some(&cold.alpha()))
        .unwrap();
    assert!(again.info.iterations * 4 < cold.info.iterations);
    for other in [&warm, &again] {
        approx::assert_relative_eq!(
            other.info.objective,
            cold.info.objective,
            max_relative = 1e-9
        );
        approx::assert_abs_diff_eq!(other.intercept, cold.intercept, epsilon = 1e-6);
    }
    assert!(matches!(
        svc.fit_warm(data.samples(), None, Some(&[0.0])),
        Err(SvmError::StartLength {
            n_rows: 200,
            n_start: 1
        })
    ));
}

#[test]
fn a_shared_kernel_and_a_precomputed_gram_give_the_same_model() {
    let data = overlapping(50, 3, 5);
    let kernel = Rbf { gamma: 0.5 };
    let plain = precise(2.0, kernel)
        .fit(data.samples(), Some(&data.w))
        .unwrap();
    let shared: Arc<dyn Kernel> = Arc::new(kernel);
    let through = precise(2.0, shared)
        .fit(data.samples(), Some(&data.w))
        .unwrap();
    assert_eq!(plain.dual_coef, through.dual_coef);

    let mut gram = vec![0.0; 2500];
    kernel.eval_block(data.x.view(), data.x.view(), &mut gram);
    let rows: Vec<f64> = (0..50).map(f64::from).collect();
    let rows = Matrix::new(&rows, 1).unwrap();
    let precomputed = Precomputed::new(MatrixBuf::new(gram, 50).unwrap()).unwrap();
    let svc = precise(2.0, KernelKind::from(precomputed));
    let by_index = svc
        .fit(Samples::new(rows, &data.y).unwrap(), Some(&data.w))
        .unwrap();
    assert_eq!(plain.dual_coef, by_index.dual_coef);
    assert_eq!(
        plain.decision_function(data.x.view()).unwrap(),
        by_index.decision_function(rows).unwrap()
    );
    let beyond = Matrix::new(&[50.0], 1).unwrap();
    assert!(matches!(
        by_index.decision_function(beyond),
        Err(PredictError::NotFinite { row: 0, .. })
    ));
    let bad = Matrix::new(&[0.5, 1.0], 1).unwrap();
    let y = [Label::Positive, Label::Negative];
    assert!(matches!(
        svc.fit(Samples::new(bad, &y).unwrap(), None),
        Err(SvmError::Kernel(_))
    ));
}

#[test]
fn threads_do_not_show_in_the_result() {
    let data = overlapping(700, 5, 6);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let model = Svc::rbf(5.0, 0.2)
                .fit(data.samples(), Some(&data.w))
                .unwrap();
            let decision = model.decision_function(data.x.view()).unwrap();
            (model, decision)
        })
    };
    assert_eq!(with(1), with(3));
}

/// Small and hostile; numbers of the table in the notes on other implementations.
#[test]
fn hostile_samples_end_in_a_finite_model_or_a_typed_error() {
    let two = |a: f64, b: f64, c: f64, d: f64| Data {
        x: MatrixBuf::new(vec![a, b, c, d], 2).unwrap(),
        y: vec![Label::Positive, Label::Negative],
        w: vec![1.0; 2],
    };
    let fit = |data: &Data, kernel: KernelKind, c: f64| {
        let solver = Smo {
            max_iter: Some(2_000_000),
            ..Smo::default()
        };
        Svc { c, kernel, solver }.fit(data.samples(), Some(&data.w))
    };
    let rbf = |gamma| KernelKind::from(Rbf { gamma });
    let linear = || KernelKind::from(Linear);
    let poly = || {
        KernelKind::from(Polynomial {
            degree: 2,
            gamma: 1.0,
            coef0: 0.0,
        })
    };
    // 3: overflow in the kernel.
    let huge = two(1e308, 1e308, -1e308, 1e307);
    assert!(matches!(
        fit(&huge, linear(), 1.0),
        Err(SvmError::KernelOverflow { row: 0 })
    ));
    let model = fit(&huge, rbf(1.0), 1.0).unwrap();
    assert!(
        model
            .decision_function(huge.x.view())
            .unwrap()
            .iter()
            .all(|v| v.is_finite())
    );
    // 4 and 11: denormal and constant features.
    for v in [1e-200, 5e-324, 3.0] {
        let model = fit(&two(v, v, v, v), rbf(1.0), 1.0).unwrap();
        assert_eq!(model.info.status, Status::Converged);
    }
    // 8 and 12: one row per class; identical rows that contradict each other.
    let twin = two(1.0, 2.0, 1.0, 2.0);
    let model = fit(&twin, rbf(1.0), 1.0).unwrap();
    assert_eq!(model.decision_function(twin.x.view()).unwrap(), [0.0, 0.0]);
    assert_eq!(model.dual_coef, [1.0, -1.0]);
    // 25 and 26: other implementations run for ever.
    for c in [1.0, 1e10, 1e300] {
        let model = fit(&two(1.0, 99999.0, 2.0, 99999.0), poly(), c).unwrap();
        assert!(model.decision_function(twin.x.view()).unwrap()[0].is_finite());
        fit(&two(1.0, 1e5, 2.0, -3e5), linear(), c).unwrap();
    }
    // 19, 21, 22: weights and C near the ends of the range.
    let mut tiny = two(0.0, 1.0, 2.0, 3.0);
    for w in [1e-12, 1e-310] {
        tiny.w = vec![w; 2];
        let model = fit(&tiny, rbf(1.0), 1.0).unwrap();
        assert_eq!(model.dual_coef, [w, -w]);
    }
    tiny.w = vec![1.0; 2];
    fit(&tiny, rbf(1.0), 1e300).unwrap();
    fit(&tiny, rbf(1.0), 1e-300).unwrap();
    fit(&tiny, rbf(1e300), 1.0).unwrap();
    // Weights so small that C s_i is 0: nothing is learnt, and that is said.
    let empty = fit(
        &Data {
            w: vec![1e-300; 2],
            ..two(0.0, 1.0, 2.0, 3.0)
        },
        rbf(1.0),
        1e-300,
    )
    .unwrap();
    assert_eq!(empty.n_support, [0, 0]);
    assert_eq!(empty.decision_function(twin.x.view()).unwrap(), [0.0, 0.0]);
}

#[test]
fn parameters_and_samples_out_of_range_are_named() {
    let data = overlapping(12, 2, 7);
    let param = |svc: Svc<Rbf>| match svc.fit(data.samples(), None) {
        Err(SvmError::Param(e)) => e.name,
        other => panic!("{other:?}"),
    };
    for c in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(param(Svc::rbf(c, 1.0)), "c");
    }
    for gamma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(param(Svc::rbf(1.0, gamma)), "gamma");
    }
    for tol in [0.0, -1.0, f64::NAN] {
        let solver = Smo {
            tol,
            ..Smo::default()
        };
        assert_eq!(
            param(Svc {
                solver,
                ..Svc::rbf(1.0, 1.0)
            }),
            "tol"
        );
    }
    let svc = Svc::rbf(1.0, 1.0);
    let one = [Label::Positive; 12];
    assert!(matches!(
        svc.fit(Samples::new(data.x.view(), &one).unwrap(), None),
        Err(SvmError::Samples(SamplesError::OneClass {
            present: Label::Positive,
            n: 12
        }))
    ));
    let weight = |w: &[f64]| svc.fit(data.samples(), Some(w)).map(|_| ()).unwrap_err();
    let with = |i: usize, v: f64| {
        let mut w = vec![1.0; 12];
        w[i] = v;
        w
    };
    for bad in [f64::NAN, -1.0, f64::INFINITY] {
        let found = weight(&with(5, bad));
        assert!(matches!(
            found,
            SvmError::Weight(WeightError::Invalid { row: 5, .. })
        ));
    }
    assert!(matches!(
        weight(&[0.0; 12]),
        SvmError::Weight(WeightError::MissingClass { .. })
    ));
    let negatives: Vec<f64> = data
        .y
        .iter()
        .map(|l| f64::from(u8::from(!l.is_positive())))
        .collect();
    assert!(matches!(
        weight(&negatives),
        SvmError::Weight(WeightError::MissingClass {
            class: Label::Positive
        })
    ));
    assert!(matches!(
        weight(&[1.0; 3]),
        SvmError::Weight(WeightError::LengthMismatch {
            n_rows: 12,
            n_weights: 3
        })
    ));
    let model = svc.fit(data.samples(), None).unwrap();
    let wide = Matrix::new(&[1.0; 3], 3).unwrap();
    assert_eq!(
        model.decision_function(wide),
        Err(PredictError::FeatureCount {
            expected: 2,
            found: 3
        })
    );
    assert_eq!(
        model.decision_function(Matrix::new(&[], 2).unwrap()),
        Ok(vec![])
    );
}

#[test]
fn an_iteration_cap_gives_a_model_that_says_so() {
    let data = overlapping(300, 3, 8);
    let solver = Smo {
        max_iter: Some(10),
        ..Smo::default()
    };
    let model = Svc {
        solver,
        ..Svc::rbf(10.0, 0.5)
    }
    .fit(data.samples(), None)
    .unwrap();
    assert_eq!(model.info.status, Status::MaxIterations);
    assert!(model.info.kkt_gap > 1e-3);
    // A tolerance below what the arithmetic can give ends all the same.
    let solver = Smo {
        tol: 1e-300,
        precision: Precision::Double,
        ..Smo::default()
    };
    let model = Svc {
        solver,
        ..Svc::rbf(1.0, 0.5)
    }
    .fit(data.samples(), None)
    .unwrap();
    assert!(
        model.info.status == Status::Stalled || model.info.kkt_gap == 0.0,
        "{:?}",
        model.info
    );
}

/// Where x·x is out of range the sum of kernel values is what counts: it is right, or refused.
#[test]
fn linear_decisions_of_huge_rows_are_right_or_refused() {
    let vectors = MatrixBuf::new(vec![1.0, 2.0], 1).unwrap();
    let model =
        SvcModel::from_parts(Linear, vec![0, 1], vectors, vec![1.0, -0.25], 0.0, 2).unwrap();
    let decide = |x: f64| model.decision_function(Matrix::new(&[x], 1).unwrap());
    assert_eq!(decide(1e200).unwrap(), [5e199]);
    // x·2 is no number that there is.
    let refused = |found| matches!(found, Err(PredictError::NotFinite { row: 0, .. }));
    assert!(refused(decide(1e308)));

    // The same of huge support vectors, whose weighted sum 1e150 is a usual number.
    let vectors = MatrixBuf::new(vec![1e160], 1).unwrap();
    let model = SvcModel::from_parts(Linear, vec![0], vectors, vec![1e-10], 0.0, 1).unwrap();
    let decide = |x: f64| model.decision_function(Matrix::new(&[x], 1).unwrap());
    assert!(refused(decide(1e150)));
    assert_eq!(decide(1e100).unwrap(), [1e160 * 1e100 * 1e-10]);
}

/// One decision, by hand, where the support vectors can be put together beforehand and where that sum is no number.
#[test]
fn linear_decisions_are_those_of_the_kernel_values() {
    let decide = |vectors: &[f64], coef: &[f64], x: f64| {
        let vectors = MatrixBuf::new(vectors.to_vec(), 1).unwrap();
        let rows = (0..coef.len()).collect();
        let model = SvcModel::from_parts(Linear, rows, vectors, coef.to_vec(), 0.5, coef.len());
        let decide = |x: &[f64]| {
            let decisions = model
                .as_ref()
                .unwrap()
                .decision_function(Matrix::new(x, 1).unwrap());
            decisions.unwrap()
        };
        let alone = decide(&[x]);
        assert_eq!(decide(&[x; 100]), [alone[0]; 100]);
        alone[0]
    };
    assert_eq!(decide(&[1e10, 1.0, 1e10], &[1.0, 1.0, -1.0], 4.0), 4.5);
    assert_eq!(decide(&[1e200], &[1e150], 1e-200), 1e200 * 1e-200 * 1e150);
    assert_eq!(
        decide(&[1e-200], &[-1e-150], 1e200),
        -1e-200 * 1e200 * 1e-150 + 0.5
    );
}
