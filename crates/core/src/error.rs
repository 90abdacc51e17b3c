//! Typed errors, each with the fields that locate what is wrong.

use crate::Label;

/// A matrix that is not rectangular or not finite.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// No columns were asked for.
    #[error("a matrix needs at least one column")]
    NoColumns,
    /// The number of values is no multiple of the number of columns.
    #[error("{len} values do not fill rows of {n_cols} columns")]
    Ragged {
        /// Number of values given.
        len: usize,
        /// Number of columns asked for.
        n_cols: usize,
    },
    /// A NaN or an infinity.
    #[error("row {row}, column {col} is {value}: every value must be finite")]
    NotFinite {
        /// Zero-based row.
        row: usize,
        /// Zero-based column.
        col: usize,
        /// The value found.
        value: f64,
    },
}

/// Samples on which nothing can be trained.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SamplesError {
    /// As many labels as rows are needed.
    #[error("{n_rows} rows of x but {n_labels} labels")]
    LengthMismatch {
        /// Rows of `x`.
        n_rows: usize,
        /// Labels given.
        n_labels: usize,
    },
    /// No rows at all.
    #[error("there are no samples")]
    Empty,
    /// Only one class is present.
    #[error("all {n} samples are {present}: both classes are needed")]
    OneClass {
        /// The class that is present.
        present: Label,
        /// Number of samples.
        n: usize,
    },
}

/// Sample weights that cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightError {
    /// As many weights as rows are needed.
    #[error("{n_rows} samples but {n_weights} weights")]
    LengthMismatch {
        /// Number of samples.
        n_rows: usize,
        /// Number of weights.
        n_weights: usize,
    },
    /// NaN, infinite or negative weight.
    #[error("the weight of row {row} is {value}: every weight must be finite and >= 0")]
    Invalid {
        /// Zero-based row.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// All rows of a class have weight 0, so that class is not there.
    #[error("every {class} sample has weight 0: both classes are needed")]
    MissingClass {
        /// The class without weight.
        class: Label,
    },
}

/// A prediction that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PredictError {
    /// The rows have another number of features than the training data.
    #[error("the rows have {found} features, but the model was trained on {expected}")]
    FeatureCount {
        /// Features of the training data.
        expected: usize,
        /// Features found.
        found: usize,
    },
    /// The decision value of a row is not a finite number (overflow in the kernel).
    #[error("the decision value of row {row} is {value}: scale the data")]
    NotFinite {
        /// Zero-based row.
        row: usize,
        /// The value computed.
        value: f64,
    },
}

impl PredictError {
    /// The same, of rows that stand below `n` others.
    #[must_use]
    pub fn below(self, n: usize) -> Self {
        match self {
            PredictError::NotFinite { row, value } => PredictError::NotFinite {
                row: row + n,
                value,
            },
            other => other,
        }
    }
}
