//! What is known at a decision, and what came of it.

use fuzzysvm_core::MatrixBuf;
use fuzzysvm_portfolio::{LoanTerms, ObservedLoan, PortfolioError};

/// The loans issued before the decision, one entry per loan in each list.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownLoans {
    /// Terms, and what had become of them by then.
    pub loans: Vec<ObservedLoan>,
    /// What was known at application, standardised; row i belongs to loan i.
    pub x: MatrixBuf,
    /// Grades as numbers; only the hurdle by grade needs them.
    pub grades: Option<Vec<u8>>,
}

/// The loans to choose from.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferedLoans {
    /// What is agreed on.
    pub terms: Vec<LoanTerms>,
    /// Features, as those of the known loans and scaled with them.
    pub x: MatrixBuf,
    /// What they are called.
    pub names: Vec<String>,
}

/// All that a decision may look at. Nothing here may depend on what happened at the month of the decision or later.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Loans issued before.
    pub known: KnownLoans,
    /// Loans of the quarter.
    pub offered: OfferedLoans,
}

/// What became of the offered loans in the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Realised {
    /// Total returns over the whole life, as fractions.
    pub roi: Vec<f64>,
    /// Internal rates of return, effective per year; `None` where the payments do not tell them.
    pub irr: Option<Vec<f64>>,
    /// Whether each was charged off.
    pub defaulted: Vec<bool>,
    /// Grades as numbers, for the comparison within grades.
    pub grades: Option<Vec<u8>>,
}

/// A quarter to decide on, and to be tested by.
#[derive(Debug, Clone, PartialEq)]
pub struct TestQuarter {
    /// What it is called, as `2009Q3`.
    pub name: String,
    /// What the strategies see.
    pub decision: Decision,
    /// What they do not see.
    pub realised: Realised,
    /// What a person should know about the figures of the quarter.
    pub warnings: Vec<String>,
}

impl TestQuarter {
    /// Checks that there is a loan to buy, that all lists fit, and that returns are finite.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), PortfolioError> {
        let Decision { known, offered } = &self.decision;
        let (n_known, n) = (known.loans.len(), offered.terms.len());
        if n == 0 {
            return Err(PortfolioError::TooFewLoans {
                needed: 1,
                found: 0,
            });
        }
        let realised = &self.realised;
        let grades = |grades: &Option<Vec<u8>>, n| grades.as_ref().map_or(n, Vec::len);
        for (of, expected, what, found) in [
            ("known loans", n_known, "rows of features", known.x.n_rows()),
            (
                "known loans",
                n_known,
                "grades",
                grades(&known.grades, n_known),
            ),
            ("offered loans", n, "rows of features", offered.x.n_rows()),
            ("offered loans", n, "names", offered.names.len()),
            ("offered loans", n, "returns", realised.roi.len()),
            (
                "offered loans",
                n,
                "internal rates of return",
                realised.irr.as_ref().map_or(n, Vec::len),
            ),
            ("offered loans", n, "outcomes", realised.defaulted.len()),
            ("offered loans", n, "grades", grades(&realised.grades, n)),
        ] {
            if expected != found {
                return Err(PortfolioError::LengthMismatch {
                    of,
                    expected,
                    what,
                    found,
                });
            }
        }
        let mut returns = realised.roi.iter().chain(realised.irr.iter().flatten());
        if returns.all(|r| r.is_finite()) {
            Ok(())
        } else {
            Err(PortfolioError::NotFinite)
        }
    }
}
