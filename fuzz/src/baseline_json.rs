//! Any text: a model of a baseline that predicts and is written back the same, or a typed error. Length and
//! checksum are set right first, so that the checks behind them are reached.

use fuzzysvm::baselines::BaselineModelFile;
use fuzzysvm::core::envelope::EnvelopeError;
use fuzzysvm::core::{Classifier, Matrix};

use super::text;

/// A forest may speak of more features than it looks at; a row of them need not fit into memory.
const WIDEST: usize = 1 << 16;

fn read_repaired(text: &str) -> Result<BaselineModelFile, EnvelopeError> {
    let mut text = text.to_owned();
    for _ in 0..2 {
        text = match BaselineModelFile::from_json(&text) {
            Err(EnvelopeError::Length { found, computed }) => text.replacen(
                &format!("\"length\":{found}"),
                &format!("\"length\":{computed}"),
                1,
            ),
            Err(EnvelopeError::Checksum { found, computed }) if !found.is_empty() => {
                text.replacen(&found, &computed, 1)
            }
            other => return other,
        };
    }
    BaselineModelFile::from_json(&text)
}

/// Reads the text.
pub fn check(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(file) = read_repaired(text) {
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
        assert_eq!(
            BaselineModelFile::from_json(&text).expect("and read again"),
            file
        );
    }
}
