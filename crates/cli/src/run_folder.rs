//! The folder of a long run's outputs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::output::Destination;

/// A folder in which the outputs of a run can be written.
pub struct RunFolder {
    path: PathBuf,
    /// Folders that were made for it, the outermost first: removed again if nothing is written.
    made: Vec<PathBuf>,
    force: bool,
}

impl RunFolder {
    /// Makes `out`, or else the next free `fuzzysvm-out/COMMAND-N`, and checks that files of these names
    /// can be written into it.
    pub fn prepare(
        out: Option<&Path>,
        command: &str,
        names: &[&str],
        force: bool,
    ) -> Result<Self, Failure> {
        let path = match out {
            Some(path) => path.to_path_buf(),
            None => next_free(Path::new("fuzzysvm-out"), command),
        };
        let mut made: Vec<PathBuf> = path
            .ancestors()
            .take_while(|a| !a.exists())
            .map(Path::to_path_buf)
            .collect();
        made.retain(|p| !p.as_os_str().is_empty());
        made.reverse();
        make_folder(&path)?;
        let folder = Self { path, made, force };
        for name in names {
            Destination::prepare(&folder.file(name), force)?;
        }
        Ok(folder)
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
        Destination::prepare(&self.file(name), self.force)?.write(produce)
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

/// The first of COMMAND-1, COMMAND-2, … that is not there or is empty.
fn next_free(parent: &Path, command: &str) -> PathBuf {
    let free = |path: &PathBuf| match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !path.exists(),
    };
    let mut paths = (1u64..).map(|n| parent.join(format!("{command}-{n}")));
    paths.find(free).unwrap_or_else(|| parent.join(command))
}
