//! Which loans are kept, and why the others are not.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeBounds;

use fuzzysvm_core::{ClassCounts, Label};

use super::book::{Loan, LoanBook};
use super::month::Month;
use super::status::Status;

/// Why a loan was left out. A loan with several reasons counts under the first in this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DropReason {
    /// Another row holds the same loan.
    Repeated,
    /// Does not meet the platform's credit policy.
    OffPolicy,
    /// Not finished: status Current.
    Current,
    /// Not finished: status In Grace Period.
    InGracePeriod,
    /// Not finished: status Late (16-30 days).
    Late16To30,
    /// Not finished: status Late (31-120 days).
    Late31To120,
    /// Not finished: status Issued.
    Issued,
    /// The file has no statuses.
    UnknownStatus,
    /// Another term than the one asked for.
    OtherTerm,
    /// Issued before or after the months asked for.
    IssueMonth,
    /// Its term had not passed by the month asked for.
    NotSeasoned,
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DropReason::Repeated => "the same loan again",
            DropReason::OffPolicy => "does not meet the credit policy",
            DropReason::Current => "not finished: current",
            DropReason::InGracePeriod => "not finished: in grace period",
            DropReason::Late16To30 => "not finished: late 16 to 30 days",
            DropReason::Late31To120 => "not finished: late 31 to 120 days",
            DropReason::Issued => "not finished: issued",
            DropReason::UnknownStatus => "no status",
            DropReason::OtherTerm => "another term",
            DropReason::IssueMonth => "issued outside the months asked for",
            DropReason::NotSeasoned => "issued too late to have run its term",
        })
    }
}

/// Which loans to keep: finished ones of one term that meet the credit policy, by default; each loan once.
///
/// ```
/// use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
/// let file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee\n\
///             Fully Paid, 36 months,10.65%,Dec-2011,1000,1100,0\n\
///             Current, 36 months,10.65%,Dec-2011,1000,400,0\n\
///             Charged Off, 60 months,10.65%,Dec-2011,1000,300,0\n";
/// let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default())?;
/// let kept = Selection::default().select(&book);
/// assert_eq!((kept.read, kept.rows.as_slice()), (3, &[0][..]));
/// let why: Vec<String> = kept.dropped.iter().map(|(why, n)| format!("{n} {why}")).collect();
/// assert_eq!(why, ["1 not finished: current", "1 another term"]);
/// # Ok::<(), fuzzysvm_datasets::lending_club::LoanBookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Selection {
    /// Keep only this number of instalments; `None` keeps all. Default 36.
    pub term: Option<u32>,
    /// Keep loans that do not meet the credit policy. Default false.
    pub include_off_policy: bool,
    /// Keep only loans issued in this month or later. Default `None`.
    pub issued_from: Option<Month>,
    /// Keep only loans issued in this month or earlier. Default `None`.
    pub issued_to: Option<Month>,
    /// Keep only loans whose term, and the delay of a charge-off, had passed by this month: the month
    /// of the file's snapshot. Of younger loans only those that ended early are finished, which makes
    /// both defaults and early repayment look more frequent than they are. Default `None`.
    pub seasoned_by: Option<Month>,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            term: Some(36),
            include_off_policy: false,
            issued_from: None,
            issued_to: None,
            seasoned_by: None,
        }
    }
}

/// The loans kept, with a count of the others by reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selected {
    /// Rows of the kept loans in the book, ascending.
    pub rows: Vec<usize>,
    /// Their classes, in the order of `rows`.
    pub labels: Vec<Label>,
    /// Loans looked at: those of the book or, from [`LoanBook::issued_in`], of some months.
    pub read: usize,
    /// How many were left out, by reason; reasons without a loan are absent.
    pub dropped: BTreeMap<DropReason, usize>,
}

impl Selected {
    /// Loans kept.
    pub fn kept(&self) -> usize {
        self.rows.len()
    }

    /// Charged off (positive) and paid (negative) among them.
    pub fn class_counts(&self) -> ClassCounts {
        ClassCounts::of(&self.labels)
    }
}

impl Selection {
    /// Goes through the book in order.
    pub fn select(&self, book: &LoanBook) -> Selected {
        self.select_among(book.loans())
    }

