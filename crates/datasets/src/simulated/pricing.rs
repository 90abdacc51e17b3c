//! Amount, term, grade and rate of a loan.

use fuzzysvm_core::math;
use rand::Rng;

use super::borrower::{Borrower, Draw};
use super::{FIRST_ISSUE, LAST_ISSUE, LONG_TERM_FROM};
use crate::lending_club::Month;

/// Monthly growth of the platform.
const GROWTH: f64 = 0.055;

/// The month of issue: the platform grows by 5.5 % per month.
pub(super) fn issue_month(draw: &mut Draw<'_, impl Rng>) -> Month {
    let months = f64::from(LAST_ISSUE.months_since(FIRST_ISSUE) + 1);
    let u = draw.uniform();
    let at = math::ln(1.0 + u * (math::exp(GROWTH * months) - 1.0)) / GROWTH;
    FIRST_ISSUE.plus_months((at as i32).min(months as i32 - 1))
}

/// Upper ends of the sub-grades A1 to G4 on the scale of a standard normal score, higher being worse:
/// the normal quantiles of the shares of the grades (27.1, 30.8, 23.6, 13.1, 4.0, 1.05, 0.34 %), each cut
/// into five equal parts.
#[rustfmt::skip]
const CUTS: [f64; 34] = [
    -1.605, -1.235, -0.984, -0.783, -0.61, -0.433, -0.268, -0.111, 0.044, 0.199, 0.322, 0.449,
    0.585, 0.732, 0.896, 0.999, 1.114, 1.246, 1.404, 1.607, 1.685, 1.774, 1.881, 2.014, 2.197,
    2.26, 2.334, 2.423, 2.536, 2.697, 2.768, 2.857, 2.976, 3.163,
];

/// What is lent and at what price.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Terms {
    /// Asked for, whole dollars.
    pub loan_amnt: u64,
    pub funded_cents: u64,
    /// Share of the funding that came from investors.
    pub investors: f64,
    pub months: u32,
    /// A1 = 0 to G5 = 34.
    pub sub_grade: usize,
    /// Yearly rate in hundredths of a per cent point.
    pub rate_bp: u32,
    pub installment_cents: u64,
}

impl Terms {
    pub(super) fn draw(
        draw: &mut Draw<'_, impl Rng>,
        borrower: &mut Borrower,
        issued: Month,
        off_policy: bool,
    ) -> Self {
        let amount = math::exp(9.0 + 0.3 * borrower.wealth + 0.58 * draw.normal());
        let step = if amount > 2_000.0 && draw.chance(0.75) {
            500.0
        } else {
            25.0
        };
        let loan_amnt = ((amount / step).round() * step).clamp(500.0, 35_000.0) as u64;
        // The long term came in May 2010; larger loans take it more often.
        let long = issued >= LONG_TERM_FROM
            && draw.chance(
                (0.2 + loan_amnt as f64 / 60_000.0).min(0.8) * if off_policy { 0.4 } else { 1.0 },
            );
        let months = if long { 60 } else { 36 };
        let funded = if draw.chance(0.065) {
            let share = 0.4 + 0.6 * draw.uniform();
            (loan_amnt as f64 * share / 25.0).floor().max(20.0) * 25.0
        } else {
            loan_amnt as f64
        };
        let funded = (funded as u64).min(loan_amnt);
        let verify = draw.uniform() + 0.25 * (loan_amnt as f64 / 10_000.0 - 1.0).clamp(-1.0, 1.0);
        borrower.verification = match verify {
            v if v < 0.5 => "Not Verified",
            v if v < 0.7 => "Source Verified",
            _ => "Verified",
        };
        let util = borrower.revol_util.map_or(0.5, |u| f64::from(u) / 1000.0);
        let score = -0.6 * borrower.quality
            + 0.9 * (util - 0.5)
            + 0.1 * (f64::from(borrower.inq_last_6mths) - 0.8)
            + 0.62 * draw.normal()
            + if long { 0.65 } else { 0.0 };
        let sub_grade = CUTS.iter().take_while(|&&cut| score >= cut).count();
        let rate_bp = rate(sub_grade, issued);
        Self {
            loan_amnt,
            funded_cents: funded * 100,
            investors: if draw.chance(0.4) {
                1.0
            } else {
                1.0 - 0.12 * draw.uniform().powi(3)
            },
            months,
            sub_grade,
            rate_bp,
            installment_cents: installment(funded * 100, rate_bp, months),
        }
    }
}

/// The yearly rate of a sub-grade: 5.70 % for A1 to 20.7 % for G5, with a drift of the quarters that
/// ends between −0.6 and +0.6 points.
fn rate(sub_grade: usize, issued: Month) -> u32 {
    let s = sub_grade as f64;
    let quarter = f64::from(issued.months_since(FIRST_ISSUE) / 3);
    let drift = 0.6 * math::sin(quarter * 0.55) * (s / 8.0).min(1.0);
    ((5.7 + 0.72 * s - 0.0082 * s * s + drift) * 100.0).round() as u32
}

/// The level instalment in cents, rounded up to the next cent so that the last payment is no larger.
fn installment(funded_cents: u64, rate_bp: u32, months: u32) -> u64 {
    let r = f64::from(rate_bp) / 120_000.0;
    let level = funded_cents as f64 * r / (1.0 - (1.0 + r).powi(-(months as i32)));
    level.ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    // 10 000 at 10.65 % over 36 months: 325.74 (10000*r/(1-(1+r)**-36) = 325.7358…, r = .1065/12)
    #[test]
    fn the_instalment_is_the_annuity() {
        assert_eq!(installment(1_000_000, 1065, 36), 32_574);
    }

    #[test]
    fn rates_rise_with_the_sub_grade_in_every_quarter() {
        for months in 0..=LAST_ISSUE.months_since(FIRST_ISSUE) {
            let issued = FIRST_ISSUE.plus_months(months);
            for s in 1..35 {
                assert!(rate(s, issued) > rate(s - 1, issued), "{s} {months}");
            }
        }
    }
}
