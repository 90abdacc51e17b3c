//! Where a gain comes from, in a sentence.

use super::{Bought, StrategyResult};

/// Of the strategy's top against all loans; `None` where it returned no more, or a part has no loan.
pub(super) fn gain(strategy: &StrategyResult, market: &Bought) -> Option<String> {
    let (top, title) = (&strategy.top, strategy.strategy.title());
    let parts = strategy
        .sources
        .filter(|_| top.mean_roi > market.mean_roi)?;
    let points = |v: f64| format!("{:+.2}", 100.0 * v);
    let percent = |v: f64| format!("{:.1} %", 100.0 * v);
    let of_losses = parts.defaults + parts.losses > parts.repaid;
    let from = match (of_losses, top.mean_rate > market.mean_rate) {
        (true, _) => "fewer losses",
        (false, true) => "higher rates",
        (false, false) => "loans that are repaid later",
    };
    Some(format!(
        "The gain of {title} over the market of all quarters together comes mostly from {from}: of {} points {} are of defaults ({} against {}), \
         {} of what repaid loans return (at a mean rate of {} against {}) and {} of the size of losses.",
        points(top.mean_roi - market.mean_roi),
        points(parts.defaults),
        percent(top.default_rate),
        percent(market.default_rate),
        points(parts.repaid),
        percent(top.mean_rate),
        percent(market.mean_rate),
        points(parts.losses),
    ))
}
