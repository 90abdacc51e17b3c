//! Linear regression with a penalty that cross-validation chooses.

use fuzzysvm_core::cpu::{Product, gemm};
use fuzzysvm_core::{Matrix, ParamError, math};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::{FittedReturn, LinearForecast, LoansToLearn, ReturnModel, RidgeReturn, check_loans};
use crate::PortfolioError;

/// Scores that differ by less than this share count as equal, so that rounding chooses nothing.
pub(super) const TIE: f64 = 1e-9;

/// [`RidgeReturn`] whose penalty leaves the smallest squared error of leave-one-out cross-validation; of equal ones the
/// largest. No loan is ever left out: the error of a loan whose fit has the leverage h is its residual/(1 − h). As
/// scikit-learn's `RidgeCV`.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::RidgeCvReturn;
/// let x = [0.0, 1.0, 2.0, 3.0, 4.0];
/// let fit = RidgeCvReturn::default().fit_cv(Matrix::new(&x, 1)?, &[0.0, 0.1, 0.2, 0.3, 0.4])?;
/// // A line needs no penalty.
/// assert_eq!(fit.alpha, 0.01);
/// assert!((fit.forecast.coefficients[0] - 0.1).abs() < 1e-3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The errors are those of Allen, "The relationship between variable selection and data augmentation and a method for
/// prediction", Technometrics 16 (1974), 125–127.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct RidgeCvReturn {
    /// The penalties to choose from, each above 0. By default 10^(k/2) for k from −4 to 10: of some thousand loans with
    /// standardised features from hardly a penalty to hardly a regression.
    pub alphas: Vec<f64>,
}

impl Default for RidgeCvReturn {
    fn default() -> Self {
        Self {
            alphas: (-4..=10)
                .map(|k| math::powf(10.0, 0.5 * f64::from(k)))
                .collect(),
        }
    }
}

/// A penalty that was chosen, and the fit with it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RidgeCvFit {
    /// The penalty.
    pub alpha: f64,
    /// The regression with it.
    pub forecast: LinearForecast,
    /// Mean squared error of leave-one-out cross-validation of every penalty, in their order.
    pub errors: Vec<f64>,
}

impl RidgeCvReturn {
    /// Checks the penalties.
    ///
    /// # Errors
    /// Where there are none, or one is not above 0 and finite.
    pub fn validate(&self) -> Result<(), ParamError> {
        let count = self.alphas.len();
        ParamError::check(count > 0, "alphas", count, "must name at least one penalty")?;
        for &alpha in &self.alphas {
            RidgeReturn { alpha }.validate()?;
        }
        Ok(())
    }

    /// [`ReturnModel::fit`] with the concrete result.
    ///
    /// # Errors
    /// As [`ReturnModel::fit`], and where a penalty is out of range; at least two loans are needed.
    pub fn fit_cv(&self, x: Matrix<'_>, returns: &[f64]) -> Result<RidgeCvFit, PortfolioError> {
        self.validate()?;
        check_loans(x, returns, 2)?;
        let errors = self.errors(x, returns)?;
        let least = errors.iter().copied().fold(f64::INFINITY, f64::min);
        let equal = errors.iter().zip(&self.alphas);
        let alpha = equal
            .filter(|&(&e, _)| e <= least * (1.0 + TIE))
            .fold(0.0, |most: f64, (_, &alpha)| most.max(alpha));
        Ok(RidgeCvFit {
            alpha,
            forecast: RidgeReturn { alpha }.fit_linear(x, returns)?,
            errors,
        })
    }

