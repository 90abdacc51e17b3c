//! Worked by hand, and files.

use fuzzysvm_calibration::{
    Assessment, Binning, Calibration, CalibrationKind, Calibrator, CalibratorKind, Isotonic,
    IsotonicCalibration, Sigmoid, SigmoidCalibration,
};
use fuzzysvm_core::Label::{Negative as N, Positive as P};

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

/// Two scores: the line meets the mean target of each. n₊ = 3, n₋ = 5: targets 4/5 and 1/7.
#[test]
fn platt_scaling_of_two_scores() {
    let scores = [0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0];
    let y = [P, N, N, N, P, P, N, N];
    let fitted = Sigmoid.fit(&scores, &y, None).unwrap();
    let low: f64 = (4.0 / 5.0 + 3.0 / 7.0) / 4.0;
    let high: f64 = (8.0 / 5.0 + 2.0 / 7.0) / 4.0;
    let odds = |p: f64| (p / (1.0 - p)).ln();
    assert!(near(fitted.intercept(), odds(low)), "{fitted:?}");
    assert!(near(fitted.slope(), (odds(high) - odds(low)) / 2.0));
    assert!(near(fitted.probability(&[2.0]).unwrap()[0], high));
}

/// A threshold separates the classes; Platt's targets keep the slope finite.
#[test]
fn platt_scaling_of_separated_classes() {
    let fitted = Sigmoid.fit(&[-1.0, -1.0, 1.0], &[N, N, P], None).unwrap();
    // Targets 1/4 and 2/3.
    let p = fitted.probability(&[-1.0, 1.0]).unwrap();
    assert!(near(p[0], 0.25) && near(p[1], 2.0 / 3.0), "{p:?}");
}

#[test]
fn one_score_has_the_mean_target() {
    let fitted = Sigmoid.fit(&[0.7; 4], &[P, N, N, N], None).unwrap();
    // (2/3 + 3 · 1/5) / 4.
    assert_eq!(fitted.slope(), 0.0);
    assert!(near(fitted.probability(&[5.0]).unwrap()[0], 19.0 / 60.0));
    let fitted = Isotonic.fit(&[0.7; 4], &[P, N, N, N], None).unwrap();
    assert_eq!(fitted.probability(&[-5.0, 5.0]), Ok(vec![0.25, 0.25]));
}

/// Means 1, 0 | 1 | 1, 0, 0 | 1 pool to 1/2, then 1 with what follows, and so on.
#[test]
fn pooling_of_adjacent_violators() {
    let scores = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    let fitted = Isotonic.fit(&scores, &[P, N, P, P, N, N, P], None).unwrap();
    // {1, 2}: 1/2; {3, 4, 5, 6}: 2/4 is no more, so that {1, …, 6}: 3/6; {7}: 1.
    assert_eq!(fitted.scores(), [1.0, 6.0, 7.0]);
    assert_eq!(fitted.probabilities(), [0.5, 0.5, 1.0]);
    // Of weight 1/2 the negative at 5: {3, 4, 5, 6} has 2/3.5.
    let weights = [1.0, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0];
    let fitted = Isotonic
        .fit(&scores, &[P, N, P, P, N, N, P], Some(&weights))
        .unwrap();
    assert_eq!(fitted.scores(), [1.0, 2.0, 3.0, 6.0, 7.0]);
    assert_eq!(fitted.probabilities()[2], 2.0 / 3.5);
    // Half way from 2 to 3.
    let p = fitted.probability(&[2.5]).unwrap()[0];
    assert!(near(p, (0.5 + 2.0 / 3.5) / 2.0));
}

#[test]
fn scores_so_far_apart_that_their_distance_overflows() {
    let fitted = Isotonic.fit(&[-1.5e308, 1.5e308], &[N, P], None).unwrap();
    assert_eq!(fitted.probability(&[0.0, 0.75e308]), Ok(vec![0.5, 0.75]));
    let nearest = Isotonic.fit(&[0.0, 5e-324], &[N, P], None).unwrap();
    assert_eq!(nearest.probability(&[0.0, 5e-324]), Ok(vec![0.0, 1.0]));
}

