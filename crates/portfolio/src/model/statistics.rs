//! What a linear regression is worth.

use fuzzysvm_core::Matrix;
use nalgebra::{DMatrix, DVector};

use super::LinearForecast;
use super::linear::Decomposition;
use crate::PortfolioError;

/// A direction counts as one that the loans do not determine where this share of its square lies in it.
const UNDETERMINED: f64 = 1e-10;

/// Statistics of a least-squares fit with an intercept, under its usual assumptions: independent residuals of one
/// variance. Returns of loans have neither a normal distribution nor one variance, so take t values as a guide.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::LinearReturn;
/// // A feature, and twice it.
/// let x = [0.0, 0.0, 1.0, 2.0, 2.0, 4.0, 3.0, 6.0];
/// let returns = [0.0, 0.2, 0.1, 0.3];
/// let (_, statistics) = LinearReturn.fit_with_statistics(Matrix::new(&x, 2)?, &returns)?;
/// assert_eq!(statistics.residual_degrees_of_freedom, 2);
/// assert_eq!((statistics.collinear, statistics.redundant), (vec![0, 1], vec![1]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RegressionStatistics {
    /// Loans less independent features less 1 for the intercept.
    pub residual_degrees_of_freedom: usize,
    /// Residual sum of squares over its degrees of freedom; `None` where there are none.
    pub residual_variance: Option<f64>,
    /// Share of the variance of the returns that is explained; `None` where they are all equal.
    pub r_squared: Option<f64>,
    /// The intercept.
    pub intercept: CoefficientStatistics,
    /// One entry per feature.
    pub features: Vec<CoefficientStatistics>,
    /// Features whose coefficient the loans do not determine, by index: constant ones, and all of a group that is
    /// collinear. The fit takes the smallest coefficients for them.
    pub collinear: Vec<usize>,
    /// Of those the ones to leave out, by index: each is constant, or a combination of features before it. Without them all
    /// coefficients are determined and all forecasts stay.
    pub redundant: Vec<usize>,
}

/// Statistics of one coefficient. `None` where the loans do not determine it, or leave no residual degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CoefficientStatistics {
    /// Standard error.
    pub standard_error: Option<f64>,
    /// Coefficient over standard error; `None` also where that is 0.
    pub t_value: Option<f64>,
    /// Variance inflation factor 1/(1 − R²) of the feature regressed on all others; 1 where it is uncorrelated with them.
    /// `None` for the intercept.
    pub vif: Option<f64>,
}

impl RegressionStatistics {
    /// The features to leave out by name, as [`RegressionStatistics::redundant`] has them by index; those beyond `names` are
    /// left out.
    pub fn redundant_among<'a>(&self, names: &[&'a str]) -> Vec<&'a str> {
        let redundant = self.redundant.iter();
        redundant.filter_map(|&j| names.get(j).copied()).collect()
    }
}

