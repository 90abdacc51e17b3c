//! Row-major matrices of finite numbers, borrowed and owned.

use crate::MatrixError;

/// A borrowed row-major matrix: rows are samples, columns are features, every value is finite.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// let data = [1.0, 2.0, 3.0, 4.0];
/// let x = Matrix::new(&data, 2)?;
/// assert_eq!(x.n_rows(), 2);
/// assert_eq!(x.row(1), &[3.0, 4.0]);
/// assert!(Matrix::new(&[1.0, f64::NAN], 2).is_err());
/// # Ok::<(), fuzzysvm_core::MatrixError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix<'a> {
    data: &'a [f64],
    n_cols: usize,
}

impl<'a> Matrix<'a> {
    /// Views `data` as rows of `n_cols` values. Zero rows are legal, zero columns are not.
    ///
    /// # Errors
    /// [`MatrixError`] where the values do not fill whole rows or one is not finite.
    pub fn new(data: &'a [f64], n_cols: usize) -> Result<Self, MatrixError> {
        if n_cols == 0 {
            return Err(MatrixError::NoColumns);
        }
        if !data.len().is_multiple_of(n_cols) {
            return Err(MatrixError::Ragged {
                len: data.len(),
                n_cols,
            });
        }
        // A sum is not finite as soon as one term is not, and eight
        // sums side by side take a vector each: look closer only then.
        let (eights, rest) = data.as_chunks::<8>();
        let mut sums = [0.0; 8];
        for eight in eights {
            sums.iter_mut().zip(eight).for_each(|(s, v)| *s += v * 0.0);
        }
        let fast = sums.iter().chain(rest).map(|v| v * 0.0).sum::<f64>();
        if fast != 0.0
            && let Some(i) = data.iter().position(|v| !v.is_finite())
        {
            return Err(MatrixError::NotFinite {
                row: i / n_cols,
                col: i % n_cols,
                value: data[i],
            });
        }
        Ok(Self { data, n_cols })
    }

    /// Number of rows (samples).
    pub fn n_rows(&self) -> usize {
        self.data.len() / self.n_cols
    }

    /// Number of columns (features), at least 1.
    pub fn n_cols(&self) -> usize {
        self.n_cols
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Row `i`.
    ///
    /// # Panics
    /// Where `i >= n_rows()`, as slices do.
    pub fn row(&self, i: usize) -> &'a [f64] {
        &self.data[i * self.n_cols..(i + 1) * self.n_cols]
    }

    /// The rows in order.
    pub fn rows(&self) -> std::slice::ChunksExact<'a, f64> {
        self.data.chunks_exact(self.n_cols)
    }

    /// All values, row by row.
    pub fn as_slice(&self) -> &'a [f64] {
        self.data
    }

    /// Rows `start..end` without a copy.
    ///
    /// # Panics
    /// Where the range does not lie inside the rows, as slices do.
    pub fn slice_rows(&self, start: usize, end: usize) -> Matrix<'a> {
        Matrix {
            data: &self.data[start * self.n_cols..end * self.n_cols],
            n_cols: self.n_cols,
        }
    }

    /// A copy of the given rows, in the given order; rows may repeat.
    ///
    /// # Panics
    /// Where an index is no row, as slices do.
    pub fn select_rows(&self, rows: &[usize]) -> MatrixBuf {
        let mut data = Vec::with_capacity(rows.len() * self.n_cols);
        for &i in rows {
            data.extend_from_slice(self.row(i));
        }
        MatrixBuf {
            data,
            n_cols: self.n_cols,
        }
    }

    /// A typical value of every column: the median of up to 255 evenly spaced rows, 0 where there is no row.
    /// Taken off before values are narrowed to single precision it keeps differences accurate where values
    /// lie far from 0; a median, because one outlier would drag a mean away from all other values.
    ///
    /// ```
    /// let x = [9.0, 1.0, 1e9, 2.0, 8.0, 3.0];
    /// assert_eq!(fuzzysvm_core::Matrix::new(&x, 2)?.column_centers(), [9.0, 2.0]);
    /// # Ok::<(), fuzzysvm_core::MatrixError>(())
    /// ```
    pub fn column_centers(&self) -> Vec<f64> {
        const SAMPLE: usize = 255;
        let n = self.n_rows();
        if n == 0 {
            return vec![0.0; self.n_cols];
        }
        let step = n.div_ceil(SAMPLE);
        let mut sample = Vec::with_capacity(n.div_ceil(step));
        (0..self.n_cols)
            .map(|col| {
                sample.clear();
                sample.extend((0..n).step_by(step).map(|i| self.row(i)[col]));
                let middle = sample.len() / 2;
                *sample.select_nth_unstable_by(middle, f64::total_cmp).1
            })
            .collect()
    }

    /// An owned copy.
    pub fn to_owned_matrix(&self) -> MatrixBuf {
        MatrixBuf {
            data: self.data.to_vec(),
            n_cols: self.n_cols,
        }
    }
}

