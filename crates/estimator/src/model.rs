//! A fitted model of any kind.

use fuzzysvm_baselines::BaselineModel;
use fuzzysvm_core::{Classifier, Matrix, PredictError};
use fuzzysvm_kernels::{KernelKind, Precomputed};
use fuzzysvm_svm::SvcModel;

use crate::SvmModel;

/// A fitted model: a support vector machine or a baseline.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Model {
    /// A support vector machine.
    Svm(SvmModel),
    /// A baseline, which is not an SVM.
    Baseline(BaselineModel),
}

impl Model {
    /// Number of support vectors, or of landmarks or frequencies; `None` for a baseline.
    pub fn n_support(&self) -> Option<usize> {
        match self {
            Model::Svm(SvmModel::Exact(model)) => Some(model.dual_coef.len()),
            Model::Svm(SvmModel::Approx(model)) => Some(model.coef.len()),
            Model::Baseline(_) => None,
        }
    }

    /// The model and its Gram matrix, where the kernel values were given.
    pub(crate) fn gram(&self) -> Option<(&SvcModel<KernelKind>, &Precomputed)> {
        match self {
            Model::Svm(SvmModel::Exact(model)) => match &model.kernel {
                KernelKind::Precomputed(gram) => Some((model, gram)),
                _ => None,
            },
            _ => None,
        }
    }

    fn classifier(&self) -> &dyn Classifier {
        match self {
            Model::Svm(model) => model,
            Model::Baseline(model) => model,
        }
    }
}

impl Classifier for Model {
    /// Number of features; where the kernel values were given, number of training samples.
    fn n_features(&self) -> usize {
        match self.gram() {
            Some((_, gram)) => gram.gram().n_rows(),
            None => self.classifier().n_features(),
        }
    }

    /// One decision value per row. Where the kernel values were given, a row holds those of the sample with every
    /// training sample.
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let Some((model, _)) = self.gram() else {
            return self.classifier().decision_function(x);
        };
        model.decision_of_kernel_rows(x)
    }
}
