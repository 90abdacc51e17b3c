//! The module `fuzzysvm._native`: arrays of NumPy in, arrays of NumPy out, everything between in the crates of the
//! workspace. The classes for scikit-learn are in `python/fuzzysvm`.

mod detached;
mod experiments;
mod fit;
mod frames;
mod input;
mod membership;
mod metrics;
mod model;
mod onnx;
mod peers;
mod portfolio;
mod stats;
mod tune;

use pyo3::prelude::*;

/// Everything that the Python package computes.
#[pymodule(gil_used = true)]
mod _native {
    #[pymodule_export]
    use crate::experiments::{CompareJob, LendJob};
    #[pymodule_export]
    use crate::fit::{decision_function, fit, gamma};
    #[pymodule_export]
    use crate::frames::{keel, lending_club};
    #[pymodule_export]
    use crate::membership::{class_entropy, membership, memberships};
    #[pymodule_export]
    use crate::metrics::{geometric_mean_score, ks_statistic};
    #[pymodule_export]
    use crate::model::{Model, model_of};
    #[pymodule_export]
    use crate::onnx::{PyFeatures, PyGraph, PyText};
    #[pymodule_export]
    use crate::peers::{PeerModel, baselines};
    #[pymodule_export]
    use crate::portfolio::{all_candidates, irr, loan_returns, mean_variance, top_fraction};
    #[pymodule_export]
    use crate::stats::{friedman, holm, nemenyi, wilcoxon};
    #[pymodule_export]
    use crate::tune::{stratified_folds, tune};
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        fuzzysvm::core::cpu::asked().map_err(|e| PyValueError::new_err(e.to_string()))?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
