//! Any text: a model of a peer that predicts and is written back the same, or a typed error. The
//! checksum is set right first, so that the checks behind it are reached.
#![no_main]

use fuzzysvm_baselines::{BaselineFileError, BaselineModelFile};
use fuzzysvm_core::{Classifier, Matrix};
use libfuzzer_sys::fuzz_target;

/// A forest may speak of more features than it looks at; a row of them need not fit into memory.
const WIDEST: usize = 1 << 16;

fuzz_target!(|text: &str| {
    let read = match BaselineModelFile::from_json(text) {
        Err(BaselineFileError::Checksum { found, computed }) if !found.is_empty() => {
            BaselineModelFile::from_json(&text.replacen(&found, &computed, 1))
        }
        other => other,
    };
    if let Ok(file) = read {
        let width = file.model.n_features();
        if width <= WIDEST {
            let rows = vec![0.5; 2 * width];
            if let Ok(x) = Matrix::new(&rows, width) {
                let decisions = file.model.decision_function(x).expect("rows of this width");
                assert_eq!(decisions.len(), 2);
                let _ = file.model.predict_proba(x).expect("rows of this width");
            }
        }
        let text = file.to_json().expect("what was read can be written");
        assert!(BaselineModelFile::is_format_of(&text));
        assert_eq!(BaselineModelFile::from_json(&text).expect("and read again"), file);
    }
});
