//! Multiple linear regression.

use fuzzysvm_core::Matrix;
use nalgebra::{DMatrix, DVector};

use super::singular::SingularValues;
use super::{
    FittedReturn, LoansToForecast, LoansToLearn, RegressionStatistics, ReturnModel, check_loans,
};
use crate::PortfolioError;
use crate::error::check_values;

/// Ordinary least squares with an intercept, the return model of the lending experiment.
///
/// Features are centered and scaled to unit deviation, reduced by QR, and solved by the singular value
/// decomposition of the small triangle; singular values below ε · max(n, d) times the largest are taken
/// as 0, as in numpy's `lstsq`. So collinear columns (a full set of one-hot columns, a repeated column)
/// are legal: of all minimisers the one with the smallest scaled coefficients is taken. The forecasts on
/// the training rows are those of every minimiser. A constant column has the coefficient 0.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::LinearReturn;
/// // return = 0.05 + 0.1 a - 0.2 b
/// let x = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0];
/// let fitted = LinearReturn.fit_linear(Matrix::new(&x, 2)?, &[0.05, 0.15, -0.15, -0.05])?;
/// assert!((fitted.intercept - 0.05).abs() < 1e-15);
/// assert!((fitted.coefficients[1] + 0.2).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LinearReturn;

/// A fitted regression: forecast = intercept + Σ coefficient_j x_j.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct LinearForecast {
    /// The intercept.
    pub intercept: f64,
    /// One coefficient per feature, in the features' own units.
    pub coefficients: Vec<f64>,
    /// Number of independent directions among the (centered) features.
    pub rank: usize,
}

impl LinearReturn {
    /// [`ReturnModel::fit`] with the concrete result.
    ///
    /// # Errors
    /// As [`ReturnModel::fit`]; at least two loans are needed.
    pub fn fit_linear(
        &self,
        x: Matrix<'_>,
        returns: &[f64],
    ) -> Result<LinearForecast, PortfolioError> {
        Ok(Decomposition::of(x, returns)?.1)
    }

    /// The fit with what it is worth: standard errors, t values, variance inflation and what is collinear.
    ///
    /// # Errors
    /// As [`LinearReturn::fit_linear`].
    pub fn fit_with_statistics(
        &self,
        x: Matrix<'_>,
        returns: &[f64],
    ) -> Result<(LinearForecast, RegressionStatistics), PortfolioError> {
        let (decomposition, fitted) = Decomposition::of(x, returns)?;
        let statistics = decomposition.statistics(&fitted, x, returns)?;
        Ok((fitted, statistics))
    }
}

/// Centered and scaled features by their singular values, and the forecast that comes from them.
pub(super) struct Decomposition {
    pub(super) n: usize,
    pub(super) mean: Vec<f64>,
    /// Infinite for a constant feature.
    pub(super) scale: Vec<f64>,
    /// R of the scaled features.
    pub(super) triangle: DMatrix<f64>,
    pub(super) singular: SingularValues,
    /// Singular values up to this are 0.
    pub(super) cutoff: f64,
}

impl Decomposition {
    fn of(x: Matrix<'_>, returns: &[f64]) -> Result<(Self, LinearForecast), PortfolioError> {
        let (n, d) = (x.n_rows(), x.n_cols());
        check_loans(x, returns, 2)?;
        let (mean, scale) = mean_and_scale(x);
        let mean_return = returns.iter().sum::<f64>() / n as f64;
        let standard = DMatrix::from_fn(n, d, |i, j| (x.row(i)[j] - mean[j]) / scale[j]);
        let target = DVector::from_iterator(n, returns.iter().map(|r| r - mean_return));
        if standard.iter().any(|v| !v.is_finite()) {
            return Err(PortfolioError::NotFinite);
        }
        let qr = standard.qr();
        let mut rotated = target;
        qr.q_tr_mul(&mut rotated);
        let triangle = qr.r();
        let rotated = rotated.rows(0, triangle.nrows()).into_owned();
        let singular = SingularValues::of(&triangle);
        let cutoff = f64::EPSILON * n.max(d) as f64 * singular.largest();
        let rank = singular.values.iter().filter(|&&s| s > cutoff).count();
        let standardised = singular.solve(&rotated, cutoff);
        let coefficients: Vec<f64> = standardised
            .iter()
            .zip(&scale)
            .map(|(b, s)| b / s)
            .collect();
        let shift: f64 = coefficients.iter().zip(&mean).map(|(b, m)| b * m).sum();
        let fitted = LinearForecast {
            intercept: mean_return - shift,
            coefficients,
            rank,
        };
        let finite = fitted.coefficients.iter().all(|b| b.is_finite());
        if !(finite && fitted.intercept.is_finite()) {
            return Err(PortfolioError::NotFinite);
        }
        let decomposition = Self {
            n,
            mean,
            scale,
            triangle,
            singular,
            cutoff,
        };
        Ok((decomposition, fitted))
    }
}

