//! What loans on offer are ranked by.

use fuzzysvm_core::param_choice;
use serde::Serialize;

/// What decides which loans on offer are bought first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OfferRank {
    /// The highest return to expect (default).
    #[default]
    Expected,
    /// The highest return to expect among the loans that the classifier predicts paid.
    Filter,
    /// The lowest decision values: the loans that are surest to be paid.
    Score,
}

param_choice! { OfferRank { Expected = "expected", Filter = "filter", Score = "score" } }
