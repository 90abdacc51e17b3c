//! Any text: a whole model file, with its preprocessing, that decides and is written back the same, or a typed error.
//! Length and checksum are set right first, so that the checks behind them are reached.

use fuzzysvm::core::MatrixBuf;
use fuzzysvm::core::envelope::EnvelopeError;
use fuzzysvm::estimator::{EstimatorError, FittedEstimator, Preprocessing};
use fuzzysvm::svm::model_file::ModelFileError;

use super::resealed::read_resealed;
use super::text;

/// A forest may speak of more features than it looks at; a row of them need not fit into memory.
const WIDEST: usize = 1 << 16;

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
    let width = fitted.preprocessing().n_features();
    if width <= WIDEST {
        let rows = MatrixBuf::new(vec![0.5; 2 * width], width).expect("two rows");
        if let Preprocessing::Table { .. } = fitted.preprocessing() {
            // Scaled, such a row may be too large for a number.
            let _ = fitted.encode_numbers(rows.clone());
        }
        if let Ok(decisions) = fitted.decision_function(rows.view()) {
            assert_eq!(decisions.len(), 2);
        }
    }
    let [negative, positive] = fitted.class_names();
    assert_ne!(negative, positive);
    let written = fitted.to_json().expect("what was read can be written");
    let again = FittedEstimator::from_text(&written).expect("and read again");
    assert_eq!(again.model(), fitted.model());
    assert_eq!(again.preprocessing(), fitted.preprocessing());
    assert_eq!(again.to_json().expect("and written again"), written);
}
