//! Problems on which other codes run for ever, and problems that are none.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use fuzzysvm_qp::{
    DenseQ, DenseReference, DualProblem, QMatrix, QpSolver, Smo, SolveError, Status, laws,
};

fn gram(x: &[[f64; 2]], y: &[f64], k: impl Fn(f64) -> f64) -> DenseQ {
    let n = x.len();
    let entry = |i: usize, j: usize| y[i] * y[j] * k(x[i][0] * x[j][0] + x[i][1] * x[j][1]);
    DenseQ::new((0..n * n).map(|k| entry(k / n, k % n)).collect(), n).unwrap()
}

/// Inputs on which other SMO codes run for ever.
#[test]
fn hostile_problems_end_soon_and_say_how() {
    let clock = std::time::Instant::now();
    let y = [1.0, -1.0];
    let poly = gram(&[[1.0, 99999.0], [2.0, 99999.0]], &y, |d| d * d);
    let long: Vec<[f64; 2]> = (0..48)
        .map(|i| [f64::from(i % 7) * 1e-5, 1e5 * f64::from((i * i) % 11)])
        .collect();
    let y48: Vec<f64> = (0..48)
        .map(|i| if i % 3 == 0 { 1.0 } else { -1.0 })
        .collect();
    let linear = gram(&long, &y48, |d| d);
    let asymmetric = DenseQ::new(vec![1.0, 2.0, -3.0, 0.5, 1.0, 2.0, 7.0, -2.0, 1.0], 3).unwrap();
    let indefinite = DenseQ::new(vec![0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0], 3).unwrap();
    let y3 = [1.0, -1.0, 1.0];
    let cases: [(&str, &DenseQ, &[f64], f64); 6] = [
        ("poly", &poly, &y, 1.0),
        ("poly, hard margin", &poly, &y, 1e300),
        ("linear", &linear, &y48, 1.0),
        ("linear, hard margin", &linear, &y48, 1e300),
        ("asymmetric", &asymmetric, &y3, 1.0),
        ("indefinite", &indefinite, &y3, 1.0),
    ];
    for (name, q, y, c) in cases {
        for tol in [1e-3, 1e-12, 1e-300] {
            let smo = Smo {
                tol,
                max_iter: Some(1_000_000),
                ..Smo::default()
            };
            let (p, upper) = (vec![-1.0; y.len()], vec![c; y.len()]);
            let problem = DualProblem::new(q, &p, y, 0.0, &upper).unwrap();
            match smo.solve(&problem, None) {
                Ok(s) => {
                    laws::feasible(&problem, &s).unwrap_or_else(|e| panic!("{name}: {e}"));
                    assert!(s.info.objective.is_finite() && s.rho.is_finite());
                    assert!(
                        (s.info.status == Status::Converged) == (s.info.kkt_gap <= tol),
                        "{name} at {tol}: {:?}",
                        s.info
                    );
                }
                Err(e) => assert!(matches!(e, SolveError::Overflow { .. }), "{name}: {e}"),
            }
        }
    }
    assert!(clock.elapsed().as_secs() < 10, "{:?}", clock.elapsed());
}

#[test]
fn negative_curvature_is_counted() {
    let q = DenseQ::new(vec![0.0, 2.0, 2.0, 0.0], 2).unwrap();
    let problem = DualProblem::new(&q, &[-1.0, -2.0], &[1.0, 1.0], 1.0, &[1.0; 2]).unwrap();
    let s = Smo::default().solve(&problem, Some(&[0.5, 0.5])).unwrap();
    assert!(s.info.negative_curvature > 0);
    assert_eq!(s.alpha, [0.0, 1.0]);
}

