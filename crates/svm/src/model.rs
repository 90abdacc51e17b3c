//! The fitted classifier.

use crate::SvmError;
use crate::ties::{Ties, magnitude};
use fuzzysvm_core::{Classifier, Matrix, MatrixBuf, PredictError, Stop, decision_or_zero};
use fuzzysvm_kernels::{Kernel, KernelKind, weighted_sum};
use fuzzysvm_qp::{DualSolution, SolveInfo, Status};
use rayon::prelude::*;

/// Rows scored together: they share a read of the support vectors.
const BLOCK_ROWS: usize = 64;

/// A fitted classifier: f(x) = Σ_s `dual_coef[s]` K(x, `support_vectors[s]`) + `intercept`, positive
/// where f(x) > 0, and 0 where it is smaller than its rounding ([`decision_or_zero`](fuzzysvm_core::decision_or_zero)).
/// Field names are scikit-learn's.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SvcModel<K = KernelKind> {
    /// Rows of the training samples with α > 0, ascending.
    pub support: Vec<usize>,
    /// Those rows.
    pub support_vectors: MatrixBuf,
    /// y_i α_i of those rows.
    pub dual_coef: Vec<f64>,
    /// b. Where no support vector is free, the middle of the interval of optimal values.
    pub intercept: f64,
    /// The kernel.
    pub kernel: K,
    /// Number of support vectors: negative, positive.
    pub n_support: [usize; 2],
    /// Number of training rows, those of weight 0 included.
    pub n_samples: usize,
    /// How the dual problem was solved.
    pub info: SolveInfo,
}

impl<K: Kernel> SvcModel<K> {
    /// Collects the support vectors. `kept` are the caller's rows behind the variables.
    pub(crate) fn from_solution(
        kernel: K,
        x: Matrix<'_>,
        y: &[f64],
        kept: &[usize],
        n_samples: usize,
        solution: &DualSolution,
    ) -> Result<Self, SvmError> {
        let variables: Vec<usize> = (0..y.len()).filter(|&i| solution.alpha[i] > 0.0).collect();
        let dual_coef: Vec<f64> = variables
            .iter()
            .map(|&i| y[i] * solution.alpha[i])
            .collect();
        let positive = dual_coef.iter().filter(|c| **c > 0.0).count();
        let intercept = -solution.rho;
        if !(intercept.is_finite() && dual_coef.iter().all(|c| c.is_finite())) {
            return Err(SvmError::ModelNotFinite);
        }
        Ok(Self {
            support: variables.iter().map(|&i| kept[i]).collect(),
            support_vectors: x.select_rows(&variables),
            n_support: [dual_coef.len() - positive, positive],
            dual_coef,
            // No "-0", which would look like a negative number.
            intercept: intercept + 0.0,
            kernel,
            n_samples,
            info: solution.info.clone(),
        })
    }

    /// The model that is made of these parts, as kept elsewhere: support vectors with their rows among `n_samples`
    /// training samples, y_i α_i, intercept and kernel. Nothing is said of its solution
    /// ([`Status::Imported`](fuzzysvm_qp::Status::Imported)).
    ///
    /// ```
    /// use fuzzysvm_core::{Classifier, Label, MatrixBuf};
    /// use fuzzysvm_kernels::Linear;
    /// use fuzzysvm_svm::{SvcModel, SvmError};
    ///
    /// let vectors = MatrixBuf::new(vec![-1.0, 1.0], 1)?;
    /// let model = SvcModel::from_parts(Linear, vec![3, 8], vectors.clone(), vec![-0.5, 0.5], 0.0, 10)?;
    /// assert_eq!(model.predict(vectors.view())?, [Label::Negative, Label::Positive]);
    /// let error = SvcModel::from_parts(Linear, vec![3, 10], vectors, vec![-0.5, 0.5], 0.0, 10);
    /// assert_eq!(error.unwrap_err(), SvmError::Parts);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SvmError::Parts`] where the parts do not fit together, a parameter of the kernel outside its range, and
    /// [`SvmError::ModelNotFinite`].
    pub fn from_parts(
        kernel: K,
        support: Vec<usize>,
        support_vectors: MatrixBuf,
        dual_coef: Vec<f64>,
        intercept: f64,
        n_samples: usize,
    ) -> Result<Self, SvmError> {
        kernel.validate()?;
        if !(intercept.is_finite() && dual_coef.iter().all(|c| c.is_finite())) {
            return Err(SvmError::ModelNotFinite);
        }
        let rows = [support.len(), support_vectors.n_rows(), dual_coef.len()];
        if rows.iter().any(|n| *n != rows[0]) || support.iter().any(|row| *row >= n_samples) {
            return Err(SvmError::Parts);
        }
        kernel.check_points(support_vectors.view())?;
        let positive = dual_coef.iter().filter(|c| **c > 0.0).count();
        Ok(Self {
            n_support: [dual_coef.len() - positive, positive],
            support,
            support_vectors,
            dual_coef,
            intercept,
            kernel,
            n_samples,
            info: SolveInfo::new(Status::Imported),
        })
    }

