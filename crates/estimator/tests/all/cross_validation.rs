//! Cross-validation and the search over one method: nothing is learnt from what is scored, and threads change nothing.

use crate::common::{bits, on_threads, options, overlapping, rows};
use fuzzysvm_core::{Classifier, Label, Learner, MatrixBuf};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::method::of_samples;
use fuzzysvm_estimator::tuning::{Search, Strategy, Tried};
use fuzzysvm_estimator::{
    CrossValidation, Data, EncodedFold, Estimator, EstimatorError, FittedEstimator, Method,
    SearchSpace,
};
use fuzzysvm_evaluation::{Fold, Score, stratified_k_fold};
use fuzzysvm_kernels::Gamma;
use fuzzysvm_membership::{Efsvm, Weighted};
use fuzzysvm_svm::Svc;

fn named(name: &str) -> Estimator {
    Estimator::named(name).unwrap()
}

fn decide(fitted: &FittedEstimator, x: &MatrixBuf) -> Vec<u64> {
    let x = fitted.encode_numbers(x.clone()).unwrap();
    bits(&fitted.decision_function(x.view()).unwrap())
}

#[test]
fn cross_validated_decisions_are_those_of_fits_by_hand() {
    let data = overlapping(61, 5);
    let cv = CrossValidation {
        folds: 4,
        scale: ScalerKind::Standard,
        seed: 9,
    };
    let estimator = named("efsvm").with_c(2.0);
    let found = cv.decisions(&data, &estimator, &|| {}).unwrap();
    assert_eq!(found.at_max_iter, 0);
    let mut by_hand = vec![f64::NAN; 61];
    let folds = stratified_k_fold(data.y(), 4, 9).unwrap();
    for fold in &folds {
        let encoded = EncodedFold::new(&data, None, fold, ScalerKind::Standard).unwrap();
        let x = encoded.x_train.view();
        let gamma = Gamma::Scale.resolve(x).unwrap();
        let machine = Weighted::new(Efsvm::default(), Svc::rbf(2.0, gamma));
        let model = machine.fit(encoded.train().unwrap(), None).unwrap();
        let decisions = model.decision_function(encoded.x_valid.view()).unwrap();
        for (&row, value) in fold.test.iter().zip(decisions) {
            by_hand[row] = value;
        }
    }
    assert_eq!(bits(&found.decisions), bits(&by_hand));
    // The same through the encoded folds of a part of the data, here of all of it.
    let all: Vec<usize> = (0..61).collect();
    let encoded = cv.encoded(&data, Some(&all)).unwrap();
    for (fold, encoded) in folds.iter().zip(encoded) {
        let labels: Vec<Label> = fold.test.iter().map(|&i| data.y()[i]).collect();
        assert_eq!(encoded.y_valid, labels);
        assert_eq!(encoded.x_train.n_rows(), fold.train.len());
    }
}

#[test]
fn nothing_is_learnt_from_the_part_that_is_scored() {
    let (x, y) = rows(40, 1);
    let data = Data::from_matrix(x.clone(), y.clone()).unwrap();
    let fold = &stratified_k_fold(&y, 4, 1).unwrap()[0];
    let mut values = x.view().as_slice().to_vec();
    for &row in &fold.test {
        values[2 * row] *= 1000.0;
    }
    let moved = Data::from_matrix(MatrixBuf::new(values, 2).unwrap(), y).unwrap();
    for scale in [ScalerKind::Standard, ScalerKind::MinMax] {
        let encode = |data: &Data| EncodedFold::new(data, None, fold, scale).unwrap();
        let (a, b) = (encode(&data), encode(&moved));
        assert_eq!(a.preprocessing, b.preprocessing);
        assert_eq!((a.x_train, a.y_train), (b.x_train, b.y_train));
        assert_ne!(a.x_valid, b.x_valid);
    }
}

