//! A loan as it is known at the month of a decision.

use super::expected::Schedule;
use crate::PortfolioError;

/// The longest term that is taken: 100 years.
pub const MAX_TERM_MONTHS: u32 = 1200;

/// An installment may leave this share of the amount lent unpaid at the end of the term: it is rounded.
const MOST_LEFT: f64 = 0.05;

/// What was agreed on at issue. Amounts are in one currency; only their ratio matters.
///
/// ```
/// use fuzzysvm_portfolio::LoanTerms;
/// // 36 payments of 332.14 repay 10,000 at 12 % a year.
/// let terms = LoanTerms { term_months: 36, annual_rate: 0.12, installment: 332.14, funded_amnt: 10_000.0 };
/// assert!(terms.validate().is_ok());
/// // A rate in per cent is found, as the installment would not even pay the interest.
/// assert!(LoanTerms { annual_rate: 12.0, ..terms }.validate().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LoanTerms {
    /// Agreed number of monthly payments, 1 to [`MAX_TERM_MONTHS`].
    pub term_months: u32,
    /// Nominal interest per year, a fraction ≥ 0 (0.12 for 12 %); a month takes a twelfth of it.
    pub annual_rate: f64,
    /// Level monthly payment, above 0.
    pub installment: f64,
    /// Amount lent, above 0.
    pub funded_amnt: f64,
}

impl LoanTerms {
    /// Checks every number, and that the installments repay the loan over its term (up to 5 % of it, for
    /// rounding).
    ///
    /// # Errors
    /// [`PortfolioError::InvalidLoan`] naming the first field that breaks its rule.
    pub fn validate(&self) -> Result<(), PortfolioError> {
        self.schedule().map(|_| ())
    }

    /// The schedule of payments, of checked terms.
    pub(super) fn schedule(&self) -> Result<Schedule, PortfolioError> {
        check(
            (1..=MAX_TERM_MONTHS).contains(&self.term_months),
            "term_months",
            f64::from(self.term_months),
            "must be 1 to 1200",
        )?;
        check(
            self.annual_rate.is_finite() && self.annual_rate >= 0.0,
            "annual_rate",
            self.annual_rate,
            "must be finite and >= 0",
        )?;
        for (field, value) in [
            ("funded_amnt", self.funded_amnt),
            ("installment", self.installment),
        ] {
            check(
                value.is_finite() && value > 0.0,
                field,
                value,
                "must be finite and > 0",
            )?;
        }
        let schedule = Schedule::of(self);
        // Written so that NaN fails.
        check(
            schedule.balance_at_end() <= MOST_LEFT,
            "installment",
            self.installment,
            "must repay the loan over its term at a twelfth of annual_rate a month (a fraction: 0.12 for 12 %)",
        )?;
        Ok(schedule)
    }
}

/// What is known about a loan at the month of the decision.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "status", rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum LoanState {
    /// Still paying, as far as is known.
    Open {
        /// Months since issue. From the end of the term on, the loan counts as repaid in full.
        age_months: u32,
    },
    /// Repaid, at the end of the term or before.
    Paid {
        /// Months from issue to the last payment, at least 1.
        after_months: u32,
        /// Realised return over the whole life, as a fraction ([`roi`](crate::roi)).
        roi: f64,
    },
    /// Charged off.
    ChargedOff {
        /// Months from issue to the charge-off (not to the last payment, which comes some months before), at least 1.
        after_months: u32,
        /// Realised return over the whole life, recoveries included, as a fraction ≥ −1.
        roi: f64,
    },
}

impl LoanState {
    /// Whether the outcome is known.
    pub fn is_resolved(&self) -> bool {
        !matches!(self, LoanState::Open { .. })
    }

