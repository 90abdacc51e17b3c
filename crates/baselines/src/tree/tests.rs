use super::columns::Ranks;
use super::scan::{TIE, best_cut};
use super::tally::best_cut_by_rank;
use super::{Columns, Limits, Tree, fold_trees, grow};
use crate::streams::stream;
use fuzzysvm_core::Matrix;
use proptest::prelude::*;

const FULL: Limits = Limits {
    max_depth: usize::MAX,
    min_samples_leaf: 1,
    max_features: usize::MAX,
};

fn limits(max_depth: usize, min_samples_leaf: usize) -> Limits {
    Limits {
        max_depth,
        min_samples_leaf,
        ..FULL
    }
}

fn mass(y: &[bool], w: &[f64]) -> Vec<[f64; 2]> {
    let pair = |(&p, &w): (&bool, &f64)| if p { [0.0, w] } else { [w, 0.0] };
    y.iter().zip(w).map(pair).collect()
}

fn fit(x: &[f64], d: usize, mass: &[[f64; 2]], limits: Limits, seed: u64) -> Tree {
    let columns = Columns::new(Matrix::new(x, d).unwrap());
    let max_features = limits.max_features.min(d);
    let limits = Limits {
        max_features,
        ..limits
    };
    grow(&columns, mass, limits, &mut stream(seed, 0))
}

/// The first best (feature, threshold) by trying every pair of values, from the definition.
fn brute_force(x: &[f64], d: usize, mass: &[[f64; 2]], min_leaf: usize) -> Option<(usize, f64)> {
    let here: Vec<usize> = (0..mass.len()).filter(|&i| mass[i] != [0.0, 0.0]).collect();
    let mut best: Option<(f64, usize, f64)> = None;
    for f in 0..d {
        let mut values: Vec<f64> = here.iter().map(|&i| x[i * d + f]).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        for pair in values.windows(2) {
            let threshold = 0.5 * pair[0] + 0.5 * pair[1];
            let mut score = 0.0;
            let mut smallest = usize::MAX;
            for left in [true, false] {
                let side: Vec<usize> = here
                    .iter()
                    .copied()
                    .filter(|&i| (x[i * d + f] <= threshold) == left)
                    .collect();
                let n: f64 = side.iter().map(|&i| mass[i][0]).sum();
                let p: f64 = side.iter().map(|&i| mass[i][1]).sum();
                score += (n * n + p * p) / (n + p);
                smallest = smallest.min(side.len());
            }
            let better = best.is_none_or(|b| score > b.0 * (1.0 + TIE));
            if smallest >= min_leaf && better {
                best = Some((score, f, threshold));
            }
        }
    }
    best.map(|(_, f, t)| (f, t))
}

