//! The loans as they were known at the month of a decision.

use std::collections::BTreeMap;

use fuzzysvm_core::Label;

use super::book::{LoanBook, Payments};
use super::error::LoanBookError;
use super::layout::Target;
use super::month::Month;
use super::need::Need;
use super::selection::{DropReason, Selection};

/// What had become of a loan before a month. Months are counted from that of the issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "status", rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum StateAsOf {
    /// No outcome was known. Whether the loan was late is not told: files hold one status, that of the month in which
    /// they were written.
    Open {
        /// Months from issue to the month of the view, at least 1. May exceed the term, where a loan ended late.
        age_months: u32,
    },
    /// Repaid in full.
    Paid {
        /// Months from issue to the last payment, at least 1.
        after_months: u32,
    },
    /// Charged off, or in default.
    ChargedOff {
        /// Months from issue to the charge-off ([`Loan::resolved_month`](super::Loan::resolved_month)), at least 1.
        after_months: u32,
    },
}

impl StateAsOf {
    /// Whether the outcome was known.
    pub const fn is_resolved(self) -> bool {
        !matches!(self, StateAsOf::Open { .. })
    }
}

/// A loan of an [`AsOf`] view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoanAsOf {
    /// Its row in the book.
    pub row: usize,
    /// What was known of it.
    pub state: StateAsOf,
}

/// The loans of a book that were issued before a month, as they were known at the beginning of that month. Made by
/// [`LoanBook::as_of`].
#[derive(Debug, Clone)]
pub struct AsOf<'a> {
    book: &'a LoanBook,
    month: Month,
    /// The last month that the book shows.
    last_shown: Option<Month>,
    loans: Vec<LoanAsOf>,
    left_out: BTreeMap<DropReason, usize>,
}

impl LoanBook {
    /// The loans as they were known at the beginning of `month`: all that were issued before it, finished or not. A
    /// model trained on finished loans alone sees, at any month, mostly loans that ended early.
    ///
    /// `selection` chooses by term, credit policy and month of issue, as [`Selection::leaves_out`] says, and never
    /// by outcome. An outcome is known if [`Loan::resolved_month`](super::Loan::resolved_month) lies before `month`
    /// (or the last payment or issue that the book shows does: a file cannot show what came after it was
    /// written). Nothing that happened in `month` or later changes the view, in a book that reaches it.
    ///
    /// ```
    /// use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection, StateAsOf};
    /// let file = "loan_status,term,int_rate,issue_d,last_pymnt_d,funded_amnt,total_pymnt,collection_recovery_fee\n\
    ///             Fully Paid, 36 months,10%,Jan-2009,Sep-2009,1000,1050,0\n\
    ///             Charged Off, 36 months,10%,Jan-2009,Apr-2009,1000,90,0\n\
    ///             Fully Paid, 36 months,10%,Jan-2009,Jan-2012,1000,1160,0\n\
    ///             Fully Paid, 36 months,10%,Oct-2009,Jan-2012,1000,1150,0\n";
    /// let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default())?;
    /// let view = book.as_of("2009-10".parse()?, &Selection::default())?;
    /// let states: Vec<StateAsOf> = view.loans().iter().map(|loan| loan.state).collect();
    /// assert_eq!(
    ///     states,
    ///     [
    ///         StateAsOf::Paid { after_months: 8 },
    ///         StateAsOf::ChargedOff { after_months: 8 },
    ///         StateAsOf::Open { age_months: 9 },
    ///     ]
    /// );
    /// // What an open loan paid in the end is not to be seen.
    /// assert!(view.payments(0).is_some() && view.payments(2).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LoanBookError::OutcomesNotRead`] for loans on offer, [`LoanBookError::AbsentColumns`] where a file has no
    /// `last_pymnt_d`, without which outcomes have no date, and [`LoanBookError::AfterSnapshot`] where a loan is
    /// open in a file whose [`snapshot`](LoanBook::snapshot) lies before `month`: it may have ended since.
    pub fn as_of(&self, month: Month, selection: &Selection) -> Result<AsOf<'_>, LoanBookError> {
        if !self.is_empty() && !self.present.contains(&Target::Status) {
            return Err(LoanBookError::OutcomesNotRead);
        }
        self.require(&[Need::new("last_pymnt_d", "what was known at a month")])?;
        let mut view = AsOf {
            book: self,
            month,
            last_shown: self.last_shown(),
            loans: Vec::new(),
            left_out: BTreeMap::new(),
        };
        let snapshots = self.file_snapshots();
        for loan in self.loans().filter(|loan| loan.issue_month() < month) {
            if let Some(why) = selection.leaves_out(&loan) {
                *view.left_out.entry(why).or_default() += 1;
                continue;
            }
            let issue = loan.issue_month();
            let months_to = |later: Month| later.months_since(issue).max(1).unsigned_abs();
            let outcome = loan.label().zip(loan.resolved_month());
            if outcome.is_none() {
                let after = snapshots.partition_point(|(first, _)| *first <= loan.row());
                let file = after.checked_sub(1).and_then(|i| snapshots.get(i));
                let snapshot = file.and_then(|(_, snapshot)| *snapshot);
                if snapshot.is_none_or(|snapshot| snapshot < month) {
                    let (file, line) = loan.source();
                    return Err(LoanBookError::AfterSnapshot {
                        file: file.to_owned(),
                        line,
                        month,
                        snapshot,
                    });
                }
            }
            let known = outcome
                .map(|(label, resolved)| (label, view.shown(resolved)))
                .filter(|(_, resolved)| *resolved < month);
            let state = match known {
                None => StateAsOf::Open {
                    age_months: months_to(month),
                },
                Some((Label::Negative, resolved)) => StateAsOf::Paid {
                    after_months: months_to(resolved),
                },
                Some((Label::Positive, resolved)) => StateAsOf::ChargedOff {
                    after_months: months_to(resolved),
                },
            };
            view.loans.push(LoanAsOf {
                row: loan.row(),
                state,
            });
        }
        Ok(view)
    }
}

