//! The approximate classifier against the exact one, and what it refuses.

use crate::common::{Data, overlapping};
use fuzzysvm_core::laws;
use fuzzysvm_core::{Classifier, Label, Learner, Matrix, MatrixBuf, Samples};
use fuzzysvm_kernels::{
    FeatureMap, FeatureMapError, KernelKind, LandmarkDraw, Laplacian, Linear, Nystrom, Polynomial,
    RandomFourierFeatures, Rbf, Sigmoid,
};
use fuzzysvm_qp::{Smo, Status};
use fuzzysvm_svm::approx::{ApproxBasis, ApproxSvc, Approximation, MappedSamples};
use fuzzysvm_svm::{Svc, SvmError};

fn approx(c: f64, kernel: impl Into<KernelKind>, components: usize) -> ApproxSvc {
    ApproxSvc {
        c,
        kernel: kernel.into(),
        components,
        seed: 5,
        tol: 1e-9,
        ..ApproxSvc::default()
    }
}

fn exact(c: f64, kernel: impl Into<KernelKind>) -> Svc {
    Svc {
        c,
        kernel: kernel.into(),
        solver: Smo {
            tol: 1e-9,
            ..Smo::default()
        },
    }
}

fn close(a: &[f64], b: &[f64], tol: f64, what: &str) {
    assert_eq!(a.len(), b.len());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!(
            (a - b).abs() <= tol * (1.0 + a.abs()),
            "{what}: row {i}: {a} {b}"
        );
    }
}

#[test]
fn it_equals_the_linear_classifier_on_the_mapped_features() {
    for (n, seed) in [(60, 1), (300, 2)] {
        let data = overlapping(n, 3, seed);
        for c in [0.1, 1.0, 30.0, 1000.0] {
            for m in [5, 25] {
                let kernel = Rbf { gamma: 0.4 };
                let svc = approx(c, kernel, m);
                let model = svc.fit(data.samples(), Some(&data.w)).unwrap();
                assert_eq!(model.info.status, Status::Converged, "{c} {m}");
                let ApproxBasis::Nystrom { landmarks } = &model.basis else {
                    unreachable!()
                };
                let map = Nystrom::from_landmarks(kernel, landmarks.view()).unwrap();
                let mut z = vec![0.0; n * map.n_components()];
                map.transform(data.x.view(), &mut z);
                let z = MatrixBuf::new(z, map.n_components()).unwrap();
                let samples = Samples::new(z.view(), &data.y).unwrap();
                let linear = exact(c, Linear).fit(samples, Some(&data.w)).unwrap();
                assert_eq!(linear.info.status, Status::Converged);
                let dual = -linear.info.objective;
                let gap = (model.info.primal - dual).abs() / dual;
                assert!(
                    gap < 1e-6,
                    "n {n} C {c} M {m}: {} {dual}",
                    model.info.primal
                );
                close(
                    &model.decision_function(data.x.view()).unwrap(),
                    &linear.decision_function(z.view()).unwrap(),
                    2e-3,
                    &format!("n {n} C {c} M {m}"),
                );
            }
        }
    }
}

#[test]
fn with_every_sample_a_landmark_it_is_the_exact_classifier() {
    let data = overlapping(150, 3, 4);
    let kernels: [KernelKind; 4] = [
        Rbf { gamma: 0.5 }.into(),
        Linear.into(),
        Laplacian { gamma: 0.3 }.into(),
        Polynomial {
            degree: 2,
            gamma: 0.5,
            coef0: 1.0,
        }
        .into(),
    ];
    for kernel in kernels {
        for c in [0.5, 20.0] {
            let model = approx(c, kernel.clone(), 150)
                .fit(data.samples(), Some(&data.w))
                .unwrap();
            let svc = exact(c, kernel.clone())
                .fit(data.samples(), Some(&data.w))
                .unwrap();
            let dual = -svc.info.objective;
            let what = format!("{} C {c}", kernel.name());
            assert!((model.info.primal - dual).abs() < 1e-5 * dual, "{what}");
            assert!(model.info.dual <= dual * (1.0 + 1e-5), "{what}");
            close(
                &model.decision_function(data.x.view()).unwrap(),
                &svc.decision_function(data.x.view()).unwrap(),
                5e-3,
                &what,
            );
        }
    }
}

#[test]
fn the_coarse_start_changes_nothing_that_shows() {
    // Above 20,000 samples a sample of them is solved first.
    let data = overlapping(24_000, 2, 9);
    let svc = ApproxSvc {
        tol: 1e-7,
        ..approx(1.0, Rbf { gamma: 0.5 }, 30)
    };
    let model = svc.fit(data.samples(), Some(&data.w)).unwrap();
    assert_eq!(model.info.status, Status::Converged);
    assert!(model.info.duality_gap <= 1e-7);
    assert!(model.info.dual <= model.info.primal);
}

