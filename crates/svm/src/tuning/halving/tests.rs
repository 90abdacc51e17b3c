use super::*;
use crate::Svc;
use fuzzysvm_core::{Classifier, Matrix, Samples};
use fuzzysvm_kernels::Rbf;
use fuzzysvm_qp::Smo;
use proptest::prelude::*;
use rand::RngExt;

fn fold_of<'a>(x: &'a [f64], y: &'a [Label], candidates: Vec<Vec<f64>>) -> TuningFold<'a> {
    let x = Matrix::new(x, 1).unwrap();
    TuningFold {
        x_train: x,
        y_train: y,
        x_valid: x,
        y_valid: y,
        candidates,
    }
}

fn accuracy(truth: &[Label], predicted: &[Label]) -> f64 {
    truth.iter().zip(predicted).filter(|(t, p)| t == p).count() as f64 / truth.len() as f64
}

#[test]
fn a_share_is_rounded_and_never_empty() {
    let shares = |n| [1, 3, 9, 27].map(|divisor| share(n, divisor));
    assert_eq!(shares(100), [100, 33, 11, 4]);
    assert_eq!(shares(40), [40, 13, 4, 1]);
    assert_eq!(shares(4), [4, 1, 1, 1]);
    assert_eq!(shares(0), [0, 0, 0, 0]);
    assert_eq!(share(5, 2), 3);
    assert_eq!(share(usize::MAX, usize::MAX), 1);
}

/// The scores of the cells that leave early are those of plain fits on the rows drawn, with C n / m in place of C.
#[test]
fn early_scores_are_those_of_plain_fits_with_a_larger_c() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let y: Vec<Label> = (0..300)
        .map(|i| Label::from_sign(if i % 4 == 0 { 1.0 } else { -1.0 }))
        .collect();
    let x: Vec<f64> = y
        .iter()
        .map(|l| 0.5 * l.sign() + rng.random_range(-1.0..1.0))
        .collect();
    let weights: Vec<f64> = y
        .iter()
        .map(|l| if l.is_positive() { 1.0 } else { 0.4 })
        .collect();
    let fold = fold_of(&x, &y, vec![weights.clone()]);
    let solver = Smo {
        tol: 1e-9,
        ..Smo::default()
    };
    let search = HalvingSearch {
        grid: GridSearch {
            c: vec![0.01, 0.3, 20.0],
            gamma: vec![0.2, 5.0],
            solver: solver.clone(),
            ..GridSearch::default()
        },
        min_rows: 90,
        seed: 11,
        ..HalvingSearch::default()
    };
    let found = search.run(std::slice::from_ref(&fold), &accuracy).unwrap();
    assert_eq!(found.rounds.len(), 2);
    let rows = Draw::new(&fold, 11, 0).rows(3);
    assert_eq!(found.rounds[0].rows, [rows.len()]);
    let mut early = 0;
    for (cell, &round) in found.table.cells.iter().zip(&found.last_round) {
        let rows: Vec<usize> = if round == 0 {
            early += 1;
            rows.clone()
        } else {
            (0..300).collect()
        };
        let svc = Svc {
            c: cell.c * 300.0 / rows.len() as f64,
            kernel: Rbf {
                gamma: cell.gamma.unwrap(),
            },
            solver: solver.clone(),
        };
        let sample = fold.x_train.select_rows(&rows);
        let labels: Vec<Label> = rows.iter().map(|&i| y[i]).collect();
        let of_rows: Vec<f64> = rows.iter().map(|&i| weights[i]).collect();
        let samples = Samples::new(sample.view(), &labels).unwrap();
        let model = svc.fit_warm(samples, Some(&of_rows), None).unwrap();
        let predicted = model.predict(fold.x_valid).unwrap();
        assert_eq!(cell.score, accuracy(&y, &predicted), "{cell:?}");
    }
    assert_eq!(early, 4);
}

