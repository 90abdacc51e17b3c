//! SMO against its laws, worked examples and hostile problems.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use fuzzysvm_qp::{
    DenseQ, DenseReference, DualProblem, Precision, QMatrix, QpSolver, Smo, SolveError, Status,
    laws,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

struct Random {
    q: DenseQ,
    p: Vec<f64>,
    y: Vec<f64>,
    upper: Vec<f64>,
    delta: f64,
}

impl Random {
    /// Q = signed Gram of random points, of rank at most d: singular where d < n.
    fn new(n: usize, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let d = rng.random_range(1..=6);
        let x: Vec<f64> = (0..n * d).map(|_| rng.random_range(-1.0..1.0)).collect();
        let y: Vec<f64> = (0..n)
            .map(|i| {
                if i == 0 || rng.random_bool(0.4) {
                    1.0
                } else {
                    -1.0
                }
            })
            .collect();
        let gamma = rng.random_range(0.05..3.0);
        let rbf = rng.random_bool(0.5);
        let mut q = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let (a, b) = (&x[i * d..(i + 1) * d], &x[j * d..(j + 1) * d]);
                let k = if rbf {
                    let d2: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
                    (-gamma * d2).exp()
                } else {
                    a.iter().zip(b).map(|(a, b)| a * b).sum()
                };
                q[i * n + j] = y[i] * y[j] * k;
            }
        }
        let upper: Vec<f64> = (0..n)
            .map(|_| match rng.random_range(0..8) {
                0 => 0.0,
                1 => 50.0,
                _ => rng.random_range(0.01..3.0),
            })
            .collect();
        let p = (0..n)
            .map(|_| {
                if rbf {
                    -1.0
                } else {
                    rng.random_range(-2.0..1.0)
                }
            })
            .collect();
        let mut delta = 0.0;
        if rng.random_bool(0.5) {
            // yᵀα of a random point of the box: always feasible.
            delta = (0..n)
                .map(|i| y[i] * upper[i] * rng.random_range(0.0..1.0))
                .sum();
        }
        Self {
            q: DenseQ::new(q, n).unwrap(),
            p,
            y,
            upper,
            delta,
        }
    }

    fn problem(&self) -> DualProblem<'_> {
        DualProblem::new(&self.q, &self.p, &self.y, self.delta, &self.upper).unwrap()
    }
}

const SINGLE: f64 = 1.0 / 16_777_216.0;

#[test]
fn five_hundred_random_weighted_problems_satisfy_kkt() {
    let double = Smo {
        tol: 1e-6,
        ..Smo::default()
    };
    let single = Smo::default();
    for seed in 0..500 {
        let random = Random::new(2 + seed as usize % 60, seed);
        let problem = random.problem();
        let check = |smo: &Smo, unit| -> Result<(), String> {
            let s = smo.solve(&problem, None).map_err(|e| e.to_string())?;
            laws::feasible(&problem, &s)?;
            laws::optimal(&problem, &s, smo.tol, unit)
        };
        check(&double, f64::EPSILON).unwrap_or_else(|e| panic!("seed {seed}, double: {e}"));
        check(&single, SINGLE).unwrap_or_else(|e| panic!("seed {seed}, single: {e}"));
    }
}

#[test]
fn the_objective_is_that_of_the_dense_reference() {
    let smo = Smo {
        tol: 1e-9,
        ..Smo::default()
    };
    for seed in 1000..1120 {
        let random = Random::new(2 + seed as usize % 40, seed);
        let problem = random.problem();
        let s = smo.solve(&problem, None).unwrap();
        laws::equals_reference(&problem, &s, 1e-7).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
    }
}

#[test]
fn no_setting_and_no_start_changes_the_result() {
    let base = Smo {
        tol: 1e-8,
        shrinking: false,
        ..Smo::default()
    };
    let tiny = 1e-6; // far below two rows: two are kept all the same
    let settings = [
        base.clone(),
        Smo {
            cache_size: tiny,
            ..base.clone()
        },
        Smo {
            shrinking: true,
            ..base.clone()
        },
        Smo {
            shrinking: true,
            cache_size: tiny,
            ..base.clone()
        },
        Smo {
            cache_size: 60.0 * 8.0 * 7.0 / 1_048_576.0,
            ..base.clone()
        },
        Smo {
            precision: Precision::Single,
            tol: 1e-5,
            ..base
        },
    ];
    let all: Vec<&dyn QpSolver> = settings.iter().map(|s| s as &dyn QpSolver).collect();
    for seed in 2000..2060 {
        let random = Random::new(60, seed);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let starts: Vec<Vec<f64>> = (0..3)
            .map(|_| (0..60).map(|_| rng.random_range(-0.5..2.0)).collect())
            .collect();
        laws::settings_agree(&random.problem(), &all, &starts, 2e-5)
            .unwrap_or_else(|e| panic!("seed {seed}: {e}"));
    }
}