impl<'a> AsOf<'a> {
    /// The month of the view.
    pub fn month(&self) -> Month {
        self.month
    }

    /// The whole book. It shows outcomes: take from it no more than what was known at application, as
    /// [`FeatureEncoder`](super::FeatureEncoder) does.
    pub fn book(&self) -> &'a LoanBook {
        self.book
    }

    /// The loans, in the order of the book.
    pub fn loans(&self) -> &[LoanAsOf] {
        &self.loans
    }

    /// Number of loans.
    pub fn len(&self) -> usize {
        self.loans.len()
    }

    /// Whether there is no loan.
    pub fn is_empty(&self) -> bool {
        self.loans.is_empty()
    }

    /// Rows of the loans in the book, ascending.
    pub fn rows(&self) -> Vec<usize> {
        self.loans.iter().map(|loan| loan.row).collect()
    }

    /// How many outcomes were known.
    pub fn n_resolved(&self) -> usize {
        let resolved = self.loans.iter().filter(|loan| loan.state.is_resolved());
        resolved.count()
    }

    /// How many of the loans issued before the month the selection leaves out, by reason.
    pub fn left_out(&self) -> &BTreeMap<DropReason, usize> {
        &self.left_out
    }

    /// What came back from loan `i` of the view; `None` while it is open, and past the end. Recoveries of which no
    /// file says the month ([`Loan::outcome_known`](super::Loan::outcome_known)) are 0 until they must have come.
    pub fn payments(&self, i: usize) -> Option<Payments> {
        let loan = self.loans.get(i).filter(|loan| loan.state.is_resolved())?;
        let loan = self.book.get(loan.row)?;
        let mut payments = loan.payments();
        let known = loan.outcome_known().map(|known| self.shown(known));
        if known.is_none_or(|known| known >= self.month) {
            let none = |amount: &mut Option<f64>| *amount = amount.map(|_| 0.0);
            payments.total_pymnt = 0.0;
            payments.collection_recovery_fee = 0.0;
            none(&mut payments.last_pymnt_amnt);
            none(&mut payments.total_rec_prncp);
            none(&mut payments.total_rec_int);
            none(&mut payments.total_rec_late_fee);
            none(&mut payments.recoveries);
        }
        Some(payments)
    }

    /// The month in which something was known, given that the book shows it.
    fn shown(&self, month: Month) -> Month {
        self.last_shown.map_or(month, |last| last.min(month))
    }
}
