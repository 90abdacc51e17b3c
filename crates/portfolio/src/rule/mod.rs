//! Rules that turn forecasts into amounts.

mod all_candidates;
mod equal;
mod kind;
mod mean_variance;
mod notes;
mod threshold;
mod top_fraction;
mod top_n;

pub use all_candidates::AllCandidates;
pub use kind::RuleKind;
pub use mean_variance::MeanVariance;
pub use notes::{FrontierPoint, GroupCap, NotesAllocation, NotesPortfolio, efficient_frontier};
pub use threshold::Threshold;
pub use top_fraction::TopFraction;
pub use top_n::TopN;

use fuzzysvm_core::ParamError;

use crate::PortfolioError;
use crate::error::check_values;

/// The loans to choose from: one forecast per loan, and optionally the most that may go into it, the variance of its return
/// and the groups that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a> {
    forecast: &'a [f64],
    cap: Option<&'a [f64]>,
    variance: Option<&'a [f64]>,
    groups: &'a [&'a [usize]],
}

impl<'a> Candidates<'a> {
    /// Loans without caps.
    ///
    /// # Errors
    /// Where there is no loan or a forecast is not finite.
    pub fn new(forecast: &'a [f64]) -> Result<Self, PortfolioError> {
        if forecast.is_empty() {
            return Err(PortfolioError::NoCandidates);
        }
        check_values("forecast", forecast, "must be finite", f64::is_finite)?;
        Ok(Self {
            forecast,
            cap: None,
            variance: None,
            groups: &[],
        })
    }

    /// The same with at most `cap[i]` (≥ 0, may be infinite) in loan i.
    ///
    /// # Errors
    /// Where there are not as many caps as loans, or one is negative or NaN.
    pub fn with_cap(self, cap: &'a [f64]) -> Result<Self, PortfolioError> {
        if cap.len() != self.forecast.len() {
            return Err(PortfolioError::LengthMismatch {
                of: "candidates",
                expected: self.forecast.len(),
                what: "caps",
                found: cap.len(),
            });
        }
        check_values("cap", cap, "must be >= 0", |c| c >= 0.0)?;
        Ok(Self {
            cap: Some(cap),
            ..self
        })
    }

    /// The same with the variance of the return of each loan (a fraction squared), for
    /// [`MeanVariance`].
    ///
    /// # Errors
    /// Where there are not as many variances as loans, or one is negative or not finite.
    pub fn with_variance(self, variance: &'a [f64]) -> Result<Self, PortfolioError> {
        if variance.len() != self.forecast.len() {
            return Err(PortfolioError::LengthMismatch {
                of: "candidates",
                expected: self.forecast.len(),
                what: "variances",
                found: variance.len(),
            });
        }
        check_values("variance", variance, "must be finite and >= 0", |v| {
            v.is_finite() && v >= 0.0
        })?;
        Ok(Self {
            variance: Some(variance),
            ..self
        })
    }

    /// The same with groups: a list for each kind (grade, state, purpose), which has the number of the group of every loan, from
    /// 0 on. For [`NotesAllocation`], which caps them.
    ///
    /// # Errors
    /// Where a list has not as many numbers as there are loans, or a number is a million or more.
    pub fn with_groups(self, groups: &'a [&'a [usize]]) -> Result<Self, PortfolioError> {
        for ids in groups {
            if ids.len() != self.forecast.len() {
                return Err(PortfolioError::LengthMismatch {
                    of: "candidates",
                    expected: self.forecast.len(),
                    what: "groups",
                    found: ids.len(),
                });
            }
            // A list of caps is as long as the greatest number.
            if let Some(index) = ids.iter().position(|&id| id >= 1_000_000) {
                return Err(PortfolioError::InvalidValue {
                    what: "group",
                    index,
                    value: ids[index] as f64,
                    rule: "must be below 1000000",
                });
            }
        }
        Ok(Self { groups, ..self })
    }

    /// Number of loans, at least 1.
    pub fn n_candidates(&self) -> usize {
        self.forecast.len()
    }

    /// The forecast return of each loan.
    pub fn forecast(&self) -> &'a [f64] {
        self.forecast
    }

    /// The variances, where they were given.
    pub fn variance(&self) -> Option<&'a [f64]> {
        self.variance
    }

    /// The groups, list by list.
    pub fn groups(&self) -> &'a [&'a [usize]] {
        self.groups
    }

    /// The most that may go into loan i; infinite without caps.
    pub fn cap(&self, i: usize) -> f64 {
        self.cap.map_or(f64::INFINITY, |cap| cap[i])
    }
}

/// A rule that chooses loans and the amounts to put into them.
pub trait PortfolioRule: Send + Sync {
    /// One amount per candidate, in the currency of `budget`: 0 ≤ a_i ≤ cap_i and Σ a_i ≤ budget. What the
    /// caps do not admit stays unspent.
    ///
    /// # Errors
    /// Where a parameter of the rule or the budget is out of range.
    fn allocate(&self, candidates: Candidates<'_>, budget: f64)
    -> Result<Vec<f64>, PortfolioError>;
}

/// A finite budget above 0.
fn check_budget(budget: f64) -> Result<(), ParamError> {
    ParamError::check(
        budget.is_finite() && budget > 0.0,
        "budget",
        budget,
        "must be finite and > 0",
    )
}
