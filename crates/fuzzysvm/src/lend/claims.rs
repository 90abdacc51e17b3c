//! Did the deck's claims hold here? One sentence a column, whatever the answer.

use super::deck;
use super::results::{Claim, MethodResult, MetricResult};

/// The deck's five columns: name in `metrics`, title, whether it is a rate, and the deck's figure.
type Column = (&'static str, &'static str, bool, fn(&deck::DeckRow) -> f64);

const COLUMNS: [Column; 5] = [
    ("balanced_accuracy", "AUC (balanced accuracy)", true, |r| {
        r.balanced_accuracy.mean
    }),
    ("precision", "Precision", true, |r| r.precision.mean),
    (
        "predicted_negative_rate",
        "Predicted negative condition rate",
        true,
        |r| r.predicted_negative_rate.mean,
    ),
    ("return_top", "Return with top 10 %", true, |r| {
        r.return_top.mean
    }),
    (
        "return_over_std",
        "Return / standard deviation",
        false,
        |r| r.return_over_std,
    ),
];

/// In every column the deck puts IEFSVM first of its eight methods. Says for each whether IEFSVM is
/// first here, among the methods that ran.
pub fn judge(methods: &[MethodResult]) -> Vec<Claim> {
    let Some(deck_row) = deck::row_of("iefsvm") else {
        return Vec::new();
    };
    COLUMNS
        .iter()
        .map(|&(column, title, is_rate, deck_of)| {
            let deck = deck_of(deck_row);
            judge_column(methods, column, title, is_rate, deck)
        })
        .collect()
}

fn judge_column(
    methods: &[MethodResult],
    column: &str,
    title: &str,
    is_rate: bool,
    deck: f64,
) -> Claim {
    let show = |v: f64| {
        if is_rate {
            format!("{:.2} %", 100.0 * v)
        } else {
            format!("{v:.3}")
        }
    };
    let ranked: Vec<(&MethodResult, f64, f64)> = methods
        .iter()
        .filter_map(|m| value_and_rank(m, column).map(|(value, rank)| (m, value, rank)))
        .collect();
    let ours = ranked.iter().find(|(m, _, _)| m.id == "iefsvm");
    let here = ours.map(|&(_, value, _)| value);
    // With nobody to compare with, first place says nothing.
    let holds = ranked.len() > 1 && ours.is_some_and(|&(_, _, rank)| rank == 1.0);
    let deck_words = format!("{title}: IEFSVM is first in the deck ({})", show(deck));
    let sentence = match ours {
        None => format!("{deck_words}; here it has no figure."),
        Some(_) if ranked.len() == 1 => format!("{deck_words}; here nothing is compared with it."),
        Some(&(_, value, 1.0)) => {
            format!(
                "{deck_words} and here, of {} ({}).",
                ranked.len(),
                show(value)
            )
        }
        Some(&(_, value, rank)) => {
            let best = ranked.iter().min_by(|a, b| a.2.total_cmp(&b.2));
            let best = best.map_or(String::new(), |(m, v, _)| {
                format!(" behind {} ({})", m.name, show(*v))
            });
            let of = ranked.len();
            format!(
                "{deck_words}; here rank {rank} of {of} ({}){best}.",
                show(value)
            )
        }
    };
    Claim {
        column: column.to_owned(),
        deck,
        here,
        holds,
        sentence,
    }
}

fn value_and_rank(method: &MethodResult, column: &str) -> Option<(f64, f64)> {
    match method.metrics.get(column)? {
        MetricResult::Spread(s) => Some((s.mean?, s.rank?)),
        MetricResult::Value(v) => Some((v.value?, v.rank?)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::results::ValueRank;
    use super::*;

    fn method(id: &str, ratio: Option<f64>, rank: Option<f64>) -> MethodResult {
        let value = MetricResult::Value(ValueRank { value: ratio, rank });
        MethodResult {
            name: id.to_uppercase(),
            id: id.to_owned(),
            metrics: BTreeMap::from([("return_over_std".to_owned(), value)]),
            versus_iefsvm: BTreeMap::new(),
            trials: Vec::new(),
        }
    }

    fn ratio_claim(methods: &[MethodResult]) -> Claim {
        judge(methods)
            .into_iter()
            .find(|c| c.column == "return_over_std")
            .unwrap()
    }

    #[test]
    fn a_lost_claim_says_so_and_names_the_winner() {
        let c = ratio_claim(&[
            method("efsvm", Some(3.0), Some(1.0)),
            method("iefsvm", Some(2.0), Some(2.0)),
        ]);
        assert!(!c.holds);
        assert!(
            c.sentence
                .ends_with("here rank 2 of 2 (2.000) behind EFSVM (3.000).")
        );
    }

    #[test]
    fn a_claim_holds_only_in_company() {
        assert!(!ratio_claim(&[method("iefsvm", Some(2.0), Some(1.0))]).holds);
        let two = [
            method("iefsvm", Some(2.0), Some(1.0)),
            method("svm", Some(1.0), Some(2.0)),
        ];
        assert!(ratio_claim(&two).holds);
    }

    #[test]
    fn a_run_without_iefsvm_has_no_figure() {
        let c = ratio_claim(&[method("svm", Some(1.0), Some(1.0))]);
        assert_eq!((c.here, c.holds), (None, false));
        assert_eq!(c.deck, 5.227);
    }
}
