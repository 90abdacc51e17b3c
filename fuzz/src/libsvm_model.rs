//! Any text: a LIBSVM model that predicts and is written back, or a typed error.

use fuzzysvm::core::{Classifier, Matrix};
use fuzzysvm::svm::model_file::from_libsvm;

use super::text;

/// Reads the text.
pub fn check(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(imported) = from_libsvm(text, None) {
        let model = imported.model;
        let zero = vec![0.0; model.n_features()];
        if let Ok(x) = Matrix::new(&zero, zero.len()) {
            let _ = model.decision_function(x);
        }
        let text = model.to_libsvm().expect("what was read can be written");
        let again = from_libsvm(&text, Some(model.n_features()))
            .expect("and read again")
            .model;
        assert_eq!(again.dual_coef.len(), model.dual_coef.len());
        assert_eq!(again.intercept, model.intercept);
    }
}
