//! What `lend` and `compare` have in common on the command line.

use std::fmt::Display;

use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::estimator::Method;
use fuzzysvm::experiments::baseline_grid_in_words;

use crate::failure::{Done, Failure};
use crate::ui::General;

/// The methods that `--methods` names, `all` where it names none.
pub fn methods(named: &[Method], all: Vec<Method>) -> Result<Vec<Method>, Failure> {
    check_named_once(named)?;
    Ok(if named.is_empty() {
        all
    } else {
        named.to_vec()
    })
}

/// Refuses a name that stands twice in `--methods`.
pub fn check_named_once(named: &[impl PartialEq + Display]) -> Result<(), Failure> {
    for (i, name) in named.iter().enumerate() {
        if named[..i].contains(name) {
            return Err(Failure::usage(format!("--methods names {name} twice")));
        }
    }
    Ok(())
}

/// What each baseline among the methods is tuned over, one line per baseline.
pub fn baseline_grids(methods: &[Method], baselines: &[BaselineKind]) -> String {
    let line = |method: &Method| {
        let grid = baseline_grid_in_words(method, baselines)?;
        Some(format!("\n  {} over {grid}", method.title()))
    };
    methods.iter().filter_map(line).collect()
}

/// How a run ends that wrote its outputs: with a warning where final fits stopped short.
pub fn end(converged: impl Iterator<Item = bool>, general: &General) -> Done {
    match converged.filter(|c| !c).count() {
        0 => Done::Complete,
        short => {
            general.warn(format!(
                "the solver stopped before its tolerance in {short} final fits"
            ));
            Done::HitMaxIter
        }
    }
}
