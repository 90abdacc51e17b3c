//! The loans of a run.

use fuzzysvm_core::{ParamError, memory};
use fuzzysvm_datasets::lending_club::{
    LoanBook, LoanBookError, Need, Quarter, ReadOptions, Selection, Snapshot,
};
use fuzzysvm_datasets::simulated::{SimulateError, SimulatedBook};
use fuzzysvm_estimator::LoanData;
use serde_json::{Value, json};

use super::provenance::digest_of_loans;
use super::{DataFile, LendError, LendOptions, LendSettings, SCHEMA, SplitName};
use crate::source::{SIMULATED, source_of};
use crate::walk_forward::{self, WalkForwardResults, WalkForwardSettings, default_quarters};

/// What a line of a simulated file takes, and as much again while the file grows.
const BYTES_OF_LOAN: u64 = 1_400;

/// The loans of a run, and what to call where they come from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LendInput {
    /// The finished loans that are kept.
    pub data: LoanData,
    /// `"simulated"`, or the paths of the files read; see [`crate::is_simulated`].
    pub source: String,
    /// The files read, or the simulated one.
    pub files: Vec<DataFile>,
    /// Whether the month of the files was asked for and no payment has one: loans of any age are kept.
    pub snapshot_is_unknown: bool,
}

impl LendInput {
    /// The selection whatever the age of the loans: walk-forward takes whole quarters, or none.
    pub fn of_any_age(&self) -> Selection {
        Selection {
            seasoned_by: None,
            ..self.data.selection().clone()
        }
    }

    /// Decides on these quarters, one by one, on loans of any age; `on_quarter` as in [`walk_forward::run`].
    ///
    /// # Errors
    /// As [`walk_forward::run`].
    pub fn walk(
        &self,
        quarters: &[Quarter],
        settings: &WalkForwardSettings,
        on_quarter: &dyn Fn(&str),
    ) -> Result<WalkForwardResults, LendError> {
        let selection = self.of_any_age();
        let decided = walk_forward::book_quarters(self.data.book(), quarters, &selection);
        walk_forward::run(decided, settings, on_quarter)
    }

    /// What the trials depend on, but for their number: a run may be resumed with more of them, and units that were
    /// computed elsewhere belong to this run where this is equal.
    ///
    /// # Errors
    /// A number that JSON does not have.
    pub fn identity(&self, settings: &LendSettings) -> Result<Value, serde_json::Error> {
        let mut settings = serde_json::to_value(settings)?;
        if let Some(fields) = settings.as_object_mut() {
            fields.remove("trials");
        }
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "schema": SCHEMA,
            // What was read of the loans, not where it stood.
            "loans": digest_of_loans(&self.data),
            "selection": self.data.selection(),
            "settings": settings,
        }))
    }
}

impl LendOptions {
    /// Reads the loans and keeps those that are asked for.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn read(&self, settings: &LendSettings) -> Result<LendInput, LendError> {
        let (book, source, files) = match self.loans.is_empty() {
            true => self.simulated()?,
            false => self.read_files(settings)?,
        };
        let selection = Selection {
            term: Some(self.term),
            include_off_policy: self.include_off_policy,
            ..Selection::default()
        };
        let selection = settings.selection(selection, self.snapshot, &book);
        let snapshot = self.snapshot.unwrap_or(settings.snapshot());
        Ok(LendInput {
            snapshot_is_unknown: snapshot == Snapshot::Auto && selection.seasoned_by.is_none(),
            data: LoanData::new(book, &selection),
            source,
            files,
        })
    }

    /// A simulated book, through the same columns and the same reader as a real file.
    fn simulated(&self) -> Result<(LoanBook, String, Vec<DataFile>), LendError> {
        let simulated = SimulatedBook {
            n_loans: self.simulated_loans as u64,
            seed: self.seed,
        };
        memory::check(simulated.n_loans.saturating_mul(BYTES_OF_LOAN)).map_err(|excess| {
            let rule = format!("must be fewer: their file would take {excess}");
            LendError::Param(ParamError::new(
                "simulated_loans",
                self.simulated_loans,
                rule,
            ))
        })?;
        let source = SIMULATED.to_owned();
        let mut file = Vec::new();
        simulated.write_to(&mut file).map_err(|e| match e {
            SimulateError::Param(e) => {
                LendError::Param(ParamError::new("simulated_loans", e.value, e.rule))
            }
            other => LendError::Param(ParamError::new(
                "simulated_loans",
                self.simulated_loans,
                other.to_string(),
            )),
        })?;
        let options = ReadOptions {
            name: source.clone(),
            ..ReadOptions::default()
        };
        let book = LoanBook::from_reader(file.as_slice(), options)?;
        let files = vec![DataFile::of_bytes(source.clone(), &file)];
        Ok((book, source, files))
    }

    fn read_files(
        &self,
        settings: &LendSettings,
    ) -> Result<(LoanBook, String, Vec<DataFile>), LendError> {
        let mut needs = settings.needs();
        if self.split() == SplitName::WalkForward {
            let by = "walk-forward, which asks when an outcome was known";
            needs.push(Need::new("last_pymnt_d", by));
        }
        if self.snapshot == Some(Snapshot::Auto) {
            needs.push(Need::new("last_pymnt_d", "the snapshot auto"));
        }
        let options = ReadOptions {
            needs,
            columns: self.map.clone(),
            ..ReadOptions::default()
        };
        let book = LoanBook::read_paths(&self.loans, &options)?;
        let digests = self.loans.iter().map(|path| {
            DataFile::of_path(path).map_err(|source| LoanBookError::Io {
                file: path.display().to_string(),
                source,
            })
        });
        let files = digests.collect::<Result<Vec<_>, LoanBookError>>()?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let source = source_of(&names.join(", "), &book);
        Ok((book, source, files))
    }

    /// The quarters to decide on.
    ///
    /// # Errors
    /// As [`default_quarters`].
    pub fn quarters(&self, input: &LendInput) -> Result<Vec<Quarter>, LendError> {
        let mut quarters = default_quarters(input.data.book(), &input.of_any_age())?;
        if let Some(from) = self.test_from {
            quarters.retain(|quarter| quarter.first_month() >= from);
        }
        Ok(quarters)
    }
}
