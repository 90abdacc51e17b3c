//! The radial basis function (Gaussian) kernel.

use fuzzysvm_core::ParamError;

use crate::form::Form;
use crate::gamma::check_gamma;
use crate::packed::packed_kernel;

/// K(x, z) = exp(−γ‖x − z‖²), Chang & Lin 2011, [10.1145/1961189.1961199](https://doi.org/10.1145/1961189.1961199).
///
/// Always in [0, 1]: K(x, x) = 1 exactly, and distances that overflow give 0.
///
/// ```
/// use fuzzysvm_kernels::{Kernel, Rbf};
/// let k = Rbf { gamma: 0.5 };
/// assert_eq!(k.eval(&[1.0, 2.0], &[1.0, 2.0]), 1.0);
/// assert!((k.eval(&[1.0, 2.0], &[2.0, 3.0]) - (-1.0f64).exp()).abs() < 1e-15);
/// assert_eq!(k.eval(&[1e308], &[-1e308]), 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Rbf {
    /// γ > 0, per squared unit of the features; 1 by default. See [`Gamma`](crate::Gamma) for
    /// values that follow the data.
    pub gamma: f64,
}

impl Default for Rbf {
    fn default() -> Self {
        Self { gamma: 1.0 }
    }
}

impl Rbf {
    pub(crate) fn form(&self) -> Form {
        Form::Rbf { gamma: self.gamma }
    }

    /// γ must be finite and > 0.
    ///
    /// # Errors
    /// [`ParamError`] where it is not.
    pub fn validate(&self) -> Result<(), ParamError> {
        check_gamma(self.gamma)
    }
}

packed_kernel!(Rbf);
