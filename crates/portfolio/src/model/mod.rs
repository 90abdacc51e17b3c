//! Models that forecast the return of a loan from what is known at application.

mod linear;
mod ridge;

pub use linear::{LinearForecast, LinearReturn};
pub use ridge::RidgeReturn;

use fuzzysvm_core::Matrix;

use crate::PortfolioError;

/// A way to learn returns from features.
pub trait ReturnModel: Send + Sync {
    /// Fits the model to the realised `returns` of the loans in the rows of `x`.
    ///
    /// # Errors
    /// Where the lists do not fit, a return is not finite, or there are too few loans.
    fn fit(&self, x: Matrix<'_>, returns: &[f64]) -> Result<Box<dyn FittedReturn>, PortfolioError>;
}

/// A fitted return model.
pub trait FittedReturn: Send + Sync + std::fmt::Debug {
    /// Number of features of the fit.
    fn n_features(&self) -> usize;

    /// The forecast return of each row, as a fraction.
    ///
    /// # Errors
    /// Where the rows have another number of features, or a forecast overflows.
    fn forecast(&self, x: Matrix<'_>) -> Result<Vec<f64>, PortfolioError>;
}
