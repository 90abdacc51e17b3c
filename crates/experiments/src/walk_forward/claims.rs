//! What can be claimed of the rankings.

use super::{Difference, Pair, Strategy, StrategyResult, WalkForwardClaim};

/// The published method whose claim to choose well is looked at.
const PUBLISHED: &str = "iefsvm";

/// That the first strategy and the published method return more than the market, and the first more than the published
/// method, the highest rates, and a regression on the same completed returns, as far as they ran.
pub(super) fn claims(strategies: &[StrategyResult], pairs: &[Pair]) -> Vec<WalkForwardClaim> {
    let claim = |first: &Strategy, than: &str, difference: Difference| WalkForwardClaim {
        claim: format!("{} returns more than {than}", first.title()),
        difference,
        holds: difference.is_positive(),
    };
    let published = |strategy: &Strategy| strategy.name() == PUBLISHED;
    let of_market = strategies.iter().enumerate().filter_map(|(i, s)| {
        let looked_at = i == 0 || published(&s.strategy);
        looked_at.then(|| claim(&s.strategy, "the market", s.top_to_market))
    });
    let of_pairs = pairs.iter().filter_map(|pair| {
        let than = match &pair.second {
            Strategy::HighestRate => "the highest rates",
            Strategy::CompletedRegression => "a regression on the same returns",
            other if published(other) => other.title(),
            _ => return None,
        };
        Some(claim(&pair.first, than, pair.top))
    });
    of_market.chain(of_pairs).collect()
}
