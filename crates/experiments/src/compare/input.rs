//! The data sets of a comparison.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fuzzysvm_datasets::Input;
use fuzzysvm_datasets::table::{Dataset, TableError};
use fuzzysvm_estimator::{CrossValidation, Data, DataOptions, EstimatorError, Warning};
use serde_json::{Value, json};

use super::error::and_more;
use super::run::same_as;
use super::set_names::set_names;
use super::{
    CompareError, CompareOptions, CompareProvenance, CompareResults, CompareSettings, DataSet,
    Skipped,
};
use crate::provenance::{DataFile, RunRecord};

/// What became of the files.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct CompareInput {
    /// Those that take part.
    pub sets: Vec<DataSet>,
    /// Their files.
    pub files: Vec<DataFile>,
    /// Those named twice.
    pub left_out: Vec<Skipped>,
    /// Those that cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// What there is to warn about, with the file; rows that have a copy in another fold stand below.
    pub warnings: Vec<(String, Warning)>,
    /// Names of sets of which rows have a copy in another fold.
    pub copies_across_folds: Vec<String>,
    /// The paths in the order given.
    paths: Vec<PathBuf>,
}

/// A file that cannot be read as a data set.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unreadable {
    /// The name that the data set would have.
    pub name: String,
    /// The path.
    pub source: String,
    /// What is wrong.
    pub error: ReadError,
}

/// Why a file cannot be read as a data set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It holds loans.
    #[error(
        "found a Lending Club file, expected a table of samples (lend compares methods on loans)"
    )]
    Loans,
    /// It is no table of two classes.
    #[error(transparent)]
    Table(#[from] EstimatorError),
}

impl CompareInput {
    /// The results with the files that do not take part, in the order of the files.
    pub fn with_left_out(&self, mut results: CompareResults) -> CompareResults {
        let unreadable = self.unreadable.iter();
        let unreadable =
            unreadable.map(|file| Skipped::new(&file.name, &file.source, &file.error.to_string()));
        results.skipped.extend(unreadable);
        self.sorted(results)
    }

    /// The results with the files that were named twice, and all that are skipped in the order of the files.
    pub fn sorted(&self, mut results: CompareResults) -> CompareResults {
        results.skipped.extend(self.left_out.iter().cloned());
        results.skipped.sort_by_key(|s| self.place(&s.source));
        results
    }

    /// Where a file stands among those given.
    fn place(&self, source: &str) -> usize {
        let same = |path: &PathBuf| path.display().to_string() == source;
        self.paths.iter().position(same).unwrap_or(self.paths.len())
    }

