//! Ranks, ties averaged.

use crate::EvaluationError;
use crate::error::check_finite;

/// The rank of each value, 1 for the **highest**; equal values share the mean of their ranks.
///
/// ```
/// assert_eq!(fuzzysvm_evaluation::ranks(&[0.7, 0.9, 0.7, 0.1])?, [2.5, 1.0, 2.5, 4.0]);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where a value is not finite.
pub fn ranks(values: &[f64]) -> Result<Vec<f64>, EvaluationError> {
    check_finite("value", values)?;
    let turned: Vec<f64> = values.iter().map(|v| -v).collect();
    Ok(ascending_ranks(&turned).0)
}

/// Ranks with 1 for the lowest, and the sizes of the groups of equal values. Values must be finite.
pub(super) fn ascending_ranks(values: &[f64]) -> (Vec<f64>, Vec<usize>) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut out = vec![0.0; values.len()];
    let mut groups = Vec::new();
    let mut start = 0;
    while start < order.len() {
        // `==` and not the order's comparison: −0 and 0 tie.
        let end = start
            + order[start..]
                .iter()
                .take_while(|&&i| values[i] == values[order[start]])
                .count();
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

    proptest! {
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
