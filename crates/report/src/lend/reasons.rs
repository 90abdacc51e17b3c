//! Why the first loans were scored as they were.

use maud::{Markup, html};

use crate::number::{counted, decimal, percent};
use crate::page::{Cell, Row, Table};
use crate::results::{BoughtLoan, BoughtLoans, Fidelity, Reasons};

/// The first reason of a loan, the heading of which is [`HEADING`].
pub(super) fn first(loan: &BoughtLoan) -> Cell {
    let words = loan.reasons.first().map(|r| r.words.as_str());
    Cell::words(words.unwrap_or("–"))
}

/// The heading of the first reasons.
pub(super) const HEADING: &str = "First reason";

/// How reasons are found and how faithful they are, and more of every loan.
pub(super) fn body(reasons: &Reasons, bought: &BoughtLoans) -> Markup {
    html! {
        details {
            summary { "How the reasons are found" }
            p {
                "A feature’s part in a score is the score minus that of the same loan with this feature as in a typical paid \
                 training loan; the features of the largest parts are the reasons, four of which are in "
                code { "portfolio.csv" } ". They say what moved the score, not what causes default."
                @if let Some(fidelity) = &reasons.fidelity { " " (in_words(fidelity)) }
            }
            p { "The typical paid training loan: " (typical(reasons)) "." }
            (others(bought).render())
        }
    }
}

/// What the deletion test found.
fn in_words(fidelity: &Fidelity) -> String {
    let four = |shares: &[f64]| {
        let share = shares.get(3).or(shares.last());
        share.map_or_else(|| "–".to_owned(), |share| percent(*share, 0))
    };
    let interval = fidelity.interval.map_or_else(String::new, |[low, high]| {
        format!(", 95 % {} to {}", decimal(low, 2), decimal(high, 2))
    });
    format!(
        "On {} the four first reasons make {} of the score’s movement towards the typical loan, four random features {} \
         (difference of the areas over all features {}{interval}).",
        counted(fidelity.n, "loan", "loans"),
        four(&fidelity.by_reasons),
        four(&fidelity.random),
        decimal(fidelity.difference, 2),
    )
}

fn typical(reasons: &Reasons) -> String {
    let features = reasons.reference.iter();
    let features = features.map(|f| format!("{} {}", f.feature, f.value));
    features.collect::<Vec<_>>().join(", ")
}

fn others(bought: &BoughtLoans) -> Table {
    let around = bought.loans.iter().map(|l| &l.neighbors);
    let ks = around.max_by_key(|n| n.len()).into_iter().flatten();
    let ks: Vec<String> = ks.map(|n| n.k.to_string()).collect();
    let heading = format!(
        "Charged off among the {} nearest training loans",
        ks.join(", ")
    );
    let mut head = vec!["Rank", "Further reasons"];
    if !ks.is_empty() {
        head.push(&heading);
    }
    let rows = bought.loans.iter().map(|loan| {
        let further = loan.reasons.iter().skip(1).map(|r| r.words.as_str());
        let mut cells = vec![Cell::words(further.collect::<Vec<_>>().join("; "))];
        if !ks.is_empty() {
            let counts = loan.neighbors.iter().map(|n| n.positive.to_string());
            cells.push(Cell::words(counts.collect::<Vec<_>>().join(", ")));
        }
        Row::new(loan.rank.to_string(), cells)
    });
    Table::new("Further reasons and neighbors", &head, rows.collect())
}
