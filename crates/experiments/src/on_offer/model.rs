//! A fitted estimator with what forecasts returns.

use std::path::Path;

use fuzzysvm_calibration::CalibrationKind;
use fuzzysvm_estimator::{FittedEstimator, LoanEncoding, Preprocessing};
use fuzzysvm_portfolio::{LinearForecast, ReturnKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::OnOfferError;
use super::alike::{Alike, LoansAlike};
use super::explain::Explanations;
use crate::drift::FeatureBins;

/// Under what name it is kept in the model file.
const NAME: &str = "loans-on-offer";
/// Version of its form.
pub(super) const SCHEMA: u32 = 1;

/// The training loans in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TrainedOn {
    /// Where they come from: `simulated`, or paths.
    pub source: String,
    /// How many they are.
    pub loans: usize,
    /// How many of them were charged off.
    pub charged_off: usize,
    /// Month of the first one, `YYYY-MM`.
    pub first_issue: String,
    /// Month of the last one.
    pub last_issue: String,
    /// Their mean return.
    pub mean_return: f64,
}

/// What is kept beside the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub schema: u32,
    pub returns: ReturnKind,
    pub trained_on: TrainedOn,
    /// The return of a loan that is repaid.
    pub if_paid: LinearForecast,
    /// The mean return of those charged off.
    pub if_charged_off: f64,
    pub alike: Alike,
    /// The spread of the decision value, out of folds.
    pub score: FeatureBins,
    pub features: Vec<FeatureBins>,
    pub explanations: Explanations,
}

/// A fitted estimator of loans with probabilities, and what forecasts their returns.
///
/// ```
/// use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
/// use fuzzysvm_datasets::simulated::SimulatedBook;
/// use fuzzysvm_estimator::{CalibrationSpec, Data, Estimator, LoanData};
/// use fuzzysvm_experiments::on_offer::{BuyOptions, LoanModel, LoanModelOptions};
///
/// // 800 loans that ended, of a simulated book.
/// let mut csv = Vec::new();
/// SimulatedBook { n_loans: 800, seed: 1 }.write_to(&mut csv)?;
/// let book = LoanBook::from_reader(csv.as_slice(), ReadOptions::default())?;
/// let loans = Data::Loans(Box::new(LoanData::new(book, &Selection::default())));
/// let calibrated = Estimator::named("iefsvm")?.with_calibration(Some(CalibrationSpec::default()));
/// let fitted = calibrated.fit(&loans, None)?;
/// # let Data::Loans(loans) = &loans else { unreachable!() };
/// let model = LoanModel::fit(fitted, loans, &LoanModelOptions::default())?;
///
/// // The same file as if its loans were on offer: outcomes are not read.
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("offer.csv");
/// std::fs::write(&path, &csv)?;
/// let offer = model.read(&path, &Default::default())?;
/// let scored = model.score(&offer, false, &|_| {})?;
/// let bought = model.buy(&offer, &scored, &BuyOptions::default())?;
/// assert_eq!(bought.spent, 10_000.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct LoanModel {
    pub(super) fitted: FittedEstimator,
    pub(super) part: Part,
}

impl LoanModel {
    /// Puts the two together.
    pub(super) fn new(fitted: FittedEstimator, part: Part) -> Result<Self, OnOfferError> {
        let model = Self { fitted, part };
        model.check()?;
        Ok(model)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// A file that cannot be read, and a model that forecasts no returns.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, OnOfferError> {
        let path = path.as_ref();
        Self::of_fitted(FittedEstimator::load(path)?).map_err(|source| OnOfferError::InFile {
            file: path.display().to_string(),
            source: Box::new(source),
        })
    }

    /// Of an estimator that was loaded.
    ///
    /// # Errors
    /// A model that forecasts no returns.
    pub fn of_fitted(fitted: FittedEstimator) -> Result<Self, OnOfferError> {
        let Some(kept) = fitted.attached(NAME) else {
            let found = match fitted.preprocessing() {
                Preprocessing::LendingClub(_) => "a model of loans without forecasts of returns",
                _ => "a model of a table",
            };
            return Err(OnOfferError::NoForecast { found });
        };
        let part = Part::deserialize(kept).map_err(|e| OnOfferError::Damaged {
            what: e.to_string(),
        })?;
        Self::new(fitted, part)
    }

    /// The estimator with all that a model file takes: [`LoanModel::load`] reads what [`FittedEstimator::save`] wrote.
    ///
    /// # Errors
    /// A number that JSON does not have.
    pub fn to_fitted(&self) -> Result<FittedEstimator, OnOfferError> {
        let part: Value = serde_json::to_value(&self.part).map_err(|e| OnOfferError::Damaged {
            what: e.to_string(),
        })?;
        Ok(self.fitted.clone().with_attached(NAME, part))
    }

    /// The estimator.
    pub fn fitted(&self) -> &FittedEstimator {
        &self.fitted
    }

    /// The training loans in numbers.
    pub fn trained_on(&self) -> &TrainedOn {
        &self.part.trained_on
    }

    /// How returns are measured.
    pub fn returns(&self) -> ReturnKind {
        self.part.returns
    }

    /// How training loans ended whose return to expect was closest to this one; `None` where there are none.
    pub fn loans_alike(&self, expected: f64) -> Option<LoansAlike> {
        self.part.alike.at(expected)
    }

    /// What encodes loans.
    pub(super) fn encoding(&self) -> Result<&LoanEncoding, OnOfferError> {
        match self.fitted.preprocessing() {
            Preprocessing::LendingClub(encoding) => Ok(encoding),
            _ => Err(OnOfferError::NoForecast {
                found: "a model of a table",
            }),
        }
    }

    /// What makes probabilities.
    pub(super) fn calibration(&self) -> Result<&CalibrationKind, OnOfferError> {
        self.fitted.calibration().ok_or(OnOfferError::NoForecast {
            found: "a model without probabilities",
        })
    }

    /// What a file cannot promise.
    fn check(&self) -> Result<(), OnOfferError> {
        let n = self.encoding()?.n_features();
        self.calibration()?;
        let Part {
            schema,
            if_paid,
            if_charged_off,
            alike,
            score,
            features,
            explanations,
            ..
        } = &self.part;
        let damaged = |what: String| Err(OnOfferError::Damaged { what });
        if *schema != SCHEMA {
            return damaged(format!("schema {schema} instead of {SCHEMA}"));
        }
        let finite = |v: &f64| v.is_finite();
        if if_paid.coefficients.len() != n
            || !if_paid.coefficients.iter().all(finite)
            || !if_paid.intercept.is_finite()
            || !if_charged_off.is_finite()
        {
            return damaged(format!("its regression is not one of {n} features"));
        }
        if !alike.is_sound() {
            return damaged("its training loans are in no order".to_owned());
        }
        if !score.is_sound(1) || !features.iter().all(|bins| bins.is_sound(n)) {
            return damaged("its bins make no sense".to_owned());
        }
        if !explanations.is_sound(n) {
            return damaged("its training loans have other features".to_owned());
        }
        Ok(())
    }
}
