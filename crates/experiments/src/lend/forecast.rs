//! What returns are forecast by.

use fuzzysvm_core::{Label, Matrix, ParamError, ParamValue as _, param_choice};
use fuzzysvm_estimator::EncodedFold;
use fuzzysvm_portfolio::{
    FittedReturn, InstanceReturn, LinearReturn, LoansToForecast, LoansToLearn, MeanReturn,
    PortfolioError, ReturnModel, RidgeCvReturn, expected_return,
};
use serde::Serialize;

use super::probability::Probabilities;
use super::{LendError, RegressionRows};
use crate::Rank;

/// What forecasts the returns of the test loans of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Forecast {
    /// Linear regression, as published.
    #[default]
    Linear,
    /// Linear regression with a penalty that leave-one-out cross-validation chooses.
    Ridge,
    /// The mean return of the training loans, each weighted by how like the loan it is: Guo et al. 2016, doi:10.1016/j.ejor.2015.05.050,
    /// by the distance of the standardised features.
    Instances,
    /// p · (mean return of the charged-off training loans) + (1 − p) · (linear regression on the paid ones), p being the method's
    /// own probability of default, calibrated on decision values out of folds. Without a classifier: [`Forecast::Linear`].
    Expected,
}

param_choice! {
    Forecast { Linear = "linear", Ridge = "ridge", Instances = "instances", Expected = "expected" }
}

impl Forecast {
    /// What it is: one that learned from repaid loans alone says what a loan returns if it is paid, which is more than it is
    /// expected to return.
    pub const fn words(self, regression: RegressionRows) -> &'static str {
        match self {
            Forecast::Expected => "expected return",
            _ => regression.forecast(),
        }
    }

    /// Checks what it does not go with.
    ///
    /// # Errors
    /// Where it does nothing beside what else is asked for.
    pub(super) fn validate(self, regression: RegressionRows, rank: Rank) -> Result<(), ParamError> {
        let expected = self == Forecast::Expected;
        let rule = "must be another one beside `rank=score`, which ranks by no forecast";
        let by_score = rank == Rank::Score;
        ParamError::check(!(expected && by_score), "forecast", self.to_text(), rule)?;
        let rule =
            "must be paid beside `forecast=expected`, which learns from charged-off loans apart";
        let all = regression == RegressionRows::All;
        let text = regression.to_text();
        ParamError::check(!(expected && all), "regression", text, rule)
    }
}

/// Forecasts of the loans of a trial.
#[derive(Debug, Clone)]
pub(super) struct LoanForecasts {
    /// Of the test loans.
    pub test: Vec<f64>,
    /// Of the training loans.
    train: Vec<f64>,
}

/// The models of a trial, fitted to its training loans.
pub(super) struct Forecaster<'a> {
    parts: &'a EncodedFold,
    returns: Vec<f64>,
    /// What is bought by without a classifier, and by methods that have no forecast of their own.
    shared: Box<dyn FittedReturn>,
    /// Of charged-off loans, where methods have forecasts of their own.
    if_charged_off: Option<Box<dyn FittedReturn>>,
}

impl<'a> Forecaster<'a> {
    /// Fits what is asked for to training loans with these returns.
    pub fn fit(
        forecast: Forecast,
        regression: RegressionRows,
        parts: &'a EncodedFold,
        returns: Vec<f64>,
    ) -> Result<Self, LendError> {
        let fit = |model: &dyn ReturnModel, of: &dyn Fn(Label) -> bool| {
            let used: Vec<usize> = (0..returns.len())
                .filter(|&i| of(parts.y_train[i]))
                .collect();
            let x = parts.x_train.view().select_rows(&used);
            let returns: Vec<f64> = used.iter().map(|&i| returns[i]).collect();
            model.fit(LoansToLearn::new(x.view(), &returns)?)
        };
        let learned_from = |label: Label| match regression {
            RegressionRows::All => true,
            RegressionRows::Paid => label == Label::Negative,
        };
        let model: &dyn ReturnModel = match forecast {
            Forecast::Linear | Forecast::Expected => &LinearReturn,
            Forecast::Ridge => &RidgeCvReturn::default(),
            Forecast::Instances => &InstanceReturn::default(),
        };
        let shared = fit(model, &learned_from)?;
        let if_charged_off = match forecast {
            Forecast::Expected => Some(fit(&MeanReturn, &|label| label == Label::Positive)?),
            _ => None,
        };
        Ok(Self {
            parts,
            returns,
            shared,
            if_charged_off,
        })
    }

    /// Of training and test loans.
    fn both(&self, model: &dyn FittedReturn) -> Result<LoanForecasts, PortfolioError> {
        let of = |x| model.forecast(LoansToForecast::new(x));
        Ok(LoanForecasts {
            test: of(self.parts.x_valid.view())?,
            train: of(self.parts.x_train.view())?,
        })
    }

    /// Without a classifier.
    pub fn shared(&self) -> Result<LoanForecasts, LendError> {
        Ok(self.both(self.shared.as_ref())?)
    }

    /// By the probabilities of a method; `None` where it has no forecasts of its own. `if_paid` are the shared ones.
    pub fn of_method(
        &self,
        if_paid: &LoanForecasts,
        probabilities: &Probabilities,
    ) -> Result<Option<LoanForecasts>, LendError> {
        let Some(model) = &self.if_charged_off else {
            return Ok(None);
        };
        let if_charged_off = self.both(model.as_ref())?;
        let expected = |p: &[f64], paid: &[f64], charged_off: &[f64]| {
            let p_paid: Vec<f64> = p.iter().map(|p| 1.0 - p).collect();
            expected_return(&p_paid, paid, charged_off)
        };
        let p = probabilities;
        Ok(Some(LoanForecasts {
            test: expected(&p.test, &if_paid.test, &if_charged_off.test)?,
            train: expected(&p.train, &if_paid.train, &if_charged_off.train)?,
        }))
    }

    /// The variance of the return of every test loan: that of the training loans, repaid or not, whose forecasts are alike; of
    /// every so many of them, so that there are `at_most`.
    pub fn variance(
        &self,
        forecasts: &LoanForecasts,
        at_most: usize,
    ) -> Result<Vec<f64>, LendError> {
        let step = self.returns.len().div_ceil(at_most).max(1);
        let every = |values: &[f64]| values.iter().step_by(step).copied().collect::<Vec<_>>();
        let (past, returns) = (every(&forecasts.train), every(&self.returns));
        let alike = InstanceReturn::default().fit_instances(Matrix::new(&past, 1)?, &returns)?;
        let (_, variance) = alike.mean_and_variance(Matrix::new(&forecasts.test, 1)?)?;
        Ok(variance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_contradicts_is_refused_by_name() {
        use RegressionRows::{All, Paid};
        for forecast in [Forecast::Linear, Forecast::Ridge, Forecast::Instances] {
            for (regression, words) in [(Paid, "forecast if paid"), (All, "forecast")] {
                assert_eq!(forecast.words(regression), words);
                assert!(forecast.validate(regression, Rank::Score).is_ok());
            }
        }
        let expected = Forecast::Expected;
        assert_eq!(expected.words(Paid), "expected return");
        assert!(expected.validate(Paid, Rank::Forecast).is_ok());
        for (regression, rank, words) in [
            (
                Paid,
                Rank::Score,
                "`forecast` is expected: must be another one beside `rank=score`",
            ),
            (
                All,
                Rank::Filter,
                "`regression` is all: must be paid beside `forecast=expected`",
            ),
        ] {
            let error = expected.validate(regression, rank).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
