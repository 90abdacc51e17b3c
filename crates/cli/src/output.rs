//! Files that appear whole or not at all.
//!
//! A destination is checked before the work begins. Its content is written to a file beside it, forced
//! to the disk, and renamed. An interrupt removes the file beside; whatever the moment, the destination
//! itself is the old file, the new one, or absent.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::failure::{Failure, error_json};

/// Files being written, to be removed on an interrupt.
static PENDING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn pending() -> MutexGuard<'static, Vec<PathBuf>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What an interrupted run leaves behind and how to go on, in words; `None` while there is nothing.
static KEPT: Mutex<Option<String>> = Mutex::new(None);

/// What is said on an interrupt from now on.
pub fn on_interrupt_say(words: Option<String>) {
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = words;
}

/// Ends the process cleanly on Ctrl-C, SIGTERM and SIGHUP: exit code 130, no half-written file left, and a word on how
/// to go on where there is something to go on from.
pub fn clean_up_on_interrupt(json: bool) {
    // Without a handler an interrupt still leaves no half file under the destination's name.
    let _ = ctrlc::set_handler(move || {
        // The lock is kept, so that no new file is started.
        let files = pending();
        for file in files.iter() {
            let _ = fs::remove_file(file);
        }
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).take();
        let line = match (json, kept) {
            (true, kept) => {
                let words = kept.unwrap_or_else(|| "stopped".to_owned());
                Some(error_json("interrupted", &words, None).to_string())
            }
            // Below the bar, and below the terminal's ^C.
            (false, Some(kept)) if io::stderr().is_terminal() => Some(format!("\n{kept}")),
            (false, kept) => kept,
        };
        if let Some(line) = line {
            let _ = writeln!(io::stderr(), "{line}");
        }
        std::process::exit(130);
    });
}

/// Bytes of an output that are kept in memory until it is whole.
const KEPT_IN_MEMORY: usize = 16 << 20;

enum Kind {
    Stdout,
    /// A device or pipe: written in place.
    Device,
    /// A file that does not exist yet.
    New,
    /// A file that may be replaced.
    Replace,
}

/// Where an output goes, known to be writable.
pub struct Destination {
    path: PathBuf,
    kind: Kind,
}

