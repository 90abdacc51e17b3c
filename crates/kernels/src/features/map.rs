//! The trait [`FeatureMap`].

use fuzzysvm_core::Matrix;

/// A map z of samples to coordinates whose dot product stands in for a kernel.
///
/// Every map is z(x) = T φ(x) with *basis functions* φ that are cheap (a kernel value with a landmark, a
/// cosine) and a fixed linear T. A linear model w·z(x) is therefore v·φ(x) with v = Tᵀw: see
/// [`FeatureMap::fold`]. Predictions never need z.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_kernels::{FeatureMap, Kernel, Nystrom, Rbf};
///
/// let data = [0.0, 1.0, 3.0];
/// let x = Matrix::new(&data, 1)?;
/// let kernel = Rbf { gamma: 0.5 };
/// let map = Nystrom::from_landmarks(kernel, x)?; // every sample a landmark
/// let mut z = [0.0; 9];
/// map.transform(x, &mut z);
/// let dot: f64 = (0..3).map(|k| z[k] * z[6 + k]).sum();
/// assert!((dot - kernel.eval(&[0.0], &[3.0])).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait FeatureMap: Send + Sync {
    /// Number of features of a sample.
    fn n_features(&self) -> usize;

    /// Number of coordinates of z, which is that of the basis functions too.
    fn n_components(&self) -> usize;

    /// The basis functions φ of every row; `out` is row-major, `x.n_rows() × n_components()`. The values
    /// of a row depend on that row alone, bit for bit.
    ///
    /// # Panics
    /// Where `x` has other features or `out` another length, as slices do.
    fn basis(&self, x: Matrix<'_>, out: &mut [f64]);

    /// The coordinates z of every row; `out` is row-major, `x.n_rows() × n_components()`.
    ///
    /// # Panics
    /// As [`basis`](FeatureMap::basis).
    fn transform(&self, x: Matrix<'_>, out: &mut [f64]);

    /// The same, computed in double precision and stored in single, in blocks and on all threads: half
    /// the memory of [`transform`](FeatureMap::transform).
    ///
    /// # Panics
    /// As [`basis`](FeatureMap::basis).
    fn transform_f32(&self, x: Matrix<'_>, out: &mut [f32]);

    /// v with w·z(x) = v·φ(x) for every x.
    ///
    /// # Panics
    /// Where `w` has another length than [`n_components`](FeatureMap::n_components).
    fn fold(&self, w: &[f64]) -> Vec<f64>;
}
