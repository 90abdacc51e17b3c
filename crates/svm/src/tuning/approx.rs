//! The grid of an approximate classifier.

use super::GridTable;
use super::fold::{self, Outcome, Score, TuningFold};
use super::grid::{check_values, kernels, table_of};
use crate::SvmError;
use crate::approx::{ApproxSvc, MappedSamples};
use fuzzysvm_core::{Classifier, Samples};
use fuzzysvm_qp::Status;

/// A grid of C and γ for [`ApproxSvc`], over which all candidate weights of the folds are tried. The map of
/// a fold and γ is made once; its landmarks are drawn from all training rows of the fold.
///
/// ```
/// use fuzzysvm_core::{Label, Matrix};
/// use fuzzysvm_svm::approx::ApproxSvc;
/// use fuzzysvm_svm::tuning::{ApproxGridSearch, TuningFold};
///
/// let x = [-2.0, -1.5, -1.0, 1.0, 1.5, 2.0];
/// let (n, p) = (Label::Negative, Label::Positive);
/// let y = [n, n, n, p, p, p];
/// let fold = TuningFold {
///     x_train: Matrix::new(&x, 1)?,
///     y_train: &y,
///     x_valid: Matrix::new(&x[..2], 1)?,
///     y_valid: &y[..2],
///     candidates: vec![vec![1.0; 6]],
/// };
/// let right = |truth: &[Label], predicted: &[Label]| f64::from(u8::from(truth == predicted));
/// let svc = ApproxSvc { components: 4, ..ApproxSvc::default() };
/// let grid = ApproxGridSearch { svc, c: vec![0.1, 1.0], gamma: vec![0.5] };
/// assert_eq!(grid.run(&[fold], &right)?.best().score, 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ApproxGridSearch {
    /// The learner, whose C and γ are replaced.
    pub svc: ApproxSvc,
    /// Values of C, each finite and > 0.
    pub c: Vec<f64>,
    /// Values of γ, each finite and > 0; ignored by kernels without γ.
    pub gamma: Vec<f64>,
}

impl ApproxGridSearch {
    /// Checks the grid and the learner.
    ///
    /// # Errors
    /// [`SvmError`] for the first value out of range.
    pub fn validate(&self) -> Result<(), SvmError> {
        check_values(&self.svc.kernel, &self.c, &self.gamma)?;
        self.svc.validate()
    }

    /// Fits and scores every cell. The table does not depend on the number of threads.
    ///
    /// # Errors
    /// [`SvmError`]: parameters, or the first fold that cannot be used, as [`SvmError::Fold`].
    pub fn run(&self, folds: &[TuningFold<'_>], score: Score<'_>) -> Result<GridTable, SvmError> {
        self.run_with_progress(folds, score, &|| {})
    }

    /// As [`ApproxGridSearch::run`], calling `fitted` after every fit.
    ///
    /// # Errors
    /// As [`ApproxGridSearch::run`].
    pub fn run_with_progress(
        &self,
        folds: &[TuningFold<'_>],
        score: Score<'_>,
        fitted: &(dyn Fn() + Sync),
    ) -> Result<GridTable, SvmError> {
        self.validate()?;
        let n_candidates = fold::validate(folds)?;
        let kernels = kernels(&self.svc.kernel, &self.gamma);
        let mut outcomes = Vec::with_capacity(kernels.len() * folds.len());
        // One map at a time, on all threads, so that only one is in memory.
        for kernel in &kernels {
            let svc = ApproxSvc {
                kernel: kernel.clone(),
                ..self.svc.clone()
            };
            for (number, fold) in folds.iter().enumerate() {
                let of_fold = |source: SvmError| SvmError::Fold {
                    fold: number,
                    source: Box::new(source),
                };
                let part = self.fold(&svc, fold, score, fitted).map_err(of_fold)?;
                outcomes.push(part);
            }
        }
        Ok(table_of(
            &kernels,
            &self.c,
            n_candidates,
            folds.len(),
            &outcomes,
        ))
    }

    fn fold(
        &self,
        svc: &ApproxSvc,
        fold: &TuningFold<'_>,
        score: Score<'_>,
        fitted: &(dyn Fn() + Sync),
    ) -> Result<Vec<Outcome>, SvmError> {
        let mapped = MappedSamples::new(svc, Samples::new(fold.x_train, fold.y_train)?)?;
        let mut outcomes = Vec::with_capacity(self.c.len() * fold.candidates.len());
        for &c in &self.c {
            for weights in &fold.candidates {
                let model = mapped.fit(c, Some(weights))?;
                let predicted = model.predict(fold.x_valid)?;
                outcomes.push(Outcome {
                    score: score(fold.y_valid, &predicted),
                    iterations: model.info.iterations,
                    converged: model.info.status == Status::Converged,
                });
                fitted();
            }
        }
        Ok(outcomes)
    }
}
