//! Probabilities from decision values of models that did not see the samples.

use fuzzysvm_calibration::{CalibrationKind, Calibrator as _, CalibratorKind};
use fuzzysvm_core::ParamError;

use crate::{CrossValidation, Data, Estimator, EstimatorError, Warning};

/// How an estimator's decision values become probabilities of the positive class.
///
/// The calibrator is fitted to one decision value per training sample, by the model of the fold that did not see it, with
/// preprocessing and memberships learnt anew in every fold; the model that is kept is fitted to all samples. Given sample
/// weights count in both, memberships in the models alone: probabilities are those of the samples, not of the weighted
/// classes.
///
/// ```
/// use fuzzysvm_core::{Label, MatrixBuf};
/// use fuzzysvm_estimator::{CalibrationSpec, Data, Estimator};
///
/// let x: Vec<f64> = (0..60).map(|i| f64::from(i) + if i % 4 == 0 { 19.5 } else { 0.0 }).collect();
/// let y: Vec<Label> = (0..60).map(|i| Label::from_sign(f64::from(i) - 47.5)).collect();
/// let data = Data::from_matrix(MatrixBuf::new(x, 1)?, y)?;
/// let estimator = Estimator::named("iefsvm")?.with_calibration(Some(CalibrationSpec::default()));
/// let fitted = estimator.fit(&data, None)?;
/// let new = fitted.encode_numbers(MatrixBuf::new(vec![1.0, 59.0], 1)?)?;
/// let p = fitted.predict_proba(new.view())?;
/// assert!(p[0] < 0.2 && p[1] > p[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CalibrationSpec {
    /// The calibrator; default sigmoid.
    pub method: CalibratorKind,
    /// Folds of the cross-validation, at least 2; default 5.
    pub folds: usize,
}

impl Default for CalibrationSpec {
    fn default() -> Self {
        Self {
            method: CalibratorKind::default(),
            folds: 5,
        }
    }
}

impl CalibrationSpec {
    /// The same by this calibrator.
    #[must_use]
    pub fn with_method(mut self, method: CalibratorKind) -> Self {
        self.method = method;
        self
    }

    /// The same with so many folds.
    #[must_use]
    pub fn with_folds(mut self, folds: usize) -> Self {
        self.folds = folds;
        self
    }

    /// Checks the number of folds.
    ///
    /// # Errors
    /// [`ParamError`] for fewer than 2.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(self.folds >= 2, "folds", self.folds, "must be at least 2")
    }

    fn cross_validation(&self, estimator: &Estimator) -> CrossValidation {
        CrossValidation {
            folds: self.folds,
            scale: estimator.scaler_kind(),
            seed: estimator.seed,
        }
    }

    /// What there is to say about the folds of these data, before anything is fitted.
    pub(crate) fn warnings(
        &self,
        estimator: &Estimator,
        data: &Data,
    ) -> Result<Vec<Warning>, EstimatorError> {
        self.cross_validation(estimator).warnings(data)
    }

    /// The calibration of `estimator` on these data.
    pub(crate) fn fit(
        &self,
        estimator: &Estimator,
        data: &Data,
        sample_weight: Option<&[f64]>,
    ) -> Result<OutOfFold, EstimatorError> {
        let cv = self.cross_validation(estimator);
        let mut warnings = Vec::new();
        let found = cv.weighted_decisions(data, sample_weight, estimator, &|| {})?;
        let fitted = self.method.fit(&found.decisions, data.y(), sample_weight)?;
        if found.at_max_iter > 0 {
            warnings.push(Warning::FoldsAtMaxIterations {
                folds: found.at_max_iter,
                of: self.folds,
            });
        }
        if fitted.is_constant() {
            warnings.push(Warning::ConstantProbability);
        }
        warnings.extend(found.warnings);
        Ok(OutOfFold {
            decisions: found.decisions,
            calibration: fitted,
            warnings,
        })
    }
}

/// What came of a calibration.
pub(crate) struct OutOfFold {
    /// The decision value of every sample, by the fit of the fold that did not see it.
    pub decisions: Vec<f64>,
    pub calibration: CalibrationKind,
    /// What is to be said of it.
    pub warnings: Vec<Warning>,
}
