//! The results as tables.

use super::{
    Bought, Difference, Pair, QuarterSummary, StrategyResult, WalkForwardClaim, WalkForwardResults,
};
use crate::lend::tables::tag;
use crate::tables::{Cell, Table, share};

/// Columns of the return curve; all budgets are in the results.
const MOST_BUDGETS: usize = 5;

/// The return curve, the top of each quarter, where its gain comes from, every quarter, the differences between
/// rankings, and the claims. Figures in per cent; `source` is `simulated` or where the loans are from.
pub fn tables(results: &WalkForwardResults, source: &str) -> Vec<Table> {
    vec![
        curve(results, source),
        top(results, source),
        gain(results, source),
        quarters(results, source),
        differences(results, source),
        claims(results, source),
    ]
}

/// Marks the greatest of a column.
fn best(
    of: fn(&StrategyResult) -> f64,
    results: &WalkForwardResults,
) -> impl Fn(&StrategyResult) -> bool {
    let greatest = results
        .strategies
        .iter()
        .map(of)
        .fold(f64::NEG_INFINITY, f64::max);
    let several = results.strategies.len() > 1;
    move |strategy| several && of(strategy) == greatest
}

fn curve(results: &WalkForwardResults, source: &str) -> Table {
    // Of many budgets every other one, the last included.
    let budgets = &results.settings.budgets;
    let step = budgets.len().div_ceil(MOST_BUDGETS).max(1);
    let is_shown = |i: &usize| (budgets.len() - 1 - i).is_multiple_of(step);
    let shown: Vec<usize> = (0..budgets.len()).filter(is_shown).collect();
    let heads = shown.iter().map(|&i| share(budgets[i]));
    let header = ["Ranked by", "Mean", "by quarters", "Detectable"].map(str::to_owned);
    let is_best = best(|s| s.curve.mean, results);
    let row = |s: &StrategyResult| {
        let mut row = vec![
            Cell::plain(s.strategy.title()),
            Cell::new(with_interval(&s.curve), is_best(s)),
            by_quarter(&s.curve).into(),
            percent(s.curve.detectable, 2).into(),
        ];
        row.extend(
            shown
                .iter()
                .map(|&i| signed(s.points[i].to_market.mean).into()),
        );
        row
    };
    let caption = format!(
        "Walk-forward{}: return above the market by the share of each quarter that is bought, and its mean over these \
         shares, in % points with 95 % intervals by loan and by quarter",
        tag(source)
    );
    Table::new(
        "return-curve",
        caption,
        header.into_iter().chain(heads),
        results.strategies.iter().map(row),
    )
}

fn top(results: &WalkForwardResults, source: &str) -> Table {
    let of_bought = |b: &Bought| {
        [
            b.mean_irr.map_or("–".to_owned(), |irr| percent(irr, 2)),
            percent(b.default_rate, 1),
            percent(b.mean_rate, 1),
            percent(b.sd_roi, 1),
        ]
    };
    let market = &results.market;
    let mut rows = vec![vec![
        Cell::plain("Market"),
        percent(market.mean_roi, 2).into(),
    ]];
    rows[0].extend(of_bought(market).map(Cell::from));
    let is_best = best(|s| s.top.mean_roi, results);
    rows.extend(results.strategies.iter().map(|s| {
        let mut row = vec![
            Cell::plain(s.strategy.title()),
            Cell::new(percent(s.top.mean_roi, 2), is_best(s)),
        ];
        row.extend(of_bought(&s.top).map(Cell::from));
        let rest = [
            percent(s.random_percentile, 1),
            with_interval(&s.top_to_market),
            percent(s.top_to_market.detectable, 2),
            s.top_to_grade
                .as_ref()
                .map_or("–".to_owned(), with_interval),
        ];
        row.extend(rest.map(Cell::from));
        row
    }));
    let top = share(results.settings.top_fraction);
    let caption = format!(
        "The top {top} of each quarter{}: return over the life of the loans and internal rate of return per year in %, \
         the share of random choices that returned less, and the difference to the market and to loans of the same \
         grade and term",
        tag(source)
    );
    let header = [
        "Ranked by",
        "Return",
        "IRR",
        "Defaults",
        "Rate",
        "sd",
        "Above random",
        "To the market",
        "Detectable",
        "Within grades",
    ];
    Table::new("walk-forward", caption, header, rows)
}

