//! DATA: tables and loan books, and how their rows become features.

use std::path::{Path, PathBuf};

use clap::Args;
use fuzzysvm::core::{ClassCounts, Label, Matrix, MatrixBuf};
use fuzzysvm::datasets::table::{
    self, Dataset, ReadOptions, Scaler, ScalerKind, TableSchema, TargetUse,
};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, InFile};
use crate::loans::{LoanArgs, LoanEncoding, LoanSource, is_loan_book};
use crate::ui::General;

/// Which rows to learn from.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct DataArgs {
    /// File of samples: .csv, .dat, .libsvm or .svm, also with .gz
    #[arg(value_name = "DATA", help_heading = None)]
    pub data: PathBuf,

    /// Column to predict [default: the last, or KEEL's @outputs]
    #[arg(long, value_name = "COLUMN")]
    pub target: Option<String>,

    /// Value of the target that is positive [default: the rarer one]
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub positive: Option<String>,

    #[command(flatten)]
    pub loans: LoanArgs,
}

/// How features are scaled.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct ScaleArgs {
    /// Scaling, fitted on training rows: standard, minmax or none [default:
    /// standard; none with --kernel precomputed]
    #[arg(long, value_name = "SCALING")]
    pub scale: Option<ScalerKind>,
}

impl ScaleArgs {
    /// The scaling, given whether the features are a Gram matrix.
    pub fn kind(&self, precomputed: bool) -> Result<ScalerKind, Failure> {
        match (self.scale, precomputed) {
            (None, true) => Ok(ScalerKind::None),
            (Some(kind), true) if kind != ScalerKind::None => Err(Failure::usage(format!(
                "--scale {kind} does not apply to --kernel precomputed"
            ))),
            (kind, _) => Ok(kind.unwrap_or_default()),
        }
    }
}

/// Samples with their classes, not yet encoded.
pub enum Source {
    Table(Box<Dataset>),
    Loans(Box<LoanSource>),
}

impl Source {
    /// Reads DATA.
    pub fn read(args: &DataArgs, general: &General) -> Result<Self, Failure> {
        let bar = general.spinner("reading");
        if is_loan_book(&args.data)? {
            for (given, flag) in [
                (args.target.is_some(), "--target"),
                (args.positive.is_some(), "--positive"),
            ] {
                if given {
                    return Err(Failure::usage(format!(
                        "{flag} does not apply to a Lending Club file: its target is loan_status"
                    )));
                }
            }
            let source = LoanSource::read(&args.data, &args.loans)?;
            bar.finish_and_clear();
            return Ok(Source::Loans(Box::new(source)));
        }
        args.loans.refuse_for_tables()?;
        let options = ReadOptions {
            target: args.target.clone(),
            positive: args.positive.clone(),
        };
        let data = table::read(&args.data, &options)?;
        bar.finish_and_clear();
        for warning in &data.warnings {
            general.warn(format!("{}: {warning}", args.data.display()));
        }
        Ok(Source::Table(Box::new(data)))
    }

    /// The classes in row order.
    pub fn y(&self) -> &[Label] {
        match self {
            Source::Table(data) => &data.y,
            Source::Loans(loans) => loans.y(),
        }
    }

    /// The names of the negative and the positive class.
    pub fn class_names(&self) -> [String; 2] {
        match self {
            Source::Table(data) => data.class_names.clone(),
            Source::Loans(_) => LoanSource::class_names(),
        }
    }

    /// What each sample is called in outputs: its row in the file, from 0.
    pub fn row_numbers(&self) -> Vec<usize> {
        match self {
            Source::Table(data) => (0..data.y.len()).collect(),
            Source::Loans(loans) => loans.row_numbers(),
        }
    }

    /// Class sizes, with a warning where the positive class is the larger one.
    pub fn counts(&self, general: &General, positive_is_minority: bool) -> ClassCounts {
        let counts = ClassCounts::of(self.y());
        if positive_is_minority && counts.positive > counts.negative {
            let names = self.class_names();
            general.warn(format!(
                "the positive class {:?} is the larger one ({} of {} samples): choose another with \
                 --positive, or --minority smaller",
                names[1],
                counts.positive,
                counts.positive + counts.negative
            ));
        }
        counts
    }

