//! The fitted classifier.

use crate::ties::{Ties, magnitude};
use fuzzysvm_core::{Classifier, Matrix, MatrixBuf, PredictError};
use fuzzysvm_kernels::{FeatureMap, Kernel, KernelKind, RandomFourierFeatures, weighted_sum};
use fuzzysvm_qp::Status;
use rayon::prelude::*;

/// Basis functions held at once by a thread, at most (unless a single row has more).
const BLOCK_VALUES: usize = 1 << 16;

/// The functions of x that a model sums.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ApproxBasis {
    /// K(x, landmark).
    Nystrom {
        /// One landmark per row.
        landmarks: MatrixBuf,
    },
    /// √(2/M) cos(ω·x + b).
    Fourier(RandomFourierFeatures),
}

/// How an approximate model was reached and how good it is for its map.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct ApproxInfo {
    /// Why the solver stopped.
    pub status: Status,
    /// Newton steps on all samples.
    pub iterations: u64,
    /// ½‖w‖² + C Σ s_i max(0, 1 − y_i f(x_i)), with the coordinates as stored in single precision.
    pub primal: f64,
    /// The value of a feasible point of the dual problem: no model has a lower `primal`.
    pub dual: f64,
    /// (`primal` − `dual`) / `primal`.
    pub duality_gap: f64,
}

/// A fitted classifier: f(x) = Σ_j `coef[j]` φ_j(x) + `intercept`, positive where f(x) > 0, and 0 where it is smaller than
/// its rounding ([`decision_or_zero`](fuzzysvm_core::decision_or_zero)).
///
/// w itself is not kept; `coef` holds the same function over the basis: see [`FeatureMap::fold`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ApproxModel {
    /// The kernel that was approximated.
    pub kernel: KernelKind,
    /// φ.
    pub basis: ApproxBasis,
    /// One coefficient per basis function.
    pub coef: Vec<f64>,
    /// b.
    pub intercept: f64,
    /// Number of training rows, those of weight 0 included.
    pub n_samples: usize,
    /// How the problem was solved.
    pub info: ApproxInfo,
}

impl ApproxModel {
    /// The name of the map: `nystrom` or `rff`.
    pub fn map_name(&self) -> &'static str {
        match self.basis {
            ApproxBasis::Nystrom { .. } => "nystrom",
            ApproxBasis::Fourier(_) => "rff",
        }
    }
}

impl Classifier for ApproxModel {
    fn n_features(&self) -> usize {
        match &self.basis {
            ApproxBasis::Nystrom { landmarks } => landmarks.n_cols(),
            ApproxBasis::Fourier(map) => map.n_features(),
        }
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        if x.n_cols() != self.n_features() {
            return Err(PredictError::FeatureCount {
                expected: self.n_features(),
                found: x.n_cols(),
            });
        }
        let m = self.coef.len();
        let mut values = vec![self.intercept; x.n_rows()];
        let prepared = match &self.basis {
            ApproxBasis::Nystrom { landmarks } => Some(self.kernel.prepare(landmarks.view())),
            ApproxBasis::Fourier(_) => None,
        };
        let ties = match &prepared {
            Some(points) => Ties::of_kernel(&self.kernel, &**points, &self.coef, self.intercept),
            // Of √(2/M) cos(·).
            None => {
                let largest = (2.0 / m.max(1) as f64).sqrt();
                Ties::new(&self.coef, self.intercept, |_| largest)
            }
        };
        let rows = (BLOCK_VALUES / m.max(1)).max(1);
        values
            .par_chunks_mut(rows)
            .enumerate()
            .for_each_init(Vec::new, |block, (k, out)| {
                let x = x.slice_rows(k * rows, k * rows + out.len());
                block.resize(out.len() * m, 0.0);
                match (&prepared, &self.basis) {
                    (Some(prepared), _) => prepared.block_f64(x, block),
                    (None, ApproxBasis::Fourier(map)) => map.basis(x, block),
                    _ => {}
                }
                let rows = block.chunks_exact(m.max(1)).zip(x.rows());
                for (value, (row, x)) in out.iter_mut().zip(rows) {
                    let factor = || match &self.basis {
                        ApproxBasis::Nystrom { .. } => Ties::row_factor(&self.kernel, x),
                        ApproxBasis::Fourier(_) => 1.0,
                    };
                    let sum = *value + weighted_sum(row, &self.coef);
                    *value = ties.settle(sum, factor, |coef| magnitude(row, coef));
                }
            });
        match values.iter().position(|v| !v.is_finite()) {
            Some(row) => Err(PredictError::NotFinite {
                row,
                value: values[row],
            }),
            None => Ok(values),
        }
    }
}
