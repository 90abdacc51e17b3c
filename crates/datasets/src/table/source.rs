//! Bytes in: a file or standard input, gzip, and which format it is.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use flate2::read::MultiGzDecoder;

use super::error::{Location, TableError};
use super::{encoding, sniff};

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

/// Whether a path means standard input: `-`.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What errors call a file.
pub(crate) fn name_of(path: &Path) -> String {
    match is_stdin(path) {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// A file's name, format and bytes. The format is the one asked for, else the one that the content cannot be
/// mistaken for (Parquet), else the extension's, else the one that the text looks like.
pub(crate) fn open(
    path: &Path,
    format: Option<Format>,
) -> Result<(String, Format, Vec<u8>), TableError> {
    let file = name_of(path);
    let bytes = load(path)?;
    let format = match (format, Format::of_path(path)) {
        (Some(format), _) => format,
        (None, _) if sniff::is_parquet(&bytes) => Format::Parquet,
        (None, Ok(format)) => format,
        (None, Err(_)) => sniff::text_format(&text(&file, &bytes)?),
    };
    Ok((file, format, bytes))
}

/// The bytes of a file, or of standard input for `-`, decompressed where it starts with gzip's mark or is called
/// `.gz`.
pub(crate) fn load(path: &Path) -> Result<Vec<u8>, TableError> {
    let file = name_of(path);
    let failed = |source: io::Error| TableError::Io {
        file: file.clone(),
        source,
    };
    let mut raw = Vec::new();
    match is_stdin(path) {
        true => io::stdin().lock().read_to_end(&mut raw),
        false => File::open(path).and_then(|mut f| f.read_to_end(&mut raw)),
    }
    .map_err(failed)?;
    // A name that ends in .gz promises gzip, unless the content is known to be something else.
    let called_gz = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("gz"))
        && sniff::foreign(&raw).is_none();
    if !called_gz && !raw.starts_with(&[0x1f, 0x8b]) {
        return Ok(raw);
    }
    let mut bytes = Vec::new();
    MultiGzDecoder::new(raw.as_slice())
        .read_to_end(&mut bytes)
        .map_err(|source| TableError::Compressed { file, source })?;
    Ok(bytes)
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
