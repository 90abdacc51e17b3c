//! The mean return.

use super::{FittedReturn, LoansToForecast, LoansToLearn, ReturnModel, check_loans};
use crate::PortfolioError;

/// Forecasts the mean return of the loans it learns from, whatever the features: what charged-off loans return is hardly
/// known better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MeanReturn;

/// A mean of returns.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FittedMean {
    /// The mean.
    pub mean: f64,
    /// Features of the loans.
    pub n_features: usize,
}

impl ReturnModel for MeanReturn {
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError> {
        let (x, returns) = (loans.x(), loans.returns());
        check_loans(x, returns, 1)?;
        let n = returns.len() as f64;
        Ok(Box::new(FittedMean {
            mean: returns.iter().map(|r| r / n).sum(),
            n_features: x.n_cols(),
        }))
    }
}

impl FittedReturn for FittedMean {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn forecast(&self, loans: LoansToForecast<'_>) -> Result<Vec<f64>, PortfolioError> {
        check_features(self.n_features, loans)?;
        Ok(vec![self.mean; loans.x().n_rows()])
    }
}

/// Refuses loans with another number of features than those of the fit.
pub(super) fn check_features(
    expected: usize,
    loans: LoansToForecast<'_>,
) -> Result<(), PortfolioError> {
    match loans.x().n_cols() {
        found if found != expected => Err(PortfolioError::FeatureCount { expected, found }),
        _ => Ok(()),
    }
}
