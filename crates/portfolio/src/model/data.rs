//! The loans that a return model learns from and forecasts.

use fuzzysvm_core::Matrix;

use super::check_loans;
use super::expected::check_probabilities;
use crate::{LoanTerms, ObservedLoan, PortfolioError};

/// Loans to learn returns from, one per row of features.
#[derive(Debug, Clone, Copy)]
pub struct LoansToLearn<'a> {
    x: Matrix<'a>,
    returns: &'a [f64],
    observed: Option<&'a [ObservedLoan]>,
}

impl<'a> LoansToLearn<'a> {
    /// Features, and returns as fractions: realised, or expected where a loan is open.
    ///
    /// # Errors
    /// Where the lists do not fit, or a return is not finite.
    pub fn new(x: Matrix<'a>, returns: &'a [f64]) -> Result<Self, PortfolioError> {
        check_loans(x, returns, 0)?;
        Ok(Self {
            x,
            returns,
            observed: None,
        })
    }

    /// The same with terms and state of every loan.
    ///
    /// # Errors
    /// Where the lists do not fit.
    pub fn with_observed(self, observed: &'a [ObservedLoan]) -> Result<Self, PortfolioError> {
        check_length(self.x, "states", observed.len())?;
        Ok(Self {
            observed: Some(observed),
            ..self
        })
    }

    /// The features.
    pub fn x(&self) -> Matrix<'a> {
        self.x
    }

    /// The returns.
    pub fn returns(&self) -> &'a [f64] {
        self.returns
    }

    /// Terms and states.
    ///
    /// # Errors
    /// [`PortfolioError::NeedsLoans`] where they are not given.
    pub fn observed(&self) -> Result<&'a [ObservedLoan], PortfolioError> {
        let what = "terms and state";
        self.observed.ok_or(PortfolioError::NeedsLoans { what })
    }
}

/// Loans to forecast, one per row of features.
#[derive(Debug, Clone, Copy)]
pub struct LoansToForecast<'a> {
    x: Matrix<'a>,
    terms: Option<&'a [LoanTerms]>,
    p_paid: Option<&'a [f64]>,
}

impl<'a> LoansToForecast<'a> {
    /// Features alone.
    pub fn new(x: Matrix<'a>) -> Self {
        Self {
            x,
            terms: None,
            p_paid: None,
        }
    }

    /// The same with the terms of every loan.
    ///
    /// # Errors
    /// Where the lists do not fit.
    pub fn with_terms(self, terms: &'a [LoanTerms]) -> Result<Self, PortfolioError> {
        check_length(self.x, "terms", terms.len())?;
        Ok(Self {
            terms: Some(terms),
            ..self
        })
    }

    /// The same with the probability of every loan that it is repaid.
    ///
    /// # Errors
    /// Where the lists do not fit, or a probability is not in [0, 1].
    pub fn with_p_paid(self, p_paid: &'a [f64]) -> Result<Self, PortfolioError> {
        check_length(self.x, "probabilities", p_paid.len())?;
        check_probabilities(p_paid)?;
        Ok(Self {
            p_paid: Some(p_paid),
            ..self
        })
    }

    /// The features.
    pub fn x(&self) -> Matrix<'a> {
        self.x
    }

    /// The probabilities of repayment.
    ///
    /// # Errors
    /// [`PortfolioError::NeedsLoans`] where they are not given.
    pub fn p_paid(&self) -> Result<&'a [f64], PortfolioError> {
        let what = "the probability of repayment";
        self.p_paid.ok_or(PortfolioError::NeedsLoans { what })
    }

    /// The terms.
    ///
    /// # Errors
    /// [`PortfolioError::NeedsLoans`] where they are not given.
    pub fn terms(&self) -> Result<&'a [LoanTerms], PortfolioError> {
        let what = "terms";
        self.terms.ok_or(PortfolioError::NeedsLoans { what })
    }
}

fn check_length(x: Matrix<'_>, what: &'static str, found: usize) -> Result<(), PortfolioError> {
    match x.n_rows() {
        expected if expected != found => Err(PortfolioError::LengthMismatch {
            of: "loans",
            expected,
            what,
            found,
        }),
        _ => Ok(()),
    }
}
