//! How much every feature of a row moves its score.

use fuzzysvm_core::{Classifier, Matrix};
use fuzzysvm_datasets::EncodedColumns;
use serde::{Deserialize, Serialize};

use super::reference::check_width;
use super::scorer::Scorer;
use super::{FeatureGroups, ROWS_AT_ONCE, ReferenceRow, SCORES_AT_ONCE};
use crate::EstimatorError;

/// A feature that moves the score of a row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The feature, by its place among the [`FeatureGroups`].
    pub feature: usize,
    /// f(x) − f(x with this feature of the reference): above 0 towards the positive class, below 0 away from it.
    pub contribution: f64,
}

/// A classifier and what its scores are explained with; see the [module](super) for the method and an example.
#[derive(Clone, Copy)]
pub struct Reasons<'a> {
    pub(super) classifier: &'a dyn Classifier,
    pub(super) reference: &'a ReferenceRow,
    pub(super) groups: &'a FeatureGroups,
}

/// The score of a row and the contributions of its features.
pub(super) struct Explained {
    pub score: f64,
    pub contributions: Vec<f64>,
}

impl<'a> Reasons<'a> {
    /// Explains the scores of `classifier`, a fitted model of any kind, by the features in `groups`.
    ///
    /// # Errors
    /// A reference or a model of other columns than those of the features.
    pub fn new(
        classifier: &'a dyn Classifier,
        reference: &'a ReferenceRow,
        groups: &'a FeatureGroups,
    ) -> Result<Self, EstimatorError> {
        check_width(reference.row().len(), groups)?;
        check_width(classifier.n_features(), groups)?;
        Ok(Self {
            classifier,
            reference,
            groups,
        })
    }

    /// The contribution of every feature, one list per row; 0 for a feature that is as in the reference.
    ///
    /// # Errors
    /// Rows that do not fit the model.
    pub fn contributions(&self, x: Matrix<'_>) -> Result<Vec<Vec<f64>>, EstimatorError> {
        self.by_blocks(x, |explained| explained.contributions)
    }

    /// The first `n` reasons of every row: the features of largest |contribution|, ties to the first feature. There are
    /// fewer where fewer features move the score.
    ///
    /// Memory is bounded by the reasons: rows are scored in blocks.
    ///
    /// # Errors
    /// Rows that do not fit the model.
    pub fn of(&self, x: Matrix<'_>, n: usize) -> Result<Vec<Vec<Reason>>, EstimatorError> {
        self.by_blocks(x, |explained| {
            let ranked = ranked(&explained.contributions);
            let moving = ranked.into_iter().map(|feature| Reason {
                feature,
                contribution: explained.contributions[feature],
            });
            moving.filter(|r| r.contribution != 0.0).take(n).collect()
        })
    }

    fn by_blocks<T>(
        &self,
        x: Matrix<'_>,
        of: impl Fn(Explained) -> T,
    ) -> Result<Vec<T>, EstimatorError> {
        check_width(x.n_cols(), self.groups)?;
        let mut found = Vec::with_capacity(x.n_rows());
        let at_once = self.rows_at_once(1);
        for first in (0..x.n_rows()).step_by(at_once) {
            let block = x.slice_rows(first, x.n_rows().min(first + at_once));
            found.extend(self.explain(block)?.into_iter().map(&of));
        }
        Ok(found)
    }

    /// Score and contributions of a block of rows.
    pub(super) fn explain(&self, block: Matrix<'_>) -> Result<Vec<Explained>, EstimatorError> {
        let mut scorer = self.scorer();
        let mut changed = Vec::with_capacity(block.n_cols());
        for row in block.rows() {
            scorer.push(row)?;
            for columns in self.groups.columns().filter(|c| self.differs(row, c)) {
                changed.clear();
                changed.extend_from_slice(row);
                self.replace(&mut changed, columns);
                scorer.push(&changed)?;
            }
        }
        let mut scores = scorer.finish()?.into_iter();
        let mut next = || scores.next().unwrap_or(f64::NAN);
        let explained = block.rows().map(|row| {
            let score = next();
            let contribution = |columns| match self.differs(row, columns) {
                true => score - next(),
                false => 0.0,
            };
            Explained {
                score,
                contributions: self.groups.columns().map(contribution).collect(),
            }
        });
        Ok(explained.collect())
    }

    /// How many rows to work on at a time, where each takes so many scores per feature.
    pub(super) fn rows_at_once(&self, scores: usize) -> usize {
        let of_row = self.groups.len().saturating_mul(scores).max(1);
        (SCORES_AT_ONCE / of_row).clamp(1, ROWS_AT_ONCE)
    }

    pub(super) fn scorer(&self) -> Scorer<'a> {
        Scorer::new(self.classifier, self.groups.n_columns())
    }

    /// Whether a feature of the row is not that of the reference.
    pub(super) fn differs(&self, row: &[f64], columns: &EncodedColumns) -> bool {
        let reference = self.reference.row();
        columns.iter().any(|c| row[c] != reference[c])
    }

    /// Makes a feature of the row that of the reference.
    pub(super) fn replace(&self, row: &mut [f64], columns: &EncodedColumns) {
        let reference = self.reference.row();
        columns.iter().for_each(|c| row[c] = reference[c]);
    }
}

/// The features by |contribution|, ties to the first.
pub(super) fn ranked(contributions: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..contributions.len()).collect();
    order.sort_by(|&a, &b| contributions[b].abs().total_cmp(&contributions[a].abs()));
    order
}
