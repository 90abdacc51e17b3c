//! What a written book holds, for checking a reader against the writer.

use super::SimulatedLoan;
use crate::lending_club::Status;

/// Counts of the loans written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct BookCounts {
    /// Loans that meet the credit policy: `[term is 60][outcome]` with the outcomes paid, charged off or
    /// default, still open.
    pub in_policy: [[u64; 3]; 2],
    /// The same of the loans outside the credit policy.
    pub off_policy: [[u64; 3]; 2],
    /// Sum of the amounts funded, in dollars.
    pub total_funded: u64,
}

impl BookCounts {
    pub(super) fn add(&mut self, loan: &SimulatedLoan) {
        let outcome = match loan.outcome.status {
            Status::FullyPaid => 0,
            Status::ChargedOff | Status::Default => 1,
            _ => 2,
        };
        let part = if loan.off_policy {
            &mut self.off_policy
        } else {
            &mut self.in_policy
        };
        part[usize::from(loan.terms.months == 60)][outcome] += 1;
        self.total_funded += loan.terms.funded_cents / 100;
    }

    /// All loans.
    pub fn n_loans(&self) -> u64 {
        [self.in_policy, self.off_policy]
            .iter()
            .flatten()
            .flatten()
            .sum()
    }
}
