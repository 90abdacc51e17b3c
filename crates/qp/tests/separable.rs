//! The interior point on separable problems: known solutions, proofs of optimality, hostile input.
#![allow(clippy::unwrap_used, reason = "a test")]

use fuzzysvm_qp::{
    DenseQ, DualProblem, Grouping, InteriorPoint, QpSolver as _, SeparableProblem, Smo, SolveError,
    Status,
};
use proptest::prelude::*;

/// Variables of curvature, p and upper bound; two lists of groups; limits of each.
type Parts = (
    Vec<(f64, f64, f64)>,
    Vec<usize>,
    Vec<usize>,
    Vec<f64>,
    Vec<f64>,
);

fn parts() -> impl Strategy<Value = Parts> {
    let curvature = prop_oneof![Just(0.0), 0.0f64..5.0];
    let limit = || prop_oneof![Just(0.0), 0.0f64..3.0, Just(f64::INFINITY)];
    proptest::collection::vec((curvature, -1.0f64..0.5, 0.0f64..1.0), 1..60).prop_flat_map(
        move |rows| {
            let n = rows.len();
            (
                Just(rows),
                proptest::collection::vec(0usize..4, n),
                proptest::collection::vec(0usize..6, n),
                proptest::collection::vec(limit(), 4),
                proptest::collection::vec(limit(), 6),
            )
        },
    )
}

proptest! {
    /// The point keeps bounds and limits, and the multipliers prove that none is better by more than the gap.
    #[test]
    fn the_gap_is_proved((rows, a, b, limit_a, limit_b) in parts(), budget in 0.01f64..5.0) {
        let curvature: Vec<f64> = rows.iter().map(|r| r.0).collect();
        let p: Vec<f64> = rows.iter().map(|r| r.1).collect();
        let upper: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let all = vec![0; rows.len()];
        let groupings = [
            Grouping { of: &all, limit: &[budget] },
            Grouping { of: &a, limit: &limit_a },
            Grouping { of: &b, limit: &limit_b },
        ];
        let problem = SeparableProblem { curvature: &curvature, p: &p, upper: &upper, groupings: &groupings };
        let solution = InteriorPoint::default().solve(&problem).unwrap();
        prop_assert!(solution.gap <= 1e-8, "{:?} {}", solution.status, solution.gap);
        prop_assert!(solution.iterations <= 60, "{}", solution.iterations);
        for (w, c) in solution.w.iter().zip(&upper) {
            prop_assert!((0.0..=*c).contains(w));
        }
        for grouping in &groupings {
            for (g, &limit) in grouping.limit.iter().enumerate() {
                let sum: f64 = (0..rows.len()).filter(|&i| grouping.of[i] == g).map(|i| solution.w[i]).sum();
                prop_assert!(sum <= limit * (1.0 + 1e-12), "{sum} {limit}");
            }
        }
        prop_assert!((problem.objective(&solution.w) - solution.objective).abs() < 1e-12);
        prop_assert!(solution.multipliers.iter().flatten().all(|&y| y >= 0.0));
        let bound = problem.lower_bound(&solution.multipliers);
        prop_assert!((solution.objective - bound - solution.gap).abs() < 1e-12 || bound >= solution.objective);
    }

    /// A budget that must be spent: SMO's equality.
    #[test]
    fn one_limit_is_solved_as_by_smo(rows in proptest::collection::vec((0.1f64..5.0, -1.0f64..-0.1, 0.1f64..1.0), 2..30)) {
        let curvature: Vec<f64> = rows.iter().map(|r| r.0).collect();
        let upper: Vec<f64> = rows.iter().map(|r| r.2).collect();
        // So that a unit more is always worth something.
        let p: Vec<f64> = rows.iter().map(|r| r.1 - 5.0).collect();
        let n = rows.len();
        let budget = 0.5 * upper.iter().sum::<f64>();
        let mut dense = vec![0.0; n * n];
        for i in 0..n {
            dense[i * n + i] = curvature[i];
        }
        let q = DenseQ::new(dense, n).unwrap();
        let y = vec![1.0; n];
        let dual = DualProblem::new(&q, &p, &y, budget, &upper).unwrap();
        let by_smo = Smo { tol: 1e-9, ..Smo::default() }.solve(&dual, None).unwrap();
        let all = vec![0; n];
        let groupings = [Grouping { of: &all, limit: &[budget] }];
        let problem = SeparableProblem { curvature: &curvature, p: &p, upper: &upper, groupings: &groupings };
        let solution = InteriorPoint::default().solve(&problem).unwrap();
        prop_assert!((solution.objective - by_smo.info.objective).abs() < 1e-6 * solution.objective.abs());
        prop_assert!((solution.w.iter().sum::<f64>() - budget).abs() < 1e-6);
    }
}

#[test]
fn a_hundred_thousand_variables() {
    let n = 100_000;
    let at = |i: usize, m: usize| ((i * 7919) % m) as f64 / m as f64;
    let p: Vec<f64> = (0..n).map(|i| -0.2 * at(i, 10_007)).collect();
    let curvature: Vec<f64> = (0..n).map(|i| 2.0 * at(i, 9_973)).collect();
    let upper = vec![0.01; n];
    let all = vec![0; n];
    let state: Vec<usize> = (0..n).map(|i| (i * 31) % 50).collect();
    let groupings = [
        Grouping {
            of: &all,
            limit: &[1.0],
        },
        Grouping {
            of: &state,
            limit: &[0.015; 50],
        },
    ];
    let problem = SeparableProblem {
        curvature: &curvature,
        p: &p,
        upper: &upper,
        groupings: &groupings,
    };
    let solution = InteriorPoint::default().solve(&problem).unwrap();
    assert_eq!(solution.status, Status::Converged);
    assert!(
        solution.gap < 1e-10 && solution.iterations < 60,
        "{}",
        solution.iterations
    );
    // 50 states of 1.5 % hold less than the budget.
    assert!((solution.w.iter().sum::<f64>() - 0.75).abs() < 1e-6);
}