    fn select_among<'a>(&self, loans: impl Iterator<Item = Loan<'a>>) -> Selected {
        let mut selected = Selected {
            rows: Vec::new(),
            labels: Vec::new(),
            read: 0,
            dropped: BTreeMap::new(),
        };
        for loan in loans {
            selected.read += 1;
            match self.judge(&loan) {
                Ok(label) => {
                    selected.rows.push(loan.row());
                    selected.labels.push(label);
                }
                Err(why) => *selected.dropped.entry(why).or_default() += 1,
            }
        }
        selected
    }

    /// Why a loan is left out whatever its outcome, from what is known at its issue (a loan that another row holds
    /// counts as such); the first reason in the order of [`DropReason`]. [`LoanBook::as_of`] keeps the loans for
    /// which there is none, [`select`](Self::select) those of them that are finished.
    pub fn leaves_out(&self, loan: &Loan<'_>) -> Option<DropReason> {
        if loan.is_repeated() {
            return Some(DropReason::Repeated);
        }
        if loan.is_off_policy() && !self.include_off_policy {
            return Some(DropReason::OffPolicy);
        }
        if self.term.is_some_and(|term| term != loan.term()) {
            return Some(DropReason::OtherTerm);
        }
        let issue = loan.issue_month();
        if self.issued_from.is_some_and(|from| issue < from)
            || self.issued_to.is_some_and(|to| issue > to)
        {
            return Some(DropReason::IssueMonth);
        }
        let young = |snapshot| !loan.is_seasoned_by(snapshot);
        self.seasoned_by
            .is_some_and(young)
            .then_some(DropReason::NotSeasoned)
    }

    fn judge(&self, loan: &Loan<'_>) -> Result<Label, DropReason> {
        match (self.leaves_out(loan), finished(loan.status())) {
            (None, outcome) => outcome,
            (Some(why), Ok(_)) => Err(why),
            (Some(why), Err(open)) => Err(why.min(open)),
        }
    }
}

/// The class of a finished loan, or why it is not finished.
fn finished(status: Status) -> Result<Label, DropReason> {
    Err(match status {
        Status::FullyPaid => return Ok(Label::Negative),
        Status::ChargedOff | Status::Default => return Ok(Label::Positive),
        Status::Current => DropReason::Current,
        Status::InGracePeriod => DropReason::InGracePeriod,
        Status::Late16To30 => DropReason::Late16To30,
        Status::Late31To120 => DropReason::Late31To120,
        Status::Issued => DropReason::Issued,
        Status::Unknown => DropReason::UnknownStatus,
    })
}

impl LoanBook {
    /// The finished loans that were issued in `months`, with their final outcomes: those that a decision is tested
    /// on. As [`Selection::select`] on these loans alone: [`Selected::read`] is their number, and `dropped` counts
    /// among them. Where loans that are not finished are dropped, the rest ended early, and figures are biased
    /// ([`Selection::seasoned_by`]).
    ///
    /// ```
    /// use fuzzysvm_datasets::lending_club::{LoanBook, Quarter, ReadOptions, Selection};
    /// let file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee\n\
    ///             Fully Paid, 36 months,10.65%,Jun-2009,1000,1100,0\n\
    ///             Charged Off, 36 months,10.65%,Jul-2009,1000,300,0\n\
    ///             Fully Paid, 36 months,10.65%,Sep-2009,1000,1100,0\n";
    /// let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default())?;
    /// let quarter: Quarter = "2009Q3".parse()?;
    /// let test = book.issued_in(quarter.months(), &Selection::default());
    /// assert_eq!((test.read, test.rows.as_slice()), (2, &[1, 2][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn issued_in(&self, months: impl RangeBounds<Month>, selection: &Selection) -> Selected {
        selection.select_among(
            self.loans()
                .filter(|loan| months.contains(&loan.issue_month())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lending_club::ReadOptions;

    #[test]
    fn months_of_issue_and_the_snapshot_bound_the_loans() {
        let mut file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,\
                        collection_recovery_fee\n"
            .to_owned();
        for month in ["Oct-2009", "Nov-2009", "Dec-2009", "Jan-2010"] {
            file += &format!("Fully Paid, 36 months,10%,{month},1000,1100,0\n");
        }
        let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default()).unwrap();
        let month = |text: &str| text.parse().ok();
        let window = Selection {
            issued_from: month("2009-11"),
            issued_to: month("2009-12"),
            ..Selection::default()
        };
        let kept = window.select(&book);
        assert_eq!(kept.rows, [1, 2]);
        assert_eq!(kept.dropped.get(&DropReason::IssueMonth), Some(&2));

        // November 2009 and 36 + 5 months is April 2013.
        let seasoned = Selection {
            seasoned_by: month("2013-04"),
            ..Selection::default()
        };
        let kept = seasoned.select(&book);
        assert_eq!(kept.rows, [0, 1]);
        assert_eq!(kept.dropped.get(&DropReason::NotSeasoned), Some(&2));
    }
}
