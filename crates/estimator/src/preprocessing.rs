//! From the cells of a file to the features of a model.

use std::path::Path;

use fuzzysvm_core::{Label, Matrix, MatrixBuf};
use fuzzysvm_datasets::table::{ReadOptions, Scaler, ScalerKind, TableSchema, TargetUse};
use serde::{Deserialize, Serialize};

use crate::data::numbered_schema;
use crate::error::InFile;
use crate::{EstimatorError, LoanData, LoanEncoding, Warning};

/// Everything between a file's cells and a model's features, learnt from training rows; kept in the model file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Preprocessing {
    /// Columns of a table, scaled.
    Table {
        /// Columns, categories and class names.
        schema: TableSchema,
        /// The scaling.
        scaler: Scaler,
    },
    /// Features of a Lending Club loan.
    LendingClub(LoanEncoding),
}

/// Rows read for a fitted model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rows {
    /// Encoded features.
    pub x: MatrixBuf,
    /// The classes, where they were asked for.
    pub y: Option<Vec<Label>>,
    /// The row in the file of each sample, from 0.
    pub numbers: Vec<usize>,
    /// What is legal in the file and may still not be meant.
    pub warnings: Vec<Warning>,
}

/// Most features of a model without columns, as of a LIBSVM file.
const MOST_BARE_FEATURES: usize = 1_000_000;

impl Preprocessing {
    /// The preprocessing of a model that came without: numbers, not scaled.
    pub(crate) fn bare(
        n_features: usize,
        feature_names: Option<Vec<String>>,
        class_names: Option<[String; 2]>,
    ) -> Result<Self, EstimatorError> {
        // Nothing else in a file bounds the number of features of a tree, and names take memory.
        if n_features > MOST_BARE_FEATURES {
            return Err(EstimatorError::unexpected(
                format!("a model of {n_features} features without columns"),
                format!("at most {MOST_BARE_FEATURES}"),
            ));
        }
        let schema = numbered_schema(n_features, feature_names, class_names)?;
        let any_row = vec![0.0; n_features];
        let scaler = Scaler::fit(ScalerKind::None, Matrix::new(&any_row, n_features)?)?;
        Ok(Preprocessing::Table { schema, scaler })
    }

    /// The names of the negative and the positive class.
    pub fn class_names(&self) -> [String; 2] {
        match self {
            Preprocessing::Table { schema, .. } => schema.class_names().clone(),
            Preprocessing::LendingClub(_) => LoanData::class_names(),
        }
    }

    /// Number of features of an encoded row.
    pub fn n_features(&self) -> usize {
        match self {
            Preprocessing::Table { scaler, .. } => scaler.n_features(),
            Preprocessing::LendingClub(encoding) => encoding.n_features(),
        }
    }

    /// One name per feature.
    pub fn feature_names(&self) -> Vec<String> {
        match self {
            Preprocessing::Table { schema, .. } => schema.feature_names(),
            Preprocessing::LendingClub(encoding) => encoding.feature_names(),
        }
    }

    /// Checks what a model file cannot promise: that its parts fit together.
    pub(crate) fn check(&self) -> Result<(), EstimatorError> {
        match self {
            Preprocessing::Table { schema, scaler }
                if schema.n_features() != scaler.n_features() =>
            {
                Err(EstimatorError::unexpected(
                    format!(
                        "a scaler of {} features beside a schema of {}",
                        scaler.n_features(),
                        schema.n_features()
                    ),
                    "as many",
                ))
            }
            Preprocessing::LendingClub(encoding) => encoding.check(),
            Preprocessing::Table { .. } => Ok(()),
        }
    }

    /// Reads a file in the layout of the training data.
    ///
    /// # Errors
    /// [`EstimatorError`] with file, line and column where there is a place to name.
    pub fn read(&self, path: impl AsRef<Path>, target: TargetUse) -> Result<Rows, EstimatorError> {
        self.read_as(path, target, &ReadOptions::default())
    }

    /// As [`Preprocessing::read`]. Of the options those count that say how this file is written: its format, and the
    /// base of LIBSVM's indices; loans have none.
    ///
    /// # Errors
    /// As [`Preprocessing::read`].
    pub fn read_as(
        &self,
        path: impl AsRef<Path>,
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<Rows, EstimatorError> {
        let path = path.as_ref();
        match self {
            Preprocessing::Table { schema, scaler } => {
                let rows = schema.read_as(path, target, options)?;
                Ok(Rows {
                    x: scaler.transform(rows.x.view()).in_file(path)?,
                    y: rows.y,
                    numbers: (0..rows.lines.len()).collect(),
                    warnings: rows.warnings.into_iter().map(Warning::Table).collect(),
                })
            }
            Preprocessing::LendingClub(encoding) => encoding.read(path, target),
        }
    }
}
