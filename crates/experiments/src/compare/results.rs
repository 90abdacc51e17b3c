//! What a comparison leaves behind: the stable schema of `results.json` (version 1).
//!
//! Rates are fractions (0.594), not per cent. Metrics go by [`Metric::key`](fuzzysvm_evaluation::Metric::key).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CompareSettings, Significance};
use crate::provenance::{DataFile, RunRecord};
use fuzzysvm_estimator::tuning::Chosen;

/// `results.json`.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct CompareResults {
    /// Schema version, 1.
    pub schema: u32,
    /// All settings of the run.
    pub settings: CompareSettings,
    /// The metric that the page answers by, by its key in `metrics`; absent where it is the balanced accuracy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// One entry per method, in the order of the tables: what it comes to over all data sets.
    pub methods: Vec<MethodSummary>,
    /// The tests of significance by metric; `null` where fewer than two data sets or methods were
    /// compared.
    pub tests: BTreeMap<String, Option<Significance>>,
    /// One entry per data set, in the order given.
    pub sets: Vec<SetResult>,
    /// Names of data sets that are not independent of one another, one list per family: they share samples, or are KEEL
    /// sets of one source. The tests take data sets for independent: where there are families their p-values are too small.
    pub families: Vec<Vec<String>>,
    /// Data sets that could not take part, and why.
    pub skipped: Vec<Skipped>,
    /// Where the figures come from; absent where the data sets were read from no files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<CompareProvenance>,
}

/// Files, version and seed of a comparison and, of one that a command line started, when it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CompareProvenance {
    /// The files of the data sets, in the order given.
    pub files: Vec<DataFile>,
    /// Version of fuzzysvm.
    pub version: String,
    /// Seed of all draws.
    pub seed: u64,
    /// How, on what and when it was started: the only part that differs between two runs of the same job. Absent where no
    /// command line started it.
    #[serde(flatten)]
    pub run: Option<RunRecord>,
}

impl CompareResults {
    /// Final fits whose solver stopped before its tolerance.
    pub fn n_short(&self) -> usize {
        let methods = self.sets.iter().flat_map(|set| &set.methods);
        let fits = methods.flat_map(|method| &method.folds);
        fits.filter(|fit| !fit.outcome.converged).count()
    }
}

/// One method over all data sets.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MethodSummary {
    /// The name in `--methods`, for instance `iefsvm`.
    pub id: String,
    /// The name in the tables, for instance `IEFSVM`.
    pub name: String,
    /// Metric by name.
    pub metrics: BTreeMap<String, Overall>,
}

/// A metric of a method over all data sets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Overall {
    /// Mean over the data sets of the means over the folds.
    pub mean: f64,
    /// Mean over the data sets of the rank among the methods; 1 is best, ties are averaged.
    pub average_rank: f64,
}

/// One data set.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SetResult {
    /// The name in the tables.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// Number of samples.
    pub n_samples: usize,
    /// Number of features.
    pub n_features: usize,
    /// Samples of the positive class.
    pub n_positive: usize,
    /// Samples of the negative class.
    pub n_negative: usize,
    /// n₋/n₊.
    pub imbalance_ratio: f64,
    /// The name of the positive class.
    pub positive_class: String,
    /// The name of the negative class.
    pub negative_class: String,
    /// Samples with the features of an earlier one. Folds do not keep copies together.
    pub n_copies: usize,
    /// Those of them whose class is not that of the first such sample.
    pub n_contradicting_copies: usize,
    /// One entry per method, in the order of the tables.
    pub methods: Vec<SetMethod>,
}

/// One method on one data set.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SetMethod {
    /// The name in `--methods`.
    pub id: String,
    /// Metric by name, over all folds of all repetitions.
    pub metrics: BTreeMap<String, Spread>,
    /// Every fold of every repetition.
    pub folds: Vec<FoldResult>,
}

/// Mean and standard deviation over folds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Sample standard deviation. Folds share training rows: it describes, it does not test.
    pub std: f64,
}

/// One method on one test part.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FoldResult {
    /// Repetition, from 0.
    pub repeat: usize,
    /// Fold, from 0.
    pub fold: usize,
    /// Everything else.
    #[serde(flatten)]
    pub outcome: MethodOutcome,
}

/// What a method came to on one test part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MethodOutcome {
    /// Metric by name.
    pub metrics: BTreeMap<String, f64>,
    /// What tuning chose.
    pub chosen: Chosen,
    /// Support vectors of the model; `null` for a method that has none.
    pub n_support: Option<usize>,
    /// Whether the final fit reached its tolerance.
    pub converged: bool,
}

/// A data set that could not take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Skipped {
    /// The name of the data set.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// Why, in a sentence.
    pub reason: String,
}

impl Skipped {
    /// A data set that could not take part, for instance as it could not be read. A reason that begins with the source
    /// is kept without it.
    pub fn new(name: impl Into<String>, source: impl Into<String>, reason: &str) -> Self {
        let source = source.into();
        let of_source = reason.strip_prefix(&source);
        let rest = of_source.and_then(|rest| rest.strip_prefix(": "));
        Self {
            reason: rest.unwrap_or(reason).to_owned(),
            name: name.into(),
            source,
        }
    }
}

/// Everything that one unit found: all methods on one fold of one repetition on one data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct UnitOutcome {
    /// The name of the data set.
    pub set: String,
    /// Repetition, from 0.
    pub repeat: usize,
    /// Fold, from 0.
    pub fold: usize,
    /// One entry per method, in the order of the settings.
    pub methods: Vec<MethodOutcome>,
}
