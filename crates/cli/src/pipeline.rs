//! What the pipelines `lend` and `compare` have in common on the command line.

use fuzzysvm::lend::MethodKind;

use crate::failure::{Done, Failure};
use crate::ui::General;

/// The methods that `--methods` names, `all` where it names none.
pub fn methods(named: &[MethodKind], all: Vec<MethodKind>) -> Result<Vec<MethodKind>, Failure> {
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
