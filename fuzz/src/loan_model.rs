//! Any text: a model of loans with what forecasts their returns, that answers and is written back the same, or a typed
//! error. Length and checksum are set right first, so that the checks behind them are reached.

use fuzzysvm::core::envelope::EnvelopeError;
use fuzzysvm::estimator::{EstimatorError, FittedEstimator};
use fuzzysvm::experiments::on_offer::LoanModel;
use fuzzysvm::svm::model_file::ModelFileError;

use super::resealed::read_resealed;
use super::text;

fn envelope(e: &EstimatorError) -> Option<&EnvelopeError> {
    match e {
        EstimatorError::Envelope(e) | EstimatorError::ModelFile(ModelFileError::Envelope(e)) => {
            Some(e)
        }
        _ => None,
    }
}

/// Reads the text.
pub fn check(bytes: &[u8]) {
    let text = text(bytes);
    let Ok(fitted) = read_resealed(text, FittedEstimator::from_text, envelope) else {
        return;
    };
    let Ok(model) = LoanModel::of_fitted(fitted) else {
        return;
    };
    for expected in [-1.0, 0.0, 0.1, f64::MAX] {
        let alike = model
            .loans_alike(expected)
            .expect("training loans there are");
        assert!(alike.sd >= 0.0 && alike.mean.is_finite());
    }
    let written = model.to_fitted().expect("what was read can be written");
    let again = LoanModel::of_fitted(written).expect("and read again");
    assert_eq!(again.trained_on(), model.trained_on());
}
