//! How a command ends.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use fuzzysvm::core::ParamError;
use fuzzysvm::estimator::method::find;

/// A command that finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// With all that there was to do: exit code 0.
    Complete,
    /// With outputs written, but the solver stopped at `--max-iter`: exit code 3.
    HitMaxIter,
}

impl Done {
    /// The exit code.
    pub fn code(self) -> ExitCode {
        match self {
            Done::Complete => ExitCode::SUCCESS,
            Done::HitMaxIter => ExitCode::from(3),
        }
    }
}

/// A command that did not finish.
#[derive(Debug)]
pub enum Failure {
    /// The input or the computation: exit code 1.
    Run(String),
    /// Flags that contradict each other: exit code 2.
    Usage(String),
    /// Nobody reads standard output any more: nothing to say, exit code 0.
    ClosedPipe,
}

impl Failure {
    /// A failed run.
    pub fn run(message: impl Display) -> Self {
        Failure::Run(message.to_string())
    }

    /// A contradiction on the command line.
    pub fn usage(message: impl Display) -> Self {
        Failure::Usage(message.to_string())
    }

    /// The message on one line, as scripts and editors read it.
    pub fn message(&self) -> Option<String> {
        let text = match self {
            Failure::Run(text) | Failure::Usage(text) => text,
            Failure::ClosedPipe => return None,
        };
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The exit code.
    pub fn code(&self) -> ExitCode {
        match self {
            Failure::Run(_) => ExitCode::from(1),
            Failure::Usage(_) => ExitCode::from(2),
            Failure::ClosedPipe => ExitCode::SUCCESS,
        }
    }
}

/// Flags whose names differ from the names of the parameters that they set.
const FLAGS: [(&str, &str); 4] = [
    ("top_fraction", "top"),
    ("returns", "return"),
    ("n_folds", "folds"),
    ("map", "approx"),
];

impl Failure {
    /// A parameter outside its range, by the flag that it came from; of the method's own parameters `--param`.
    pub fn of_param(e: &ParamError, method: &str) -> Self {
        let name = e.name.as_ref();
        let of_method = find(method).is_ok_and(|m| m.params.iter().any(|p| p.name == name));
        let renamed = FLAGS.iter().find(|(param, _)| *param == name);
        Self::usage(if name == "param" {
            format!("--param {}", e.rule)
        } else if of_method {
            format!("--param {name}={}: {}", e.value.trim_matches('"'), e.rule)
        } else if let Some((_, flag)) = renamed {
            format!("--{flag} {}: {}", e.value, e.rule)
        } else if e.value == "unknown" {
            format!(
                "--param {name} does not apply to --method {method}: {}",
                e.rule
            )
        } else {
            // Every other parameter that a command sets has a flag of its name.
            format!("--{} {}: {}", name.replace('_', "-"), e.value, e.rule)
        })
    }

    /// As [`Failure::of_param`], of no method.
    pub fn of_setting(e: ParamError) -> Self {
        Self::of_param(&e, "")
    }
}

/// Errors of the library say what and where by themselves.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::run(in_flags(error))
    }
}

/// Words of the library's errors about a file's format, and the flags that they are about.
const FLAGS_OF_WORDS: [(&str, &str); 8] = [
    ("set n_features to", "give --n-features"),
    ("found n_features ", "found --n-features "),
    ("expected n_features ", "expected --n-features "),
    ("found zero_based for", "found --zero-based for"),
    (
        "dates are not supported, drop the column",
        "dates are not supported, --drop the column",
    ),
    (
        "such columns are not supported, drop it",
        "such columns are not supported, --drop it",
    ),
    ("the format parquet", "--format parquet"),
    (
        "sample weights beside those of the file",
        "--weights beside those of the file",
    ),
];

/// An error that names flags in place of settings.
fn in_flags(error: impl Display) -> String {
    let text = error.to_string();
    FLAGS_OF_WORDS
        .iter()
        .find(|(words, _)| text.contains(words))
        .map_or(text.clone(), |(words, flag)| text.replace(words, flag))
}

/// Names the file in front of an error that does not know it.
pub trait InFile<T> {
    /// `FILE: message`
    fn in_file(self, path: &Path) -> Result<T, Failure>;
}

impl<T, E: Display> InFile<T> for Result<T, E> {
    fn in_file(self, path: &Path) -> Result<T, Failure> {
        self.map_err(|e| Failure::run(format!("{}: {}", path.display(), in_flags(e))))
    }
}
