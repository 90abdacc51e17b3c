//! How a command ends.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// A command that finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// As asked for: exit code 0.
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

/// Errors of the library say what and where by themselves.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::run(error)
    }
}

/// Names the file in front of an error that does not know it.
pub trait InFile<T> {
    /// `FILE: message`
    fn in_file(self, path: &Path) -> Result<T, Failure>;
}

impl<T, E: Display> InFile<T> for Result<T, E> {
    fn in_file(self, path: &Path) -> Result<T, Failure> {
        self.map_err(|e| Failure::run(format!("{}: {e}", path.display())))
    }
}

/// As [`InFile`], where the error is a [`Failure`] already.
pub trait FailureInFile<T> {
    /// `FILE: message`, for a failed run.
    fn in_failure(self, path: &Path) -> Result<T, Failure>;
}

impl<T> FailureInFile<T> for Result<T, Failure> {
    fn in_failure(self, path: &Path) -> Result<T, Failure> {
        self.map_err(|failure| match failure {
            Failure::Run(text) => Failure::Run(format!("{}: {text}", path.display())),
            other => other,
        })
    }
}
