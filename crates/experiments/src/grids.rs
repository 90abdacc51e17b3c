//! What both experiments ask of their methods and grids.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{ParamError, Parameters};
use fuzzysvm_estimator::method::SpaceOptions;
use fuzzysvm_estimator::{EstimatorError, Method, SearchSpace};

/// Checks the values of a grid that all support vector machines share.
pub(crate) fn check(c: &[f64], gamma: &[f64], ks: &[usize], tol: f64) -> Result<(), ParamError> {
    let positive = "must be finite and > 0";
    let some = "must have at least one value";
    for (name, grid) in [("c", c), ("gamma", gamma)] {
        if grid.is_empty() {
            return Err(ParamError::empty(name, some));
        }
        for &v in grid {
            ParamError::check(v.is_finite() && v > 0.0, name, v, positive)?;
        }
    }
    let Some(&first) = ks.first() else {
        return Err(ParamError::empty("k", some));
    };
    let increasing = ks.windows(2).all(|w| w[0] < w[1]) && first >= 1;
    let shown: Vec<String> = ks.iter().map(usize::to_string).collect();
    ParamError::check(
        increasing,
        "k",
        shown.join(","),
        "must be increasing and at least 1",
    )?;
    ParamError::check(tol.is_finite() && tol > 0.0, "tol", tol, positive)
}

/// Checks that there are methods, no name twice, and that each has something to choose from.
pub(crate) fn check_methods(methods: &[Method], options: &SpaceOptions) -> Result<(), ParamError> {
    if methods.is_empty() {
        return Err(ParamError::empty(
            "methods",
            "must name at least one method",
        ));
    }
    for (i, method) in methods.iter().enumerate() {
        let again = methods[..i].contains(method);
        ParamError::check(!again, "methods", method, "must name each method once")?;
    }
    for kind in &options.baselines {
        kind.validate()?;
    }
    for method in methods {
        let space = method.search_space(options)?;
        let rule = "must have parameters for every baseline among the methods";
        if space.is_empty() {
            return Err(ParamError::empty("peers", rule));
        }
    }
    Ok(())
}

/// The methods with what tuning chooses from.
pub(crate) fn spaces(
    methods: &[Method],
    options: &SpaceOptions,
) -> Result<Vec<(Method, SearchSpace)>, EstimatorError> {
    methods
        .iter()
        .map(|method| Ok((method.clone(), method.search_space(options)?)))
        .collect()
}

/// What a baseline is tuned over, in words: the parameters in which its entries differ, then their values, say
/// `n_hidden c: 50 16, 50 256`. `None` for a method without such entries, or with a single one.
pub fn baseline_grid_in_words(method: &Method, baselines: &[BaselineKind]) -> Option<String> {
    let entries: Vec<&BaselineKind> = baselines
        .iter()
        .filter(|kind| kind.name() == method.id())
        .collect();
    let first = entries.first()?;
    let mut names: Vec<&str> = first.param_specs().iter().map(|spec| spec.name).collect();
    names.retain(|name| {
        let value = first.get_param(name);
        entries.iter().any(|kind| kind.get_param(name) != value)
    });
    names.sort_unstable();
    if names.is_empty() {
        return None;
    }
    let values = |kind: &&BaselineKind| {
        let values: Vec<String> = names.iter().filter_map(|n| kind.get_param(n)).collect();
        values.join(" ")
    };
    let entries: Vec<String> = entries.iter().map(values).collect();
    Some(format!("{}: {}", names.join(" "), entries.join(", ")))
}
