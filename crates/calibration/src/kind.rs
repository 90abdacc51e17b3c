//! The calibrations by name.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_core::Label;
use fuzzysvm_core::quote::cut;

use crate::{
    Calibration, CalibrationError, Calibrator, Isotonic, IsotonicCalibration, Sigmoid,
    SigmoidCalibration,
};

/// The shipped calibrators by their names.
///
/// ```
/// use fuzzysvm_calibration::CalibratorKind;
/// assert_eq!("isotonic".parse::<CalibratorKind>()?, CalibratorKind::Isotonic);
/// # Ok::<(), fuzzysvm_calibration::CalibrationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum CalibratorKind {
    /// `sigmoid`: Platt scaling.
    #[default]
    Sigmoid,
    /// `isotonic`: isotonic regression.
    Isotonic,
}

impl CalibratorKind {
    /// Every calibrator.
    pub const ALL: &'static [CalibratorKind] = &[CalibratorKind::Sigmoid, CalibratorKind::Isotonic];

    /// The name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            CalibratorKind::Sigmoid => "sigmoid",
            CalibratorKind::Isotonic => "isotonic",
        }
    }
}

impl fmt::Display for CalibratorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CalibratorKind {
    type Err = CalibrationError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().copied().find(|kind| kind.name() == s);
        known.ok_or_else(|| CalibrationError::UnknownName {
            found: cut(s).to_string(),
            expected: "sigmoid, isotonic",
        })
    }
}

/// A fitted calibration of any kind; in files tagged by `method`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "method", rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum CalibrationKind {
    /// `sigmoid`.
    Sigmoid(SigmoidCalibration),
    /// `isotonic`.
    Isotonic(IsotonicCalibration),
}

impl CalibrationKind {
    /// What it was fitted by.
    pub const fn kind(&self) -> CalibratorKind {
        match self {
            CalibrationKind::Sigmoid(_) => CalibratorKind::Sigmoid,
            CalibrationKind::Isotonic(_) => CalibratorKind::Isotonic,
        }
    }

    /// Whether every score has the same probability, as where scores rank the classes no better than chance.
    pub fn is_constant(&self) -> bool {
        match self {
            CalibrationKind::Sigmoid(fitted) => fitted.slope() == 0.0,
            CalibrationKind::Isotonic(fitted) => {
                let p = fitted.probabilities();
                p.first() == p.last()
            }
        }
    }
}

impl Calibrator for CalibratorKind {
    type Calibration = CalibrationKind;

    fn fit(
        &self,
        scores: &[f64],
        y: &[Label],
        sample_weight: Option<&[f64]>,
    ) -> Result<CalibrationKind, CalibrationError> {
        Ok(match self {
            CalibratorKind::Sigmoid => {
                CalibrationKind::Sigmoid(Sigmoid.fit(scores, y, sample_weight)?)
            }
            CalibratorKind::Isotonic => {
                CalibrationKind::Isotonic(Isotonic.fit(scores, y, sample_weight)?)
            }
        })
    }
}

impl Calibration for CalibrationKind {
    fn probability(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError> {
        match self {
            CalibrationKind::Sigmoid(fitted) => fitted.probability(scores),
            CalibrationKind::Isotonic(fitted) => fitted.probability(scores),
        }
    }
}
