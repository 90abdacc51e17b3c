//! Return against risk.

use fuzzysvm_core::math;

use super::NotesAllocation;
use crate::rule::Candidates;
use crate::{PortfolioError, rule::check_budget};

/// A portfolio on the efficient frontier: none promises more at its risk.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FrontierPoint {
    /// λ.
    pub risk_aversion: f64,
    /// Forecast return on the budget, cash included.
    pub forecast: f64,
    /// Standard deviation of that return, of independent loans.
    pub std: f64,
    /// Share of the budget that is spent.
    pub spent: f64,
}

/// The relaxed portfolios of a rule for these risk aversions, each above 0 ([`NotesAllocation::risk_aversion`] is not looked
/// at). The more of it, the less risk and return; caps hold at every point.
///
/// ```
/// use fuzzysvm_portfolio::{Candidates, NotesAllocation, efficient_frontier};
/// let candidates = Candidates::new(&[0.10, 0.04])?.with_variance(&[0.20, 0.02])?;
/// let frontier = efficient_frontier(&NotesAllocation::default(), candidates, 10_000.0, &[0.5, 2.0])?;
/// // At λ = 0.5 0.10 − 0.5 · 0.2 w = 0.04 − 0.5 · 0.02 (1 − w) at w = 0.636…
/// assert!((frontier[0].forecast - (0.04 + 0.06 * 7.0 / 11.0)).abs() < 1e-6);
/// assert!(frontier[1].std < frontier[0].std && frontier[1].forecast < frontier[0].forecast);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// # Errors
/// As [`NotesAllocation::solve`].
pub fn efficient_frontier(
    rule: &NotesAllocation,
    candidates: Candidates<'_>,
    budget: f64,
    risk_aversions: &[f64],
) -> Result<Vec<FrontierPoint>, PortfolioError> {
    check_budget(budget)?;
    let variance = candidates.variance().ok_or(PortfolioError::NeedsVariance)?;
    let point = |&risk_aversion: &f64| {
        let rule = NotesAllocation {
            risk_aversion,
            ..rule.clone()
        };
        let relaxation = rule.relaxation(candidates, budget)?;
        let w = relaxation.solve(candidates.groups())?.w;
        let gained = w.iter().zip(&relaxation.gain).map(|(w, g)| w * g);
        let squares = w.iter().zip(variance).map(|(w, v)| w * w * v);
        Ok(FrontierPoint {
            risk_aversion,
            forecast: rule.cash + math::total(gained),
            std: math::total(squares).sqrt(),
            spent: math::total(w.iter().copied()),
        })
    };
    risk_aversions.iter().map(point).collect()
}
