//! The learner [`ApproxSvc`].

use super::mapped::MappedSamples;
use super::model::ApproxModel;
use super::settings::ApproxSvc;
use crate::SvmError;
use fuzzysvm_core::{Label, Learner, Samples, check_weights};
use fuzzysvm_kernels::Kernel;

impl Learner for ApproxSvc {
    type Model = ApproxModel;
    type Error = SvmError;

    /// Fits the classifier.
    ///
    /// # Errors
    /// [`SvmError`]: parameters, one class, weights, more landmarks than samples, a kernel that overflows
    /// or is not positive semidefinite, more memory than the process may have. A solver that stops short of its tolerance is no error:
    /// see [`ApproxModel::info`].
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<ApproxModel, SvmError> {
        self.validate()?;
        train.require_both_classes()?;
        let (n, y) = (train.n_samples(), train.y());
        if let Some(w) = sample_weight {
            check_weights(w, y)?;
        }
        self.kernel.check_points(train.x())?;
        let Some(weights) = sample_weight.filter(|w| w.contains(&0.0)) else {
            return MappedSamples::of_rows(self, train.x(), y.to_vec(), |row| row)?
                .fit(self.c, sample_weight);
        };
        let kept: Vec<usize> = (0..n).filter(|&i| weights[i] > 0.0).collect();
        let x = train.x().select_rows(&kept);
        let y: Vec<Label> = kept.iter().map(|&i| y[i]).collect();
        let weights: Vec<f64> = kept.iter().map(|&i| weights[i]).collect();
        let mapped = MappedSamples::of_rows(self, x.view(), y, |row| kept[row])?;
        let mut model = mapped.fit(self.c, Some(&weights))?;
        model.n_samples = n;
        Ok(model)
    }
}