/// An owned row-major matrix with the same guarantees as [`Matrix`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MatrixBuf {
    data: Vec<f64>,
    n_cols: usize,
}

impl MatrixBuf {
    /// Takes `data` as rows of `n_cols` values.
    ///
    /// # Errors
    /// As [`Matrix::new`].
    pub fn new(data: Vec<f64>, n_cols: usize) -> Result<Self, MatrixError> {
        Matrix::new(&data, n_cols)?;
        Ok(Self { data, n_cols })
    }

    /// The borrowed view that the library works on.
    pub fn view(&self) -> Matrix<'_> {
        Matrix {
            data: &self.data,
            n_cols: self.n_cols,
        }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.data.len() / self.n_cols
    }

    /// Number of columns.
    pub fn n_cols(&self) -> usize {
        self.n_cols
    }

    /// Row `i`.
    ///
    /// # Panics
    /// Where `i >= n_rows()`, as slices do.
    pub fn row(&self, i: usize) -> &[f64] {
        self.view().row(i)
    }

    /// The values, row by row.
    pub fn into_vec(self) -> Vec<f64> {
        self.data
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MatrixBuf {
    /// Checked like [`MatrixBuf::new`]: a file cannot smuggle in a ragged or non-finite matrix.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            data: Vec<f64>,
            n_cols: usize,
        }
        let raw = Raw::deserialize(deserializer)?;
        MatrixBuf::new(raw.data, raw.n_cols).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "nalgebra")]
impl TryFrom<&nalgebra::DMatrix<f64>> for MatrixBuf {
    type Error = MatrixError;

    /// nalgebra stores columns, we store rows: this copies and checks.
    fn try_from(m: &nalgebra::DMatrix<f64>) -> Result<Self, MatrixError> {
        MatrixBuf::new(m.transpose().as_slice().to_vec(), m.ncols())
    }
}

#[cfg(feature = "nalgebra")]
impl From<Matrix<'_>> for nalgebra::DMatrix<f64> {
    fn from(m: Matrix<'_>) -> Self {
        nalgebra::DMatrix::from_row_slice(m.n_rows(), m.n_cols(), m.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_and_finiteness_are_checked_and_located() {
        assert_eq!(Matrix::new(&[], 0), Err(MatrixError::NoColumns));
        assert_eq!(
            Matrix::new(&[1.0; 3], 2),
            Err(MatrixError::Ragged { len: 3, n_cols: 2 })
        );
        let e = Matrix::new(&[1.0, 2.0, 3.0, f64::INFINITY], 2);
        assert!(matches!(e, Err(MatrixError::NotFinite { row: 1, col: 1, value }) if value > 0.0));
        assert!(Matrix::new(&[1e308, 1e308, -1e308], 3).is_ok());
        assert_eq!(Matrix::new(&[], 3).map(|m| m.n_rows()), Ok(0));
    }

    #[test]
    fn rows_are_selected_in_order_with_repeats() {
        let data = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let m = Matrix::new(&data, 2).unwrap();
        assert_eq!(
            m.select_rows(&[2, 0, 2]).into_vec(),
            vec![5.0, 6.0, 1.0, 2.0, 5.0, 6.0]
        );
        assert_eq!(m.slice_rows(1, 3).as_slice(), &data[2..]);
    }

    #[cfg(feature = "nalgebra")]
    #[test]
    fn nalgebra_and_back_keeps_every_entry() {
        let data = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let m = Matrix::new(&data, 3).unwrap();
        let d = nalgebra::DMatrix::from(m);
        assert_eq!(d[(1, 0)], 4.0);
        assert_eq!(MatrixBuf::try_from(&d).unwrap().view(), m);
    }
}
