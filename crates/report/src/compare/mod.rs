//! The page of `compare`.

mod answer;
mod card;
mod methods;
mod sets;

use maud::html;

use crate::figure;
use crate::names;
use crate::page::{Page, Section, paragraphs};
use crate::results::CompareResults;

/// The metrics, the first the one that the answer is about where no other was asked about.
const METRICS: [&str; 6] = [
    "balanced_accuracy",
    "roc_auc",
    "g_mean",
    "f1",
    "mcc",
    "average_precision",
];

/// Ids of the figures of each metric.
const FIGURES: [(&str, &str); 6] = [
    ("ranks", "differences"),
    ("ranks-2", "differences-2"),
    ("ranks-3", "differences-3"),
    ("ranks-4", "differences-4"),
    ("ranks-5", "differences-5"),
    ("ranks-6", "differences-6"),
];

/// The metrics that results hold: first the one that was asked about, then in the order of [`METRICS`].
fn metrics(results: &CompareResults) -> Vec<&'static str> {
    let has = |key: &&str| results.methods.iter().any(|m| m.metrics.contains_key(*key));
    let mut held: Vec<&str> = METRICS.into_iter().filter(has).collect();
    held.sort_by_key(|key| results.metric.as_deref() != Some(*key));
    held
}

/// The name of the method that the others are compared with.
fn control(results: &CompareResults) -> &str {
    let id = &results.settings.control;
    let found = results.methods.iter().find(|m| m.id == *id);
    found.map_or(id, |m| &m.name)
}

pub(crate) fn page(results: &CompareResults) -> Page {
    let shown = metrics(results);
    let first = shown.first().copied().unwrap_or(METRICS[0]);
    let methods = html! {
        p { "Means over the data sets, and what tells the methods apart. Choose a metric:" }
        fieldset.pick {
            @for (i, metric) in shown.iter().enumerate() {
                input type="radio" name="metric" id=(format!("m{i}")) checked[i == 0];
                label for=(format!("m{i}")) { (names::metric(metric)) }
            }
            @for (i, (metric, ids)) in shown.iter().zip(FIGURES).enumerate() {
                div class=(format!("panel k{i}")) {
                    h3 { (names::metric(metric)) }
                    (methods::table(results, metric).render())
                    (figure::row([
                        figure::ranks(results, metric, ids.0),
                        figure::control_differences(results, metric, ids.1),
                    ]))
                }
            }
        }
    };
    let of_sets = html! {
        (sets::table(results, first).render())
        (figure::row([figure::imbalance(results, first)]))
    };
    let mut sections = vec![
        Section::new("methods", "Methods", "Which method ranks best", methods),
        Section::new("sets", "Data sets", "Data set by data set", of_sets),
    ];
    if !results.skipped.is_empty() {
        let lines = results
            .skipped
            .iter()
            .map(|s| format!("{}: {}", s.name, s.reason));
        let body = paragraphs(lines);
        sections.push(Section::new(
            "skipped",
            "Left out",
            "Data sets left out",
            body,
        ));
    }
    let card = card::card(results);
    sections.push(Section::new("card", "Protocol", "Protocol", card));
    Page {
        kind: format!(
            "fuzzysvm compare · {}, {}",
            crate::number::counted(results.methods.len(), "method", "methods"),
            crate::number::counted(results.sets.len(), "data set", "data sets")
        ),
        answer: answer::answer(results, first),
        tiles: vec![],
        sections,
        footer: format!("fuzzysvm {}", env!("CARGO_PKG_VERSION")),
    }
}
