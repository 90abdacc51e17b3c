//! SMO against its laws, worked examples and settings.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use fuzzysvm_qp::{
    DenseQ, DenseReference, DualProblem, Entries, Known, Precision, QMatrix, QpSolver, Smo,
    SolveError, Status, laws,
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

/// Problems on which steps with the second-order correction run in circles of five, complementarity rising and
/// falling by the same factor.
#[test]
fn the_reference_does_not_run_in_circles() {
    let smo = Smo {
        tol: 1e-9,
        ..Smo::default()
    };
    for (seed, n) in [(31_592, 22), (38_026, 28), (795_482, 28)] {
        let random = Random::new(n, seed);
        let problem = random.problem();
        let reference = DenseReference::default().solve(&problem, None).unwrap();
        assert_eq!(reference.info.status, Status::Converged, "seed {seed}");
        assert!(reference.info.iterations < 40, "seed {seed}");
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

/// Other bounds from a solution and its gradient, both grown or not: the optimum is that of a cold start.
#[test]
fn a_known_gradient_saves_rows_and_changes_no_result() {
    let (mut near, mut plain) = (0, 0);
    for seed in 3000..3060 {
        let random = Random::new(60, seed);
        let smo = Smo {
            tol: 1e-8,
            working_set: (seed % 3 == 0).then_some(16),
            ..Smo::default()
        };
        let first = smo.solve(&random.problem(), None).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let grown = if seed % 2 == 0 { 1.0 } else { 3.0 };
        let mut other = random;
        other.delta *= grown;
        for upper in &mut other.upper {
            *upper *= grown;
            if grown == 1.0 && rng.random_bool(0.2) {
                *upper += 0.5;
            }
        }
        let problem = other.problem();
        let alpha: Vec<f64> = first.alpha.iter().map(|a| grown * a).collect();
        let gradient = first.gradient.iter().zip(&other.p);
        let gradient: Vec<f64> = gradient.map(|(g, p)| grown * (g - p) + p).collect();
        let known = Known {
            alpha: &alpha,
            gradient: &gradient,
        };
        let s = smo.solve_near(&problem, &alpha, known).unwrap();
        laws::feasible(&problem, &s).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        laws::optimal(&problem, &s, 1e-8, f64::EPSILON)
            .unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        laws::equals_reference(&problem, &s, 1e-5).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        near += s.info.rows_computed;
        plain += (smo.solve(&problem, Some(&alpha)).unwrap())
            .info
            .rows_computed;
    }
    assert!(near < plain, "{near} rows and {plain}");

    let random = Random::new(5, 1);
    let (short, nan) = ([0.0; 4], [0.0, 0.0, f64::NAN, 0.0, 0.0]);
    for (alpha, gradient) in [(&short[..], &nan[..]), (&nan, &nan), (&[0.0; 5], &nan)] {
        let known = Known { alpha, gradient };
        let error = Smo::default()
            .solve_near(&random.problem(), &[0.0; 5], known)
            .unwrap_err();
        assert!(error.to_string().contains("known."), "{error}");
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
        // No row twice, but for those that were computed alone before all were.
        assert!(a.info.rows_computed < 2 * 60);
        assert!(b.info.rows_computed >= a.info.rows_computed);
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

/// "Balanced" bounds: the sums of both classes are equal, in floating point up to rounding, and every
/// variable ends at its bound. What rounding leaves of one of them must not place rho.
#[test]
fn rounding_of_balanced_bounds_does_not_place_rho() {
    let mut misses = 0;
    for (few, many) in [(3, 30), (3, 24), (7, 90), (11, 113), (6, 59)] {
        let n = few + many;
        // Points on a line under a kernel so flat that no variable becomes free.
        let x: Vec<f64> = (0..n).map(|i| ((i * 37) % n) as f64 / n as f64).collect();
        let y: Vec<f64> = (0..n).map(|i| if i < few { 1.0 } else { -1.0 }).collect();
        let kernel = |i: usize, j: usize| (-1e-3 * (x[i] - x[j]).powi(2)).exp();
        let entries = (0..n * n).map(|e| y[e / n] * y[e % n] * kernel(e / n, e % n));
        let q = DenseQ::new(entries.collect(), n).unwrap();
        let ratio = few as f64 / many as f64;
        let upper: Vec<f64> = y
            .iter()
            .map(|&y| if y > 0.0 { 0.25 } else { 0.25 * ratio })
            .collect();
        let total: f64 = upper.iter().zip(&y).map(|(c, y)| c * y).sum();
        misses += usize::from(total != 0.0);
        let p = vec![-1.0; n];
        let problem = DualProblem::new(&q, &p, &y, 0.0, &upper).unwrap();
        let s = Smo::default().solve(&problem, None).unwrap();
        // With all at the upper bound: rho is at least y G of the positive, at most of the negative ones.
        let yg = |sign: f64| {
            let of = y.iter().zip(&s.gradient).filter(|(y, _)| **y == sign);
            of.map(|(y, g)| y * g).collect::<Vec<f64>>()
        };
        let low = yg(1.0).into_iter().fold(f64::NEG_INFINITY, f64::max);
        let high = yg(-1.0).into_iter().fold(f64::INFINITY, f64::min);
        assert!(high - low > 1.9, "the interval is wide: {low} to {high}");
        let middle = 0.5 * (low + high);
        assert!(
            (s.rho - middle).abs() < 1e-9,
            "{few}, {many}: {} {middle}",
            s.rho
        );
    }
    assert!(misses > 0, "some of the sums do not meet exactly");
}

/// The mean over the free variables is rho, however large the boxes and however small beside them the
/// variables; boxes smaller than any rounding have no say.
#[test]
fn the_size_of_the_boxes_does_not_place_rho() {
    // Linear kernel on a line: the negative 1 and the positive −9 end at small bounds, the positive 3 is free with the
    // rest, α = 0.3 − 0.001. So w = −0.3 + 3·0.299 − 9·0.001 = 0.588 and rho = 3w − 1; the positive −9 alone
    // would allow anything above −9w − 1. The fourth has a box to be lost in rounding.
    let (x, y) = ([1.0, 3.0, -9.0, -90.0], [-1.0, 1.0, 1.0, 1.0]);
    let entries = (0..16).map(|e| y[e / 4] * y[e % 4] * x[e / 4] * x[e % 4]);
    let q = DenseQ::new(entries.collect(), 4).unwrap();
    for large in [1.0, 1e3, 1e9, 1e15, f64::INFINITY] {
        for tiny in [0.0, 1e-20, 1e-16] {
            let upper = [0.3, large, 0.001, tiny];
            let problem = DualProblem::new(&q, &[-1.0; 4], &y, 0.0, &upper).unwrap();
            let s = Smo::default().solve(&problem, None).unwrap();
            assert!((s.rho - 0.764).abs() < 1e-9, "{large} {tiny}: {s:?}");
        }
    }
}

#[test]
fn an_equality_that_leaves_one_point_is_met() {
    let q = DenseQ::new(vec![1.0, 0.5, 0.5, 1.0], 2).unwrap();
    let problem = DualProblem::new(&q, &[-1.0; 2], &[1.0, 1.0], 3.0, &[1.0, 2.0]).unwrap();
    for solver in [&Smo::default() as &dyn QpSolver, &DenseReference::default()] {
        let solution = solver.solve(&problem, None).unwrap();
        assert_eq!(solution.alpha, [1.0, 2.0]);
        assert_eq!(solution.info.status, Status::Converged);
        assert_eq!(solution.info.iterations, 0, "there is nowhere to go");
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

/// A matrix that comes without the signs of the problem is the same problem to every solver.
#[test]
fn signs_may_be_left_to_the_solver() {
    struct Unsigned(DenseQ);
    impl QMatrix for Unsigned {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn diagonal(&self) -> &[f64] {
            self.0.diagonal()
        }
        fn is_kernel(&self) -> bool {
            true
        }
        fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
            self.0.fill_rows(rows, out);
        }
    }
    for seed in 7000..7020 {
        let random = Random::new(60, seed);
        let n = random.y.len();
        let all: Vec<u32> = (0..n as u32).collect();
        let mut data = vec![0.0; n * n];
        random.q.fill_rows(&all, &mut data);
        for (k, v) in data.iter_mut().enumerate() {
            *v *= random.y[k / n] * random.y[k % n];
        }
        let q = Unsigned(DenseQ::new(data, n).unwrap());
        let unsigned = DualProblem {
            q: &q,
            ..random.problem()
        };
        for working_set in [2, 16, n] {
            for precision in [Precision::Single, Precision::Double] {
                let smo = Smo {
                    working_set: Some(working_set),
                    precision,
                    ..Smo::default()
                };
                assert_eq!(
                    smo.solve(&unsigned, None),
                    smo.solve(&random.problem(), None),
                    "seed {seed}, {smo:?}"
                );
            }
        }
        let reference = DenseReference::default();
        assert_eq!(
            reference.solve(&unsigned, None),
            reference.solve(&random.problem(), None)
        );
    }
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
        fn is_kernel(&self) -> bool {
            true
        }
        fn dense_f32(&self) -> Option<&[f32]> {
            Some(&self.1)
        }
    }
    let random = Random::new(50, 5);
    let mut all = vec![0f32; 2500];
    random.q.fill(None, None, Entries::F32(&mut all));
    let y = &random.y;
    for (k, v) in all.iter_mut().enumerate() {
        *v *= (y[k / 50] * y[k % 50]) as f32;
    }
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

    /// Small problems, all laws. A gap of 1e-6 leaves Σα · 1e-6 / 2 of the objective open.
    #[test]
    fn all_laws_hold(seed in 10_000u64..1_000_000, n in 2usize..30, rotate in 0usize..30) {
        let random = Random::new(n, seed);
        let problem = random.problem();
        let smo = Smo { tol: 1e-6, ..Smo::default() };
        let s = smo.solve(&problem, None).unwrap();
        laws::feasible(&problem, &s).unwrap();
        laws::optimal(&problem, &s, 1e-6, f64::EPSILON).unwrap();
        laws::equals_reference(&problem, &s, 1e-4).unwrap();
        let permutation: Vec<usize> = (0..n).map(|i| (i + rotate) % n).collect();
        laws::commutes_with_permutation(&smo, &problem, &permutation, 1e-4).unwrap();
    }
}
