//! Bytes in: extensions, gzip, byte order mark, UTF-8.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::error::{Location, TableError};

/// The text formats that [`super::read`] understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Format {
    /// Comma-separated values below a line of column names.
    Csv,
    /// A KEEL or ARFF header (`@attribute`, `@inputs`, `@outputs`, `@data`) above comma-separated rows.
    Keel,
    /// `label index:value …` rows.
    Libsvm,
}

impl Format {
    /// The format that a file's extension names, `.gz` set aside.
    ///
    /// # Errors
    /// [`TableError::NotBuiltIn`] for `.parquet`, [`TableError::UnknownFormat`] for any other.
    pub fn of_path(path: &Path) -> Result<Self, TableError> {
        let file = path.display().to_string();
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().to_ascii_lowercase())
            .unwrap_or_default();
        let stem = name.strip_suffix(".gz").unwrap_or(&name);
        match stem.rsplit_once('.').map(|(_, extension)| extension) {
            Some("csv") => Ok(Format::Csv),
            Some("dat" | "arff") => Ok(Format::Keel),
            Some("libsvm" | "svm") => Ok(Format::Libsvm),
            Some("parquet") => Err(TableError::NotBuiltIn {
                file,
                format: "Parquet",
            }),
            _ => Err(TableError::UnknownFormat { file }),
        }
    }
}

/// The bytes of a file, decompressed where it starts with gzip's mark or is called `.gz`.
pub(crate) fn load(path: &Path) -> Result<Vec<u8>, TableError> {
    let file = path.display().to_string();
    let failed = |source: io::Error| TableError::Io {
        file: file.clone(),
        source,
    };
    let mut raw = Vec::new();
    File::open(path)
        .and_then(|mut f| f.read_to_end(&mut raw))
        .map_err(failed)?;
    let called_gz = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("gz"));
    if !called_gz && !raw.starts_with(&[0x1f, 0x8b]) {
        return Ok(raw);
    }
    let mut bytes = Vec::new();
    MultiGzDecoder::new(raw.as_slice())
        .read_to_end(&mut bytes)
        .map_err(|source| TableError::Compressed { file, source })?;
    Ok(bytes)
}

/// The text without a byte order mark. Bytes that are not UTF-8 are refused where they stand:
/// guessing an encoding would change category names without a word.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, TableError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| {
        let before = &bytes[..e.valid_up_to()];
        let line_start = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |p| p + 1);
        let column = String::from_utf8_lossy(&before[line_start..])
            .chars()
            .count() as u64;
        TableError::Invalid {
            at: Location {
                file: file.to_owned(),
                line: line_of(before),
                column: column + 1,
            },
            found: format!("byte 0x{:02X}", bytes[e.valid_up_to()]),
            expected: "UTF-8 text (Latin-1 files: iconv -f LATIN1 -t UTF-8)".to_owned(),
        }
    })
}

/// One-based number of the line that follows `before`.
fn line_of(before: &[u8]) -> u64 {
    before.iter().filter(|&&b| b == b'\n').count() as u64 + 1
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
