//! What can stop a fit, a tuning or a prediction.

use std::path::Path;

use fuzzysvm_baselines::BaselineError;
use fuzzysvm_calibration::CalibrationError;
use fuzzysvm_core::envelope::EnvelopeError;
use fuzzysvm_core::memory::OverLimit;
use fuzzysvm_core::{MatrixError, ParamError, PredictError, SamplesError, WeightError};
use fuzzysvm_datasets::lending_club::LoanBookError;
use fuzzysvm_datasets::table::{Location, TableError};
use fuzzysvm_evaluation::EvaluationError;
use fuzzysvm_kernels::KernelError;
use fuzzysvm_knn_entropy::NeighborError;
use fuzzysvm_membership::MembershipError;
use fuzzysvm_svm::SvmError;
use fuzzysvm_svm::model_file::ModelFileError;
use fuzzysvm_svm::onnx::OnnxError;

use crate::LearnerError;

/// Why something between data and decision could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EstimatorError {
    /// A parameter outside its range, or two that do not go together.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// A table cannot be read, or does not fit what was learnt from another one.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A loan file cannot be read or encoded.
    #[error(transparent)]
    Loans(#[from] LoanBookError),
    /// A matrix that is not rectangular or not finite.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
    /// Kernel values or points that a kernel cannot take.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// Samples that allow no fit.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// Sample weights that cannot be used.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// Neighbors cannot be searched.
    #[error(transparent)]
    Neighbor(#[from] NeighborError),
    /// A membership cannot be computed.
    #[error(transparent)]
    Membership(#[from] MembershipError),
    /// A support vector machine cannot be fitted or tuned.
    #[error(transparent)]
    Svm(#[from] SvmError),
    /// A baseline cannot be fitted.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// A prediction cannot be made.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// A split, a score or a metric is impossible.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// Probabilities cannot be fitted or computed.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// Probabilities cannot be learnt, though the model can be fitted.
    #[error("calibration: {source}")]
    OfCalibration {
        /// What is wrong.
        source: Box<EstimatorError>,
    },
    /// The model in a file does not hold together.
    #[error(transparent)]
    ModelFile(#[from] ModelFileError),
    /// A model cannot be written as an ONNX graph.
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// A model file cannot be read.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A file cannot be opened, read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Something other than what is needed.
    #[error("found {found}, expected {expected}")]
    Unexpected {
        /// What there is.
        found: String,
        /// What is needed.
        expected: String,
    },
    /// A method of the caller's own failed.
    #[error(transparent)]
    Learner(LearnerError),
    /// An error of one method among several.
    #[error("{method}{}: {source}", in_brackets(.setting))]
    Method {
        /// The method, by its title.
        method: String,
        /// The candidate setting in words; empty where there is only one.
        setting: String,
        /// What is wrong.
        source: Box<EstimatorError>,
    },
    /// The weights of a method cannot be computed in one of the folds that it is tuned on.
    #[error("{method}, inner fold {}: {source}", .fold + 1)]
    InnerFold {
        /// The method, by its title.
        method: String,
        /// Zero-based fold.
        fold: usize,
        /// What is wrong.
        source: Box<EstimatorError>,
    },
    /// The copies of the samples that the folds are made of take more memory than the process may have.
    #[error("{n_samples} samples of {n_features} features in {n_folds} folds would take {excess}")]
    FoldMemory {
        /// Samples of a fold, of both its parts.
        n_samples: usize,
        /// Features of a sample.
        n_features: usize,
        /// Folds still to be made, all of which are held at once.
        n_folds: usize,
        /// How much that is, and how much may be.
        excess: OverLimit,
    },
    /// An error in one fold of a cross-validation.
    #[error("fold {}: {source}", .fold + 1)]
    Fold {
        /// Zero-based fold.
        fold: usize,
        /// What is wrong.
        source: Box<EstimatorError>,
    },
    /// An error about a file that its source does not name.
    #[error("{file}: {source}")]
    InFile {
        /// The file.
        file: String,
        /// What is wrong.
        source: Box<EstimatorError>,
    },
    /// An error in a line of a file.
    #[error("{file}:{line}: {reason}")]
    InLine {
        /// The file.
        file: String,
        /// One-based line.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// An error at a place in a file.
    #[error("{file}:{line}:{column}: found no whole model: {reason}")]
    InJson {
        /// The file.
        file: String,
        /// One-based line.
        line: usize,
        /// One-based column.
        column: usize,
        /// What is wrong.
        reason: String,
    },
}

fn in_brackets(setting: &str) -> String {
    if setting.is_empty() {
        String::new()
    } else {
        format!(" ({setting})")
    }
}

impl EstimatorError {
    pub(crate) fn unexpected(found: impl Into<String>, expected: impl Into<String>) -> Self {
        EstimatorError::Unexpected {
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// Where in a file it is, where the error is about a file.
    pub fn location(&self) -> Option<Location> {
        match self {
            EstimatorError::Table(e) => e.location(),
            EstimatorError::Loans(e) => {
                let (file, line) = e.location()?;
                Some(Location::new(file, line, 0))
            }
            EstimatorError::Method { source, .. }
            | EstimatorError::InnerFold { source, .. }
            | EstimatorError::OfCalibration { source }
            | EstimatorError::Fold { source, .. } => source.location(),
            EstimatorError::InFile { file, source } => {
                let inner = source.location().filter(|at| at.file == *file);
                Some(inner.unwrap_or_else(|| Location::new(file, 0, 0)))
            }
            EstimatorError::InLine { file, line, .. } => Some(Location::new(file, *line as u64, 0)),
            EstimatorError::InJson {
                file, line, column, ..
            } => Some(Location::new(file, *line as u64, *column as u64)),
            _ => None,
        }
    }

    /// The same, in this fold.
    pub(crate) fn in_fold(self, fold: usize) -> Self {
        EstimatorError::Fold {
            fold,
            source: Box::new(self),
        }
    }

    /// The same, while probabilities are learnt.
    pub(crate) fn in_calibration(self) -> Self {
        EstimatorError::OfCalibration {
            source: Box::new(self),
        }
    }

    /// The same, of this method in this fold of its tuning.
    pub(crate) fn in_inner_fold(self, method: &str, fold: usize) -> Self {
        EstimatorError::InnerFold {
            method: method.to_owned(),
            fold,
            source: Box::new(self),
        }
    }

    /// The same, of this method.
    pub(crate) fn of_method(self, method: &str, setting: &str) -> Self {
        EstimatorError::Method {
            method: method.to_owned(),
            setting: setting.to_owned(),
            source: Box::new(self),
        }
    }
}

/// Names the file in front of an error that does not name it.
pub(crate) trait InFile<T> {
    fn in_file(self, path: &Path) -> Result<T, EstimatorError>;
}

impl<T, E: Into<EstimatorError>> InFile<T> for Result<T, E> {
    fn in_file(self, path: &Path) -> Result<T, EstimatorError> {
        self.map_err(|e| EstimatorError::InFile {
            file: path.display().to_string(),
            source: Box::new(e.into()),
        })
    }
}
