//! The month in which a file was written.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::book::{Loan, LoanBook};
use super::month::{Month, MonthError};

/// By which month a loan must have run its term to be kept, see
/// [`Selection::seasoned_by`](super::Selection::seasoned_by).
///
/// ```
/// use fuzzysvm_datasets::lending_club::Snapshot;
/// assert_eq!("auto".parse::<Snapshot>()?, Snapshot::Auto);
/// assert_eq!("2014-09".parse::<Snapshot>()?.to_string(), "2014-09");
/// # Ok::<(), fuzzysvm_datasets::lending_club::MonthError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Snapshot {
    /// The month that the file shows: [`LoanBook::snapshot`].
    Auto,
    /// No month: loans of any age are kept.
    Off,
    /// This month.
    At(Month),
}

impl Snapshot {
    /// The month, for a book; `None` where loans of any age are kept, or the book does not show a month.
    pub fn month(self, book: &LoanBook) -> Option<Month> {
        match self {
            Snapshot::Auto => book.snapshot(),
            Snapshot::Off => None,
            Snapshot::At(month) => Some(month),
        }
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Snapshot::Auto => f.write_str("auto"),
            Snapshot::Off => f.write_str("off"),
            Snapshot::At(month) => month.fmt(f),
        }
    }
}

impl FromStr for Snapshot {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        match text {
            "auto" => Ok(Snapshot::Auto),
            "off" => Ok(Snapshot::Off),
            _ => text.parse().map(Snapshot::At),
        }
    }
}

impl LoanBook {
    /// The month in which the files were written, as far as they show it: the last month in which a loan that is
    /// still open was paid. (`last_credit_pull_d` is refreshed long after the payments were.) Where no loan is
    /// open, the last month of any payment: the files were not written before it. `None` where no payment has a
    /// month.
    pub fn snapshot(&self) -> Option<Month> {
        shown_by(0..self.len(), self)
    }

    /// For each file, its first loan and its snapshot. Files may have been written years apart, and none tells what
    /// became of its open loans in a later one.
    pub(crate) fn file_snapshots(&self) -> Vec<(usize, Option<Month>)> {
        let firsts = || self.files.iter().map(|(first, _)| *first);
        let ends = firsts().skip(1).chain([self.len()]);
        firsts()
            .zip(ends)
            .map(|(first, end)| (first, shown_by(first..end, self)))
            .collect()
    }

    /// The last month in which anything happened that the files show: an issue or a payment. They were not written
    /// before it.
    pub(crate) fn last_shown(&self) -> Option<Month> {
        let months = |loan: Loan<'_>| Some(loan.issue_month()).max(loan.last_pymnt_month());
        self.loans().filter_map(months).max()
    }
}

/// [`LoanBook::snapshot`], for some rows.
fn shown_by(rows: Range<usize>, book: &LoanBook) -> Option<Month> {
    let paid = |open: bool| {
        let loans = rows.clone().filter_map(|row| book.get(row));
        loans
            .filter(|loan| !open || loan.label().is_none())
            .filter_map(|loan| loan.last_pymnt_month())
            .max()
    };
    paid(true).or_else(|| paid(false))
}
