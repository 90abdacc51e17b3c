//! The folder of a long run's outputs.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::checkpoint::FOLDERS;
use crate::failure::{Failure, InFile as _};
use crate::output::{Destination, is_same_file};

/// A folder in which the outputs of a run can be written.
pub struct RunFolder {
    path: PathBuf,
    /// Folders that were made for it, the outermost first: removed again if nothing is written.
    made: Vec<PathBuf>,
    force: bool,
    /// The files that the run reads, over none of which it writes.
    inputs: Vec<PathBuf>,
    /// Held as long as the run lasts: no other run writes into the folder. `None` where the system has no such locks.
    lock: Option<File>,
}

/// What a lock of a folder comes to.
enum Lock {
    Held(Option<File>),
    /// Another run has it.
    Taken,
}

impl RunFolder {
    /// Makes `out`, or else the next free `fuzzysvm-out/COMMAND-N`, and checks that files of these names
    /// can be written into it and that nothing that the run writes or removes is one of its inputs.
    pub fn prepare(
        out: Option<&Path>,
        command: &str,
        names: &[&str],
        force: bool,
        inputs: &[PathBuf],
    ) -> Result<Self, Failure> {
        let (path, made, lock) = match out {
            Some(path) => match make_and_lock(path)? {
                (made, Lock::Held(lock)) => (path.to_path_buf(), made, lock),
                (_, Lock::Taken) => {
                    let words = format!(
                        "{}: found another run that writes into this folder, expected none",
                        path.display()
                    );
                    return Err(Failure::output(words, path));
                }
            },
            None => next_free(Path::new("fuzzysvm-out"), command)?,
        };
        let folder = Self {
            path,
            made,
            force,
            inputs: inputs.to_vec(),
            lock,
        };
        folder.check_no_input_inside()?;
        folder.remove_halves(names);
        for name in names {
            Destination::prepare(&folder.file(name), force, inputs)?;
        }
        Ok(folder)
    }

    /// Refuses an input in a folder that a run removes when it ends.
    fn check_no_input_inside(&self) -> Result<(), Failure> {
        for own in FOLDERS {
            let Ok(own) = fs::canonicalize(self.file(own)) else {
                continue;
            };
            for input in &self.inputs {
                if fs::canonicalize(input).is_ok_and(|input| input.starts_with(&own)) {
                    let words = format!(
                        "{}: found an input in a folder that the run removes, expected it elsewhere",
                        input.display()
                    );
                    return Err(Failure::output(words, input));
                }
            }
        }
        Ok(())
    }

    /// Removes what a killed run had written of these files beside them. As the folder is this run's, no other writes them.
    fn remove_halves(&self, names: &[&str]) {
        let Ok(entries) = fs::read_dir(&self.path) else {
            return;
        };
        for entry in entries.flatten() {
            let file = entry.file_name();
            let file = file.to_string_lossy();
            let is_half = |name: &str| {
                let rest = file.strip_prefix('.').and_then(|f| f.strip_prefix(name));
                rest.is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".part"))
            };
            let is_read = |input: &PathBuf| is_same_file(&entry.path(), input);
            if self.lock.is_some()
                && names.iter().any(|name| is_half(name))
                && !self.inputs.iter().any(is_read)
            {
                // What cannot be removed is in nobody's way.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file, whole or not at all.
    pub fn write(
        &self,
        name: &str,
        produce: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        Destination::prepare(&self.file(name), self.force, &self.inputs)?.write(produce)
    }

    /// Removes a file, if it is there.
    pub fn remove(&self, name: &str) -> Result<(), Failure> {
        let path = self.file(name);
        match path.exists() {
            true => fs::remove_file(&path).in_file(&path),
            false => Ok(()),
        }
    }
}

impl Drop for RunFolder {
    /// A run that wrote nothing leaves no folder behind; folders with something in them stay.
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// Makes a folder of outputs, and those above it.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|e| {
        let words = format!("{}: cannot make this folder: {e}", path.display());
        Failure::output(words, path)
    })
}

/// Makes a folder, with the list of those that had to be made, and locks it.
fn make_and_lock(path: &Path) -> Result<(Vec<PathBuf>, Lock), Failure> {
    let mut made: Vec<PathBuf> = path
        .ancestors()
        .take_while(|a| !a.exists())
        .map(Path::to_path_buf)
        .collect();
    made.retain(|p| !p.as_os_str().is_empty());
    made.reverse();
    make_folder(path)?;
    Ok((made, lock(path)))
}

/// An exclusive lock of the folder itself, which leaves no file behind and ends with the process.
fn lock(folder: &Path) -> Lock {
    // Folders cannot be opened everywhere, nor every file system lock them: then there is no lock.
    let Ok(opened) = File::open(folder) else {
        return Lock::Held(None);
    };
    match opened.try_lock() {
        Ok(()) => Lock::Held(Some(opened)),
        Err(TryLockError::WouldBlock) => Lock::Taken,
        Err(TryLockError::Error(_)) => Lock::Held(None),
    }
}

/// The first of COMMAND-1, COMMAND-2, … that is not there or is empty, and that no other run has.
fn next_free(
    parent: &Path,
    command: &str,
) -> Result<(PathBuf, Vec<PathBuf>, Option<File>), Failure> {
    let free = |path: &PathBuf| match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !path.exists(),
    };
    let mut number = 1_u64;
    loop {
        let path = parent.join(format!("{command}-{number}"));
        if free(&path)
            && let (made, Lock::Held(lock)) = make_and_lock(&path)?
            // Another run may have come and gone since.
            && free(&path)
        {
            return Ok((path, made, lock));
        }
        number += 1;
    }
}
