//! The traits [`Kernel`] and [`PreparedKernel`].

use std::sync::Arc;

use fuzzysvm_core::{Entries, Matrix, MatrixBuf, ParamError};

use crate::KernelError;
use crate::parallel::{check_out, for_row_chunks, places};
use crate::sum::weighted_sum;

/// A symmetric function of two samples.
///
/// Only [`eval`](Kernel::eval) has to be written; everything else has a default. The shipped kernels
/// override the defaults with faster code.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_kernels::Kernel;
///
/// /// K(x, z) = 1 / (1 + ‖x − z‖²)
/// struct Cauchy;
///
/// impl Kernel for Cauchy {
///     fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
///         1.0 / (1.0 + x.iter().zip(z).map(|(a, b)| (a - b) * (a - b)).sum::<f64>())
///     }
/// }
///
/// let points = [0.0, 1.0, 3.0];
/// let points = Matrix::new(&points, 1)?;
/// let mut row = [0.0; 3];
/// Cauchy.prepare(points).rows_f64(&[0], &mut row);
/// assert_eq!(row, [1.0, 0.5, 0.1]);
/// # Ok::<(), fuzzysvm_core::MatrixError>(())
/// ```
pub trait Kernel: Send + Sync {
    /// K(x, z); `x` and `z` have the same number of features.
    fn eval(&self, x: &[f64], z: &[f64]) -> f64;

    /// K(x, z) for every row z of `points`; `out` has one value per row.
    ///
    /// # Panics
    /// May panic where `out` has another length, as slices do.
    fn eval_row(&self, x: &[f64], points: Matrix<'_>, out: &mut [f64]) {
        check_out(1, points.n_rows(), out.len());
        for (value, z) in out.iter_mut().zip(points.rows()) {
            *value = self.eval(x, z);
        }
    }

    /// K of every row of `rows` with every row of `points`; `out` is row-major,
    /// `rows.n_rows() × points.n_rows()`. Large blocks use the threads of the current rayon pool,
    /// and no value depends on their number.
    ///
    /// # Panics
    /// May panic where `out` has another length or the two matrices have different numbers of
    /// columns, as slices do.
    fn eval_block(&self, rows: Matrix<'_>, points: Matrix<'_>, out: &mut [f64]) {
        let n = points.n_rows();
        check_out(rows.n_rows(), n, out.len());
        for_row_chunks(out, n, |first, out| {
            for (i, out) in out.chunks_exact_mut(n).enumerate() {
                self.eval_row(rows.row(first + i), points, out);
            }
        });
    }

    /// Prepares `points` for computing many rows; the shipped kernels pack them once.
    fn prepare<'a>(&'a self, points: Matrix<'a>) -> Box<dyn PreparedKernel + 'a> {
        Box::new(PreparedByEval {
            kernel: self,
            points,
        })
    }

    /// A number that no |K(x, z)| exceeds, whatever the samples; `None` where there is none or it is not known.
    fn bound(&self) -> Option<f64> {
        None
    }

    /// w with Σ_j coef_j K(x, points_j) = w · x for every x, of a kernel that is the dot product itself; `None`, the default,
    /// for every other, and where w cannot be told (too large a number, or products too small). A decision by it takes a
    /// step per feature, whatever the number of points.
    ///
    /// # Panics
    /// Where `coef` does not have one value per point.
    fn weights(&self, points: Matrix<'_>, coef: &[f64]) -> Option<Vec<f64>> {
        let _ = (points, coef);
        None
    }

    /// Checks that every parameter lies in its documented range.
    ///
    /// # Errors
    /// [`ParamError`] with the first parameter that does not.
    fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }

    /// Checks that this kernel can work with these samples. Only [`Precomputed`](crate::Precomputed)
    /// requires more than [`Matrix`] already guarantees.
    ///
    /// # Errors
    /// [`KernelError`] with the first sample that it cannot work with.
    fn check_points(&self, points: Matrix<'_>) -> Result<(), KernelError> {
        let _ = points;
        Ok(())
    }
}

/// A kernel and its points, ready to compute entries of the Gram matrix by index.
///
/// An entry has the same bits for any rows and columns it is computed with, and the Gram matrix is exactly symmetric
/// in either precision. Double-precision entries of every shipped kernel are bit-equal to [`Kernel::eval`].
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_kernels::{Entries, Kernel, Rbf};
///
/// let data = [0.0, 1.0, 2.0];
/// let points = Matrix::new(&data, 1)?;
/// let kernel = Rbf { gamma: 1.0 };
/// let prepared = kernel.prepare(points);
/// let mut rows = [0.0f32; 6];
/// prepared.rows_f32(&[2, 0], &mut rows);
/// assert_eq!(rows[2], 1.0); // K(points[2], points[2])
/// assert_eq!(rows[0], rows[5]); // symmetric
/// let mut part = [0.0f32; 1];
/// prepared.fill(Some(&[2]), Some(&[0]), Entries::F32(&mut part));
/// assert_eq!(part[0], rows[0]);
/// # Ok::<(), fuzzysvm_core::MatrixError>(())
/// ```
pub trait PreparedKernel: Send + Sync {
    /// Number of points, the length of a row.
    fn n_points(&self) -> usize;