#[test]
fn a_bounded_cache_computes_the_same_steps_as_the_whole_matrix() {
    for seed in 2100..2120 {
        let random = Random::new(60, seed);
        let whole = Smo {
            tol: 1e-6,
            ..Smo::default()
        };
        let bounded = Smo {
            cache_size: 1e-6,
            ..whole.clone()
        };
        let a = whole.solve(&random.problem(), None).unwrap();
        let b = bounded.solve(&random.problem(), None).unwrap();
        assert_eq!(a.alpha, b.alpha);
        assert_eq!(a.info.iterations, b.info.iterations);
        assert!(a.info.rows_computed <= 60);
    }
}

#[test]
fn renaming_variables_renames_the_solution() {
    let smo = Smo {
        tol: 1e-9,
        ..Smo::default()
    };
    for seed in 3000..3040 {
        let random = Random::new(30, seed);
        let permutation: Vec<usize> = (0..30).map(|i| (7 * i + 3) % 30).collect();
        laws::commutes_with_permutation(&smo, &random.problem(), &permutation, 1e-6)
            .unwrap_or_else(|e| panic!("seed {seed}: {e}"));
    }
}

#[test]
fn bounds_are_reached_exactly_and_an_empty_box_stays_empty() {
    // Two clusters that overlap completely: everything ends at its bound.
    let y = [1.0, 1.0, -1.0, -1.0];
    let q = DenseQ::new((0..16).map(|k| y[k / 4] * y[k % 4]).collect(), 4).unwrap();
    let upper = [0.3, 0.0, 0.1, 0.7];
    let problem = DualProblem::new(&q, &[-1.0; 4], &y, 0.0, &upper).unwrap();
    let s = Smo::default().solve(&problem, None).unwrap();
    assert_eq!(s.alpha[1], 0.0);
    assert_eq!(s.alpha[0], 0.3);
    assert_eq!(s.info.status, Status::Converged);
    assert!((s.info.objective + 0.6).abs() < 1e-15);
    assert_eq!(
        s.rho,
        s.gradient.iter().zip(y).map(|(g, y)| g * y).nth(2).unwrap()
    );
}

#[test]
fn rho_is_the_middle_of_the_interval_where_no_variable_is_free() {
    // alpha = (1, 1) at both bounds, y G = (-1, 1) + Q alpha: interval from the two of them.
    let q = DenseQ::new(vec![0.2, 0.0, 0.0, 0.4], 2).unwrap();
    let problem = DualProblem::new(&q, &[-1.0; 2], &[1.0, -1.0], 0.0, &[1.0, 1.0]).unwrap();
    let s = Smo::default().solve(&problem, None).unwrap();
    assert_eq!(s.alpha, [1.0, 1.0]);
    // y G: 0.2 - 1 = -0.8 from below, -(0.4 - 1) = 0.6 from above.
    assert!((s.rho - (-0.8 + 0.6) / 2.0).abs() < 1e-6, "{}", s.rho);
}

#[test]
fn an_equality_that_leaves_one_point_is_met() {
    let q = DenseQ::new(vec![1.0, 0.5, 0.5, 1.0], 2).unwrap();
    let problem = DualProblem::new(&q, &[-1.0; 2], &[1.0, 1.0], 3.0, &[1.0, 2.0]).unwrap();
    for solver in [&Smo::default() as &dyn QpSolver, &DenseReference::default()] {
        assert_eq!(solver.solve(&problem, None).unwrap().alpha, [1.0, 2.0]);
    }
}

