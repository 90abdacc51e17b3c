//! Files of approximate models: exact, checked, and hostile ones refused.
#![cfg(feature = "serde")]

use crate::common::{overlapping, read_resealed};
use fuzzysvm_core::envelope::{Description, EnvelopeError};
use fuzzysvm_core::{Classifier, Learner, Matrix, laws};
use fuzzysvm_kernels::Rbf;
use fuzzysvm_svm::approx::{ApproxModel, ApproxSvc, Approximation};
use fuzzysvm_svm::model_file::{ApproxModelFile, ModelFile};
use rand::{RngExt, SeedableRng};

fn file(approximation: Approximation) -> ApproxModelFile {
    let data = overlapping(30, 2, 1);
    let svc = ApproxSvc {
        approximation,
        kernel: Rbf { gamma: 0.7 }.into(),
        components: 5,
        ..ApproxSvc::default()
    };
    ApproxModelFile {
        model: svc.fit(data.samples(), Some(&data.w)).unwrap(),
        description: Description {
            class_names: Some(["paid".into(), "charged off".into()]),
            feature_names: Some(vec!["amount".into(), "dti".into()]),
            metadata: serde_json::json!({"scaler": {"mean": [0.1, 2.5e-7]}}),
            ..Description::default()
        },
    }
}

/// Texts of both maps in both schemas.
fn texts() -> Vec<String> {
    let schema_1 = [
        include_str!("../golden/schema1/approx-nystrom.json"),
        include_str!("../golden/schema1/approx-rff.json"),
    ];
    let schema_2 = MAPS.map(|map| file(map()).to_json().unwrap());
    let schema_1 = schema_1.map(|text| text.trim_end().to_owned());
    schema_2.into_iter().chain(schema_1).collect()
}

const MAPS: [fn() -> Approximation; 2] = [Approximation::default, || Approximation::Fourier];

#[test]
fn a_model_read_back_decides_alike_bit_for_bit() {
    let probe = overlapping(50, 2, 9);
    for map in MAPS {
        let file = file(map());
        let text = file.to_json().unwrap();
        assert!(ApproxModelFile::is_format_of(&text));
        let back = ApproxModelFile::from_json(&text).unwrap();
        assert_eq!(back, file);
        assert_eq!(
            back.model.decision_function(probe.x.view()),
            file.model.decision_function(probe.x.view())
        );
        let alone = ApproxModel::from_json(&file.model.to_json().unwrap()).unwrap();
        assert_eq!(alone, file.model);
        // An exact model's reader says what it is.
        let error = ModelFile::from_json(&text).unwrap_err();
        let other_kind = EnvelopeError::OtherKind {
            expected: "svc",
            found: "approx-svc".into(),
        };
        assert_eq!(error, other_kind.into());
    }
}

#[test]
fn every_truncation_and_every_changed_letter_is_noticed() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    for text in texts() {
        let file = ApproxModelFile::from_json(&text).unwrap();
        for at in 0..text.len() {
            if text.is_char_boundary(at) {
                assert!(
                    ApproxModelFile::from_json(&text[..at]).is_err(),
                    "cut at {at}"
                );
            }
            let mut bytes = text.clone().into_bytes();
            let old = bytes[at];
            bytes[at] = rng.random_range(b'!'..=b'~');
            if bytes[at] == old {
                continue;
            }
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            if let Ok(read) = ApproxModelFile::from_json(&changed) {
                // The same number written otherwise (1.0e3 and 1.0E3).
                assert_eq!(read, file, "changed at {at}");
            }
        }
    }
}

#[test]
fn changed_bytes_behind_a_right_checksum_never_panic() {
    let (mut models, mut refused) = (0, 0);
    let rows = vec![0.25; 2 * 64];
    for text in texts() {
        for (i, changed) in laws::changed_at_every_byte(&text).enumerate() {
            let Ok(read) = read_resealed(&changed, ApproxModelFile::from_json) else {
                refused += 1;
                continue;
            };
            models += 1;
            let width = read.model.n_features();
            let x = Matrix::new(&rows[..2 * width], width).unwrap();
            assert_eq!(read.model.decision_function(x).unwrap().len(), 2);
            let again = ApproxModelFile::from_json(&read.to_json().unwrap());
            assert_eq!(again.as_ref(), Ok(&read), "change {i}");
        }
    }
    // Both are met often: numbers change, structure breaks.
    assert!(models > 1000 && refused > 1000, "{models} {refused}");
}

#[test]
fn what_does_not_hold_together_is_not_written() {
    type Edit = fn(&mut ApproxModelFile);
    let cases: [(Edit, &str); 6] = [
        (|f| f.model.coef[1] = f64::NAN, "`coef` [1] is NaN"),
        (|f| f.model.coef.clear(), "`coef` has no entries"),
        (|f| f.model.coef.push(1.0), "`landmarks` has 10 values"),
        (|f| f.model.intercept = f64::INFINITY, "`intercept` is inf"),
        (
            |f| f.description.feature_names = Some(vec![]),
            "`feature_names` has 0",
        ),
        (
            |f| f.description.class_names = Some(["a".into(), "a".into()]),
            "`class_names` are both",
        ),
    ];
    for (edit, words) in cases {
        let mut file = file(Approximation::default());
        edit(&mut file);
        let error = file.to_json().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let text = file(Approximation::default()).to_json().unwrap();
    let other = text.replace("\"schema\":2", "\"schema\":3");
    let error = ApproxModelFile::from_json(&other).unwrap_err();
    assert_eq!(error, EnvelopeError::OtherSchema { found: 3 }.into());
}
