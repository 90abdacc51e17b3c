//! What the trials came to, above their tables.

use maud::{Markup, html};

use super::answer;
use crate::page::paragraphs;
use crate::results::LendResults;

pub(super) fn heading(results: &LendResults) -> &'static str {
    let out_of_time = results
        .split
        .as_ref()
        .is_some_and(|s| s.kind == "out-of-time");
    match (out_of_time, results.walk_forward.is_some()) {
        (true, _) => "What it returned, against what",
        (false, true) => "The published experiment: random trials",
        (false, false) => "What it returned in random trials",
    }
}

/// The answer of the trials, where the page's own is of walk-forward.
pub(super) fn lead(results: &LendResults) -> Markup {
    if results.walk_forward.is_none() || results.methods.is_empty() {
        return html! {};
    }
    let (heading, sentences) = answer::of_trials(results);
    html! {
        p { b { (heading) "." } }
        (paragraphs(sentences))
    }
}
