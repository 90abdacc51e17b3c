//! Ranks, ties averaged.

use crate::EvaluationError;
use crate::error::check_finite;

/// How far rounding may have moved a value: four units of its relative rounding error.
pub(super) fn slack(value: f64) -> f64 {
    4.0 * f64::EPSILON * value.abs()
}

/// Whether two results are equal but for rounding: they differ by at most 2⁻⁴⁹ (1.8·10⁻¹⁵) of their size, 8 to 16 units in the
/// last place. The rule of all tests on ranks in this crate; use it to count wins, ties and losses beside them.
///
/// ```
/// assert!(fuzzysvm_evaluation::tied(0.3 - 0.1, 0.2));
/// assert!(!fuzzysvm_evaluation::tied(0.2, 0.2 + 1e-12));
/// ```
#[must_use]
pub fn tied(a: f64, b: f64) -> bool {
    let apart = (a - b).abs();
    a == b || (apart.is_finite() && apart <= slack(a) + slack(b))
}

/// The rank of each value, 1 for the **highest**. Equal values share the mean of their ranks; values that are equal but for
/// rounding ([`tied`]) to the first of their group in order count as equal.
///
/// ```
/// assert_eq!(fuzzysvm_evaluation::ranks(&[0.7, 0.9, 0.7, 0.1])?, [2.5, 1.0, 2.5, 4.0]);
/// assert_eq!(fuzzysvm_evaluation::ranks(&[0.3 - 0.1, 0.2, 0.1])?, [1.5, 1.5, 3.0]);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where a value is not finite.
pub fn ranks(values: &[f64]) -> Result<Vec<f64>, EvaluationError> {
    check_finite("value", values)?;
    let turned: Vec<f64> = values.iter().map(|v| -v).collect();
    Ok(ascending_ranks(&turned, |i| slack(values[i])).0)
}

/// Ranks with 1 for the lowest, and the sizes of the groups of ties. A value ties with the first of a group where the two are
/// no further apart than the sum of their slacks, `slack(i)` being that of value i: ties with a neighbor would join a chain of
/// any length. Values must be finite.
pub(super) fn ascending_ranks(
    values: &[f64],
    slack: impl Fn(usize) -> f64,
) -> (Vec<f64>, Vec<usize>) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let tie = |a: usize, b: usize| values[b] - values[a] <= slack(a) + slack(b);
    let mut out = vec![0.0; values.len()];
    let mut groups = Vec::new();
    let mut start = 0;
    while let Some(&first) = order.get(start) {
        let group = order[start..].iter().take_while(|&&i| tie(first, i));
        let end = start + group.count();
        for &i in &order[start..end] {
            // Mean of the ranks start + 1 ..= end.
            out[i] = (start + 1 + end) as f64 / 2.0;
        }
        groups.push(end - start);
        start = end;
    }
    (out, groups)
}

