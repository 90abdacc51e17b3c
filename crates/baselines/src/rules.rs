//! Rules that several parameters obey.

use fuzzysvm_core::ParamError;

/// Most trees, rounds or subsets of an ensemble: a slip of the keyboard must not run for a year.
const MOST: usize = 100_000;

/// A number of ensemble members.
pub(crate) fn count(name: &'static str, value: usize) -> Result<(), ParamError> {
    ParamError::check(
        (1..=MOST).contains(&value),
        name,
        value as f64,
        "must lie between 1 and 100000",
    )
}

/// A real number in a closed range.
pub(crate) fn within(
    name: &'static str,
    value: f64,
    [low, high]: [f64; 2],
    rule: &'static str,
) -> Result<(), ParamError> {
    ParamError::check((low..=high).contains(&value), name, value, rule)
}