#[test]
fn the_same_bits_for_any_number_of_threads_and_for_the_same_seed() {
    let data = overlapping(5000, 4, 3);
    for approximation in [Approximation::default(), Approximation::Fourier] {
        let svc = ApproxSvc {
            approximation,
            tol: 1e-4,
            ..approx(2.0, Rbf { gamma: 0.3 }, 150)
        };
        let with = |threads: usize| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| svc.fit(data.samples(), Some(&data.w)).unwrap())
        };
        let one = with(1);
        assert_eq!(one, with(2));
        assert_eq!(one, with(5));
        let other = ApproxSvc { seed: 6, ..svc }
            .fit(data.samples(), Some(&data.w))
            .unwrap();
        assert_ne!(one.coef, other.coef);
        laws::rows_are_scored_alone(&one, overlapping(40, 4, 8).samples()).unwrap();
    }
}

#[test]
fn weights_are_honoured() {
    let data = overlapping(80, 2, 11);
    // A linear kernel has the same map, up to a rotation, whatever its landmarks.
    let svc = approx(2.0, Linear, 20);
    let counts: Vec<usize> = (0..80).map(|i| i % 4).collect();
    laws::weight_is_repetition(&svc, data.samples(), &counts, 1e-3).unwrap();
    laws::no_weight_is_weight_one(&svc, data.samples(), 1e-12).unwrap();
    let reversed: Vec<usize> = (0..80).rev().collect();
    laws::order_does_not_matter(&svc, data.samples(), &data.w, &reversed, 1e-3).unwrap();
    // Weight t is C t.
    let t: Vec<f64> = data.w.iter().map(|w| 4.0 * w).collect();
    let a = svc.fit(data.samples(), Some(&t)).unwrap();
    let b = approx(8.0, Linear, 20)
        .fit(data.samples(), Some(&data.w))
        .unwrap();
    assert_eq!(a.coef, b.coef);
    // Weight 0 is the row removed, landmarks included.
    let svc = approx(2.0, Rbf { gamma: 0.5 }, 20);
    let mut w = data.w.clone();
    w[..30].fill(0.0);
    let a = svc.fit(data.samples(), Some(&w)).unwrap();
    let rest = Samples::new(data.x.view().slice_rows(30, 80), &data.y[30..]).unwrap();
    let b = svc.fit(rest, Some(&w[30..])).unwrap();
    assert_eq!(
        (a.coef, a.intercept, a.n_samples),
        (b.coef, b.intercept, 80)
    );
}

#[test]
fn random_features_come_close_to_the_exact_classifier() {
    let data = overlapping(200, 2, 21);
    let svc = exact(1.0, Rbf { gamma: 0.3 })
        .fit(data.samples(), None)
        .unwrap();
    let truth = svc.decision_function(data.x.view()).unwrap();
    let error = |m: usize| {
        let svc = ApproxSvc {
            approximation: Approximation::Fourier,
            ..approx(1.0, Rbf { gamma: 0.3 }, m)
        };
        let model = svc.fit(data.samples(), None).unwrap();
        let found = model.decision_function(data.x.view()).unwrap();
        let squares = found.iter().zip(&truth).map(|(a, b)| (a - b).powi(2));
        (squares.sum::<f64>() / 200.0).sqrt()
    };
    let (few, many) = (error(20), error(1000));
    assert!(many < 0.15 && many < 0.5 * few, "{few} {many}");
}

