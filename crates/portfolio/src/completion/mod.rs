//! What open loans are expected to become: the outcomes of a whole book as far as they are known at a month.
//!
//! A decision made today can learn only from loans issued before, and most of those are still open. Leaving the
//! open ones out biases everything that is learned: the resolved loans of a young book are the early defaults and
//! the early prepayments. On 36-month Lending Club loans issued before October 2010, 25 % of the resolved ones had
//! defaulted, and 12 % of all in the end. A [`Completion`] fills in what is missing, from the months that open
//! loans have survived too.

mod completed;
mod expected;
mod hazard;
mod loan;
mod person_periods;
mod survival;

pub use completed::{Completed, CompletedLoans, CompletionWarning};
pub use hazard::MonthlyHazard;
pub use loan::{LoanState, LoanTerms, MAX_TERM_MONTHS, ObservedLoan};
pub use survival::{
    FEW_RESOLVED_LOANS, FittedSurvival, MAX_COMPLETION_FEATURES, SurvivalCompletion,
};

use fuzzysvm_core::Matrix;

use crate::PortfolioError;

/// A way to complete a book of which some loans are still open.
pub trait Completion: Send + Sync {
    /// The outcome of every loan in the order of `loans`: known for resolved loans, expected for open ones. Row i of
    /// `x` holds what was known about loan i at application.
    ///
    /// # Errors
    /// Where the lists do not fit, a number of a loan cannot be, or the resolved loans are too few to learn from.
    fn complete(
        &self,
        loans: &[ObservedLoan],
        x: Matrix<'_>,
    ) -> Result<CompletedLoans, PortfolioError>;
}