#[test]
fn broken_problems_are_named() {
    let q = DenseQ::new(vec![1.0, 0.0, 0.0, 1.0], 2).unwrap();
    let (p, y, c) = ([-1.0; 2], [1.0, -1.0], [1.0; 2]);
    let new = |p: &[f64], y: &[f64], delta, c: &[f64]| {
        DualProblem::new(&q, p, y, delta, c)
            .map(|_| ())
            .unwrap_err()
    };
    let named = |e: SolveError, expected: &str| assert_eq!(e.to_string(), expected);
    named(
        new(&p[..1], &y, 0.0, &c),
        "`p` has 1 entries, but Q has 2 rows",
    );
    named(
        new(&[0.0, f64::NAN], &y, 0.0, &c),
        "`p[1]` is NaN: must be finite",
    );
    named(
        new(&p, &[1.0, 0.5], 0.0, &c),
        "`y[1]` is 0.5: must be +1 or -1",
    );
    named(
        new(&p, &y, 0.0, &[-0.1, 1.0]),
        "`upper[0]` is -0.1: must be >= 0",
    );
    named(
        new(&p, &y, 0.0, &[f64::NAN, 1.0]),
        "`upper[0]` is NaN: must be >= 0",
    );
    named(
        new(&p, &y, 1.5, &c),
        "yᵀα = 1.5 cannot be met: the bounds allow -1 to 1",
    );
    named(
        new(&p, &y, f64::NAN, &c),
        "`delta[0]` is NaN: must be finite",
    );
    assert!(DenseQ::new(vec![1.0; 3], 2).is_err());
    let empty = DenseQ::new(vec![], 0).unwrap();
    assert!(matches!(
        DualProblem::new(&empty, &[], &[], 0.0, &[]),
        Err(SolveError::Empty)
    ));

    let problem = DualProblem::new(&q, &p, &y, 0.0, &c).unwrap();
    let start = |s: &[f64]| Smo::default().solve(&problem, Some(s)).unwrap_err();
    named(start(&[0.0]), "`start` has 1 entries, but Q has 2 rows");
    named(start(&[0.0, f64::NAN]), "`start[1]` is NaN: must be finite");
    for (smo, name) in [
        (
            Smo {
                tol: 0.0,
                ..Smo::default()
            },
            "tol",
        ),
        (
            Smo {
                tol: f64::NAN,
                ..Smo::default()
            },
            "tol",
        ),
        (
            Smo {
                tol: -1.0,
                ..Smo::default()
            },
            "tol",
        ),
        (
            Smo {
                cache_size: f64::INFINITY,
                ..Smo::default()
            },
            "cache_size",
        ),
        (
            Smo {
                cache_size: 0.0,
                ..Smo::default()
            },
            "cache_size",
        ),
        (
            Smo {
                max_iter: Some(0),
                ..Smo::default()
            },
            "max_iter",
        ),
    ] {
        match smo.solve(&problem, None) {
            Err(SolveError::Param(e)) => assert_eq!(e.name, name),
            other => panic!("{name}: {other:?}"),
        }
    }
    let large = DenseReference {
        max_variables: 1,
        ..DenseReference::default()
    };
    assert!(matches!(
        large.solve(&problem, None),
        Err(SolveError::TooLarge { n: 2, limit: 1 })
    ));
}

#[test]
fn rows_that_are_not_finite_are_named() {
    let (p, y, c) = ([-1.0; 2], [1.0, -1.0], [1.0; 2]);
    // Finite in double precision, too large for single.
    let q = DenseQ::new(vec![1.0, 1e39, 1e39, 1.0], 2).unwrap();
    let problem = DualProblem::new(&q, &p, &y, 0.0, &c).unwrap();
    for cache_size in [1e-9, 1.0] {
        let smo = Smo {
            cache_size,
            ..Smo::default()
        };
        assert_eq!(
            smo.solve(&problem, None),
            Err(SolveError::NotFinite { row: 0 })
        );
    }
    let q = DenseQ::new(vec![1.0, 0.0, f64::NAN, 1.0], 2).unwrap();
    let problem = DualProblem::new(&q, &p, &y, 0.0, &c).unwrap();
    for solver in [&Smo::default() as &dyn QpSolver, &DenseReference::default()] {
        assert_eq!(
            solver.solve(&problem, None),
            Err(SolveError::NotFinite { row: 1 })
        );
    }
    let q = DenseQ::new(vec![f64::INFINITY, 0.0, 0.0, 1.0], 2).unwrap();
    assert!(matches!(
        DualProblem::new(&q, &p, &y, 0.0, &c),
        Err(SolveError::NotFinite { row: 0 })
    ));
}

/// Places are of 32 bits, and the largest one means none.
#[test]
fn more_rows_than_places_are_refused_before_anything_is_read() {
    struct Endless;
    impl QMatrix for Endless {
        fn len(&self) -> usize {
            u32::MAX as usize
        }
        fn diagonal(&self) -> &[f64] {
            &[]
        }
        fn fill_rows(&self, _: &[u32], _: &mut [f64]) {}
    }
    assert_eq!(
        DualProblem::new(&Endless, &[], &[], 0.0, &[]).unwrap_err(),
        SolveError::TooLarge {
            n: 4_294_967_295,
            limit: 4_294_967_294
        }
    );
}
