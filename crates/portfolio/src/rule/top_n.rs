//! Buys a number of the best forecasts.

use fuzzysvm_core::ParamError;

use super::equal::{best, equal_amounts};
use super::{Candidates, PortfolioRule, check_budget};
use crate::PortfolioError;

/// Buys the `n` candidates with the highest forecasts, or all where there are fewer, in equal amounts; equal forecasts go to
/// the lower index. Caps as in [`TopFraction`](crate::TopFraction).
///
/// ```
/// use fuzzysvm_portfolio::{Candidates, PortfolioRule, TopN};
/// let candidates = Candidates::new(&[0.1, 0.3, 0.2])?;
/// assert_eq!(TopN { n: 2 }.allocate(candidates, 30.0)?, [0.0, 15.0, 15.0]);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct TopN {
    /// Candidates bought, at least 1; default 100.
    pub n: usize,
}

impl Default for TopN {
    fn default() -> Self {
        Self { n: 100 }
    }
}

impl TopN {
    /// Checks the number.
    ///
    /// # Errors
    /// Where it is 0.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(self.n >= 1, "n", self.n, "must be at least 1")
    }

    /// The candidates bought, best forecast first.
    ///
    /// # Errors
    /// Where the number is 0.
    pub fn choose(&self, candidates: Candidates<'_>) -> Result<Vec<usize>, PortfolioError> {
        self.validate()?;
        Ok(best(candidates, self.n))
    }
}

impl PortfolioRule for TopN {
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
    fn ties_fewer_candidates_and_none() {
        let candidates = Candidates::new(&[0.2, 0.2, 0.1]).unwrap();
        let run = |n| TopN { n }.allocate(candidates, 6.0);
        assert_eq!(run(1).unwrap(), [6.0, 0.0, 0.0]);
        assert_eq!(run(9).unwrap(), [2.0, 2.0, 2.0]);
        assert!(matches!(run(0), Err(PortfolioError::Param(p)) if p.name == "n"));
    }
}
