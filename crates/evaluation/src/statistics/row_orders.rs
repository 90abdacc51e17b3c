//! The null distribution of Friedman's statistic: every row of ranks in every order, ties kept.
//!
//! Where the methods are alike, each order of the ranks within a row has the same chance, independently of the other rows.
//! χ²_F and F_F both grow with Σ_j S_j², S_j being the sum of the ranks of method j: all three have one permutation p-value.
//! Ranks are doubled, so that everything is counted in whole numbers.

use std::collections::HashMap;

use rand::seq::SliceRandom;

use crate::splits::generator;

/// Orders looked at, at most, in an exact count (some tenths of a second); an order of k > 8 ranks counts for k/8.
const MOST_ORDERS: f64 = 2e6;

/// Σ_j S_j².
pub(super) fn squares(sums: &[u64]) -> u128 {
    sums.iter().map(|&s| u128::from(s) * u128::from(s)).sum()
}

/// Doubled ranks of the rows, each row in ascending order, rows with few distinct orders first: the distribution depends on
/// neither order, so neither does the result.
pub(super) fn canonical(mut rows: Vec<Vec<u64>>) -> Vec<Vec<u64>> {
    for row in &mut rows {
        row.sort_unstable();
    }
    rows.sort_by(|a, b| orders(a).total_cmp(&orders(b)).then_with(|| a.cmp(b)));
    rows
}

/// Distinct orders of a sorted row: k!/∏ t! over its groups of t ties; infinite where that overflows.
fn orders(row: &[u64]) -> f64 {
    let (mut orders, mut placed) = (1.0, 0usize);
    for ties in row.chunk_by(|a, b| a == b) {
        // Times the ways to place these among those before them, by binomials: whole numbers all the way.
        for i in 1..=ties.len() {
            orders = orders * (placed + i) as f64 / i as f64;
        }
        placed += ties.len();
    }
    orders
}

/// The next order of a row in lexicographic order; `false` after the last.
fn next_order(row: &mut [u64]) -> bool {
    let Some(i) = row.windows(2).rposition(|w| w[0] < w[1]) else {
        return false;
    };
    // There is one: the value after i is larger.
    let j = row.iter().rposition(|&v| v > row[i]).unwrap_or(i);
    row.swap(i, j);
    row[i + 1..].reverse();
    true
}

/// P(Σ_j S_j² ≥ `observed`) over all orders of the rows of [`canonical`]; `None` where more than [`MOST_ORDERS`] orders would have to
/// be looked at.
///
/// Row after row is added to the distribution of the sums. That distribution does not depend on the order of the methods, so
/// sums are kept in ascending order, which leaves few of them.
pub(super) fn exact_p(rows: &[Vec<u64>], observed: u128) -> Option<f64> {
    // The order of one row is free. The one with the most orders is the best to hold.
    let (held, rest) = rows.split_last()?;
    // Whole counts where they are exact, chances where counts would be too large.
    let total: f64 = rest.iter().map(|row| orders(row)).product();
    let counts = total <= 2f64.powi(53);
    let mut states: Vec<(Vec<u64>, f64)> = vec![(held.clone(), 1.0)];
    let (mut p, mut looked_at) = (0.0, 0.0);
    for (i, row) in rest.iter().enumerate() {
        let each = orders(row);
        looked_at += each * states.len() as f64 * (row.len() as f64 / 8.0).max(1.0);
        if looked_at > MOST_ORDERS {
            return None;
        }
        let last = i + 1 == rest.len();
        let mut next: HashMap<Vec<u64>, f64> = HashMap::new();
        let mut sums = vec![0; row.len()];
        for (state, chance) in &states {
            let chance = if counts { *chance } else { chance / each };
            let mut order = row.clone();
            loop {
                for (sum, (s, r)) in sums.iter_mut().zip(state.iter().zip(&order)) {
                    *sum = s + r;
                }
                if last {
                    if squares(&sums) >= observed {
                        p += chance;
                    }
                } else {
                    sums.sort_unstable();
                    if let Some(found) = next.get_mut(&sums) {
                        *found += chance;
                    } else {
                        next.insert(sums.clone(), chance);
                    }
                }
                if !next_order(&mut order) {
                    break;
                }
            }
        }
        // Sorted: the order of a hash map is another one in every run, and so would the rounding be.
        states = next.into_iter().collect();
        states.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    }
    Some(f64::min(if counts { p / total } else { p }, 1.0))
}

