//! Candidates that are learners: every one on every fold.

use std::sync::Arc;

use fuzzysvm_core::{Classifier, Samples};
use fuzzysvm_evaluation::Score;
use rayon::prelude::*;

use crate::{AnyLearner, Candidate, EncodedFold, EstimatorError};

/// The score of every candidate on every fold, one list per candidate. `done` is called after every fit.
pub(super) fn score(
    method: &str,
    candidates: &[Candidate<Arc<dyn AnyLearner>>],
    folds: &[EncodedFold],
    score: Score,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Vec<f64>>, EstimatorError> {
    let jobs: Vec<(usize, usize)> = (0..candidates.len())
        .flat_map(|c| (0..folds.len()).map(move |f| (c, f)))
        .collect();
    let scores = jobs
        .par_iter()
        .with_max_len(1)
        .map(|&(c, f)| {
            let fold = &folds[f];
            let weights = fold.sample_weight.as_deref();
            let model = fit(method, &candidates[c], fold.train()?, weights)?;
            let predicted = model.predict(fold.x_valid.view())?;
            done();
            Ok(score.of(&fold.y_valid, &predicted)?)
        })
        .collect::<Vec<Result<f64, EstimatorError>>>();
    // In order, so that the first failure does not depend on which thread was faster.
    let scores = scores.into_iter().collect::<Result<Vec<f64>, _>>()?;
    Ok(scores
        .chunks(folds.len().max(1))
        .map(<[f64]>::to_vec)
        .collect())
}

/// Fits a candidate; what fails names method and candidate.
pub(super) fn fit(
    method: &str,
    candidate: &Candidate<Arc<dyn AnyLearner>>,
    train: Samples<'_>,
    sample_weight: Option<&[f64]>,
) -> Result<Box<dyn Classifier>, EstimatorError> {
    candidate
        .value
        .fit_any(train, sample_weight)
        .map_err(|e| EstimatorError::Learner(e).of_method(method, &candidate.label))
}