    /// The mean squared error of leave-one-out of every penalty.
    fn errors(&self, x: Matrix<'_>, returns: &[f64]) -> Result<Vec<f64>, PortfolioError> {
        let (n, d) = (x.n_rows(), x.n_cols());
        let share = 1.0 / n as f64;
        let mut mean = vec![0.0; d];
        for row in x.rows() {
            mean.iter_mut().zip(row).for_each(|(m, v)| *m += v * share);
        }
        let mean_return = returns.iter().map(|r| r * share).sum::<f64>();
        let centered = DMatrix::from_fn(n, d, |i, j| x.row(i)[j] - mean[j]);
        let target = DVector::from_iterator(n, returns.iter().map(|r| r - mean_return));
        let normal = centered.tr_mul(&centered);
        if normal.iter().any(|v| !v.is_finite()) {
            return Err(PortfolioError::NotFinite);
        }
        let eigen = SymmetricEigen::try_new(normal, f64::EPSILON, 0);
        let eigen = eigen.ok_or(PortfolioError::NotFinite)?;
        // In the directions of the eigenvectors every penalty is a division.
        let mut rotated = DMatrix::zeros(n, d);
        gemm(
            centered.as_view(),
            eigen.eigenvectors.as_view(),
            Product::Replace,
            rotated.as_view_mut(),
        );
        let along = rotated.tr_mul(&target);
        let mut errors = Vec::with_capacity(self.alphas.len());
        for alpha in &self.alphas {
            let shrunk = eigen
                .eigenvalues
                .map(|value| 1.0 / (value.max(0.0) + alpha));
            let fitted = &rotated * along.component_mul(&shrunk);
            let mut sum = 0.0;
            for (i, row) in rotated.row_iter().enumerate() {
                let squares = row.iter().zip(&shrunk).map(|(v, s)| v * v * s);
                let leverage = share + squares.sum::<f64>();
                // The penalty keeps the leverage below 1; of two loans it can round to 1.
                let kept = (1.0 - leverage).max(f64::EPSILON);
                sum += ((target[i] - fitted[i]) / kept).powi(2) * share;
            }
            errors.push(sum);
        }
        match errors.iter().all(|e| e.is_finite()) {
            true => Ok(errors),
            false => Err(PortfolioError::NotFinite),
        }
    }
}

impl ReturnModel for RidgeCvReturn {
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError> {
        Ok(Box::new(self.fit_cv(loans.x(), loans.returns())?.forecast))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_input() {
        let x = Matrix::new(&[0.0, 1.0], 1).unwrap();
        for alphas in [vec![], vec![0.0], vec![1.0, f64::NAN]] {
            let fit = RidgeCvReturn { alphas }.fit_cv(x, &[0.1, 0.2]);
            assert!(matches!(fit, Err(PortfolioError::Param(_))));
        }
        let cv = RidgeCvReturn::default();
        let one = x.slice_rows(0, 1);
        let fit = cv.fit_cv(one, &[0.1]);
        assert!(matches!(fit, Err(PortfolioError::TooFewLoans { .. })));
        let huge = [1e300, -1e300, 1e300];
        let huge = Matrix::new(&huge, 1).unwrap();
        assert!(cv.fit_cv(huge, &[0.1, 0.2, 0.3]).is_err());
        // Without features the mean is all there is, and every penalty the same: the largest.
        let constant = [1.0, 1.0, 1.0];
        let constant = Matrix::new(&constant, 1).unwrap();
        let fit = cv.fit_cv(constant, &[0.1, 0.2, 0.6]).unwrap();
        assert_eq!(fit.alpha, 1e5);
        assert!((fit.forecast.intercept - 0.3).abs() < 1e-15);
    }

    proptest! {
        /// Leaving out every loan in turn and fitting the others.
        #[test]
        fn errors_are_those_of_leaving_out(
            data in proptest::collection::vec(-3.0f64..3.0, 24), returns in proptest::collection::vec(-1.0f64..1.0, 12),
        ) {
            let x = Matrix::new(&data, 2).unwrap();
            let cv = RidgeCvReturn { alphas: vec![0.01, 1.0, 30.0] };
            let fit = cv.fit_cv(x, &returns).unwrap();
            for (&alpha, &error) in cv.alphas.iter().zip(&fit.errors) {
                let mut sum = 0.0;
                for left_out in 0..12 {
                    let others: Vec<usize> = (0..12).filter(|&i| i != left_out).collect();
                    let known: Vec<f64> = others.iter().map(|&i| returns[i]).collect();
                    let ridge = RidgeReturn { alpha };
                    let fitted = ridge.fit_linear(x.select_rows(&others).view(), &known).unwrap();
                    let forecast = fitted.forecast(x.slice_rows(left_out, left_out + 1)).unwrap();
                    sum += (forecast[0] - returns[left_out]).powi(2);
                }
                prop_assert!((error - sum / 12.0).abs() < 1e-9 * (1.0 + error), "{error} {}", sum / 12.0);
            }
            let least = fit.errors.iter().copied().fold(f64::INFINITY, f64::min);
            let place = cv.alphas.iter().position(|&a| a == fit.alpha).unwrap();
            prop_assert!(fit.errors[place] <= least * (1.0 + TIE));
        }
    }
}
