//! A loan model from finished loans.

use fuzzysvm_calibration::Calibration as _;
use fuzzysvm_core::{Label, Matrix, ParamError, math};
use fuzzysvm_estimator::{Encode as _, FittedEstimator, LoanData};
use fuzzysvm_evaluation::stratified_k_fold;
use fuzzysvm_portfolio::{LinearReturn, ReturnKind, expected_return};

use super::OnOfferError;
use super::alike::Alike;
use super::explain::Explanations;
use super::model::{LoanModel, Part, SCHEMA, TrainedOn};
use crate::drift::FeatureBins;

/// Folds of the forecasts that say how training loans ended.
const FOLDS: usize = 5;

/// How a [`LoanModel`] is made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoanModelOptions {
    /// How returns are measured; default `roi`, over a loan's life.
    pub returns: ReturnKind,
    /// Where the loans come from, for those who read the file; default empty.
    pub source: String,
    /// Seed of the folds; default 1.
    pub seed: u64,
}

impl Default for LoanModelOptions {
    fn default() -> Self {
        Self {
            returns: ReturnKind::default(),
            source: String::new(),
            seed: 1,
        }
    }
}

impl LoanModelOptions {
    /// The same with returns measured like this.
    #[must_use]
    pub fn with_returns(mut self, returns: ReturnKind) -> Self {
        self.returns = returns;
        self
    }

    /// The same with this source.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// The same with this seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}

impl LoanModel {
    /// Learns returns beside an estimator that was fitted, with a calibration, to these loans just now.
    ///
    /// How loans with a forecast ended ([`LoanModel::loans_alike`]) is told by forecasts of models that did not see them:
    /// decision values out of the folds of the calibration, and regressions out of five folds.
    ///
    /// # Errors
    /// An estimator without calibration, or of other loans; fewer than five loans of a class; a return that is not defined.
    pub fn fit(
        fitted: FittedEstimator,
        loans: &LoanData,
        options: &LoanModelOptions,
    ) -> Result<Self, OnOfferError> {
        let no_calibration = OnOfferError::NoForecast {
            found: "a model without probabilities",
        };
        let (Some(decisions), Some(calibration)) = (fitted.out_of_fold(), fitted.calibration())
        else {
            return Err(no_calibration);
        };
        let y = loans.y();
        let n = decisions.len();
        ParamError::check(n == y.len(), "loans", y.len(), "must be those of the fit")?;
        let returns = crate::lend::returns_of(loans, options.returns)?;
        let x = loans.encode(fitted.preprocessing(), None)?;
        let x = x.view();
        let all: Vec<usize> = (0..n).collect();
        let (if_paid, if_charged_off) = learn(x, y, &returns, &all)?;
        let mut expected = vec![0.0; n];
        let p_paid: Vec<f64> = calibration
            .probability(decisions)?
            .iter()
            .map(|p| 1.0 - p)
            .collect();
        for fold in stratified_k_fold(y, FOLDS, options.seed)? {
            let (paid, charged_off) = learn(x, y, &returns, &fold.train)?;
            let paid = paid.forecast(x.select_rows(&fold.test).view())?;
            let of_fold: Vec<f64> = fold.test.iter().map(|&i| p_paid[i]).collect();
            let found = expected_return(&of_fold, &paid, &vec![charged_off; paid.len()])?;
            for (&i, value) in fold.test.iter().zip(found) {
                expected[i] = value;
            }
        }
        let names = fitted.preprocessing().feature_names();
        let explanations = Explanations::of(&fitted, x, y, options.seed)?;
        let part = Part {
            schema: SCHEMA,
            returns: options.returns,
            trained_on: trained_on(loans, &returns, options),
            if_paid,
            if_charged_off,
            alike: Alike::of(&expected, &returns)?,
            score: FeatureBins::of_values("score", Matrix::new(decisions, 1)?)?,
            features: match fitted.preprocessing() {
                fuzzysvm_estimator::Preprocessing::LendingClub(encoding) => encoding
                    .features()
                    .map(|feature| FeatureBins::of(feature, &names, x))
                    .collect::<Result<_, _>>()?,
                _ => Vec::new(),
            },
            explanations,
        };
        Self::new(fitted, part)
    }
}

/// The regression on the repaid loans among these rows, and the mean return of those charged off.
fn learn(
    x: Matrix<'_>,
    y: &[Label],
    returns: &[f64],
    rows: &[usize],
) -> Result<(fuzzysvm_portfolio::LinearForecast, f64), OnOfferError> {
    let of_class =
        |class: Label| -> Vec<usize> { rows.iter().copied().filter(|&i| y[i] == class).collect() };
    let of = |rows: &[usize]| -> Vec<f64> { rows.iter().map(|&i| returns[i]).collect() };
    let (paid, charged_off) = (of_class(Label::Negative), of_class(Label::Positive));
    let regression = LinearReturn.fit_linear(x.select_rows(&paid).view(), &of(&paid))?;
    let lost = of(&charged_off);
    Ok((
        regression,
        math::total(lost.iter().copied()) / lost.len().max(1) as f64,
    ))
}

fn trained_on(loans: &LoanData, returns: &[f64], options: &LoanModelOptions) -> TrainedOn {
    let rows = loans.book_rows(None);
    let months = || rows.iter().map(|&row| loans.book().loan(row).issue_month());
    let name = |month: Option<fuzzysvm_datasets::lending_club::Month>| {
        month.map_or(String::new(), |month| month.to_string())
    };
    TrainedOn {
        source: options.source.clone(),
        loans: rows.len(),
        charged_off: loans.y().iter().filter(|y| y.is_positive()).count(),
        first_issue: name(months().min()),
        last_issue: name(months().max()),
        mean_return: math::total(returns.iter().copied()) / returns.len().max(1) as f64,
    }
}
