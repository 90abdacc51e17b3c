//! The numbers in large type.

use super::answer::tile_of;
use crate::names::measure;
use crate::number::{count, percent};
use crate::page::Tile;
use crate::results::{LendResults, WalkForwardResults};

/// Of walk-forward where it was run, else of the trials.
pub(super) fn tiles(results: &LendResults) -> Vec<Tile> {
    match &results.walk_forward {
        Some(forward) if !forward.strategies.is_empty() => of_quarters(forward),
        _ => of_trials(results),
    }
}

fn of_quarters(forward: &WalkForwardResults) -> Vec<Tile> {
    let Some(first) = forward.strategies.first() else {
        return Vec::new();
    };
    let (above, interval) = tile_of(&first.top_to_market);
    let (top, market) = (&first.top, &forward.market);
    let mut tiles = vec![
        Tile::new(
            "Return of what was bought",
            percent(top.mean_roi, 1),
            format!("over the loan’s life; {} loans", count(top.n_loans)),
        ),
        Tile::new(
            "Market",
            percent(market.mean_roi, 1),
            format!("every one of {} loans", count(market.n_loans)),
        ),
        Tile::new("Points above the market", above, interval),
        Tile::new(
            "Charged off, of the bought",
            percent(top.default_rate, 1),
            format!("of all {}", percent(market.default_rate, 1)),
        ),
    ];
    if let Some(irr) = top.mean_irr {
        let of_market = market.mean_irr.map(|v| format!("market {}", percent(v, 1)));
        tiles.push(Tile::new(
            "Return per year (irr)",
            percent(irr, 1),
            of_market.unwrap_or_default(),
        ));
    }
    tiles
}

fn of_trials(results: &LendResults) -> Vec<Tile> {
    let find = |id: &str| results.portfolios.iter().find(|p| p.id == id);
    let Some((chosen, market)) = find("chosen").zip(find("market")) else {
        return Vec::new();
    };
    let returns = results.settings.as_ref().map_or("roi", |s| &s.returns);
    let mut tiles = vec![
        Tile::new(
            "Return of what was bought",
            percent(chosen.returns, 1),
            measure(returns),
        ),
        Tile::new("Market", percent(market.returns, 1), "every test loan"),
        Tile::new(
            "Charged off, of the bought",
            percent(chosen.charged_off, 1),
            format!("of all {}", percent(market.charged_off, 1)),
        ),
        Tile::new(
            "Capital-weighted",
            percent(chosen.capital_weighted, 1),
            format!("market {}", percent(market.capital_weighted, 1)),
        ),
    ];
    let grades = results
        .segments
        .iter()
        .filter(|s| s.by == "grade" && s.n_chosen >= 0.5);
    let grades: Vec<String> = grades
        .map(|s| format!("{} {}", s.value, count(s.n_chosen.round() as usize)))
        .collect();
    if !grades.is_empty() {
        tiles.push(Tile::new(
            "Grades bought",
            grades.join(" · "),
            "loans per grade",
        ));
    }
    tiles
}
