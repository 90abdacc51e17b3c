//! Successive halving beside the grid.

use crate::tuning::{accuracy, folds, grid, parts};
use fuzzysvm_core::{Label, Matrix, ParamError};
use fuzzysvm_qp::Smo;
use fuzzysvm_svm::SvmError;
use fuzzysvm_svm::tuning::{GridSearch, HalvingSearch, HalvingTable, TuningFold};
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

fn halving(solver: Smo) -> HalvingSearch {
    HalvingSearch {
        grid: grid(solver),
        min_rows: 60,
        ..HalvingSearch::default()
    }
}

fn on_threads<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.unwrap().install(f)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Small data leave one round, which is the grid to the last bit, warm starts included.
    #[test]
    fn one_round_is_the_grid(n in 60_usize..200, seed in 0_u64..1000, factor in 2_usize..4) {
        let parts = parts(n, seed);
        let search = HalvingSearch { factor, seed, min_rows: 200, grid: grid(Smo::default()) };
        let found = search.run(&folds(&parts), &accuracy).unwrap();
        prop_assert_eq!(&found.table, &search.grid.run(&folds(&parts), &accuracy).unwrap());
        prop_assert!(found.last_round.iter().all(|&round| round == 0));
        prop_assert_eq!(found.rounds.len(), 1);
        prop_assert_eq!(found.rounds[0].fits(), found.table.fits);
    }
}

#[test]
fn the_fits_are_those_of_the_rounds_and_the_last_round_is_that_of_the_grid() {
    let parts = parts(900, 4);
    let search = halving(Smo {
        tol: 1e-8,
        ..Smo::default()
    });
    let fitted = AtomicUsize::new(0);
    let count = || {
        fitted.fetch_add(1, Ordering::Relaxed);
    };
    let found = search
        .run_with_progress(&folds(&parts), &accuracy, &count)
        .unwrap();
    // Two γ, three C, three candidates; 600 rows of a fold.
    let rounds: Vec<(usize, usize)> = found
        .rounds
        .iter()
        .map(|r| (r.cells, r.mean_rows()))
        .collect();
    assert_eq!(rounds, [(18, 66), (6, 200), (2, 600)]);
    let fits = (18 + 6 + 2) * 3;
    assert_eq!((found.table.fits, fitted.into_inner()), (fits, fits));
    let planned = search.rounds(&folds(&parts)).unwrap();
    assert_eq!(planned, found.rounds);
    assert_eq!(planned.iter().map(|r| r.fits()).sum::<usize>(), fits);

    let grid = search.grid.run(&folds(&parts), &accuracy).unwrap();
    let mut best = f64::NEG_INFINITY;
    for ((cell, of_grid), &round) in found
        .table
        .cells
        .iter()
        .zip(&grid.cells)
        .zip(&found.last_round)
    {
        assert_eq!(
            (cell.gamma, cell.c, cell.candidate),
            (of_grid.gamma, of_grid.c, of_grid.candidate)
        );
        assert_eq!(cell.fold_scores.len(), 3);
        if round == 2 {
            assert_eq!(cell, of_grid);
            best = best.max(cell.score);
        }
    }
    for (round, left) in [12, 4, 2].into_iter().enumerate() {
        let n = found.last_round.iter().filter(|&&r| r == round).count();
        assert_eq!(n, left);
    }
    assert_eq!(found.last_round[found.table.best], 2);
    assert_eq!(found.table.best().score, best);
}

#[test]
fn threads_do_not_change_the_table_and_the_seed_does() {
    let parts = parts(900, 5);
    let run = |threads: usize, seed: u64, cache_size: f64| -> HalvingTable {
        let solver = Smo {
            cache_size,
            ..Smo::default()
        };
        let search = HalvingSearch {
            seed,
            ..halving(solver)
        };
        on_threads(threads, || search.run(&folds(&parts), &accuracy).unwrap())
    };
    for cache_size in [200.0, 1.5, 0.001] {
        let one = run(1, 1, cache_size);
        for threads in [2, 8] {
            assert_eq!(one, run(threads, 1, cache_size), "{cache_size}");
        }
    }
    assert_ne!(run(1, 1, 200.0), run(1, 2, 200.0));
}

