//! Which class is the minority, and how much the other one counts.

use fuzzysvm_core::{ClassCounts, Label, Samples, SamplesError, param_choice};
use std::fmt;

/// Which class a strategy treats as the minority.
///
/// The positive class is the minority by convention, and labels are taken as given. Where it is in
/// fact the larger class (IR < 1), 1/IR exceeds 1, which a membership must not: the factor of the
/// majority is min(1, 1/IR), and both classes count alike. [`MinorityClass::Smaller`] swaps the roles
/// instead. [`MinorityClass::warning`] says when this matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum MinorityClass {
    /// The positive class, whatever its size (the default).
    #[default]
    Positive,
    /// The class with fewer samples; the positive one where both have the same number.
    Smaller,
}

param_choice! { MinorityClass { Positive = "positive", Smaller = "smaller" } }

impl MinorityClass {
    /// The minority class, for these counts.
    ///
    /// ```
    /// use fuzzysvm_core::{ClassCounts, Label};
    /// use fuzzysvm_membership::MinorityClass;
    /// let counts = ClassCounts { positive: 9, negative: 3 };
    /// assert_eq!(MinorityClass::Positive.label(counts), Label::Positive);
    /// assert_eq!(MinorityClass::Smaller.label(counts), Label::Negative);
    /// ```
    pub fn label(self, counts: ClassCounts) -> Label {
        match self {
            Self::Smaller if counts.negative < counts.positive => Label::Negative,
            _ => Label::Positive,
        }
    }

    /// A warning to show where the class treated as the minority is the larger one.
    pub fn warning(self, counts: ClassCounts) -> Option<ImbalanceWarning> {
        (self == Self::Positive && counts.positive > counts.negative)
            .then_some(ImbalanceWarning { counts })
    }

    /// The roles of the classes in a training set.
    pub(crate) fn resolve(self, train: Samples<'_>) -> Result<Roles, SamplesError> {
        let counts = train.require_both_classes()?;
        let minority = self.label(counts);
        let (few, many) = match minority {
            Label::Positive => (counts.positive, counts.negative),
            Label::Negative => (counts.negative, counts.positive),
        };
        Ok(Roles {
            minority,
            factor: (few as f64 / many as f64).min(1.0),
        })
    }
}

/// The positive class is the larger one, yet it is treated as the minority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImbalanceWarning {
    /// The sizes of the classes.
    pub counts: ClassCounts,
}

impl fmt::Display for ImbalanceWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the positive class is the larger one ({} of {} samples) but is treated as the minority: \
             memberships of the negative class stay at most 1; swap the classes, or ask for the \
             smaller class as the minority",
            self.counts.positive,
            self.counts.positive + self.counts.negative
        )
    }
}

/// The minority, and the factor min(1, 1/IR) of the majority.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Roles {
    pub minority: Label,
    pub factor: f64,
}

impl Roles {
    /// 1 for the minority, `of_majority(row)` for the rest.
    pub fn assign(self, y: &[Label], of_majority: impl Fn(usize) -> f64) -> Vec<f64> {
        y.iter()
            .enumerate()
            .map(|(i, &label)| {
                if label == self.minority {
                    1.0
                } else {
                    of_majority(i)
                }
            })
            .collect()
    }
}
