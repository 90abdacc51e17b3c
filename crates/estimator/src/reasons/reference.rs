//! The row that others are compared with.

use std::cmp::Ordering;

use fuzzysvm_core::{Label, Matrix};
use fuzzysvm_datasets::EncodedColumns;
use serde::{Deserialize, Serialize};

use super::FeatureGroups;
use crate::EstimatorError;

/// An encoded row that stands for a class: what reasons compare with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct ReferenceRow {
    row: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    row: Vec<f64>,
}

impl TryFrom<Raw> for ReferenceRow {
    type Error = EstimatorError;

    fn try_from(raw: Raw) -> Result<Self, EstimatorError> {
        Self::of_row(raw.row)
    }
}

impl ReferenceRow {
    /// This encoded row.
    ///
    /// # Errors
    /// A row without columns, or a number that is not finite.
    pub fn of_row(row: Vec<f64>) -> Result<Self, EstimatorError> {
        Matrix::new(&row, row.len())?;
        Ok(Self { row })
    }

    /// The typical row of a class, feature by feature:
    ///
    /// * a number: the median, of an even count the lower of the two in the middle, so that it is a value that a row has;
    ///   where more rows of the class miss it than have it: missing;
    /// * a category: the most frequent one, ties to the first.
    ///
    /// `x` are encoded training rows. Every feature of the typical row is one that a row of the class has, though no row
    /// need have all of them. The median rather than the mean, because it is a value of the data and one outlier does not
    /// drag it away.
    ///
    /// # Errors
    /// Not one label per row, columns that the features do not have, or no row of the class.
    pub fn typical(
        x: Matrix<'_>,
        y: &[Label],
        class: Label,
        groups: &FeatureGroups,
    ) -> Result<Self, EstimatorError> {
        if y.len() != x.n_rows() {
            let found = format!("{} labels for {} rows", y.len(), x.n_rows());
            return Err(EstimatorError::unexpected(found, "one per row"));
        }
        check_width(x.n_cols(), groups)?;
        let rows: Vec<usize> = (0..y.len()).filter(|&i| y[i] == class).collect();
        if rows.is_empty() {
            let expected = "a row of the class whose typical row is asked for";
            return Err(EstimatorError::unexpected("no row", expected));
        }
        let mut typical = vec![0.0; x.n_cols()];
        for columns in groups.columns() {
            let of_rows = most_frequent(x, &rows, columns);
            let source = x.row(of_rows[0]);
            columns.iter().for_each(|c| typical[c] = source[c]);
            if let EncodedColumns::Number {
                value: Some(value), ..
            } = columns
            {
                typical[*value] = lower_median(of_rows.iter().map(|&i| x.row(i)[*value]).collect());
            }
        }
        Self::of_row(typical)
    }

    /// Its columns.
    pub fn row(&self) -> &[f64] {
        &self.row
    }
}

/// That encoded rows have the columns of the features.
pub(super) fn check_width(found: usize, groups: &FeatureGroups) -> Result<(), EstimatorError> {
    if found == groups.n_columns() {
        return Ok(());
    }
    Err(EstimatorError::unexpected(
        format!("rows of {found} columns"),
        format!("{}, those of the features", groups.n_columns()),
    ))
}

/// The largest part of the rows that agree in the columns of a category, or in whether a number is missing.
fn most_frequent(x: Matrix<'_>, rows: &[usize], columns: &EncodedColumns) -> Vec<usize> {
    let is_value = |column: usize| matches!(columns, EncodedColumns::Number { value, .. } if *value == Some(column));
    let compared: Vec<usize> = columns.iter().filter(|&c| !is_value(c)).collect();
    let order = |&a: &usize, &b: &usize| {
        let cells = compared.iter();
        let pairs = cells.map(|&c| x.row(a)[c].total_cmp(&x.row(b)[c]));
        pairs.fold(Ordering::Equal, Ordering::then)
    };
    let mut sorted = rows.to_vec();
    match columns {
        // A row that has the number before those that miss it.
        EncodedColumns::Number { .. } => sorted.sort_by(order),
        // The first category before the second.
        _ => sorted.sort_by(|a, b| order(b, a)),
    }
    let alike = sorted.chunk_by(|a, b| order(a, b) == Ordering::Equal);
    let longest = alike.reduce(|most, part| if part.len() > most.len() { part } else { most });
    longest.unwrap_or(&sorted).to_vec()
}

fn lower_median(mut values: Vec<f64>) -> f64 {
    let middle = values.len().saturating_sub(1) / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    fn numbers(n: usize) -> FeatureGroups {
        FeatureGroups::of_numbers((0..n).map(|i| format!("x{i}")))
    }

    #[test]
    fn of_an_even_count_the_lower_middle_of_the_class() {
        let data = [4.0, 1.0, 9.0, 2.0, 100.0];
        let x = Matrix::new(&data, 1).unwrap();
        let typical = |class| ReferenceRow::typical(x, &[N, N, N, N, P], class, &numbers(1));
        assert_eq!(typical(N).unwrap().row(), [2.0]);
        assert_eq!(typical(P).unwrap().row(), [100.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let data = [1.0, 2.0];
        let x = Matrix::new(&data, 1).unwrap();
        let words = |y: &[Label], n| {
            let typical = ReferenceRow::typical(x, y, P, &numbers(n));
            typical.unwrap_err().to_string()
        };
        assert_eq!(
            words(&[N], 1),
            "found 1 labels for 2 rows, expected one per row"
        );
        assert!(words(&[N, P], 2).contains("rows of 1 columns, expected 2"));
        assert!(words(&[N, N], 1).contains("no row"));
    }

    #[test]
    fn a_file_holds_the_row_and_nothing_that_is_no_number() {
        let reference = ReferenceRow::of_row(vec![1.5, -2.0]).unwrap();
        let text = serde_json::to_string(&reference).unwrap();
        assert_eq!(text, r#"{"row":[1.5,-2.0]}"#);
        assert_eq!(
            serde_json::from_str::<ReferenceRow>(&text).unwrap(),
            reference
        );
        for wrong in [r#"{"row":[]}"#, r#"{"row":[1e999]}"#, r#"{"rows":[1]}"#] {
            assert!(
                serde_json::from_str::<ReferenceRow>(wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
