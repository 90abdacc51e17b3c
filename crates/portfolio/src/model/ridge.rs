//! Linear regression with a penalty.

use fuzzysvm_core::{Matrix, ParamError};
use nalgebra::{DMatrix, DVector};

use super::{FittedReturn, LinearForecast, LoansToLearn, ReturnModel, check_loans};
use crate::PortfolioError;

/// Ridge regression with an intercept that is not penalised: minimises Σ (y − b − xβ)² + `alpha` ‖β‖², as
/// scikit-learn's `Ridge`. The penalty acts on all features alike, so standardise them.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::RidgeReturn;
/// // Centered: x = ±1, y = ±0.1. β = Σxy / (Σx² + alpha) = 0.2 / (2 + 2).
/// let fitted = RidgeReturn { alpha: 2.0 }.fit_linear(Matrix::new(&[-1.0, 1.0], 1)?, &[0.0, 0.2])?;
/// assert!((fitted.coefficients[0] - 0.05).abs() < 1e-15 && (fitted.intercept - 0.1).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Hoerl & Kennard, "Ridge regression: biased estimation for nonorthogonal problems", Technometrics 12 (1970),
/// [doi:10.1080/00401706.1970.10488634](https://doi.org/10.1080/00401706.1970.10488634).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct RidgeReturn {
    /// Strength of the penalty, above 0; default 1.
    pub alpha: f64,
}

impl Default for RidgeReturn {
    fn default() -> Self {
        Self { alpha: 1.0 }
    }
}

impl RidgeReturn {
    /// Checks the strength.
    ///
    /// # Errors
    /// Where it is not above 0 and finite.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.alpha.is_finite() && self.alpha > 0.0,
            "alpha",
            self.alpha,
            "must be finite and > 0",
        )
    }

    /// [`ReturnModel::fit`] with the concrete result.
    ///
    /// # Errors
    /// As [`ReturnModel::fit`], and where `alpha` is out of range; at least one loan is needed.
    pub fn fit_linear(
        &self,
        x: Matrix<'_>,
        returns: &[f64],
    ) -> Result<LinearForecast, PortfolioError> {
        self.validate()?;
        let (n, d) = (x.n_rows(), x.n_cols());
        check_loans(x, returns, 1)?;
        let mut mean = vec![0.0; d];
        for row in x.rows() {
            // Divided first: the sum of large values could overflow.
            let n = n as f64;
            mean.iter_mut().zip(row).for_each(|(m, v)| *m += v / n);
        }
        let mean_return = returns.iter().sum::<f64>() / n as f64;
        let centered = DMatrix::from_fn(n, d, |i, j| x.row(i)[j] - mean[j]);
        let target = DVector::from_iterator(n, returns.iter().map(|r| r - mean_return));
        let mut normal = centered.tr_mul(&centered);
        for j in 0..d {
            normal[(j, j)] += self.alpha;
        }
        // Features so large that their squares overflow.
        if normal.iter().any(|v| !v.is_finite()) {
            return Err(PortfolioError::NotFinite);
        }
        let cholesky = normal.cholesky().ok_or(PortfolioError::NotFinite)?;
        let coefficients: Vec<f64> = cholesky
            .solve(&centered.tr_mul(&target))
            .iter()
            .copied()
            .collect();
        let shift: f64 = coefficients.iter().zip(&mean).map(|(b, m)| b * m).sum();
        let intercept = mean_return - shift;
        if intercept.is_finite() && coefficients.iter().all(|b| b.is_finite()) {
            Ok(LinearForecast {
                intercept,
                coefficients,
                rank: d,
            })
        } else {
            Err(PortfolioError::NotFinite)
        }
    }
}

impl ReturnModel for RidgeReturn {
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError> {
        Ok(Box::new(self.fit_linear(loans.x(), loans.returns())?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_data::{RETURNS, X};
    use super::*;

    // Ridge(alpha=a).fit(X, RETURNS) of scikit-learn.
    #[test]
    fn coefficients_are_scikit_learns() {
        let x = Matrix::new(&X, 3).unwrap();
        for (alpha, intercept, coefficients) in [
            (
                0.5,
                0.0995806150978565,
                [
                    -0.057502329916123,
                    0.05750232991612301,
                    0.018639328984156562,
                ],
            ),
            (
                20.0,
                0.11917300147130948,
                [
                    -0.006194825895046588,
                    0.006194825895046592,
                    -0.00273418342324669,
                ],
            ),
        ] {
            let fitted = RidgeReturn { alpha }.fit_linear(x, &RETURNS).unwrap();
            assert!((fitted.intercept - intercept).abs() < 1e-14, "{fitted:?}");
            for (a, b) in fitted.coefficients.iter().zip(coefficients) {
                assert!((a - b).abs() < 1e-14, "{alpha}: {a} {b}");
            }
        }
        // Hardly penalised: the forecasts of least squares, although the first two columns repeat each other.
        let ridge = RidgeReturn { alpha: 1e-9 }.fit_linear(x, &RETURNS).unwrap();
        let least = crate::LinearReturn.fit_linear(x, &RETURNS).unwrap();
        let forecasts = ridge.forecast(x).unwrap().into_iter();
        for (a, b) in forecasts.zip(least.forecast(x).unwrap()) {
            assert!((a - b).abs() < 1e-8, "{a} {b}");
        }
    }

    #[test]
    fn hostile_input() {
        use PortfolioError as E;
        let x = Matrix::new(&X, 3).unwrap();
        for alpha in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let fitted = RidgeReturn { alpha }.fit_linear(x, &RETURNS);
            assert!(matches!(fitted, Err(E::Param(_))), "{alpha}");
        }
        let ridge = RidgeReturn::default();
        assert!(matches!(
            ridge.fit_linear(x, &[0.1]),
            Err(E::LengthMismatch { .. })
        ));
        assert!(matches!(
            ridge.fit_linear(x, &[0.1, 0.2, f64::NAN, 0.0, 0.0, 0.0]),
            Err(E::InvalidValue { index: 2, .. })
        ));
        let none = x.slice_rows(0, 0);
        assert!(matches!(
            ridge.fit_linear(none, &[]),
            Err(E::TooFewLoans { .. })
        ));
        let huge = [1e300, -1e300, 1e300];
        let huge = Matrix::new(&huge, 1).unwrap();
        assert!(ridge.fit_linear(huge, &[0.1, 0.2, 0.3]).is_err());
    }
}
