//! The numbers of a finished loan, and its monthly cash flows rebuilt from them.

use crate::PortfolioError;

/// Months between the last payment and the recovery in the rebuilt cash flows: a loan is charged off
/// within 150 days of the first missed payment, and collection takes a month at the least.
pub const RECOVERY_LAG_MONTHS: u32 = 6;

/// What a finished loan cost and paid, under Lending Club's column names. Amounts in one currency.
///
/// `total_pymnt` **contains** `recoveries`; `collection_recovery_fee` is **not** yet deducted from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoanCashFlow {
    /// Amount lent, above 0. Not the amount applied for (`loan_amnt`), which may be larger.
    pub funded_amnt: f64,
    /// Level monthly payment agreed on.
    pub installment: f64,
    /// Agreed number of monthly payments, at least 1.
    pub term_months: u32,
    /// Months from issue to the last payment; `None` where nothing was ever paid. A payment in the
    /// month of issue (0) counts as one in the month after.
    pub months_to_last_payment: Option<u32>,
    /// The last payment.
    pub last_pymnt_amnt: f64,
    /// All payments received, recoveries included.
    pub total_pymnt: f64,
    /// Received after charge-off, before the fee.
    pub recoveries: f64,
    /// Kept by the collector out of `recoveries`.
    pub collection_recovery_fee: f64,
}

impl LoanCashFlow {
    /// Checks every number: finite, not negative, amount lent above 0, recoveries within the total
    /// (a cent of rounding allowed), fee within the recoveries (likewise).
    ///
    /// # Errors
    /// [`PortfolioError::InvalidLoan`] naming the first field that breaks its rule.
    pub fn validate(&self) -> Result<(), PortfolioError> {
        let check = |ok: bool, field, value, rule| {
            if ok {
                Ok(())
            } else {
                Err(PortfolioError::InvalidLoan { field, value, rule })
            }
        };
        check(
            self.funded_amnt.is_finite() && self.funded_amnt > 0.0,
            "funded_amnt",
            self.funded_amnt,
            "must be finite and > 0",
        )?;
        check(
            self.term_months > 0,
            "term_months",
            f64::from(self.term_months),
            "must be at least 1",
        )?;
        for (field, value) in [
            ("installment", self.installment),
            ("last_pymnt_amnt", self.last_pymnt_amnt),
            ("total_pymnt", self.total_pymnt),
            ("recoveries", self.recoveries),
            ("collection_recovery_fee", self.collection_recovery_fee),
        ] {
            check(
                value.is_finite() && value >= 0.0,
                field,
                value,
                "must be finite and >= 0",
            )?;
        }
        check(
            self.recoveries <= self.total_pymnt + 0.01,
            "recoveries",
            self.recoveries,
            "must not exceed total_pymnt, which contains them",
        )?;
        check(
            self.collection_recovery_fee <= self.recoveries + 0.01,
            "collection_recovery_fee",
            self.collection_recovery_fee,
            "must not exceed the recoveries it is taken from",
        )
    }

    /// A loan of level instalments at this monthly rate, whose balance is repaid in this month.
    #[cfg(test)]
    pub(super) fn repaid(funded: f64, rate: f64, term: u32, months: u32) -> Self {
        let installment = if rate == 0.0 {
            funded / f64::from(term)
        } else {
            funded * rate / (1.0 - (1.0 + rate).powi(-(term as i32)))
        };
        let mut balance = funded;
        for _ in 1..months {
            balance = balance * (1.0 + rate) - installment;
        }
        let last = balance * (1.0 + rate);
        Self {
            funded_amnt: funded,
            installment,
            term_months: term,
            months_to_last_payment: Some(months),
            last_pymnt_amnt: last,
            total_pymnt: f64::from(months - 1) * installment + last,
            recoveries: 0.0,
            collection_recovery_fee: 0.0,
        }
    }

    /// The month of the last payment in the rebuilt flows: at least 1, and 1 where nothing was paid.
    pub(super) fn last_month(&self) -> u32 {
        self.months_to_last_payment.unwrap_or(1).max(1)
    }
}

/// The monthly cash flows: entry t is what came in (or, at t = 0, went out) t months after issue.
///
/// Loan files hold totals, so the flows are rebuilt on these assumptions: level instalments from the
/// month after issue to the month before the last payment, then the last payment. Where that is more
/// than `total_pymnt − recoveries`, the later instalments were missed: full ones come first, then a part
/// of one, then none. Where it is less, the rest came with the last payment (a prepayment). Recoveries
/// less the fee come [`RECOVERY_LAG_MONTHS`] after the last payment. The flows after the first sum to
/// `total_pymnt − collection_recovery_fee`.
///
/// ```
/// use fuzzysvm_portfolio::{LoanCashFlow, monthly_flows};
/// let loan = LoanCashFlow {
///     funded_amnt: 300.0, installment: 110.0, term_months: 3, months_to_last_payment: Some(3),
///     last_pymnt_amnt: 105.0, total_pymnt: 325.0, recoveries: 0.0, collection_recovery_fee: 0.0,
/// };
/// assert_eq!(monthly_flows(&loan)?, [-300.0, 110.0, 110.0, 105.0]);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// # Errors
/// As [`LoanCashFlow::validate`], and where the last payment is more than 100 years after issue.
pub fn monthly_flows(loan: &LoanCashFlow) -> Result<Vec<f64>, PortfolioError> {
    loan.validate()?;
    let last = loan.last_month();
    if last > 1200 {
        return Err(PortfolioError::InvalidLoan {
            field: "months_to_last_payment",
            value: f64::from(last),
            rule: "must be at most 1200",
        });
    }
    let last = last as usize;
    let mut flows = vec![0.0; last + 1];
    flows[0] = -loan.funded_amnt;
    let paid = (loan.total_pymnt - loan.recoveries).max(0.0);
    let final_payment = loan.last_pymnt_amnt.min(paid);
    let mut rest = paid - final_payment;
    for flow in &mut flows[1..last] {
        *flow = loan.installment.min(rest);
        rest -= *flow;
    }
    flows[last] = final_payment + rest;
    let recovered = (loan.recoveries - loan.collection_recovery_fee).max(0.0);
    if recovered > 0.0 {
        flows.resize(last + RECOVERY_LAG_MONTHS as usize + 1, 0.0);
        flows[last + RECOVERY_LAG_MONTHS as usize] = recovered;
    }
    Ok(flows)
}
