//! Models in files: there and back bit for bit, and nothing of a file is trusted.
#![cfg(feature = "serde")]

use crate::common::overlapping;
use fuzzysvm_baselines::{
    BaselineKind, BaselineModel, BaselineModelFile, ClassWeight, CsAdaBoost, RusBoost,
    RusBoostAlgorithm,
};
use fuzzysvm_core::envelope::{Description, EnvelopeError};
use fuzzysvm_core::{Classifier, Learner, Matrix, Parameters, laws};

fn models() -> Vec<BaselineModel> {
    let data = overlapping(90, 4, 5);
    let mut kinds = BaselineKind::all();
    for algorithm in [RusBoostAlgorithm::M2, RusBoostAlgorithm::Samme] {
        kinds.push(
            RusBoost {
                algorithm,
                ..RusBoost::default()
            }
            .into(),
        );
    }
    let weights: Vec<f64> = (0..90).map(|i| 0.1 + f64::from(i % 7) / 3.0).collect();
    kinds
        .iter()
        .map(|k| k.fit(data.samples(), Some(&weights)).unwrap())
        .collect()
}

#[test]
fn a_model_comes_back_bit_for_bit() {
    let probe = overlapping(300, 4, 6);
    for model in models() {
        let text = model.to_json().unwrap();
        assert!(!text.contains('\n'));
        let back = BaselineModel::from_json(&text).unwrap();
        assert_eq!(back, model);
        assert_eq!(back.name(), model.name());
        let bits = |m: &BaselineModel| -> Vec<u64> {
            let f = m.decision_function(probe.view()).unwrap();
            f.into_iter().map(f64::to_bits).collect()
        };
        assert_eq!(bits(&back), bits(&model), "{}", model.name());
        assert_eq!(back.to_json().unwrap(), text);
    }
}

#[test]
fn cut_and_edited_files_are_refused() {
    for model in models() {
        let text = model.to_json().unwrap();
        for k in (0..text.len()).step_by(1 + text.len() / 60) {
            assert!(BaselineModel::from_json(&text[..k]).is_err());
        }
        // A digit changed anywhere, the checksum's own included.
        let digits: Vec<usize> = text
            .char_indices()
            .filter(|(_, c)| c.is_ascii_digit())
            .map(|(i, _)| i)
            .collect();
        for &i in digits.iter().step_by(1 + digits.len() / 60) {
            let digit = if &text[i..=i] == "3" { "4" } else { "3" };
            let edited = format!("{}{digit}{}", &text[..i], &text[i + 1..]);
            let read = BaselineModel::from_json(&edited);
            // Beyond the seventeenth digit a change need not change the number.
            assert!(read.is_err() || read.unwrap() == model);
        }
    }
}

fn schema_1_forest() -> String {
    include_str!("../golden/schema-1/cs-rf.json").to_owned()
}

#[test]
fn other_formats_and_versions_are_named() {
    let text = models()[0].to_json().unwrap();
    let other = text.replace("fuzzysvm-model", "fuzzysvm-report");
    assert_eq!(
        BaselineModel::from_json(&other),
        Err(EnvelopeError::NotAModel {
            found: "fuzzysvm-report".into()
        })
    );
    let other = text.replace("\"kind\":\"baseline\"", "\"kind\":\"svc\"");
    assert_eq!(
        BaselineModel::from_json(&other),
        Err(EnvelopeError::OtherKind {
            expected: "baseline",
            found: "svc".into()
        })
    );
    let (one, two) = (schema_1_forest(), text.clone());
    for (text, schema) in [(one, "\"schema\":1"), (two, "\"schema\":2")] {
        let other = text.replace(schema, "\"schema\":3");
        assert_eq!(
            BaselineModel::from_json(&other),
            Err(EnvelopeError::OtherSchema { found: 3 })
        );
    }
    // A byte shorter, then of the same length.
    let edited = text.replace("\"confidence_rated\":false", "\"confidence_rated\":true");
    assert!(matches!(
        BaselineModel::from_json(&edited),
        Err(EnvelopeError::Length { .. })
    ));
    let edited = text.replace("\"n_features\":4", "\"n_features\":5");
    assert!(matches!(
        BaselineModel::from_json(&edited),
        Err(EnvelopeError::Checksum { .. })
    ));
    let edited = schema_1_forest().replace("1.1875", "1.1876");
    assert!(matches!(
        BaselineModel::from_json(&edited),
        Err(EnvelopeError::Checksum { .. })
    ));
}

