//! Models from files.

use std::path::Path;

use fuzzysvm::estimator::FittedEstimator;

use crate::failure::Failure;
use crate::ui::General;
use crate::words::in_flags;

/// Reads a model, and says what a person should know of its file.
pub fn load(path: &Path, general: &General) -> Result<FittedEstimator, Failure> {
    let model = FittedEstimator::load(path)?;
    for warning in model.warnings() {
        general.warn(format!("{}: {}", path.display(), in_flags(warning)));
    }
    Ok(model)
}