/// Mean rank of each method over the rows of a table of results (rows are data sets or trials, columns
/// are methods, higher is better; turn the sign of a loss before).
///
/// # Errors
/// Where the table has no rows or columns, is ragged, or holds a value that is not finite.
pub fn average_ranks<R: AsRef<[f64]>>(table: &[R]) -> Result<Vec<f64>, EvaluationError> {
    let first = table.first().map_or(0, |row| row.as_ref().len());
    if first == 0 {
        return Err(EvaluationError::Empty { what: "the table" });
    }
    let mut sums = vec![0.0; first];
    for (i, row) in table.iter().enumerate() {
        let row = row.as_ref();
        if row.len() != first {
            return Err(EvaluationError::RaggedTable {
                row: i,
                expected: first,
                found: row.len(),
            });
        }
        for (sum, rank) in sums.iter_mut().zip(ranks(row)?) {
            *sum += rank;
        }
    }
    Ok(sums.into_iter().map(|s| s / table.len() as f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hand_worked_table() {
        let table = [[0.9, 0.8, 0.8], [0.7, 0.9, 0.6], [0.5, 0.5, 0.5]];
        assert_eq!(
            average_ranks(&table).unwrap(),
            [5.0 / 3.0, 5.5 / 3.0, 7.5 / 3.0]
        );
    }

    #[test]
    fn hostile_tables_are_located() {
        use EvaluationError as E;
        assert!(matches!(
            average_ranks::<Vec<f64>>(&[]),
            Err(E::Empty { .. })
        ));
        assert!(matches!(average_ranks(&[vec![]]), Err(E::Empty { .. })));
        assert!(matches!(
            average_ranks(&[vec![1.0, 2.0], vec![1.0]]),
            Err(E::RaggedTable {
                row: 1,
                expected: 2,
                found: 1
            })
        ));
        assert!(matches!(
            ranks(&[1.0, f64::NAN]),
            Err(E::NotFinite { index: 1, .. })
        ));
        assert_eq!(ranks(&[]).unwrap(), Vec::<f64>::new());
    }

    #[test]
    fn what_rounding_sets_apart_ties() {
        for (a, b) in [
            (0.3 - 0.1, 0.2),
            (0.1 + 0.2, 0.3),
            (-0.7, 0.1 - 0.8),
            (1e300 * (0.1 + 0.2), 3e299),
            (1e-300 * (0.1 + 0.2), 3e-301),
            (0.0, -0.0),
            ([0.1; 10].iter().sum(), 1.0),
        ] {
            assert!(tied(a, b) && tied(b, a), "{a} {b}");
            assert_eq!(ranks(&[a, b]).unwrap(), [1.5, 1.5]);
            assert_eq!(ranks(&[-b, -a]).unwrap(), [1.5, 1.5]);
        }
        for (high, low) in [
            (0.2, 0.2 - 1e-14),
            (1e-320, 0.0),
            (1e-17, -1e-17),
            (1.7e308, -1.7e308),
            (1.0 + 1e-14, 1.0),
        ] {
            assert!(!tied(high, low) && !tied(low, high), "{high} {low}");
            assert_eq!(ranks(&[high, low]).unwrap(), [1.0, 2.0]);
        }
        for never in [f64::NAN, f64::INFINITY] {
            assert!(!tied(never, 1.0) && !tied(1.0, never));
        }
        assert!(tied(f64::INFINITY, f64::INFINITY));
    }

    #[test]
    fn a_chain_of_ties_is_not_one_tie() {
        let mut value = 1.0f64;
        let chain: Vec<f64> = (0..100)
            .map(|_| {
                value = value.next_up().next_up();
                value
            })
            .collect();
        let r = ranks(&chain).unwrap();
        assert!(r[0] > 90.0 && r[99] < 10.0, "{r:?}");
    }

    proptest! {
        #[test]
        fn ranks_do_not_see_rounding(
            v in proptest::collection::vec((-20i8..20, -3i8..=3), 1..30),
        ) {
            // Hundredths, each moved by a few units in the last place.
            let exact: Vec<f64> = v.iter().map(|&(x, _)| f64::from(x) / 100.0).collect();
            let moved: Vec<f64> = v
                .iter()
                .map(|&(x, ulps)| f64::from(x) / 100.0 * (1.0 + f64::from(ulps) * f64::EPSILON))
                .collect();
            prop_assert_eq!(ranks(&exact).unwrap(), ranks(&moved).unwrap());
        }

        #[test]
        fn ranks_sum_to_the_triangle_number_and_turn_round(
            v in proptest::collection::vec((-5i8..5).prop_map(f64::from), 1..30),
        ) {
            let n = v.len() as f64;
            let r = ranks(&v).unwrap();
            prop_assert_eq!(r.iter().sum::<f64>(), n * (n + 1.0) / 2.0);
            let turned: Vec<f64> = v.iter().map(|x| -x).collect();
            for (a, b) in r.iter().zip(ranks(&turned).unwrap()) {
                prop_assert_eq!(a + b, n + 1.0);
            }
        }
    }
}
