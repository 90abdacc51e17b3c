//! The return that hazards of default and prepayment let expect.

use super::{FittedReturn, LoansToForecast, LoansToLearn, ReturnModel};
use crate::{Completed, FittedSurvival, PortfolioError, SurvivalCompletion};

/// The return that the hazards of a [`SurvivalCompletion`] let expect of a loan at issue, given its terms.
///
/// It learns from terms and states of all loans, open ones by the months that they have survived, in place of their
/// returns: a forecast is the completed return of a loan that is open at age 0. A loan to forecast needs its terms.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::{
///     HazardReturn, LoanState, LoanTerms, LoansToForecast, LoansToLearn, ObservedLoan, ReturnModel,
/// };
///
/// let terms = LoanTerms { term_months: 36, annual_rate: 0.12, installment: 332.14, funded_amnt: 10_000.0 };
/// let states = [
///     LoanState::ChargedOff { after_months: 7, roi: -0.85 },
///     LoanState::Paid { after_months: 5, roi: 0.047 },
///     LoanState::Open { age_months: 8 },
///     LoanState::Open { age_months: 8 },
/// ];
/// let loans = states.map(|state| ObservedLoan { terms, state });
/// let x = [1.0, -1.0, 0.5, -0.5];
/// // Returns of open loans are not looked at.
/// let known = LoansToLearn::new(Matrix::new(&x, 1)?, &[-0.85, 0.047, 0.0, 0.0])?.with_observed(&loans)?;
/// let model = HazardReturn::default().fit(known)?;
///
/// let both = [terms, terms];
/// let forecast = model.forecast(LoansToForecast::new(Matrix::new(&x[2..], 1)?).with_terms(&both)?)?;
/// assert!(forecast[0] < forecast[1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct HazardReturn {
    /// How the hazards are fitted.
    pub completion: SurvivalCompletion,
}

impl ReturnModel for HazardReturn {
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError> {
        let fitted = self.completion.fit(loans.observed()?, loans.x())?;
        Ok(Box::new(fitted))
    }
}

impl FittedReturn for FittedSurvival {
    fn n_features(&self) -> usize {
        self.n_features()
    }

    fn forecast(&self, loans: LoansToForecast<'_>) -> Result<Vec<f64>, PortfolioError> {
        let outcomes = self.forecast(loans.terms()?, loans.x())?;
        Ok(outcomes.iter().map(Completed::expected_roi).collect())
    }
}
