//! Decision values of the rows of a file, a batch at a time.

use std::path::Path;

use fuzzysvm_calibration::Calibration as _;
use fuzzysvm_core::{Classifier as _, PredictError};
use fuzzysvm_datasets::Input;
use fuzzysvm_datasets::table::{Missing, ReadOptions, RowBatch, TableError};

use crate::error::InFile;
use crate::{EstimatorError, FittedEstimator, Preprocessing, Warning};

/// Rows of a file with their decision values, one behind the other.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoredBatch {
    /// Decision values; **greater than 0 means positive**.
    pub decisions: Vec<f64>,
    /// Probabilities of the positive class, of a model with a calibration.
    pub probabilities: Option<Vec<f64>>,
    /// What each row is called, where a column of names was asked for.
    pub names: Option<Vec<String>>,
}

/// What there is to say of a file whose rows were scored.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoredRows {
    /// Number of rows.
    pub rows: usize,
    /// What is legal in the file and may still not be meant.
    pub warnings: Vec<Warning>,
}

/// Why a batch has no decision values.
enum Unscored {
    /// Its features cannot be computed.
    Features(EstimatorError),
    /// They give no decision value.
    Decision(PredictError),
    /// Decision values give no probability.
    Probability(EstimatorError),
}

impl FittedEstimator {
    /// Scores the rows of a table, a batch at a time: of a CSV file memory holds no more than a few batches, whatever its
    /// length. Of the options those count that say how this file is written; `name` is the column whose texts become
    /// [`ScoredBatch::names`].
    ///
    /// `work` is done by the threads of rayon's current pool, in any order; `take` gets what it gave in the order of the
    /// rows, with the place of the first of them among the rows of the file, from 0. The decision values are those of
    /// [`FittedEstimator::decision_function`] on all rows at once, to the last bit. Where an error is returned, `take` may
    /// have got some of the rows before it.
    ///
    /// # Errors
    /// As [`FittedEstimator::read_input_as`], a decision value that is not finite, and the error of `take`; a model of
    /// loans, whose files have rows that are no loans.
    pub fn score_batches<T: Send, E>(
        &self,
        input: Input,
        options: &ReadOptions,
        name: Option<&str>,
        work: impl Fn(ScoredBatch) -> T + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), E> + Send,
    ) -> Result<ScoredRows, E>
    where
        E: From<TableError> + From<EstimatorError> + Send,
    {
        let Preprocessing::Table {
            schema, imputer, ..
        } = &self.preprocessing
        else {
            return Err(EstimatorError::unexpected(
                "a model of loans",
                "one of tables: files of loans are read by LoanEncoding::read_loans",
            )
            .into());
        };
        let path = input.path().to_path_buf();
        let options = options.clone().with_missing(match imputer {
            Some(_) => Missing::Impute,
            None => Missing::Refuse,
        });
        let score = |batch| self.score_batch(batch, &path).map(&work);
        // Faults of features are those of an earlier step, whatever the row.
        let mut later: Option<E> = None;
        let read = schema.read_batches(input, &options, name, score, |first, scored| {
            match scored {
                Ok(made) if later.is_none() => return take(first, made),
                Ok(_) => {}
                Err(Unscored::Features(e)) => return Err(e.into()),
                Err(Unscored::Decision(e)) if later.is_none() => {
                    let failed: Result<(), _> = Err(e.below(first)).in_file(&path);
                    later = failed.err().map(E::from);
                }
                Err(Unscored::Probability(e)) if later.is_none() => later = Some(e.into()),
                Err(_) => {}
            }
            Ok(())
        })?;
        if let Some(e) = later {
            return Err(e);
        }
        let imputed = read.imputed(schema, imputer.as_ref());
        let warnings = read.warnings.into_iter().chain(imputed);
        Ok(ScoredRows {
            rows: read.rows,
            warnings: warnings.map(Warning::Table).collect(),
        })
    }

    fn score_batch(&self, batch: RowBatch, path: &Path) -> Result<ScoredBatch, Unscored> {
        let encoded = self.preprocessing.features_of(batch.x, &batch.missing);
        let x = encoded.in_file(path).map_err(Unscored::Features)?;
        let decisions = self.model.decision_function(x.view());
        let decisions = decisions.map_err(Unscored::Decision)?;
        let calibration = self.calibration.as_ref();
        let probabilities = calibration.map(|c| c.probability(&decisions).in_file(path));
        Ok(ScoredBatch {
            probabilities: probabilities.transpose().map_err(Unscored::Probability)?,
            decisions,
            names: batch.names,
        })
    }
}
