//! Metrics against scikit-learn and imbalanced-learn, statistics against SciPy and Demšar's worked example: the file was written by
//! benches/peers/metrics.py.
#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "golden/compute.rs"]
mod compute;

use compute::{furthest, metrics, statistics};

#[test]
fn values_are_those_of_the_peers() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("golden/peers.json")).unwrap();
    let of = |name: &str| golden[name].as_array().unwrap().clone();
    assert!(of("metrics").len() >= 15 && of("statistics").len() >= 20);
    for case in of("metrics") {
        let expected = case["expected"].as_object().unwrap();
        for (key, value) in metrics(&case).unwrap().as_object().unwrap() {
            let apart = furthest(value, &expected[key]);
            assert!(
                apart <= 1e-12,
                "{}, {key}: {value} for {}",
                case["name"],
                expected[key]
            );
        }
    }
    for case in of("statistics") {
        let found = statistics(&case).unwrap();
        for (key, value) in case["expected"].as_object().unwrap() {
            let tolerance = case["tolerance"].as_f64().unwrap();
            let apart = furthest(&found[key], value);
            assert!(
                apart <= tolerance,
                "{}, {key}: {} for {value}",
                case["name"],
                found[key]
            );
        }
    }
}

#[test]
fn a_difference_of_shape_is_infinite() {
    use serde_json::json;
    assert_eq!(furthest(&json!([1.0]), &json!([1.0, 2.0])), f64::INFINITY);
    assert_eq!(furthest(&json!(null), &json!(1.0)), f64::INFINITY);
    assert_eq!(furthest(&json!({}), &json!({"a": 1.0})), f64::INFINITY);
    assert_eq!(furthest(&json!({"a": [3.0]}), &json!({"a": [4.0]})), 0.25);
}
