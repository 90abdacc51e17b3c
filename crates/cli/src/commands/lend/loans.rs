//! The loans of a run.

use fuzzysvm::datasets::lending_club::{LoanBook, Need, ReadOptions, Selection, Snapshot};
use fuzzysvm::datasets::simulated::SimulatedBook;
use fuzzysvm::estimator::LoanData;
use fuzzysvm::lend::LendSettings;

use super::flags::{Lend, SplitName};
use crate::failure::Failure;
use crate::ui::General;

/// The loans of a run, and what to call where they come from.
pub struct Loans {
    pub data: LoanData,
    pub source: String,
}

impl Loans {
    /// The selection whatever the age of the loans: walk-forward takes whole quarters, or none.
    pub fn of_any_age(&self) -> Selection {
        Selection {
            seasoned_by: None,
            ..self.data.selection().clone()
        }
    }
}

impl Lend {
    /// Reads the loans and keeps those that are asked for.
    pub(super) fn loans(
        &self,
        split: SplitName,
        settings: &LendSettings,
        general: &General,
    ) -> Result<Loans, Failure> {
        let (book, source) = self.read(split, settings, general)?;
        let selection = Selection {
            term: self.term.parse().ok(),
            include_off_policy: self.include_off_policy,
            ..Selection::default()
        };
        let selection = settings.selection(selection, self.snapshot, &book);
        let snapshot = self.snapshot.unwrap_or(settings.snapshot());
        if snapshot == Snapshot::Auto && selection.seasoned_by.is_none() {
            general.warn("no payment has a month, so --snapshot auto keeps loans of any age");
        }
        let data = LoanData::new(book, &selection);
        for warning in data.warnings() {
            general.warn(warning);
        }
        Ok(Loans { data, source })
    }

    /// The loans, and what to call where they come from.
    fn read(
        &self,
        split: SplitName,
        settings: &LendSettings,
        general: &General,
    ) -> Result<(LoanBook, String), Failure> {
        let bar = general.spinner("reading loans");
        let (book, source) = if self.loans.is_empty() {
            // Through the same columns and the same reader as a real file.
            let simulated = SimulatedBook {
                n_loans: self.simulated_loans as u64,
                seed: general.seed,
            };
            let mut file = Vec::new();
            simulated.write_to(&mut file)?;
            let options = ReadOptions {
                name: "simulated".to_owned(),
                ..ReadOptions::default()
            };
            (
                LoanBook::from_reader(file.as_slice(), options)?,
                "simulated".to_owned(),
            )
        } else {
            let names: Vec<String> = self.loans.iter().map(|p| p.display().to_string()).collect();
            let mut needs = settings.needs();
            if split == SplitName::WalkForward {
                let by = "walk-forward, which asks when an outcome was known";
                needs.push(Need::new("last_pymnt_d", by));
            }
            if self.snapshot == Some(Snapshot::Auto) {
                needs.push(Need::new("last_pymnt_d", "--snapshot auto"));
            }
            let options = ReadOptions {
                needs,
                columns: self.columns.columns(),
                ..ReadOptions::default()
            };
            let book = LoanBook::read_paths(&self.loans, &options)?;
            (book, names.join(", "))
        };
        bar.finish_and_clear();
        Ok((book, source))
    }
}
