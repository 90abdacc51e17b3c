//! Cash flows by annuity arithmetic, and their expectation under monthly hazards.

use super::hazard::MonthlyHazard;
use super::{Completed, LoanTerms};

/// The agreed payments of a loan, per unit lent.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    /// Entry k: what has been paid after k payments.
    paid: Vec<f64>,
    /// Entry k: what is still owed after k payments.
    balance: Vec<f64>,
}

impl Schedule {
    /// Payment by payment, which needs no special case for a rate of 0. The last payments are cut to what is
    /// owed, so that a rounded or generous installment never earns more than the interest.
    pub(super) fn of(terms: &LoanTerms) -> Self {
        let growth = 1.0 + terms.annual_rate / 12.0;
        let installment = terms.installment / terms.funded_amnt;
        let n = terms.term_months as usize + 1;
        let (mut paid, mut balance) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let (mut so_far, mut owed) = (0.0, 1.0);
        paid.push(so_far);
        balance.push(owed);
        for _ in 0..terms.term_months {
            let due = owed * growth;
            let payment = installment.min(due);
            so_far += payment;
            owed = due - payment;
            paid.push(so_far);
            balance.push(owed);
        }
        Self { paid, balance }
    }

    /// What the agreed payments leave unpaid, as a share of the amount lent.
    pub(super) fn balance_at_end(&self) -> f64 {
        self.balance[self.balance.len() - 1]
    }

    /// Number of agreed payments.
    fn term(&self) -> usize {
        self.paid.len() - 1
    }

    /// Return where the balance is repaid with the t-th payment.
    fn roi_paid(&self, t: usize) -> f64 {
        self.paid[t] + self.balance[t] - 1.0
    }

    /// Return where the loan is charged off in month t: payments stopped `lag` months before, and a share of what
    /// was then owed is recovered.
    fn roi_bad(&self, t: usize, lag: usize, recovery_share: f64) -> f64 {
        let k = t.saturating_sub(lag);
        self.paid[k] + recovery_share * self.balance[k] - 1.0
    }
}

/// How a charge-off pays.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChargeOff {
    /// Months from the last payment to the charge-off.
    pub lag: u32,
    /// Share of the balance that is recovered.
    pub recovery_share: f64,
}

