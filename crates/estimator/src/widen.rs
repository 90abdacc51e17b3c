//! More features than the training file had.

use fuzzysvm_core::MatrixBuf;
use fuzzysvm_datasets::table::MAX_VALUES;

use crate::{EstimatorError, FittedEstimator, Model, Preprocessing, SvmModel};

impl FittedEstimator {
    /// The same model of more features, which were 0 in all training samples: it scores files of LIBSVM's format with
    /// indices that training did not have, as LIBSVM itself does. A scaling other than none makes such a feature 0,
    /// as any that was constant in training.
    ///
    /// # Errors
    /// [`EstimatorError`]: fewer features than there are, columns that are not those of a LIBSVM file, or a model that
    /// is no SVM of a kernel (train it with the number of features).
    pub fn with_n_features(mut self, n_features: usize) -> Result<Self, EstimatorError> {
        let Preprocessing::Table {
            schema,
            imputer,
            scaler,
        } = &mut self.preprocessing
        else {
            return Err(EstimatorError::unexpected(
                "n_features for a model of loans",
                "a model of LIBSVM data",
            ));
        };
        // LIBSVM's files miss no values, and indicators would stand among the new features.
        if imputer.as_ref().is_some_and(|i| i.n_indicators() > 0) {
            return Err(EstimatorError::unexpected(
                "n_features for a model with indicators of missing values",
                "a model of LIBSVM data",
            ));
        }
        let wide = schema.widened(n_features)?;
        if wide.n_features() == scaler.n_features() {
            return Ok(self);
        }
        let is_gram = self.model.gram().is_some();
        match &mut self.model {
            Model::Svm(SvmModel::Exact(model)) if !is_gram => {
                let narrow = model.support_vectors.view();
                if narrow.n_rows().saturating_mul(n_features) > MAX_VALUES {
                    return Err(EstimatorError::unexpected(
                        format!(
                            "{n_features} features of {} support vectors",
                            narrow.n_rows()
                        ),
                        format!("at most {MAX_VALUES} values"),
                    ));
                }
                let mut data = Vec::with_capacity(narrow.n_rows().saturating_mul(n_features));
                for row in narrow.rows() {
                    data.extend_from_slice(row);
                    data.resize(data.len() + n_features - row.len(), 0.0);
                }
                model.support_vectors = MatrixBuf::new(data, n_features)?;
            }
            _ => {
                return Err(EstimatorError::unexpected(
                    "n_features for a model without support vectors",
                    "n_features when it is trained",
                ));
            }
        }
        *schema = wide;
        *scaler = scaler.widened(n_features);
        Ok(self)
    }
}
