//! What both experiments ask of their methods and grids.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::ParamError;
use fuzzysvm_estimator::method::{MethodEntry, ParamPair, SpaceOptions};
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
    ParamError::check(tol.is_finite() && tol > 0.0, "tol", tol, positive)?;
    ParamError::check(tol <= 1.0, "tol", tol, "must be at most 1")
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
        if let Some(entry) = method.entry() {
            entry.settings().check_samples("methods")?;
        }
        let is_baseline = method.entry().is_some_and(MethodEntry::is_baseline);
        let of_name = |kind: &BaselineKind| kind.name() == method.id();
        if is_baseline && !options.baselines.iter().any(of_name) {
            let rule = "must have parameters for every baseline among the methods";
            return Err(ParamError::empty("peers", rule));
        }
        method.search_space(options)?;
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
    let of_method = baselines.iter().filter(|kind| kind.name() == method.id());
    let space = SearchSpace::of_baselines(of_method.cloned().collect()).ok()?;
    let SearchSpace::Learners(candidates) = space else {
        return None;
    };
    let first = &candidates.first()?.params;
    if first.is_empty() {
        return None;
    }
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    let values = |params: &[ParamPair]| {
        let values: Vec<&str> = params.iter().map(|(_, value)| value.as_str()).collect();
        values.join(" ")
    };
    let entries: Vec<String> = candidates.iter().map(|c| values(&c.params)).collect();
    Some(format!("{}: {}", names.join(" "), entries.join(", ")))
}

#[cfg(test)]
mod tests {
    use fuzzysvm_baselines::{RusBoost, WElm};
    use fuzzysvm_estimator::method::{baseline_grid, of_samples};

    use super::*;

    fn check(methods: &[Method], baselines: &[BaselineKind]) -> Result<(), ParamError> {
        let baselines = baselines.to_vec();
        let (ks, seed) = (vec![1], 3);
        check_methods(
            methods,
            &SpaceOptions {
                ks,
                baselines,
                seed,
            },
        )
    }

    fn named(name: &str) -> Method {
        Method::named(name).unwrap()
    }

    #[test]
    fn a_grid_is_described_by_what_differs_in_it() {
        let words = |name| baseline_grid_in_words(&named(name), &baseline_grid());
        assert_eq!(
            words("cs-rf").as_deref(),
            Some("min_samples_leaf: 1, 10, 40")
        );
        assert_eq!(words("svm"), None);
        let one = [BaselineKind::from(WElm::default())];
        assert_eq!(baseline_grid_in_words(&named("w-elm"), &one), None);
    }

    #[test]
    fn every_baseline_needs_parameters_within_their_range() {
        let grid = baseline_grid();
        let all: Vec<Method> = of_samples().map(Method::from).collect();
        assert_eq!(check(&all, &grid), Ok(()));
        assert_eq!(check(&[named("svm")], &[]), Ok(()));
        let e = check(&[named("svm"), named("stake-svm")], &grid).unwrap_err();
        let words = "parameter `methods` is stake-svm: must be another one";
        assert!(e.to_string().starts_with(words), "{e}");
        let e = check(&[named("w-elm")], &grid[..3]).unwrap_err();
        assert!(e.to_string().contains("`peers`"), "{e}");
        let bad = [BaselineKind::from(RusBoost {
            n_estimators: 0,
            ..RusBoost::default()
        })];
        assert!(check(&[named("svm")], &bad).is_err());
    }
}
