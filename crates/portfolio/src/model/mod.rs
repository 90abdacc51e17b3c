//! Models that forecast the return of a loan from what is known at application.
//!
//! A [`ReturnModel`] is given loans as they are: features and returns, and where it needs them terms and states. So
//! regressions and the hazards of a completion stand in one list.

mod data;
mod expected;
mod hazard;
mod instance;
mod linear;
mod mean;
mod ridge;
mod ridge_cv;
mod singular;
mod statistics;

pub use data::{LoansToForecast, LoansToLearn};
pub use expected::{ExpectedReturn, expected_return};
pub use hazard::HazardReturn;
pub use instance::{FittedInstances, InstanceReturn};
pub use linear::{LinearForecast, LinearReturn};
pub use mean::{FittedMean, MeanReturn};
pub use ridge::RidgeReturn;
pub use ridge_cv::{RidgeCvFit, RidgeCvReturn};
pub use statistics::{CoefficientStatistics, RegressionStatistics};

use fuzzysvm_core::Matrix;

use crate::PortfolioError;
use crate::error::check_values;

/// A way to learn what loans return.
pub trait ReturnModel: Send + Sync {
    /// Fits the model to loans whose return is known, or expected.
    ///
    /// # Errors
    /// Where there are too few loans, or what the model needs of them is not given.
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError>;
}

/// A fitted return model.
pub trait FittedReturn: Send + Sync + std::fmt::Debug {
    /// Number of features of the fit.
    fn n_features(&self) -> usize;

    /// The forecast return of each loan, as a fraction.
    ///
    /// # Errors
    /// Where the rows have another number of features, what the model needs of the loans is not given, or a forecast
    /// overflows.
    fn forecast(&self, loans: LoansToForecast<'_>) -> Result<Vec<f64>, PortfolioError>;
}

/// Refuses lists that do not fit, fewer loans than needed, and returns that are not finite.
fn check_loans(x: Matrix<'_>, returns: &[f64], needed: usize) -> Result<(), PortfolioError> {
    let n = x.n_rows();
    if n != returns.len() {
        return Err(PortfolioError::LengthMismatch {
            of: "loans",
            expected: n,
            what: "returns",
            found: returns.len(),
        });
    }
    if n < needed {
        return Err(PortfolioError::TooFewLoans { needed, found: n });
    }
    check_values("return", returns, "must be finite", f64::is_finite)
}

/// Six loans whose first two features are a full one-hot set.
#[cfg(test)]
mod test_data {
    #[rustfmt::skip]
    pub const X: [f64; 18] = [
        1.0, 0.0, 2.0,   0.0, 1.0, 1.0,   1.0, 0.0, 0.5,
        0.0, 1.0, -1.0,  1.0, 0.0, 3.0,   0.0, 1.0, 0.0,
    ];
    pub const RETURNS: [f64; 6] = [0.1, 0.2, -0.05, 0.3, 0.15, 0.0];
}
