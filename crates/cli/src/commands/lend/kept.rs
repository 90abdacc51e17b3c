//! The model that `lend --save` keeps for loans on offer.

use std::path::{Path, PathBuf};

use fuzzysvm::lend::{LendInput, LendSettings, model_to_keep};

use crate::failure::Failure;
use crate::lend_files::{MODEL, Written};
use crate::output::Destination;
use crate::run_folder::make_folder;
use crate::ui::General;

/// Where the model goes, known to be writable.
pub struct Kept {
    path: PathBuf,
    destination: Destination,
}

impl Kept {
    /// Makes the folder, and checks that the model can be written into it and is none of the inputs.
    pub fn prepare(folder: &Path, force: bool, inputs: &[PathBuf]) -> Result<Self, Failure> {
        make_folder(folder)?;
        let path = folder.join(MODEL);
        let destination = Destination::prepare(&path, force, inputs)?;
        Ok(Self { path, destination })
    }

    /// Fits the model and writes it.
    pub fn write(
        &self,
        loans: &LendInput,
        settings: &LendSettings,
        general: &General,
    ) -> Result<(), Failure> {
        let bar = general.spinner("fitting the model that is kept");
        let model = model_to_keep(&loans.data, settings, &loans.source)?;
        let text = model.to_fitted()?.to_json()?;
        bar.finish_and_clear();
        self.destination.write(|out| Ok(writeln!(out, "{text}")?))
    }

    /// What was written.
    pub fn written(self) -> Written {
        Written {
            key: "model",
            what: "the model of the first trial, for fuzzysvm portfolio",
            path: self.path,
        }
    }
}
