//! Any text: a model that predicts and is written back the same, or a typed error. Length and
//! checksum are set right first, so that the checks behind them are reached.
#![no_main]

use fuzzysvm_core::{Classifier, Matrix};
use fuzzysvm_svm::model_file::{ModelFile, ModelFileError};
use libfuzzer_sys::fuzz_target;
use resealed::read_resealed;

mod resealed;

fuzz_target!(|text: &str| {
    let read = read_resealed(text, ModelFile::from_json, |e| match e {
        ModelFileError::Envelope(e) => Some(e),
        _ => None,
    });
    if let Ok(file) = read {
        let zero = vec![0.0; file.model.n_features()];
        if let Ok(x) = Matrix::new(&zero, zero.len()) {
            let _ = file.model.decision_function(x);
        }
        let text = file.to_json().expect("what was read can be written");
        assert_eq!(ModelFile::from_json(&text).expect("and read again"), file);
    }
});
