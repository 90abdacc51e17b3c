//! Columns that a result cannot do without.

use std::fmt;

/// A column that a result needs, and what needs it, in words: the error about columns that a file lacks names all
/// of them at once.
///
/// ```
/// use fuzzysvm_datasets::lending_club::{LoanBook, Need, ReadOptions};
/// let file = "loan_status,term,int_rate,issue_d,total_pymnt,collection_recovery_fee,loan_amnt\n";
/// let options = ReadOptions {
///     needs: vec![Need::new("last_pymnt_d", "the return irr")],
///     ..ReadOptions::default()
/// };
/// let error = LoanBook::from_reader(file.as_bytes(), options).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "input:1: the header lacks `funded_amnt` (needed for returns), `last_pymnt_d` (needed for the return irr); \
///      map columns that have other names",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Need {
    /// The column's name in Lending Club's files.
    pub column: String,
    /// What needs it.
    pub by: String,
}

impl Need {
    /// `column` is needed for `by`.
    pub fn new(column: impl Into<String>, by: impl Into<String>) -> Self {
        Self {
            column: column.into(),
            by: by.into(),
        }
    }

    /// Adds a need. A column that is needed already is named once, with both reasons.
    pub(crate) fn add(needs: &mut Vec<Need>, new: &Need) {
        match needs.iter_mut().find(|n| n.column == new.column) {
            Some(known) if known.by.contains(&new.by) => {}
            Some(known) => known.by = format!("{} and {}", known.by, new.by),
            None => needs.push(new.clone()),
        }
    }
}

/// Needs in the words of an error.
pub(crate) struct InWords<'a>(pub &'a [Need]);

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, need) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}`{}` (needed for {})", need.column, need.by)?;
        }
        Ok(())
    }
}
