//! Kernel-weighted returns of the loans that are most alike.

use fuzzysvm_core::{Matrix, ParamError, math};

use super::mean::check_features;
use super::ridge_cv::TIE;
use super::{FittedReturn, LoansToForecast, LoansToLearn, ReturnModel, check_loans};
use crate::PortfolioError;

/// Instance-based forecast: the mean of the returns of past loans, each weighted by how near it is to the loan in question,
/// and the variance of the returns under the same weights,
///
/// ```text
/// w_j ∝ exp(−‖x − x_j‖²/(2h²)),   Σ w_j = 1,   μ = Σ w_j R_j,   σ² = Σ w_j (R_j − μ)²
/// ```
///
/// Guo, Zhou, Luo, Liu & Xiong, "Instance-based credit risk assessment for investment decisions in P2P lending", EJOR 249
/// (2016), [doi:10.1016/j.ejor.2015.05.050](https://doi.org/10.1016/j.ejor.2015.05.050), measure the distance of loans by
/// their probabilities of default: give those as the only feature. Of several features the distance is Euclidean, so
/// standardise them. Mean and variance feed [`MeanVariance`](crate::MeanVariance).
///
/// Where no bandwidth h is given, leave-one-out cross-validation chooses the one with the smallest squared error, out of
/// s · 2^(−k/2) for k from 0 to 16, s being the root mean square distance between loans; of equal ones the largest. That
/// takes time in proportion to the square of the number of loans, and a forecast of each loan in proportion to their number.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::InstanceReturn;
/// let p_default = [0.1, 0.1, 0.5];
/// let fitted = InstanceReturn { bandwidth: Some(0.05) }
///     .fit_instances(Matrix::new(&p_default, 1)?, &[0.1, 0.2, -0.5])?;
/// let (mean, variance) = fitted.mean_and_variance(Matrix::new(&[0.1], 1)?)?;
/// assert!((mean[0] - 0.15).abs() < 1e-12 && (variance[0] - 0.0025).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct InstanceReturn {
    /// h, above 0; chosen by leave-one-out where it is not given.
    pub bandwidth: Option<f64>,
}

/// Past loans, and how far they count.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FittedInstances {
    /// h.
    pub bandwidth: f64,
    /// Features of every loan.
    pub n_features: usize,
    /// The features, loan by loan.
    pub x: Vec<f64>,
    /// The returns.
    pub returns: Vec<f64>,
}

impl InstanceReturn {
    /// Checks the bandwidth.
    ///
    /// # Errors
    /// Where it is not above 0 and finite.
    pub fn validate(&self) -> Result<(), ParamError> {
        let h = self.bandwidth.unwrap_or(1.0);
        ParamError::check(
            h.is_finite() && h > 0.0,
            "bandwidth",
            h,
            "must be finite and > 0",
        )
    }

    /// [`ReturnModel::fit`] with the concrete result.
    ///
    /// # Errors
    /// As [`ReturnModel::fit`], and where the bandwidth is out of range; at least one loan is needed, and two where the
    /// bandwidth is chosen.
    pub fn fit_instances(
        &self,
        x: Matrix<'_>,
        returns: &[f64],
    ) -> Result<FittedInstances, PortfolioError> {
        self.validate()?;
        check_loans(x, returns, 1)?;
        let bandwidth = match self.bandwidth {
            Some(h) => h,
            None => {
                check_loans(x, returns, 2)?;
                choose(x, returns)?
            }
        };
        Ok(FittedInstances {
            bandwidth,
            n_features: x.n_cols(),
            x: x.rows().flatten().copied().collect(),
            returns: returns.to_vec(),
        })
    }
}