    /// Learns the encoding from the rows given, all where `None`.
    pub fn fit(&self, rows: Option<&[usize]>, scale: ScalerKind) -> Result<Preprocessing, Failure> {
        match self {
            Source::Table(data) => {
                let scaler = match rows {
                    None => Scaler::fit(scale, data.x.view())?,
                    Some(rows) => Scaler::fit(scale, data.x.view().select_rows(rows).view())?,
                };
                Ok(Preprocessing::Table {
                    schema: data.schema.clone(),
                    scaler,
                })
            }
            Source::Loans(loans) => Ok(Preprocessing::LendingClub(loans.fit(rows, scale)?)),
        }
    }

    /// The features of the rows given, all where `None`.
    pub fn encode(
        &self,
        preprocessing: &Preprocessing,
        rows: Option<&[usize]>,
    ) -> Result<MatrixBuf, Failure> {
        match (self, preprocessing) {
            (Source::Table(data), Preprocessing::Table { scaler, .. }) => match rows {
                None => Ok(scaler.transform(data.x.view())?),
                Some(rows) => Ok(scaler.transform(data.x.view().select_rows(rows).view())?),
            },
            (Source::Loans(loans), Preprocessing::LendingClub(encoding)) => {
                loans.encode(encoding, rows)
            }
            _ => Err(Failure::run("found another kind of file than in training")),
        }
    }
}

/// Everything between a file's cells and a model's features; kept in the model file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Preprocessing {
    /// Columns of a table, scaled.
    Table { schema: TableSchema, scaler: Scaler },
    /// Features of a Lending Club loan.
    LendingClub(LoanEncoding),
}

/// Rows read for a fitted model.
pub struct Rows {
    pub x: MatrixBuf,
    pub y: Option<Vec<Label>>,
    /// The row in the file, from 0.
    pub numbers: Vec<usize>,
}

impl Preprocessing {
    /// The names of the negative and the positive class.
    pub fn class_names(&self) -> [String; 2] {
        match self {
            Preprocessing::Table { schema, .. } => schema.class_names().clone(),
            Preprocessing::LendingClub(_) => LoanSource::class_names(),
        }
    }

    /// Number of features of an encoded row.
    pub fn n_features(&self) -> usize {
        match self {
            Preprocessing::Table { scaler, .. } => scaler.n_features(),
            Preprocessing::LendingClub(encoding) => encoding.n_features(),
        }
    }

    /// One name a feature.
    pub fn feature_names(&self) -> Vec<String> {
        match self {
            Preprocessing::Table { schema, .. } => schema.feature_names(),
            Preprocessing::LendingClub(encoding) => encoding.feature_names(),
        }
    }

    /// Checks what a model file cannot promise: that its parts fit together.
    pub fn check(&self, file: &Path) -> Result<(), Failure> {
        match self {
            Preprocessing::Table { schema, scaler }
                if schema.n_features() != scaler.n_features() =>
            {
                Err(format!(
                    "found a scaler of {} features beside a schema of {}, expected as many",
                    scaler.n_features(),
                    schema.n_features()
                ))
                .in_file(file)
            }
            Preprocessing::LendingClub(encoding) => encoding.check().in_file(file),
            Preprocessing::Table { .. } => Ok(()),
        }
    }

    /// Reads a file in the layout of the training data.
    pub fn read(&self, path: &Path, target: TargetUse, general: &General) -> Result<Rows, Failure> {
        let bar = general.spinner("reading");
        let rows = match self {
            Preprocessing::Table { schema, scaler } => {
                let rows = schema.read(path, target)?;
                for warning in &rows.warnings {
                    general.warn(format!("{}: {warning}", path.display()));
                }
                Rows {
                    x: scaler.transform(rows.x.view()).in_file(path)?,
                    y: rows.y,
                    numbers: (0..rows.lines.len()).collect(),
                }
            }
            Preprocessing::LendingClub(encoding) => encoding.read(path, target)?,
        };
        bar.finish_and_clear();
        Ok(rows)
    }
}

/// Refuses a Gram matrix whose rows and samples do not match.
pub fn check_gram_shape(file: &Path, x: Matrix<'_>) -> Result<(), Failure> {
    if x.n_rows() == x.n_cols() {
        return Ok(());
    }
    Err(Failure::run(format!(
        "{}: found {} features for {} samples, expected as many: --kernel precomputed takes the \
         rows of a Gram matrix",
        file.display(),
        x.n_cols(),
        x.n_rows()
    )))
}
