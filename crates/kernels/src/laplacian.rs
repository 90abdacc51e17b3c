//! The Laplacian kernel.

use fuzzysvm_core::ParamError;

use crate::form::Form;
use crate::gamma::check_gamma;
use crate::packed::packed_kernel;

/// K(x, z) = exp(−γ‖x − z‖₁), with the sum of absolute differences, as scikit-learn's
/// `laplacian_kernel`.
///
/// Always in [0, 1]: K(x, x) = 1 exactly, and distances that overflow give 0.
///
/// ```
/// use fuzzysvm_kernels::{Kernel, Laplacian};
/// let k = Laplacian { gamma: 0.5 };
/// assert!((k.eval(&[0.0, 1.0], &[3.0, 0.0]) - (-2.0f64).exp()).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Laplacian {
    /// γ > 0, per unit of the features; 1 by default.
    pub gamma: f64,
}

impl Default for Laplacian {
    fn default() -> Self {
        Self { gamma: 1.0 }
    }
}

impl Laplacian {
    pub(crate) fn form(&self) -> Form {
        Form::Laplacian { gamma: self.gamma }
    }

    /// γ must be finite and > 0.
    ///
    /// # Errors
    /// [`ParamError`] where it is not.
    pub fn validate(&self) -> Result<(), ParamError> {
        check_gamma(self.gamma)
    }
}

packed_kernel!(Laplacian);
