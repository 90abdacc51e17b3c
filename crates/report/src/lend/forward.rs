//! Walk-forward: every ranking, quarter by quarter.

use maud::{Markup, html};

use crate::figure::{self, Figure};
use crate::names;
use crate::number::{count, decimal, in_percent, in_points};
use crate::page::{Cell, Row, Table, paragraphs};
use crate::results::{LendResults, ReturnDifference, WalkForwardResults};

/// A difference in points with its interval.
fn with_interval(d: &ReturnDifference) -> String {
    let ends = d.interval.as_ref().map_or_else(String::new, |i| {
        format!(" [{}, {}]", in_points(i.lower, 1), in_points(i.upper, 1))
    });
    format!("{}{ends}", in_points(d.mean, 2))
}

/// What can be told of a difference.
fn verdict(d: &ReturnDifference) -> &'static str {
    match d.sign() {
        1 => "more",
        -1 => "less",
        _ => "cannot tell",
    }
}

pub(super) fn body(
    results: &LendResults,
    forward: &WalkForwardResults,
    figures: [Option<Figure>; 3],
) -> Markup {
    let warnings: Vec<String> = forward
        .quarters
        .iter()
        .flat_map(|q| q.warnings.iter().map(|w| format!("{}: {w}", q.quarter)))
        .collect();
    html! {
        p {
            "At the start of each quarter every ranking learns from what was known by then, loans still open completed by survival, \
             and buys the top of the quarter’s loans. What they returned in the end:"
        }
        (figure::row(figures))
        (strategies(results, forward).render())
        @if let Some(gain) = &forward.gain { p { (typeset(gain)) } }
        (quarters(results, forward).render())
        (pairs(results, forward).render())
        @if !forward.claims.is_empty() { (claims(forward).render()) }
        @if !warnings.is_empty() {
            details {
                summary { "Warnings by quarter" }
                (paragraphs(warnings))
            }
        }
    }
}

/// A sentence of the experiment with minus signs for hyphens before digits.
fn typeset(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let typeset = letters.iter().enumerate().map(|(i, &c)| {
        let before = i.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(i + 1).is_some_and(char::is_ascii_digit);
        match c == '-' && after && before.is_none_or(|b| *b == ' ' || *b == '[') {
            true => '\u{2212}',
            false => c,
        }
    });
    typeset.collect()
}

fn strategies(results: &LendResults, forward: &WalkForwardResults) -> Table {
    let market = &forward.market;
    let mut rows: Vec<Row> = forward
        .strategies
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let cells = vec![
                Cell::new(in_percent(s.top.mean_roi, 2)),
                Cell::new(with_interval(&s.top_to_market)),
                Cell::words(verdict(&s.top_to_market)),
                Cell::maybe(s.top_to_grade.as_ref(), with_interval),
                Cell::new(with_interval(&s.curve)),
                Cell::new(in_percent(s.random_percentile, 1)),
                Cell::new(in_percent(s.top.default_rate, 1)),
                Cell::new(in_percent(s.top.mean_rate, 1)),
                Cell::maybe(s.top.mean_irr, |v| in_percent(v, 1)),
            ];
            Row::new(names::title(results, &s.strategy), cells).control_if(i == 0)
        })
        .collect();
    let none = || Cell::new("–");
    rows.push(Row::new(
        "Market: every loan",
        vec![
            Cell::new(in_percent(market.mean_roi, 2)),
            none(),
            Cell::words(""),
            none(),
            none(),
            none(),
            Cell::new(in_percent(market.default_rate, 1)),
            Cell::new(in_percent(market.mean_rate, 1)),
            Cell::maybe(market.mean_irr, |v| in_percent(v, 1)),
        ],
    ));
    let head = [
        "Ranking",
        "Return",
        "To market, points",
        "Returns",
        "To same grade",
        "Mean over budgets",
        "Random below",
        "Charged off",
        "Rate",
        "Irr",
    ];
    let caption = format!(
        "The top {} of all quarters ({} loans), in %: 95 % intervals by resampling loans. “Cannot tell” where the interval holds 0 or the \
         difference is below what these loans can show",
        crate::number::share(forward.settings.top_fraction),
        count(forward.strategies.first().map_or(0, |s| s.top.n_loans))
    );
    Table::new(caption, &head, rows).sortable()
}