/// The same from `n` random orders of the rows: (1 + those with Σ_j S_j² ≥ `observed`)/(1 + n).
pub(super) fn sampled_p(rows: &[Vec<u64>], observed: u128, n: usize, seed: u64) -> f64 {
    let mut rng = generator(seed, 0);
    let Some((held, rest)) = rows.split_last() else {
        return 1.0;
    };
    // A row of one rank has one order.
    let (movable, fixed): (Vec<&Vec<u64>>, Vec<&Vec<u64>>) =
        rest.iter().partition(|row| orders(row) > 1.0);
    let mut base = held.clone();
    for row in fixed {
        base.iter_mut().zip(row).for_each(|(sum, r)| *sum += r);
    }
    let mut movable: Vec<Vec<u64>> = movable.into_iter().cloned().collect();
    let mut reached = 0usize;
    let mut sums = base.clone();
    for _ in 0..n {
        sums.copy_from_slice(&base);
        for row in &mut movable {
            row.shuffle(&mut rng);
            sums.iter_mut().zip(&*row).for_each(|(sum, r)| *sum += r);
        }
        reached += usize::from(squares(&sums) >= observed);
    }
    (1 + reached) as f64 / (1 + n) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranks;
    use proptest::prelude::*;

    fn doubled(table: &[Vec<f64>]) -> (Vec<Vec<u64>>, u128) {
        let rows: Vec<Vec<u64>> = table
            .iter()
            .map(|row| {
                let ranks = ranks(row).unwrap();
                ranks.into_iter().map(|r| (2.0 * r) as u64).collect()
            })
            .collect();
        let sums: Vec<u64> = (0..rows[0].len())
            .map(|j| rows.iter().map(|row| row[j]).sum())
            .collect();
        (canonical(rows), squares(&sums))
    }

    /// Every order of every row, k! each whether ties make them equal or not.
    fn by_brute_force(rows: &[Vec<u64>], observed: u128) -> f64 {
        fn places(k: usize) -> Vec<Vec<usize>> {
            if k == 0 {
                return vec![vec![]];
            }
            let with = |p: Vec<usize>, at: usize| [&p[..at], &[k - 1], &p[at..]].concat();
            let shorter = places(k - 1).into_iter();
            shorter
                .flat_map(|p| (0..k).map(move |at| with(p.clone(), at)))
                .collect()
        }
        let all = places(rows[0].len());
        let total = all.len().pow(rows.len() as u32);
        let reached = (0..total)
            .filter(|&which| {
                let mut which = which;
                let mut sums = vec![0; rows[0].len()];
                for row in rows {
                    let order = &all[which % all.len()];
                    which /= all.len();
                    sums.iter_mut()
                        .zip(order)
                        .for_each(|(s, &at)| *s += row[at]);
                }
                squares(&sums) >= observed
            })
            .count();
        reached as f64 / total as f64
    }

    #[test]
    fn all_orders_of_a_row_come_once() {
        let mut row = vec![1, 3, 3, 4];
        let mut seen = vec![row.clone()];
        while next_order(&mut row) {
            seen.push(row.clone());
        }
        assert_eq!(seen.len() as f64, orders(&seen[0]));
        assert!(seen.windows(2).all(|w| w[0] < w[1]));
        // Far beyond the largest factorial that there is: one place among 2,000, and all distinct.
        assert_eq!(orders(&[vec![1; 1999], vec![2]].concat()), 2000.0);
        assert_eq!(orders(&(0..2000).collect::<Vec<_>>()), f64::INFINITY);
        assert!(!next_order(&mut [2, 2]) && !next_order(&mut [2]) && !next_order(&mut []));
    }

    #[test]
    fn too_many_orders_are_not_counted() {
        let row: Vec<u64> = (1..=12).map(|r| 2 * r).collect();
        assert_eq!(exact_p(&vec![row; 3], 0), None);
        // Each of few orders may be long.
        let row = [vec![2001u64; 1999], vec![4000]].concat();
        assert_eq!(exact_p(&vec![row; 4], 0), None);
        // Ties leave few orders.
        let row = [vec![5u64; 11], vec![100]].concat();
        assert_eq!(exact_p(&vec![row; 3], 0), Some(1.0));
    }

    proptest! {
        #[test]
        fn the_count_is_that_of_brute_force(
            (k, values) in (2usize..=4, proptest::collection::vec(0i8..4, 16)),
            n in 2usize..=3,
        ) {
            let row = |i: usize| values[4 * i..4 * i + k].iter().map(|&v| f64::from(v)).collect();
            let table: Vec<Vec<f64>> = (0..n).map(row).collect();
            let (rows, observed) = doubled(&table);
            let expected = by_brute_force(&rows, observed);
            let found = exact_p(&rows, observed).unwrap();
            prop_assert!((found - expected).abs() < 1e-12, "{} {}", found, expected);
            let n = 4000;
            let sampled = sampled_p(&rows, observed, n, 7);
            // Six standard errors, and the one outcome that is added.
            let most = 6.0 * (expected * (1.0 - expected) / n as f64).sqrt() + 2.0 / n as f64;
            prop_assert!((sampled - expected).abs() <= most, "{} {}", sampled, expected);
        }
    }
}
