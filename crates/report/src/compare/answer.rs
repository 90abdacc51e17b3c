//! What a comparison comes to, in sentences.

use super::control;
use crate::figure::lower;
use crate::names::{self, listed};
use crate::number::{counted, decimal, p_equals};
use crate::page::Answer;
use crate::results::{CompareResults, CompareTests};

/// The level of the tests.
const LEVEL: f64 = 0.05;
/// Data sets below which the tests see little.
const FEW_SETS: usize = 10;

/// The answer by a metric.
pub(super) fn answer(results: &CompareResults, metric: &str) -> Answer {
    let title = lower(names::metric(metric));
    let mut ranked: Vec<(&str, &str, f64)> = results
        .methods
        .iter()
        .filter_map(|m| {
            Some((
                m.id.as_str(),
                m.name.as_str(),
                m.metrics.get(metric)?.average_rank,
            ))
        })
        .collect();
    ranked.sort_by(|a, b| a.2.total_cmp(&b.2));
    let Some(&(_, best, rank)) = ranked.first() else {
        return Answer {
            heading: "No method was compared".to_owned(),
            ..Answer::default()
        };
    };
    let tied: Vec<&str> = ranked
        .iter()
        .filter(|r| r.2 - rank <= 1e-12)
        .map(|r| r.1)
        .collect();
    let verb = if tied.len() > 1 { "have" } else { "has" };
    let mut answer = Answer {
        heading: format!(
            "{} {verb} the best mean rank in {title} over {}",
            listed(&tied),
            counted(results.sets.len(), "data set", "data sets")
        ),
        ..Answer::default()
    };
    answer.sentences = match results.tests.get(metric).and_then(Option::as_ref) {
        Some(tests) => of_tests(results, tests, &ranked),
        None => vec![format!(
            "{best} has the mean rank {}; with fewer than two data sets or methods there is nothing to test.",
            decimal(rank, 2)
        )],
    };
    answer.cautions = cautions(results);
    answer
}

/// Whether the methods differ, and what can be told of the control.
fn of_tests(
    results: &CompareResults,
    tests: &CompareTests,
    ranked: &[(&str, &str, f64)],
) -> Vec<String> {
    let name = control(results);
    let place = ranked.iter().position(|r| r.0 == tests.control);
    let mut sentences = vec![if tests.p_value <= LEVEL {
        format!("The methods differ ({}).", p_equals(tests.p_value))
    } else {
        format!(
            "The methods cannot be told apart as a whole ({}), so the order of their ranks may be chance.",
            p_equals(tests.p_value)
        )
    }];
    if let Some(place) = place {
        let rank = decimal(ranked[place].2, 2);
        sentences[0] += &format!(
            " {name}, the control, is {} of {} with the mean rank {rank}.",
            nth(place + 1),
            ranked.len()
        );
    }
    let different = |c: &&crate::results::Comparison| c.wilcoxon_p_holm <= LEVEL;
    let title = |id: &str| {
        let found = ranked.iter().find(|r| r.0 == id);
        found.map_or_else(|| id.to_owned(), |r| r.1.to_owned())
    };
    let named = |better: bool| -> Vec<String> {
        let found = tests.comparisons.iter().filter(different);
        let found = found.filter(|c| (c.losses > c.wins) == better);
        found
            .map(|c| format!("{} ({})", title(&c.method), p_equals(c.wilcoxon_p_holm)))
            .collect()
    };
    let (better, worse) = (named(true), named(false));
    let mut parts = Vec::new();
    if !better.is_empty() {
        parts.push(format!("{} better than {name}", are(&better)));
    }
    if !worse.is_empty() {
        parts.push(format!("{} worse", are(&worse)));
    }
    let n = tests.comparisons.len();
    let alike = n - better.len() - worse.len();
    let rest = match alike {
        0 => String::new(),
        _ if alike == n => {
            format!(
                "None of the other {n} can be told apart from {name} by Wilcoxon's test with Holm's correction."
            )
        }
        _ => format!(
            " {} of the other {n} cannot be told apart from {name} by Wilcoxon's test with Holm's correction.",
            crate::number::count(alike)
        ),
    };
    if !parts.is_empty() {
        sentences.push(format!("{}.{rest}", parts.join("; ")));
    } else if !rest.is_empty() {
        sentences.push(rest);
    }
    sentences
}

fn are(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", listed(names))
}

/// A place in words.
fn nth(place: usize) -> String {
    match place {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        n => {
            let end = match (n % 10, n % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{n}{end}")
        }
    }
}

/// What makes the tests weaker than they look.
fn cautions(results: &CompareResults) -> Vec<String> {
    let mut cautions = Vec::new();
    let n = results.sets.len();
    if n < FEW_SETS {
        cautions.push(format!(
            "{} few for these tests: below {FEW_SETS} only large differences are seen.",
            if n == 1 {
                "One data set is".to_owned()
            } else {
                format!("{n} data sets are")
            }
        ));
    }
    for family in &results.families {
        cautions.push(format!(
            "Not independent, as they share samples or a source: {}. The tests take data sets for independent, so their \
             p-values are too small here.",
            listed(family)
        ));
    }
    cautions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_words() {
        let words = [1, 2, 3, 4, 11, 21, 112].map(nth);
        assert_eq!(
            words,
            ["first", "second", "third", "4th", "11th", "21st", "112th"]
        );
    }
}
