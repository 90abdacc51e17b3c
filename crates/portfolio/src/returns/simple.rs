//! Return on the amount lent, over the whole life and per year.

use super::LoanCashFlow;
use crate::PortfolioError;
use fuzzysvm_core::math;

/// (total_pymnt − collection_recovery_fee − funded_amnt)/funded_amnt over the whole life of the loan:
/// −1 where nothing came back.
///
/// ```
/// use fuzzysvm_portfolio::{LoanCashFlow, roi};
/// let loan = LoanCashFlow {
///     funded_amnt: 1000.0, installment: 33.0, term_months: 36, months_to_last_payment: Some(12),
///     last_pymnt_amnt: 33.0, total_pymnt: 496.0, recoveries: 100.0, collection_recovery_fee: 16.0,
/// };
/// assert_eq!(roi(&loan)?, -0.52);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// # Errors
/// As [`LoanCashFlow::validate`].
pub fn roi(loan: &LoanCashFlow) -> Result<f64, PortfolioError> {
    loan.validate()?;
    let profit = loan.total_pymnt - loan.collection_recovery_fee - loan.funded_amnt;
    Ok((profit / loan.funded_amnt).max(-1.0))
}

/// Over how many months [`annualised`] spreads a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum AnnualisedOver {
    /// The agreed term (default): the money is taken to lie idle between the last payment and the end
    /// of the term, so loans of one term keep the order that [`roi`] gives them.
    #[default]
    Term,
    /// The months to the last payment: rewards early repayment, which leaves the money to lend again.
    Life,
}

/// (1 + roi)^(12/months) − 1; −1 where nothing came back.
///
/// # Errors
/// As [`LoanCashFlow::validate`].
pub fn annualised(loan: &LoanCashFlow, over: AnnualisedOver) -> Result<f64, PortfolioError> {
    let growth = 1.0 + roi(loan)?;
    let months = match over {
        AnnualisedOver::Term => loan.term_months,
        AnnualisedOver::Life => loan.last_month(),
    };
    Ok(math::powf(growth, 12.0 / f64::from(months)) - 1.0)
}
