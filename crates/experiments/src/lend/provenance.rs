//! Where the figures of a run come from.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use fuzzysvm_estimator::LoanData;

use super::{FeatureUse, LendInput, LoanCounts};

/// Data, features, version and seed of a run and, of one that a command line started, when it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Provenance {
    /// The loans.
    pub data: DataOrigin,
    /// The features used.
    pub features: Vec<String>,
    /// Version of fuzzysvm.
    pub version: String,
    /// Seed of all draws.
    pub seed: u64,
    /// How and when it was started: the only part that differs between two runs of the same job. Absent where no command
    /// line started it.
    #[serde(flatten)]
    pub run: Option<RunRecord>,
}

/// The loans of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DataOrigin {
    /// `"simulated"`, or the paths of the files read.
    pub name: String,
    /// SHA-256 of the file; `null` where there are several, and where it is no regular file.
    pub sha256: Option<String>,
    /// Every file.
    pub files: Vec<DataFile>,
    /// The month in which the files were written, as far as they show it.
    pub snapshot: Option<String>,
    /// Loans read.
    pub rows: usize,
    /// Loans kept.
    pub kept: usize,
    /// Loans dropped, for whatever reason.
    pub dropped: usize,
}

/// SHA-256 of all that was read of the loans that are kept: it does not change with the place of the files.
pub(super) fn digest_of_loans(loans: &LoanData) -> String {
    let mut digest = Sha256::new();
    let book = loans.book();
    book.visit_content(&loans.book_rows(None), &mut |part| digest.update(part));
    hexadecimal(&digest.finalize())
}

/// A file of loans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DataFile {
    /// Its path, or `simulated`.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal digits; `null` for a pipe, which can be read once only.
    pub sha256: Option<String>,
}

/// How and when a run was started.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RunRecord {
    /// The command line.
    pub command: String,
    /// When it began, `YYYY-MM-DDTHH:MM:SSZ`.
    pub started: String,
    /// Wall-clock time; of a run that was resumed, that of its last part.
    pub seconds: f64,
}

impl RunRecord {
    /// A record of these.
    pub fn new(command: String, started: String, seconds: f64) -> Self {
        Self {
            command,
            started,
            seconds,
        }
    }
}

impl LendInput {
    /// Where the figures of a run on these loans come from; `run` is said by the command line, which knows it.
    pub fn provenance(
        &self,
        loans: &LoanCounts,
        features: &FeatureUse,
        seed: u64,
        run: Option<RunRecord>,
    ) -> Provenance {
        let sha256 = match self.files.as_slice() {
            [only] => only.sha256.clone(),
            _ => None,
        };
        Provenance {
            data: DataOrigin {
                name: self.source.clone(),
                sha256,
                files: self.files.clone(),
                snapshot: self.data.book().snapshot().map(|month| month.to_string()),
                rows: loans.read,
                kept: loans.kept,
                dropped: loans.dropped.values().sum(),
            },
            features: features.used.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed,
            run,
        }
    }
}

impl DataFile {
    /// A file on disk.
    pub(super) fn of_path(path: &Path) -> io::Result<Self> {
        let name = path.display().to_string();
        if !path.metadata()?.is_file() {
            return Ok(Self { name, sha256: None });
        }
        let mut file = File::open(path)?;
        let mut digest = Sha256::new();
        let mut block = vec![0; 1 << 16];
        loop {
            match file.read(&mut block)? {
                0 => break,
                n => digest.update(&block[..n]),
            }
        }
        Ok(Self {
            name,
            sha256: Some(hexadecimal(&digest.finalize())),
        })
    }

    /// A file in memory.
    pub(super) fn of_bytes(name: String, bytes: &[u8]) -> Self {
        Self {
            name,
            sha256: Some(hexadecimal(&Sha256::digest(bytes))),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // printf abc | sha256sum
    #[test]
    fn the_digest_is_sha256sums() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let expected = Some(expected.to_owned());
        assert_eq!(
            DataFile::of_bytes("abc".to_owned(), b"abc").sha256,
            expected
        );
        let path = std::env::temp_dir().join(format!("fuzzysvm-provenance-{}", std::process::id()));
        std::fs::write(&path, b"abc").unwrap();
        let found = DataFile::of_path(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(found.unwrap().sha256, expected);
        assert!(DataFile::of_path(&path).is_err());
        assert_eq!(
            DataFile::of_path(&std::env::temp_dir()).unwrap().sha256,
            None
        );
    }
}
