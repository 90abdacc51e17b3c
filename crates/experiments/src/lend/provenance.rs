//! Where the figures of a run come from.

use fuzzysvm_estimator::LoanData;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{FeatureUse, LendInput, LoanCounts};
use crate::provenance::{DataFile, RunRecord, hexadecimal};

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
    /// `"simulated"`, or the paths of the files read; see [`is_simulated`](crate::is_simulated).
    pub name: String,
    /// SHA-256 of the file; `null` where there are several, and where it is no regular file.
    pub sha256: Option<String>,
    /// SHA-256 of all that was read of the loans that are kept, wherever it stood: of a pipe as of a file, and of the bytes
    /// that were read, where a file is read again for its own.
    pub loans_sha256: String,
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
                loans_sha256: digest_of_loans(&self.data),
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