    /// K(p, p) of every point.
    fn diagonal(&self) -> Vec<f64>;

    /// Whether no entry can be infinite or not a number, so that nobody needs to look. `false` by default; `true` for RBF and
    /// Laplacian kernels with a positive γ, whose values lie between 0 and 1.
    fn always_finite(&self) -> bool {
        false
    }

    /// K(points\[r\], points\[c\]) for every r of `rows` and c of `columns`, where `None` means all points; `out` is
    /// row-major and has one place per entry. Of the whole matrix the shipped kernels compute half.
    ///
    /// In single precision the error is about 1e-6 for RBF on features of usual scale, and about 1e-6 of ‖x‖‖z‖ for
    /// kernels of the dot product, so scale the features.
    ///
    /// # Panics
    /// Where an index is no point or `out` has another length, as slices do.
    fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: Entries<'_>);

    /// The whole Gram matrix in single precision, computed on this thread alone: where other threads have work of their
    /// own, one that waited for them would begin some of that. The entries are those of [`fill`](PreparedKernel::fill).
    ///
    /// # Panics
    /// Where `out` has not one place per entry.
    fn fill_alone(&self, out: &mut [f32]) {
        /// Entries in a piece, which is too small to be shared among threads.
        const ENTRIES: usize = 100_000;
        let n = self.n_points();
        let rows: Vec<u32> = (0..n as u32).collect();
        let height = (ENTRIES / n.max(1)).max(1);
        for (rows, out) in rows.chunks(height).zip(out.chunks_mut(height * n)) {
            self.fill(Some(rows), None, Entries::F32(out));
        }
    }

    /// Whole rows in single precision.
    ///
    /// # Panics
    /// As [`fill`](PreparedKernel::fill).
    fn rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        self.fill(Some(rows), None, Entries::F32(out));
    }

    /// Whole rows in double precision.
    ///
    /// # Panics
    /// As [`fill`](PreparedKernel::fill).
    fn rows_f64(&self, rows: &[u32], out: &mut [f64]) {
        self.fill(Some(rows), None, Entries::F64(out));
    }

    /// Adds Σ_j coef_j K(points\[columns_j\], points\[i\]) to `out_i` for every point i, with entries of single
    /// precision if `single`, of double precision otherwise. The sum is in double precision, in the order of
    /// `columns`. The shipped kernels store no row for it.
    ///
    /// # Panics
    /// Where an index is no point, or `coef` or `out` has another length.
    fn add_products(&self, columns: &[u32], coef: &[f64], single: bool, out: &mut [f64]) {
        if single {
            products(columns, coef, out, |r, row: &mut [f32]| {
                self.rows_f32(r, row)
            });
        } else {
            products(columns, coef, out, |r, row: &mut [f64]| {
                self.rows_f64(r, row)
            });
        }
    }

    /// K(query, every point) for every query; `out` is row-major, `queries.n_rows() × n_points()`.
    ///
    /// # Panics
    /// Where the queries have other features than the points or `out` has another length, as slices do.
    fn block_f64(&self, queries: Matrix<'_>, out: &mut [f64]);

    /// Adds Σ_j coef_j K(query, points\[j\]) to the place of every query in `out`: decision values. The sum is
    /// [`weighted_sum`] of the values of [`block_f64`](PreparedKernel::block_f64), bit for bit; the shipped kernels store no
    /// row for it.
    ///
    /// ```
    /// use fuzzysvm_core::Matrix;
    /// use fuzzysvm_kernels::{Kernel, Linear};
    ///
    /// let points = Matrix::new(&[1.0, 2.0, 3.0], 1)?;
    /// let mut sums = [0.5, 0.5];
    /// Linear.prepare(points).add_sums(Matrix::new(&[1.0, 10.0], 1)?, &[1.0, 0.0, -1.0], &mut sums);
    /// assert_eq!(sums, [-1.5, -19.5]);
    /// # Ok::<(), fuzzysvm_core::MatrixError>(())
    /// ```
    ///
    /// # Panics
    /// As [`block_f64`](PreparedKernel::block_f64), and where `coef` does not have one value per point.
    fn add_sums(&self, queries: Matrix<'_>, coef: &[f64], out: &mut [f64]) {
        /// Rows in memory at a time.
        const AT_ONCE: usize = 8;
        let n = self.n_points();
        check_sums(queries, n, coef, out);
        let mut block = Vec::new();
        for (k, out) in out.chunks_mut(AT_ONCE).enumerate() {
            let first = k * AT_ONCE;
            block.resize(out.len() * n, 0.0);
            self.block_f64(queries.slice_rows(first, first + out.len()), &mut block);
            for (out, row) in out.iter_mut().zip(block.chunks_exact(n.max(1))) {
                *out += weighted_sum(row, coef);
            }
        }
    }
}

