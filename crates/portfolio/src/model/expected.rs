//! The return to expect when it is known how likely repayment is.

use super::mean::check_features;
use super::{FittedReturn, LinearReturn, LoansToForecast, LoansToLearn, MeanReturn, ReturnModel};
use crate::error::check_values;
use crate::{LoanState, PortfolioError};

/// p · (return if paid) + (1 − p) · (return if charged off), for the probability p that a loan is repaid: the return to
/// expect of it, where p is calibrated.
///
/// ```
/// use fuzzysvm_portfolio::expected_return;
/// let expected = expected_return(&[0.9, 0.6], &[0.12, 0.20], &[-0.45, -0.45])?;
/// assert!((expected[0] - 0.063).abs() < 1e-12 && (expected[1] + 0.06).abs() < 1e-12);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// # Errors
/// Where the lists are not equally long, a probability is not in [0, 1] or a return is not finite.
pub fn expected_return(
    p_paid: &[f64],
    if_paid: &[f64],
    if_charged_off: &[f64],
) -> Result<Vec<f64>, PortfolioError> {
    let expected = p_paid.len();
    for (what, found) in [
        ("returns if paid", if_paid.len()),
        ("returns if charged off", if_charged_off.len()),
    ] {
        if found != expected {
            return Err(PortfolioError::LengthMismatch {
                of: "probabilities",
                expected,
                what,
                found,
            });
        }
    }
    check_probabilities(p_paid)?;
    check_values("return if paid", if_paid, "must be finite", f64::is_finite)?;
    let what = "return if charged off";
    check_values(what, if_charged_off, "must be finite", f64::is_finite)?;
    let both = if_paid.iter().zip(if_charged_off);
    let rows = p_paid.iter().zip(both);
    Ok(rows.map(|(p, (a, b))| p * a + (1.0 - p) * b).collect())
}

pub(super) fn check_probabilities(p_paid: &[f64]) -> Result<(), PortfolioError> {
    let rule = "must lie in [0, 1]";
    check_values("probability", p_paid, rule, |p| (0.0..=1.0).contains(&p))
}

/// [`expected_return`] of two return models, of which one learns from repaid loans and one from those charged off. Open loans
/// are left out. A loan to learn from needs its state, a loan to forecast the probability that it is repaid
/// ([`LoansToForecast::with_p_paid`]), which comes from a classifier whose scores are calibrated.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::{
///     ExpectedReturn, LoanState, LoanTerms, LoansToForecast, LoansToLearn, ObservedLoan, ReturnModel,
/// };
///
/// let terms = LoanTerms { term_months: 36, annual_rate: 0.12, installment: 332.14, funded_amnt: 10_000.0 };
/// let states = [
///     LoanState::Paid { after_months: 36, roi: 0.10 },
///     LoanState::ChargedOff { after_months: 7, roi: -0.60 },
///     LoanState::Paid { after_months: 36, roi: 0.20 },
/// ];
/// let loans = states.map(|state| ObservedLoan { terms, state });
/// let x = [1.0, 1.5, 2.0];
/// let known = LoansToLearn::new(Matrix::new(&x, 1)?, &[0.10, -0.60, 0.20])?.with_observed(&loans)?;
/// // By default a linear regression if paid, the mean if charged off.
/// let model = <ExpectedReturn>::default().fit(known)?;
/// let forecast = model.forecast(LoansToForecast::new(Matrix::new(&[3.0], 1)?).with_p_paid(&[0.9])?)?;
/// assert!((forecast[0] - (0.9 * 0.30 - 0.1 * 0.60)).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct ExpectedReturn<P = LinearReturn, C = MeanReturn> {
    /// What a loan returns if it is repaid.
    pub if_paid: P,
    /// What it returns if it is charged off.
    pub if_charged_off: C,
}

impl<P: ReturnModel, C: ReturnModel> ReturnModel for ExpectedReturn<P, C> {
    fn fit(&self, loans: LoansToLearn<'_>) -> Result<Box<dyn FittedReturn>, PortfolioError> {
        let observed = loans.observed()?;
        let fit = |model: &dyn ReturnModel, of: &dyn Fn(LoanState) -> bool| {
            let rows: Vec<usize> = (0..observed.len())
                .filter(|&i| of(observed[i].state))
                .collect();
            let x = loans.x().select_rows(&rows);
            let returns: Vec<f64> = rows.iter().map(|&i| loans.returns()[i]).collect();
            let observed: Vec<_> = rows.iter().map(|&i| observed[i]).collect();
            model.fit(LoansToLearn::new(x.view(), &returns)?.with_observed(&observed)?)
        };
        Ok(Box::new(FittedExpected {
            if_paid: fit(&self.if_paid, &|s| matches!(s, LoanState::Paid { .. }))?,
            if_charged_off: fit(&self.if_charged_off, &|s| {
                matches!(s, LoanState::ChargedOff { .. })
            })?,
        }))
    }
}

/// Two fitted return models.
#[derive(Debug)]
struct FittedExpected {
    if_paid: Box<dyn FittedReturn>,
    if_charged_off: Box<dyn FittedReturn>,
}

impl FittedReturn for FittedExpected {
    fn n_features(&self) -> usize {
        self.if_paid.n_features()
    }

    fn forecast(&self, loans: LoansToForecast<'_>) -> Result<Vec<f64>, PortfolioError> {
        check_features(self.n_features(), loans)?;
        expected_return(
            loans.p_paid()?,
            &self.if_paid.forecast(loans)?,
            &self.if_charged_off.forecast(loans)?,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_input() {
        use PortfolioError as E;
        assert!(matches!(
            expected_return(&[0.5], &[], &[0.1]),
            Err(E::LengthMismatch {
                what: "returns if paid",
                ..
            })
        ));
        assert!(matches!(
            expected_return(&[0.5], &[0.1], &[0.1, 0.2]),
            Err(E::LengthMismatch {
                what: "returns if charged off",
                ..
            })
        ));
        for p in [-0.1, 1.1, f64::NAN] {
            assert!(expected_return(&[p], &[0.1], &[-0.5]).is_err(), "{p}");
        }
        assert!(expected_return(&[0.5], &[f64::NAN], &[-0.5]).is_err());
        assert!(expected_return(&[0.5], &[0.1], &[f64::INFINITY]).is_err());
        // The ends are the models' own.
        let ends = expected_return(&[1.0, 0.0], &[0.1; 2], &[-0.5; 2]).unwrap();
        assert_eq!(ends, [0.1, -0.5]);
    }
}