/// The bandwidth with the smallest squared error of leave-one-out.
fn choose(x: Matrix<'_>, returns: &[f64]) -> Result<f64, PortfolioError> {
    let n = x.n_rows();
    let mut squares = 0.0;
    for j in 0..x.n_cols() {
        let mean = x.rows().map(|r| r[j] / n as f64).sum::<f64>();
        squares += x.rows().map(|r| (r[j] - mean).powi(2)).sum::<f64>();
    }
    let spread = (2.0 * squares / (n - 1) as f64).sqrt();
    if !spread.is_finite() {
        return Err(PortfolioError::NotFinite);
    }
    if spread == 0.0 {
        // All loans are alike: any bandwidth weights them equally.
        return Ok(1.0);
    }
    let bandwidths: Vec<f64> = (0..=16)
        .map(|k| spread * math::exp2(-0.5 * f64::from(k)))
        .collect();
    let mut errors = vec![0.0; bandwidths.len()];
    let mut distances = Vec::with_capacity(n);
    let mut others = Vec::with_capacity(n);
    let mut weights = Vec::with_capacity(n);
    for i in 0..n {
        distances.clear();
        others.clear();
        for j in (0..n).filter(|&j| j != i) {
            distances.push(squared_distance(x.row(i), x.row(j)));
            others.push(returns[j]);
        }
        let nearest = nearest(&distances);
        weights.clear();
        weights.extend(distances.iter().map(|&d| weight(d, nearest, spread)));
        for error in &mut errors {
            let (mean, _) = mean_by(&weights, &others);
            *error += (mean - returns[i]).powi(2);
            // The next bandwidth has half the square, so that weights are squares: 16 times, that is to 1e-11.
            weights.iter_mut().for_each(|w| *w *= *w);
        }
    }
    let least = errors.iter().copied().fold(f64::INFINITY, f64::min);
    // The first is the largest. Errors of 0 up to rounding are equal, too.
    let rounding = n as f64 * returns.iter().fold(0.0, |m: f64, r| m.max(r * r)) * 1e-24;
    let best = errors
        .iter()
        .position(|&e| e <= least * (1.0 + TIE) + rounding);
    Ok(best.map_or(spread, |k| bandwidths[k]))
}

fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

