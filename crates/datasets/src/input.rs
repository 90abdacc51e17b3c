//! A file, a pipe or standard input, opened once.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use fuzzysvm_core::memory;

use crate::lending_club::is_start_of_book;
use crate::table::{Format, TableError};

/// Bytes that are read ahead, to tell what the input is.
const HEAD: u64 = 1 << 16;

/// A file, a pipe or standard input (`-`), opened once: its start is looked at and kept, so that nothing of a pipe is
/// lost.
///
/// ```
/// use fuzzysvm_datasets::Input;
/// use fuzzysvm_datasets::table::{ReadOptions, read_input};
/// let path = std::env::temp_dir().join(format!("fuzzysvm-input-{}.csv", std::process::id()));
/// std::fs::write(&path, "a,y\n1,p\n2,n\n3,n\n")?;
/// let input = Input::open(&path)?;
/// assert!(!input.is_loan_book(&Default::default()));
/// assert_eq!(read_input(input, &ReadOptions::default())?.y.len(), 3);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Input {
    path: PathBuf,
    name: String,
    head: Vec<u8>,
    rest: Box<dyn Read + Send>,
    is_pipe: bool,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Input {
    /// Opens a path, `-` for standard input, and reads its start.
    ///
    /// # Errors
    /// [`TableError::Io`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TableError> {
        let path = path.as_ref().to_path_buf();
        let is_stdin = path.as_os_str() == "-";
        let name = match is_stdin {
            true => "standard input".to_owned(),
            false => path.display().to_string(),
        };
        let failed = |source: io::Error| TableError::Io {
            file: name.clone(),
            source,
        };
        let (mut rest, is_pipe): (Box<dyn Read + Send>, bool) = match is_stdin {
            true => (Box::new(io::stdin()), true),
            false => {
                let file = File::open(&path).map_err(failed)?;
                let is_pipe = file.metadata().is_ok_and(|m| !m.is_file());
                (Box::new(file), is_pipe)
            }
        };
        let mut head = Vec::new();
        let read = rest.by_ref().take(HEAD).read_to_end(&mut head);
        read.map_err(failed)?;
        Ok(Self {
            path,
            name,
            head,
            rest,
            is_pipe,
        })
    }

    /// What a test hands over in place of a file of this name.
    #[cfg(test)]
    pub(crate) fn of(name: &str, head: &[u8], rest: impl Read + Send + 'static) -> Self {
        Self {
            path: PathBuf::from(name),
            name: name.to_owned(),
            head: head.to_vec(),
            rest: Box::new(rest),
            is_pipe: false,
        }
    }

    /// What errors call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path that it was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its first bytes, as they are stored.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether it is a CSV, plain or gzip, with Lending Club's columns, by the rule of
    /// [`is_loan_book`](crate::lending_club::is_loan_book); of a pipe the columns count, whatever its name. `columns`
    /// are the caller's names for columns: see [`ReadOptions::columns`](crate::lending_club::ReadOptions::columns).
    pub fn is_loan_book(&self, columns: &BTreeMap<String, String>) -> bool {
        let may_be = match Format::of_path(&self.path) {
            Ok(format) => format == Format::Csv,
            Err(_) => self.is_pipe,
        };
        may_be && is_start_of_book(&self.head, columns)
    }

    /// All its bytes, as they are stored.
    pub fn into_reader(self) -> impl Read + Send {
        Cursor::new(self.head).chain(self.rest)
    }
}

/// Bytes read at a time.
const PIECE: usize = 256 << 10;

/// Why reading stopped.
pub(crate) enum Stopped {
    Io(io::Error),
    Refused(TableError),
}

/// Reads to the end into `bytes`; `look` sees every piece before it is kept, and memory is checked before it is taken.
pub(crate) fn read_to_end(
    name: &str,
    reader: &mut impl Read,
    bytes: &mut Vec<u8>,
    look: &mut dyn FnMut(&[u8]) -> Result<(), TableError>,
) -> Result<(), Stopped> {
    let mut piece = vec![0; PIECE];
    loop {
        let n = match reader.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Stopped::Io(e)),
        };
        let read = &piece[..n];
        look(read).map_err(Stopped::Refused)?;
        if bytes.len() + n > bytes.capacity() {
            // Grown by half, so that what is checked is what is taken.
            let more = (bytes.len() / 2).max(PIECE);
            memory::check(more as u64).map_err(|excess| {
                Stopped::Refused(TableError::Memory {
                    file: Some(name.to_owned()),
                    what: format!(
                        "a text of more than {}, with room for more",
                        memory::Size(bytes.len() as u64)
                    ),
                    excess,
                })
            })?;
            bytes.reserve_exact(more);
        }
        bytes.extend_from_slice(read);
    }
}
