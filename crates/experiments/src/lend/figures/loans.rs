//! What is known of the test loans of a trial beside their scores.

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{Month, Need};
use fuzzysvm_estimator::LoanData;
use fuzzysvm_portfolio::{irr_of_flows, monthly_flows, roi};

use super::round::all_short;
use crate::lend::LendError;
use crate::lend::run::cash_flow_of;

/// Months of a cash curve.
const MONTHS: usize = 60;

/// The test loans, place by place.
pub(super) struct Loans<'a> {
    pub realised: &'a [f64],
    pub funded: &'a [f64],
    pub charged_off: Vec<bool>,
    /// Share of the amount lent that was lost.
    loss: Vec<f64>,
    /// Cash flows per dollar lent, month by month; `None` where the files do not have their months.
    flows: Option<Vec<Vec<f64>>>,
    pub grade: Vec<Option<char>>,
    pub sub_grade: Vec<Option<u8>>,
    pub term: Vec<u32>,
    pub rate: Vec<f64>,
    pub issued: Vec<Month>,
}

/// Figures of a portfolio in one trial.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Summary {
    pub n: f64,
    pub mean: f64,
    pub sd: Option<f64>,
    pub charged_off: f64,
    pub loss: f64,
    pub capital_weighted: f64,
    pub irr: Option<f64>,
    pub cash: Vec<f64>,
}

impl<'a> Loans<'a> {
    pub fn new(
        data: &LoanData,
        samples: &[usize],
        truth: &[Label],
        realised: &'a [f64],
        funded: &'a [f64],
    ) -> Result<Self, LendError> {
        let rows = data.book_rows(Some(samples));
        let loans: Vec<_> = rows.iter().map(|&row| data.book().loan(row)).collect();
        let cash: Vec<_> = loans.iter().map(|l| cash_flow_of(&l.payments())).collect();
        let dated = |column| Need::new(column, "the months of payments");
        let needs = [dated("last_pymnt_d"), dated("recoveries")];
        let flows = match data.book().require(&needs) {
            // A payment a hundred years after the issue has no flow, though it may have a return.
            Ok(()) => {
                let flows = cash.iter().map(|loan| {
                    let flows = monthly_flows(loan).ok()?;
                    Some(flows.iter().map(|f| f / loan.funded_amnt).collect())
                });
                flows.collect()
            }
            Err(_) => None,
        };
        let loss = cash.iter().map(|loan| Ok((-roi(loan)?).max(0.0)));
        Ok(Self {
            realised,
            funded,
            charged_off: truth.iter().map(|l| l.is_positive()).collect(),
            loss: loss.collect::<Result<_, LendError>>()?,
            flows,
            grade: loans.iter().map(|l| l.grade()).collect(),
            sub_grade: loans.iter().map(|l| l.sub_grade()).collect(),
            term: loans.iter().map(|l| l.term()).collect(),
            rate: loans.iter().map(|l| l.int_rate()).collect(),
            issued: loans.iter().map(|l| l.issue_month()).collect(),
        })
    }

    pub fn len(&self) -> usize {
        self.realised.len()
    }

    /// A portfolio in which each loan has this weight; `None` where nothing was bought.
    pub fn summary(&self, weights: &[f64]) -> Option<Summary> {
        let sum = |of: &dyn Fn(usize) -> f64| -> f64 {
            let terms = weights.iter().enumerate().filter(|(_, w)| **w > 0.0);
            terms.map(|(i, w)| w * of(i)).sum()
        };
        let n = sum(&|_| 1.0);
        if n <= 0.0 {
            return None;
        }
        let mean = sum(&|i| self.realised[i]) / n;
        let squares = sum(&|i| (self.realised[i] - mean).powi(2));
        let capital = sum(&|i| self.funded[i]);
        let flows = self.pooled(weights, n);
        Some(Summary {
            n,
            mean,
            sd: (n > 1.0).then(|| (squares / (n - 1.0)).sqrt()),
            charged_off: sum(&|i| f64::from(u8::from(self.charged_off[i]))) / n,
            loss: sum(&|i| self.loss[i]) / n,
            capital_weighted: sum(&|i| self.funded[i] * self.realised[i]) / capital,
            irr: flows.as_deref().and_then(|f| irr_of_flows(f).ok()),
            cash: flows.map_or(Vec::new(), |f| cumulated(&f)),
        })
    }

    /// Monthly flows of a dollar in equal amounts.
    fn pooled(&self, weights: &[f64], n: f64) -> Option<Vec<f64>> {
        let mut pooled = Vec::new();
        for (flows, weight) in self.flows.as_ref()?.iter().zip(weights) {
            if *weight > 0.0 {
                pooled.resize(flows.len().max(pooled.len()), 0.0);
                let months = pooled.iter_mut().zip(flows);
                months.for_each(|(sum, flow)| *sum += weight / n * flow);
            }
        }
        Some(pooled)
    }
}

fn cumulated(flows: &[f64]) -> Vec<f64> {
    let mut cash = 0.0;
    let months = (0..=MONTHS).map(|month| {
        cash += flows.get(month).copied().unwrap_or(0.0);
        cash
    });
    all_short(months)
}
