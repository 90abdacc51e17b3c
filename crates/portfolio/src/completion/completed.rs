//! The completed outcomes.

use std::fmt;

/// What is known or expected of one loan. Returns are total returns over the loan's life, as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Completed {
    /// Probability of default: 0 or 1 where the outcome is known.
    pub p_bad: f64,
    /// Return if it defaults. Of a loan that was repaid: what the model would have expected at issue (it has no
    /// weight, as `p_bad` is 0).
    pub roi_bad: f64,
    /// Return if it is repaid. Of a loan that was charged off: as `roi_bad` of a repaid one.
    pub roi_paid: f64,
}

impl Completed {
    /// An outcome of these three numbers.
    pub fn new(p_bad: f64, roi_bad: f64, roi_paid: f64) -> Self {
        Self {
            p_bad,
            roi_bad,
            roi_paid,
        }
    }

    /// p_bad · roi_bad + (1 − p_bad) · roi_paid; the realised return where the outcome is known.
    pub fn expected_roi(&self) -> f64 {
        self.p_bad * self.roi_bad + (1.0 - self.p_bad) * self.roi_paid
    }
}

/// The completed outcomes of a book.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CompletedLoans {
    /// One outcome per loan.
    pub loans: Vec<Completed>,
    /// What a person should know before trusting them.
    pub warnings: Vec<CompletionWarning>,
}

impl CompletedLoans {
    /// Outcomes with warnings.
    pub fn new(loans: Vec<Completed>, warnings: Vec<CompletionWarning>) -> Self {
        Self { loans, warnings }
    }

    /// The expected return of every loan.
    pub fn expected_roi(&self) -> Vec<f64> {
        self.loans.iter().map(Completed::expected_roi).collect()
    }

    /// The mean of the expected returns; `None` where there is no loan.
    pub fn mean_roi(&self) -> Option<f64> {
        self.mean(Completed::expected_roi)
    }

    /// The mean probability of default; `None` where there is no loan.
    pub fn default_rate(&self) -> Option<f64> {
        self.mean(|loan| loan.p_bad)
    }

    fn mean(&self, of: impl Fn(&Completed) -> f64) -> Option<f64> {
        let n = self.loans.len();
        (n > 0).then(|| self.loans.iter().map(of).sum::<f64>() / n as f64)
    }
}

/// A reason not to trust completed outcomes without a second look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompletionWarning {
    /// Few loans of a term are resolved, so that the hazards are hardly known.
    FewResolved {
        /// The term of the loans.
        term_months: u32,
        /// Resolved loans of that term.
        found: usize,
        /// The number from which on completed figures were found to be near the final ones.
        advised: usize,
    },
}

impl fmt::Display for CompletionWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompletionWarning::FewResolved {
                term_months,
                found,
                advised,
            } => write!(
                f,
                "only {found} loans of {term_months} months are resolved: below about {advised} the completed \
                 outcomes of open loans can be far off; take a later month or more loans"
            ),
        }
    }
}