impl Destination {
    /// Checks that `path` can be written, that nothing stands there without `force`, and that it is by no name or link one
    /// of the files that are read. `-` is standard output, among the inputs standard input.
    pub fn prepare(path: &Path, force: bool, inputs: &[impl AsRef<Path>]) -> Result<Self, Failure> {
        let cannot = |why: String| Failure::output(format!("{}: {why}", path.display()), path);
        if path == Path::new("-") {
            return Ok(Self::stdout());
        }
        let (real, kind) = match fs::metadata(path) {
            Ok(m) if m.is_dir() => {
                return Err(cannot(
                    "found a directory, expected a file to write".to_owned(),
                ));
            }
            Ok(m) if m.is_file() && !force => {
                return Err(cannot(
                    "found an existing file, expected none (--force overwrites it)".to_owned(),
                ));
            }
            // Through a link it is the file that is replaced, not the link.
            Ok(m) if m.is_file() => (fs::canonicalize(path)?, Kind::Replace),
            Ok(_) => {
                return Ok(Self {
                    path: path.to_path_buf(),
                    kind: Kind::Device,
                });
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => (path.to_path_buf(), Kind::New),
            Err(e) => return Err(cannot(e.to_string())),
        };
        if real.file_name().is_none() {
            return Err(cannot("found no file name, expected one".to_owned()));
        }
        let destination = Self { path: real, kind };
        destination.check_apart(inputs)?;
        let folder = destination.folder();
        tempfile::tempfile_in(folder)
            .map_err(|e| cannot(format!("cannot write into {}: {e}", folder.display())))?;
        Ok(destination)
    }

    fn check_apart(&self, inputs: &[impl AsRef<Path>]) -> Result<(), Failure> {
        let Kind::Replace = self.kind else {
            return Ok(());
        };
        for input in inputs.iter().map(AsRef::as_ref) {
            if is_same_file(&self.path, input) {
                return Err(Failure::output(
                    format!(
                        "{}: found the same file as the input {}, expected another one to write",
                        self.path.display(),
                        input.display()
                    ),
                    &self.path,
                ));
            }
        }
        Ok(())
    }

    /// Standard output.
    pub fn stdout() -> Self {
        Self {
            path: PathBuf::from("-"),
            kind: Kind::Stdout,
        }
    }

    /// Whether this is standard output.
    pub fn is_stdout(&self) -> bool {
        matches!(self.kind, Kind::Stdout)
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    /// Writes what `produce` writes. Where it fails, nothing appears.
    pub fn write<T>(
        &self,
        produce: impl FnOnce(&mut dyn Write) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let failed =
            |e: io::Error| Failure::output(format!("{}: {e}", self.path.display()), &self.path);
        match self.kind {
            Kind::Stdout => through(io::stdout().lock(), stdout_failed, |out| produce(out)),
            Kind::Device => {
                let device = File::options().write(true).open(&self.path);
                through(device.map_err(failed)?, failed, |out| produce(out))
            }
            Kind::New | Kind::Replace => self.write_beside(|out| produce(out)),
        }
    }

    /// As [`Destination::write`], of what may come from other threads and may yet turn out to be wrong: where `produce`
    /// fails, nothing appears on a device or standard output either. Until then it is kept, what is long on the disk.
    pub fn write_at_end<T>(
        &self,
        produce: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if let Kind::New | Kind::Replace = self.kind {
            return self.write_beside(produce);
        }
        let failed =
            |e: io::Error| Failure::output(format!("{}: {e}", self.path.display()), &self.path);
        let mut kept = BufWriter::new(tempfile::SpooledTempFile::new(KEPT_IN_MEMORY));
        let value = produce(&mut kept)?;
        let mut kept = kept.into_inner().map_err(|e| failed(e.into_error()))?;
        kept.rewind().map_err(failed)?;
        self.write(|out| Ok(io::copy(&mut kept, out)?))?;
        Ok(value)
    }

    fn write_beside<T>(
        &self,
        produce: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let failed =
            |e: io::Error| Failure::output(format!("{}: {e}", self.path.display()), &self.path);
        let file = {
            let mut pending = pending();
            let file = new_beside(&self.path, self.folder()).map_err(failed)?;
            pending.push(file.path().to_path_buf());
            file
        };
        let beside = file.path().to_path_buf();
        let written = (|| -> Result<T, Failure> {
            let value = through(file.as_file(), failed, |out| produce(out))?;
            file.as_file().sync_all().map_err(failed)?;
            Ok(value)
        })();
        let mut pending = pending();
        pending.retain(|p| *p != beside);
        let value = written?;
        match self.kind {
            Kind::Replace => file.persist(&self.path),
            _ => file.persist_noclobber(&self.path),
        }
        .map_err(|e| failed(e.error))?;
        // The rename itself reaches the disk with the folder; not every file system can do this.
        if let Ok(folder) = File::open(self.folder()) {
            let _ = folder.sync_all();
        }
        Ok(value)
    }
}

/// The inputs of an output that is made of none.
pub const NO_INPUTS: [&Path; 0] = [];

/// Whether the output leads to the same file as the input, of which `-` is standard input.
pub fn is_same_file(output: &Path, input: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let input = match input.as_os_str() == "-" {
            true => Path::new("/dev/stdin"),
            false => input,
        };
        let id = |path| fs::metadata(path).map(|m| (m.dev(), m.ino()));
        matches!((id(output), id(input)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    {
        matches!((fs::canonicalize(output), fs::canonicalize(input)), (Ok(a), Ok(b)) if a == b)
    }
}

/// Characters of a file's name in that of the file beside it: with what stands around them a name stays within 255
/// bytes.
const OF_NAME: usize = 50;

fn new_beside(path: &Path, folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().take(OF_NAME).collect();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    if let Some(permissions) = usual_permissions() {
        builder.permissions(permissions);
    }
    builder.tempfile_in(folder)
}

/// Those of any new file (less the umask) in place of those of a secret.
fn usual_permissions() -> Option<fs::Permissions> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Some(fs::Permissions::from_mode(0o666))
    }
    #[cfg(not(unix))]
    None
}

/// Remembers why writing failed, whatever the producer makes of the error.
struct Noted<W> {
    inner: W,
    error: Option<io::Error>,
}

impl<W> Noted<W> {
    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(e) = &result
            && e.kind() != io::ErrorKind::Interrupted
        {
            self.error = Some(io::Error::new(e.kind(), e.to_string()));
        }
        result
    }
}

impl<W: Write> Write for Noted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.inner.write(bytes);
        self.note(result)
    }
    fn flush(&mut self) -> io::Result<()> {
        let result = self.inner.flush();
        self.note(result)
    }
}

