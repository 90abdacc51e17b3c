//! Decision values of many rows that are made one after the other.

use fuzzysvm_core::{Classifier, Matrix};

use crate::EstimatorError;

/// Values that are kept before they are scored: 8 MiB.
const MAX_VALUES: usize = 1 << 20;

/// Takes rows, gives their decision values in the same order, and never holds more than a block of rows.
pub(super) struct Scorer<'a> {
    classifier: &'a dyn Classifier,
    n_columns: usize,
    rows: Vec<f64>,
    scores: Vec<f64>,
}

impl<'a> Scorer<'a> {
    pub fn new(classifier: &'a dyn Classifier, n_columns: usize) -> Self {
        Self {
            classifier,
            n_columns,
            rows: Vec::new(),
            scores: Vec::new(),
        }
    }

    pub fn push(&mut self, row: &[f64]) -> Result<(), EstimatorError> {
        if self.rows.len() + row.len() > MAX_VALUES {
            self.score()?;
        }
        self.rows.extend_from_slice(row);
        Ok(())
    }

    pub fn finish(mut self) -> Result<Vec<f64>, EstimatorError> {
        self.score()?;
        Ok(self.scores)
    }

    fn score(&mut self) -> Result<(), EstimatorError> {
        let x = Matrix::new(&self.rows, self.n_columns)?;
        self.scores.extend(self.classifier.decision_function(x)?);
        self.rows.clear();
        Ok(())
    }
}
