//! The search against plain fits, one at a time.

use crate::common::{Data, overlapping};
use fuzzysvm_core::{Classifier, Label, Learner, Samples};
use fuzzysvm_kernels::{KernelKind, Linear, Rbf};
use fuzzysvm_qp::{Precision, Smo};
use fuzzysvm_svm::approx::ApproxSvc;
use fuzzysvm_svm::tuning::continuous::{ContinuousSearch, Method};
use fuzzysvm_svm::tuning::{ApproxGridSearch, GridSearch, GridTable, TuningFold};
use fuzzysvm_svm::{Svc, SvmError};

pub fn accuracy(truth: &[Label], predicted: &[Label]) -> f64 {
    truth.iter().zip(predicted).filter(|(t, p)| t == p).count() as f64 / truth.len() as f64
}

pub struct Parts {
    pub train: Data,
    pub valid: Data,
    pub candidates: Vec<Vec<f64>>,
}

/// Three folds by row number; candidates: the weights, uniform, and the weights with zeros in them.
pub fn parts(n: usize, seed: u64) -> Vec<Parts> {
    let data = overlapping(n, 3, seed);
    let take = |rows: Vec<usize>| Data {
        x: data.x.view().select_rows(&rows),
        y: rows.iter().map(|&i| data.y[i]).collect(),
        w: rows.iter().map(|&i| data.w[i]).collect(),
    };
    (0..3)
        .map(|f| {
            let fold_of = |i: &usize| (i / 3) % 3;
            let train = take((0..n).filter(|i| fold_of(i) != f).collect());
            let holes = train
                .w
                .iter()
                .enumerate()
                .map(|(i, w)| if i % 5 == 0 { 0.0 } else { *w });
            Parts {
                candidates: vec![train.w.clone(), vec![1.0; train.y.len()], holes.collect()],
                valid: take((0..n).filter(|i| fold_of(i) == f).collect()),
                train,
            }
        })
        .collect()
}

pub fn folds(parts: &[Parts]) -> Vec<TuningFold<'_>> {
    parts
        .iter()
        .map(|p| TuningFold {
            x_train: p.train.x.view(),
            y_train: &p.train.y,
            x_valid: p.valid.x.view(),
            y_valid: &p.valid.y,
            candidates: p.candidates.clone(),
        })
        .collect()
}

pub fn grid(solver: Smo) -> GridSearch {
    GridSearch {
        c: vec![4.0, 0.25, 32.0],
        gamma: vec![0.1, 1.0],
        solver,
        ..GridSearch::default()
    }
}

/// Warm starts, shared matrices and held-out values from the Gram matrix change nothing: at a tight
/// tolerance the table is that of plain fits and plain predictions.
#[test]
fn the_table_is_that_of_plain_fits() {
    let parts = parts(150, 1);
    let solver = Smo {
        tol: 1e-8,
        ..Smo::default()
    };
    let grid = grid(solver.clone());
    let table = grid.run(&folds(&parts), &accuracy).unwrap();
    assert_eq!(table.fits, 3 * 2 * 3 * 3);
    assert_eq!(table.unconverged, 0);
    let mut cells = table.cells.iter();
    for &gamma in &grid.gamma {
        for &c in &grid.c {
            for candidate in 0..3 {
                let cell = cells.next().unwrap();
                assert_eq!(
                    (cell.gamma, cell.c, cell.candidate),
                    (Some(gamma), c, candidate)
                );
                for (p, score) in parts.iter().zip(&cell.fold_scores) {
                    let svc = Svc {
                        c,
                        kernel: Rbf { gamma },
                        solver: solver.clone(),
                    };
                    let weights = Some(p.candidates[candidate].as_slice());
                    let model = svc.fit_warm(p.train.samples(), weights, None).unwrap();
                    let predicted = model.predict(p.valid.x.view()).unwrap();
                    assert_eq!(*score, accuracy(&p.valid.y, &predicted), "{cell:?}");
                }
                let mean = cell.fold_scores.iter().sum::<f64>() / 3.0;
                assert_eq!(cell.score, mean);
            }
        }
    }
    assert!(cells.next().is_none());
    let best = table.cells.iter().map(|c| c.score).fold(0.0, f64::max);
    assert_eq!(
        table.best,
        table.cells.iter().position(|c| c.score == best).unwrap()
    );
}

#[test]
fn memory_threads_and_precision_do_not_change_the_table() {
    let parts = parts(120, 2);
    let run = |solver: Smo, threads: usize| -> GridTable {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| grid(solver).run(&folds(&parts), &accuracy).unwrap())
    };
    let base = Smo {
        tol: 1e-4,
        ..Smo::default()
    };
    let one = run(base.clone(), 1);
    assert_eq!(one, run(base.clone(), 3));
    // Too little memory for a Gram matrix: row by row, the same steps.
    assert_eq!(
        one,
        run(
            Smo {
                cache_size: 0.001,
                ..base.clone()
            },
            1
        )
    );
    let double = run(
        Smo {
            precision: Precision::Double,
            ..base
        },
        1,
    );
    for (a, b) in one.cells.iter().zip(&double.cells) {
        assert!((a.score - b.score).abs() < 0.03, "{a:?} {b:?}");
    }
}

