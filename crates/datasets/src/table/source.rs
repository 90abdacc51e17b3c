//! Bytes in: decompressed, their lengths checked, and which format they are.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;
use std::str::FromStr;

use flate2::read::MultiGzDecoder;

use super::error::{Location, TableError};
use super::lengths::Lengths;
use super::{MAX_RATIO, encoding, sniff};
use crate::input::{Input, Stopped, read_to_end};

/// Bytes to which gzip data may unpack, whatever their ratio.
const SMALL_GZIP: u64 = 64 << 20;

/// The formats that [`super::read`] understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Format {
    /// Separated values below a line of column names.
    Csv,
    /// A KEEL or ARFF header (`@attribute`, `@inputs`, `@outputs`, `@data`) above comma-separated rows.
    Keel,
    /// `label index:value …` rows.
    Libsvm,
    /// Apache Parquet, where the feature `parquet` is on.
    Parquet,
}

impl Format {
    /// The names that [`FromStr`] takes; `arff` is another name of `keel`.
    pub const NAMES: &'static [&'static str] = &["csv", "keel", "arff", "libsvm", "parquet"];

    /// The format that a file's extension names, `.gz` set aside.
    ///
    /// ```
    /// use fuzzysvm_datasets::table::Format;
    /// assert_eq!(Format::of_path("yeast4.dat.gz".as_ref())?, Format::Keel);
    /// assert!(Format::of_path("iris.data".as_ref()).is_err());
    /// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
    /// ```
    ///
    /// # Errors
    /// [`TableError::UnknownFormat`] for any other extension, and for none: [`super::read`] looks at the content then.
    pub fn of_path(path: &Path) -> Result<Self, TableError> {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().to_ascii_lowercase())
            .unwrap_or_default();
        let stem = name.strip_suffix(".gz").unwrap_or(&name);
        match stem.rsplit_once('.').map(|(_, extension)| extension) {
            Some("csv" | "tsv" | "tab") => Ok(Format::Csv),
            Some("dat" | "arff") => Ok(Format::Keel),
            Some("libsvm" | "svm" | "svmlight") => Ok(Format::Libsvm),
            Some("parquet" | "pq") => Ok(Format::Parquet),
            _ => Err(TableError::UnknownFormat {
                file: path.display().to_string(),
            }),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Csv => "csv",
            Format::Keel => "keel",
            Format::Libsvm => "libsvm",
            Format::Parquet => "parquet",
        })
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "csv" => Ok(Format::Csv),
            "keel" | "arff" => Ok(Format::Keel),
            "libsvm" => Ok(Format::Libsvm),
            "parquet" => Ok(Format::Parquet),
            _ => Err(format!(
                "found {s:?}, expected one of {}",
                Self::NAMES.join(", ")
            )),
        }
    }
}

/// A file's name, format and bytes. The format is the one asked for, else the one that the content cannot be
/// mistaken for (Parquet), else the extension's, else the one that the text looks like.
pub(crate) fn open(
    input: Input,
    format: Option<Format>,
) -> Result<(String, Format, Vec<u8>), TableError> {
    Stream::new(input, format).into_whole()
}

/// The bytes of an input as they come, decompressed where it starts with gzip's mark or is called `.gz`; its start can be
/// looked at.
pub(crate) struct Stream {
    pub file: String,
    asked: Option<Format>,
    /// The format that was asked for, else the extension's.
    pub known: Option<Format>,
    is_gzip: bool,
    inner: Box<dyn Read>,
    /// What was looked at, and how much of it was read since.
    ahead: Vec<u8>,
    at: usize,
    /// How the source ended while it was looked at.
    end: Option<io::Result<()>>,
}