    /// One decision value per row of kernel values, those of a sample with every training sample.
    ///
    /// # Errors
    /// [`PredictError::FeatureCount`] where a row has not one value for every training sample.
    pub fn decision_of_kernel_rows(&self, rows: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let (expected, found) = (self.n_samples, rows.n_cols());
        if found != expected {
            return Err(PredictError::FeatureCount { expected, found });
        }
        let terms = || self.support.iter().zip(&self.dual_coef);
        let decision = |row: &[f64]| {
            let sum: f64 = terms().map(|(&i, coef)| coef * row[i]).sum();
            let magnitude: f64 = terms().map(|(&i, coef)| (coef * row[i]).abs()).sum();
            decision_or_zero(
                sum + self.intercept,
                magnitude + self.intercept.abs(),
                self.support.len() + 1,
            )
        };
        Ok(rows.rows().map(decision).collect())
    }

    /// α of every training row, 0 off the support: a start for [`crate::Svc::fit_warm`].
    pub fn alpha(&self) -> Vec<f64> {
        let mut alpha = vec![0.0; self.n_samples];
        for (&i, c) in self.support.iter().zip(&self.dual_coef) {
            alpha[i] = c.abs();
        }
        alpha
    }
}

impl<K: Kernel> Classifier for SvcModel<K> {
    fn n_features(&self) -> usize {
        self.support_vectors.n_cols()
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        if x.n_cols() != self.n_features() {
            return Err(PredictError::FeatureCount {
                expected: self.n_features(),
                found: x.n_cols(),
            });
        }
        let n_sv = self.dual_coef.len();
        let mut values = vec![self.intercept; x.n_rows()];
        if n_sv > 0 {
            let vectors = self.support_vectors.view();
            let prepared = self.kernel.prepare(vectors);
            let ties = Ties::of_kernel(&self.kernel, &*prepared, &self.dual_coef, self.intercept);
            let weights = self.kernel.weights(vectors, &self.dual_coef);
            let weights = weights.filter(|_| ties.is_bounded());
            let score = |(k, out): (usize, &mut [f64])| {
                Stop::look();
                let first = k * BLOCK_ROWS;
                let x = x.slice_rows(first, first + out.len());
                if weights.is_none() {
                    prepared.add_sums(x, &self.dual_coef, out);
                }
                for (i, value) in out.iter_mut().enumerate() {
                    let factor = Ties::row_factor(&self.kernel, x.row(i));
                    match &weights {
                        Some(w) if factor.is_finite() => *value += weighted_sum(x.row(i), w),
                        // Kernel values overflow, and so may their sum, which is refused.
                        Some(_) => {
                            let value = std::slice::from_mut(value);
                            prepared.add_sums(x.slice_rows(i, i + 1), &self.dual_coef, value);
                        }
                        None => {}
                    }
                    *value = ties.settle(
                        *value,
                        || factor,
                        |coef| {
                            let mut row = vec![0.0; n_sv];
                            prepared.block_f64(x.slice_rows(i, i + 1), &mut row);
                            magnitude(&row, coef)
                        },
                    );
                }
            };
            if values.len() <= BLOCK_ROWS {
                score((0, &mut values));
            } else {
                values
                    .par_chunks_mut(BLOCK_ROWS)
                    .enumerate()
                    .for_each(score);
            }
        }
        match values.iter().position(|v| !v.is_finite()) {
            Some(row) => Err(PredictError::NotFinite {
                row,
                value: values[row],
            }),
            None => Ok(values),
        }
    }
}
