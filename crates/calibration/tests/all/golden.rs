//! Against scikit-learn and SciPy (golden/make.py).

use fuzzysvm_calibration::{
    Binning, Calibration, Calibrator, Isotonic, Sigmoid, brier_score, calibration_line,
    reliability_bins,
};
use fuzzysvm_core::Label;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Equal up to `tol` of 1 + the size.
fn assert_near(found: &[f64], expected: &[f64], tol: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (a, b) in found.iter().zip(expected) {
        assert!(
            (a - b).abs() <= tol * (1.0 + b.abs()),
            "{what}: {a}, expected {b}"
        );
    }
}

#[test]
fn calibrations_and_their_assessment_are_the_peers() {
    let peers: Value = serde_json::from_str(include_str!("../golden/peers.json")).unwrap();
    let cases = peers["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let of = |key: &str| numbers(&case[key]);
        let (scores, probe, p) = (of("scores"), of("probe"), of("probability"));
        let y: Vec<Label> = of("y").iter().map(|y| Label::from_sign(y - 0.5)).collect();
        let weights = case["weights"].as_array().map(|_| of("weights"));
        let weights = weights.as_deref();

        let sigmoid = Sigmoid.fit(&scores, &y, weights).unwrap();
        let found = [sigmoid.slope(), sigmoid.intercept()];
        assert_near(&found, &of("sigmoid"), 1e-9, name);
        // scikit-learn stops where the gradient is small, at 1e-6.
        let found = sigmoid.probability(&probe).unwrap();
        assert_near(&found, &of("sigmoid_scikit_learn"), 1e-4, name);
        let isotonic = Isotonic.fit(&scores, &y, weights).unwrap();
        let found = isotonic.probability(&probe).unwrap();
        assert_near(&found, &of("isotonic"), 1e-10, name);

        let brier = brier_score(&y, &p, weights, Binning::EqualWidth(10)).unwrap();
        assert_near(
            &[brier.value],
            &numbers(&Value::from(vec![case["brier"].clone()])),
            1e-13,
            name,
        );
        let line = calibration_line(&y, &p, weights).unwrap();
        assert_near(&[line.slope, line.intercept], &of("line"), 1e-8, name);
        for (key, binning) in [
            ("by_width", Binning::EqualWidth(10)),
            ("by_count", Binning::EqualCount(5)),
        ] {
            if case[key].is_null() {
                continue;
            }
            let bins = reliability_bins(&y, &p, weights, binning).unwrap();
            let (mean, observed): (Vec<f64>, Vec<f64>) =
                bins.iter().map(|b| (b.mean, b.observed)).unzip();
            assert_near(&mean, &numbers(&case[key][0]), 1e-12, name);
            assert_near(&observed, &numbers(&case[key][1]), 1e-12, name);
        }
    }
    let curves = |key: &str| cases.iter().filter(|case| !case[key].is_null()).count();
    assert_eq!((curves("by_width"), curves("by_count")), (3, 2));
}
