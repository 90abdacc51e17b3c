//! Random Fourier features of the RBF kernel.

use fuzzysvm_core::{Matrix, MatrixBuf, math};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use super::landmarks::check_memory;
use super::{FeatureMap, FeatureMapError};
use crate::gamma::check_gamma;
use crate::parallel::check_out;
use crate::{Kernel, Linear};

/// Rows mapped together.
const ROWS: usize = 64;

/// z_j(x) = √(2/M) cos(ω_j·x + b_j) with ω_j ~ N(0, 2γ I) and b_j uniform on \[0, 2π):
/// E z(x)·z(x′) = exp(−γ‖x − x′‖²), with a standard error that falls as 1/√M (Rahimi & Recht 2007, *Random
/// features for large-scale kernel machines*, NIPS 20).
///
/// No sample is needed to make it, only their number of features; [`Nystrom`](super::Nystrom) adapts to
/// the samples and is usually more accurate at the same M.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_kernels::{FeatureMap, RandomFourierFeatures};
/// let map = RandomFourierFeatures::new(0.5, 2, 5000, 1)?;
/// let data = [1.0, 2.0, 2.0, 3.0];
/// let mut z = vec![0.0; 2 * 5000];
/// map.transform(Matrix::new(&data, 2)?, &mut z);
/// let dot: f64 = (0..5000).map(|k| z[k] * z[5000 + k]).sum();
/// assert!((dot - (-1.0f64).exp()).abs() < 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RandomFourierFeatures {
    frequencies: MatrixBuf,
    phases: Vec<f64>,
}

impl RandomFourierFeatures {
    /// Draws `components` frequencies and phases for samples of `n_features` features. Component j is the
    /// same for every number of components.
    ///
    /// # Errors
    /// [`FeatureMapError`]: γ not finite and > 0, no components, no features, more memory than the process may have,
    /// frequencies that overflow.
    pub fn new(
        gamma: f64,
        n_features: usize,
        components: usize,
        seed: u64,
    ) -> Result<Self, FeatureMapError> {
        check_gamma(gamma)?;
        super::landmarks::check_components(components)?;
        // The frequencies, and a copy in the order in which they are read.
        check_memory(components, n_features, n_features.saturating_mul(2))?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let sd = (2.0 * gamma).sqrt();
        let mut frequencies = Vec::with_capacity(components * n_features);
        let mut phases = Vec::with_capacity(components);
        for _ in 0..components {
            for _ in 0..n_features {
                let normal: f64 = StandardNormal.sample(&mut rng);
                frequencies.push(sd * normal);
            }
            phases.push(rng.random_range(0.0..std::f64::consts::TAU));
        }
        Self::from_parts(MatrixBuf::new(frequencies, n_features)?, phases)
    }

    /// A map from its frequencies, one per row, and its phases, as a file has them.
    ///
    /// # Errors
    /// [`FeatureMapError`] where there are no frequencies, or phases of another number or not finite.
    pub fn from_parts(frequencies: MatrixBuf, phases: Vec<f64>) -> Result<Self, FeatureMapError> {
        super::landmarks::check_components(frequencies.n_rows())?;
        if phases.len() != frequencies.n_rows() {
            return Err(FeatureMapError::PhaseCount {
                expected: frequencies.n_rows(),
                found: phases.len(),
            });
        }
        Matrix::new(&phases, 1)?;
        Ok(Self {
            frequencies,
            phases,
        })
    }

    /// ω, one frequency per row.
    pub fn frequencies(&self) -> &MatrixBuf {
        &self.frequencies
    }

    /// b, one phase a frequency.
    pub fn phases(&self) -> &[f64] {
        &self.phases
    }

    fn map<T: Send>(&self, x: Matrix<'_>, out: &mut [T], put: impl Fn(f64) -> T + Sync) {
        let m = self.phases.len();
        check_out(x.n_rows(), m, out.len());
        let prepared = Linear.prepare(self.frequencies.view());
        let scale = (2.0 / m as f64).sqrt();
        out.par_chunks_mut(ROWS * m)
            .enumerate()
            .for_each_init(Vec::new, |block, (k, out)| {
                let (first, rows) = (k * ROWS, out.len() / m);
                block.resize(out.len(), 0.0);
                prepared.block_f64(x.slice_rows(first, first + rows), block);
                for (out, angles) in out.chunks_exact_mut(m).zip(block.chunks_exact(m)) {
                    for ((o, a), b) in out.iter_mut().zip(angles).zip(&self.phases) {
                        *o = put(scale * math::cos(a + b));
                    }
                }
            });
    }
}

impl FeatureMap for RandomFourierFeatures {
    fn n_features(&self) -> usize {
        self.frequencies.n_cols()
    }

    fn n_components(&self) -> usize {
        self.phases.len()
    }

    fn basis(&self, x: Matrix<'_>, out: &mut [f64]) {
        self.map(x, out, |v| v);
    }

    fn transform(&self, x: Matrix<'_>, out: &mut [f64]) {
        self.map(x, out, |v| v);
    }

    fn transform_f32(&self, x: Matrix<'_>, out: &mut [f32]) {
        self.map(x, out, |v| v as f32);
    }

    fn fold(&self, w: &[f64]) -> Vec<f64> {
        assert_eq!(w.len(), self.n_components(), "one weight per component");
        w.to_vec()
    }
}
