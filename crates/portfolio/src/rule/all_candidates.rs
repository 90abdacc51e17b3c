//! Buys every candidate.

use super::equal::equal_amounts;
use super::{Candidates, PortfolioRule, check_budget};
use crate::PortfolioError;

/// Buys every candidate in equal amounts, whatever the forecast: Benchmark 2 of the lending experiment
/// (the classifier without the regression), and the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AllCandidates;

impl PortfolioRule for AllCandidates {
    fn allocate(
        &self,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<Vec<f64>, PortfolioError> {
        check_budget(budget)?;
        let all: Vec<usize> = (0..candidates.n_candidates()).collect();
        Ok(equal_amounts(candidates, &all, budget))
    }
}