/// Writes what `produce` writes. An error of the output is told as `failed` does, which names it; the producer cannot.
fn through<T, W: Write>(
    output: W,
    failed: impl Fn(io::Error) -> Failure,
    produce: impl FnOnce(&mut Noted<BufWriter<W>>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut out = Noted {
        inner: BufWriter::new(output),
        error: None,
    };
    let produced = produce(&mut out);
    match out.error.take() {
        Some(e) => Err(failed(e)),
        None => {
            let value = produced?;
            out.flush().map_err(failed)?;
            Ok(value)
        }
    }
}

/// Why standard output cannot be written; a reader that went away is no error.
pub fn stdout_failed(e: io::Error) -> Failure {
    if e.kind() == io::ErrorKind::BrokenPipe {
        Failure::ClosedPipe
    } else {
        Failure::output(format!("standard output: {e}"), Path::new("-"))
    }
}

/// Prints a line on standard output.
pub fn print_line(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush())
        .map_err(stdout_failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_failed_writer_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        assert!(Destination::prepare(&path, false, &NO_INPUTS).is_err());
        let destination = Destination::prepare(&path, true, &NO_INPUTS).unwrap();
        let failed: Result<(), Failure> = destination.write(|out| {
            out.write_all(b"half")?;
            Err(Failure::run("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["out.csv"]);
        destination.write(|out| Ok(out.write_all(b"new")?)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["out.csv"]);
        assert!(!pending().iter().any(|p| p.starts_with(folder.path())));
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let destination = Destination::prepare(&path, false, &NO_INPUTS).unwrap();
        fs::write(&path, "someone else's").unwrap();
        assert!(
            destination
                .write(|out| Ok(out.write_all(b"ours")?))
                .is_err()
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "someone else's");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn an_output_that_cannot_be_written_is_named() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let failed = |e| Failure::output(format!("out.csv: {e}"), Path::new("out.csv"));
        // Below the buffer's size writing fails at the end, above it in the producer's hands.
        for n in [1, 1 << 20] {
            let error = through(Full, failed, |out| Ok(out.write_all(&vec![b'x'; n])?));
            let message = error.unwrap_err().message().unwrap();
            assert!(
                message.starts_with("out.csv: no storage space"),
                "{message}"
            );
        }
        let error = through(Full, failed, |out| {
            out.write_all(b"x")?;
            Err::<(), _>(Failure::run("stop"))
        });
        assert_eq!(error.unwrap_err().message().unwrap(), "stop");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_written_through_and_the_file_has_usual_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real"), folder.path().join("link"));
        let ours = |p: &Path, force| {
            Destination::prepare(p, force, &NO_INPUTS)?.write(|out| Ok(out.write_all(b"x")?))
        };
        ours(&path, false).unwrap();
        assert_ne!(fs::metadata(&path).unwrap().permissions().mode() & 0o044, 0);
        symlink(&path, &link).unwrap();
        ours(&link, true).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        ours(Path::new("/dev/null"), false).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
