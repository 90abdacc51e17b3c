//! Scores to probabilities, and how well probabilities are calibrated.
//!
//! A [`Calibrator`] is fitted to scores of samples **that the classifier has not seen** (held out, or out of the folds of
//! a cross-validation): on its own training samples a classifier is too sure of itself, and the probabilities would be
//! too. It returns a [`Calibration`], which gives the probability of the positive class for any score.
//!
//! | calibrator | probability | takes |
//! | --- | --- | --- |
//! | [`Sigmoid`] | 1 / (1 + exp(−(slope · score + intercept))) | two numbers; few samples are enough |
//! | [`Isotonic`] | any that does not fall as the score rises | some hundred samples of the rarer class |
//!
//! [`Assessment`] says what a probability is worth: reliability by bins, Brier's score and its parts, expected
//! calibration error, calibration slope and intercept. Assess on samples that neither classifier nor calibrator saw.
//!
//! ```
//! use fuzzysvm_calibration::{Assessment, Binning, Calibration, Calibrator, Sigmoid};
//! use fuzzysvm_core::Label::{Negative as N, Positive as P};
//!
//! // Scores out of the folds: of four samples at 1 three are positive, of four at -1 one is.
//! let scores = [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0];
//! let y = [P, P, P, N, P, N, N, N];
//! let fitted = Sigmoid.fit(&scores, &y, None)?;
//! let p = fitted.probability(&[1.0, 0.0, -1.0])?;
//! // 2/3 and 1/3, not 3/4 and 1/4: Platt's targets stand for what is not known of a few samples.
//! assert!((p[0] - 2.0 / 3.0).abs() < 1e-12 && (p[1] - 0.5).abs() < 1e-12 && (p[2] - 1.0 / 3.0).abs() < 1e-12);
//!
//! let of_samples = fitted.probability(&scores)?;
//! let assessment = Assessment::of(&y, &of_samples, None, Binning::Distinct)?;
//! assert!((assessment.ece - 1.0 / 12.0).abs() < 1e-12);
//! # Ok::<(), fuzzysvm_calibration::CalibrationError>(())
//! ```
//!
//! The crate knows no classifier: it takes scores, labels and weights as slices. Weights count as numbers of samples, so
//! that a weight of 2 is the sample twice, and a weight of 0 leaves it out.

mod assessment;
mod calibrator;
mod error;
mod isotonic;
mod kind;
#[cfg(feature = "laws")]
pub mod laws;
mod logistic;
mod samples;
mod sigmoid;

pub use assessment::{
    Assessment, Binning, BrierScore, CalibrationLine, ReliabilityBin, brier_score,
    calibration_line, expected_calibration_error, reliability_bins,
};
pub use calibrator::{Calibration, Calibrator};
pub use error::CalibrationError;
pub use isotonic::{Isotonic, IsotonicCalibration};
pub use kind::{CalibrationKind, CalibratorKind};
pub use sigmoid::{Sigmoid, SigmoidCalibration};

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
