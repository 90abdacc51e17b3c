//! The module `fuzzysvm._native`: arrays of NumPy in, arrays of NumPy out, everything between in the crates of the
//! workspace. The classes for scikit-learn are in `python/fuzzysvm`.

mod detached;
mod fit;
mod input;
mod membership;
mod model;
mod onnx;

use pyo3::prelude::*;

/// Everything that the Python package computes.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::fit::{decision_function, fit, gamma};
    #[pymodule_export]
    use crate::membership::{class_entropy, membership, memberships};
    #[pymodule_export]
    use crate::model::{Model, model_of};
    #[pymodule_export]
    use crate::onnx::{PyFeatures, PyGraph, PyText};
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