proptest! {
    /// Weights are small integers, so that every order of summing gives the same sums.
    #[test]
    fn the_first_split_is_the_best_of_all(
        rows in prop::collection::vec(
            (prop::collection::vec(-3i8..4, 3), any::<bool>(), 0u8..4), 2..40),
        min_leaf in 1usize..4,
    ) {
        let x: Vec<f64> = rows.iter().flat_map(|r| r.0.iter().map(|&v| f64::from(v))).collect();
        let y: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let w: Vec<f64> = rows.iter().map(|r| f64::from(r.2)).collect();
        let m = mass(&y, &w);
        let tree = fit(&x, 3, &m, limits(1, min_leaf), 0);
        let mixed = m.iter().any(|p| p[0] > 0.0) && m.iter().any(|p| p[1] > 0.0);
        let expected = if mixed { brute_force(&x, 3, &m, min_leaf) } else { None };
        match expected {
            None => prop_assert_eq!(tree.nodes.len(), 1),
            Some((feature, threshold)) => {
                prop_assert_eq!(tree.nodes.len(), 3);
                prop_assert_eq!(tree.nodes[0].feature as usize, feature);
                prop_assert_eq!(tree.nodes[0].number, threshold);
            }
        }
    }

    /// Every split of a deep tree is the best of the rows that reach it, whichever way they were sorted.
    #[test]
    fn every_split_is_the_best_of_its_node(
        rows in prop::collection::vec(
            (prop::collection::vec(-9i8..10, 2), any::<bool>(), 0u8..3), 2..120),
        min_leaf in 1usize..3,
    ) {
        let x: Vec<f64> = rows.iter().flat_map(|r| r.0.iter().map(|&v| f64::from(v))).collect();
        let y: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let w: Vec<f64> = rows.iter().map(|r| f64::from(r.2)).collect();
        let all = mass(&y, &w);
        let tree = fit(&x, 2, &all, limits(usize::MAX, min_leaf), 0);
        let mut inside: Vec<Vec<bool>> = vec![vec![false; y.len()]; tree.nodes.len()];
        inside[0] = vec![true; y.len()];
        for k in 0..tree.nodes.len() {
            let node = tree.nodes[k];
            let here: Vec<[f64; 2]> =
                (0..y.len()).map(|i| if inside[k][i] { all[i] } else { [0.0; 2] }).collect();
            let sums = here.iter().fold([0.0; 2], |s, m| [s[0] + m[0], s[1] + m[1]]);
            let pure = sums[0] == 0.0 || sums[1] == 0.0;
            let best = if pure { None } else { brute_force(&x, 2, &here, min_leaf) };
            match best {
                None => {
                    prop_assert_eq!(node.left, 0);
                    if sums != [0.0; 2] {
                        prop_assert_eq!(node.number, sums[1] / (sums[0] + sums[1]));
                    }
                }
                Some((feature, threshold)) => {
                    prop_assert!(node.left > 0);
                    prop_assert_eq!(node.feature as usize, feature);
                    prop_assert_eq!(node.number, threshold);
                    for i in 0..y.len() {
                        let right = usize::from(x[i * 2 + feature] > threshold);
                        let child = node.left as usize + right;
                        inside[child][i] = inside[k][i];
                    }
                }
            }
        }
    }

    /// Sums by rank find the cut that the sorted rows have. Weights are small integers: sums do not depend on their order.
    #[test]
    fn sums_by_rank_find_the_cut_of_the_sorted_rows(
        all in prop::collection::vec((0u16..600, any::<bool>(), 1u8..4, any::<bool>()), 2..400),
        levels in prop::sample::select(vec![1u16, 2, 3, 40, 600]),
        min_leaf in 1usize..4,
    ) {
        let x: Vec<f64> = all.iter().map(|r| f64::from(r.0 % levels)).collect();
        let y: Vec<bool> = all.iter().map(|r| r.1).collect();
        let w: Vec<f64> = all.iter().map(|r| f64::from(r.2)).collect();
        let columns = Columns::new(Matrix::new(&x, 1).unwrap());
        let mass = mass(&y, &w);
        let rows: Vec<u32> = (0..all.len() as u32).filter(|&i| all[i as usize].3).collect();
        prop_assume!(!rows.is_empty());
        let sorted: Vec<u32> = columns.order(0).iter().copied().filter(|&i| all[i as usize].3).collect();
        let masses: Vec<[f64; 2]> = rows.iter().map(|&i| mass[i as usize]).collect();
        let total = masses.iter().fold([0.0; 2], |s, m| [s[0] + m[0], s[1] + m[1]]);
        let (rank, n, tallies) = (columns.rank(0), columns.n_ranks(0), &mut Vec::new());
        let (varies, cut) = best_cut_by_rank(&rows, rank, n, &masses, total, min_leaf, tallies);
        prop_assert_eq!(varies, rank[sorted[0] as usize] != rank[sorted[sorted.len() - 1] as usize]);
        prop_assert_eq!(cut, best_cut(&sorted, rank, &mass, total, min_leaf));
        if let Ranks::Bytes(bytes) = columns.compact(0) {
            let of_bytes = best_cut_by_rank(&rows, bytes, n, &masses, total, min_leaf, tallies);
            prop_assert_eq!(of_bytes, (varies, cut));
        } else {
            prop_assert!(n > 256);
        }
    }

    /// Block by block and tree by tree the values are folded in the order of the trees, bit for bit.
    #[test]
    fn many_trees_are_folded_in_their_order(
        rows in prop::collection::vec((prop::collection::vec(-9i8..10, 2), any::<bool>()), 2..60),
        n in 0usize..600,
    ) {
        let x: Vec<f64> = rows.iter().flat_map(|r| r.0.iter().map(|&v| f64::from(v))).collect();
        let y: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let trees: Vec<Tree> = (0..4)
            .map(|seed| {
                let w: Vec<f64> = (0..y.len()).map(|i| 1.0 + ((i + seed) % 3) as f64).collect();
                fit(&x, 2, &mass(&y, &w), limits(1 << seed, 1), seed as u64)
            })
            .collect();
        let probe: Vec<f64> = (0..2 * n).map(|i| (i * 7 % 23) as f64 - 11.0).collect();
        let probe = Matrix::new(&probe, 2).unwrap();
        let step = |sum: f64, t: usize, value: f64| sum * 0.7 + (t as f64 + 0.1) * value;
        let found = fold_trees(&trees, probe, 0.3, step, |sum| -sum);
        let of_row = |row: &[f64]| -trees.iter().enumerate().fold(0.3, |s, (t, tree)| step(s, t, tree.value(row)));
        let expected: Vec<f64> = probe.rows().map(of_row).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_weight_of_k_is_k_rows_and_0_is_none(
        rows in prop::collection::vec(
            (prop::collection::vec(-3i8..4, 3), any::<bool>(), 0u8..4), 1..30),
        probe in prop::collection::vec(-4i8..5, 3),
    ) {
        let x: Vec<f64> = rows.iter().flat_map(|r| r.0.iter().map(|&v| f64::from(v))).collect();
        let y: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let w: Vec<f64> = rows.iter().map(|r| f64::from(r.2)).collect();
        let repeated: Vec<usize> = (0..y.len())
            .flat_map(|i| std::iter::repeat_n(i, usize::from(rows[i].2)))
            .collect();
        prop_assume!(!repeated.is_empty());
        let x2: Vec<f64> = repeated.iter().flat_map(|&i| x[i * 3..i * 3 + 3].to_vec()).collect();
        let y2: Vec<bool> = repeated.iter().map(|&i| y[i]).collect();
        let ones = vec![1.0; y2.len()];
        let a = fit(&x, 3, &mass(&y, &w), FULL, 0);
        let b = fit(&x2, 3, &mass(&y2, &ones), FULL, 0);
        let probe: Vec<f64> = probe.iter().map(|&v| f64::from(v)).collect();
        prop_assert_eq!(a.value(&probe), b.value(&probe));
        prop_assert_eq!(a, b);
    }
}

#[test]
fn ties_go_to_the_lowest_feature_and_the_lowest_threshold() {
    // Two equal features; 0 and 2 are positive, so cuts at 0.5 and 1.5 are equally good.
    let x = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0];
    let y = [true, false, true];
    let tree = fit(&x, 2, &mass(&y, &[1.0; 3]), limits(1, 1), 0);
    assert_eq!((tree.nodes[0].feature, tree.nodes[0].number), (0, 0.5));
}

