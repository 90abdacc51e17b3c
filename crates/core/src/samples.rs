//! Features and labels that belong together.

use crate::{ClassCounts, Label, Matrix, SamplesError};

/// A borrowed training set: as many labels as rows, at least one row.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    x: Matrix<'a>,
    y: &'a [Label],
}

impl<'a> Samples<'a> {
    /// Puts features and labels together.
    ///
    /// # Errors
    /// [`SamplesError::LengthMismatch`] or [`SamplesError::Empty`].
    pub fn new(x: Matrix<'a>, y: &'a [Label]) -> Result<Self, SamplesError> {
        if x.n_rows() != y.len() {
            return Err(SamplesError::LengthMismatch {
                n_rows: x.n_rows(),
                n_labels: y.len(),
            });
        }
        if y.is_empty() {
            return Err(SamplesError::Empty);
        }
        Ok(Self { x, y })
    }

    /// The features, one row per sample.
    pub fn x(&self) -> Matrix<'a> {
        self.x
    }

    /// The labels, in row order.
    pub fn y(&self) -> &'a [Label] {
        self.y
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.y.len()
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.x.n_cols()
    }

    /// n₊ and n₋.
    pub fn class_counts(&self) -> ClassCounts {
        ClassCounts::of(self.y)
    }

    /// The counts, where both classes are present.
    ///
    /// # Errors
    /// [`SamplesError::OneClass`] naming the class that is there.
    pub fn require_both_classes(&self) -> Result<ClassCounts, SamplesError> {
        let counts = self.class_counts();
        if counts.positive == 0 || counts.negative == 0 {
            return Err(SamplesError::OneClass {
                present: self.y[0],
                n: self.y.len(),
            });
        }
        Ok(counts)
    }
}
