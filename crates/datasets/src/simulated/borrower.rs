//! What is known of a borrower at application.

use fuzzysvm_core::math;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Poisson, StandardNormal};

use super::RECORDS_FROM;
use crate::lending_club::Month;

/// Draws of the few distributions used, from one loan's stream.
pub(super) struct Draw<'a, R: Rng> {
    rng: &'a mut R,
}

impl<'a, R: Rng> Draw<'a, R> {
    pub(super) fn new(rng: &'a mut R) -> Self {
        Self { rng }
    }

    /// Uniform on [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        self.rng.random()
    }

    /// Standard normal.
    pub(super) fn normal(&mut self) -> f64 {
        StandardNormal.sample(self.rng)
    }

    /// True with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Poisson; 0 for an invalid mean, which does not occur here.
    pub(super) fn count(&mut self, mean: f64) -> u32 {
        Poisson::new(mean).map_or(0, |d| d.sample(self.rng) as u32)
    }

    /// Index drawn with the given weights.
    pub(super) fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.uniform() * weights.iter().sum::<f64>();
        for (i, w) in weights.iter().enumerate() {
            left -= w;
            if left < 0.0 {
                return i;
            }
        }
        weights.len() - 1
    }
}

pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + math::exp(-x))
}

/// Purposes, their share per mille in the real book, and what they add to the log hazard.
pub(super) const PURPOSES: [(&str, f64, f64); 14] = [
    ("debt_consolidation", 435.0, 0.0),
    ("credit_card", 133.0, -0.35),
    ("other", 125.0, 0.1),
    ("home_improvement", 69.0, -0.05),
    ("major_purchase", 63.0, -0.25),
    ("small_business", 49.0, 0.8),
    ("car", 29.0, -0.3),
    ("wedding", 25.0, -0.4),
    ("educational", 21.0, 0.35),
    ("medical", 17.0, 0.15),
    ("moving", 15.0, 0.0),
    ("house", 9.0, 0.1),
    ("vacation", 8.0, 0.1),
    ("renewable_energy", 2.0, 0.45),
];

/// Lengths of employment and their shares per mille.
pub(super) const EMPLOYMENT: [(&str, f64); 12] = [
    ("10+ years", 183.0),
    ("< 1 year", 147.0),
    ("2 years", 131.0),
    ("3 years", 110.0),
    ("1 year", 99.0),
    ("4 years", 86.0),
    ("5 years", 76.0),
    ("6 years", 45.0),
    ("7 years", 39.0),
    ("8 years", 36.0),
    ("9 years", 31.0),
    ("n/a", 17.0),
];

/// States of residence and the first digit of their zip codes; shares follow the population roughly.
pub(super) const STATES: [(&str, f64, u32); 16] = [
    ("CA", 180.0, 9),
    ("NY", 95.0, 1),
    ("FL", 70.0, 3),
    ("TX", 68.0, 7),
    ("NJ", 46.0, 0),
    ("PA", 40.0, 1),
    ("IL", 38.0, 6),
    ("GA", 36.0, 3),
    ("VA", 36.0, 2),
    ("MA", 34.0, 0),
    ("OH", 31.0, 4),
    ("MD", 27.0, 2),
    ("AZ", 23.0, 8),
    ("WA", 22.0, 9),
    ("CO", 21.0, 8),
    ("NC", 20.0, 2),
];

/// Everything known of the borrower; the latent part is known to the simulation only.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Borrower {
    /// Latent credit quality, standard normal inside the policy; higher is better.
    pub quality: f64,
    /// Latent income, standard normal.
    pub wealth: f64,
    /// Yearly income in dollars; 0 stands for an empty cell.
    pub annual_inc: u64,
    /// Index into [`EMPLOYMENT`].
    pub employment: usize,
    pub home: &'static str,
    /// Index into [`PURPOSES`].
    pub purpose: usize,
    /// Index into [`STATES`].
    pub state: usize,
    /// First three digits of the zip code.
    pub zip: u32,
    pub verification: &'static str,
    /// Hundredths of a per cent point.
    pub dti: u32,
    /// Whether the credit bureau knew the borrower: else all its cells are empty.
    pub bureau: bool,
    pub delinq_2yrs: u32,
    pub history_months: u32,
    pub inq_last_6mths: u32,
    pub mths_since_last_delinq: Option<u32>,
    pub mths_since_last_record: Option<u32>,
    pub open_acc: u32,
    pub pub_rec: u32,
    pub revol_bal: u64,
    /// Tenths of a per cent point; `None` is an empty cell.
    pub revol_util: Option<u32>,
    pub total_acc: u32,
    /// `None` is an empty cell: not yet reported in the first vintages.
    pub pub_rec_bankruptcies: Option<u32>,
    /// `None` is an empty cell.
    pub tax_liens: Option<u32>,
    /// Whether the loan has a `desc` of two lines.
    pub desc: bool,
}

