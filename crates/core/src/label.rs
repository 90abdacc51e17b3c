//! Two-valued labels.

use std::fmt;

/// The class of a sample. By convention the positive class is the minority (charged-off loans).
///
/// ```
/// use fuzzysvm_core::Label;
/// assert_eq!(Label::Positive.sign(), 1.0);
/// assert_eq!(Label::from_sign(-0.5), Label::Negative);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Label {
    /// y = −1, the majority by convention.
    Negative,
    /// y = +1, the minority by convention.
    Positive,
}

impl Label {
    /// +1.0 or −1.0.
    pub const fn sign(self) -> f64 {
        match self {
            Label::Positive => 1.0,
            Label::Negative => -1.0,
        }
    }

    /// Positive where `value > 0`, negative otherwise (also for 0 and NaN), as in `predict`. Decision values that are 0
    /// but for rounding are exactly 0: see [`decision_or_zero`](crate::decision_or_zero).
    pub fn from_sign(value: f64) -> Self {
        if value > 0.0 {
            Label::Positive
        } else {
            Label::Negative
        }
    }

    /// Whether this is the positive class.
    pub const fn is_positive(self) -> bool {
        matches!(self, Label::Positive)
    }

    /// The other class.
    pub const fn flipped(self) -> Self {
        match self {
            Label::Positive => Label::Negative,
            Label::Negative => Label::Positive,
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Label::Positive => "positive",
            Label::Negative => "negative",
        })
    }
}

/// How many samples each class has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassCounts {
    /// n₊.
    pub positive: usize,
    /// n₋.
    pub negative: usize,
}

impl ClassCounts {
    /// Counts the labels.
    pub fn of(y: &[Label]) -> Self {
        let positive = y.iter().filter(|l| l.is_positive()).count();
        Self {
            positive,
            negative: y.len() - positive,
        }
    }

    /// IR = n₋/n₊ (ρ in the papers), `None` where there is no positive sample.
    pub fn imbalance_ratio(self) -> Option<f64> {
        (self.positive > 0).then(|| self.negative as f64 / self.positive as f64)
    }
}