/// Return above the market by ranking and quarter.
fn quarters(results: &LendResults, forward: &WalkForwardResults) -> Table {
    let tops = || forward.strategies.iter().flat_map(|s| &s.quarters);
    let most = tops()
        .map(|q| q.to_market.abs())
        .fold(f64::MIN_POSITIVE, f64::max);
    let rows = forward.strategies.iter().enumerate().map(|(i, s)| {
        let cells = forward.quarters.iter().map(|quarter| {
            let found = s.quarters.iter().find(|q| q.quarter == quarter.quarter);
            match found {
                Some(q) => {
                    Cell::new(in_points(q.to_market, 1)).shaded(0.5 + 0.5 * q.to_market / most)
                }
                None => Cell::default(),
            }
        });
        Row::new(names::title(results, &s.strategy), cells.collect()).control_if(i == 0)
    });
    let market = forward
        .quarters
        .iter()
        .map(|q| Cell::new(in_percent(q.market.mean_roi, 1)));
    let market = Row::new("Market, %", market.collect());
    let loans = forward
        .quarters
        .iter()
        .map(|q| Cell::new(count(q.market.n_loans)));
    let loans = Row::new("Loans to choose from", loans.collect());
    let mut head = vec!["Ranking"];
    head.extend(forward.quarters.iter().map(|q| q.quarter.as_str()));
    let rows = rows.chain([market, loans]).collect();
    Table::new(
        "Return of the top above the market by quarter, in points",
        &head,
        rows,
    )
}

fn pairs(results: &LendResults, forward: &WalkForwardResults) -> Table {
    let n = forward.quarters.len();
    let rows = forward.pairs.iter().map(|p| {
        let cells = vec![
            Cell::new(with_interval(&p.top)),
            Cell::new(in_percent(p.top.detectable, 2)),
            Cell::words(verdict(&p.top)),
            Cell::new(with_interval(&p.curve)),
            Cell::new(in_percent(p.curve.detectable, 2)),
            Cell::words(verdict(&p.curve)),
            Cell::new(format!("{} of {n}", p.n_quarters_ahead)),
        ];
        Row::new(names::title(results, &p.second), cells)
    });
    let first = forward
        .strategies
        .first()
        .map_or("", |s| names::title(results, &s.strategy));
    let caption = format!(
        "{first} against each of the others, in points; detectable: the smallest difference that these loans show with 80 % power"
    );
    let head = [
        "Against",
        "Top",
        "Detectable",
        "Returns",
        "Over budgets",
        "Detectable",
        "Returns",
        "Quarters ahead",
    ];
    Table::new(caption, &head, rows.collect()).sortable()
}

fn claims(forward: &WalkForwardResults) -> Table {
    let rows = forward.claims.iter().map(|c| {
        let holds = match c.holds {
            Some(true) => "yes",
            Some(false) => "no",
            None => "cannot tell",
        };
        let cells = vec![
            Cell::new(with_interval(&c.difference)),
            Cell::new(decimal(100.0 * c.difference.detectable, 2)),
            Cell::words(holds),
        ];
        Row::new(&c.claim, cells)
    });
    let head = ["Claim", "Difference, points", "Detectable", "Holds"];
    Table::new(
        "What can be claimed of the top of each quarter",
        &head,
        rows.collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_of_words_stay() {
        assert_eq!(
            typeset("of -0.38 points, charged-off [-1, 2]"),
            "of \u{2212}0.38 points, charged-off [\u{2212}1, 2]"
        );
    }
}