impl Borrower {
    pub(super) fn draw(draw: &mut Draw<'_, impl Rng>, off_policy: bool, issued: Month) -> Self {
        let quality = draw.normal() - if off_policy { 0.7 } else { 0.0 };
        let wealth = draw.normal();
        let income = math::exp(10.93 + 0.5 * wealth + 0.07 * quality + 0.12 * draw.normal());
        let income = income.clamp(4_000.0, 6_000_000.0);
        // Most borrowers state a round income.
        let annual_inc = if draw.chance(0.65) {
            (income / 1000.0).round() as u64 * 1000
        } else {
            income.round() as u64
        };
        let age = draw.normal();
        let history = math::exp(2.45 + 0.5 * age + 0.1 * wealth).clamp(3.0, 50.0);
        let owner = draw.chance(logistic(-0.15 + 0.55 * wealth + 0.5 * age));
        let rare = draw.uniform();
        let home = match (owner, rare) {
            (_, r) if r < 0.0005 => "NONE",
            (_, r) if r < 0.006 => "OTHER",
            (true, r) if r < 0.2 => "OWN",
            (true, _) => "MORTGAGE",
            (false, _) => "RENT",
        };
        let tension = draw.normal();
        let util = 1.03 * logistic(-0.13 - 0.75 * quality + 0.55 * tension + 0.9 * draw.normal());
        let dti = 29.99 * logistic(-0.4 - 0.1 * quality + 0.45 * tension + 0.75 * draw.normal());
        let open = math::exp(2.12 + 0.38 * draw.normal() + 0.14 * wealth + 0.1 * age);
        let open_acc = (open.round() as u32).clamp(2, 44);
        let limit = income * 0.36 * math::exp(0.65 * draw.normal()) * (open / 8.0).sqrt();
        let unused = draw.chance(0.025);
        let util = if unused { 0.0 } else { util };
        let delinq_2yrs = draw.count(math::exp(-2.4 - 0.45 * quality));
        let since = draw.uniform();
        let delinquent = draw.chance(logistic(-0.75 - 0.3 * quality));
        let pub_rec = draw.count(math::exp(-3.1 - 0.35 * quality)).min(4);
        let bankrupt = draw.chance(0.7) && pub_rec > 0;
        let early = issued < RECORDS_FROM;
        Self {
            annual_inc: if off_policy && draw.chance(0.002) {
                0
            } else {
                annual_inc
            },
            employment: draw.pick(&EMPLOYMENT.map(|e| e.1)),
            home,
            purpose: draw.pick(&PURPOSES.map(|p| p.1)),
            state: draw.pick(&STATES.map(|s| s.1)),
            zip: (draw.uniform() * 100.0) as u32,
            verification: "Not Verified",
            dti: (dti * 100.0).round() as u32,
            bureau: !(off_policy && draw.chance(0.01)),
            delinq_2yrs,
            history_months: (history * 12.0) as u32,
            inq_last_6mths: draw.count(math::exp(-0.25 - 0.25 * quality)).min(15),
            mths_since_last_delinq: if delinq_2yrs > 0 {
                Some((since * 24.0) as u32)
            } else if delinquent {
                Some(24 + (since * 60.0) as u32)
            } else {
                None
            },
            mths_since_last_record: (pub_rec > 0).then(|| 20 + (draw.uniform() * 98.0) as u32),
            open_acc,
            pub_rec,
            revol_bal: (limit * util).round() as u64,
            revol_util: (!draw.chance(0.003)).then_some((util * 1000.0).round() as u32),
            total_acc: open_acc + draw.count(1.0 + 0.55 * history.min(30.0) + 0.35 * open),
            pub_rec_bankruptcies: (!early || draw.chance(0.1)).then_some(u32::from(bankrupt)),
            tax_liens: (!(early && draw.chance(0.1)))
                .then_some(u32::from(pub_rec > 0 && !bankrupt && draw.chance(0.02))),
            desc: draw.chance(0.0025),
            quality,
            wealth,
        }
    }

    /// f(x) of the module's documentation without the share of income, which depends on the loan.
    pub(super) fn risk(&self) -> f64 {
        let (_, _, purpose) = PURPOSES[self.purpose];
        let util = self.revol_util.map_or(50.0, |u| f64::from(u) / 10.0);
        let dti = f64::from(self.dti) / 100.0;
        let stretched = 1.4 * logistic((dti - 15.0) / 1.5) * logistic((util - 60.0) / 6.0);
        let accounts = (math::ln(f64::from(self.open_acc)) - math::ln(9f64)) / 0.42;
        let accounts = 0.28 * (accounts * accounts).min(6.0);
        let years = f64::from(self.history_months) / 12.0;
        let tenant = if matches!(self.home, "MORTGAGE" | "OWN") {
            -1.0
        } else {
            1.0
        };
        let misfit = 0.65 * tenant * math::tanh((years - 12.0) / 4.0);
        let inquiries = 0.2 * f64::from(self.inq_last_6mths.min(5));
        let unemployed = if EMPLOYMENT[self.employment].0 == "n/a" {
            0.5
        } else {
            0.0
        };
        purpose + stretched + accounts + misfit + inquiries + unemployed
    }
}
