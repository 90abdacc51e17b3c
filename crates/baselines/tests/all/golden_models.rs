//! Model files of every version, written once and never again: they are read for ever, and score as they did.
#![cfg(feature = "serde")]

use fuzzysvm_baselines::{BaselineKind, BaselineModelFile};
use fuzzysvm_core::envelope::Description;
use fuzzysvm_core::{Classifier, MatrixBuf};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Golden {
    x: Vec<[f64; 2]>,
    models: BTreeMap<String, Values>,
}

#[derive(Deserialize)]
struct Values {
    decision_function: Vec<f64>,
    predict_proba: Option<Vec<f64>>,
}

fn golden(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    fs::read_to_string(path).unwrap()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Reads every file of a folder and compares its scores with those of the model that was written. The forest's file
/// has a description, the others have none.
fn read_all(folder: &str, of_forest: &Description) {
    let golden_values: Golden = serde_json::from_str(&golden("values.json")).unwrap();
    let x = MatrixBuf::new(golden_values.x.concat(), 2).unwrap();
    for name in BaselineKind::NAMES {
        assert!(golden_values.models.contains_key(*name), "{name}");
    }
    for (name, values) in golden_values.models {
        let file = BaselineModelFile::from_json(&golden(&format!("{folder}/{name}.json"))).unwrap();
        assert!(name.starts_with(file.model.name()));
        let decision = file.model.decision_function(x.view()).unwrap();
        assert_eq!(bits(&decision), bits(&values.decision_function), "{name}");
        let p = file.model.predict_proba(x.view()).unwrap();
        let expected = values.predict_proba.as_deref().map(bits);
        assert_eq!(p.as_deref().map(bits), expected, "{name}");
        let description = if name == "cs-rf" {
            of_forest
        } else {
            &Description::default()
        };
        assert_eq!(&file.description, description, "{name}");
        let again = BaselineModelFile::from_json(&file.to_json().unwrap()).unwrap();
        assert_eq!(again, file);
    }
}

fn of_schema_1() -> Description {
    Description {
        class_names: Some(["fully paid".into(), "charged off \"é\"".into()]),
        feature_names: Some(vec!["loan_amnt".into(), "dti".into()]),
        metadata: json!({
            "scaler": {"mean": [0.1, 2.5e-7], "scale": [1.0, 3.0000000000000004]},
            "columns": ["a", null, true, 7],
        }),
        ..Description::default()
    }
}

#[test]
fn files_of_schema_1() {
    read_all("schema-1", &of_schema_1());
}

#[test]
fn files_of_schema_2() {
    let description = Description {
        method: Some("cs-rf".into()),
        parameters: json!({"n_estimators": 3, "max_depth": "2"}),
        preprocessing: json!({"columns": ["loan_amnt", "dti"], "mean": [0.1, -1e-300]}),
        ..of_schema_1()
    };
    read_all("schema-2", &description);
}
