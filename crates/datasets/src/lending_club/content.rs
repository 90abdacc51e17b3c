//! What was read of loans, byte by byte.

use super::book::LoanBook;

impl LoanBook {
    /// Hands over all that was kept of these rows, in their order, so that a hash of it tells two selections of loans apart:
    /// by any number, month, status or category, not by the file, the line or the order of the columns.
    ///
    /// ```
    /// use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions};
    /// let head = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee\n";
    /// let content = |line: &str| -> Result<Vec<u8>, fuzzysvm_datasets::lending_club::LoanBookError> {
    ///     let file = format!("{head}{line}");
    ///     let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default())?;
    ///     let mut bytes = Vec::new();
    ///     book.visit_content(&[0], &mut |part| bytes.extend_from_slice(part));
    ///     Ok(bytes)
    /// };
    /// let paid = content("Fully Paid, 36 months,10.65%,Dec-2011,1000,1100,0\n")?;
    /// assert_eq!(paid, content("Fully Paid,36 months,10.65%,Dec-11,1000.00,1100,0\n")?);
    /// assert_ne!(paid, content("Fully Paid, 36 months,10.65%,Dec-2011,1000,1100.01,0\n")?);
    /// # Ok::<(), fuzzysvm_datasets::lending_club::LoanBookError>(())
    /// ```
    ///
    /// # Panics
    /// Where there is no such row, as slices do.
    pub fn visit_content(&self, rows: &[usize], visit: &mut dyn FnMut(&[u8])) {
        // An empty column is no column: files of other years have more of them.
        let numbers = self.numbers.iter().enumerate();
        let numbers: Vec<_> = numbers.filter(|(_, column)| !column.is_empty()).collect();
        for &row in rows {
            let loan = self.loan(row);
            let mut text = |text: &str| {
                visit(&(text.len() as u64).to_le_bytes());
                visit(text.as_bytes());
            };
            for column in &self.categories {
                text(column.name(row).unwrap_or_default());
            }
            for whole in [
                loan.status() as u32,
                u32::from(self.off_policy[row]),
                u32::from(self.term[row]),
                self.issue[row].index(),
                self.last_payment[row],
                self.earliest_credit_line[row],
                u32::from(self.grade[row]),
                u32::from(self.sub_grade[row]),
            ] {
                visit(&whole.to_le_bytes());
            }
            visit(&bits(self.emp_length.get(row)).to_le_bytes());
            for (place, column) in &numbers {
                let value = column.get(row);
                if !value.is_nan() {
                    visit(&(*place as u64).to_le_bytes());
                    visit(&bits(value).to_le_bytes());
                }
            }
        }
    }
}

/// The bits of a number; of missing ones and of zeros the same.
fn bits(value: f64) -> u64 {
    match value {
        v if v.is_nan() => f64::NAN.to_bits(),
        v => (v + 0.0).to_bits(),
    }
}
