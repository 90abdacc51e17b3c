//! What has moved from the training to the test loans of a trial.

use fuzzysvm_estimator::{EncodedFold, Preprocessing};
use fuzzysvm_evaluation::{EvaluationError, Psi, psi_of_values};

use super::LEVEL;
use super::results::Drift;
use super::round::short;
use crate::drift::{FeatureBins, N_BINS};

/// The drift of the score, then that of the features from the greatest down.
pub(super) fn drifts(
    parts: &EncodedFold,
    train_scores: &[f64],
    test_scores: &[f64],
) -> Result<Vec<Drift>, EvaluationError> {
    let (n_train, n_test) = (train_scores.len(), test_scores.len());
    let drift = |feature: &str, found: Psi| Drift {
        feature: feature.to_owned(),
        psi: short(found.psi),
        critical: short(found.critical),
        bins: found.bins,
        n_train,
        n_test,
    };
    let score = drift(
        "score",
        psi_of_values(train_scores, test_scores, N_BINS, LEVEL)?,
    );
    let mut features = Vec::new();
    if let Preprocessing::LendingClub(encoding) = &parts.preprocessing {
        let names = encoding.feature_names();
        for feature in encoding.features() {
            let bins = FeatureBins::of(feature, &names, parts.x_train.view())?;
            let counts = bins.count(parts.x_valid.view());
            features.push(drift(feature, bins.psi(&counts, LEVEL)?));
        }
    }
    features.sort_by(|a, b| b.psi.total_cmp(&a.psi));
    Ok(std::iter::once(score).chain(features).collect())
}
