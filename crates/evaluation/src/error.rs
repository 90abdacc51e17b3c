//! What can go wrong in an evaluation, with the fields that locate it.

use fuzzysvm_core::{Label, ParamError};

/// An evaluation that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A parameter outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// Two lists that must be equally long are not.
    #[error("{expected} true labels but {found} {what}")]
    LengthMismatch {
        /// What the other list holds.
        what: &'static str,
        /// Number of true labels.
        expected: usize,
        /// Length of the other list.
        found: usize,
    },
    /// Nothing to evaluate.
    #[error("there is nothing to evaluate: {what} is empty")]
    Empty {
        /// What is empty.
        what: &'static str,
    },
    /// A metric that needs both classes among the true labels.
    #[error("no true label is {missing}: {metric} is not defined")]
    MissingClass {
        /// The class that is not there.
        missing: Label,
        /// The metric's name.
        metric: &'static str,
    },
    /// A precision of a class that was never predicted.
    #[error("no sample is predicted {class}: its precision is not defined")]
    NeverPredicted {
        /// The class.
        class: Label,
    },
    /// A value that must be finite is not.
    #[error("{what} {index} is {value}: it must be finite")]
    NotFinite {
        /// What the list holds.
        what: &'static str,
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
    /// The metric needs probabilities and only decision values are there.
    #[error("{metric} needs probabilities, and there are only decision values: calibrate first")]
    NeedsProbability {
        /// The metric's name.
        metric: &'static str,
    },
    /// A class is too small to be in every part of a split.
    #[error("the {class} class has {count} samples, but the split needs at least {needed}")]
    ClassTooSmall {
        /// The class.
        class: Label,
        /// Its size.
        count: usize,
        /// Samples needed.
        needed: usize,
    },
    /// More samples asked for than there are.
    #[error("{asked} samples are asked for, but there are {n}")]
    TooFewSamples {
        /// Samples there are.
        n: usize,
        /// Samples asked for.
        asked: usize,
    },
    /// The rows of a table of results differ in length.
    #[error("row {row} of the table has {found} columns, but the first has {expected}")]
    RaggedTable {
        /// Zero-based row.
        row: usize,
        /// Columns of the first row.
        expected: usize,
        /// Columns found.
        found: usize,
    },
    /// A control that is no column of the table.
    #[error("method {control} is the control, but there are {n_methods} methods")]
    NoSuchMethod {
        /// Zero-based column asked for.
        control: usize,
        /// Methods there are.
        n_methods: usize,
    },
    /// A test on too little data.
    #[error("{test} needs at least {needed} {what}, and there are {found}")]
    TooLittleData {
        /// The test.
        test: &'static str,
        /// What there is too little of.
        what: &'static str,
        /// How much is needed.
        needed: usize,
        /// How much there is.
        found: usize,
    },
    /// The samples do not vary in what a standard error or a resample could show.
    #[error("{what} has no interval and no p-value here: {why}")]
    NoVariance {
        /// The figure or the test.
        what: &'static str,
        /// What does not vary.
        why: &'static str,
        /// Resamples on which the figure was defined; 0 where none was drawn.
        n_defined: usize,
    },
    /// A name that is none of those known.
    #[error("`{found}` is no {what}: expected one of {expected}")]
    UnknownName {
        /// What was asked for.
        what: &'static str,
        /// The name found.
        found: String,
        /// The names there are.
        expected: String,
    },
}

/// The first value that is not finite, as an error.
pub(crate) fn check_finite(what: &'static str, values: &[f64]) -> Result<(), EvaluationError> {
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(index) => Err(EvaluationError::NotFinite {
            what,
            index,
            value: values[index],
        }),
    }
}
