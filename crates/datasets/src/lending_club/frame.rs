//! Features as columns of a data frame.

use super::features::{Source, source};
use super::{Loan, LoanBook, LoanBookError};
use crate::Column;

impl LoanBook {
    /// A feature as the files have it, one value per row given, with its name: a number is not yet scaled, a category not
    /// yet encoded. Spaces around the name and upper case do not matter. `None` where no file has its column.
    ///
    /// # Errors
    /// [`LoanBookError::LeakColumn`], [`LoanBookError::RefusedFeature`] or [`LoanBookError::UnknownFeature`].
    ///
    /// ```
    /// use fuzzysvm_datasets::Column;
    /// use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions};
    /// let text = "loan_status,term,int_rate,issue_d,sub_grade,funded_amnt,total_pymnt,collection_recovery_fee\n\
    ///             Fully Paid,36 months,10%,Dec-2009,B2,1000,1150,0\n";
    /// let book = LoanBook::from_reader(text.as_bytes(), ReadOptions::default())?;
    /// let (name, column) = book.feature(" INT_RATE", &[0])?.unwrap();
    /// assert_eq!((name, column), ("int_rate", Column::Numbers(vec![0.1])));
    /// assert!(book.feature("annual_inc", &[0])?.is_none());
    /// # Ok::<(), fuzzysvm_datasets::lending_club::LoanBookError>(())
    /// ```
    pub fn feature(
        &self,
        name: &str,
        rows: &[usize],
    ) -> Result<Option<(&'static str, Column)>, LoanBookError> {
        let (name, source) = source(name)?;
        if !self.has_feature(name) {
            return Ok(None);
        }
        let numbers = |of: fn(&Loan<'_>) -> Option<f64>| {
            let value = |&row: &usize| of(&self.loan(row)).unwrap_or(f64::NAN);
            Some(Column::Numbers(rows.iter().map(value).collect()))
        };
        let column = match source {
            Source::Term => numbers(|loan| Some(f64::from(loan.term()))),
            Source::EmpLength => numbers(|loan| loan.emp_length()),
            Source::CreditHistory => numbers(|loan| {
                let first = loan.earliest_credit_line()?;
                Some(f64::from(loan.issue_month().months_since(first)) / 12.0)
            }),
            Source::SubGrade => {
                let place = |&row: &usize| {
                    let number = usize::from(self.loan(row).sub_grade()?);
                    number.checked_sub(1)
                };
                Some(Column::Categories {
                    places: rows.iter().map(place).collect(),
                    names: sub_grades(),
                    is_ordered: true,
                })
            }
            Source::Category(_) => {
                self.categories(name, rows)
                    .map(|(places, names)| Column::Categories {
                        places,
                        names: names.to_vec(),
                        is_ordered: false,
                    })
            }
            Source::Number(_) | Source::Log(_) | Source::MonthsSince(_) => {
                self.numbers(name, rows).map(Column::Numbers)
            }
        };
        Ok(column.map(|column| (name, column)))
    }
}

/// A1 to G5.
fn sub_grades() -> Vec<String> {
    let of_grade = |grade: char| (1..=5).map(move |step| format!("{grade}{step}"));
    ('A'..='G').flat_map(of_grade).collect()
}