impl Decomposition {
    pub(super) fn statistics(
        &self,
        fitted: &LinearForecast,
        x: Matrix<'_>,
        returns: &[f64],
    ) -> Result<RegressionStatistics, PortfolioError> {
        let d = self.mean.len();
        let forecast = fitted.forecast(x)?;
        let squares = |center: &dyn Fn(usize) -> f64| -> f64 {
            (0..self.n).map(|i| (returns[i] - center(i)).powi(2)).sum()
        };
        let mean = returns.iter().sum::<f64>() / self.n as f64;
        let (residual, total) = (squares(&|i| forecast[i]), squares(&|_| mean));
        // Returns that are equal up to rounding have no variance to explain.
        let largest = returns.iter().fold(0.0, |most: f64, r| most.max(r.abs()));
        let varies = (total / self.n as f64).sqrt() > 1e-14 * largest;
        let degrees = self.n.saturating_sub(fitted.rank + 1);
        let variance = (degrees > 0).then(|| residual / degrees as f64);
        let space = Space::of(self);

        // In units of the scaled features: the unit vector of each, and the mean for the intercept.
        let unit = |j: usize| DVector::from_fn(d, |k, _| f64::from(u8::from(k == j)));
        let means = DVector::from_fn(d, |j, _| self.mean[j] / self.scale[j]);
        let of = |coefficient: f64, spread: Option<f64>, vif: Option<f64>| {
            let error = spread.zip(variance).map(|(s, v)| (s * v).sqrt());
            let error = error.filter(|e| e.is_finite());
            CoefficientStatistics {
                standard_error: error,
                t_value: error.filter(|&e| e > 0.0).map(|e| coefficient / e),
                vif,
            }
        };
        let mut features = Vec::with_capacity(d);
        let mut collinear = Vec::new();
        for j in 0..d {
            let constant = self.scale[j].is_infinite();
            let spread = space.spread(&unit(j)).filter(|_| !constant);
            if spread.is_none() {
                collinear.push(j);
            }
            let own = spread.map(|s| s / self.scale[j].powi(2));
            let vif = spread.map(|s| s * self.n as f64);
            features.push(of(fitted.coefficients[j], own, vif));
        }
        let at_mean = space.spread(&means).map(|s| s + 1.0 / self.n as f64);
        Ok(RegressionStatistics {
            residual_degrees_of_freedom: degrees,
            residual_variance: variance,
            r_squared: varies.then(|| 1.0 - residual / total),
            intercept: of(fitted.intercept, at_mean, None),
            features,
            collinear,
            redundant: self.redundant(),
        })
    }

    /// Features that are combinations of those before them, by orthogonalisation in their order.
    fn redundant(&self) -> Vec<usize> {
        let mut basis: Vec<DVector<f64>> = Vec::new();
        let mut redundant = Vec::new();
        for (j, column) in self.triangle.column_iter().enumerate() {
            let mut left = column.into_owned();
            // Twice is enough: what the first round leaves of the basis is rounding.
            for _ in 0..2 {
                for b in &basis {
                    let along = b.dot(&left);
                    left.axpy(-along, b, 1.0);
                }
            }
            let size = left.norm();
            if size <= self.cutoff || size == 0.0 {
                redundant.push(j);
            } else {
                basis.push(left / size);
            }
        }
        redundant
    }
}

/// The directions of the scaled features that the loans determine.
struct Space {
    /// Right singular vectors as rows, each over its singular value.
    scaled: DMatrix<f64>,
    /// The same, as they are.
    rows: DMatrix<f64>,
}

impl Space {
    fn of(decomposition: &Decomposition) -> Self {
        let singular = &decomposition.singular;
        let used: Vec<usize> = (0..singular.values.len())
            .filter(|&k| singular.values[k] > decomposition.cutoff)
            .collect();
        let rows = singular.v.select_columns(&used).transpose();
        let mut scaled = rows.clone();
        for (mut row, &k) in scaled.row_iter_mut().zip(&used) {
            row /= singular.values[k];
        }
        Self { scaled, rows }
    }

