//! What readers must know before they believe the answer.

use super::is_simulated;
use crate::names::listed;
use crate::number::{count, counted, percent};
use crate::results::LendResults;

/// A population stability index above which a distribution is said to have shifted.
const SHIFTED: f64 = 0.25;

/// All that apply.
pub(super) fn all(results: &LendResults) -> Vec<String> {
    let found = [
        is_simulated(results).then(|| {
            "Simulated loans: not a real loan book. The figures show how the method works, not what loans return.".to_owned()
        }),
        overlap(results),
        young(results),
        quarters(results),
        converged(results),
        shifted(results),
    ];
    let mut all: Vec<String> = found.into_iter().flatten().collect();
    all.push("Not investment advice.".to_owned());
    all
}

/// Random trials share loans.
fn overlap(results: &LendResults) -> Option<String> {
    let trials = results.settings.as_ref()?.trials;
    let split = results.split.as_ref()?;
    (split.kind == "random" && trials > 1).then(|| {
        format!(
            "The {trials} trials draw their {} test loans from the same {}, future and past alike: they overlap, and show \
             how the published experiment comes out, not what could have been earned.",
            count(split.test),
            count(split.test_pool)
        )
    })
}

/// Loans whose term had not passed.
fn young(results: &LendResults) -> Option<String> {
    let young = results.loans.young.as_ref()?;
    let others = young
        .market_return_of_others
        .map_or_else(String::new, |others| {
            format!(
                ": all kept loans returned {}, the others {}",
                percent(results.loans.market_return, 2),
                percent(others, 2)
            )
        });
    results.settings.as_ref()?;
    Some(format!(
        "{} of the {} kept loans had not run their term at {}; those of them that ended early are in the trials{others}.",
        count(young.n),
        count(results.loans.kept),
        young.snapshot
    ))
}

/// What walk-forward warns of.
fn quarters(results: &LendResults) -> Option<String> {
    let forward = results.walk_forward.as_ref()?;
    let with: Vec<&str> = forward
        .quarters
        .iter()
        .filter(|q| !q.warnings.is_empty())
        .map(|q| q.quarter.as_str())
        .collect();
    let first = forward.quarters.iter().find_map(|q| q.warnings.first())?;
    Some(match with.as_slice() {
        [one] => format!("{one}: {first}."),
        several => format!("{}, the first of them: {first}.", listed(several)),
    })
}

/// Fits that stopped short.
fn converged(results: &LendResults) -> Option<String> {
    let fits = || results.methods.iter().flat_map(|m| &m.trials);
    let short = fits().filter(|t| !t.converged).count();
    (short > 0).then(|| {
        format!(
            "The solver stopped before its tolerance in {short} of {}.",
            counted(fits().count(), "final fit", "final fits")
        )
    })
}

/// Features that shifted from training to test loans.
fn shifted(results: &LendResults) -> Option<String> {
    let names: Vec<&str> = results
        .psi
        .iter()
        .filter(|p| p.psi > SHIFTED)
        .map(|p| p.feature.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "From training to test loans the distribution of {} shifted (PSI above {SHIFTED}).",
            listed(&names)
        )
    })
}
