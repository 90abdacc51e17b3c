//! The results as tables.

use super::{Difference, WalkForwardResults};
use crate::tables::{Cell, Table};

/// The strategies, the return curve, every quarter, and the differences between strategies. Figures in per cent.
pub fn tables(results: &WalkForwardResults) -> Vec<Table> {
    vec![
        strategies(results),
        curve(results),
        quarters(results),
        pairs(results),
    ]
}

fn strategies(results: &WalkForwardResults) -> Table {
    let top = percent(results.settings.top_fraction, 0);
    let market = &results.market;
    let mut rows = vec![[
        "Market".to_owned(),
        percent(market.mean_roi, 2),
        String::new(),
        String::new(),
        String::new(),
        percent(market.default_rate, 1),
        percent(market.mean_rate, 1),
        percent(market.sd_roi, 1),
    ]];
    rows.extend(results.strategies.iter().map(|s| {
        [
            s.strategy.title().to_owned(),
            percent(s.top.mean_roi, 2),
            with_interval(&s.top_to_market),
            s.top_to_grade.as_ref().map_or(String::new(), with_interval),
            percent(s.top_to_market.detectable, 2),
            percent(s.top.default_rate, 1),
            percent(s.top.mean_rate, 1),
            percent(s.top.sd_roi, 1),
        ]
    }));
    table(
        "walk-forward",
        format!("Return of the top {top} % of each quarter, in % over the life of the loans"),
        [
            "Ranked by",
            "Return",
            "To the market",
            "Within grades",
            "Detectable",
            "Defaults",
            "Rate",
            "Deviation",
        ],
        rows,
    )
}

fn curve(results: &WalkForwardResults) -> Table {
    let mut header = vec!["Ranked by".to_owned(), "Mean".to_owned()];
    header.extend(
        results
            .settings
            .budgets
            .iter()
            .map(|&b| format!("{} %", percent(b, 0))),
    );
    let row = |s: &super::StrategyResult| {
        let mut row = vec![s.strategy.title().to_owned(), with_interval(&s.curve)];
        row.extend(s.points.iter().map(|p| percent(p.to_market.mean, 2)));
        row
    };
    table(
        "return-curve",
        "Return above the market by the share of each quarter that is bought".to_owned(),
        header,
        results.strategies.iter().map(row),
    )
}

fn quarters(results: &WalkForwardResults) -> Table {
    let mut header: Vec<String> = ["Quarter", "Known", "Resolved", "Loans", "Market"]
        .map(str::to_owned)
        .to_vec();
    header.extend(
        results
            .strategies
            .iter()
            .map(|s| s.strategy.title().to_owned()),
    );
    let row = |(i, q): (usize, &super::QuarterSummary)| {
        let mut row = vec![
            q.quarter.clone(),
            q.n_known.to_string(),
            q.n_resolved.to_string(),
            q.market.n_loans.to_string(),
            percent(q.market.mean_roi, 2),
        ];
        row.extend(
            results
                .strategies
                .iter()
                .map(|s| signed(s.quarters[i].to_market)),
        );
        row
    };
    table(
        "quarters",
        "Return of the top above the market of the quarter".to_owned(),
        header,
        results.quarters.iter().enumerate().map(row),
    )
}

fn pairs(results: &WalkForwardResults) -> Table {
    let n = results.quarters.len();
    let row = |pair: &super::Pair| {
        let verdict = |d: &Difference| match (d.can_tell(), d.mean > 0.0) {
            (false, _) => "cannot tell",
            (true, true) => "more",
            (true, false) => "less",
        };
        [
            format!("{} − {}", pair.first.title(), pair.second.title()),
            with_interval(&pair.top),
            percent(pair.top.detectable, 2),
            verdict(&pair.top).to_owned(),
            with_interval(&pair.curve),
            percent(pair.curve.detectable, 2),
            verdict(&pair.curve).to_owned(),
            format!("{} of {n}", pair.n_quarters_ahead),
        ]
    };
    table(
        "differences",
        "Differences between rankings, with 95 % intervals and the smallest difference that these loans show with 80 % power"
            .to_owned(),
        [
            "Difference",
            "Top",
            "Detectable",
            "",
            "Curve",
            "Detectable",
            "",
            "Quarters ahead",
        ],
        results.pairs.iter().map(row),
    )
}

fn table<H: Into<String>, R: IntoIterator<Item = String>>(
    label: &str,
    caption: String,
    header: impl IntoIterator<Item = H>,
    rows: impl IntoIterator<Item = R>,
) -> Table {
    let cell = |text| Cell { text, best: false };
    Table {
        label: label.to_owned(),
        caption,
        header: header.into_iter().map(Into::into).collect(),
        rows: rows
            .into_iter()
            .map(|row| row.into_iter().map(cell).collect())
            .collect(),
        summary: Vec::new(),
        text: false,
    }
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
        Some(i) => format!("{mean} ({} to {})", signed(i.lower), signed(i.upper)),
    }
}
