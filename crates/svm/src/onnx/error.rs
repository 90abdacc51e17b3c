//! Errors of ONNX graphs.

/// A model that cannot be written as an ONNX graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// A kernel whose values are given.
    #[error(
        "the kernel is {kernel}: an ONNX graph needs the features, and support vectors to compare them with"
    )]
    Kernel {
        /// The kernel's name.
        kernel: &'static str,
    },
    /// An input without a name.
    #[error("a column has no name: every input of an ONNX graph has one")]
    NoName,
    /// Two inputs of one name.
    #[error("two columns are called {name:?}: every input of an ONNX graph has its own name")]
    SameName {
        /// The name.
        name: String,
    },
    /// Decision functions that do not name as many classes.
    #[error("found {n_decisions} decision functions for {n_classes} classes")]
    Classes {
        /// Number of classes.
        n_classes: usize,
        /// Number of decision functions.
        n_decisions: usize,
    },
    /// Points of probabilities that are none.
    #[error("found {probabilities} probabilities for {scores} scores, expected one each")]
    Points {
        /// Number of scores.
        scores: usize,
        /// Number of probabilities.
        probabilities: usize,
    },
    /// Lists that do not belong to the same features.
    #[error("found {what} for {found} features, expected {expected}")]
    Width {
        /// What is of another length.
        what: &'static str,
        /// How many features that would be.
        found: usize,
        /// How many there are.
        expected: usize,
    },
}
