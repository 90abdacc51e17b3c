//! Lending Club's net annualized return.

use super::irr::rate_of;
use super::{LoanCashFlow, RECOVERY_LAG_MONTHS, monthly_flows};
use crate::PortfolioError;
use crate::error::check_values;
use fuzzysvm_core::math;

/// What Lending Club kept of every payment of a borrower: 1 %.
pub const SERVICE_FEE: f64 = 0.01;

/// Net annualized return (NAR) of loans together, after Lending Club's definition: of every month interest and late fees
/// received, less the service fee (a share of all payments, [`SERVICE_FEE`] there) and the principal charged off, plus
/// recoveries net of the collection fee; over the principal outstanding at the start of the month; averaged over the months
/// by principal, and compounded,
///
/// ```text
/// (1 + Σ gained / Σ principal outstanding)^12 − 1
/// ```
///
/// Sources: "What is Net Annualized Return (NAR)?" and the help page of lenders' performance, lendingclub.com; that the
/// average is compounded monthly is read into them.
///
/// Files hold totals, so months are rebuilt: payments as in [`monthly_flows`]; of each the interest at the monthly rate of
/// the agreed instalments is taken first, the rest repays principal. What is left after the last payment stays outstanding
/// until it is charged off five months later, the month before the recovery. What is gained over all months is therefore
/// the profit of [`roi`](crate::roi) less the service fee, however a payment splits.
///
/// One loan alone is `std::slice::from_ref(&loan)`. NAR divides by principal months, not by what was lent: a loan of which
/// nothing came back loses a sixth of its principal per month of six, and its NAR is (5/6)^12 − 1 = −88.8 %.
///
/// ```
/// use fuzzysvm_portfolio::{LoanCashFlow, nar};
/// // 1000 at 1 % per month; after one instalment of 100 the balance 910 is repaid with its interest.
/// let loan = LoanCashFlow {
///     funded_amnt: 1000.0, installment: 1000.0 * 0.01 / (1.0 - 1.01f64.powi(-36)), term_months: 36,
///     months_to_last_payment: Some(1), last_pymnt_amnt: 1010.0, total_pymnt: 1010.0, recoveries: 0.0,
///     collection_recovery_fee: 0.0,
/// };
/// assert!((nar(&[loan], 0.0)? - (1.01f64.powi(12) - 1.0)).abs() < 1e-12);
/// // 10 of interest, 10.10 of fees.
/// assert!((nar(&[loan], 0.01)? - ((1.0f64 - 0.0001).powi(12) - 1.0)).abs() < 1e-12);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// # Errors
/// As [`monthly_flows`], with the loan; [`PortfolioError::EmptyPortfolio`] where there is no loan;
/// [`PortfolioError::InvalidValue`] where the fee is not in [0, 1]; [`PortfolioError::RateTooHigh`] where instalments are
/// agreed at more than 1000 % per month.
pub fn nar(loans: &[LoanCashFlow], service_fee: f64) -> Result<f64, PortfolioError> {
    check_values("service fee", &[service_fee], "must lie in [0, 1]", |fee| {
        (0.0..=1.0).contains(&fee)
    })?;
    let (mut gained, mut outstanding) = (0.0, 0.0);
    for (i, loan) in loans.iter().enumerate() {
        let (of_loan, principal) = totals(loan, service_fee).map_err(|e| e.at_loan(i))?;
        gained += of_loan;
        outstanding += principal;
    }
    if outstanding <= 0.0 {
        return Err(PortfolioError::EmptyPortfolio);
    }
    // A month cannot lose more than what was outstanding, but for the fee on what was received.
    Ok(math::exp_m1(
        12.0 * math::ln_1p((gained / outstanding).max(-1.0)),
    ))
}

/// What a loan gained over all months, and its outstanding principal summed over them.
fn totals(loan: &LoanCashFlow, service_fee: f64) -> Result<(f64, f64), PortfolioError> {
    let flows = monthly_flows(loan)?;
    let rate = agreed_rate(loan)?;
    let mut balance = loan.funded_amnt;
    let mut outstanding = 0.0;
    for paid in &flows[1..=loan.last_month() as usize] {
        outstanding += balance;
        balance -= (paid - rate * balance).clamp(0.0, balance);
    }
    outstanding += balance * f64::from(RECOVERY_LAG_MONTHS - 1);
    let paid = (loan.total_pymnt - loan.recoveries).max(0.0);
    let profit = flows.iter().sum::<f64>();
    Ok((profit - service_fee * paid, outstanding))
}