impl ReturnModel for LinearReturn {
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError> {
        Ok(Box::new(self.fit_linear(loans.x(), loans.returns())?))
    }
}

impl LinearForecast {
    /// [`FittedReturn::forecast`] of loans of which the features alone are given, which is all that it takes.
    ///
    /// # Errors
    /// As [`FittedReturn::forecast`].
    pub fn forecast(&self, x: Matrix<'_>) -> Result<Vec<f64>, PortfolioError> {
        if x.n_cols() != self.coefficients.len() {
            return Err(PortfolioError::FeatureCount {
                expected: self.coefficients.len(),
                found: x.n_cols(),
            });
        }
        let forecast: Vec<f64> = x
            .rows()
            .map(|row| {
                self.intercept
                    + row
                        .iter()
                        .zip(&self.coefficients)
                        .map(|(v, b)| v * b)
                        .sum::<f64>()
            })
            .collect();
        check_values("forecast", &forecast, "must be finite", f64::is_finite)?;
        Ok(forecast)
    }
}

impl FittedReturn for LinearForecast {
    fn n_features(&self) -> usize {
        self.coefficients.len()
    }

    fn forecast(&self, loans: LoansToForecast<'_>) -> Result<Vec<f64>, PortfolioError> {
        self.forecast(loans.x())
    }
}

/// Mean of each column and its root mean square deviation. A column that is constant up to rounding has
/// the scale ∞, so that it is 0 once scaled and its coefficient is 0.
fn mean_and_scale(x: Matrix<'_>) -> (Vec<f64>, Vec<f64>) {
    let n = x.n_rows() as f64;
    let mut mean = vec![0.0; x.n_cols()];
    for row in x.rows() {
        // Divided first: the sum of large values could overflow.
        mean.iter_mut().zip(row).for_each(|(m, v)| *m += v / n);
    }
    let mut square = vec![0.0; x.n_cols()];
    let mut largest = vec![0.0f64; x.n_cols()];
    for row in x.rows() {
        for (j, v) in row.iter().enumerate() {
            square[j] += (v - mean[j]).powi(2) / n;
            largest[j] = largest[j].max(v.abs());
        }
    }
    let scale = square
        .iter()
        .zip(largest)
        .map(|(s, largest)| {
            let deviation = s.sqrt();
            if deviation <= 1e-14 * largest || deviation == 0.0 {
                f64::INFINITY
            } else {
                deviation
            }
        })
        .collect();
    (mean, scale)
}

#[cfg(test)]
mod tests {
    use super::super::test_data::{RETURNS, X};
    use super::*;
    use proptest::prelude::*;

    // A = numpy.hstack([ones((6, 1)), X]); b, _, rank, _ = numpy.linalg.lstsq(A, RETURNS); A @ b
    // (the first two columns are a full one-hot set: rank 3 of 4 with the intercept)
    #[test]
    fn fitted_values_of_a_full_one_hot_set_are_numpys() {
        let x = Matrix::new(&X, 3).unwrap();
        let fitted = LinearReturn.fit_linear(x, &RETURNS).unwrap();
        assert_eq!(fitted.rank, 2);
        let expected = [
            0.0717741935483872,
            0.19731182795698932,
            0.025806451612903243,
            0.13602150537634405,
            0.10241935483870984,
            0.16666666666666669,
        ];
        for (a, b) in fitted.forecast(x).unwrap().iter().zip(expected) {
            assert!((a - b).abs() < 1e-14, "{a} {b}");
        }
        assert!((fitted.coefficients[2] - 0.030645161290322635).abs() < 1e-14);
        // A row with an unseen category (both columns 0) is forecast half way between the two.
        let unseen = fitted
            .forecast(Matrix::new(&[0.0, 0.0, 0.0], 3).unwrap())
            .unwrap();
        assert!(unseen[0].is_finite());
    }

