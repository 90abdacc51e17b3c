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

#[cfg(test)]
mod tests {
    use super::Linear;
    use crate::{Kernel, Rbf};
    use fuzzysvm_core::Matrix;

    #[test]
    fn weights_are_the_sum_of_the_points() {
        let points = [1e16, 2.0, 1.0, -3.0, -1e16, 0.0];
        let points = Matrix::new(&points, 2).unwrap();
        // The first column loses 1 where it is added up as it comes.
        let weights = Linear.weights(points, &[1.0, 1.0, 1.0]);
        assert_eq!(weights, Some(vec![1.0, -1.0]));
        assert_eq!(
            Linear.weights(points, &[0.0, -0.5, 0.0]),
            Some(vec![-0.5, 1.5])
        );
        assert_eq!(Rbf { gamma: 1.0 }.weights(points, &[1.0; 3]), None);
    }

    /// With samples of the opposite size the sums of kernel values are usual numbers all the same.
    #[test]
    fn weights_out_of_the_range_of_numbers_are_none() {
        for (point, coef) in [(1e200, 1e150), (1e-200, 1e-150), (1e-300, 1e-5)] {
            let points = [point];
            let points = Matrix::new(&points, 1).unwrap();
            assert_eq!(Linear.weights(points, &[coef]), None, "{point} {coef}");
        }
    }
}
