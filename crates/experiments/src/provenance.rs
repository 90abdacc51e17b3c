//! What a run was started by and read.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use fuzzysvm_core::cpu;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DataFile {
    /// Its path, `standard input` or `simulated`.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal digits; `null` for a pipe and standard input, which can be read once only.
    pub sha256: Option<String>,
}

/// How, on what and when a run was started.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RunRecord {
    /// The command line.
    pub command: String,
    /// Which instructions of the processor were used: a name of [`fuzzysvm_core::cpu::Level`]. The results are the same
    /// with any.
    pub cpu: String,
    /// When it began, `YYYY-MM-DDTHH:MM:SSZ`.
    pub started: String,
    /// Wall-clock time; of a run that was resumed, that of its last part.
    pub seconds: f64,
}

impl RunRecord {
    /// A record of these, and of the instructions in use.
    pub fn new(command: String, started: String, seconds: f64) -> Self {
        Self {
            command,
            cpu: cpu::level().to_string(),
            started,
            seconds,
        }
    }
}

impl DataFile {
    /// A file on disk, a pipe, or standard input (`-`).
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn of_path(path: &Path) -> io::Result<Self> {
        if path.as_os_str() == "-" {
            let name = "standard input".to_owned();
            return Ok(Self { name, sha256: None });
        }
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
    pub(crate) fn of_bytes(name: String, bytes: &[u8]) -> Self {
        Self {
            name,
            sha256: Some(hexadecimal(&Sha256::digest(bytes))),
        }
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
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