    /// Checks the numbers of a resolved loan.
    ///
    /// # Errors
    /// [`PortfolioError::InvalidLoan`] naming the first field that breaks its rule.
    pub fn validate(&self) -> Result<(), PortfolioError> {
        match *self {
            LoanState::Open { .. } => Ok(()),
            LoanState::Paid { after_months, roi } | LoanState::ChargedOff { after_months, roi } => {
                check(
                    after_months > 0,
                    "after_months",
                    f64::from(after_months),
                    "must be at least 1",
                )?;
                check(
                    roi.is_finite() && roi >= -1.0,
                    "roi",
                    roi,
                    "must be finite and >= -1",
                )
            }
        }
    }
}

/// A loan as it is known at the month of the decision.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObservedLoan {
    /// What was agreed on at issue.
    pub terms: LoanTerms,
    /// What has become of it so far.
    pub state: LoanState,
}

impl ObservedLoan {
    /// Checks the terms and the state.
    ///
    /// # Errors
    /// [`PortfolioError::InvalidLoan`] naming the first field that breaks its rule.
    pub fn validate(&self) -> Result<(), PortfolioError> {
        self.terms.validate()?;
        self.state.validate()
    }
}

fn check(
    ok: bool,
    field: &'static str,
    value: f64,
    rule: &'static str,
) -> Result<(), PortfolioError> {
    if ok {
        Ok(())
    } else {
        Err(PortfolioError::InvalidLoan { field, value, rule })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: LoanTerms = LoanTerms {
        term_months: 36,
        annual_rate: 0.12,
        installment: 332.14,
        funded_amnt: 10_000.0,
    };

    fn field(terms: LoanTerms) -> &'static str {
        match terms.validate() {
            Err(PortfolioError::InvalidLoan { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_number_has_its_rule() {
        assert_eq!(TERMS.validate(), Ok(()));
        for term_months in [0, 1201, u32::MAX] {
            assert_eq!(
                field(LoanTerms {
                    term_months,
                    ..TERMS
                }),
                "term_months"
            );
        }
        for annual_rate in [-0.01, f64::NAN, f64::INFINITY] {
            assert_eq!(
                field(LoanTerms {
                    annual_rate,
                    ..TERMS
                }),
                "annual_rate"
            );
        }
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let funded_amnt = value;
            assert_eq!(
                field(LoanTerms {
                    funded_amnt,
                    ..TERMS
                }),
                "funded_amnt"
            );
            let installment = value;
            assert_eq!(
                field(LoanTerms {
                    installment,
                    ..TERMS
                }),
                "installment"
            );
        }
    }

    #[test]
    fn installments_must_repay_the_loan() {
        // Interest alone, half of the installment, a rate in per cent, a balance that overflows.
        for (annual_rate, installment) in [
            (0.12, 100.0),
            (0.12, 166.07),
            (12.0, 332.14),
            (1e300, 332.14),
        ] {
            let terms = LoanTerms {
                annual_rate,
                installment,
                ..TERMS
            };
            assert_eq!(field(terms), "installment", "{terms:?}");
        }
        // Rounded to whole units, more than needed, and without interest.
        for (annual_rate, installment) in [(0.12, 332.0), (0.12, 400.0), (0.0, 277.78)] {
            let terms = LoanTerms {
                annual_rate,
                installment,
                ..TERMS
            };
            assert_eq!(terms.validate(), Ok(()), "{terms:?}");
        }
    }

    #[test]
    fn resolved_loans_have_a_duration_and_a_return() {
        for state in [
            LoanState::Paid {
                after_months: 0,
                roi: 0.1,
            },
            LoanState::Paid {
                after_months: 3,
                roi: f64::NAN,
            },
            LoanState::ChargedOff {
                after_months: 0,
                roi: -0.5,
            },
            LoanState::ChargedOff {
                after_months: 3,
                roi: -1.5,
            },
        ] {
            let loan = ObservedLoan {
                terms: TERMS,
                state,
            };
            assert!(loan.validate().is_err(), "{state:?}");
        }
    }
}
