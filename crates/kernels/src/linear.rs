//! The linear kernel.

use fuzzysvm_core::ParamError;

use crate::form::Form;
use crate::packed::packed_kernel;

/// K(x, z) = x · z.
///
/// Not bounded: features near 1e154 and above overflow to ∞ or NaN, which a classifier must refuse.
///
/// ```
/// use fuzzysvm_kernels::{Kernel, Linear};
/// assert_eq!(Linear.eval(&[1.0, 2.0], &[3.0, 4.0]), 11.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Linear;

impl Linear {
    pub(crate) fn form(&self) -> Form {
        Form::Linear
    }

    /// There is no parameter, so this never fails.
    ///
    /// # Errors
    /// None.
    pub fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }
}

packed_kernel!(Linear);
