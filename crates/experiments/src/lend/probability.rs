//! Probabilities of default from decision values.

use fuzzysvm_calibration::{Calibration as _, Calibrator as _, CalibratorKind};
use fuzzysvm_core::Samples;
use fuzzysvm_estimator::EstimatorError;
use fuzzysvm_estimator::tuning::TunedMethod;
use fuzzysvm_evaluation::stratified_k_fold;

use super::LendError;

/// Probabilities of default of the loans of a trial by one method.
#[derive(Debug, Clone)]
pub(super) struct Probabilities {
    /// Decision values of the training loans by fits that did not see them.
    pub out_of_fold: Vec<f64>,
    /// Of the training loans, from these.
    pub train: Vec<f64>,
    /// Of the test loans.
    pub test: Vec<f64>,
}

impl Probabilities {
    /// Platt's sigmoid on out-of-fold decision values of the training loans. The parameters and weights are those chosen on
    /// all of them.
    pub fn of(
        tuned: &TunedMethod,
        train: Samples<'_>,
        test_scores: &[f64],
        folds: usize,
        seed: u64,
    ) -> Result<Self, LendError> {
        let out_of_fold = out_of_fold(tuned, train, folds, seed)?;
        let calibration = CalibratorKind::Sigmoid.fit(&out_of_fold, train.y(), None);
        let calibration = calibration.map_err(EstimatorError::from)?;
        let probability = |scores: &[f64]| {
            let found = calibration.probability(scores);
            found.map_err(EstimatorError::from)
        };
        Ok(Self {
            train: probability(&out_of_fold)?,
            test: probability(test_scores)?,
            out_of_fold,
        })
    }
}

/// Scores of the training loans by fits that did not see them.
fn out_of_fold(
    tuned: &TunedMethod,
    train: Samples<'_>,
    folds: usize,
    seed: u64,
) -> Result<Vec<f64>, LendError> {
    let mut scores = vec![0.0; train.n_samples()];
    for fold in stratified_k_fold(train.y(), folds, seed)? {
        let fitted = tuned.fit_rows(train, &fold.train)?;
        let x = train.x().select_rows(&fold.test);
        let found = fitted.classifier.decision_function(x.view())?;
        for (row, score) in fold.test.into_iter().zip(found) {
            scores[row] = score;
        }
    }
    Ok(scores)
}