#[test]
fn an_unbounded_box_is_a_hard_margin() {
    let q = DenseQ::new(vec![1.0, 1.0, 1.0, 1.0], 2).unwrap();
    let problem = DualProblem::new(&q, &[-1.0; 2], &[1.0, -1.0], 0.0, &[f64::INFINITY; 2]).unwrap();
    for solver in [&Smo::default() as &dyn QpSolver, &DenseReference::default()] {
        let s = solver.solve(&problem, Some(&[0.1, 0.7])).unwrap();
        assert!((s.info.objective + 0.5).abs() < 1e-9, "{s:?}");
    }
}

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
fn limits_are_kept_and_reported() {
    let random = Random::new(60, 17);
    let problem = random.problem();
    let smo = Smo {
        tol: 1e-10,
        max_iter: Some(3),
        ..Smo::default()
    };
    let s = smo.solve(&problem, None).unwrap();
    assert_eq!(
        (s.info.status, s.info.iterations),
        (Status::MaxIterations, 3)
    );
    laws::feasible(&problem, &s).unwrap();
    let smo = Smo {
        tol: 1e-10,
        time_limit: Some(std::time::Duration::ZERO),
        ..Smo::default()
    };
    assert_eq!(
        smo.solve(&problem, None).unwrap().info.status,
        Status::TimeLimit
    );
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

/// A matrix in memory in single precision is read in place.
#[test]
fn a_matrix_in_place_is_not_copied() {
    struct InPlace(DenseQ, Vec<f32>);
    impl QMatrix for InPlace {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn diagonal(&self) -> &[f64] {
            self.0.diagonal()
        }
        fn fill_rows(&self, _: &[u32], _: &mut [f64]) {
            panic!("the matrix is in memory");
        }
        fn dense_f32(&self) -> Option<&[f32]> {
            Some(&self.1)
        }
    }
    let random = Random::new(50, 5);
    let mut all = vec![0f32; 2500];
    random
        .q
        .fill_rows_f32(&(0..50).collect::<Vec<_>>(), &mut all);
    let q = InPlace(random.q.clone(), all.clone());
    let problem = DualProblem {
        q: &q,
        ..random.problem()
    };
    let a = Smo::default().solve(&problem, None).unwrap();
    let b = Smo::default().solve(&random.problem(), None).unwrap();
    assert_eq!(a.alpha, b.alpha);
    assert_eq!(a.info.rows_computed, 0);
    all[7] = f32::NAN;
    let q = InPlace(random.q.clone(), all);
    let problem = DualProblem {
        q: &q,
        ..random.problem()
    };
    assert_eq!(
        Smo::default().solve(&problem, Some(&[0.5; 50])),
        Err(SolveError::NotFinite { row: 0 })
    );
}

/// Many variables at their bounds, so that variables are set aside and come back.
#[test]
fn shrinking_sets_variables_aside_and_ends_at_the_same_optimum() {
    for seed in 4000..4006 {
        let random = Random::new(700, seed);
        let problem = random.problem();
        let plain = Smo {
            tol: 1e-5,
            shrinking: false,
            cache_size: 40.0 * 700.0 * 8.0 / 1_048_576.0, // forty rows
            ..Smo::default()
        };
        let shrinking = Smo {
            shrinking: true,
            ..plain.clone()
        };
        let in_memory = Smo {
            cache_size: 100.0,
            ..shrinking.clone()
        };
        let a = plain.solve(&problem, None).unwrap();
        let b = shrinking.solve(&problem, None).unwrap();
        let c = in_memory.solve(&problem, None).unwrap();
        for s in [&a, &b, &c] {
            laws::feasible(&problem, s).unwrap();
            laws::optimal(&problem, s, 1e-5, f64::EPSILON).unwrap();
            approx::assert_relative_eq!(s.info.objective, a.info.objective, max_relative = 1e-6);
        }
        assert_ne!(a.alpha, b.alpha, "seed {seed}: nothing was set aside");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(100))]

    /// Small problems, all laws.
    #[test]
    fn all_laws_hold(seed in 10_000u64..1_000_000, n in 2usize..30, rotate in 0usize..30) {
        let random = Random::new(n, seed);
        let problem = random.problem();
        let smo = Smo { tol: 1e-9, ..Smo::default() };
        let s = smo.solve(&problem, None).unwrap();
        laws::feasible(&problem, &s).unwrap();
        laws::optimal(&problem, &s, 1e-9, f64::EPSILON).unwrap();
        laws::equals_reference(&problem, &s, 1e-7).unwrap();
        let permutation: Vec<usize> = (0..n).map(|i| (i + rotate) % n).collect();
        laws::commutes_with_permutation(&smo, &problem, &permutation, 1e-6).unwrap();
    }
}