fn gain(results: &WalkForwardResults, source: &str) -> Table {
    let market = results.market.mean_roi;
    let row = |s: &StrategyResult| {
        let part = |of: fn(&super::GainSources) -> f64| {
            s.sources.as_ref().map_or("–".to_owned(), |g| signed(of(g)))
        };
        [
            s.strategy.title().to_owned(),
            signed(s.top.mean_roi - market),
            part(|g| g.defaults),
            part(|g| g.repaid),
            part(|g| g.losses),
        ]
    };
    let caption = format!(
        "Where the top's return above the market comes from{}, in % points: fewer loans default, repaid ones return \
         more (by higher rates and later prepayment), charged-off ones lose less",
        tag(source)
    );
    Table::new(
        "gain",
        caption,
        [
            "Ranked by",
            "Sum",
            "Fewer defaults",
            "Repaid return more",
            "Smaller losses",
        ],
        results.strategies.iter().map(row),
    )
}

/// A column per quarter: they are fewer than rankings.
fn quarters(results: &WalkForwardResults, source: &str) -> Table {
    let of = |of: &dyn Fn(&QuarterSummary) -> String| {
        results.quarters.iter().map(of).collect::<Vec<_>>()
    };
    let first = [
        ("Loans known", of(&|q| q.n_known.to_string())),
        ("ended", of(&|q| q.n_resolved.to_string())),
        (
            "default rate, completed",
            of(&|q| percent(q.completed_default_rate, 1)),
        ),
        (
            "Loans to choose from",
            of(&|q| q.market.n_loans.to_string()),
        ),
        ("Market", of(&|q| percent(q.market.mean_roi, 2))),
    ];
    let of_strategy = |s: &StrategyResult| {
        let quarters = s.quarters.iter().map(|q| signed(q.to_market)).collect();
        (s.strategy.title().to_owned(), quarters)
    };
    let rows = first
        .map(|(name, cells)| (name.to_owned(), cells))
        .into_iter()
        .chain(results.strategies.iter().map(of_strategy))
        .map(|(name, cells): (String, Vec<String>)| [vec![name], cells].concat());
    let caption = format!(
        "What was known at each quarter, the return of its loans, and that of the top above it{}, in %",
        tag(source)
    );
    let header = [String::new()]
        .into_iter()
        .chain(results.quarters.iter().map(|q| q.quarter.clone()));
    Table::new("quarters", caption, header, rows)
}

fn differences(results: &WalkForwardResults, source: &str) -> Table {
    let n = results.quarters.len();
    let row = |pair: &Pair| {
        [
            pair.second.title().to_owned(),
            with_interval(&pair.top),
            percent(pair.top.detectable, 2),
            verdict(&pair.top).to_owned(),
            format!("{}/{n}", pair.n_quarters_ahead),
            with_interval(&pair.curve),
            percent(pair.curve.detectable, 2),
            verdict(&pair.curve).to_owned(),
        ]
    };
    let first = results
        .strategies
        .first()
        .map_or("", |s| s.strategy.title());
    let caption = format!(
        "{first} against the others{}: difference in % points with 95 % interval by loan, and the smallest difference \
         that these loans show with 80 % power; in how many quarters the top is ahead",
        tag(source)
    );
    let header = [
        "Against",
        "Top",
        "Detectable",
        "returns",
        "ahead",
        "Curve",
        "Detectable",
        "returns",
    ];
    Table::new(
        "walk-forward-differences",
        caption,
        header,
        results.pairs.iter().map(row),
    )
}

fn verdict(difference: &Difference) -> &'static str {
    match difference.is_positive() {
        None => "cannot tell",
        Some(true) => "more",
        Some(false) => "less",
    }
}

fn claims(results: &WalkForwardResults, source: &str) -> Table {
    let row = |claim: &WalkForwardClaim| {
        [
            claim.claim.clone(),
            with_interval(&claim.difference),
            percent(claim.difference.detectable, 2),
            match claim.holds {
                Some(true) => "yes",
                Some(false) => "no",
                None => "cannot tell",
            }
            .to_owned(),
        ]
    };
    let caption = format!(
        "What can be claimed of the top of each quarter{}: cannot tell where the interval holds 0 or the difference is \
         below what these loans can show",
        tag(source)
    );
    Table::new(
        "walk-forward-claims",
        caption,
        ["", "Difference", "Detectable", "Holds"],
        results.claims.iter().map(row),
    )
}

fn percent(fraction: f64, digits: usize) -> String {
    // Adding 0 makes −0 a 0.
    format!("{:.digits$}", 100.0 * fraction + 0.0)
}

fn signed(fraction: f64) -> String {
    format!("{:+.2}", 100.0 * fraction)
}

fn with_interval(difference: &Difference) -> String {
    let mean = signed(difference.mean);
    match &difference.interval {
        None => mean,
        Some(i) => format!("{mean} [{}, {}]", signed(i.lower), signed(i.upper)),
    }
}

fn by_quarter(difference: &Difference) -> String {
    let interval = difference.interval_by_quarter.as_ref();
    interval.map_or("–".to_owned(), |i| {
        format!("[{}, {}]", signed(i.lower), signed(i.upper))
    })
}
