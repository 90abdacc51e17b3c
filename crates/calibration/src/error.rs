//! What can go wrong between a score and a probability.

use fuzzysvm_core::{Label, ParamError, WeightError};

/// A calibration or an assessment that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// A parameter outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// Sample weights that cannot be used.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// Two lists that must be equally long are not.
    #[error("{expected} labels but {found} {what}")]
    LengthMismatch {
        /// What the other list holds.
        what: &'static str,
        /// Number of labels.
        expected: usize,
        /// Length of the other list.
        found: usize,
    },
    /// No sample, or none whose weight is above 0.
    #[error("there are no samples whose weight is above 0")]
    Empty,
    /// Only one class is present.
    #[error("all {n} samples are {present}: both classes are needed")]
    OneClass {
        /// The class that is present.
        present: Label,
        /// Number of samples.
        n: usize,
    },
    /// A score that must be finite is not.
    #[error("score {index} is {value}: it must be finite")]
    NotFinite {
        /// Zero-based position.
        index: usize,
        /// The value found.
        value: f64,
    },
    /// A probability outside [0, 1].
    #[error("probability {index} is {value}: it must lie in [0, 1]")]
    NotAProbability {
        /// Zero-based position.
        index: usize,
        /// The value found.
        value: f64,
    },
    /// A fitted number that overflows.
    #[error("the {what} of the sigmoid is {value}: it must be finite{rule}")]
    Line {
        /// `slope` or `intercept`.
        what: &'static str,
        /// The value found.
        value: f64,
        /// What else must hold.
        rule: &'static str,
    },
    /// The steps of a fitted step function are out of order.
    #[error("the steps of an isotonic calibration {reason}")]
    Steps {
        /// What is wrong.
        reason: &'static str,
    },
    /// All probabilities are the same, so that no line goes through them.
    #[error("every probability is {value}: calibration slope and intercept are not defined")]
    NoVariation {
        /// The probability.
        value: f64,
    },
    /// A threshold separates the classes, so that the slope is infinite.
    #[error("a threshold separates the classes: calibration slope and intercept are not defined")]
    Separated,
    /// The regression came to no end.
    #[error("the logistic regression found no minimum in {iterations} iterations")]
    NotConverged {
        /// Iterations made.
        iterations: usize,
    },
    /// A name that is none of those known.
    #[error("`{found}` is no calibration: expected one of {expected}")]
    UnknownName {
        /// The name found.
        found: String,
        /// The names there are.
        expected: &'static str,
    },
}
