//! The polynomial kernel.

use fuzzysvm_core::ParamError;

use crate::form::Form;
use crate::gamma::{check_coef0, check_gamma};
use crate::packed::packed_kernel;

/// K(x, z) = (γ x · z + coef0)^degree, Chang & Lin 2011, [10.1145/1961189.1961199](https://doi.org/10.1145/1961189.1961199).
///
/// Positive semidefinite for coef0 >= 0. Not bounded: scale the features.
///
/// ```
/// use fuzzysvm_kernels::{Kernel, Polynomial};
/// let k = Polynomial { degree: 2, gamma: 0.5, coef0: 1.0 };
/// assert_eq!(k.eval(&[1.0, 2.0], &[3.0, 4.0]), 6.5 * 6.5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Polynomial {
    /// The power, at least 1; 3 by default.
    pub degree: u32,
    /// γ > 0; 1 by default.
    pub gamma: f64,
    /// The constant added to the dot product, finite; 0 by default.
    pub coef0: f64,
}

impl Default for Polynomial {
    fn default() -> Self {
        Self {
            degree: 3,
            gamma: 1.0,
            coef0: 0.0,
        }
    }
}

impl Polynomial {
    pub(crate) fn form(&self) -> Form {
        Form::Polynomial {
            degree: self.degree,
            gamma: self.gamma,
            coef0: self.coef0,
        }
    }

    /// degree >= 1, γ finite and > 0, coef0 finite.
    ///
    /// # Errors
    /// [`ParamError`] with the first that is not.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.degree >= 1,
            "degree",
            f64::from(self.degree),
            "must be at least 1",
        )?;
        check_gamma(self.gamma)?;
        check_coef0(self.coef0)
    }
}

packed_kernel!(Polynomial);
