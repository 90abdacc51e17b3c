//! Month by month: instalment, prepayment, or the first missed payment and what follows.

use fuzzysvm_core::math;
use rand::Rng;

use super::borrower::{Borrower, Draw};
use super::pricing::Terms;
use super::{FIRST_ISSUE, SNAPSHOT, WORST_MONTH};
use crate::lending_club::{Month, Status};

/// Months between the first missed payment and the charge-off.
const CHARGE_OFF_AFTER: i32 = 5;

/// Where a loan stands at the snapshot. All amounts in cents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub status: Status,
    pub principal_cents: u64,
    pub interest_cents: u64,
    pub late_fee_cents: u64,
    pub recovery_cents: u64,
    pub collection_fee_cents: u64,
    /// Not yet repaid, of loans still open.
    pub outstanding_cents: u64,
    pub last_payment: Option<Month>,
    pub last_payment_cents: u64,
    pub last_credit_pull: Month,
}

impl Outcome {
    pub(super) fn total_cents(&self) -> u64 {
        self.principal_cents + self.interest_cents + self.late_fee_cents + self.recovery_cents
    }

    pub(super) fn draw(
        draw: &mut Draw<'_, impl Rng>,
        borrower: &Borrower,
        terms: &Terms,
        issued: Month,
        off_policy: bool,
    ) -> Self {
        let rate = f64::from(terms.rate_bp) / 120_000.0;
        let income = (borrower.annual_inc as f64).max(4_000.0);
        let burden = terms.installment_cents as f64 * 0.12 / income;
        let index = -0.34 * borrower.quality
            + borrower.risk()
            + 7.0 * (burden - 0.08).clamp(0.0, 0.15)
            + if off_policy { 0.6 } else { 0.0 };
        let base = BASE_HAZARD * math::exp(index) * vintage(issued);
        let mut out = Self {
            status: Status::Current,
            principal_cents: 0,
            interest_cents: 0,
            late_fee_cents: 0,
            recovery_cents: 0,
            collection_fee_cents: 0,
            outstanding_cents: terms.funded_cents,
            last_payment: None,
            last_payment_cents: 0,
            last_credit_pull: SNAPSHOT,
        };
        for t in 1..=terms.months {
            let month = issued.plus_months(t as i32);
            if month > SNAPSHOT {
                break;
            }
            let (bad, prepaid) = (draw.uniform(), draw.uniform());
            if bad < base * shape(t, terms.months) * recession(month) {
                out.miss(draw, month);
                break;
            }
            let age = f64::from(t) * 36.0 / f64::from(terms.months);
            let prepays = prepaid < (0.0035 + 0.00088 * age) * math::exp(0.1 * borrower.quality);
            out.pay(month, terms, rate, prepays || t == terms.months);
            if out.outstanding_cents == 0 {
                out.status = Status::FullyPaid;
                break;
            }
        }
        out.late_fees(draw);
        // Credit reports of loans that ended are drawn for some time after.
        if let (Status::FullyPaid | Status::ChargedOff, Some(last)) = (out.status, out.last_payment)
        {
            let pulled = last.plus_months((draw.uniform() * 40.0) as i32);
            out.last_credit_pull = pulled.min(SNAPSHOT);
        }
        out
    }

    /// One payment: the instalment, or all that is left with the month's interest.
    fn pay(&mut self, month: Month, terms: &Terms, rate: f64, all: bool) {
        let interest = (self.outstanding_cents as f64 * rate).round() as u64;
        let principal = if all {
            self.outstanding_cents
        } else {
            terms
                .installment_cents
                .saturating_sub(interest)
                .min(self.outstanding_cents)
        };
        self.interest_cents += interest;
        self.principal_cents += principal;
        self.outstanding_cents -= principal;
        self.last_payment = Some(month);
        self.last_payment_cents = interest + principal;
    }

    /// The payment of `month` is missed and none follows.
    fn miss(&mut self, draw: &mut Draw<'_, impl Rng>, month: Month) {
        let (severity, cost) = (draw.normal(), draw.uniform());
        let late = SNAPSHOT.months_since(month);
        self.status = match late {
            0 if cost < 0.5 => Status::InGracePeriod,
            0 => Status::Late16To30,
            1..=3 => Status::Late31To120,
            4 => Status::Default,
            _ => Status::ChargedOff,
        };
        if late < CHARGE_OFF_AFTER {
            return;
        }
        // Collection takes a year at most: of younger charge-offs a part has come in.
        let so_far = f64::from((late - CHARGE_OFF_AFTER + 1).min(12)) / 12.0;
        let share = (0.07 * math::exp(0.9 * severity)).min(0.9) * so_far;
        let lost = std::mem::take(&mut self.outstanding_cents) as f64;
        self.recovery_cents = (lost * share).round() as u64;
        // Half of the recoveries come through a collector who keeps 18 %, the others cost 1 %.
        let fee = if cost < 0.45 { 0.18 } else { 0.01 };
        self.collection_fee_cents = (self.recovery_cents as f64 * fee).round() as u64;
    }

    /// Fifteen dollars or 5 % of the payment, once or a few times, for one borrower in twenty, and for
    /// one in five of those who end badly.
    fn late_fees(&mut self, draw: &mut Draw<'_, impl Rng>) {
        let (late, often) = (draw.uniform(), draw.uniform());
        let probability = match self.status {
            Status::ChargedOff | Status::Default => 0.2,
            _ => 0.05,
        };
        if late < probability && self.last_payment.is_some() {
            let once = 1500.max(self.last_payment_cents.min(50_000) / 20);
            self.late_fee_cents = once * (1 + (often * often * 2.0) as u64);
        }
    }
}

/// h₀, set so that 12 % of the 36-month loans inside the policy default.
const BASE_HAZARD: f64 = 0.00158;

/// The hazard over the life of a loan: it rises over the first eight months and falls towards the end.
fn shape(t: u32, months: u32) -> f64 {
    let age = f64::from(t) / f64::from(months);
    ((f64::from(t) + 0.5) / 8.0).min(1.0) * (1.0 - 0.3 * age.powi(4))
}

/// The recession: a bump of the log hazard around the beginning of 2009.
fn recession(month: Month) -> f64 {
    let years = f64::from(month.months_since(WORST_MONTH)) / 12.0;
    math::exp(0.4 * math::exp(-(years / 0.9).powi(2)))
}

/// The first vintages of a young platform are worse.
fn vintage(issued: Month) -> f64 {
    1.0 + 0.5 * math::exp(-f64::from(issued.months_since(FIRST_ISSUE)) / 15.0)
}
