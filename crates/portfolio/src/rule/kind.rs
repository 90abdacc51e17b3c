//! The rules by name.

use super::{
    AllCandidates, Candidates, MeanVariance, NotesAllocation, PortfolioRule, Threshold,
    TopFraction, TopN,
};
use crate::PortfolioError;

/// The shipped rules; in files tagged by `rule`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "rule", rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum RuleKind {
    /// `top-fraction`.
    TopFraction(TopFraction),
    /// `all-candidates`.
    AllCandidates(AllCandidates),
    /// `mean-variance`.
    MeanVariance(MeanVariance),
    /// `top-n`.
    TopN(TopN),
    /// `threshold`.
    Threshold(Threshold),
    /// `notes`.
    Notes(NotesAllocation),
}

impl Default for RuleKind {
    fn default() -> Self {
        RuleKind::TopFraction(TopFraction::default())
    }
}

impl PortfolioRule for RuleKind {
    fn allocate(
        &self,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<Vec<f64>, PortfolioError> {
        match self {
            RuleKind::TopFraction(rule) => rule.allocate(candidates, budget),
            RuleKind::AllCandidates(rule) => rule.allocate(candidates, budget),
            RuleKind::MeanVariance(rule) => rule.allocate(candidates, budget),
            RuleKind::TopN(rule) => rule.allocate(candidates, budget),
            RuleKind::Threshold(rule) => rule.allocate(candidates, budget),
            RuleKind::Notes(rule) => rule.allocate(candidates, budget),
        }
    }
}
