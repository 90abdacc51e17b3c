//! One simulated loan: borrower, terms, outcome.

use rand::Rng;

use super::borrower::{Borrower, Draw};
use super::outcome::Outcome;
use super::pricing::Terms;
use crate::lending_club::{Month, Status};

/// One loan of a [`SimulatedBook`](super::SimulatedBook).
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedLoan {
    /// Its number, from 0.
    pub(super) number: u64,
    /// Whether it is outside the credit policy.
    pub(super) off_policy: bool,
    /// Month of issue.
    pub(super) issued: Month,
    /// What is known of the borrower.
    pub(super) borrower: Borrower,
    /// Amount, term, rate, instalment.
    pub(super) terms: Terms,
    /// What became of it by the snapshot.
    pub(super) outcome: Outcome,
}

impl SimulatedLoan {
    pub(super) fn draw(number: u64, rng: &mut impl Rng) -> Self {
        let mut draw = Draw::new(rng);
        let off_policy = draw.chance(0.1);
        let issued = super::pricing::issue_month(&mut draw);
        let mut borrower = Borrower::draw(&mut draw, off_policy, issued);
        let terms = Terms::draw(&mut draw, &mut borrower, issued, off_policy);
        let outcome = Outcome::draw(&mut draw, &borrower, &terms, issued, off_policy);
        Self {
            number,
            off_policy,
            issued,
            borrower,
            terms,
            outcome,
        }
    }

    /// Its number, from 0.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether it is outside the credit policy.
    pub fn is_off_policy(&self) -> bool {
        self.off_policy
    }

    /// Status at the snapshot.
    pub fn status(&self) -> Status {
        self.outcome.status
    }

    /// Number of monthly instalments, 36 or 60.
    pub fn term(&self) -> u32 {
        self.terms.months
    }

    /// Month of issue.
    pub fn issue_month(&self) -> Month {
        self.issued
    }

    /// Yearly rate as a fraction.
    pub fn int_rate(&self) -> f64 {
        f64::from(self.terms.rate_bp) / 1e4
    }

    /// Amount lent, dollars.
    pub fn funded_amnt(&self) -> f64 {
        self.terms.funded_cents as f64 / 100.0
    }

    /// Monthly instalment, dollars.
    pub fn installment(&self) -> f64 {
        self.terms.installment_cents as f64 / 100.0
    }

    /// All that came in by the snapshot, recoveries included, dollars.
    pub fn total_pymnt(&self) -> f64 {
        self.outcome.total_cents() as f64 / 100.0
    }

    /// Fee of the collector, not deducted from [`total_pymnt`](Self::total_pymnt), dollars.
    pub fn collection_recovery_fee(&self) -> f64 {
        self.outcome.collection_fee_cents as f64 / 100.0
    }

    /// (total_pymnt − collection_recovery_fee − funded_amnt)/funded_amnt by the snapshot.
    pub fn roi(&self) -> f64 {
        (self.total_pymnt() - self.collection_recovery_fee()) / self.funded_amnt() - 1.0
    }
}
