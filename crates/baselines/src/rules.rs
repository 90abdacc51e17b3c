//! Rules that several parameters obey, in numbers and in words.

use fuzzysvm_core::ParamError;

/// Most trees, rounds or subsets of an ensemble: a slip of the keyboard must not run for a year.
const MOST: usize = 100_000;

/// The rule of [`count`].
pub(crate) const COUNT: &str = "a whole number from 1 to 100000";

/// The rule of class weights.
pub(crate) const CLASS_WEIGHT: &str =
    "balanced, equal, power:P with P from 0 to 10, or given:[NEGATIVE,POSITIVE] above 0";

/// The rule and the help of each limit of a tree.
pub(crate) mod tree {
    pub(crate) const MAX_DEPTH: &str = "a whole number from 1, or none";
    pub(crate) const MAX_DEPTH_HELP: &str = "Most splits between root and leaf of a tree";
    pub(crate) const MAX_FEATURES: &str = "all, sqrt, log2, or number:N with N from 1";
    pub(crate) const MAX_FEATURES_HELP: &str = "Features drawn at every node of a tree";
    pub(crate) const MIN_SAMPLES_LEAF: &str = "a whole number from 1";
    pub(crate) const MIN_SAMPLES_LEAF_HELP: &str = "Fewest rows of a leaf";
}

/// A number of ensemble members.
pub(crate) fn count(name: &'static str, value: usize) -> Result<(), ParamError> {
    let rule = "must lie between 1 and 100000";
    ParamError::check((1..=MOST).contains(&value), name, value, rule)
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
