//! What `lend` and `compare` have in common on the command line.

use std::path::PathBuf;

use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::estimator::Method;
use fuzzysvm::experiments::baseline_grid_in_words;

use crate::failure::{Done, Failure, InFile as _};
use crate::ui::General;

/// The methods that `--methods` names, `all` where it names none.
pub fn methods(named: &[Method], all: Vec<Method>) -> Result<Vec<Method>, Failure> {
    for (i, method) in named.iter().enumerate() {
        if named[..i].contains(method) {
            return Err(Failure::usage(format!("--methods names {method} twice")));
        }
    }
    Ok(if named.is_empty() {
        all
    } else {
        named.to_vec()
    })
}

/// Refuses files that are not there before the first of them is read.
pub fn check_files(paths: &[PathBuf]) -> Result<(), Failure> {
    for path in paths {
        std::fs::metadata(path).in_file(path)?;
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