/// Everything but one weight of the positive class is 0: rounds go on all rows, or the draw has the one.
#[test]
fn a_round_has_both_classes_of_every_candidate() {
    let y: Vec<Label> = (0..400)
        .map(|i| Label::from_sign(if i % 4 == 0 { 1.0 } else { -1.0 }))
        .collect();
    let x: Vec<f64> = y.iter().map(|l| l.sign()).collect();
    let one = |row: usize| -> Vec<f64> {
        let weight = |(i, l): (usize, &Label)| f64::from(u8::from(!l.is_positive() || i == row));
        y.iter().enumerate().map(weight).collect()
    };
    let search = HalvingSearch {
        min_rows: 50,
        ..HalvingSearch::default()
    };
    let all = fold_of(&x, &y, vec![vec![1.0; 400]]);
    let draw = Draw::new(&all, 0, 0);
    let n_rounds = |fold: TuningFold<'_>| search.rounds(&[fold]).unwrap().len();
    assert_eq!(n_rounds(all.clone()), 2);
    let [positive, _] = draw.of_classes(3);
    let within = positive[0];
    let beyond = (0..400).step_by(4).find(|i| !positive.contains(i)).unwrap();
    assert_eq!(n_rounds(fold_of(&x, &y, vec![one(within)])), 2);
    let fold = fold_of(&x, &y, vec![vec![1.0; 400], one(beyond)]);
    assert_eq!(n_rounds(fold.clone()), 1);
    let found = search.run(std::slice::from_ref(&fold), &accuracy).unwrap();
    assert_eq!(found.table, search.grid.run(&[fold], &accuracy).unwrap());
}

proptest! {
    /// Rows of a round are ascending, those of the round before are among them, and of every class they are its share.
    #[test]
    fn draws_are_nested_and_stratified(
        y in proptest::collection::vec(any::<bool>(), 2..300),
        seed in any::<u64>(),
        number in 0_usize..10,
        factor in 2_usize..5,
    ) {
        let y: Vec<Label> = y.iter().map(|&p| Label::from_sign(if p { 1.0 } else { -1.0 })).collect();
        let x = vec![0.0; y.len()];
        let draw = Draw::new(&fold_of(&x, &y, vec![]), seed, number);
        let mut before: Vec<usize> = Vec::new();
        for power in (0..4).rev() {
            let divisor = factor.pow(power);
            let rows = draw.rows(divisor);
            prop_assert!(rows.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(before.iter().all(|row| rows.binary_search(row).is_ok()));
            for class in [Label::Positive, Label::Negative] {
                let all = y.iter().filter(|&&l| l == class).count();
                let drawn = rows.iter().filter(|&&i| y[i] == class).count();
                prop_assert_eq!(drawn, share(all, divisor));
                let exact = all as f64 / divisor as f64;
                prop_assert!((drawn as f64 - exact).abs() <= 0.5 || drawn == 1);
            }
            before = rows;
        }
        prop_assert_eq!(before, (0..y.len()).collect::<Vec<_>>());
    }

    /// One of `factor` cells stays, the rows grow, the first round has enough of them, and one round more would not.
    #[test]
    fn rounds_follow_from_cells_and_rows(
        cells in 1_usize..2000,
        positive in 1_usize..3000,
        negative in 1_usize..3000,
        factor in 2_usize..6,
        min_rows in 1_usize..400,
    ) {
        let search = HalvingSearch { factor, min_rows, ..HalvingSearch::default() };
        let classes = [ClassCounts { positive, negative }];
        let rounds = search.rounds_of(cells, &classes);
        prop_assert_eq!(rounds[0].cells, cells);
        prop_assert_eq!(&rounds[rounds.len() - 1].rows, &[positive + negative]);
        for two in rounds.windows(2) {
            prop_assert_eq!(two[1].cells, two[0].cells.div_ceil(factor));
            prop_assert!(two[0].rows[0] < two[1].rows[0]);
        }
        let rows = |n: usize| {
            let divisor = factor.pow(n as u32 - 1);
            [positive, negative].map(|of_class| share(of_class, divisor))
        };
        let enough = |n: usize| rows(n).iter().sum::<usize>() >= min_rows && rows(n).iter().all(|&r| r >= 20);
        let n = rounds.len();
        prop_assert!(n == 1 || enough(n));
        prop_assert!(factor.pow(n as u32 - 1) <= cells);
        prop_assert!(factor.pow(n as u32) > cells || !enough(n + 1));
    }
}