#[test]
fn an_exclusive_or_is_learned_although_no_first_split_gains() {
    let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    let y = [false, true, true, false];
    let tree = fit(&x, 2, &mass(&y, &[1.0; 4]), FULL, 0);
    for (row, &p) in x.chunks(2).zip(&y) {
        assert_eq!(tree.value(row), f64::from(u8::from(p)));
    }
}

#[test]
fn huge_values_and_signed_zeros_are_cut_where_they_differ() {
    let x = [f64::MAX, -f64::MAX, -0.0, 0.0];
    let y = [true, false, true, false];
    let tree = fit(&x, 1, &mass(&y, &[1.0; 4]), FULL, 0);
    assert!(tree.nodes.iter().all(|n| n.number.is_finite()));
    assert_eq!(tree.value(&[f64::MAX]), 1.0);
    assert_eq!(tree.value(&[-f64::MAX]), 0.0);
    // −0 and 0 are the same value with different labels: a mixed leaf.
    assert_eq!(tree.value(&[0.0]), 0.5);
    assert_eq!(tree.value(&[-0.0]), 0.5);
    // Neighbors without a number between them.
    let x = [1.0, 1.0f64.next_up()];
    let tree = fit(&x, 1, &mass(&[false, true], &[1.0; 2]), FULL, 0);
    assert_eq!((tree.value(&[x[0]]), tree.value(&[x[1]])), (0.0, 1.0));
}

#[test]
fn constant_features_are_passed_over_until_one_varies() {
    // One feature per node, and only the last of ten varies.
    let mut x = vec![1.0; 40];
    for i in 0..4 {
        x[i * 10 + 9] = i as f64;
    }
    let m = mass(&[false, false, true, true], &[1.0; 4]);
    for seed in 0..20 {
        let one = Limits {
            max_features: 1,
            ..FULL
        };
        let tree = fit(&x, 10, &m, one, seed);
        assert_eq!((tree.nodes[0].feature, tree.nodes[0].number), (9, 1.5));
    }
    let constant = fit(&[2.0; 40], 10, &m, FULL, 0);
    assert_eq!(constant.nodes.len(), 1);
    assert_eq!(constant.value(&[0.0; 10]), 0.5);
}

#[test]
fn weights_that_vanish_beside_others_make_no_nan() {
    let x: Vec<f64> = (0..6).map(f64::from).collect();
    let y = [true, false, true, false, true, false];
    let w = [1e-300, 1.0, 1e-300, 1e-320, 1.0, 1e-300];
    let tree = fit(&x, 1, &mass(&y, &w), FULL, 0);
    for row in &x {
        assert!((0.0..=1.0).contains(&tree.value(&[*row])));
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_tree_from_a_file_is_checked() {
    let ok = r#"{"feature":[1,0,0],"left":[1,0,0],"number":[0.5,0.0,1.0]}"#;
    let tree: Tree = serde_json::from_str(ok).unwrap();
    assert_eq!(serde_json::to_string(&tree).unwrap(), ok);
    assert!(tree.fits(2) && !tree.fits(1));
    for bad in [
        r#"{"feature":[],"left":[],"number":[]}"#,
        r#"{"feature":[0,0],"left":[1,0],"number":[0.5,0.0]}"#,
        r#"{"feature":[0,0,0],"left":[1,1,0],"number":[0.5,0.0,1.0]}"#,
        r#"{"feature":[0,0],"left":[0,0,0],"number":[0.5,0.0]}"#,
        r#"{"feature":[0,0,0],"left":[2,0,0],"number":[0.5,0.0,1.0]}"#,
    ] {
        assert!(serde_json::from_str::<Tree>(bad).is_err(), "{bad}");
    }
}
