//! Worked values, laws and errors of the entropies.
#![allow(clippy::unwrap_used, reason = "a test")]

use fuzzysvm_core::{Label, Matrix, MatrixBuf};
use fuzzysvm_knn_entropy::{
    Auto, NeighborError, NeighborSearch, binary_entropy, class_entropy, laws, positive_neighbors,
};
use proptest::prelude::*;

const N: Label = Label::Negative;
const P: Label = Label::Positive;

#[test]
fn the_two_worked_values() {
    // 6 and 1 of 7: -(6/7) ln(6/7) - (1/7) ln(1/7) = (7 ln 7 - 6 ln 6)/7.
    let six_one = (7.0 * 7f64.ln() - 6.0 * 6f64.ln()) / 7.0;
    assert!((binary_entropy(1, 7) - six_one).abs() < 1e-15);
    assert!((binary_entropy(6, 7) - six_one).abs() < 1e-15);
    assert!((six_one - 0.4101).abs() < 5e-5);
    // 3 and 4 of 7: (7 ln 7 - 3 ln 3 - 4 ln 4)/7.
    let three_four = (7.0 * 7f64.ln() - 3.0 * 3f64.ln() - 4.0 * 4f64.ln()) / 7.0;
    assert!((binary_entropy(3, 7) - three_four).abs() < 1e-15);
    assert!((three_four - 0.6829).abs() < 5e-5);
    assert_eq!(binary_entropy(2, 4), std::f64::consts::LN_2);
    assert_eq!(binary_entropy(0, 0), 0.0);
}

#[test]
fn every_binary_entropy_is_in_range_symmetric_and_zero_only_where_pure() {
    for k in 1..200 {
        for p in 0..=k {
            let h = binary_entropy(p, k);
            assert!((0.0..=std::f64::consts::LN_2).contains(&h), "{p} of {k}");
            assert_eq!(h, binary_entropy(k - p, k));
            assert_eq!(h == 0.0, p == 0 || p == k);
        }
    }
}

#[test]
fn every_k_is_a_prefix_of_one_search() {
    // On a line: the neighbors of 0 are 1, 2, 3, 4 in order, with labels P, N, N, P.
    let data = [0.0, 1.0, 2.5, 4.5, 7.0];
    let y = [N, P, N, N, P];
    let x = Matrix::new(&data, 1).unwrap();
    let table = Auto.among_themselves(x, 4).unwrap();
    let ks = [1, 2, 3, 4];
    assert_eq!(
        &positive_neighbors(&table, &y, &ks).unwrap()[..4],
        &[1, 1, 1, 2]
    );
    let entropy = class_entropy(&table, &y, &ks).unwrap();
    assert_eq!(entropy.len(), 5 * 4);
    assert_eq!(
        &entropy[..4],
        &[
            0.0,
            binary_entropy(1, 2),
            binary_entropy(1, 3),
            binary_entropy(2, 4)
        ]
    );
    // A shorter list is the same search cut short.
    let short = class_entropy(&table, &y, &[3]).unwrap();
    assert_eq!(short[0], entropy[2]);
}

#[test]
fn what_has_no_entropy_is_a_located_error() {
    let data = [0.0, 1.0, 2.0, 3.0];
    let y = [N, P, N, P];
    let table = Auto
        .among_themselves(Matrix::new(&data, 1).unwrap(), 3)
        .unwrap();
    let of = |y: &[Label], ks: &[usize]| class_entropy(&table, y, ks).unwrap_err();
    assert_eq!(
        of(&y[..3], &[1]),
        NeighborError::LabelCount {
            n_points: 4,
            n_labels: 3
        }
    );
    assert_eq!(of(&y, &[]), NeighborError::NoKs);
    assert_eq!(
        of(&y, &[1, 5]),
        NeighborError::KBeyondTable { k: 5, available: 3 }
    );
    let not_increasing = |position, previous, value| NeighborError::KsNotIncreasing {
        position,
        previous,
        value,
    };
    assert_eq!(of(&y, &[0, 1]), not_increasing(0, 0, 0));
    assert_eq!(of(&y, &[1, 3, 2]), not_increasing(2, 3, 2));
    assert_eq!(of(&y, &[2, 2]), not_increasing(1, 2, 2));
}

fn labelled() -> impl Strategy<Value = (MatrixBuf, Vec<Label>, Vec<usize>)> {
    (2..60usize, 1..4usize).prop_flat_map(|(n, d)| {
        (
            prop::collection::vec((0..6i32).prop_map(f64::from), n * d)
                .prop_map(move |v| MatrixBuf::new(v, d).unwrap()),
            prop::collection::vec(any::<bool>().prop_map(|b| if b { P } else { N }), n),
            prop::collection::btree_set(1..n, 1..4).prop_map(|ks| ks.into_iter().collect()),
        )
    })
}

proptest! {
    #[test]
    fn the_laws_of_entropy_hold((x, y, ks) in labelled()) {
        let table = Auto.among_themselves(x.view(), ks[ks.len() - 1]).unwrap();
        laws::entropy_is_zero_exactly_where_pure(&table, &y, &ks).map_err(TestCaseError::fail)?;
        laws::entropy_does_not_name_a_class(&table, &y, &ks).map_err(TestCaseError::fail)?;
    }
}
