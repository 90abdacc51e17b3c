//! A data set of the comparison.

use fuzzysvm_core::{ClassCounts, Label, MatrixBuf, SamplesError};
use fuzzysvm_datasets::table::Dataset;
use sha2::{Digest as _, Sha256};

use crate::provenance::hexadecimal;

/// Samples of two classes under a name. The positive class is the minority.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    name: String,
    source: String,
    table: Dataset,
}

impl DataSet {
    /// A data set; `name` stands in tables and must be its own, `source` in messages.
    ///
    /// # Errors
    /// Where there are no samples, or not as many labels as rows.
    pub fn new(
        name: impl Into<String>,
        source: impl Into<String>,
        x: MatrixBuf,
        y: Vec<Label>,
    ) -> Result<Self, SamplesError> {
        Ok(Self::of_table(name, source, Dataset::from_matrix(x, y)?))
    }

    /// As [`DataSet::new`], with the columns of a file.
    pub fn of_table(name: impl Into<String>, source: impl Into<String>, table: Dataset) -> Self {
        Self {
            name: name.into(),
            source: source.into(),
            table,
        }
    }

    /// Features, labels and columns.
    pub fn table(&self) -> &Dataset {
        &self.table
    }

    /// The name in tables.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it comes from, say a path.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The features, not scaled.
    pub fn x(&self) -> &MatrixBuf {
        &self.table.x
    }

    /// The labels in row order.
    pub fn y(&self) -> &[Label] {
        &self.table.y
    }

    /// The sizes of the classes.
    pub fn class_counts(&self) -> ClassCounts {
        ClassCounts::of(self.y())
    }

    /// How much work a unit of it is beside units of other sets: the square of its samples.
    pub fn cost(&self) -> u64 {
        let n = self.y().len() as u64;
        n * n
    }

    /// SHA-256 of every value and label, in hexadecimal digits: by it a resumed run knows its data.
    pub fn digest(&self) -> String {
        let values = self.x().view().as_slice().iter().map(|v| v.to_bits());
        let labels = self.y().iter().map(|l| u64::from(l.is_positive()));
        let shape = [self.x().n_cols() as u64];
        // A number that stands in the place of a missing one is not the same as that number.
        let missing = self.table.missing.iter().flat_map(|m| m.cells());
        let missing = missing.flat_map(|&(row, feature)| [row as u64, feature as u64]);
        let words = shape.into_iter().chain(values).chain(labels).chain(missing);
        let mut digest = Sha256::new();
        words.for_each(|word| digest.update(word.to_le_bytes()));
        hexadecimal(&digest.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_changes_with_every_part() {
        let of = |data: &[f64], n_cols, y: &[Label]| {
            let x = MatrixBuf::new(data.to_vec(), n_cols).unwrap();
            DataSet::new("a", "b", x, y.to_vec()).unwrap().digest()
        };
        let (n, p) = (Label::Negative, Label::Positive);
        let all = [
            of(&[1.0, 2.0], 1, &[n, p]),
            of(&[2.0, 1.0], 1, &[n, p]),
            of(&[1.0, 2.0], 1, &[p, n]),
            of(&[1.0, 2.0], 2, &[n]),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(!all[..i].contains(a), "{i}");
        }
        assert_eq!(all[0], of(&[1.0, 2.0], 1, &[n, p]));
    }

    #[test]
    fn rows_without_labels_are_refused() {
        let x = MatrixBuf::new(vec![1.0, 2.0], 1).unwrap();
        assert!(DataSet::new("a", "a", x, vec![Label::Positive]).is_err());
    }
}