#[test]
fn hostile_input() {
    let solve = |curvature: &[f64], p: &[f64], upper: &[f64], groupings: &[Grouping<'_>]| {
        let problem = SeparableProblem {
            curvature,
            p,
            upper,
            groupings,
        };
        InteriorPoint::default().solve(&problem)
    };
    assert_eq!(solve(&[], &[], &[], &[]), Err(SolveError::Empty));
    let budget = Grouping {
        of: &[0],
        limit: &[1.0],
    };
    let length = solve(&[1.0, 2.0], &[1.0], &[1.0], &[budget]);
    assert!(matches!(
        length,
        Err(SolveError::LengthMismatch {
            what: "curvature",
            ..
        })
    ));
    let groups = Grouping {
        of: &[0, 0],
        limit: &[1.0],
    };
    let length = solve(&[1.0], &[1.0], &[1.0], &[groups]);
    assert!(matches!(
        length,
        Err(SolveError::LengthMismatch { what: "group", .. })
    ));
    for bad in [f64::NAN, f64::INFINITY] {
        assert!(solve(&[1.0], &[bad], &[1.0], &[budget]).is_err());
        assert!(solve(&[bad], &[1.0], &[1.0], &[budget]).is_err());
        assert!(solve(&[1.0], &[1.0], &[bad], &[budget]).is_err());
    }
    assert!(solve(&[-1.0], &[1.0], &[1.0], &[budget]).is_err());
    for limit in [&[f64::NAN][..], &[-1.0], &[]] {
        let grouping = Grouping { of: &[0], limit };
        assert!(solve(&[1.0], &[1.0], &[1.0], &[grouping]).is_err());
    }
    let wrong = InteriorPoint {
        tol: 0.0,
        ..InteriorPoint::default()
    };
    assert!(wrong.validate().is_err());
    // Nothing is worth anything, nothing is allowed, no limit binds, no limit at all.
    for (p, upper, limit, expected) in [
        (1.0, 1.0, 1.0, 0.0),
        (0.0, 1.0, 1.0, 0.0),
        (-1.0, 0.0, 1.0, 0.0),
        (-1.0, 1.0, 0.0, 0.0),
        (-1.0, 0.5, 1.0, 0.5),
        (-1.0, 0.5, f64::INFINITY, 0.5),
    ] {
        let limit = [limit];
        let grouping = Grouping {
            of: &[0],
            limit: &limit,
        };
        let solution = solve(&[1.0], &[p], &[upper], &[grouping]).unwrap();
        assert_eq!((solution.w[0], solution.gap), (expected, 0.0));
    }
    let free = solve(&[4.0], &[-1.0], &[0.5], &[]).unwrap();
    assert_eq!((free.w[0], free.status), (0.25, Status::Converged));
    // Out of steps.
    let hasty = InteriorPoint {
        max_iter: 1,
        ..InteriorPoint::default()
    };
    let problem = SeparableProblem {
        curvature: &[1.0, 0.5, 0.1],
        p: &[-1.0, -0.7, -0.9],
        upper: &[1.0; 3],
        groupings: &[Grouping {
            of: &[0; 3],
            limit: &[1.0],
        }],
    };
    let found = hasty.solve(&problem).unwrap();
    assert!(found.status == Status::MaxIterations && found.gap > 1e-10);
}

/// Amounts in other units, and worth in others: powers of two, which round nothing.
#[test]
fn no_unit_changes_a_bit() {
    let n = 40;
    let at = |i: usize, m: usize| ((i * 7919) % m) as f64 / m as f64;
    let all = vec![0; n];
    let thirds: Vec<usize> = (0..n).map(|i| i % 3).collect();
    let solve = |amount: f64, worth: f64| {
        let vector = |of: &dyn Fn(usize) -> f64, unit: f64| -> Vec<f64> {
            (0..n).map(|i| of(i) * unit).collect()
        };
        let curvature = vector(&|i| at(i, 31), worth / (amount * amount));
        let p = vector(&|i| 0.1 - at(i, 37), worth / amount);
        let upper = vector(&|i| 0.2 + at(i, 29), amount);
        let (budget, thirds_at_most) = ([3.0 * amount], [0.7 * amount; 3]);
        let groupings = [
            Grouping {
                of: &all,
                limit: &budget,
            },
            Grouping {
                of: &thirds,
                limit: &thirds_at_most,
            },
        ];
        let problem = SeparableProblem {
            curvature: &curvature,
            p: &p,
            upper: &upper,
            groupings: &groupings,
        };
        let found = InteriorPoint::default().solve(&problem).unwrap();
        assert_eq!(found.status, Status::Converged);
        let w: Vec<f64> = found.w.iter().map(|w| w / amount).collect();
        let y = found.multipliers.iter().flatten();
        let y: Vec<f64> = y.map(|y| y * amount / worth).collect();
        (w, y, found.gap / worth, found.iterations)
    };
    let plain = solve(1.0, 1.0);
    assert!(plain.0.contains(&0.0) && plain.0.iter().any(|&w| w > 0.0));
    for (amount, worth) in [
        (2f64.powi(20), 1.0),
        (2f64.powi(-20), 1.0),
        (1.0, 2f64.powi(20)),
        (8.0, 2f64.powi(-30)),
    ] {
        assert_eq!(solve(amount, worth), plain, "{amount} {worth}");
    }
}
