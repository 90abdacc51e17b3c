//! Completed parts of an interrupted run, saved next to the outputs so that `--resume` repeats at most one part.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, InFile};
use crate::output::{Destination, on_interrupt_say};

/// `DIR/unfinished`: `run.json` with the request, `PART-NAME.json` for every finished part.
///
/// A part is two lines: whose it is and the SHA-256 of the other line, which is the part. So a part of another run, one
/// under another name and one that was edited are told from what this run kept.
pub struct Checkpoint {
    folder: PathBuf,
    /// What the run is about, in the plural, as messages say it.
    about: &'static str,
    /// What a part is called.
    part: &'static str,
    /// The request; a run is resumed only where it is the same.
    request: Value,
    /// Its SHA-256.
    run: String,
    /// Whether `run.json` stands.
    started: Mutex<bool>,
    /// The first part that could not be written.
    failed: Mutex<Option<Failure>>,
}

impl Checkpoint {
    /// `request` is all that the parts depend on, but for the arithmetic of this machine, which is added.
    pub fn new(out: &Path, about: &'static str, part: &'static str, request: Value) -> Self {
        let request = json!({ "asked": request, "arithmetic": arithmetic() });
        Self {
            run: sha256(&request.to_string()),
            folder: out.join(FOLDER),
            about,
            part,
            request,
            started: Mutex::new(false),
            failed: Mutex::new(None),
        }
    }

    /// Whether an unfinished run stands in a folder of outputs. It may have written some of them before it was stopped.
    pub fn stands_in(out: &Path) -> bool {
        out.join(FOLDER).exists()
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
                self.remove_folder()?;
                return Ok(Vec::new());
            }
            let words = format!(
                "{name}: found an unfinished run, expected none (--resume continues it, --force begins anew)"
            );
            return Err(Failure::output(words, &self.folder));
        }
        let saved: Value = read_json(&self.folder.join(RUN))?;
        if saved != self.request {
            let words = format!(
                "{name}: found a run of other {} or settings ({}), expected one of the same (--force without --resume \
                 begins anew)",
                self.about,
                difference(&saved, &self.request).unwrap_or_default()
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
                finished.push(self.read_part(&path)?);
            }
        }
        Ok(finished)
    }

    /// A kept part, which is this run's, under its own name and unchanged.
    fn read_part<T: DeserializeOwned>(&self, path: &Path) -> Result<T, Failure> {
        let text = fs::read_to_string(path).in_file(path)?;
        let damaged = |what: &str| {
            let words = format!(
                "{}: found {what}, expected one that this run kept (without the file it is computed again)",
                path.display()
            );
            Err(Failure::output(words, path))
        };
        let Some((seal, part)) = text.split_once('\n') else {
            return damaged("half a part");
        };
        let Ok(seal) = serde_json::from_str::<Seal>(seal) else {
            return damaged("a part without its seal");
        };
        let part = part.trim_end_matches('\n');
        if seal.run != self.run {
            return damaged("a part of another run");
        }
        if path
            .file_name()
            .is_none_or(|name| name.to_string_lossy() != seal.name)
        {
            return damaged("a part under another name");
        }
        if seal.sha256 != sha256(part) {
            return damaged("a part that was changed");
        }
        serde_json::from_str(part).in_file(path)
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
        {
            // Parts end on several threads; the first one makes the folder.
            let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
            if !*started {
                self.make_folder()?;
                *started = true;
            }
        }
        let name = format!("{}-{name}.json", self.part);
        let part = serde_json::to_string(outcome)?;
        let seal = Seal {
            run: self.run.clone(),
            sha256: sha256(&part),
            name,
        };
        let destination = Destination::prepare(&self.folder.join(&seal.name), true)?;
        let seal = serde_json::to_string(&seal)?;
        destination.write(|out| Ok(writeln!(out, "{seal}\n{part}")?))?;
        self.say_how_to_go_on();
        Ok(())
    }

    /// Makes the folder with the request in it: whole, or not at all.
    fn make_folder(&self) -> Result<(), Failure> {
        if self.folder.exists() {
            return Ok(());
        }
        let beside = self.beside()?;
        fs::create_dir_all(&beside).in_file(&beside)?;
        let destination = Destination::prepare(&beside.join(RUN), true)?;
        destination.write(|out| Ok(serde_json::to_writer(out, &self.request)?))?;
        fs::rename(&beside, &self.folder).in_file(&self.folder)
    }

    /// The place beside the folder, free of what a run left there that was killed just then: nobody else writes into this
    /// folder of outputs.
    fn beside(&self) -> Result<PathBuf, Failure> {
        let beside = self.folder.with_file_name(BESIDE);
        if beside.exists() {
            fs::remove_dir_all(&beside).in_file(&beside)?;
        }
        Ok(beside)
    }

    /// Why parts could not be kept, if they could not. The run itself does not need them.
    pub fn failure(&self) -> Option<String> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().and_then(Failure::message)
    }

    /// Removes the folder, at one moment.
    fn remove_folder(&self) -> Result<(), Failure> {
        let beside = self.beside()?;
        if self.folder.exists() {
            fs::rename(&self.folder, &beside).in_file(&self.folder)?;
            fs::remove_dir_all(&beside).in_file(&beside)?;
        }
        Ok(())
    }

    /// Removes what was kept: the outputs hold it all.
    pub fn remove(&self) -> Result<(), Failure> {
        on_interrupt_say(None);
        self.remove_folder()
    }
}

/// What stands in front of a part.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    /// The SHA-256 of the request.
    run: String,
    /// The name of the part's file.
    name: String,
    /// That of the part.
    sha256: String,
}

/// The file of the request.
const RUN: &str = "run.json";
/// The folder of the parts.
const FOLDER: &str = "unfinished";
/// The same while it is made and while it is removed.
const BESIDE: &str = ".unfinished.part";

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How this machine rounds: products and sums in one step or in two. Parts of one run are not mixed of both.
fn arithmetic() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        match std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("fma")
        {
            true => "x86_64 with fma",
            false => "x86_64 without fma",
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        std::env::consts::ARCH
    }
}

/// The first thing in which two requests differ, by its name.
fn difference(saved: &Value, asked: &Value) -> Option<String> {
    let (Value::Object(saved), Value::Object(asked)) = (saved, asked) else {
        return None;
    };
    let names = saved.keys().chain(asked.keys());
    let name = names
        .into_iter()
        .find(|name| saved.get(*name) != asked.get(*name))?;
    let (Some(a), Some(b)) = (saved.get(name), asked.get(name)) else {
        return Some(name.clone());
    };
    difference(a, b).or_else(|| Some(name.clone()))
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
    fn the_first_difference_has_a_name() {
        let run = json!({ "asked": { "settings": { "seed": 1, "top": 0.1 } }, "arithmetic": "x" });
        let mut other = run.clone();
        assert_eq!(difference(&run, &other), None);
        other["asked"]["settings"]["top"] = json!(0.2);
        assert_eq!(difference(&run, &other).as_deref(), Some("top"));
        other["asked"]["settings"]["new"] = json!(1);
        other["asked"]["settings"]["top"] = json!(0.1);
        assert_eq!(difference(&run, &other).as_deref(), Some("new"));
    }

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
