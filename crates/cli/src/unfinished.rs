//! Finished parts of a run that is not: kept beside the outputs, so that a kill costs one part.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::{Failure, InFile};
use crate::output::Destination;

/// `DIR/unfinished`: `run.json` with what was asked for, `PART-NAME.json` for every finished part.
pub struct Unfinished {
    folder: PathBuf,
    /// What the run is about, in the plural, as messages say it.
    about: &'static str,
    /// What a part is called.
    part: &'static str,
    /// What was asked for; a run is taken up again only where this is the same.
    asked: Value,
    /// Whether `run.json` stands.
    begun: Mutex<bool>,
    /// The first part that could not be written.
    failed: Mutex<Option<Failure>>,
}

impl Unfinished {
    pub fn new(out: &Path, about: &'static str, part: &'static str, asked: Value) -> Self {
        Self {
            folder: out.join("unfinished"),
            about,
            part,
            asked,
            begun: Mutex::new(false),
            failed: Mutex::new(None),
        }
    }

    /// The finished parts of an earlier run, none where there was none. An unfinished run is neither
    /// ignored nor mixed with another: without `resume` it is refused (or removed, with `force`).
    pub fn take_up<T: DeserializeOwned>(
        &self,
        resume: bool,
        force: bool,
    ) -> Result<Vec<T>, Failure> {
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
        let begun: Value = read_json(&self.folder.join("run.json"))?;
        if begun != self.asked {
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

    /// Keeps a finished part. What fails is told by [`Unfinished::failure`], once.
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
            // Parts end on several threads; the first one begins the folder.
            let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
            if !*begun {
                fs::create_dir_all(&self.folder).in_file(&self.folder)?;
                write("run.json", &|out| {
                    Ok(serde_json::to_writer(out, &self.asked)?)
                })?;
                *begun = true;
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
