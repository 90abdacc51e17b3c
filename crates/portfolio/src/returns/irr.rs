//! Internal rate of return of the rebuilt monthly cash flows.

use super::{LoanCashFlow, monthly_flows};
use crate::PortfolioError;
use crate::error::check_values;
use fuzzysvm_core::math;

/// The bracket of the monthly rate.
const LOWEST: f64 = -0.9999;
const HIGHEST: f64 = 10.0;

/// A Newton step of w this short is the last. The error behind a step s is at most (T·s)²/8 for flows over T
/// months, which is below rounding then.
const LAST_STEP: f64 = 1e-12;

/// The search needs about five steps for an ordinary loan and never came near to this.
const MAX_ITERATIONS: u32 = 1000;

/// Effective annual internal rate of return (1 + r)^12 − 1, where the monthly rate r solves
/// Σ flow_t (1 + r)^(−t) = 0 on [`monthly_flows`]. One outflow comes first and no other follows, so the
/// sum falls in r and the root is the only one. −1 where nothing came back, and where less came back
/// than a monthly loss of 99.99 % would leave.
///
/// A loan repaid in full returns its own monthly rate, whenever it was repaid:
///
/// ```
/// use fuzzysvm_portfolio::{LoanCashFlow, irr};
/// // 1000 at 1 % per month; after one instalment of 100 the balance 910 is repaid with its interest.
/// let loan = LoanCashFlow {
///     funded_amnt: 1000.0, installment: 100.0, term_months: 36, months_to_last_payment: Some(2),
///     last_pymnt_amnt: 919.10, total_pymnt: 1019.10, recoveries: 0.0, collection_recovery_fee: 0.0,
/// };
/// assert!((irr(&loan)? - (1.01f64.powi(12) - 1.0)).abs() < 1e-12);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// # Errors
/// As [`monthly_flows`]; [`PortfolioError::RateTooHigh`] where the rate exceeds 1000 % per month;
/// [`PortfolioError::RateNotFound`] where the search does not converge.
pub fn irr(loan: &LoanCashFlow) -> Result<f64, PortfolioError> {
    rate_of(&monthly_flows(loan)?)
}

/// As [`irr`], of monthly cash flows that are known: the amount lent first, as a negative number, then what came in month
/// by month.
///
/// ```
/// use fuzzysvm_portfolio::irr_of_flows;
/// // 1000 at 1 % per month for two months.
/// let rate = irr_of_flows(&[-1000.0, 0.0, 1020.1])?;
/// assert!((rate - (1.01f64.powi(12) - 1.0)).abs() < 1e-12);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// # Errors
/// As [`irr`]; [`PortfolioError::InvalidValue`] where the first flow is not finite and below 0, or another is not finite
/// and at least 0.
pub fn irr_of_flows(flows: &[f64]) -> Result<f64, PortfolioError> {
    let (first, others) = flows.split_at(flows.len().min(1));
    let first = match first {
        [] => &[0.0],
        first => first,
    };
    check_values("first cash flow", first, "must be finite and < 0", |v| {
        v.is_finite() && v < 0.0
    })?;
    check_values("later cash flow", others, "must be finite and >= 0", |v| {
        v.is_finite() && v >= 0.0
    })?;
    rate_of(flows)
}

/// The rate of flows that are checked.
pub(super) fn rate_of(flows: &[f64]) -> Result<f64, PortfolioError> {
    if flows[1..].iter().all(|&f| f <= 0.0) || value(flows, math::ln_1p(LOWEST)).0 <= 0.0 {
        return Ok(-1.0);
    }
    let (funded, received) = (-flows[0], flows[1..].iter().sum());
    if value(flows, math::ln_1p(HIGHEST)).0 > 0.0 {
        return Err(PortfolioError::RateTooHigh {
            funded,
            received,
            months: flows.iter().rposition(|&f| f > 0.0).unwrap_or(0) as u32,
        });
    }
    match root(flows, MAX_ITERATIONS) {
        Some(w) => Ok(math::exp_m1(12.0 * w)),
        None => Err(PortfolioError::RateNotFound {
            funded,
            received,
            iterations: MAX_ITERATIONS,
        }),
    }
}

/// Present value and its derivative at the monthly log rate w = ln(1 + r), by Horner from the end. Far
/// down the bracket the value may overflow to +∞, which still has the right sign.
fn value(flows: &[f64], w: f64) -> (f64, f64) {
    let discount = math::exp(-w);
    let (mut sum, mut slope) = (0.0, 0.0);
    for (t, &flow) in flows.iter().enumerate().rev() {
        sum = sum * discount + flow;
        slope = slope * discount - t as f64 * flow;
    }
    (sum, slope)
}