impl Stream {
    pub fn new(input: Input, asked: Option<Format>) -> Self {
        // A name that ends in .gz promises gzip, unless the content is known to be something else.
        let called_gz = input
            .path()
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("gz"))
            && sniff::foreign(input.head()).is_none();
        let is_gzip = called_gz || input.head().starts_with(&[0x1f, 0x8b]);
        let file = input.name().to_owned();
        Self {
            asked,
            known: asked.or_else(|| Format::of_path(input.path()).ok()),
            is_gzip,
            inner: match is_gzip {
                true => Box::new(Inflated::new(file.clone(), input.into_reader())),
                false => Box::new(input.into_reader()),
            },
            file,
            ahead: Vec::new(),
            at: 0,
            end: None,
        }
    }

    /// The first bytes, `n` where there are as many, and whether that is all there is. Nothing may have been read.
    pub fn look(&mut self, n: usize) -> (&[u8], bool) {
        while self.ahead.len() < n && self.end.is_none() {
            let have = self.ahead.len();
            self.ahead.resize(n, 0);
            let read = self.inner.read(&mut self.ahead[have..]);
            self.ahead.truncate(have + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => self.end = Some(Ok(())),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => self.end = Some(Err(e)),
            }
        }
        (&self.ahead, matches!(self.end, Some(Ok(()))))
    }

    /// All of it in memory, with its format.
    pub fn into_whole(mut self) -> Result<(String, Format, Vec<u8>), TableError> {
        let (asked, known) = (self.asked, self.known);
        let bytes = self.load()?;
        let file = self.file;
        let format = match (asked, known) {
            (Some(format), _) => format,
            (None, _) if sniff::is_parquet(&bytes) => Format::Parquet,
            (None, Some(format)) => format,
            (None, None) => sniff::text_format(&text(&file, &bytes)?),
        };
        Ok((file, format, bytes))
    }

    fn load(&mut self) -> Result<Vec<u8>, TableError> {
        let file = self.file.clone();
        let mut lengths = Lengths::new(&file, self.known);
        let mut is_text = None;
        let mut look = |piece: &[u8]| {
            let is_text = is_text.get_or_insert_with(|| {
                !sniff::is_parquet(piece) && sniff::foreign(piece).is_none()
            });
            match is_text {
                true => lengths.take(piece),
                false => Ok(()),
            }
        };
        let mut bytes = Vec::new();
        match read_to_end(&file, self, &mut bytes, &mut look) {
            Ok(()) => Ok(bytes),
            Err(Stopped::Refused(e)) => Err(e),
            Err(Stopped::Io(source)) => Err(failed(file, self.is_gzip, source)),
        }
    }

    /// What the error of a read means, as a function that outlives the reading.
    pub fn failure(&self) -> impl FnOnce(io::Error) -> TableError + use<> {
        let (file, is_gzip) = (self.file.clone(), self.is_gzip);
        move |source| failed(file, is_gzip, source)
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.ahead.get(self.at..).unwrap_or_default();
        if !rest.is_empty() {
            let n = rest.read(buffer)?;
            self.at += n;
            return Ok(n);
        }
        match self.end.take() {
            Some(end) => {
                self.end = Some(Ok(()));
                end.map(|()| 0)
            }
            None => self.inner.read(buffer),
        }
    }
}

fn failed(file: String, is_gzip: bool, source: io::Error) -> TableError {
    match source.downcast::<TableError>() {
        Ok(refused) => refused,
        Err(source) if is_gzip => TableError::Compressed { file, source },
        Err(source) => TableError::Io { file, source },
    }
}

/// Gzip data unpacked, up to [`MAX_RATIO`].
struct Inflated<R> {
    file: String,
    decoder: MultiGzDecoder<Counted<R>>,
    /// Bytes that were read and those that they became.
    taken: Rc<Cell<u64>>,
    given: u64,
}

impl<R: Read> Inflated<R> {
    fn new(file: String, inner: R) -> Self {
        let taken = Rc::new(Cell::new(0));
        let counted = Counted {
            inner,
            taken: Rc::clone(&taken),
        };
        Self {
            file,
            decoder: MultiGzDecoder::new(counted),
            taken,
            given: 0,
        }
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.decoder.read(buffer)?;
        self.given += n as u64;
        match self.given > SMALL_GZIP && self.given / MAX_RATIO > self.taken.get() {
            true => Err(io::Error::other(TableError::Inflated {
                file: self.file.clone(),
                ratio: MAX_RATIO,
            })),
            false => Ok(n),
        }
    }
}

/// Counts the bytes that are read.
struct Counted<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

/// The text of a file. What is known to be no text table is refused by its name.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, TableError> {
    let refused = match sniff::is_parquet(bytes) {
        true => Some((
            "a Parquet file",
            "a text table (for Parquet: the format parquet)",
        )),
        false => sniff::foreign(bytes),
    };
    if let Some((found, expected)) = refused {
        return Err(TableError::Invalid {
            at: Location {
                file: file.to_owned(),
                line: 0,
                column: 0,
            },
            found: found.to_owned(),
            expected: expected.to_owned(),
        });
    }
    encoding::decode(file, bytes)
}

/// Lines with their numbers, split at LF, CRLF or a lone CR.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let mut rest = text;
    let mut number = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        number += 1;
        match rest.find(['\n', '\r']) {
            Some(end) => {
                let line = &rest[..end];
                let skip = if rest[end..].starts_with("\r\n") {
                    2
                } else {
                    1
                };
                rest = &rest[end + skip..];
                Some((number, line))
            }
            None => Some((number, std::mem::take(&mut rest))),
        }
    })
}