/// Bins {0.1, 0.3} with outcomes 0, 1 and {0.6, 0.8} with 1, 1.
#[test]
fn an_assessment_in_two_bins() {
    let found = Assessment::of(
        &[N, P, P, P],
        &[0.1, 0.3, 0.6, 0.8],
        None,
        Binning::EqualWidth(2),
    )
    .unwrap();
    let [low, high] = found.bins.as_slice() else {
        unreachable!("two bins")
    };
    assert!(near(low.mean, 0.2) && low.observed == 0.5 && low.n == 2);
    assert!(near(high.mean, 0.7) && high.observed == 1.0);
    // (0.01 + 0.49 + 0.16 + 0.04) / 4, ((0.3)² + (0.3)²) / 2, ((1/4)² + (1/4)²) / 2, 3/4 · 1/4.
    assert!(near(found.brier.value, 0.175));
    assert!(near(found.brier.reliability, 0.09));
    assert!(near(found.brier.resolution, 0.0625));
    assert!(near(found.brier.uncertainty, 0.1875));
    assert!(near(found.brier.within_bins, 0.175 - 0.215));
    assert!(near(found.ece, 0.3));
    assert!(near(found.brier.skill().unwrap(), 1.0 - 0.175 / 0.1875));
    // 0.1 is the only one below 0.3: a threshold separates.
    assert_eq!((found.slope, found.intercept), (None, None));
}

#[cfg(feature = "serde")]
#[test]
fn a_calibration_reads_back_bit_for_bit_and_a_changed_one_is_refused() {
    let scores = [0.1, 0.7, -0.3, 1.9, 2.2, -1.1];
    let y = [P, N, N, P, P, N];
    for kind in CalibratorKind::ALL {
        let fitted = kind.fit(&scores, &y, None).unwrap();
        assert_eq!(fitted.kind(), *kind);
        let text = serde_json::to_string(&fitted).unwrap();
        assert!(
            text.starts_with(&format!("{{\"method\":\"{kind}\"")),
            "{text}"
        );
        assert_eq!(
            serde_json::from_str::<CalibrationKind>(&text).unwrap(),
            fitted
        );
    }
    for (text, words) in [
        (
            r#"{"method":"sigmoid","slope":-1.0,"intercept":0.0}"#,
            "not below 0",
        ),
        (r#"{"method":"sigmoid","slope":1.0}"#, "intercept"),
        (
            r#"{"method":"sigmoid","slope":1.0,"intercept":0.0,"more":1}"#,
            "unknown field",
        ),
        (
            r#"{"method":"platt","slope":1.0,"intercept":0.0}"#,
            "unknown variant",
        ),
        (
            r#"{"method":"isotonic","scores":[],"probabilities":[]}"#,
            "are none",
        ),
        (
            r#"{"method":"isotonic","scores":[1.0],"probabilities":[0.1,0.2]}"#,
            "one probability per score",
        ),
        (
            r#"{"method":"isotonic","scores":[1.0,1.0],"probabilities":[0.1,0.2]}"#,
            "ascending",
        ),
        (
            r#"{"method":"isotonic","scores":[1.0,2.0],"probabilities":[0.2,0.1]}"#,
            "fall",
        ),
        (
            r#"{"method":"isotonic","scores":[1.0,2.0],"probabilities":[0.2,1.1]}"#,
            "[0, 1]",
        ),
    ] {
        let error = serde_json::from_str::<CalibrationKind>(text)
            .unwrap_err()
            .to_string();
        assert!(error.contains(words), "{error}");
    }
    assert!(SigmoidCalibration::new(f64::INFINITY, 0.0).is_err());
    assert!(SigmoidCalibration::new(1.0, f64::NAN).is_err());
    assert!(IsotonicCalibration::new(vec![0.0, f64::NAN], vec![0.1, 0.2]).is_err());
    assert!(IsotonicCalibration::new(vec![0.0, 1.0], vec![0.1, f64::NAN]).is_err());
}
