//! A kernel whose values are given as a matrix.

use fuzzysvm_core::{Matrix, MatrixBuf, ParamError};

use crate::{Kernel, KernelError};

/// How far mirrored values of a given Gram matrix may differ, relative to the larger of the two and
/// of √(K_ii K_jj): rounding of another library's blocks, no more.
const SYMMETRY_TOLERANCE: f64 = 1e-10;

/// K(i, j) read from a Gram matrix that this kernel owns.
///
/// A sample is one column that holds its row number in the Gram matrix, from 0. The matrix spans all
/// samples there will be: to predict samples that were not trained on, give the Gram matrix of both
/// together and train on the row numbers of the training samples.
///
/// ```
/// use fuzzysvm_core::{Matrix, MatrixBuf};
/// use fuzzysvm_kernels::{Kernel, Precomputed};
///
/// let gram = MatrixBuf::new(vec![1.0, 0.5, 0.5, 2.0], 2)?;
/// let k = Precomputed::new(gram)?;
/// assert_eq!(k.eval(&[0.0], &[1.0]), 0.5);
/// let samples = [1.0, 2.0];
/// let samples = Matrix::new(&samples, 1)?;
/// let error = k.check_points(samples).unwrap_err();
/// assert_eq!(error.to_string(), "sample 1 is 2: it must be a whole number from 0 to 1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "MatrixBuf", into = "MatrixBuf"))]
pub struct Precomputed {
    gram: MatrixBuf,
}

impl Precomputed {
    /// Takes a square Gram matrix that is symmetric up to rounding (1e-10 of the larger of the two
    /// values and of √(K_ii K_jj)); mirrored values are replaced by their mean.
    ///
    /// # Errors
    /// [`KernelError::NotSquare`], or [`KernelError::NotSymmetric`] with the first pair that differs.
    pub fn new(gram: MatrixBuf) -> Result<Self, KernelError> {
        let (n, n_cols) = (gram.n_rows(), gram.n_cols());
        if n != n_cols {
            return Err(KernelError::NotSquare { n_rows: n, n_cols });
        }
        let mut data = gram.into_vec();
        for row in 1..n {
            for col in 0..row {
                let (value, mirrored) = (data[row * n + col], data[col * n + row]);
                if value == mirrored {
                    continue;
                }
                let diagonal = data[row * n + row].abs().sqrt() * data[col * n + col].abs().sqrt();
                let scale = value.abs().max(mirrored.abs()).max(diagonal);
                // Halves first: the difference of two huge values is not finite.
                if (value / 2.0 - mirrored / 2.0).abs() > SYMMETRY_TOLERANCE * (scale / 2.0) {
                    return Err(KernelError::NotSymmetric {
                        row,
                        col,
                        value,
                        mirrored,
                    });
                }
                let mean = value / 2.0 + mirrored / 2.0;
                data[row * n + col] = mean;
                data[col * n + row] = mean;
            }
        }
        Ok(Self {
            gram: MatrixBuf::new(data, n_cols)?,
        })
    }

    /// The Gram matrix.
    pub fn gram(&self) -> Matrix<'_> {
        self.gram.view()
    }

    /// There is no parameter beyond the matrix, which [`Precomputed::new`] has checked.
    ///
    /// # Errors
    /// None.
    pub fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }

    /// The row that a sample names.
    fn index(&self, sample: &[f64]) -> Option<usize> {
        match *sample {
            [v] if v >= 0.0 && v < self.gram.n_rows() as f64 && v.fract() == 0.0 => {
                Some(v as usize)
            }
            _ => None,
        }
    }
}

impl TryFrom<MatrixBuf> for Precomputed {
    type Error = KernelError;

    fn try_from(gram: MatrixBuf) -> Result<Self, KernelError> {
        Self::new(gram)
    }
}

impl From<Precomputed> for MatrixBuf {
    fn from(kernel: Precomputed) -> Self {
        kernel.gram
    }
}

impl Kernel for Precomputed {
    /// The stored value; NaN where a sample names no row, which [`Kernel::check_points`] finds
    /// beforehand.
    fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
        match (self.index(x), self.index(z)) {
            (Some(i), Some(j)) => self.gram.row(i)[j],
            _ => f64::NAN,
        }
    }

    fn validate(&self) -> Result<(), ParamError> {
        Precomputed::validate(self)
    }

    fn check_points(&self, points: Matrix<'_>) -> Result<(), KernelError> {
        if points.n_cols() != 1 {
            return Err(KernelError::NotOneColumn {
                found: points.n_cols(),
            });
        }
        match points.rows().position(|p| self.index(p).is_none()) {
            None => Ok(()),
            Some(row) => Err(KernelError::NoSuchRow {
                row,
                value: points.row(row)[0],
                n_rows: self.gram.n_rows(),
            }),
        }
    }
}
