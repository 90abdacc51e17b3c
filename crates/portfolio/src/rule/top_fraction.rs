//! Buys the best forecasts.

use fuzzysvm_core::ParamError;

use super::equal::{best, equal_amounts};
use super::{Candidates, PortfolioRule, check_budget};
use crate::PortfolioError;

/// Buys the `fraction` of the candidates with the highest forecasts, in equal amounts: the "top 10 %" of
/// the lending experiment.
///
/// Of n candidates max(1, ⌊fraction · n + ½⌋) are bought; equal forecasts go to the lower index. Where a
/// cap is below the equal amount, the rest goes evenly into the other chosen loans.
///
/// ```
/// use fuzzysvm_portfolio::{Candidates, PortfolioRule, TopFraction};
/// let rule = TopFraction { fraction: 0.5 };
/// let candidates = Candidates::new(&[0.1, 0.3, 0.3, 0.2])?.with_cap(&[9.0, 9.0, 25.0, 9.0])?;
/// assert_eq!(rule.allocate(candidates, 30.0)?, [0.0, 9.0, 21.0, 0.0]);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct TopFraction {
    /// Share of the candidates bought, in (0, 1]; default 0.1.
    pub fraction: f64,
}

impl Default for TopFraction {
    fn default() -> Self {
        Self { fraction: 0.1 }
    }
}

impl TopFraction {
    /// Checks the fraction.
    ///
    /// # Errors
    /// Where it is not in (0, 1].
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.fraction > 0.0 && self.fraction <= 1.0,
            "fraction",
            self.fraction,
            "must lie in (0, 1]",
        )
    }

    /// The candidates bought, best forecast first.
    ///
    /// # Errors
    /// Where the fraction is not in (0, 1].
    pub fn choose(&self, candidates: Candidates<'_>) -> Result<Vec<usize>, PortfolioError> {
        self.validate()?;
        let n = candidates.n_candidates();
        let count = ((self.fraction * n as f64 + 0.5).floor() as usize).clamp(1, n);
        Ok(best(candidates, count))
    }
}

impl PortfolioRule for TopFraction {
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
    fn the_number_bought_is_rounded_half_up_and_never_none() {
        let forecast = vec![0.0; 45];
        for (n, fraction, expected) in [
            (1, 0.1, 1),
            (4, 0.1, 1),
            (14, 0.1, 1),
            (15, 0.1, 2),
            (24, 0.1, 2),
            (25, 0.1, 3),
            (45, 1.0, 45),
            (10, 1e-300, 1),
        ] {
            let candidates = Candidates::new(&forecast[..n]).unwrap();
            let chosen = TopFraction { fraction }.choose(candidates).unwrap();
            assert_eq!(chosen.len(), expected, "{n} {fraction}");
            assert!(chosen.iter().copied().eq(0..expected));
        }
    }

    #[test]
    fn signed_zeros_tie() {
        let candidates = Candidates::new(&[-0.0, 0.0, -1.0]).unwrap();
        assert_eq!(
            TopFraction { fraction: 0.34 }.choose(candidates).unwrap(),
            [0]
        );
    }

    #[test]
    fn hostile_parameters() {
        let candidates = Candidates::new(&[0.1]).unwrap();
        for fraction in [0.0, -0.1, 1.01, f64::NAN] {
            assert!(matches!(
                TopFraction { fraction }.allocate(candidates, 1.0),
                Err(PortfolioError::Param(p)) if p.name == "fraction"
            ));
        }
        for budget in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                TopFraction::default().allocate(candidates, budget),
                Err(PortfolioError::Param(p)) if p.name == "budget"
            ));
        }
        assert!(matches!(
            Candidates::new(&[]),
            Err(PortfolioError::NoCandidates)
        ));
        assert!(matches!(
            Candidates::new(&[0.1, f64::NAN]),
            Err(PortfolioError::InvalidValue { index: 1, .. })
        ));
        assert!(candidates.with_cap(&[1.0, 1.0]).is_err());
        assert!(candidates.with_cap(&[-1.0]).is_err());
        assert!(candidates.with_cap(&[f64::NAN]).is_err());
    }
}
