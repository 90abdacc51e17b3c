//! Completed parts of an interrupted run, saved next to the outputs so that `--resume` repeats at most one part.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::{Failure, InFile};
use crate::output::Destination;

/// `DIR/unfinished`: `run.json` with the request, `PART-NAME.json` for every finished part.
pub struct Checkpoint {
    folder: PathBuf,
    /// What the run is about, in the plural, as messages say it.
    about: &'static str,
    /// What a part is called.
    part: &'static str,
    /// The request; a run is resumed only where it is the same.
    request: Value,
    /// Whether `run.json` stands.
    started: Mutex<bool>,
    /// The first part that could not be written.
    failed: Mutex<Option<Failure>>,
}

impl Checkpoint {
    pub fn new(out: &Path, about: &'static str, part: &'static str, request: Value) -> Self {
        Self {
            folder: out.join("unfinished"),
            about,
            part,
            request,
            started: Mutex::new(false),
            failed: Mutex::new(None),
        }
    }

    /// The finished parts of an earlier run, none where there was none. An unfinished run is neither
    /// ignored nor mixed with another: without `resume` it is refused (or removed, with `force`).
    pub fn load<T: DeserializeOwned>(&self, resume: bool, force: bool) -> Result<Vec<T>, Failure> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let name = self.folder.display();
        if !resume {
            if force {
                fs::remove_dir_all(&self.folder).in_file(&self.folder)?;
                return Ok(Vec::new());
            }
            return Err(Failure::run(format!(
                "{name}: found an unfinished run, expected none (--resume continues it, --force \
                 begins anew)"
            )));
        }
        let saved: Value = read_json(&self.folder.join("run.json"))?;
        if saved != self.request {
            return Err(Failure::run(format!(
                "{name}: found a run of other {} or settings, expected one of the same (--force \
                 without --resume begins anew)",
                self.about
            )));
        }
        let prefix = format!("{}-", self.part);
        let mut finished = Vec::new();
        for entry in fs::read_dir(&self.folder).in_file(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(&prefix) && name.ends_with(".json") {
                finished.push(read_json(&path)?);
            }
        }
        Ok(finished)
    }

    /// Keeps a finished part. A failure is kept for [`Checkpoint::failure`].
    pub fn keep(&self, name: &str, outcome: &impl Serialize) {
        if let Err(failure) = self.write(name, outcome) {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.get_or_insert(failure);
        }
    }

    fn write(&self, name: &str, outcome: &impl Serialize) -> Result<(), Failure> {
        let write = |name: &str, value: &dyn Fn(&mut dyn Write) -> Result<(), Failure>| {
            Destination::prepare(&self.folder.join(name), true)?.write(value)
        };
        {
            // Parts end on several threads; the first one makes the folder.
            let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
            if !*started {
                fs::create_dir_all(&self.folder).in_file(&self.folder)?;
                write("run.json", &|out| {
                    Ok(serde_json::to_writer(out, &self.request)?)
                })?;
                *started = true;
            }
        }
        let name = format!("{}-{name}.json", self.part);
        write(&name, &|out| Ok(serde_json::to_writer(out, outcome)?))
    }

    /// Why parts could not be kept, if they could not. The run itself does not need them.
    pub fn failure(&self) -> Option<String> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().and_then(Failure::message)
    }

    /// Removes what was kept: the outputs hold it all.
    pub fn remove(&self) -> Result<(), Failure> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).in_file(&self.folder)?;
        }
        Ok(())
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = fs::read_to_string(path).in_file(path)?;
    serde_json::from_str(&text).in_file(path)
}