/// Points to score lie between those to train on, so a narrow kernel sees nothing there and gives all of them one class:
/// its cell leaves first. The first of the two cells that separate the classes goes on.
#[test]
fn a_bad_cell_leaves_in_the_first_round() {
    let at = |i: usize, offset: f64| (i / 2) as f64 / 60.0 + offset;
    let y: Vec<Label> = (0..240)
        .map(|i| Label::from_sign(if i % 2 == 0 { 1.0 } else { -1.0 }))
        .collect();
    let rows = |offset: f64| -> Vec<f64> {
        let of = |i: usize| at(i, offset) + if i.is_multiple_of(2) { 3.0 } else { 0.0 };
        (0..240).map(of).collect()
    };
    let (train, valid) = (rows(0.0), rows(1.0 / 120.0));
    let fold = TuningFold {
        x_train: Matrix::new(&train, 1).unwrap(),
        y_train: &y,
        x_valid: Matrix::new(&valid, 1).unwrap(),
        y_valid: &y,
        candidates: vec![vec![1.0; 240]],
    };
    let search = HalvingSearch {
        grid: GridSearch {
            c: vec![1.0],
            gamma: vec![1e8, 1.0, 0.5],
            ..GridSearch::default()
        },
        min_rows: 80,
        ..HalvingSearch::default()
    };
    let found = search.run(&[fold], &accuracy).unwrap();
    assert_eq!(found.last_round, [0, 1, 0]);
    let scores: Vec<f64> = found.table.cells.iter().map(|c| c.score).collect();
    assert_eq!(scores, [0.5, 1.0, 1.0]);
    assert_eq!((found.table.best, found.table.fits), (1, 4));
}

#[test]
fn ties_keep_the_earlier_cells_and_nan_leaves() {
    let parts = parts(900, 6);
    let search = halving(Smo::default());
    let last_round = |score: fuzzysvm_svm::tuning::Score<'_>| {
        let found = search.run(&folds(&parts), score).unwrap();
        (found.last_round, found.table.best)
    };
    let first: Vec<usize> = [vec![2; 2], vec![1; 4], vec![0; 12]].concat();
    assert_eq!(last_round(&|_, _| 0.5), (first.clone(), 0));
    assert_eq!(last_round(&|_, _| f64::NAN), (first, 0));
    // As many as there are numbers stay, and no more.
    let nan_of_constant = |_: &[Label], predicted: &[Label]| {
        if predicted.iter().all(|l| *l == predicted[0]) {
            f64::NAN
        } else {
            -1.0
        }
    };
    let found = search.run(&folds(&parts), &nan_of_constant).unwrap();
    let is_nan = |i: &usize| found.table.cells[*i].score.is_nan();
    assert!((0..18).any(|i| is_nan(&i)));
    assert!((0..18).filter(is_nan).all(|i| found.last_round[i] == 0));
}

#[test]
fn searches_that_cannot_be_made_are_named() {
    let small = parts(60, 5);
    let good = folds(&small);
    let search = halving(Smo::default());
    let error = |search: &HalvingSearch, folds: &[TuningFold<'_>]| {
        let error = search.run(folds, &accuracy).unwrap_err();
        assert_eq!(search.rounds(folds).unwrap_err(), error);
        error
    };
    for factor in [0, 1] {
        let bad = HalvingSearch {
            factor,
            ..search.clone()
        };
        let SvmError::Param(ParamError { name, .. }) = error(&bad, &good) else {
            panic!("factor {factor}");
        };
        assert_eq!(name, "factor");
        // Without checks it counts as 2.
        assert_eq!(bad.rounds_of(5, &[]).len(), 3);
    }
    let none = HalvingSearch {
        min_rows: 0,
        ..search.clone()
    };
    assert!(matches!(error(&none, &good), SvmError::Param(e) if e.name == "min_rows"));
    for (c, gamma, what) in [(vec![], vec![1.0], "c"), (vec![1.0], vec![], "gamma")] {
        let empty = HalvingSearch {
            grid: GridSearch {
                c,
                gamma,
                ..search.grid.clone()
            },
            ..search.clone()
        };
        assert_eq!(error(&empty, &good), SvmError::EmptySearch { what });
    }
    let no_folds = SvmError::EmptySearch { what: "folds" };
    assert_eq!(error(&search, &[]), no_folds);
    let one_class = vec![Label::Positive; small[0].train.y.len()];
    let mut bad = folds(&small);
    bad[1].y_train = &one_class;
    assert!(matches!(
        error(&search, &bad),
        SvmError::Fold { fold: 1, .. }
    ));

    // The largest numbers leave the grid, and the largest C stays finite on few rows.
    for (factor, min_rows) in [(usize::MAX, 1), (2, usize::MAX)] {
        let huge = HalvingSearch {
            factor,
            min_rows,
            ..search.clone()
        };
        let found = huge.run(&good, &accuracy).unwrap();
        assert_eq!(found.rounds.len(), 1);
    }
}