#[test]
fn a_fold_that_cannot_be_used_is_named() {
    let data = overlapping(20, 1);
    let cv = |folds| CrossValidation {
        folds,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let error = cv(6).encoded(&data, None).unwrap_err();
    assert!(matches!(error, EstimatorError::Evaluation(_)), "{error}");
    // 15 neighbors of IEFSVM among 10 training samples.
    let error = cv(2)
        .decisions(&data, &named("iefsvm"), &|| {})
        .unwrap_err();
    assert!(error.to_string().starts_with("fold 1: 15 neigh"), "{error}");
    let twice = Fold {
        train: vec![0, 1, 2],
        test: vec![2],
    };
    assert!(EncodedFold::new(&data, None, &twice, ScalerKind::None).is_err());
    for bad in [vec![20], vec![0, 1, 99]] {
        assert!(cv(2).encoded(&data, Some(&bad)).is_err());
        let fold = Fold {
            train: vec![0],
            test: Vec::new(),
        };
        assert!(EncodedFold::new(&data, Some(&bad), &fold, ScalerKind::None).is_err());
    }
}

#[test]
fn the_number_of_threads_changes_no_decision() {
    let data = overlapping(60, 2);
    let (new, _) = rows(20, 3);
    let cv = CrossValidation {
        folds: 3,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let run = |threads| {
        on_threads(threads, || {
            let of_method = |method: &fuzzysvm_estimator::method::MethodEntry| {
                let estimator = Estimator::new(method.settings());
                let out_of_fold = cv.decisions(&data, &estimator, &|| {}).unwrap();
                let fitted = estimator.fit(&data, None).unwrap();
                (bits(&out_of_fold.decisions), decide(&fitted, &new))
            };
            of_samples().map(of_method).collect::<Vec<_>>()
        })
    };
    let one = run(1);
    assert_eq!(run(2), one);
}

#[test]
fn a_search_keeps_every_score_and_knows_how_many_fits_it_takes() {
    let data = overlapping(60, 1);
    let cv = CrossValidation {
        folds: 3,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let counted = std::sync::atomic::AtomicUsize::new(0);
    let announced = std::cell::Cell::new(0);
    let space = Method::named("efsvm")
        .unwrap()
        .search_space(&options(&[1, 3]));
    let mut search = Search::new(space.unwrap())
        .with_c(vec![0.5, 2.0])
        .with_gamma(vec![0.1, 1.0]);
    search.score = Score::GMean;
    let found = search
        .run(&data, &cv, &|n| announced.set(n), &|| {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        })
        .unwrap();
    assert_eq!(found.fits, 2 * 2 * 2 * 3);
    assert_eq!((announced.get(), counted.into_inner()), (24, 24));
    for point in &found.tried {
        let scores = point.fold_scores.as_ref().unwrap();
        let mean = scores.iter().sum::<f64>() / 3.0;
        assert!((mean - point.score).abs() < 1e-15);
        assert!(point.score <= found.best().score);
    }
    search.strategy = Strategy::NelderMead;
    search.evaluations = Some(10);
    let between = search.run(&data, &cv, &|_| {}, &|| {}).unwrap();
    assert!(between.tried.len() <= 10 * 2 && !between.tried.is_empty());
    assert!(between.tried.iter().all(|p| p.fold_scores.is_none()));
    // Every point with each of the two candidates on each of the three folds.
    assert_eq!(between.fits, between.tried.len() * 2 * 3);
}

/// Halving announces the fits of all rounds, and small data leave it the grid.
#[test]
fn halving_announces_its_fits_and_says_where_a_point_left() {
    let cv = CrossValidation {
        folds: 2,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let space = Method::named("efsvm")
        .unwrap()
        .search_space(&options(&[1, 3]))
        .unwrap();
    let run = |n: u32, strategy: Strategy| {
        let mut search = Search::new(space.clone())
            .with_c(vec![0.5, 2.0, 8.0])
            .with_gamma(vec![0.1, 1.0]);
        search.strategy = strategy;
        let counted = std::sync::atomic::AtomicUsize::new(0);
        let announced = std::cell::Cell::new(0);
        let found = search
            .run(&overlapping(n, 1), &cv, &|n| announced.set(n), &|| {
                counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            })
            .unwrap();
        assert_eq!(announced.get(), found.fits);
        assert_eq!(counted.into_inner(), found.fits);
        found
    };
    let found = run(1300, Strategy::Halving);
    // Twelve points on a third of the 650 training rows, four on all.
    assert_eq!(found.fits, (12 + 4) * 2);
    let of_round = |round: usize, rows: usize| {
        let point = |p: &&Tried| (p.round, p.rows) == (Some(round), Some(rows));
        found.tried.iter().filter(point).count()
    };
    assert_eq!((of_round(1, 217), of_round(2, 650)), (8, 4));
    assert_eq!(found.best().round, Some(2));

    let (small, grid) = (run(100, Strategy::Halving), run(100, Strategy::Grid));
    assert_eq!((small.fits, small.best), (grid.fits, grid.best));
    for (one, of_grid) in small.tried.iter().zip(&grid.tried) {
        assert_eq!((one.round, one.rows), (Some(1), Some(50)));
        assert_eq!((of_grid.round, of_grid.rows), (None, None));
        assert_eq!(one.fold_scores, of_grid.fold_scores);
    }
}

#[test]
fn a_search_of_learners_announces_the_fits_that_it_makes() {
    let cv = CrossValidation {
        folds: 3,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let counted = std::sync::atomic::AtomicUsize::new(0);
    let announced = std::cell::Cell::new(0);
    let space = SearchSpace::of_grid(
        &named("w-elm").method,
        &[("c".to_owned(), ["1", "4"].map(str::to_owned).to_vec())],
    );
    let done = || {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    let found = Search::new(space.unwrap())
        .run(&overlapping(60, 1), &cv, &|n| announced.set(n), &done)
        .unwrap();
    assert_eq!(
        (announced.get(), counted.into_inner(), found.fits),
        (6, 6, 6)
    );
}

/// A grid shares its Gram matrices; what it takes beside one fit is the book's table (docs/src/performance.md).
#[test]
fn a_search_takes_as_long_as_its_fits() {
    let estimator = named("efsvm");
    let ks = ["1", "3", "5"].map(str::to_owned).to_vec();
    let space = SearchSpace::of_grid(&estimator.method, &[("n_neighbors".to_owned(), ks)]).unwrap();
    let search = |c: &[f64], gamma: &[f64]| {
        Search::new(space.clone())
            .with_c(c.to_vec())
            .with_gamma(gamma.to_vec())
    };
    let seconds = |search: &Search, folds| search.expected_seconds(3000, 20, folds, 2);
    let near = |found: f64, expected: f64| (found / expected - 1.0).abs() < 1e-12;
    // Three folds train on two thirds, each with three numbers of neighbors.
    let one_fit = |c: f64| named("svm").with_c(c).expected_seconds(2000, 20, 2);
    let all = (one_fit(1.0) + one_fit(16.0)) * 4.0 * 3.0 * 3.0;
    let grid = search(&[1.0, 16.0], &[0.1, 1.0, 2.0, 4.0]);
    assert!(near(seconds(&grid, 3), all / 4.0), "{}", seconds(&grid, 3));
    // Past 20,000 rows no Gram matrix is shared.
    let large = grid.expected_seconds(90_000, 20, 3, 2);
    assert!(near(large, all * 900.0), "{large}");
    // Between the grid points every fit is one for itself, at some C between.
    let mut between = search(&[1.0, 16.0], &[0.1, 1.0]);
    between.strategy = Strategy::NelderMead;
    between.evaluations = Some(10);
    let expected = (one_fit(1.0) + one_fit(16.0)) / 2.0 * 10.0 * 3.0 * 3.0;
    assert!(near(seconds(&between, 3), expected));
    // 24 points on a ninth of the rows, 8 on a third, 3 on all; C grows as the rows shrink.
    let mut halving = grid.clone();
    halving.strategy = Strategy::Halving;
    let of_round = |cells: f64, n: usize| {
        let at = |c: f64| named("svm").with_c(c).expected_seconds(n, 20, 2);
        let ratio = 2000.0 / n as f64;
        cells * (at(ratio) + at(16.0 * ratio)) / 2.0 * 3.0 / 4.0
    };
    let expected = of_round(24.0, 222) + of_round(8.0, 666) + of_round(3.0, 2000);
    assert!(
        near(seconds(&halving, 3), expected),
        "{} {expected}",
        seconds(&halving, 3)
    );
    let learners = SearchSpace::of_grid(&named("w-elm").method, &[]).unwrap();
    assert_eq!(seconds(&Search::new(learners), 3), 0.0);
}
