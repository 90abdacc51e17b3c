//! What `lend` and `compare` have in common on the command line.

use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::estimator::Method;
use fuzzysvm::experiments::{Contradiction, baseline_grid_in_words};

use crate::failure::{Done, Failure, flag_of};
use crate::ui::General;

/// Options that contradict each other, by the flags that set them.
pub fn contradiction(e: Contradiction) -> Failure {
    let flag = |name: &str, value: Option<&str>| match value {
        None => format!("--{}", flag_of(name)),
        Some(value) => format!("--{} {value}", flag_of(name)),
    };
    Failure::usage(e.with_options(&flag))
}

/// What each baseline among the methods is tuned over, one line per baseline.
pub fn baseline_grids(methods: &[Method], baselines: &[BaselineKind]) -> String {
    let line = |method: &Method| {
        let grid = baseline_grid_in_words(method, baselines)?;
        Some(format!("\n  {} over {grid}", method.title()))
    };
    methods.iter().filter_map(line).collect()
}

/// How a run ends that wrote its outputs: with a warning where this many final fits stopped short.
pub fn end(n_short: usize, general: &General) -> Done {
    match n_short {
        0 => Done::Complete,
        short => {
            general.warn(format!(
                "the solver stopped before its tolerance in {short} final fits"
            ));
            Done::HitMaxIter
        }
    }
}