#[test]
fn what_cannot_be_fitted_is_refused_in_words() {
    let data = overlapping(12, 2, 1);
    let base = approx(1.0, Rbf { gamma: 1.0 }, 4);
    let rff = |kernel: KernelKind| ApproxSvc {
        approximation: Approximation::Fourier,
        kernel,
        ..base.clone()
    };
    let with = |c: f64, components: usize, tol: f64| ApproxSvc {
        c,
        components,
        tol,
        ..base.clone()
    };
    let cases: [(ApproxSvc, &str); 13] = [
        (with(1.0, usize::MAX, 1e-3), "at most 32768"),
        (
            with(1.0, 0, 1e-3),
            "`components` is 0: must be at least 1 and",
        ),
        (with(1.0, 13, 1e-3), "13 components need as many samples"),
        (with(0.0, 4, 1e-3), "`c` is 0"),
        (with(-1.0, 4, 1e-3), "`c` is -1"),
        (with(f64::NAN, 4, 1e-3), "`c` is NaN"),
        (with(f64::INFINITY, 4, 1e-3), "`c` is inf"),
        (with(1.0, 4, 0.0), "`tol` is 0"),
        (with(f64::MAX, 4, 1e-3), "must stay finite"),
        (rff(Linear.into()), "need the rbf kernel, not linear"),
        (rff(Rbf { gamma: -1.0 }.into()), "`gamma` is -1"),
        (approx(1.0, Rbf { gamma: f64::NAN }, 4), "`gamma` is NaN"),
        (
            approx(
                1.0,
                Sigmoid {
                    gamma: 3.0,
                    coef0: -2.0,
                },
                12,
            ),
            "not positive semidefinite",
        ),
    ];
    for (svc, words) in cases {
        let error = svc.fit(data.samples(), None).unwrap_err().to_string();
        assert!(error.contains(words), "{error}, not {words}");
    }
    // Weights, classes, overflow.
    let mut w = vec![1.0; 12];
    w[3] = -1.0;
    assert!(matches!(
        base.fit(data.samples(), Some(&w)),
        Err(SvmError::Weight(_))
    ));
    w[3] = 0.0;
    let full = ApproxSvc {
        components: 12,
        ..base.clone()
    };
    assert_eq!(
        full.fit(data.samples(), Some(&w)),
        Err(SvmError::FeatureMap(FeatureMapError::TooManyComponents {
            components: 12,
            n_samples: 11
        }))
    );
    let y = [Label::Negative; 12];
    let one = Samples::new(data.x.view(), &y).unwrap();
    assert!(matches!(base.fit(one, None), Err(SvmError::Samples(_))));
    let large: Vec<f64> = (0..12).map(|i| 1e200 * f64::from(i - 6)).collect();
    let large = Matrix::new(&large, 1).unwrap();
    let large = Samples::new(large, &data.y).unwrap();
    assert!(matches!(
        approx(1.0, Linear, 4).fit(large, None),
        Err(SvmError::KernelOverflow { .. })
    ));
    let model = base.fit(data.samples(), None).unwrap();
    let narrow = Matrix::new(&[1.0], 1).unwrap();
    assert!(model.decision_function(narrow).is_err());
}

#[test]
fn extreme_settings_end_without_a_panic() {
    let data = overlapping(60, 2, 2);
    for c in [1e-300, 1e-12, 1e12, 1e100, 1e300] {
        for gamma in [1e-9, 1.0, 1e6] {
            let svc = ApproxSvc {
                tol: 1e-3,
                ..approx(c, Rbf { gamma }, 30)
            };
            // An honest status or a typed error.
            if let Ok(model) = svc.fit(data.samples(), None) {
                assert!(
                    model.decision_function(data.x.view()).is_ok(),
                    "C {c} gamma {gamma}"
                );
                let gap = model.info.duality_gap <= 1e-3;
                assert_eq!(
                    gap,
                    model.info.status == Status::Converged,
                    "C {c} gamma {gamma}"
                );
            }
        }
    }
    // The iteration limit is kept and reported.
    let svc = ApproxSvc {
        max_iter: 1,
        ..approx(10.0, Rbf { gamma: 1.0 }, 30)
    };
    let model = svc.fit(data.samples(), None).unwrap();
    assert_eq!(model.info.status, Status::MaxIterations);
    assert_eq!(model.info.iterations, 1);
    // Constant features, contradicting duplicates.
    let constant = Data {
        x: MatrixBuf::new(vec![3.0; 60], 1).unwrap(),
        y: data.y.clone(),
        w: data.w.clone(),
    };
    for draw in [LandmarkDraw::Uniform, LandmarkDraw::Balanced] {
        let svc = ApproxSvc {
            approximation: Approximation::Nystrom { landmarks: draw },
            ..approx(1.0, Rbf { gamma: 1.0 }, 10)
        };
        let model = svc.fit(constant.samples(), Some(&constant.w)).unwrap();
        assert_eq!(model.coef.len(), 1);
        assert_eq!(model.info.status, Status::Converged);
    }
}

#[test]
fn mapped_samples_serve_many_fits() {
    let data = overlapping(120, 2, 6);
    let svc = approx(3.0, Rbf { gamma: 0.5 }, 40);
    let mapped = MappedSamples::new(&svc, data.samples()).unwrap();
    let shared = mapped.fit(3.0, Some(&data.w)).unwrap();
    assert_eq!(shared, svc.fit(data.samples(), Some(&data.w)).unwrap());
    assert!(mapped.fit(-1.0, None).is_err());
    // The map of the same frequencies read back is the same map.
    let map = RandomFourierFeatures::new(0.5, 2, 7, 1).unwrap();
    let back = RandomFourierFeatures::from_parts(map.frequencies().clone(), map.phases().to_vec())
        .unwrap();
    assert_eq!(map, back);
}