    /// aᵀ(ZᵀZ)⁻¹a for the scaled features Z; `None` where the loans do not determine aᵀβ.
    fn spread(&self, a: &DVector<f64>) -> Option<f64> {
        let inside = (&self.rows * a).norm_squared();
        let outside = a.norm_squared() - inside;
        (outside <= UNDETERMINED * a.norm_squared()).then(|| (&self.scaled * a).norm_squared())
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_data::{RETURNS, X};
    use super::*;
    use crate::LinearReturn;
    use proptest::prelude::*;

    /// The first two features are a full one-hot set: each is 1 less the other.
    #[test]
    fn a_full_one_hot_set_is_named() {
        let x = Matrix::new(&X, 3).unwrap();
        let (fitted, s) = LinearReturn.fit_with_statistics(x, &RETURNS).unwrap();
        assert_eq!(fitted, LinearReturn.fit_linear(x, &RETURNS).unwrap());
        assert_eq!((s.residual_degrees_of_freedom, fitted.rank), (3, 2));
        assert_eq!(
            (&s.collinear[..], &s.redundant[..]),
            (&[0, 1][..], &[1][..])
        );
        assert_eq!(s.redundant_among(&["own", "rent", "dti"]), ["rent"]);
        assert!(s.features[0].standard_error.is_none() && s.features[1].vif.is_none());
        assert!(s.features[2].standard_error.is_some());
        // The intercept depends on which of the solutions is taken.
        assert!(s.intercept.standard_error.is_none());
    }

    #[test]
    fn constant_features_and_no_degrees_of_freedom() {
        let x = [7.0, 1.0, 7.0, 2.0, 7.0, 4.0];
        let x = Matrix::new(&x, 2).unwrap();
        let (_, s) = LinearReturn
            .fit_with_statistics(x, &[0.1, 0.3, 0.2])
            .unwrap();
        assert_eq!((&s.collinear[..], &s.redundant[..]), (&[0][..], &[0][..]));
        assert!((s.features[1].vif.unwrap() - 1.0).abs() < 1e-12);
        // A line through two points.
        let two = x.slice_rows(0, 2);
        let (_, s) = LinearReturn.fit_with_statistics(two, &[0.1, 0.3]).unwrap();
        assert_eq!(s.residual_degrees_of_freedom, 0);
        assert_eq!((s.residual_variance, s.features[1].t_value), (None, None));
        let (_, s) = LinearReturn.fit_with_statistics(x, &[0.1; 3]).unwrap();
        assert_eq!(s.r_squared, None);
    }

    /// Σ x y = −2, Σ x² = 5 and Σ y² = 4 about the means: R² = (−2)²/(5 · 4).
    #[test]
    fn the_share_explained_by_hand() {
        let x = Matrix::new(&[0.0, 1.0, 2.0, 3.0], 1).unwrap();
        let (_, s) = LinearReturn
            .fit_with_statistics(x, &[1.0, -1.0, 1.0, -1.0])
            .unwrap();
        assert!((s.r_squared.unwrap() - 0.2).abs() < 1e-15);
    }

    proptest! {
        /// Copies, sums and constants among features are found by their index, and leaving them out keeps the forecasts.
        #[test]
        fn redundant_features_can_go(
            data in proptest::collection::vec(-5.0f64..5.0, 75), returns in proptest::collection::vec(-1.0f64..1.0, 25),
        ) {
            let full: Vec<f64> = data.chunks(3).flat_map(|r| [r[0], 2.0, r[1], r[0] - 3.0 * r[1], r[2]]).collect();
            let full = Matrix::new(&full, 5).unwrap();
            let (fitted, s) = LinearReturn.fit_with_statistics(full, &returns).unwrap();
            prop_assert_eq!(&s.redundant, &[1, 3]);
            prop_assert_eq!(&s.collinear, &[0, 1, 2, 3]);
            prop_assert_eq!(s.redundant.len() + fitted.rank, 5);
            let plain = Matrix::new(&data, 3).unwrap();
            prop_assume!(s.residual_variance.unwrap() > 1e-9);
            let (alone, of_plain) = LinearReturn.fit_with_statistics(plain, &returns).unwrap();
            prop_assert!(of_plain.redundant.is_empty() && of_plain.collinear.is_empty());
            for (a, b) in fitted.forecast(full).unwrap().iter().zip(alone.forecast(plain).unwrap()) {
                prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
            }
            let (a, b) = (s.features[4], of_plain.features[2]);
            prop_assert!((a.t_value.unwrap() / b.t_value.unwrap() - 1.0).abs() < 1e-6);
            prop_assert!((a.vif.unwrap() / b.vif.unwrap() - 1.0).abs() < 1e-6);
        }
    }
}