fn nearest(distances: &[f64]) -> f64 {
    distances.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The weight at a squared distance. The nearest loan has the weight 1, so that they do not all vanish far from every loan.
fn weight(distance: f64, nearest: f64, h: f64) -> f64 {
    math::exp(-0.5 * (distance - nearest) / (h * h))
}

/// Mean of the returns, and the sum of the weights.
fn mean_by(weights: &[f64], returns: &[f64]) -> (f64, f64) {
    let (mut total, mut sum) = (0.0, 0.0);
    for (w, r) in weights.iter().zip(returns) {
        total += w;
        sum += w * r;
    }
    (sum / total, total)
}

/// Mean and variance of the returns at these squared distances.
fn weighted(distances: &[f64], returns: &[f64], h: f64) -> (f64, f64) {
    let nearest = nearest(distances);
    let weights: Vec<f64> = distances.iter().map(|&d| weight(d, nearest, h)).collect();
    let (mean, total) = mean_by(&weights, returns);
    let rows = weights.iter().zip(returns);
    let squares = rows.map(|(w, r)| w * (r - mean).powi(2));
    (mean, squares.sum::<f64>() / total)
}

impl FittedInstances {
    /// Mean and variance of the return of each loan.
    ///
    /// # Errors
    /// As [`FittedReturn::forecast`].
    pub fn mean_and_variance(&self, x: Matrix<'_>) -> Result<(Vec<f64>, Vec<f64>), PortfolioError> {
        check_features(self.n_features, LoansToForecast::new(x))?;
        let past = Matrix::new(&self.x, self.n_features).map_err(|_| PortfolioError::NotFinite)?;
        let mut distances = vec![0.0; self.returns.len()];
        let mut of_row = |row: &[f64]| {
            for (distance, other) in distances.iter_mut().zip(past.rows()) {
                *distance = squared_distance(row, other);
            }
            weighted(&distances, &self.returns, self.bandwidth)
        };
        let both: (Vec<f64>, Vec<f64>) = x.rows().map(&mut of_row).unzip();
        let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        match finite(&both.0) && finite(&both.1) {
            true => Ok(both),
            false => Err(PortfolioError::NotFinite),
        }
    }
}

impl ReturnModel for InstanceReturn {
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError> {
        Ok(Box::new(self.fit_instances(loans.x(), loans.returns())?))
    }
}

impl FittedReturn for FittedInstances {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn forecast(&self, loans: LoansToForecast<'_>) -> Result<Vec<f64>, PortfolioError> {
        Ok(self.mean_and_variance(loans.x())?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_input() {
        use PortfolioError as E;
        let x = Matrix::new(&[0.0, 1.0], 1).unwrap();
        for h in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let model = InstanceReturn { bandwidth: Some(h) };
            let fit = model.fit_instances(x, &[0.1, 0.2]);
            assert!(matches!(fit, Err(E::Param(_))), "{h}");
        }
        let model = InstanceReturn::default();
        let one = x.slice_rows(0, 1);
        let fit = model.fit_instances(one, &[0.1]);
        assert!(matches!(fit, Err(E::TooFewLoans { needed: 2, .. })));
        let fitted = model.fit_instances(x, &[0.1, 0.2]).unwrap();
        assert!(matches!(
            fitted.mean_and_variance(Matrix::new(&[0.0, 1.0], 2).unwrap()),
            Err(E::FeatureCount { .. })
        ));
        // Far from every loan: the nearest one.
        let far = fitted
            .mean_and_variance(Matrix::new(&[1e6], 1).unwrap())
            .unwrap();
        assert_eq!(far, (vec![0.2], vec![0.0]));
        let alike = model.fit_instances(Matrix::new(&[3.0; 3], 1).unwrap(), &[0.1, 0.2, 0.3]);
        assert_eq!(alike.unwrap().bandwidth, 1.0);
        let huge = Matrix::new(&[1e300, -1e300], 1).unwrap();
        assert_eq!(model.fit_instances(huge, &[0.1, 0.2]), Err(E::NotFinite));
    }

    /// Two returns without noise on two clusters far apart: a narrow bandwidth tells them apart.
    #[test]
    fn the_bandwidth_follows_the_returns() {
        let x: Vec<f64> = (0..40)
            .map(|i| f64::from(i % 2) + 0.001 * f64::from(i))
            .collect();
        let x = Matrix::new(&x, 1).unwrap();
        let step: Vec<f64> = (0..40).map(|i| 0.1 * f64::from(i % 2)).collect();
        let narrow = InstanceReturn::default().fit_instances(x, &step).unwrap();
        let flat = InstanceReturn::default()
            .fit_instances(x, &[0.1; 40])
            .unwrap();
        assert!(
            narrow.bandwidth < 0.25 * flat.bandwidth,
            "{}",
            narrow.bandwidth
        );
        let forecast = narrow.mean_and_variance(Matrix::new(&[0.02, 1.02], 1).unwrap());
        let (mean, variance) = forecast.unwrap();
        assert!(
            mean[0].abs() < 1e-6 && (mean[1] - 0.1).abs() < 1e-6,
            "{mean:?}"
        );
        assert!(variance.iter().all(|v| *v < 1e-6));
    }

    proptest! {
        /// Between the least and the greatest return; the variance at most that of the ends.
        #[test]
        fn forecasts_lie_among_the_returns(
            rows in proptest::collection::vec((-2.0f64..2.0, -1.0f64..1.0), 2..30), at in -3.0f64..3.0,
        ) {
            let x: Vec<f64> = rows.iter().map(|r| r.0).collect();
            let returns: Vec<f64> = rows.iter().map(|r| r.1).collect();
            let fitted = InstanceReturn::default().fit_instances(Matrix::new(&x, 1).unwrap(), &returns).unwrap();
            let at = [at];
            let (mean, variance) = fitted.mean_and_variance(Matrix::new(&at, 1).unwrap()).unwrap();
            let low = returns.iter().copied().fold(f64::INFINITY, f64::min);
            let high = returns.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!((low - 1e-12..=high + 1e-12).contains(&mean[0]));
            // Bhatia & Davis: (high − μ)(μ − low).
            prop_assert!(variance[0] >= 0.0 && variance[0] <= (high - mean[0]) * (mean[0] - low) + 1e-12);
        }
    }
}
