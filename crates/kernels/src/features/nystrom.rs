//! Nyström's approximation with landmarks.

use fuzzysvm_core::{Matrix, MatrixBuf};
use nalgebra::DMatrix;
use rayon::prelude::*;

use super::cholesky::{BlockedSolve, pivoted};
use super::landmarks::check_memory;
use super::{FeatureMap, FeatureMapError};
use crate::parallel::check_out;
use crate::{Kernel, KernelKind};

/// Rows mapped together.
const ROWS: usize = 256;
/// Remaining diagonal, relative to the largest, at which a landmark adds nothing any more.
const TOL: f64 = 1e-12;
/// A pivot more negative than this, relative to the largest, is no rounding.
const INDEFINITE: f64 = 1e-8;

/// Nyström's map: K̃(x, x′) = k(x)ᵀ K_mm⁺ k(x′), where k(x) holds the kernel values of x with the m
/// landmarks and K_mm those among the landmarks (Williams & Seeger 2001, *Using the Nyström method to speed
/// up kernel machines*, NIPS 13).
///
/// With K_mm = L Lᵀ the coordinates are z(x) = L⁻¹ k(x). L is the Cholesky factor with complete pivoting
/// (Fine & Scheinberg 2001, *Efficient SVM training using low-rank kernel representations*, JMLR 2):
/// landmarks whose remaining diagonal is at most 1e-12 of the largest add nothing that rounding does not
/// and are dropped, so duplicates among the landmarks are harmless. Any square root of K_mm⁺, such as
/// Λ^(−½)Uᵀ of its eigenvectors, gives the same K̃ up to a rotation of z; the triangular one costs a
/// fraction of the eigenvectors to compute and half as much to apply.
///
/// With every sample a landmark K̃ = K on the samples. K̃ never exceeds K on the diagonal.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_kernels::{FeatureMap, Linear, Nystrom};
/// // The linear kernel of one feature has rank one, however many landmarks there are.
/// let landmarks = [1.0, 2.0, -4.0];
/// let map = Nystrom::from_landmarks(Linear, Matrix::new(&landmarks, 1)?)?;
/// assert_eq!(map.n_components(), 1);
/// assert_eq!(map.landmarks().row(0), [-4.0]);
/// let mut z = [0.0];
/// map.transform(Matrix::new(&[3.0], 1)?, &mut z);
/// assert_eq!(z, [-3.0]); // -4 · 3 / √(-4 · -4)
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Nystrom<K = KernelKind> {
    kernel: K,
    landmarks: MatrixBuf,
    factor: BlockedSolve,
}

impl<K: Kernel> Nystrom<K> {
    /// The map of these landmarks: of those that add something, in the order of their pivots.
    ///
    /// Memory is 24 m² bytes for the time of the call, and two copies of the landmarks; time is that of m³ multiplications
    /// on all threads.
    ///
    /// # Errors
    /// [`FeatureMapError`]: no landmarks, the kernel's parameters, more memory than the process may have, values that
    /// overflow, or a kernel that is not positive semidefinite.
    pub fn from_landmarks(kernel: K, landmarks: Matrix<'_>) -> Result<Self, FeatureMapError> {
        kernel.validate()?;
        super::landmarks::check_components(landmarks.n_rows())?;
        kernel.check_points(landmarks)?;
        let m = landmarks.n_rows();
        // The Gram matrix, its factor, and that in the order of the pivots.
        let d = landmarks.n_cols();
        check_memory(m, d, d.saturating_mul(2).saturating_add(3 * m))?;
        let mut gram = DMatrix::<f64>::zeros(m, m);
        kernel
            .prepare(landmarks)
            .block_f64(landmarks, gram.as_mut_slice());
        if let Some(at) = gram.as_slice().iter().position(|v| !v.is_finite()) {
            return Err(FeatureMapError::NotFinite { landmark: at / m });
        }
        let least = (0..m).fold(0.0f64, |a, i| a.min(gram[(i, i)]));
        let largest = (0..m).fold(0.0f64, |a, i| a.max(gram[(i, i)]));
        let factor = pivoted(gram, TOL);
        let pivot = least.min(factor.most_negative);
        if pivot < -INDEFINITE * largest {
            return Err(FeatureMapError::NotPositiveSemidefinite { pivot });
        }
        if factor.order.is_empty() {
            return Err(FeatureMapError::RankZero);
        }
        Ok(Self {
            kernel,
            landmarks: landmarks.select_rows(&factor.order),
            factor: BlockedSolve::new(factor.l),
        })
    }

    /// The kernel.
    pub fn kernel(&self) -> &K {
        &self.kernel
    }

    /// The landmarks that were kept; basis function j is K(x, landmark j).
    pub fn landmarks(&self) -> &MatrixBuf {
        &self.landmarks
    }

    /// Coordinates of consecutive chunks of rows, each handed to `put` with its place in `out`.
    fn map<T: Send>(&self, x: Matrix<'_>, out: &mut [T], put: impl Fn(f64) -> T + Sync) {
        let m = self.n_components();
        check_out(x.n_rows(), m, out.len());
        let prepared = self.kernel.prepare(self.landmarks.view());
        out.par_chunks_mut(ROWS * m)
            .enumerate()
            .for_each_init(Vec::new, |block, (k, out)| {
                let (first, rows) = (k * ROWS, out.len() / m);
                // Always whole blocks, so that products are computed alike for any number of rows.
                block.clear();
                block.resize(ROWS * m, 0.0);
                prepared.block_f64(x.slice_rows(first, first + rows), &mut block[..rows * m]);
                self.factor.solve(block);
                for (o, &v) in out.iter_mut().zip(block.iter()) {
                    *o = put(v);
                }
            });
    }
}

impl<K: Kernel> FeatureMap for Nystrom<K> {
    fn n_features(&self) -> usize {
        self.landmarks.n_cols()
    }

    fn n_components(&self) -> usize {
        self.factor.n()
    }

    fn basis(&self, x: Matrix<'_>, out: &mut [f64]) {
        self.kernel.prepare(self.landmarks.view()).block_f64(x, out);
    }

    fn transform(&self, x: Matrix<'_>, out: &mut [f64]) {
        self.map(x, out, |v| v);
    }

    fn transform_f32(&self, x: Matrix<'_>, out: &mut [f32]) {
        self.map(x, out, |v| v as f32);
    }

    fn fold(&self, w: &[f64]) -> Vec<f64> {
        assert_eq!(w.len(), self.n_components(), "one weight per component");
        self.factor.solve_transposed(w)
    }
}
