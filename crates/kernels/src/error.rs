//! What can be wrong with a Gram matrix or with samples given to a kernel.

/// A Gram matrix or samples that a kernel cannot work with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KernelError {
    /// A Gram matrix has as many columns as rows.
    #[error("the Gram matrix has {n_rows} rows and {n_cols} columns: it must be square")]
    NotSquare {
        /// Rows found.
        n_rows: usize,
        /// Columns found.
        n_cols: usize,
    },
    /// K(i, j) and K(j, i) differ by more than rounding.
    #[error(
        "row {row}, column {col} of the Gram matrix is {value}, but row {col}, column {row} is \
         {mirrored}: it must be symmetric"
    )]
    NotSymmetric {
        /// Zero-based row.
        row: usize,
        /// Zero-based column, below `row`.
        col: usize,
        /// The value at (row, col).
        value: f64,
        /// The value at (col, row).
        mirrored: f64,
    },
    /// A kernel of stored values takes samples of one column, the row number.
    #[error("the samples have {found} columns: a precomputed kernel takes one, the row number")]
    NotOneColumn {
        /// Columns found.
        found: usize,
    },
    /// A sample that names no row of the Gram matrix.
    #[error("sample {row} is {value}: it must be a whole number from 0 to {}", n_rows.saturating_sub(1))]
    NoSuchRow {
        /// Zero-based row of the samples.
        row: usize,
        /// The value found.
        value: f64,
        /// Rows of the Gram matrix.
        n_rows: usize,
    },
    /// Values that are no matrix.
    #[error(transparent)]
    Matrix(#[from] fuzzysvm_core::MatrixError),
}
