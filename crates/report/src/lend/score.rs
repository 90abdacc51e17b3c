//! Gains by decile of the score.

use maud::{Markup, html};

use crate::names;
use crate::number::{count, decimal, in_percent, percent};
use crate::page::{Cell, Row, Table};
use crate::results::{FigureInterval, LendResults};

pub(super) fn body(results: &LendResults) -> Markup {
    let Some(figures) = &results.figures else {
        return html! {};
    };
    let Some(method) = figures.methods.get(&figures.designated) else {
        return html! {};
    };
    let with_ends = |what: &str, value: f64, low: Option<f64>, high: Option<f64>| {
        let ends = low.zip(high).map_or_else(String::new, |(low, high)| {
            format!(" ({} to {})", in_percent(low, 1), in_percent(high, 1))
        });
        format!("{what} {}{ends}", percent(value, 1))
    };
    let auc: &FigureInterval = &method.auc;
    let gini = |v: f64| 2.0 * v - 1.0;
    let caption = format!(
        "Gains of {} by tenth of the score, riskiest first, in %. {}; {}; {}",
        names::title(results, &figures.designated),
        with_ends("AUC", auc.value, auc.low, auc.high),
        with_ends(
            "Gini",
            gini(auc.value),
            auc.low.map(gini),
            auc.high.map(gini)
        ),
        with_ends("KS", method.ks.value, method.ks.low, method.ks.high),
    );
    let rows = method.score_deciles.iter().enumerate().map(|(i, d)| {
        let cells = vec![
            Cell::new(count(d.n.round() as usize)),
            Cell::new(format!(
                "{} to {}",
                decimal(d.score_low, 2),
                decimal(d.score_high, 2)
            )),
            Cell::new(in_percent(d.charged_off, 1)),
            Cell::new(decimal(d.lift, 2)),
            Cell::new(in_percent(d.cum_bad, 1)),
            Cell::new(in_percent(d.cum_good, 1)),
            Cell::new(in_percent(d.ks, 1)),
            Cell::new(in_percent(d.realised, 1)),
        ];
        Row::new((i + 1).to_string(), cells)
    });
    let head = [
        "Decile",
        "Loans",
        "Score",
        "Charged off",
        "Lift",
        "Cum. charged off",
        "Cum. paid",
        "KS",
        "Return",
    ];
    html! {
        @if !method.score_deciles.is_empty() {
            (Table::new(caption, &head, rows.collect()).render())
        }
    }
}
