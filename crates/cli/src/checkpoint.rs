//! Completed parts of a run, saved next to the outputs so that `--resume` computes what is missing alone: of a run that was
//! stopped, or of one that ended and is to have more parts.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use fuzzysvm::core::quote::shortened;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, InFile};
use crate::output::{Destination, NO_INPUTS, on_interrupt_say};

/// `DIR/unfinished`: `run.json` with the request, `PART-NAME.json` for every finished part. When the run ends it becomes one
/// file, [`FINISHED`]: the request on a line, and every part behind it.
///
/// A part is two lines: whose it is and the SHA-256 of the other line, which is the part. So a part of another run, one
/// under another name and one that was edited are told from what this run kept.
pub struct Checkpoint {
    folder: PathBuf,
    /// The file that the folder becomes.
    ended: PathBuf,
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
            ended: out.join(FINISHED),
            about,
            part,
            request,
            started: Mutex::new(false),
            failed: Mutex::new(None),
        }
    }

    /// Whether a run stands in a folder of outputs that may be continued. One that was stopped may have written some of
    /// them.
    pub fn stands_in(out: &Path) -> bool {
        out.join(FOLDER).exists() || out.join(FINISHED).exists()
    }

    /// The finished parts of an earlier run, none where there was none. A run is neither ignored nor mixed with another:
    /// without `resume` it is refused (or removed, with `force`).
    pub fn load<T: DeserializeOwned>(&self, resume: bool, force: bool) -> Result<Vec<T>, Failure> {
        let (stopped, ended) = (self.folder.exists(), self.ended.exists());
        if !resume && (stopped || ended) {
            if force {
                self.remove_folder()?;
                self.remove_ended()?;
                return Ok(Vec::new());
            }
            let (path, what) = match stopped {
                true => (&self.folder, "an unfinished run"),
                false => (&self.ended, "a finished run"),
            };
            let words = format!(
                "{}: found {what}, expected none (--resume continues it, --force begins anew)",
                path.display()
            );
            return Err(Failure::output(words, path));
        }
        let mut finished = BTreeMap::new();
        if ended {
            self.say_how_to_go_on(&self.ended);
            self.each_of_ended(&mut |name, seal, part| {
                finished.insert(name.to_owned(), self.opened(&self.ended, name, seal, part)?);
                Ok(())
            })?;
        }
        if stopped {
            let run = self.folder.join(RUN);
            self.check_request(&read_json(&run)?, &self.folder)?;
            self.say_how_to_go_on(&self.folder);
            for path in self.parts()? {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let text = fs::read_to_string(&path).in_file(&path)?;
                let Some((seal, part)) = text.split_once('\n') else {
                    return Err(damaged(&path, "half a part"));
                };
                let part = self.opened(&path, &name, seal, part.trim_end_matches('\n'))?;
                finished.insert(name.into_owned(), part);
            }
        }
        Ok(finished.into_values().collect())
    }

    /// Refuses what was kept of another run.
    fn check_request(&self, saved: &Value, place: &Path) -> Result<(), Failure> {
        if *saved == self.request {
            return Ok(());
        }
        let words = format!(
            "{}: found a run of other {} or settings ({}), expected one of the same (--force without --resume begins anew)",
            place.display(),
            self.about,
            difference(saved, &self.request).unwrap_or_default()
        );
        Err(Failure::output(words, place))
    }

    /// The files of parts in the folder, where there is one.
    fn parts(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut parts = Vec::new();
        if self.folder.exists() {
            let prefix = format!("{}-", self.part);
            for entry in fs::read_dir(&self.folder).in_file(&self.folder)? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name.starts_with(&prefix) && name.ends_with(".json") {
                    parts.push(path);
                }
            }
        }
        Ok(parts)
    }

    /// Every part of the file of a run that ended: its name, its seal and itself.
    fn each_of_ended(
        &self,
        take: &mut dyn FnMut(&str, &str, &str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let path = &self.ended;
        let text = fs::read_to_string(path).in_file(path)?;
        let mut lines = text.lines();
        let request = parsed(lines.next().unwrap_or_default(), path)?;
        self.check_request(&request, path)?;
        while let Some(seal) = lines.next() {
            let Some(part) = lines.next() else {
                return Err(damaged(path, "half a part"));
            };
            let Ok(Seal { name, .. }) = serde_json::from_str(seal) else {
                return Err(damaged(path, "a part without its seal"));
            };
            take(&name, seal, part)?;
        }
        Ok(())
    }

    /// A kept part, which is this run's, under its own name and unchanged.
    fn opened<T: DeserializeOwned>(
        &self,
        path: &Path,
        name: &str,
        seal: &str,
        part: &str,
    ) -> Result<T, Failure> {
        let Ok(seal) = serde_json::from_str::<Seal>(seal) else {
            return Err(damaged(path, "a part without its seal"));
        };
        if seal.run != self.run {
            return Err(damaged(path, "a part of another run"));
        }
        if seal.name != name {
            return Err(damaged(path, "a part under another name"));
        }
        if seal.sha256 != sha256(part) {
            return Err(damaged(path, "a part that was changed"));
        }
        parsed(part, path)
    }

    /// Says from now on, when the run is interrupted, how to go on with it.
    fn say_how_to_go_on(&self, place: &Path) {
        let parts = match self.part {
            "trial" => "trials",
            _ => "folds",
        };
        let out = self.folder.parent().unwrap_or(&self.folder);
        on_interrupt_say(Some(format!(
            "stopped; the finished {parts} are kept in {}: go on with {}",
            place.display(),
            resuming(std::env::args_os().collect(), out)
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
        let destination = Destination::prepare(&self.folder.join(&seal.name), true, &NO_INPUTS)?;
        let seal = serde_json::to_string(&seal)?;
        destination.write(|out| Ok(writeln!(out, "{seal}\n{part}")?))?;
        self.say_how_to_go_on(&self.folder);
        Ok(())
    }

    /// Makes the folder with the request in it: whole, or not at all.
    fn make_folder(&self) -> Result<(), Failure> {
        if self.folder.exists() {
            return Ok(());
        }
        let beside = self.beside()?;
        fs::create_dir_all(&beside).in_file(&beside)?;
        let destination = Destination::prepare(&beside.join(RUN), true, &NO_INPUTS)?;
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

    /// Removes the parts of a run that has no outputs.
    pub fn remove(&self) -> Result<(), Failure> {
        on_interrupt_say(None);
        self.remove_folder()
    }

    /// Puts all parts into one file, now that the outputs are written: the run may be continued with more of them.
    pub fn finish(&self) -> Result<(), Failure> {
        let parts = self.parts()?;
        if !parts.is_empty() {
            let mut kept = BTreeMap::new();
            if self.ended.exists() {
                self.each_of_ended(&mut |name, seal, part| {
                    kept.insert(name.to_owned(), format!("{seal}\n{part}\n"));
                    Ok(())
                })?;
            }
            for path in parts {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let text = fs::read_to_string(&path).in_file(&path)?;
                kept.insert(name.into_owned(), text);
            }
            let destination = Destination::prepare(&self.ended, true, &NO_INPUTS)?;
            destination.write(|out| {
                writeln!(out, "{}", self.request)?;
                kept.values()
                    .try_for_each(|part| Ok(out.write_all(part.as_bytes())?))
            })?;
        }
        on_interrupt_say(None);
        self.remove_folder()
    }

    fn remove_ended(&self) -> Result<(), Failure> {
        match self.ended.exists() {
            true => fs::remove_file(&self.ended).in_file(&self.ended),
            false => Ok(()),
        }
    }
}

/// A part that is not as it was kept.
fn damaged(path: &Path, what: &str) -> Failure {
    let words = format!(
        "{}: found {what}, expected one that this run kept (without the file it is computed again)",
        path.display()
    );
    Failure::output(words, path)
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

/// The parts of a run that ended.
pub const FINISHED: &str = "finished.jsonl";
/// The file of the request.
const RUN: &str = "run.json";
/// The folder of the parts.
const FOLDER: &str = "unfinished";
/// The same while it is made and while it is removed.
const BESIDE: &str = ".unfinished.part";
/// What a run makes and removes with all that is in it.
pub const FOLDERS: [&str; 2] = [FOLDER, BESIDE];

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How the C library of this machine rounds, which draws from a normal distribution ask: with fused multiply-add, the GNU
/// one computes otherwise. Parts of one run are not mixed of both.
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
    let given = std::env::args_os().skip(1).map(|arg| quoted(&arg));
    let words: Vec<String> = std::iter::once("fuzzysvm".to_owned())
        .chain(given)
        .collect();
    words.join(" ")
}

/// This command line, continued: with `--resume`, and with `--out` where the folder was chosen for it.
fn resuming(mut args: Vec<OsString>, out: &Path) -> String {
    if let Some(program) = args.first_mut() {
        *program = "fuzzysvm".into();
    }
    let given = |args: &[OsString], flag: &str| {
        let with_value = format!("{flag}=");
        let is_given =
            |a: &OsString| a == flag || a.as_encoded_bytes().starts_with(with_value.as_bytes());
        args.iter().any(is_given)
    };
    args.retain(|a| a != "--force");
    if !given(&args, "--out") {
        args.extend(["--out".into(), out.as_os_str().to_owned()]);
    }
    if !given(&args, "--resume") {
        args.push("--resume".into());
    }
    let quoted: Vec<String> = args.iter().map(|a| quoted(a)).collect();
    quoted.join(" ")
}

/// An argument as a shell takes it.
fn quoted(arg: &OsStr) -> String {
    let Some(arg) = arg.to_str() else {
        return escaped(arg.as_encoded_bytes());
    };
    let plain = |c: char| c.is_alphanumeric() || "-_./,=:+@%^".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) {
        arg.to_owned()
    } else {
        format!("'{}'", arg.replace('\'', r"'\''"))
    }
}

/// The name of a file that is no text, as bash and zsh take it.
fn escaped(bytes: &[u8]) -> String {
    let mut quoted = "$'".to_owned();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' | '\\' => quoted.extend(['\\', c]),
                c if c.is_control() => quoted += &format!("\\u{:04x}", u32::from(c)),
                c => quoted.push(c),
            }
        }
        for byte in chunk.invalid() {
            quoted += &format!("\\x{byte:02x}");
        }
    }
    quoted + "'"
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = fs::read_to_string(path).in_file(path)?;
    parsed(&text, path)
}

fn parsed<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, Failure> {
    let found = serde_json::from_str(text);
    found.map_err(|e| shortened(&e.to_string())).in_file(path)
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
            let args = args.split(' ').map(OsString::from).collect();
            assert_eq!(resuming(args, Path::new("a/b")), expected);
        }
        let quoted = |arg: &str| quoted(OsStr::new(arg));
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(escaped(b"l\xff'a\\.csv"), r"$'l\xff\'a\\.csv'");
        assert_eq!(
            escaped(b"\n\xc3\xa9\xc3"),
            r"$'\u000a\u00e9\xc3'".replace(r"\u00e9", "\u{e9}")
        );
    }
}
