//! The best threshold of one feature from sums by rank, without sorting the rows.

use super::scan::{Cut, Scan};

/// What the rows of one rank weigh, and how many they are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    mass: [f64; 2],
    n: usize,
}

/// As [`best_cut`](super::scan::best_cut) of rows that need not be sorted, and whether the feature varies among them.
/// `rank` has a number below `n_ranks` for every row, `masses` the weight of each of `rows`; `tallies` is room.
pub(crate) fn best_cut_by_rank<R: Copy + Into<u32>>(
    rows: &[u32],
    rank: &[R],
    n_ranks: usize,
    masses: &[[f64; 2]],
    total: [f64; 2],
    min_leaf: usize,
    tallies: &mut Vec<Tally>,
) -> (bool, Option<Cut>) {
    if n_ranks == 2 {
        return of_two(rows, rank, masses, total, min_leaf);
    }
    tallies.clear();
    tallies.resize(n_ranks, Tally::default());
    for (&i, m) in rows.iter().zip(masses) {
        let rank: u32 = rank[i as usize].into();
        let tally = &mut tallies[rank as usize];
        tally.mass[0] += m[0];
        tally.mass[1] += m[1];
        tally.n += 1;
    }
    let mut scan = Scan::new(total, rows.len(), min_leaf);
    let mut varies = false;
    // The last rank that has rows, and what lies up to it.
    let mut last: Option<u32> = None;
    let (mut left, mut n_left) = ([0.0; 2], 0);
    for (tally, rank) in tallies.iter().zip(0..) {
        if tally.n == 0 {
            continue;
        }
        if let Some(low) = last {
            varies = true;
            scan.look(left, n_left, low, rank);
        }
        left[0] += tally.mass[0];
        left[1] += tally.mass[1];
        n_left += tally.n;
        last = Some(rank);
    }
    (varies, scan.best())
}

/// Two ranks: one cut, and only one side to sum, in four parts that need not wait for each other.
fn of_two<R: Copy + Into<u32>>(
    rows: &[u32],
    rank: &[R],
    masses: &[[f64; 2]],
    total: [f64; 2],
    min_leaf: usize,
) -> (bool, Option<Cut>) {
    let mut parts = [[0.0; 2]; 4];
    let mut n_right = 0u32;
    let (rows_by_four, rows_left) = rows.as_chunks::<4>();
    let (masses_by_four, masses_left) = masses.as_chunks::<4>();
    let mut add = |part: &mut [f64; 2], i: u32, m: &[f64; 2]| {
        let right: u32 = rank[i as usize].into();
        let share = f64::from(right);
        part[0] += share * m[0];
        part[1] += share * m[1];
        n_right += right;
    };
    for (rows, masses) in rows_by_four.iter().zip(masses_by_four) {
        for ((part, &i), m) in parts.iter_mut().zip(rows).zip(masses) {
            add(part, i, m);
        }
    }
    for (&i, m) in rows_left.iter().zip(masses_left) {
        add(&mut parts[0], i, m);
    }
    let n_left = rows.len() - n_right as usize;
    if n_left == 0 || n_right == 0 {
        return (false, None);
    }
    let right = [0, 1].map(|c| (parts[0][c] + parts[1][c]) + (parts[2][c] + parts[3][c]));
    let mut scan = Scan::new(total, rows.len(), min_leaf);
    scan.look([total[0] - right[0], total[1] - right[1]], n_left, 0, 1);
    (true, scan.best())
}
