//! The first loans of the portfolio.

use maud::{Markup, html};

use super::reasons;
use crate::names;
use crate::number::{counted, decimal, in_percent, money};
use crate::page::{Cell, Row, Table};
use crate::results::{BoughtLoans, LendResults};

pub(super) fn body(results: &LendResults, bought: &BoughtLoans) -> Markup {
    let trials = results.settings.as_ref().map_or(1, |s| s.trials);
    let more = match trials {
        1 => String::new(),
        n => format!(
            " It is one of {n} trials that draw from the same loans, so the others buy many of them too."
        ),
    };
    let has_probability = bought.loans.iter().any(|l| l.probability.is_some());
    let mut head = vec![
        "Rank",
        "Loan",
        "Issued",
        "Grade",
        "Rate, %",
        "Amount, $",
        "Score",
        "Forecast, %",
        "Realised, %",
        "Outcome",
    ];
    if has_probability {
        head.insert(7, "Default, %");
    }
    let has_reasons = bought.loans.iter().any(|l| !l.reasons.is_empty());
    if has_reasons {
        head.push(reasons::HEADING);
    }
    let rows = bought.loans.iter().map(|l| {
        let mut cells = vec![
            Cell::words(&l.loan),
            Cell::new(&l.issued),
            Cell::maybe(l.grade.as_ref(), |g| g.clone()),
            Cell::new(in_percent(l.rate, 2)),
            Cell::new(money(l.amount)),
            Cell::new(decimal(l.score, 3)),
        ];
        if has_probability {
            cells.push(Cell::maybe(l.probability, |p| in_percent(p, 1)));
        }
        cells.extend([
            Cell::new(in_percent(l.forecast, 1)),
            Cell::new(in_percent(l.realised, 1)),
            Cell::words(if l.charged_off { "charged off" } else { "paid" }),
        ]);
        if has_reasons {
            cells.push(reasons::first(l));
        }
        Row::new(l.rank.to_string(), cells)
    });
    let shown = bought.loans.len();
    let caption = format!(
        "The first {shown} of {}",
        counted(bought.n, "loan", "loans")
    );
    let table = Table::new(caption, &head, rows.collect()).sortable();
    html! {
        p {
            "What " (names::title(results, &bought.method)) " bought in trial " (bought.trial + 1)
            ", by forecast, highest first, and how these loans ended. All are in " code { "portfolio.csv" }
            ", where the first trial is 0." (more)
        }
        (table.render())
        @if let Some(found) = &results.reasons { (reasons::body(found, bought)) }
    }
}