    /// What units depend on: neither the number of repetitions (a run may be resumed with more of them) nor the
    /// control. Units that were computed elsewhere belong to this run where this is equal.
    ///
    /// # Errors
    /// A number that JSON does not have.
    pub fn identity(&self, settings: &CompareSettings) -> Result<Value, serde_json::Error> {
        let mut settings = serde_json::to_value(settings)?;
        if let Some(fields) = settings.as_object_mut() {
            fields.remove("repeats");
            fields.remove("control");
        }
        let of_set = |s: &DataSet| json!({ "name": s.name(), "sha256": s.digest() });
        let sets: Vec<Value> = self.sets.iter().map(of_set).collect();
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "sets": sets,
            "settings": settings,
        }))
    }

    /// Where the figures of a comparison of these sets come from; `run` is said by the command line, which knows it.
    pub fn provenance(&self, seed: u64, run: Option<RunRecord>) -> CompareProvenance {
        CompareProvenance {
            files: self.files.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed,
            run,
        }
    }

    /// Checks that a data set is left to compare on.
    ///
    /// # Errors
    /// [`CompareError::NoneReadable`] where files were given and none can be read.
    pub fn check(&self) -> Result<(), CompareError> {
        match self.unreadable.as_slice() {
            [first, rest @ ..] if self.sets.is_empty() => {
                let message = match &first.error {
                    ReadError::Loans => format!("{}: {}", first.source, first.error),
                    ReadError::Table(error) => error.to_string(),
                };
                let message = message + &and_more(rest.len());
                Err(CompareError::NoneReadable { message })
            }
            _ => Ok(()),
        }
    }

    /// All units of the comparison, the set and the number of each as [`run_unit`](super::run_unit) takes them: those of the
    /// largest data sets first, none of a set that has the samples of an earlier one.
    pub fn units(&self, settings: &CompareSettings) -> Vec<(usize, usize)> {
        let mut sets: Vec<usize> = (0..self.sets.len())
            .filter(|&i| same_as(&self.sets, i).is_none())
            .collect();
        sets.sort_by_key(|&i| std::cmp::Reverse(self.sets[i].cost()));
        let n_units = settings.folds * settings.repeats;
        let of_set = |set: usize| (0..n_units).map(move |unit| (set, unit));
        sets.into_iter().flat_map(of_set).collect()
    }

    /// What there is to warn about, one sentence each.
    pub fn warnings_in_words(&self) -> Vec<String> {
        let of_files = self.warnings.iter();
        let of_files = of_files.map(|(source, warning)| format!("{source}: {warning}"));
        let copies = (!self.copies_across_folds.is_empty()).then(|| {
            // One sentence: of many sets many have copies.
            format!(
                "rows have a copy in another fold, so models are tested on rows that they have trained on and \
                 figures come out too good: {}",
                self.copies_across_folds.join(", ")
            )
        });
        let larger = self.larger_positive().map(|set| {
            let counts = set.class_counts();
            format!(
                "{}: the positive class is the larger one ({} of {} samples): choose another positive class",
                set.source(),
                counts.positive,
                set.y().len()
            )
        });
        of_files.chain(copies).chain(larger).collect()
    }

    /// Sets whose positive class is the larger one.
    fn larger_positive(&self) -> impl Iterator<Item = &DataSet> {
        self.sets.iter().filter(|set| {
            let counts = set.class_counts();
            counts.positive > counts.negative
        })
    }
}

impl CompareOptions {
    /// Reads all data sets that can be read.
    pub fn read(&self) -> CompareInput {
        let mut input = CompareInput {
            paths: self.data.clone(),
            ..CompareInput::default()
        };
        let names = set_names(&self.data);
        for (i, (path, name)) in self.data.iter().zip(names).enumerate() {
            let source = path.display().to_string();
            if self.data[..i].contains(path) {
                let twice = Skipped::new(name, source, "named twice: it counts once");
                input.left_out.push(twice);
                continue;
            }
            match self.read_one(path) {
                Ok((table, warnings, file)) => {
                    for warning in warnings {
                        match warning {
                            Warning::CopiesAcrossFolds { .. } => {
                                input.copies_across_folds.push(name.clone());
                            }
                            other => input.warnings.push((source.clone(), other)),
                        }
                    }
                    input.sets.push(DataSet::of_table(name, source, table));
                    input.files.push(file);
                }
                Err(error) => input.unreadable.push(Unreadable {
                    name,
                    source,
                    error,
                }),
            }
        }
        input
    }

    /// The table in a file, with what there is to warn about and which file it was.
    fn read_one(&self, path: &Path) -> Result<(Dataset, Vec<Warning>, DataFile), ReadError> {
        let input = Input::open(path).map_err(EstimatorError::from)?;
        if self.table.target.is_none() && input.is_loan_book(&BTreeMap::new()) {
            return Err(ReadError::Loans);
        }
        let options = DataOptions::default().with_table(self.table.clone());
        let data = Data::read_input(input, &options)?;
        let file = DataFile::of_path(path).map_err(|source| {
            let file = path.display().to_string();
            EstimatorError::from(TableError::Io { file, source })
        })?;
        let mut warnings = data.warnings(self.scale);
        let cv = CrossValidation {
            folds: self.folds,
            scale: self.scale,
            seed: self.seed,
        };
        // A set that is too small for the folds is left out later, with that reason.
        warnings.extend(cv.warnings(&data).unwrap_or_default());
        match data {
            Data::Table(table) => Ok((*table, warnings, file)),
            _ => Err(ReadError::Loans),
        }
    }
}