/// The monthly rate at which the agreed instalments repay the loan; 0 where they do not.
fn agreed_rate(loan: &LoanCashFlow) -> Result<f64, PortfolioError> {
    if loan.installment * f64::from(loan.term_months) <= loan.funded_amnt {
        return Ok(0.0);
    }
    let mut flows = vec![loan.installment; loan.term_months as usize + 1];
    flows[0] = -loan.funded_amnt;
    let yearly = rate_of(&flows)?;
    Ok(math::exp_m1(math::ln_1p(yearly) / 12.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roi;
    use proptest::prelude::*;

    /// 300 in three instalments: at no interest where they are 100.
    fn loan(installment: f64, months: u32, total: f64) -> LoanCashFlow {
        LoanCashFlow {
            funded_amnt: 300.0,
            installment,
            term_months: 3,
            months_to_last_payment: Some(months),
            last_pymnt_amnt: 0.0,
            total_pymnt: total,
            recoveries: 0.0,
            collection_recovery_fee: 0.0,
        }
    }

    #[test]
    fn hand_worked_loans() {
        // No interest: 100 comes, then nothing. Outstanding 300, then 200 for the five months until the charge-off.
        let lost = LoanCashFlow {
            recoveries: 50.0,
            collection_recovery_fee: 10.0,
            last_pymnt_amnt: 100.0,
            ..loan(100.0, 1, 150.0)
        };
        let expected = (1.0f64 + (-200.0 + 40.0 - 1.0) / (300.0 + 5.0 * 200.0)).powi(12) - 1.0;
        assert!((nar(&[lost], 0.01).unwrap() - expected).abs() < 1e-14);
        // Together with one that repays in three months: months of 300, 200 and 100.
        let paid = loan(100.0, 3, 300.0);
        assert_eq!(nar(&[paid], 0.0).unwrap(), 0.0);
        let both = (1.0f64 + (-160.0 - 4.0) / (1300.0 + 600.0)).powi(12) - 1.0;
        assert!((nar(&[lost, paid], 0.01).unwrap() - both).abs() < 1e-14);
        let nothing = LoanCashFlow {
            months_to_last_payment: None,
            ..loan(110.0, 1, 0.0)
        };
        let expected = (5.0f64 / 6.0).powi(12) - 1.0;
        assert!((nar(&[nothing], 0.01).unwrap() - expected).abs() < 1e-14);
    }

    #[test]
    fn hostile_input() {
        assert_eq!(nar(&[], 0.01), Err(PortfolioError::EmptyPortfolio));
        for fee in [-0.1, 1.1, f64::NAN] {
            assert!(nar(&[loan(100.0, 3, 300.0)], fee).is_err(), "{fee}");
        }
        let bad = LoanCashFlow {
            funded_amnt: f64::NAN,
            ..loan(100.0, 3, 300.0)
        };
        assert!(matches!(
            nar(&[loan(100.0, 3, 300.0), bad], 0.0),
            Err(PortfolioError::AtLoan { index: 1, .. })
        ));
    }

    proptest! {
        /// A repaid loan earns its monthly rate on what is outstanding, whenever it is repaid.
        #[test]
        fn a_repaid_loan_earns_its_rate(
            rate in 0.0f64..0.03, term in 2u32..=60, share in 0.0f64..1.0, funded in 500.0f64..40_000.0,
        ) {
            let loan = LoanCashFlow::repaid(funded, rate, term, 1 + (share * f64::from(term - 1)) as u32);
            prop_assert!((nar(&[loan], 0.0).unwrap() - ((1.0 + rate).powi(12) - 1.0)).abs() < 1e-9);
        }

        /// Without the service fee NAR has the sign of the profit; the fee lowers it; it is that of the amounts alone.
        #[test]
        fn nar_has_the_sign_of_the_profit(
            installment in 50.0f64..200.0, months in 1u32..=40, paid in 0.0f64..500.0, recovered in 0.0f64..60.0,
            scale in 0.1f64..10.0,
        ) {
            let one = LoanCashFlow {
                recoveries: recovered,
                collection_recovery_fee: 0.2 * recovered,
                ..loan(installment, months, paid + recovered)
            };
            let gross = nar(&[one], 0.0).unwrap();
            let profit = roi(&one).unwrap();
            prop_assert!(profit.abs() < 1e-9 || (gross > 0.0) == (profit > 0.0), "{gross} {profit}");
            prop_assert!(nar(&[one], 0.01).unwrap() <= gross);
            let scaled = LoanCashFlow {
                funded_amnt: scale * one.funded_amnt,
                installment: scale * one.installment,
                total_pymnt: scale * one.total_pymnt,
                recoveries: scale * one.recoveries,
                collection_recovery_fee: scale * one.collection_recovery_fee,
                ..one
            };
            prop_assert!((nar(&[scaled], 0.0).unwrap() - gross).abs() < 1e-9 * (1.0 + gross.abs()));
        }
    }
}
