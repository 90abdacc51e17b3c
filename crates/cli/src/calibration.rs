//! Calibrations and what they are worth, in JSON and for a person.

use fuzzysvm::calibration::{
    Assessment, Binning, CalibrationError, CalibrationKind, ReliabilityBin,
};
use fuzzysvm::core::Label;
use fuzzysvm::evaluation::proportion_interval;
use serde_json::{Value, json};

use crate::ui::{aligned, plain_table, short};

/// Bins of the reliability curve, of equal count.
const BINS: usize = 10;

/// What `train --json` says of a calibration.
pub fn fitted_json(calibration: &CalibrationKind, folds: usize) -> Value {
    let mut json = json!({ "method": calibration.kind().name(), "folds": folds });
    match calibration {
        CalibrationKind::Sigmoid(fitted) => {
            json["slope"] = json!(fitted.slope());
            json["intercept"] = json!(fitted.intercept());
        }
        CalibrationKind::Isotonic(fitted) => json["points"] = json!(fitted.scores().len()),
        _ => {}
    }
    json
}

/// The same for a person.
pub fn fitted_text(calibration: &CalibrationKind, folds: usize) -> String {
    let made_of = match calibration {
        CalibrationKind::Sigmoid(fitted) => format!(
            ", slope {}, intercept {}",
            short(fitted.slope()),
            short(fitted.intercept())
        ),
        CalibrationKind::Isotonic(fitted) => format!(", {} points", fitted.scores().len()),
        _ => String::new(),
    };
    format!("{}, {folds} folds{made_of}", calibration.kind())
}

/// How well probabilities are calibrated.
pub struct Assessed {
    assessment: Assessment,
    level: f64,
}

impl Assessed {
    /// Assesses one probability per label; intervals have this confidence level.
    pub fn of(y: &[Label], probability: &[f64], level: f64) -> Result<Self, CalibrationError> {
        let assessment = Assessment::of(y, probability, None, Binning::EqualCount(BINS))?;
        Ok(Self { assessment, level })
    }

    /// The exact interval of the share of positives in a bin.
    fn interval(&self, bin: &ReliabilityBin) -> Option<[f64; 2]> {
        let positive = (bin.observed * bin.n as f64).round() as usize;
        let ends = proportion_interval(positive, bin.n, self.level).ok()?;
        Some([ends.lower, ends.upper])
    }

    /// What `evaluate --json` says.
    pub fn json(&self) -> Value {
        let Assessment {
            bins,
            brier,
            ece,
            slope,
            intercept,
            ..
        } = &self.assessment;
        let bins: Vec<Value> = bins
            .iter()
            .map(|bin| {
                let ends = self.interval(bin);
                json!({
                    "mean": bin.mean,
                    "observed": bin.observed,
                    "low": ends.map(|[low, _]| low),
                    "high": ends.map(|[_, high]| high),
                    "n": bin.n,
                })
            })
            .collect();
        json!({
            "bins": bins,
            "brier": {
                "value": brier.value,
                "reliability": brier.reliability,
                "resolution": brier.resolution,
                "uncertainty": brier.uncertainty,
                "within_bins": brier.within_bins,
            },
            "skill": brier.skill(),
            "ece": ece,
            "slope": slope,
            "intercept": intercept,
        })
    }

    /// The same for a person.
    pub fn text(&self) -> String {
        let a = &self.assessment;
        let or_undefined =
            |value: Option<f64>| value.map_or("undefined".to_owned(), |v| format!("{v:.4}"));
        let figures = aligned(&[
            ("calibration slope", or_undefined(a.slope)),
            ("calibration intercept", or_undefined(a.intercept)),
            ("expected calibration error", format!("{:.4}", a.ece)),
            (
                "brier in parts",
                format!(
                    "reliability {:.4}, resolution {:.4}, uncertainty {:.4}, within bins {:.4}",
                    a.brier.reliability,
                    a.brier.resolution,
                    a.brier.uncertainty,
                    a.brier.within_bins
                ),
            ),
            ("brier skill", or_undefined(a.brier.skill())),
        ]);
        let mut rows =
            vec![["probability", "observed", "95 % interval", "rows"].map(str::to_owned)];
        rows.extend(a.bins.iter().map(|bin| {
            let ends = self.interval(bin);
            [
                format!("{:.4}", bin.mean),
                format!("{:.4}", bin.observed),
                ends.map_or(String::new(), |[low, high]| {
                    format!("{low:.4} to {high:.4}")
                }),
                bin.n.to_string(),
            ]
        }));
        format!("{figures}\n\n{}", plain_table(&rows))
    }
}
