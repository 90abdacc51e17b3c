//! Any text: an approximate model that predicts and is written back the same, or a typed error. The
//! checksum is set right first, so that the checks behind it are reached.
#![no_main]

use fuzzysvm_core::{Classifier, Matrix};
use fuzzysvm_svm::model_file::{ApproxModelFile, ModelFileError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = match ApproxModelFile::from_json(text) {
        Err(ModelFileError::Checksum { found, computed }) if !found.is_empty() => {
            ApproxModelFile::from_json(&text.replacen(&found, &computed, 1))
        }
        other => other,
    };
    if let Ok(file) = read {
        let rows = vec![0.5; 2 * file.model.n_features()];
        if let Ok(x) = Matrix::new(&rows, file.model.n_features()) {
            let _ = file.model.decision_function(x);
        }
        let text = file.to_json().expect("what was read can be written");
        assert!(ApproxModelFile::is_format_of(&text));
        assert_eq!(ApproxModelFile::from_json(&text).expect("and read again"), file);
    }
});
