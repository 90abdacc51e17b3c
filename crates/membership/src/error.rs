//! What can go wrong.

use fuzzysvm_core::{Label, ParamError, SamplesError};
use fuzzysvm_kernels::KernelError;
use fuzzysvm_knn_entropy::NeighborError;
use std::{error::Error, fmt, sync::Arc};

/// Why memberships cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MembershipError {
    /// Too few samples for the neighborhoods, such as k neighbors among k samples.
    #[error(transparent)]
    Neighbor(#[from] NeighborError),
    /// Samples of one class only.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// A parameter outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// A kernel that cannot work with the samples.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// The feature-space distances of a sample overflow.
    #[error("the kernel value of row {row} is {value}: scale the data")]
    KernelOverflow {
        /// Zero-based row.
        row: usize,
        /// The value computed.
        value: f64,
    },
    /// The first model cannot be fitted or cannot score the samples.
    #[error("the first model failed: {0}")]
    FirstModel(#[source] FirstModelError),
    /// The number of decision values of the first model is not that of the samples.
    #[error("{n_samples} samples but {n_decisions} decision values of the first model")]
    DecisionCount {
        /// Number of samples.
        n_samples: usize,
        /// Number of decision values.
        n_decisions: usize,
    },
    /// A decision value of the first model is not finite.
    #[error("the first model's decision value of row {row} is {value}: it must be finite")]
    DecisionNotFinite {
        /// Zero-based row.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// A class of one sample, where out-of-fold decision values are needed.
    #[error(
        "the {} class has 1 sample: cross-fitting needs at least 2",
        if *.class == Label::Positive { "positive" } else { "negative" }
    )]
    TooFewForCrossFitting {
        /// The class.
        class: Label,
    },
    /// The samples do not have the column of times.
    #[error("the times are column {column}, but the samples have {n_features} columns")]
    NoSuchColumn {
        /// Zero-based column asked for.
        column: usize,
        /// Columns of the samples.
        n_features: usize,
    },
}

/// The error of any learner, as a source; two are equal where their messages are.
#[derive(Debug, Clone)]
pub struct FirstModelError(Arc<dyn Error + Send + Sync>);

impl FirstModelError {
    /// Wraps `error`.
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Display for FirstModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for FirstModelError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl PartialEq for FirstModelError {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

/// A name under which no strategy is shipped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("there is no membership `{name}`; there are {}", crate::MembershipKind::NAMES.join(", "))]
pub struct UnknownMembership {
    /// The name found.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("no model of {0} samples")]
    struct NoModel(usize, #[source] fmt::Error);

    #[test]
    fn a_failure_of_the_first_model_keeps_its_words_and_its_source() {
        let of = |n| FirstModelError::new(NoModel(n, fmt::Error));
        assert_eq!(of(3).to_string(), "no model of 3 samples");
        assert!(
            of(3)
                .source()
                .is_some_and(|source| source.is::<fmt::Error>())
        );
        assert_eq!(of(3), of(3));
        assert_ne!(of(3), of(4));
    }
}
