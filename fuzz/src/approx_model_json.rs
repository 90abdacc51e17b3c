//! Any text: an approximate model that predicts and is written back the same, or a typed error. Length
//! and checksum are set right first, so that the checks behind them are reached.

use fuzzysvm::core::{Classifier, Matrix};
use fuzzysvm::svm::model_file::{ApproxModelFile, ModelFileError};

use super::resealed::read_resealed;
use super::text;

/// Reads the text.
pub fn check(bytes: &[u8]) {
    let text = text(bytes);
    let read = read_resealed(text, ApproxModelFile::from_json, |e| match e {
        ModelFileError::Envelope(e) => Some(e),
        _ => None,
    });
    if let Ok(file) = read {
        let rows = vec![0.5; 2 * file.model.n_features()];
        if let Ok(x) = Matrix::new(&rows, file.model.n_features()) {
            let _ = file.model.decision_function(x);
        }
        let text = file.to_json().expect("what was read can be written");
        assert!(ApproxModelFile::is_format_of(&text));
        assert_eq!(
            ApproxModelFile::from_json(&text).expect("and read again"),
            file
        );
    }
}
