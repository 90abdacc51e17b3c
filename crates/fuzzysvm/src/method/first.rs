//! The first model of the memberships that start from one.

use fuzzysvm_core::{Learner, Samples};
use fuzzysvm_kernels::{Gamma, Rbf};
use fuzzysvm_svm::{Svc, SvcModel, SvmError};

/// The classifier fitted before the weights are known, so before C and γ are: RBF with γ = `scale` of the
/// training samples and C = 1, the defaults of scikit-learn's `SVC`.
pub(super) struct FirstSvc;

impl Learner for FirstSvc {
    type Model = SvcModel<Rbf>;
    type Error = SvmError;

    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<Self::Model, SvmError> {
        let gamma = Gamma::Scale.resolve(train.x())?;
        Svc::rbf(1.0, gamma).fit(train, sample_weight)
    }
}
