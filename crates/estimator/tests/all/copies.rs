//! Copies of samples in folds, and training samples that are known again.

use std::collections::HashSet;

use crate::common::overlapping;
use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::{
    Copies, CrossValidation, Data, Encode, Estimator, FittedEstimator, Warning,
};
use fuzzysvm_evaluation::stratified_k_fold;
use proptest::prelude::*;

/// Few different rows of two small numbers, with classes, each class often enough to be split in three.
fn rows() -> impl Strategy<Value = Vec<(i8, i8, bool)>> {
    proptest::collection::vec((-3i8..3, -2i8..2, any::<bool>()), 1..40).prop_map(|mut rows| {
        for i in 0..6 {
            rows.push((10 + i, 0, i % 2 == 0));
        }
        rows
    })
}

fn data(rows: &[(i8, i8, bool)]) -> Data {
    let values = rows.iter().flat_map(|r| [f64::from(r.0), f64::from(r.1)]);
    let sign = |positive: bool| if positive { 1.0 } else { -1.0 };
    let y = rows.iter().map(|r| Label::from_sign(sign(r.2))).collect();
    Data::from_matrix(MatrixBuf::new(values.collect(), 2).unwrap(), y).unwrap()
}

proptest! {
    #[test]
    fn copies_and_folds_are_counted_as_by_hand(rows in rows(), seed in 0u64..9) {
        let data = data(&rows);
        let copies = data.copies().unwrap();
        let different: HashSet<(i8, i8)> = rows.iter().map(|r| (r.0, r.1)).collect();
        prop_assert_eq!(copies.n_copies, rows.len() - different.len());
        let first = |r: &(i8, i8, bool)| rows.iter().find(|s| (s.0, s.1) == (r.0, r.1)).unwrap().2;
        let contradicting = rows.iter().filter(|r| r.2 != first(r)).count();
        prop_assert_eq!(copies.n_contradicting, contradicting);

        let folds = stratified_k_fold(data.y(), 3, seed).unwrap();
        let fold_of = |i: usize| folds.iter().position(|f| f.test.contains(&i));
        let alike = |i: usize, j: usize| (rows[i].0, rows[i].1) == (rows[j].0, rows[j].1);
        let across = (0..rows.len())
            .filter(|&i| (0..rows.len()).any(|j| alike(i, j) && fold_of(i) != fold_of(j)))
            .count();
        let cv = CrossValidation { folds: 3, scale: ScalerKind::Standard, seed };
        let warned = match cv.warnings(&data).unwrap().as_slice() {
            [] => 0,
            [Warning::CopiesAcrossFolds { samples, .. }] => *samples,
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(warned, across);
    }
}

#[test]
fn data_without_copies_have_no_warning() {
    let data = overlapping(61, 5);
    assert_eq!(data.copies().unwrap().n_copies, 0);
    assert!(data.warnings(ScalerKind::Standard).is_empty());
}

#[test]
fn the_training_samples_are_known_again_and_older_files_say_nothing() {
    let data = overlapping(61, 5);
    for name in ["iefsvm", "cs-rf"] {
        let fitted = Estimator::named(name).unwrap().fit(&data, None).unwrap();
        let x = data.encode(fitted.preprocessing(), None).unwrap();
        let text = fitted.to_json().unwrap();
        let loaded = FittedEstimator::from_text(&text).unwrap();
        assert_eq!(loaded.trained_on(), fitted.trained_on());
        let turned: Vec<usize> = (0..61).rev().collect();
        let of = |rows: &[usize]| -> (MatrixBuf, Vec<Label>) {
            let y = rows.iter().map(|&i| data.y()[i]).collect();
            (x.view().select_rows(rows), y)
        };
        let (all, y) = of(&turned);
        assert_eq!(
            loaded.warnings_on(all.view(), &y),
            [Warning::TrainingSamples]
        );
        let (part, y) = of(&turned[1..]);
        assert!(loaded.warnings_on(part.view(), &y).is_empty());
    }
    assert!(
        Copies::of(MatrixBuf::new(vec![], 1).unwrap().view(), &[])
            .first
            .is_empty()
    );
}