/// A matrix that fits once but not once a thread: whether it is kept decides how its problems are solved
/// (by pairs on it, by working sets without it), so the number of threads must have no say in that.
#[test]
fn the_number_of_threads_does_not_change_the_table_where_memory_is_short() {
    let parts = parts(300, 7);
    let n = parts[0].train.y.len() as f64;
    let run = |threads: usize, matrices: f64, precision: Precision| -> GridTable {
        let solver = Smo {
            working_set: Some(64),
            cache_size: matrices * 4.0 * n * n / 1_048_576.0,
            precision,
            ..Smo::default()
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| grid(solver).run(&folds(&parts), &accuracy).unwrap())
    };
    // Room for none, one alone, one and its held-out values, two, and a few.
    for precision in [Precision::Single, Precision::Double] {
        let tables = [0.9, 1.1, 1.7, 3.2, 7.0].map(|matrices| {
            let one = run(1, matrices, precision);
            for threads in [2, 8] {
                assert_eq!(
                    one,
                    run(threads, matrices, precision),
                    "room for {matrices}"
                );
            }
            one
        });
        // The two ways do differ here, so that equal tables mean something.
        let differs = tables[0].iterations != tables[4].iterations;
        assert_eq!(differs, precision == Precision::Single);
    }
}

/// Of several folds that cannot be used the first is named, on any number of threads.
#[test]
fn the_first_bad_fold_is_named() {
    let parts = parts(60, 8);
    let huge: Vec<_> = parts
        .iter()
        .map(|p| vec![1e200; p.train.x.view().as_slice().len()])
        .map(|x| fuzzysvm_core::MatrixBuf::new(x, 3).unwrap())
        .collect();
    for threads in [1, 2, 8] {
        let mut bad = folds(&parts);
        for f in [1, 2] {
            bad[f].x_train = huge[f].view();
        }
        let linear = GridSearch {
            kernel: Linear.into(),
            ..grid(Smo::default())
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let error = pool.install(|| linear.run(&bad, &accuracy).unwrap_err());
        assert!(matches!(error, SvmError::Fold { fold: 1, .. }), "{error}");
    }
}

#[test]
fn ties_go_to_the_first_cell_and_nan_never_wins() {
    let parts = parts(60, 3);
    let grid = grid(Smo::default());
    let constant = grid
        .run(&folds(&parts), &|_: &[Label], _: &[Label]| 0.5)
        .unwrap();
    assert_eq!(constant.best, 0);
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let fitted = || {
        calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    let nan = |_: &[Label], p: &[Label]| {
        if p.iter().all(|l| !l.is_positive()) {
            f64::NAN
        } else {
            -1.0
        }
    };
    let table = grid
        .run_with_progress(&folds(&parts), &nan, &fitted)
        .unwrap();
    assert_eq!(calls.into_inner(), table.fits);
    assert!(table.cells.iter().any(|c| c.score.is_nan()));
    assert_eq!(table.best().score, -1.0);
}

#[test]
fn a_kernel_without_gamma_has_one_column() {
    let parts = parts(60, 4);
    let linear = GridSearch {
        kernel: Linear.into(),
        gamma: vec![],
        ..grid(Smo::default())
    };
    let table = linear.run(&folds(&parts), &accuracy).unwrap();
    assert_eq!(table.cells.len(), 9);
    assert!(table.cells.iter().all(|c| c.gamma.is_none()));
}

#[test]
fn searches_that_cannot_be_made_are_named() {
    let parts = parts(60, 5);
    let good = folds(&parts);
    let grid = grid(Smo::default());
    let error = |g: &GridSearch, f: &[TuningFold<'_>]| g.run(f, &accuracy).unwrap_err();
    assert!(matches!(
        error(&grid, &[]),
        SvmError::EmptySearch { what: "folds" }
    ));
    for (c, gamma) in [(vec![0.0], vec![1.0]), (vec![1.0], vec![f64::NAN])] {
        let bad = GridSearch {
            c,
            gamma,
            ..grid.clone()
        };
        assert!(matches!(error(&bad, &good), SvmError::Param(_)));
    }
    let empty = GridSearch {
        c: vec![],
        ..grid.clone()
    };
    assert!(matches!(
        error(&empty, &good),
        SvmError::EmptySearch { what: "c" }
    ));
    let tol = GridSearch {
        solver: Smo {
            tol: 0.0,
            ..Smo::default()
        },
        ..grid.clone()
    };
    assert!(matches!(error(&tol, &good), SvmError::Param(_)));

    let mut short = folds(&parts);
    short[1].candidates.pop();
    assert!(matches!(
        error(&grid, &short),
        SvmError::Fold { fold: 1, .. }
    ));
    let mut weights = folds(&parts);
    weights[2].candidates[0][3] = f64::NAN;
    assert_eq!(
        error(&grid, &weights).to_string(),
        "fold 2: the weight of row 3 is NaN: every weight must be finite and >= 0"
    );
    let one_class = vec![Label::Positive; parts[0].train.y.len()];
    let mut classes = folds(&parts);
    classes[0].y_train = &one_class;
    assert!(matches!(
        error(&grid, &classes),
        SvmError::Fold { fold: 0, .. }
    ));
    let mut none: Vec<TuningFold<'_>> = folds(&parts);
    none.iter_mut().for_each(|f| f.candidates.clear());
    assert!(matches!(
        error(&grid, &none),
        SvmError::EmptySearch { what: "candidates" }
    ));

    let huge: Vec<f64> = vec![1e308; parts[0].train.x.n_cols() * parts[0].train.y.len()];
    let huge = fuzzysvm_core::MatrixBuf::new(huge, 3).unwrap();
    let mut overflow = folds(&parts);
    overflow[0].x_train = huge.view();
    let linear = GridSearch {
        kernel: KernelKind::from(Linear),
        ..grid
    };
    assert!(matches!(
        error(&linear, &overflow),
        SvmError::Fold { fold: 0, .. }
    ));
    assert!(Samples::new(huge.view(), &one_class).is_ok());
}

#[test]
fn the_continuous_search_repeats_and_stays_in_its_box() {
    let parts = parts(90, 6);
    for method in [Method::NelderMead, Method::ParticleSwarm(5)] {
        let search = ContinuousSearch {
            log2_c: [-2.0, 4.0],
            log2_gamma: [-4.0, 0.0],
            method,
            max_evaluations: 20,
            seed: 7,
            ..ContinuousSearch::default()
        };
        let a = search.run(&folds(&parts), &accuracy).unwrap();
        assert_eq!(a, search.run(&folds(&parts), &accuracy).unwrap());
        assert!(a.evaluations.len() <= 20);
        for e in &a.evaluations {
            assert!((0.25..=16.0).contains(&e.c), "{e:?}");
            assert!((0.0625..=1.0).contains(&e.gamma.unwrap()), "{e:?}");
            assert!(e.score <= a.best().score);
        }
        // What it reports is what a grid of that one point gives.
        let best = a.best();
        let point = GridSearch {
            c: vec![best.c],
            gamma: vec![best.gamma.unwrap()],
            ..GridSearch::default()
        };
        assert_eq!(
            point.run(&folds(&parts), &accuracy).unwrap().best().score,
            best.score
        );
        let other = ContinuousSearch {
            seed: 8,
            ..search.clone()
        };
        let same = other.run(&folds(&parts), &accuracy).unwrap() == a;
        assert_eq!(same, method == Method::NelderMead);
        let bad = ContinuousSearch {
            log2_c: [1.0, 1.0],
            ..search.clone()
        };
        assert!(matches!(
            bad.run(&folds(&parts), &accuracy),
            Err(SvmError::Param(_))
        ));
        assert!(matches!(
            search.run(&[], &accuracy),
            Err(SvmError::EmptySearch { what: "folds" })
        ));
    }
}

#[test]
fn the_grid_of_an_approximation_is_that_of_single_fits() {
    let parts = parts(90, 4);
    let mut folds = folds(&parts);
    // Without zeros: landmarks are drawn from all rows of a fold, and by a single fit from those with a weight.
    folds
        .iter_mut()
        .for_each(|fold| fold.candidates.truncate(2));
    let svc = ApproxSvc {
        components: 12,
        seed: 5,
        tol: 1e-9,
        ..ApproxSvc::default()
    };
    let search = ApproxGridSearch {
        svc: svc.clone(),
        c: vec![0.5, 8.0],
        gamma: vec![0.2, 1.0],
    };
    let n_fits = std::sync::atomic::AtomicUsize::new(0);
    let count = || {
        n_fits.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    let table = search.run_with_progress(&folds, &accuracy, &count).unwrap();
    assert_eq!(
        (table.cells.len(), table.fits, n_fits.into_inner()),
        (8, 24, 24)
    );
    let mut cells = table.cells.iter();
    for gamma in [0.2, 1.0] {
        for c in [0.5, 8.0] {
            for candidate in 0..2 {
                let cell = cells.next().unwrap();
                assert_eq!(
                    (cell.gamma, cell.c, cell.candidate),
                    (Some(gamma), c, candidate)
                );
                let one = ApproxSvc {
                    c,
                    kernel: Rbf { gamma }.into(),
                    ..svc.clone()
                };
                let scores = folds.iter().map(|fold| {
                    let train = Samples::new(fold.x_train, fold.y_train).unwrap();
                    let model = one.fit(train, Some(&fold.candidates[candidate])).unwrap();
                    accuracy(fold.y_valid, &model.predict(fold.x_valid).unwrap())
                });
                assert_eq!(cell.fold_scores, scores.collect::<Vec<f64>>());
            }
        }
    }
    let best = table
        .cells
        .iter()
        .map(|cell| cell.score)
        .fold(0.0, f64::max);
    assert_eq!(table.best().score, best);
    let none = ApproxGridSearch {
        c: vec![],
        ..search.clone()
    };
    assert!(none.run(&folds, &accuracy).is_err());
    folds[1].candidates[0].pop();
    let e = search.run(&folds, &accuracy).unwrap_err().to_string();
    assert!(e.contains("weights"), "{e}");
}
