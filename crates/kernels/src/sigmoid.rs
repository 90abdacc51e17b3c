//! The sigmoid kernel.

use fuzzysvm_core::ParamError;

use crate::form::Form;
use crate::gamma::{check_coef0, check_gamma};
use crate::packed::packed_kernel;

/// K(x, z) = tanh(γ x · z + coef0), Chang & Lin 2011, [10.1145/1961189.1961199](https://doi.org/10.1145/1961189.1961199).
///
/// Not positive semidefinite in general: the solver may stop at a point that is not a minimum.
///
/// ```
/// use fuzzysvm_kernels::{Kernel, Sigmoid};
/// let k = Sigmoid { gamma: 0.1, coef0: -0.5 };
/// assert_eq!(k.eval(&[1.0, 2.0], &[1.0, 2.0]), 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Sigmoid {
    /// γ > 0; 1 by default.
    pub gamma: f64,
    /// The constant added to the dot product, finite; 0 by default.
    pub coef0: f64,
}

impl Default for Sigmoid {
    fn default() -> Self {
        Self {
            gamma: 1.0,
            coef0: 0.0,
        }
    }
}

impl Sigmoid {
    pub(crate) fn form(&self) -> Form {
        Form::Sigmoid {
            gamma: self.gamma,
            coef0: self.coef0,
        }
    }

    /// γ finite and > 0, coef0 finite.
    ///
    /// # Errors
    /// [`ParamError`] with the first that is not.
    pub fn validate(&self) -> Result<(), ParamError> {
        check_gamma(self.gamma)?;
        check_coef0(self.coef0)
    }
}

packed_kernel!(Sigmoid);
