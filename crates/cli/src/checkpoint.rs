//! Completed parts of an interrupted run, saved next to the outputs so that `--resume` repeats at most one part.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::{Failure, InFile};
use crate::output::{Destination, on_interrupt_say};

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
            let words = format!(
                "{name}: found an unfinished run, expected none (--resume continues it, --force begins anew)"
            );
            return Err(Failure::output(words, &self.folder));
        }
        let saved: Value = read_json(&self.folder.join("run.json"))?;
        if saved != self.request {
            let words = format!(
                "{name}: found a run of other {} or settings, expected one of the same (--force without --resume \
                 begins anew)",
                self.about
            );
            return Err(Failure::output(words, &self.folder));
        }
        self.say_how_to_go_on();
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

    /// Says from now on, when the run is interrupted, how to go on with it.
    fn say_how_to_go_on(&self) {
        let parts = match self.part {
            "trial" => "trials",
            _ => "folds",
        };
        let out = self.folder.parent().unwrap_or(&self.folder);
        on_interrupt_say(Some(format!(
            "stopped; the finished {parts} are kept in {}: go on with {}",
            self.folder.display(),
            resuming(std::env::args().collect(), out)
        )));
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
        write(&name, &|out| Ok(serde_json::to_writer(out, outcome)?))?;
        self.say_how_to_go_on();
        Ok(())
    }

    /// Why parts could not be kept, if they could not. The run itself does not need them.
    pub fn failure(&self) -> Option<String> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().and_then(Failure::message)
    }

    /// Removes what was kept: the outputs hold it all.
    pub fn remove(&self) -> Result<(), Failure> {
        on_interrupt_say(None);
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).in_file(&self.folder)?;
        }
        Ok(())
    }
}

/// This command line, as a shell takes it.
pub fn command_line() -> String {
    let given = std::env::args().skip(1).map(|arg| quoted(&arg));
    let words: Vec<String> = std::iter::once("fuzzysvm".to_owned())
        .chain(given)
        .collect();
    words.join(" ")
}

/// This command line, continued: with `--resume`, and with `--out` where the folder was chosen for it.
fn resuming(mut args: Vec<String>, out: &Path) -> String {
    if let Some(program) = args.first_mut() {
        "fuzzysvm".clone_into(program);
    }
    let given = |args: &[String], flag: &str| {
        let with_value = format!("{flag}=");
        args.iter().any(|a| a == flag || a.starts_with(&with_value))
    };
    args.retain(|a| a != "--force");
    if !given(&args, "--out") {
        args.extend(["--out".to_owned(), out.display().to_string()]);
    }
    if !given(&args, "--resume") {
        args.push("--resume".to_owned());
    }
    let quoted: Vec<String> = args.iter().map(|a| quoted(a)).collect();
    quoted.join(" ")
}

/// An argument as a shell takes it.
fn quoted(arg: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./,=:+@%^".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) {
        arg.to_owned()
    } else {
        format!("'{}'", arg.replace('\'', r"'\''"))
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = fs::read_to_string(path).in_file(path)?;
    serde_json::from_str(&text).in_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_goes_on_is_the_same_with_resume() {
        for (args, expected) in [
            ("x lend", "fuzzysvm lend --out a/b --resume"),
            ("x lend --out=c --force", "fuzzysvm lend --out=c --resume"),
            (
                "x compare y*.dat --out c --resume",
                "fuzzysvm compare 'y*.dat' --out c --resume",
            ),
        ] {
            let args = args.split(' ').map(str::to_owned).collect();
            assert_eq!(resuming(args, Path::new("a/b")), expected);
        }
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
