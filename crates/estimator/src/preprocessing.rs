//! From the cells of a file to the features of a model.

use std::path::Path;

use fuzzysvm_core::{Label, Matrix, MatrixBuf};
use fuzzysvm_datasets::Input;
use fuzzysvm_datasets::table::{
    Imputer, Missing, MissingCells, ReadOptions, Scaler, ScalerKind, TableError, TableSchema,
    TargetUse,
};
use serde::{Deserialize, Serialize};

use crate::data::numbered_schema;
use crate::error::InFile;
use crate::{EstimatorError, LoanData, LoanEncoding, LoanFileOptions, Warning};

/// Everything between a file's cells and a model's features, learnt from training rows; kept in the model file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Preprocessing {
    /// Columns of a table, missing numbers filled in, scaled.
    Table {
        /// Columns, categories and class names.
        schema: TableSchema,
        /// What fills missing numbers; `None` where none may be missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        imputer: Option<Imputer>,
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
        Ok(Preprocessing::Table {
            schema,
            imputer: None,
            scaler,
        })
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
            Preprocessing::Table {
                schema, imputer, ..
            } => match imputer {
                Some(imputer) => imputer.feature_names(schema.feature_names()),
                None => schema.feature_names(),
            },
            Preprocessing::LendingClub(encoding) => encoding.feature_names(),
        }
    }

    /// Checks what a model file cannot promise: that its parts fit together.
    pub(crate) fn check(&self) -> Result<(), EstimatorError> {
        match self {
            Preprocessing::Table {
                schema,
                imputer,
                scaler,
            } => {
                let n = schema.n_features();
                if imputer.as_ref().is_some_and(|i| !i.fits(n)) {
                    return Err(EstimatorError::unexpected(
                        format!("an imputer of other features than those of a schema of {n}"),
                        "of the same",
                    ));
                }
                let n = n + imputer.as_ref().map_or(0, Imputer::n_indicators);
                if n == scaler.n_features() {
                    return Ok(());
                }
                let found = format!(
                    "a scaler of {} features beside a schema of {n}",
                    scaler.n_features()
                );
                Err(EstimatorError::unexpected(found, "as many"))
            }
            Preprocessing::LendingClub(encoding) => encoding.check(),
        }
    }

    /// The features of encoded rows of a table, those of loans as they are.
    pub(crate) fn features_of(
        &self,
        x: MatrixBuf,
        missing: &MissingCells,
    ) -> Result<MatrixBuf, TableError> {
        let Preprocessing::Table {
            imputer, scaler, ..
        } = self
        else {
            return Ok(x);
        };
        let x = match imputer {
            Some(imputer) => imputer.transform(x.view(), missing, None)?,
            None => x,
        };
        scaler.transform(x.view())
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
        self.read_input_as(Input::open(path)?, target, options)
    }

    /// As [`Preprocessing::read_as`], from what is open already.
    ///
    /// # Errors
    /// As [`Preprocessing::read`].
    pub fn read_input_as(
        &self,
        input: Input,
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<Rows, EstimatorError> {
        let path = &input.path().to_path_buf();
        match self {
            Preprocessing::Table {
                schema, imputer, ..
            } => {
                let options = options.clone().with_missing(match imputer {
                    Some(_) => Missing::Impute,
                    None => Missing::Refuse,
                });
                let rows = schema.read_input_as(input, target, &options)?;
                let imputed =
                    schema.imputed(&rows.missing, &rows.without_category, imputer.as_ref());
                let warnings = rows.warnings.into_iter().chain(imputed);
                let x = self.features_of(rows.x, &rows.missing);
                Ok(Rows {
                    x: x.in_file(path)?,
                    y: rows.y,
                    numbers: rows.rows,
                    warnings: warnings.map(Warning::Table).collect(),
                })
            }
            Preprocessing::LendingClub(encoding) => {
                let read = encoding.read_loans_of(input, target, &LoanFileOptions::default())?;
                Ok(read.rows)
            }
        }
    }
}
