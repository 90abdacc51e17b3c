//! The time of a sample: the later, the more it counts.

use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy};
use fuzzysvm_core::{MethodInfo, ParamError, Samples, param_choice, parameters};

/// Where the times of the samples are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum TimeSource {
    /// The samples are in the order of time, at equal steps: the time is the row number (the default).
    #[default]
    Rows,
    /// In this column of x, counted from 0. Later is larger. Unit and shift cancel, so the column may be scaled.
    Column(usize),
}

/// How the weight grows with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum TimeShape {
    /// `linear`: s = σ + (1 − σ)u (the default).
    #[default]
    Linear,
    /// `quadratic`: s = σ + (1 − σ)u².
    Quadratic,
}

param_choice! { TimeShape { Linear = "linear", Quadratic = "quadratic" } }

/// s_i = σ + (1 − σ) u_i, or with u_i²; u_i = (t_i − t_1)/(t_l − t_1) runs from 0 at the earliest sample, which
/// has s = σ, to 1 at the latest, which has s = 1. In both classes.
///
/// Lin & Wang 2002, doi 10.1109/72.991432, for sequential learning: loans of ten years ago say less about those
/// of today. The linear form there reads s = (1−σ)/(t_l−t_1)·t + (t_l σ − t_1)/(t_l−t_1), which is the same. It has no
/// class ratio; [`LinWangTime::class_ratio`] multiplies the majority by 1/IR.
///
/// The minority has less than 1 as well. With [`TimeSource::Rows`] the order of the rows is the time, so
/// permuting the samples changes their weights on purpose, and where rows are left out (a fold, a given weight of 0)
/// the remaining rows are numbered anew. With a column neither order nor shift nor scaling matters.
///
/// # Edges
/// All times equal, among them a single sample: s = 1. A column that the samples do not have is an error.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct LinWangTime {
    /// Where the times are. Default: the order of the rows.
    pub time: TimeSource,
    /// How the weight grows with time. Default: linearly.
    pub shape: TimeShape,
    /// σ, the weight of the earliest sample, 0 < σ <= 1. Default 0.1.
    pub sigma: f64,
    /// Whether the majority is multiplied by min(1, 1/IR). Default false.
    pub class_ratio: bool,
    /// Which class is the minority for `class_ratio`. Default: the positive one.
    pub minority: MinorityClass,
}

impl Default for LinWangTime {
    fn default() -> Self {
        Self {
            time: TimeSource::Rows,
            shape: TimeShape::Linear,
            sigma: 0.1,
            class_ratio: false,
            minority: MinorityClass::Positive,
        }
    }
}

parameters! {
    LinWangTime {
        shape: TimeShape, "linear or quadratic", "How the weight grows with time";
        sigma: f64, "a number above 0, at most 1", "Weight of the earliest sample";
        class_ratio: bool, "true or false", "Whether the majority is multiplied by 1/IR";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "time FSVM",
    "The later a sample, the more it counts",
    "Lin & Wang 2002, doi 10.1109/72.991432",
);

impl Strategy for LinWangTime {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }

    fn weighs_classes(&self) -> bool {
        false
    }

    fn needs_features(&self) -> bool {
        false
    }

    fn needs_times(&self) -> bool {
        true
    }
}

impl Membership for LinWangTime {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        let times: Vec<f64> = match self.time {
            TimeSource::Rows => (0..train.n_samples()).map(|i| i as f64).collect(),
            TimeSource::Column(column) if column >= train.n_features() => {
                return Err(MembershipError::NoSuchColumn {
                    column,
                    n_features: train.n_features(),
                });
            }
            TimeSource::Column(column) => train.x().rows().map(|row| row[column]).collect(),
        };
        let (first, last) = times
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &t| {
                (a.min(t), b.max(t))
            });
        let elapsed = |t: f64| {
            if last == first {
                1.0
            } else if (last - first).is_finite() {
                (t - first) / (last - first)
            } else {
                // Halves do not overflow, and at this size they are exact.
                (t / 2.0 - first / 2.0) / (last / 2.0 - first / 2.0)
            }
        };
        Ok(times
            .iter()
            .zip(train.y())
            .map(|(&t, &y)| {
                let u = elapsed(t);
                let grown = match self.shape {
                    TimeShape::Linear => u,
                    TimeShape::Quadratic => u * u,
                };
                let factor = if self.class_ratio && y != roles.minority {
                    roles.factor
                } else {
                    1.0
                };
                factor * (self.sigma + (1.0 - self.sigma) * grown).min(1.0)
            })
            .collect())
    }

    fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.sigma > 0.0 && self.sigma <= 1.0,
            "sigma",
            self.sigma,
            "must be > 0 and <= 1",
        )
    }
}
