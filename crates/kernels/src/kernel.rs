//! The traits [`Kernel`] and [`PreparedKernel`].

use std::sync::Arc;

use fuzzysvm_core::{Matrix, ParamError};

use crate::KernelError;
use crate::parallel::for_row_chunks;

/// A symmetric function of two samples.
///
/// Only [`eval`](Kernel::eval) has to be written; the rest follows from it, and the shipped kernels
/// override it with the packed fast path.
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

    /// K(x, z) for every row z of `points`; `out` has one value a row.
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

    /// Gets `points` ready for many rows: the shipped kernels pack them once.
    fn prepare<'a>(&'a self, points: Matrix<'a>) -> Box<dyn PreparedKernel + 'a> {
        Box::new(PreparedByEval {
            kernel: self,
            points,
        })
    }

    /// Whether every parameter lies in its documented range.
    ///
    /// # Errors
    /// [`ParamError`] with the first parameter that does not.
    fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }

    /// Whether this kernel can work with these samples. Only [`Precomputed`](crate::Precomputed)
    /// asks for more than [`Matrix`] already guarantees.
    ///
    /// # Errors
    /// [`KernelError`] with the first sample that it cannot work with.
    fn check_points(&self, points: Matrix<'_>) -> Result<(), KernelError> {
        let _ = points;
        Ok(())
    }
}

/// A kernel and its points, ready to compute rows of the Gram matrix by index.
///
/// Double-precision values are bit-equal to [`Kernel::eval`] for every shipped kernel, whatever the
/// batch, and the Gram matrix is exactly symmetric in either precision.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_kernels::{Kernel, Rbf};
///
/// let data = [0.0, 1.0, 2.0];
/// let points = Matrix::new(&data, 1)?;
/// let kernel = Rbf { gamma: 1.0 };
/// let prepared = kernel.prepare(points);
/// let mut rows = [0.0f32; 6];
/// prepared.rows_f32(&[2, 0], &mut rows);
/// assert_eq!(rows[2], 1.0); // K(points[2], points[2])
/// assert_eq!(rows[0], rows[5]); // symmetric
/// # Ok::<(), fuzzysvm_core::MatrixError>(())
/// ```
pub trait PreparedKernel: Send + Sync {
    /// Number of points, the length of a row.
    fn n_points(&self) -> usize;

    /// K(p, p) of every point.
    fn diagonal(&self) -> Vec<f64>;

    /// K(points\[r\], every point) for every r of `rows`, in single precision; `out` is row-major,
    /// `rows.len() × n_points()`. For RBF on features of usual scale the error is about 1e-6; for
    /// kernels of the dot product about 1e-6 of ‖x‖‖z‖, so scale the features.
    ///
    /// # Panics
    /// Where an index is no point or `out` has another length, as slices do.
    fn rows_f32(&self, rows: &[u32], out: &mut [f32]);

    /// The same in double precision.
    ///
    /// # Panics
    /// As [`rows_f32`](PreparedKernel::rows_f32).
    fn rows_f64(&self, rows: &[u32], out: &mut [f64]);

    /// K among all points in single precision, bit for bit as [`rows_f32`](PreparedKernel::rows_f32) has
    /// it; `out` is row-major, `n_points() × n_points()`. The shipped kernels compute half of it.
    ///
    /// # Panics
    /// Where `out` has another length.
    fn gram_f32(&self, out: &mut [f32]) {
        let all: Vec<u32> = (0..self.n_points() as u32).collect();
        self.rows_f32(&all, out);
    }

    /// The same in double precision, as [`rows_f64`](PreparedKernel::rows_f64) has it.
    ///
    /// # Panics
    /// As [`gram_f32`](PreparedKernel::gram_f32).
    fn gram_f64(&self, out: &mut [f64]) {
        let all: Vec<u32> = (0..self.n_points() as u32).collect();
        self.rows_f64(&all, out);
    }

    /// K between some points and some others in single precision, entry for entry as
    /// [`rows_f32`](PreparedKernel::rows_f32) has it; `out` is row-major, `rows.len() × columns.len()`.
    ///
    /// # Panics
    /// As [`rows_f32`](PreparedKernel::rows_f32).
    fn part_f32(&self, rows: &[u32], columns: &[u32], out: &mut [f32]) {
        part(rows, columns, self.n_points(), out, |r, row| {
            self.rows_f32(r, row);
        });
    }

    /// The same in double precision, as [`rows_f64`](PreparedKernel::rows_f64) has it.
    ///
    /// # Panics
    /// As [`rows_f32`](PreparedKernel::rows_f32).
    fn part_f64(&self, rows: &[u32], columns: &[u32], out: &mut [f64]) {
        part(rows, columns, self.n_points(), out, |r, row| {
            self.rows_f64(r, row);
        });
    }