/// Small ones, so that every byte can be tried.
fn small_models() -> Vec<BaselineModel> {
    let data = overlapping(40, 2, 5);
    let small = |kind: BaselineKind| {
        let few = [
            ("n_estimators", "2"),
            ("n_subsets", "2"),
            ("n_hidden", "4"),
            ("max_depth", "2"),
        ];
        few.iter().fold(kind, |mut kind, (name, value)| {
            if kind.get_param(name).is_some() {
                kind.set_param(name, value).unwrap();
            }
            kind
        })
    };
    let kinds = BaselineKind::all().into_iter().map(small);
    kinds
        .map(|k| k.fit(data.samples(), None).unwrap())
        .collect()
}

/// Reads a text after setting its length and its checksum right.
fn read_repaired(text: &str) -> Result<BaselineModelFile, EnvelopeError> {
    let mut text = text.to_owned();
    for _ in 0..2 {
        text = match BaselineModelFile::from_json(&text) {
            Err(EnvelopeError::Length { found, computed }) => text.replacen(
                &format!("\"length\":{found}"),
                &format!("\"length\":{computed}"),
                1,
            ),
            Err(EnvelopeError::Checksum { found, computed }) if !found.is_empty() => {
                text.replacen(&found, &computed, 1)
            }
            other => return other,
        };
    }
    BaselineModelFile::from_json(&text)
}

#[test]
fn changed_bytes_behind_a_right_checksum_never_panic() {
    let (mut models, mut refused) = (0, 0);
    let rows = vec![0.25; 2 * 64];
    let described = |model: BaselineModel| {
        let description = Description {
            class_names: Some(["paid".into(), "charged off".into()]),
            metadata: serde_json::json!({"n": [1, 2.5]}),
            ..Description::default()
        };
        BaselineModelFile { model, description }.to_json().unwrap()
    };
    let texts = small_models().into_iter().map(described);
    for text in texts.chain([schema_1_forest()]) {
        for (i, changed) in laws::changed_at_every_byte(&text).enumerate() {
            let Ok(read) = read_repaired(&changed) else {
                refused += 1;
                continue;
            };
            models += 1;
            let width = read.model.n_features();
            if width <= 64 {
                let x = Matrix::new(&rows[..2 * width], width).unwrap();
                assert_eq!(read.model.decision_function(x).unwrap().len(), 2);
                read.model.predict_proba(x).unwrap();
            }
            let again = BaselineModelFile::from_json(&read.to_json().unwrap());
            assert_eq!(again.as_ref(), Ok(&read), "change {i}");
        }
    }
    // Both are met often: numbers change, structure breaks.
    assert!(models > 1000 && refused > 1000, "{models} {refused}");
}

#[test]
fn what_belongs_to_a_model_travels_with_it() {
    let model = small_models().remove(1);
    let description = Description {
        class_names: Some(["paid".into(), "charged off".into()]),
        feature_names: Some(vec!["amount".into(), "dti".into()]),
        metadata: serde_json::json!({"scaler": {"mean": [0.1, 2.5e-7]}}),
        ..Description::default()
    };
    let file = BaselineModelFile {
        description: description.clone(),
        model: model.clone(),
    };
    let text = file.to_json().unwrap();
    assert!(BaselineModelFile::is_format_of(&text));
    assert!(!BaselineModelFile::is_format_of(&text[..text.len() - 1]));
    assert_eq!(BaselineModelFile::from_json(&text).as_ref(), Ok(&file));
    assert_eq!(BaselineModel::from_json(&text).as_ref(), Ok(&model));
    assert!(BaselineModelFile::is_format_of(&schema_1_forest()));
    assert!(!BaselineModelFile::is_format_of(
        &text.replace("\"kind\":\"baseline\"", "\"kind\":\"svc\"")
    ));
    let alone = BaselineModelFile::from(model.clone());
    assert_eq!(alone.to_json(), model.to_json());
    for (from, to) in [("paid", "sold"), ("dti", "age"), ("0.1", "0.2")] {
        let read = BaselineModelFile::from_json(&text.replacen(from, to, 1));
        assert!(
            matches!(read, Err(EnvelopeError::Checksum { .. })),
            "{read:?}"
        );
    }
    let twice = Some(["a".into(), "a".into()]);
    for (bad, words) in [
        (
            Description {
                class_names: twice,
                ..description.clone()
            },
            "`class_names` are both \"a\"",
        ),
        (
            Description {
                feature_names: Some(vec!["a".into()]),
                ..description
            },
            "`feature_names` has 1 names for 2 features",
        ),
    ] {
        let bad = BaselineModelFile {
            description: bad,
            model: model.clone(),
        };
        assert_eq!(bad.to_json().unwrap_err().to_string(), words);
    }
    // Names that do not fit are noticed in a file that is otherwise right.
    let e = read_repaired(&text.replacen("charged off", "paid", 1)).unwrap_err();
    assert_eq!(e.to_string(), "`class_names` are both \"paid\"");
    let e = read_repaired(&schema_1_forest().replacen("\"dti\"", "\"dti\",\"age\"", 1));
    assert_eq!(
        e.unwrap_err().to_string(),
        "`feature_names` has 3 names for 2 features"
    );
}

