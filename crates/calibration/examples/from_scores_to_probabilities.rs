//! Scores of two samples in five that are positive, calibrated on the first half and assessed on the second.

use fuzzysvm_calibration::{
    Assessment, Binning, Calibration, CalibrationError, Calibrator, CalibratorKind,
};
use fuzzysvm_core::Label;

fn main() -> Result<(), CalibrationError> {
    // Waves in place of random numbers; the scores are three times too large for log odds.
    let wave = |i: u32, f: f64| (f64::from(i) * f).sin();
    let y: Vec<Label> = (0..400)
        .map(|i| Label::from_sign(if i % 5 < 2 { 1.0 } else { -1.0 }))
        .collect();
    let scores: Vec<f64> = (0..400)
        .map(|i| 3.0 * (wave(i, 1.7) + wave(i, 2.9) + if i % 5 < 2 { 0.8 } else { -0.8 }))
        .collect();
    let as_they_are: Vec<f64> = scores.iter().map(|s| 1.0 / (1.0 + (-s).exp())).collect();
    println!(
        "{:<10} {:>7} {:>11} {:>10} {:>6} {:>6}",
        "", "Brier", "reliability", "resolution", "ECE", "slope"
    );
    let print = |name: &str, p: &[f64]| -> Result<(), CalibrationError> {
        let a = Assessment::of(&y[200..], p, None, Binning::EqualCount(10))?;
        let slope = a.slope.unwrap_or(f64::NAN);
        let (value, reliability, resolution) =
            (a.brier.value, a.brier.reliability, a.brier.resolution);
        println!(
            "{name:<10} {value:>7.4} {reliability:>11.4} {resolution:>10.4} {:>6.3} {slope:>6.2}",
            a.ece
        );
        Ok(())
    };
    print("scores", &as_they_are[200..])?;
    for kind in CalibratorKind::ALL {
        let fitted = kind.fit(&scores[..200], &y[..200], None)?;
        print(kind.name(), &fitted.probability(&scores[200..])?)?;
    }
    Ok(())
}