/// The root in w = ln(1 + r), or `None` where `max_iterations` are not enough.
///
/// Newton's method on ln(P(w)/F), P being the present value of what came back and F the amount lent. That
/// is convex with a slope between −T and −1, and a straight line for a single payment. (On P itself,
/// Newton's steps from a rate that is too low are 1/T long, however far the root is.) A step that would
/// leave the bracket, is no number, or is not half as long as the one before the last is replaced by a
/// bisection.
fn root(flows: &[f64], max_iterations: u32) -> Option<f64> {
    let funded = -flows[0];
    let (mut low, mut high) = (math::ln_1p(LOWEST), math::ln_1p(HIGHEST));
    let mut w = 0.0_f64;
    let mut steps = [high - low; 2];
    for _ in 0..max_iterations {
        let (sum, slope) = value(flows, w);
        if sum == 0.0 {
            return Some(w);
        }
        if sum > 0.0 {
            low = w;
        } else {
            high = w;
        }
        let step = math::ln_1p(sum / funded) * ((sum + funded) / -slope);
        if step.abs() <= LAST_STEP {
            return Some(w + step);
        }
        let newton = w + step;
        let next = if newton > low && newton < high && step.abs() <= 0.5 * steps[0] {
            newton
        } else {
            0.5 * (low + high)
        };
        if high - low <= f64::EPSILON * w.abs().max(1.0) {
            return Some(next);
        }
        steps = [steps[1], (next - w).abs()];
        w = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn loan(installment: f64, months: u32, last: f64, total: f64) -> LoanCashFlow {
        LoanCashFlow {
            funded_amnt: 5000.0,
            installment,
            term_months: 36,
            months_to_last_payment: Some(months),
            last_pymnt_amnt: last,
            total_pymnt: total,
            recoveries: 0.0,
            collection_recovery_fee: 0.0,
        }
    }

    // scipy: r = brentq(lambda r: sum(c/(1+r)**t for t, c in flows), -.9999, 10, xtol=1e-15, rtol=1e-15)
    // flows: -5000, then 170 in months 1 to 10 and 246 in month 16; and -5000, 170 in months 1 to 11 and
    // 3900 in month 12; (1+r)**12 - 1
    #[test]
    fn values_are_scipys() {
        let charged_off = LoanCashFlow {
            total_pymnt: 2000.0,
            recoveries: 300.0,
            collection_recovery_fee: 54.0,
            ..loan(170.0, 10, 170.0, 0.0)
        };
        assert!((irr(&charged_off).unwrap() + 0.7531183782221813).abs() < 1e-12);
        let prepaid = loan(170.0, 12, 3900.0, 11.0 * 170.0 + 3900.0);
        assert!((irr(&prepaid).unwrap() - 0.18807648300809254).abs() < 1e-12);
    }

    #[test]
    fn a_total_loss_is_minus_one_and_a_windfall_is_refused() {
        let nothing = LoanCashFlow {
            months_to_last_payment: None,
            ..loan(170.0, 1, 0.0, 0.0)
        };
        assert_eq!(irr(&nothing).unwrap(), -1.0);
        assert!((irr(&loan(170.0, 1, 0.01, 0.01)).unwrap() + 1.0).abs() < 1e-12);
        assert!(matches!(
            irr(&loan(170.0, 1, 60_000.0, 60_000.0)),
            Err(PortfolioError::RateTooHigh { months: 1, .. })
        ));
    }

    #[test]
    fn missed_instalments_and_surplus_keep_the_total() {
        // Ten months, but only 4.5 instalments and the last payment came.
        let missed = monthly_flows(&loan(100.0, 10, 50.0, 500.0)).unwrap();
        assert_eq!(
            missed,
            [
                -5000.0, 100.0, 100.0, 100.0, 100.0, 50.0, 0.0, 0.0, 0.0, 0.0, 50.0
            ]
        );
        let surplus = monthly_flows(&loan(100.0, 3, 50.0, 900.0)).unwrap();
        assert_eq!(surplus, [-5000.0, 100.0, 100.0, 700.0]);
        let one = monthly_flows(&loan(100.0, 0, 500.0, 80.0)).unwrap();
        assert_eq!(one, [-5000.0, 80.0]);
    }

    /// One step, and one look at where it led: of a single payment Newton's function is a straight line.
    #[test]
    fn one_payment_takes_one_step() {
        for months in [1, 7, 60, 360] {
            for paid in [10.0_f64, 400.0, 999.0, 1_001.0, 5_000.0] {
                let mut flows = vec![0.0; months + 1];
                (flows[0], flows[months]) = (-1_000.0, paid);
                let exact = (paid / 1_000.0).ln() / months as f64;
                let found = root(&flows, 2).unwrap();
                assert!((found - exact).abs() < 1e-12, "{paid} after {months}");
            }
        }
    }

    /// Flows of one late payment and nothing else: (f/F)^(12/T) − 1.
    fn one_flow(funded: f64, months: u32, received: f64) -> LoanCashFlow {
        LoanCashFlow {
            funded_amnt: funded,
            ..loan(300.0, months, received, received)
        }
    }

    fn closed_form(funded: f64, months: u32, received: f64) -> f64 {
        (12.0 / f64::from(months) * (received / funded).ln()).exp_m1()
    }

    /// Deep losses, long after the issue: Newton's method on the present value itself creeps here.
    #[test]
    fn one_late_payment_of_little() {
        let recovered = LoanCashFlow {
            months_to_last_payment: Some(30),
            last_pymnt_amnt: 0.0,
            total_pymnt: 40.0,
            recoveries: 40.0,
            ..one_flow(10_000.0, 30, 0.0)
        };
        // -35000, 1000 in month 1, 10 in month 60, by bisection in 50 digits
        let two = LoanCashFlow {
            installment: 1000.0,
            last_pymnt_amnt: 10.0,
            total_pymnt: 1010.0,
            ..one_flow(35_000.0, 60, 0.0)
        };
        for (loan, expected) in [
            (one_flow(10_000.0, 60, 10.0), -0.748_811_356_849_042),
            (recovered, -0.841_259_894_803_180),
            (two, -0.803_177_120_079_684),
            (one_flow(10_000.0, 24, 47.0), -0.931_443_453_995_990),
        ] {
            let found = irr(&loan).unwrap();
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn a_search_cut_short_is_no_rate() {
        let flows = monthly_flows(&loan(170.0, 12, 3900.0, 11.0 * 170.0 + 3900.0)).unwrap();
        assert_eq!(root(&flows, 1), None);
        assert!(root(&flows, 8).is_some());
    }

    /// Log rate by bisection alone, until the bracket does not shrink.
    fn bisected(flows: &[f64]) -> f64 {
        let (mut low, mut high) = (LOWEST.ln_1p(), HIGHEST.ln_1p());
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high || high - low < 1e-17 {
                return middle;
            }
            if value(flows, middle).0 > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    proptest! {
        /// The law of the module: a loan repaid in full returns its monthly rate, whenever it is repaid.
        #[test]
        fn a_repaid_loan_returns_its_rate(
            rate in 0.0f64..0.03, term in 2u32..=60, share in 0.0f64..1.0, funded in 500.0f64..40_000.0,
        ) {
            let loan = LoanCashFlow::repaid(funded, rate, term, 1 + (share * f64::from(term - 1)) as u32);
            prop_assert!((irr(&loan).unwrap() - ((1.0 + rate).powi(12) - 1.0)).abs() < 1e-9);
        }

        #[test]
        fn one_late_payment_has_a_closed_form(
            funded in 500.0f64..40_000.0, months in 1u32..=1200, exponent in -7.0f64..0.5,
        ) {
            let received = funded * 10f64.powf(exponent);
            let found = irr(&one_flow(funded, months, received)).unwrap();
            let expected = closed_form(funded, months, received);
            prop_assert!((found - expected).abs() <= 1e-12 * (1.0 + expected), "{found} {expected}");
        }

        /// Prepaid, paid to the end, defaulted early or late, little or much recovered.
        #[test]
        fn the_root_is_that_of_bisection(
            funded in 500.0f64..40_000.0, share in 0.0f64..0.2, months in 0u32..200,
            paid in 0.0f64..2.0, last in 0.0f64..1.0, recovered in -8.0f64..0.0,
        ) {
            let recoveries = funded * 10f64.powf(recovered);
            let loan = LoanCashFlow {
                funded_amnt: funded,
                installment: share * funded,
                months_to_last_payment: Some(months),
                last_pymnt_amnt: last * paid * funded,
                total_pymnt: paid.powi(4) * funded + recoveries,
                recoveries,
                collection_recovery_fee: 0.18 * recoveries,
                ..loan(0.0, 0, 0.0, 0.0)
            };
            let flows = monthly_flows(&loan).unwrap();
            if let Ok(found) = irr(&loan) {
                let expected = (12.0 * bisected(&flows)).exp_m1();
                prop_assert!((found - expected).abs() <= 1e-12 * (1.0 + expected), "{found} {expected}");
                prop_assert!(root(&flows, 40).is_some());
            }
        }

        #[test]
        fn flows_sum_to_what_came_back_and_the_rate_has_the_sign_of_the_profit(
            funded in 100.0f64..40_000.0, installment in 0.0f64..2000.0, months in proptest::option::of(0u32..80),
            last in 0.0f64..5000.0, paid in 0.0f64..60_000.0, recoveries in 0.0f64..3000.0, fee in 0.0f64..1.0,
        ) {
            let loan = LoanCashFlow {
                funded_amnt: funded, installment, term_months: 36, months_to_last_payment: months,
                last_pymnt_amnt: last, total_pymnt: paid + recoveries, recoveries,
                collection_recovery_fee: fee * recoveries,
            };
            let flows = monthly_flows(&loan).unwrap();
            let back: f64 = flows[1..].iter().sum();
            let expected = loan.total_pymnt - loan.collection_recovery_fee;
            prop_assert!((back - expected).abs() < 1e-6);
            prop_assert!(flows[1..].iter().all(|&f| f >= 0.0));
            if let Ok(rate) = irr(&loan) {
                prop_assert!(rate >= -1.0);
                prop_assert!((expected - funded).abs() < 1e-6 || (rate > 0.0) == (expected > funded));
            }
        }
    }
}
