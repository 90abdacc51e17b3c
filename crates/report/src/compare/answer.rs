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
    let best = ranked.first().filter(|r| r.0 != tests.control);
    let of_best = best.and_then(|best| {
        let found = tests.comparisons.iter().find(|c| c.method == best.0);
        found.map(|c| (best.1, c))
    });
    if let Some((best, c)) = of_best {
        let holm = p_equals(c.wilcoxon_p_holm);
        sentences[0] += &match c.wilcoxon_p_holm <= LEVEL && c.losses > c.wins {
            true => format!(" {best} is better than it (Holm {holm})."),
            false => format!(" That {best} ranks before it can be chance (Holm {holm})."),
        };
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
        parts.push(match better.is_empty() {
            true => format!("{} worse than {name}", are(&worse)),
            false => format!("{} worse", are(&worse)),
        });
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
    use crate::results::{Comparison, MethodOverall, Overall, Results, SetResult};

    /// Methods with their ranks, and of all but the control wins and losses of the control and Holm's p.
    fn compared(p_value: f64, methods: &[(&str, f64, usize, usize, f64)]) -> CompareResults {
        let json = include_str!("../../tests/data/compare.json");
        let Results::Compare(results) = Results::from_json(json).unwrap() else {
            unreachable!("results of compare")
        };
        let mut results = CompareResults {
            sets: vec![SetResult::default(); 12],
            families: Vec::new(),
            ..*results
        };
        let overall = |rank: f64| Overall {
            mean: 0.8,
            average_rank: rank,
        };
        results.methods = methods
            .iter()
            .map(|(id, rank, ..)| MethodOverall {
                id: (*id).to_owned(),
                name: id.to_uppercase(),
                metrics: [("g_mean".to_owned(), overall(*rank))].into(),
            })
            .collect();
        let tests = results.tests.get_mut("g_mean").unwrap().as_mut().unwrap();
        tests.p_value = p_value;
        tests.comparisons = methods
            .iter()
            .filter(|m| m.0 != tests.control)
            .map(|&(id, _, wins, losses, wilcoxon_p_holm)| Comparison {
                method: id.to_owned(),
                wins,
                losses,
                wilcoxon_p_holm,
                ..Comparison::default()
            })
            .collect();
        results
    }

    fn text(results: &CompareResults) -> String {
        let answer = answer(results, "g_mean");
        let text = format!("{}. {}", answer.heading, answer.sentences.join(" "));
        text.replace('\u{202f}', " ")
    }

    #[test]
    fn a_lead_that_can_be_chance_is_no_lead() {
        let methods = [
            ("iefsvm", 2.2, 0, 0, 0.0),
            ("svm", 1.9, 4, 8, 0.3),
            ("efsvm", 2.5, 7, 5, 0.4),
        ];
        assert_eq!(
            text(&compared(0.02, &methods)),
            "SVM has the best mean rank in G-mean over 12 data sets. The methods differ (p = 0.020). IEFSVM, the control, is \
             second of 3 with the mean rank 2.20. That SVM ranks before it can be chance (Holm p = 0.300). None of the other 2 can \
             be told apart from IEFSVM by Wilcoxon's test with Holm's correction."
        );
        let alike = text(&compared(0.2, &methods));
        assert!(
            alike.contains("cannot be told apart as a whole (p = 0.200)"),
            "{alike}"
        );
    }

    #[test]
    fn methods_that_differ_from_the_control_are_named() {
        let methods = [
            ("svm", 1.2, 0, 12, 0.01),
            ("iefsvm", 2.0, 0, 0, 0.0),
            ("efsvm", 2.8, 12, 0, 0.0004),
        ];
        let found = text(&compared(0.001, &methods));
        assert!(
            found.contains("SVM is better than it (Holm p = 0.010)"),
            "{found}"
        );
        let rest = "SVM (p = 0.010) is better than IEFSVM; EFSVM (p < 0.001) is worse.";
        assert!(found.ends_with(rest), "{found}");
        // The control leads.
        let methods = [
            ("iefsvm", 1.0, 0, 0, 0.0),
            ("svm", 2.0, 12, 0, 0.01),
            ("efsvm", 3.0, 7, 5, 0.5),
        ];
        let found = text(&compared(0.001, &methods));
        assert!(
            found.starts_with("IEFSVM has the best mean rank"),
            "{found}"
        );
        let rest = "SVM (p = 0.010) is worse than IEFSVM. 1 of the other 2 cannot be told apart from IEFSVM by Wilcoxon's test with Holm's \
                    correction.";
        assert!(found.ends_with(rest), "{found}");
    }

    #[test]
    fn few_and_dependent_sets_are_said() {
        let mut results = compared(0.02, &[("iefsvm", 1.0, 0, 0, 0.0), ("svm", 2.0, 4, 8, 0.3)]);
        assert!(answer(&results, "g_mean").cautions.is_empty());
        results.sets.truncate(4);
        results.families = vec![vec!["ecoli1".to_owned(), "ecoli2".to_owned()]];
        let cautions = answer(&results, "g_mean").cautions.join(" ");
        assert!(cautions.contains("4 data sets are few"), "{cautions}");
        assert!(cautions.contains("ecoli1 and ecoli2"), "{cautions}");
    }

    #[test]
    fn places_are_words() {
        let words = [1, 2, 3, 4, 11, 21, 112].map(nth);
        assert_eq!(
            words,
            ["first", "second", "third", "4th", "11th", "21st", "112th"]
        );
    }
}
