//! How a command ends.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use fuzzysvm::compare::CompareError;
use fuzzysvm::core::ParamError;
use fuzzysvm::datasets::lending_club::LoanBookError;
use fuzzysvm::datasets::table::{Location, TableError};
use fuzzysvm::estimator::EstimatorError;
use fuzzysvm::estimator::method::find;
use fuzzysvm::estimator::{FittedEstimator, Model};
use fuzzysvm::experiments::on_offer::OnOfferError;
use fuzzysvm::lend::LendError;
use fuzzysvm::qp::Status;
use serde_json::{Value, json};

use crate::words::in_flags;

/// A command that finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// With all that there was to do: exit code 0.
    Complete,
    /// With outputs written, but an input could not be read and is left out: exit code 1.
    InputLeftOut,
    /// With outputs written, but the solver stopped at `--max-iter`: exit code 3.
    HitMaxIter,
}

impl Done {
    /// How a command ends that wrote this model.
    pub fn with_model(fitted: &FittedEstimator) -> Self {
        match fitted.model() {
            Model::Svm(model) if model.status() == Status::MaxIterations => Done::HitMaxIter,
            _ => Done::Complete,
        }
    }

    /// The exit code.
    pub fn code(self) -> ExitCode {
        match self {
            Done::Complete => ExitCode::SUCCESS,
            Done::InputLeftOut => ExitCode::from(1),
            Done::HitMaxIter => ExitCode::from(3),
        }
    }
}

/// A command that did not finish.
#[derive(Debug)]
pub enum Failure {
    /// The input or the computation: exit code 1.
    Run {
        /// What went wrong, with the place in front where there is one.
        message: String,
        /// The file that it is about, where it is about one.
        at: Option<Location>,
        /// Whether it is an output that cannot be written.
        output: bool,
    },
    /// Flags that contradict each other: exit code 2.
    Usage(String),
    /// Nobody reads standard output any more: nothing to say, exit code 0.
    ClosedPipe,
}

impl Failure {
    fn new(message: String, at: Option<Location>, output: bool) -> Self {
        Failure::Run {
            message,
            at,
            output,
        }
    }

    /// A failed run.
    pub fn run(message: impl Display) -> Self {
        Self::new(in_flags(message), None, false)
    }

    /// Something about an input file; the message names it.
    pub fn input(message: impl Display, file: &Path) -> Self {
        Self::new(in_flags(message), Some(whole(file)), false)
    }

    /// An output that cannot be written; the message names it.
    pub fn output(message: impl Display, file: &Path) -> Self {
        Self::new(in_flags(message), Some(whole(file)), true)
    }

    /// A contradiction on the command line.
    pub fn usage(message: impl Display) -> Self {
        Failure::Usage(message.to_string())
    }

    /// The message on one line, as scripts and editors read it.
    pub fn message(&self) -> Option<String> {
        let text = match self {
            Failure::Run { message, .. } | Failure::Usage(message) => message,
            Failure::ClosedPipe => return None,
        };
        Some(on_one_line(text))
    }

    /// The same for programs, as `--json` asks for: `{"error":{"kind","message","file","line","column"}}`, where what is
    /// not known is null.
    pub fn json(&self) -> Option<Value> {
        let message = self.message()?;
        let (kind, at) = match self {
            Failure::Usage(_) => ("usage", None),
            Failure::Run { at, output, .. } => match (at, output) {
                (at, true) => ("output", at.as_ref()),
                (Some(at), false) => ("input", Some(at)),
                (None, false) => ("computation", None),
            },
            Failure::ClosedPipe => return None,
        };
        Some(error_json(kind, &message, at))
    }

    /// The exit code.
    pub fn code(&self) -> ExitCode {
        match self {
            Failure::Run { .. } => ExitCode::from(1),
            Failure::Usage(_) => ExitCode::from(2),
            Failure::ClosedPipe => ExitCode::SUCCESS,
        }
    }
}

/// A file, of which no line is named.
fn whole(file: &Path) -> Location {
    Location::new(file.display().to_string(), 0, 0)
}

/// Flags whose names differ from the names of the parameters that they set.
const FLAGS: [(&str, &str); 4] = [
    ("top_fraction", "top"),
    ("returns", "return"),
    ("n_folds", "folds"),
    ("map", "approx"),
];

/// The flag that sets a parameter, without its dashes.
pub fn flag_of(param: &str) -> String {
    let renamed = FLAGS.iter().find(|(name, _)| *name == param);
    renamed.map_or_else(|| param.replace('_', "-"), |(_, flag)| (*flag).to_owned())
}

impl Failure {
    /// A parameter outside its range, by the flag that it came from; of the method's own parameters `--param`.
    pub fn of_param(e: &ParamError, method: &str) -> Self {
        let name = e.name.as_ref();
        let of_method = find(method).is_ok_and(|m| m.params.iter().any(|p| p.name == name));
        let is_renamed = FLAGS.iter().any(|(param, _)| *param == name);
        Self::usage(if name == "param" {
            format!("--param {}", e.rule)
        } else if of_method {
            format!("--param {name}={}: {}", e.value.trim_matches('"'), e.rule)
        } else if e.value == "unknown" && !is_renamed {
            format!(
                "--param {name} does not apply to --method {method}: {}",
                e.rule
            )
        } else {
            // Every other parameter that a command sets has a flag of its name.
            format!("--{} {}: {}", flag_of(name), e.value, e.rule)
        })
    }

    /// As [`Failure::of_param`], of no method.
    pub fn of_setting(e: ParamError) -> Self {
        Self::of_param(&e, "")
    }
}

/// An error as a line of JSON.
pub fn error_json(kind: &str, message: &str, at: Option<&Location>) -> Value {
    let number = |n: u64| (n > 0).then_some(n);
    json!({
        "error": {
            "kind": kind,
            "message": message,
            "file": at.map(|at| &at.file),
            "line": at.and_then(|at| number(at.line)),
            "column": at.and_then(|at| number(at.column)),
        }
    })
}

/// A message without line ends, as scripts and editors read it.
pub fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Errors of the library say what and where by themselves.
impl<E: std::error::Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let at = location_of(&error);
        Failure::new(in_flags(error), at, false)
    }
}

/// The place in a file that an error of the library is about.
fn location_of(error: &(dyn std::error::Error + 'static)) -> Option<Location> {
    if let Some(e) = error.downcast_ref::<EstimatorError>() {
        e.location()
    } else if let Some(e) = error.downcast_ref::<TableError>() {
        e.location()
    } else if let Some(e) = error.downcast_ref::<LoanBookError>() {
        let (file, line) = e.location()?;
        Some(Location::new(file, line, 0))
    } else if let Some(e) = error.downcast_ref::<LendError>() {
        e.location()
    } else if let Some(e) = error.downcast_ref::<OnOfferError>() {
        e.location()
    } else {
        match error.downcast_ref::<CompareError>() {
            Some(CompareError::NoneLeft { skipped }) => {
                let first = skipped.first()?;
                Some(Location::new(&first.source, 0, 0))
            }
            _ => None,
        }
    }
}

/// Names the file in front of an error that does not know it.
pub trait InFile<T> {
    /// `FILE: message`
    fn in_file(self, path: &Path) -> Result<T, Failure>;
}

impl<T, E: Display> InFile<T> for Result<T, E> {
    fn in_file(self, path: &Path) -> Result<T, Failure> {
        self.map_err(|e| Failure::input(format!("{}: {e}", path.display()), path))
    }
}
