//! The format of DATA, where its name does not say it.

use clap::Args;
use fuzzysvm::datasets::table::{Format, ReadOptions, ZeroBased};
use fuzzysvm::estimator::FittedEstimator;

use crate::failure::Failure;

/// What the file's name does not say.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct FormatFlags {
    /// csv, keel, arff, libsvm or parquet [default: found]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// LIBSVM: indices count from 0: auto, yes or no [default: auto]
    #[arg(long, value_name = "WHETHER")]
    zero_based: Option<ZeroBased>,

    /// LIBSVM: number of features [default: the largest index]
    #[arg(long, value_name = "N")]
    n_features: Option<usize>,
}

impl FormatFlags {
    /// The flags as options of the library.
    pub fn apply(&self, options: &mut ReadOptions) {
        options.format = self.format;
        options.zero_based = self.zero_based.unwrap_or_default();
        options.n_features = self.n_features;
    }

    /// The options of reading a file for a model, which holds the others.
    pub fn options(&self) -> ReadOptions {
        let mut options = ReadOptions::default();
        self.apply(&mut options);
        options
    }

    /// The model, widened where a number of features is given.
    pub fn widen(&self, model: FittedEstimator) -> Result<FittedEstimator, Failure> {
        match self.n_features {
            Some(n) => Ok(model.with_n_features(n)?),
            None => Ok(model),
        }
    }

    /// The flags that are given, by their names.
    pub fn given(&self) -> impl Iterator<Item = &'static str> {
        [
            (self.format.is_some(), "--format"),
            (self.zero_based.is_some(), "--zero-based"),
            (self.n_features.is_some(), "--n-features"),
        ]
        .into_iter()
        .filter_map(|(given, name)| given.then_some(name))
    }
}