    #[test]
    fn constant_repeated_and_more_columns_than_rows() {
        // Columns: constant, a, a again.
        let x = [7.0, 1.0, 1.0, 7.0, 2.0, 2.0, 7.0, 4.0, 4.0];
        let fitted = LinearReturn
            .fit_linear(Matrix::new(&x, 3).unwrap(), &[0.1, 0.2, 0.4])
            .unwrap();
        assert_eq!((fitted.rank, fitted.coefficients[0]), (1, 0.0));
        assert!((fitted.coefficients[1] - 0.05).abs() < 1e-15);
        assert!((fitted.coefficients[1] - fitted.coefficients[2]).abs() < 1e-15);
        let wide = [1.0, 2.0, 3.0, 4.0, 3.0, 1.0, 0.0, 2.0];
        let wide = Matrix::new(&wide, 4).unwrap();
        let fitted = LinearReturn.fit_linear(wide, &[0.3, -0.1]).unwrap();
        let forecast = fitted.forecast(wide).unwrap();
        assert!((forecast[0] - 0.3).abs() < 1e-14 && (forecast[1] + 0.1).abs() < 1e-14);
        let same = LinearReturn
            .fit_linear(Matrix::new(&[1.0, 1.0, 1.0], 1).unwrap(), &[0.1, 0.2, 0.3])
            .unwrap();
        assert!((same.intercept - 0.2).abs() < 1e-15);
        assert_eq!((same.rank, same.coefficients[0]), (0, 0.0));
    }

    #[test]
    fn hostile_input() {
        use PortfolioError as E;
        let x = Matrix::new(&X, 3).unwrap();
        assert!(matches!(
            LinearReturn.fit_linear(x, &[0.1]),
            Err(E::LengthMismatch { .. })
        ));
        assert!(matches!(
            LinearReturn.fit_linear(x, &[0.1, 0.2, f64::NAN, 0.0, 0.0, 0.0]),
            Err(E::InvalidValue { index: 2, .. })
        ));
        assert!(matches!(
            LinearReturn.fit_linear(x.slice_rows(0, 1), &[0.1]),
            Err(E::TooFewLoans { found: 1, .. })
        ));
        let huge = [1e308, -1e308, 1e308];
        assert!(matches!(
            LinearReturn.fit_linear(Matrix::new(&huge, 1).unwrap(), &[0.1, 0.2, 0.3]),
            Ok(LinearForecast { rank: 0, .. }) | Err(E::NotFinite)
        ));
        let fitted = LinearReturn.fit_linear(x, &RETURNS).unwrap();
        assert!(matches!(
            fitted.forecast(Matrix::new(&X, 2).unwrap()),
            Err(E::FeatureCount {
                expected: 3,
                found: 2
            })
        ));
    }

    proptest! {
        /// The normal equations: residuals are orthogonal to every column and to the constant.
        #[test]
        fn residuals_are_orthogonal_to_the_features(
            data in proptest::collection::vec(-5.0f64..5.0, 60),
            returns in proptest::collection::vec(-1.0f64..1.0, 20),
        ) {
            let x = Matrix::new(&data, 3).unwrap();
            let fitted = LinearReturn.fit_linear(x, &returns).unwrap();
            let residual: Vec<f64> = fitted.forecast(x).unwrap().iter().zip(&returns).map(|(f, r)| r - f).collect();
            prop_assert!(residual.iter().sum::<f64>().abs() < 1e-13);
            for j in 0..3 {
                let dot: f64 = x.rows().zip(&residual).map(|(row, r)| row[j] * r).sum();
                prop_assert!(dot.abs() < 1e-12, "{dot} {fitted:?}");
            }
        }
    }
}