    /// Adds Σ_j coef_j K(points\[columns_j\], points\[i\]) to `out_i` for every point i, with the
    /// entries of [`rows_f32`](PreparedKernel::rows_f32) and the sum in double precision, in the order
    /// of `columns`. The shipped kernels store no row for it.
    ///
    /// # Panics
    /// Where an index is no point, or `coef` or `out` has another length.
    fn add_products_f32(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        products(
            columns,
            coef,
            out,
            |r, row| self.rows_f32(r, row),
            f64::from,
        );
    }

    /// The same with the entries of [`rows_f64`](PreparedKernel::rows_f64).
    ///
    /// # Panics
    /// As [`add_products_f32`](PreparedKernel::add_products_f32).
    fn add_products_f64(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        products(columns, coef, out, |r, row| self.rows_f64(r, row), |v| v);
    }

    /// K(query, every point) for every query; `out` is row-major, `queries.n_rows() × n_points()`.
    ///
    /// # Panics
    /// Where the queries have other features than the points or `out` has another length, as
    /// slices do.
    fn block_f64(&self, queries: Matrix<'_>, out: &mut [f64]);
}

/// A matrix of results has one value a row and point.
#[track_caller]
pub(crate) fn check_out(n_rows: usize, n_points: usize, len: usize) {
    assert_eq!(
        n_rows.saturating_mul(n_points),
        len,
        "the output must hold {n_rows} rows of {n_points} values"
    );
}

/// Entries of whole rows, picked.
fn part<T: Copy + Default>(
    rows: &[u32],
    columns: &[u32],
    n: usize,
    out: &mut [T],
    fill: impl Fn(&[u32], &mut [T]),
) {
    check_out(rows.len(), columns.len(), out.len());
    let mut whole = vec![T::default(); n];
    for (r, out) in rows.iter().zip(out.chunks_exact_mut(columns.len().max(1))) {
        fill(std::slice::from_ref(r), &mut whole);
        for (o, &c) in out.iter_mut().zip(columns) {
            *o = whole[c as usize];
        }
    }
}

/// Sums over rows, eight rows in memory at a time.
fn products<T: Copy + Default>(
    columns: &[u32],
    coef: &[f64],
    out: &mut [f64],
    fill: impl Fn(&[u32], &mut [T]),
    wide: impl Fn(T) -> f64,
) {
    const AT_ONCE: usize = 8;
    assert_eq!(columns.len(), coef.len(), "one coefficient a column");
    let n = out.len();
    let mut rows = vec![T::default(); n * AT_ONCE.min(columns.len())];
    for (columns, coef) in columns.chunks(AT_ONCE).zip(coef.chunks(AT_ONCE)) {
        let rows = &mut rows[..n * columns.len()];
        fill(columns, rows);
        for (row, &c) in rows.chunks_exact(n.max(1)).zip(coef) {
            for (o, &v) in out.iter_mut().zip(row) {
                *o += c * wide(v);
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

    fn rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        let n = self.n_points();
        check_out(rows.len(), n, out.len());
        for_row_chunks(out, n, |first, out| {
            let mut wide = vec![0.0; n];
            for (out, &r) in out.chunks_exact_mut(n).zip(&rows[first..]) {
                self.kernel
                    .eval_row(self.points.row(r as usize), self.points, &mut wide);
                for (narrow, &v) in out.iter_mut().zip(&wide) {
                    *narrow = v as f32;
                }
            }
        });
    }

    fn rows_f64(&self, rows: &[u32], out: &mut [f64]) {
        let n = self.n_points();
        check_out(rows.len(), n, out.len());
        for_row_chunks(out, n, |first, out| {
            for (out, &r) in out.chunks_exact_mut(n).zip(&rows[first..]) {
                self.kernel
                    .eval_row(self.points.row(r as usize), self.points, out);
            }
        });
    }

    fn block_f64(&self, queries: Matrix<'_>, out: &mut [f64]) {
        self.kernel.eval_block(queries, self.points, out);
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

/// The [`Kernel`] methods of a kernel that has a [`Form`](crate::form::Form) and an inherent
/// `validate`.
macro_rules! packed_kernel {
    ($kernel:ty) => {
        impl crate::Kernel for $kernel {
            fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
                crate::tile::pair(self.form(), x, z)
            }
            fn eval_row(&self, x: &[f64], points: fuzzysvm_core::Matrix<'_>, out: &mut [f64]) {
                crate::kernel::check_out(1, points.n_rows(), out.len());
                crate::tile::row(self.form(), x, points, out);
            }
            fn eval_block(
                &self,
                rows: fuzzysvm_core::Matrix<'_>,
                points: fuzzysvm_core::Matrix<'_>,
                out: &mut [f64],
            ) {
                crate::packed::eval_block(self.form(), rows, points, out);
            }
            fn prepare<'a>(
                &'a self,
                points: fuzzysvm_core::Matrix<'a>,
            ) -> Box<dyn crate::PreparedKernel + 'a> {
                Box::new(crate::packed::PackedPoints::new(self.form(), points))
            }
            fn validate(&self) -> Result<(), fuzzysvm_core::ParamError> {
                // The inherent method of the same name.
                <$kernel>::validate(self)
            }
        }
    };
}
pub(crate) use packed_kernel;