/// One sum per query, one coefficient per point.
#[track_caller]
pub(crate) fn check_sums(queries: Matrix<'_>, n_points: usize, coef: &[f64], out: &[f64]) {
    assert_eq!(coef.len(), n_points, "one coefficient per point");
    assert_eq!(out.len(), queries.n_rows(), "one sum per query");
}

/// Sums over rows, eight rows in memory at a time.
pub(crate) fn products<T: Copy + Default + Into<f64>>(
    columns: &[u32],
    coef: &[f64],
    out: &mut [f64],
    fill: impl Fn(&[u32], &mut [T]),
) {
    const AT_ONCE: usize = 8;
    assert_eq!(columns.len(), coef.len(), "one coefficient per column");
    let n = out.len();
    let mut rows = vec![T::default(); n * AT_ONCE.min(columns.len())];
    for (columns, coef) in columns.chunks(AT_ONCE).zip(coef.chunks(AT_ONCE)) {
        let rows = &mut rows[..n * columns.len()];
        fill(columns, rows);
        for (row, &c) in rows.chunks_exact(n.max(1)).zip(coef) {
            for (o, &v) in out.iter_mut().zip(row) {
                *o += c * v.into();
            }
        }
    }
}

/// Every row through [`Kernel::eval_row`].
struct PreparedByEval<'a, K: ?Sized> {
    kernel: &'a K,
    points: Matrix<'a>,
}

impl<K: Kernel + ?Sized> PreparedKernel for PreparedByEval<'_, K> {
    fn n_points(&self) -> usize {
        self.points.n_rows()
    }

    fn diagonal(&self) -> Vec<f64> {
        self.points.rows().map(|p| self.kernel.eval(p, p)).collect()
    }

    fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: Entries<'_>) {
        match out {
            Entries::F32(out) => self.fill_with(rows, columns, out, |v| v as f32),
            Entries::F64(out) => self.fill_with(rows, columns, out, |v| v),
        }
    }

    fn block_f64(&self, queries: Matrix<'_>, out: &mut [f64]) {
        self.kernel.eval_block(queries, self.points, out);
    }
}

impl<K: Kernel + ?Sized> PreparedByEval<'_, K> {
    fn fill_with<T: Send>(
        &self,
        rows: Option<&[u32]>,
        columns: Option<&[u32]>,
        out: &mut [T],
        rounded: impl Fn(f64) -> T + Sync,
    ) {
        let chosen = columns.map(|c| self.points.select_rows(&places(c)));
        let points = chosen.as_ref().map_or(self.points, MatrixBuf::view);
        let width = points.n_rows();
        check_out(rows.map_or(self.n_points(), <[u32]>::len), width, out.len());
        for_row_chunks(out, width, |first, out| {
            let mut row = vec![0.0; width];
            for (i, out) in out.chunks_exact_mut(width).enumerate() {
                let r = rows.map_or(first + i, |rows| rows[first + i] as usize);
                self.kernel.eval_row(self.points.row(r), points, &mut row);
                for (o, &v) in out.iter_mut().zip(&row) {
                    *o = rounded(v);
                }
            }
        });
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<K: Kernel + ?Sized> Kernel for $pointer {
            fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
                (**self).eval(x, z)
            }
            fn eval_row(&self, x: &[f64], points: Matrix<'_>, out: &mut [f64]) {
                (**self).eval_row(x, points, out);
            }
            fn eval_block(&self, rows: Matrix<'_>, points: Matrix<'_>, out: &mut [f64]) {
                (**self).eval_block(rows, points, out);
            }
            fn prepare<'a>(&'a self, points: Matrix<'a>) -> Box<dyn PreparedKernel + 'a> {
                (**self).prepare(points)
            }
            fn bound(&self) -> Option<f64> {
                (**self).bound()
            }
            fn weights(&self, points: Matrix<'_>, coef: &[f64]) -> Option<Vec<f64>> {
                (**self).weights(points, coef)
            }
            fn validate(&self) -> Result<(), ParamError> {
                (**self).validate()
            }
            fn check_points(&self, points: Matrix<'_>) -> Result<(), KernelError> {
                (**self).check_points(points)
            }
        }
    )*};
}
forward!(&K, Box<K>, Arc<K>);
