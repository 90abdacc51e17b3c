//! What can go wrong between a forecast and a portfolio.

use fuzzysvm_core::ParamError;

/// A return, a forecast or an allocation that cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PortfolioError {
    /// A parameter outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// A number of a loan that no loan can have.
    #[error("`{field}` is {value}: {rule}")]
    InvalidLoan {
        /// The field of [`LoanCashFlow`](crate::LoanCashFlow), [`LoanTerms`](crate::LoanTerms) or
        /// [`LoanState`](crate::LoanState).
        field: &'static str,
        /// The value found.
        value: f64,
        /// The rule in plain words.
        rule: &'static str,
    },
    /// The internal rate of return lies above 1000 % per month.
    #[error(
        "the internal rate of return exceeds 1000 % per month: {received} came back within {months} months of {funded}"
    )]
    RateTooHigh {
        /// Amount lent.
        funded: f64,
        /// Amount received.
        received: f64,
        /// Months to the last payment.
        months: u32,
    },
    /// The search for the internal rate of return did not converge.
    #[error(
        "the internal rate of return of {received} on {funded} is not found in {iterations} iterations"
    )]
    RateNotFound {
        /// Amount lent.
        funded: f64,
        /// Amount received.
        received: f64,
        /// Iterations made.
        iterations: u32,
    },
    /// Two lists that must be equally long are not.
    #[error("{expected} {of} but {found} {what}")]
    LengthMismatch {
        /// What the first list holds.
        of: &'static str,
        /// Length of the first list.
        expected: usize,
        /// What the other list holds.
        what: &'static str,
        /// Length of the other list.
        found: usize,
    },
    /// A value that must be finite (or non-negative, for a cap or an amount) is not.
    #[error("{what} {index} is {value}: {rule}")]
    InvalidValue {
        /// What the list holds.
        what: &'static str,
        /// Zero-based position.
        index: usize,
        /// The value found.
        value: f64,
        /// The rule in plain words.
        rule: &'static str,
    },
    /// The rule weighs variances and the candidates have none.
    #[error("the rule needs the variance of each candidate's return")]
    NeedsVariance,
    /// The rule caps groups that the candidates do not have.
    #[error("the rule caps {caps} lists of groups, and the candidates have {found}")]
    NeedsGroups {
        /// Lists with caps.
        caps: usize,
        /// Lists of the candidates.
        found: usize,
    },
    /// The return model learns from, or forecasts by, more than features and returns.
    #[error("the return model needs {what} of every loan")]
    NeedsLoans {
        /// What is not given.
        what: &'static str,
    },
    /// The quadratic program of the rule failed.
    #[error(transparent)]
    Solve(#[from] fuzzysvm_qp::SolveError),
    /// The quadratic program was not solved to its tolerance, so the amounts would not be the rule's.
    #[error("the solver stopped after {iterations} iterations at a gap of {gap:e}")]
    NotConverged {
        /// Iterations made.
        iterations: u64,
        /// How far from optimal, in the units of the forecasts.
        gap: f64,
    },
    /// No loan to choose from.
    #[error("there are no candidates to choose from")]
    NoCandidates,
    /// Nothing was bought, so there is nothing to summarise.
    #[error("the portfolio holds no loan")]
    EmptyPortfolio,
    /// The figures of a portfolio overflowed.
    #[error("the figures of the portfolio are not finite: amounts or returns are too large")]
    SummaryNotFinite,
    /// Too few rows for a regression.
    #[error("the regression needs at least {needed} loans, and there are {found}")]
    TooFewLoans {
        /// Rows needed.
        needed: usize,
        /// Rows there are.
        found: usize,
    },
    /// The rows to forecast have another number of features than those of the fit.
    #[error("the rows have {found} features, but the return model was fitted on {expected}")]
    FeatureCount {
        /// Features of the fit.
        expected: usize,
        /// Features found.
        found: usize,
    },
    /// The regression overflowed.
    #[error("the regression is not finite: scale the features")]
    NotFinite,
    /// A number of a loan in a list that no loan can have.
    #[error("loan {index}: {source}")]
    AtLoan {
        /// Zero-based position.
        index: usize,
        /// What is wrong with it.
        source: Box<PortfolioError>,
    },
    /// A cause of which nothing is known has no hazard.
    #[error(
        "no {event} within {last_month} months of issue is known of the loans of {term_months} months: the hazards of \
         a term need at least one default and one repayment, so take a later month or more loans"
    )]
    NoEvent {
        /// `default` or `repayment`.
        event: &'static str,
        /// The term of the loans.
        term_months: u32,
        /// The last month after issue that counts.
        last_month: u32,
    },
    /// A loan of a term that the hazards were not fitted on.
    #[error(
        "loan {index} runs {found} months, and the hazards are those of loans of {expected} months"
    )]
    UnknownTerm {
        /// Zero-based position.
        index: usize,
        /// The loan's term.
        found: u32,
        /// The terms of the fit.
        expected: String,
    },
    /// More features than a hazard regression takes.
    #[error("there are {found} features, and at most {most} are taken")]
    TooManyFeatures {
        /// Features found.
        found: usize,
        /// Most that are taken.
        most: usize,
    },
    /// The regression of a hazard came to no end.
    #[error(
        "the hazard regression found no minimum in {iterations} iterations: standardise the features"
    )]
    HazardNotConverged {
        /// Iterations made.
        iterations: usize,
    },
    /// A name that is none of those known.
    #[error("`{found}` is no {what}: expected one of {expected}")]
    UnknownName {
        /// What was asked for.
        what: &'static str,
        /// The name found.
        found: String,
        /// The names there are.
        expected: &'static str,
    },
}

impl PortfolioError {
    /// The same error, with the position of the loan it is about.
    pub(crate) fn at_loan(self, index: usize) -> Self {
        PortfolioError::AtLoan {
            index,
            source: Box::new(self),
        }
    }
}

/// The first value for which `ok` does not hold, as an error.
pub(crate) fn check_values(
    what: &'static str,
    values: &[f64],
    rule: &'static str,
    ok: impl Fn(f64) -> bool,
) -> Result<(), PortfolioError> {
    match values.iter().position(|&v| !ok(v)) {
        None => Ok(()),
        Some(index) => Err(PortfolioError::InvalidValue {
            what,
            index,
            value: values[index],
            rule,
        }),
    }
}
