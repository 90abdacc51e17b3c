//! An order of rows in which those that are alike stand side by side.
//!
//! The rows are halved at the column in which they vary most, near its mean, and the halves in turn, until a part
//! fits a strip: as in a k-d tree, whose leaves would be the strips. Parts begin at whole strips. Results never depend on
//! the order, only the time does.

use crate::tile::STRIP;
use fuzzysvm_core::Matrix;

/// Rows of a part that its column of greatest variance is chosen by.
const SAMPLE: usize = 128;
/// Cuts at the mean on the way to a strip, before parts are halved by number: rows that lie ever farther apart would be cut
/// off strip by strip.
const MEANS: usize = 48;
/// Rows that two threads share.
const SHARED: usize = 4_096;

/// The numbers of the rows in such an order, ascending within each strip.
pub(crate) fn order(rows: Matrix<'_>) -> Vec<u32> {
    // Their number fits 32 bits, as the screen checks.
    let mut order: Vec<u32> = (0..rows.n_rows() as u32).collect();
    part(rows, &mut order, MEANS);
    order
}

fn part(rows: Matrix<'_>, numbers: &mut [u32], means: usize) {
    let cut = if numbers.len() > STRIP {
        widest(rows, numbers)
    } else {
        None
    };
    let Some((column, mean)) = cut else {
        numbers.sort_unstable();
        return;
    };
    let mut keys: Vec<(f64, u32)> = (numbers.iter())
        .map(|&i| (rows.row(i as usize)[column], i))
        .collect();
    let below = match means {
        0 => keys.len() / 2,
        _ => keys.iter().filter(|(value, _)| *value <= mean).count(),
    };
    let strips = keys.len().div_ceil(STRIP);
    let at = ((below + STRIP / 2) / STRIP).clamp(1, strips - 1) * STRIP;
    // By number where values are equal: of rows that are the same, the first stand in front.
    keys.select_nth_unstable_by(at, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (number, key) in numbers.iter_mut().zip(&keys) {
        *number = key.1;
    }
    drop(keys);
    let (low, high) = numbers.split_at_mut(at);
    let means = means.saturating_sub(1);
    if low.len() + high.len() < SHARED {
        part(rows, low, means);
        part(rows, high, means);
    } else {
        rayon::join(|| part(rows, low, means), || part(rows, high, means));
    }
}

/// The column of greatest variance in a sample of the rows and its mean there; `None` where the sample is all alike.
fn widest(rows: Matrix<'_>, numbers: &[u32]) -> Option<(usize, f64)> {
    let first = rows.row(numbers[0] as usize);
    let mut sums = vec![(0.0, 0.0); first.len()];
    // Odd, as rows in a table often come by twos and tens.
    let step = numbers.len().div_ceil(SAMPLE) | 1;
    let sample = numbers.iter().step_by(step);
    let n = sample.len() as f64;
    for &i in sample {
        let row = rows.row(i as usize);
        for ((sum, squares), (value, first)) in sums.iter_mut().zip(row.iter().zip(first)) {
            let from_first = value - first;
            *sum += from_first;
            *squares += from_first * from_first;
        }
    }
    let variance = |(sum, squares): &(f64, f64)| squares - sum * sum / n;
    let mut widest = (0, 0.0);
    for (column, sums) in sums.iter().enumerate() {
        let variance = variance(sums);
        if variance > widest.1 {
            widest = (column, variance);
        }
    }
    let (column, variance) = widest;
    (variance > 0.0).then(|| (column, first[column] + sums[column].0 / n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_row_stands_once_and_ascending_in_its_strip(
            n in 0usize..900, d in 1usize..5, levels in prop_oneof![Just(1u64), Just(2), Just(1 << 20)], seed: u64,
        ) {
            let value = |i: u64| (i.wrapping_add(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) % levels;
            let data: Vec<f64> = (0..(n * d) as u64).map(|i| value(i) as f64).collect();
            let mut order = order(Matrix::new(&data, d).unwrap());
            prop_assert!(order.chunks(STRIP).all(|strip| strip.is_sorted()));
            order.sort_unstable();
            prop_assert!(order.iter().copied().eq(0..n as u32));
        }
    }

    /// Ten rows in a thousand have a flag, wherever they stand: they come last, and the others stay in order.
    #[test]
    fn rare_flags_stand_together() {
        let flagged = |i: u32| i % 100 == 18;
        let data: Vec<f64> = (0..1_008)
            .map(|i| f64::from(u8::from(flagged(i))))
            .collect();
        let order = order(Matrix::new(&data, 1).unwrap());
        let (others, last) = order.split_at(1_008 - STRIP);
        assert_eq!(last.iter().filter(|i| flagged(**i)).count(), 10);
        assert!(others.is_sorted());
    }

    /// Of one column, however its values are spread: here the mean cuts off a few at a time, until parts are halved by
    /// number.
    #[test]
    fn the_strips_of_one_column_do_not_overlap() {
        let data: Vec<f64> = (0..60_000).map(|i| 1.1f64.powi(i / 30 % 2_000)).collect();
        let order = order(Matrix::new(&data, 1).unwrap());
        let value = |i: &u32| data[*i as usize];
        let of_strip = |strip: &[u32]| {
            let values = || strip.iter().map(value);
            (
                values().fold(f64::MAX, f64::min),
                values().fold(0.0, f64::max),
            )
        };
        let strips: Vec<_> = order.chunks(STRIP).map(of_strip).collect();
        assert!(strips.windows(2).all(|pair| pair[0].1 <= pair[1].0));
    }
}
