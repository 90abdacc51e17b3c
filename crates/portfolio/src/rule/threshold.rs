//! Buys what promises enough.

use fuzzysvm_core::ParamError;

use super::equal::{best, equal_amounts};
use super::{Candidates, PortfolioRule, check_budget};
use crate::PortfolioError;

/// Buys the candidates whose forecast is at least `minimum`, in equal amounts; none where none is, and the budget stays
/// unspent. Made for forecasts that are meant as they stand, such as [`expected_return`](crate::expected_return): a forecast
/// of what a loan returns *if paid* reaches a threshold by its rate alone.
///
/// ```
/// use fuzzysvm_portfolio::{Candidates, PortfolioRule, Threshold};
/// let candidates = Candidates::new(&[0.05, 0.02, 0.08])?;
/// assert_eq!(Threshold { minimum: 0.05 }.allocate(candidates, 30.0)?, [15.0, 0.0, 15.0]);
/// assert_eq!(Threshold { minimum: 0.10 }.allocate(candidates, 30.0)?, [0.0; 3]);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Threshold {
    /// The least forecast that is bought, as a fraction; default 0.
    pub minimum: f64,
}

impl Threshold {
    /// Checks the threshold.
    ///
    /// # Errors
    /// Where it is not finite.
    pub fn validate(&self) -> Result<(), ParamError> {
        let minimum = self.minimum;
        ParamError::check(minimum.is_finite(), "minimum", minimum, "must be finite")
    }

    /// The candidates bought, best forecast first.
    ///
    /// # Errors
    /// Where the minimum is not finite.
    pub fn choose(&self, candidates: Candidates<'_>) -> Result<Vec<usize>, PortfolioError> {
        self.validate()?;
        let forecast = candidates.forecast();
        let enough = forecast.iter().filter(|&&f| f >= self.minimum).count();
        Ok(best(candidates, enough))
    }
}

impl PortfolioRule for Threshold {
    fn allocate(
        &self,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<Vec<f64>, PortfolioError> {
        check_budget(budget)?;
        Ok(equal_amounts(candidates, &self.choose(candidates)?, budget))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_parameters() {
        let candidates = Candidates::new(&[0.1]).unwrap();
        for minimum in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(
                Threshold { minimum }.allocate(candidates, 1.0),
                Err(PortfolioError::Param(p)) if p.name == "minimum"
            ));
        }
        assert!(Threshold::default().allocate(candidates, f64::NAN).is_err());
    }
}