/// Bodies that hold no model, whatever the checksum says.
#[test]
fn models_that_do_not_hold_together_are_refused() {
    let one = |model: &str| {
        format!(r#"{{"format":"fuzzysvm-baseline","schema":1,"checksum":"0","model":{model}}}"#)
    };
    let two = |model: &str| {
        let description = serde_json::to_string(&Description::default()).unwrap();
        format!(
            r#"{{"format":"fuzzysvm-model","schema":2,"kind":"baseline","length":0,"checksum":"0","description":{description},"model":{model}}}"#
        )
    };
    let leaf = r#"{"feature":[0],"left":[0],"number":[0.5]}"#;
    let split = r#"{"feature":[3,0,0],"left":[1,0,0],"number":[0.5,0.0,1.0]}"#;
    for bad in [
        r#"{"baseline":"nonsense","content":{}}"#.to_owned(),
        format!(r#"{{"baseline":"cs-rf","content":{{"n_features":0,"trees":[{leaf}]}}}}"#),
        r#"{"baseline":"cs-rf","content":{"n_features":1,"trees":[]}}"#.to_owned(),
        format!(r#"{{"baseline":"cs-rf","content":{{"n_features":3,"trees":[{split}]}}}}"#),
        r#"{"baseline":"cs-rf","content":{"n_features":3,"trees":[{"feature":[3],"left":[0],"number":[0.5]}]}}"#.to_owned(),
        format!(r#"{{"baseline":"cs-xgboost","content":{{"n_features":3,"trees":[{split}]}}}}"#),
        format!(
            r#"{{"baseline":"rusboost","content":{{"n_features":1,"confidence_rated":true,"alpha":[],"trees":[{leaf}]}}}}"#
        ),
        format!(
            r#"{{"baseline":"rusboost","content":{{"n_features":1,"confidence_rated":true,"alpha":[-1.0],"trees":[{leaf}]}}}}"#
        ),
        r#"{"baseline":"easy-ensemble","content":{"n_features":1,"combine":"votes","members":[]}}"#.to_owned(),
        r#"{"baseline":"w-elm","content":{"n_features":2,"a":[1.0],"b":[1.0],"beta":[1.0]}}"#.to_owned(),
        r#"{"baseline":"w-elm","content":{"n_features":18446744073709551615,"a":[],"b":[1.0,1.0],"beta":[1.0,1.0]}}"#.to_owned(),
    ] {
        for text in [one(&bad), two(&bad)] {
            let e = BaselineModel::from_json(&text);
            assert!(matches!(e, Err(EnvelopeError::Json { .. })), "{bad}: {e:?}");
        }
    }
    // The frame of these bodies is right.
    let ok = format!(r#"{{"baseline":"cs-rf","content":{{"n_features":4,"trees":[{split}]}}}}"#);
    let e = BaselineModel::from_json(&one(&ok));
    assert!(matches!(e, Err(EnvelopeError::Checksum { .. })), "{e:?}");
    let e = BaselineModel::from_json(&two(&ok));
    assert!(matches!(e, Err(EnvelopeError::Length { .. })), "{e:?}");
}

#[test]
fn learners_are_settings_with_defaults() {
    for kind in BaselineKind::all() {
        let text = serde_json::to_string(&kind).unwrap();
        assert_eq!(serde_json::from_str::<BaselineKind>(&text).unwrap(), kind);
        let bare = format!("{{\"baseline\":\"{kind}\"}}");
        assert_eq!(serde_json::from_str::<BaselineKind>(&bare).unwrap(), kind);
        let wrong = format!("{{\"baseline\":\"{kind}\",\"nonsense\":1}}");
        assert!(serde_json::from_str::<BaselineKind>(&wrong).is_err());
        assert_eq!(kind.to_string().parse::<BaselineKind>().unwrap(), kind);
    }
    let text = r#"{"baseline":"cs-adaboost","n_estimators":7,"class_weight":{"given":{"negative":1.0,"positive":3.0}},
                   "tree":{"max_depth":2,"max_features":{"number":3}}}"#;
    let kind: BaselineKind = serde_json::from_str(text).unwrap();
    let BaselineKind::CsAdaBoost(CsAdaBoost { class_weight, .. }) = kind else {
        panic!("{kind}");
    };
    let given = ClassWeight::Given {
        negative: 1.0,
        positive: 3.0,
    };
    assert_eq!(class_weight, given);
}