/// The outcome of a loan that is alive `age` months after issue. `hazards[t - 1]` are those of month t; in the last
/// month of the term, whatever does not default is repaid.
pub(super) fn expected(
    schedule: &Schedule,
    hazards: &[MonthlyHazard],
    age: u32,
    charge_off: ChargeOff,
) -> Completed {
    let term = schedule.term();
    let roi_bad = |t| schedule.roi_bad(t, charge_off.lag as usize, charge_off.recovery_share);
    let (mut alive, mut p_bad, mut p_paid) = (1.0, 0.0, 0.0);
    let (mut sum_bad, mut sum_paid) = (0.0, 0.0);
    for (t, hazard) in (1..=term).zip(hazards).skip(age as usize) {
        let bad = hazard.default;
        let paid = if t == term {
            1.0 - bad
        } else {
            // Two hazards near 1 would share out more than is there.
            hazard.prepayment.min(1.0 - bad)
        };
        p_bad += alive * bad;
        sum_bad += alive * bad * roi_bad(t);
        p_paid += alive * paid;
        sum_paid += alive * paid * schedule.roi_paid(t);
        alive *= 1.0 - bad - paid;
    }
    // Without a month in which it could happen, a return is that of the last month.
    let mean = |sum: f64, p: f64, at_end: f64| if p > 0.0 { sum / p } else { at_end };
    Completed::new(
        p_bad.min(1.0),
        mean(sum_bad, p_bad, roi_bad(term)),
        mean(sum_paid, p_paid, schedule.roi_paid(term)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHARGE_OFF: ChargeOff = ChargeOff {
        lag: 5,
        recovery_share: 0.06,
    };

    fn constant(default: f64, prepayment: f64, months: usize) -> Vec<MonthlyHazard> {
        vec![
            MonthlyHazard {
                default,
                prepayment
            };
            months
        ]
    }

    /// (1 + i)^k − m ((1 + i)^k − 1)/i, the balance in closed form.
    fn balance(i: f64, m: f64, k: i32) -> f64 {
        let g = (1.0 + i).powi(k);
        g - m * (g - 1.0) / i
    }

    #[test]
    fn the_schedule_is_that_of_an_annuity() {
        for (term, rate) in [(36u32, 0.12f64), (60, 0.2), (1, 0.05), (7, 0.01)] {
            let i = rate / 12.0;
            let m = i / (1.0 - (1.0 + i).powi(-(term as i32)));
            let schedule = Schedule::of(&LoanTerms {
                term_months: term,
                annual_rate: rate,
                installment: 500.0 * m,
                funded_amnt: 500.0,
            });
            for k in 0..=term as usize {
                assert!((schedule.balance[k] - balance(i, m, k as i32)).abs() < 1e-12);
                assert!((schedule.paid[k] - m * k as f64).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_generous_installment_pays_no_more_than_is_owed() {
        // 10 % a month on 1: 0.6 is paid, then the 0.55 that are owed, then nothing.
        let schedule = Schedule::of(&LoanTerms {
            term_months: 3,
            annual_rate: 1.2,
            installment: 6.0,
            funded_amnt: 10.0,
        });
        for (k, (paid, owed)) in [(0.0, 1.0), (0.6, 0.5), (1.15, 0.0), (1.15, 0.0)]
            .into_iter()
            .enumerate()
        {
            assert!((schedule.paid[k] - paid).abs() < 1e-15);
            assert!((schedule.balance[k] - owed).abs() < 1e-15);
        }
    }

    #[test]
    fn two_months_by_hand() {
        // Without interest, two payments of one half. Month 1: 10 % default, 20 % prepay; month 2: 10 % of the
        // remaining 70 % default, and the rest pays. A default loses all but 6 % of the balance, as payments
        // stopped 5 months before.
        let terms = LoanTerms {
            term_months: 2,
            annual_rate: 0.0,
            installment: 50.0,
            funded_amnt: 100.0,
        };
        let schedule = Schedule::of(&terms);
        let c = expected(&schedule, &constant(0.1, 0.2, 2), 0, CHARGE_OFF);
        assert!((c.p_bad - 0.17).abs() < 1e-15);
        assert!((c.roi_bad + 0.94).abs() < 1e-15);
        assert!(c.roi_paid.abs() < 1e-15);
        // Alive after one month; and after both: repaid.
        let c = expected(&schedule, &constant(0.1, 0.2, 2), 1, CHARGE_OFF);
        assert!((c.p_bad - 0.1).abs() < 1e-15);
        for age in [2, 3, u32::MAX] {
            let c = expected(&schedule, &constant(0.1, 0.2, 2), age, CHARGE_OFF);
            assert_eq!((c.p_bad, c.expected_roi()), (0.0, 0.0));
            assert!((c.roi_bad + 0.94).abs() < 1e-15);
        }
    }

    #[test]
    fn hazards_near_one_share_out_no_more_than_is_there() {
        let schedule = Schedule::of(&LoanTerms {
            term_months: 12,
            annual_rate: 0.0,
            installment: 1.0,
            funded_amnt: 12.0,
        });
        for (default, prepayment, p_bad) in [(0.9, 0.9, 0.9), (1.0, 1.0, 1.0), (0.0, 1.0, 0.0)] {
            let c = expected(&schedule, &constant(default, prepayment, 12), 0, CHARGE_OFF);
            assert!((c.p_bad - p_bad).abs() < 1e-15);
        }
    }

    #[test]
    fn a_long_loan_is_the_sum_over_its_months() {
        // 60 months, age 17, in closed form: alive at t with (1 - a - p)^(t - 18).
        let (a, p, rate) = (0.004, 0.02, 0.18);
        let i: f64 = rate / 12.0;
        let m = i / (1.0 - (1.0 + i).powi(-60));
        let schedule = Schedule::of(&LoanTerms {
            term_months: 60,
            annual_rate: rate,
            installment: m,
            funded_amnt: 1.0,
        });
        let c = expected(&schedule, &constant(a, p, 60), 17, CHARGE_OFF);
        let (mut p_bad, mut bad, mut paid) = (0.0, 0.0, 0.0);
        for t in 18..=60 {
            let alive = (1.0f64 - a - p).powi(t - 18);
            let p = if t == 60 { 1.0 - a } else { p };
            let k = t - 5;
            p_bad += alive * a;
            bad += alive * a * (m * f64::from(k) + 0.06 * balance(i, m, k) - 1.0);
            paid += alive * p * (m * f64::from(t) + balance(i, m, t) - 1.0);
        }
        assert!((c.p_bad - p_bad).abs() < 1e-13);
        assert!((c.expected_roi() - bad - paid).abs() < 1e-12);
    }
}
