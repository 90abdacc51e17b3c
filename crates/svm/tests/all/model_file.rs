//! Model files: exact, checked, and hostile ones refused.
#![cfg(feature = "serde")]

use crate::common::{Data, libsvm_kernels, overlapping, read_resealed};
use fuzzysvm_core::envelope::{Description, EnvelopeError};
use fuzzysvm_core::{Classifier, Label, Learner, Matrix, MatrixBuf, Samples};
use fuzzysvm_kernels::{KernelKind, Laplacian, Precomputed, Rbf};
use fuzzysvm_qp::Status;
use fuzzysvm_svm::model_file::{ApproxModelFile, ModelFile, ModelFileError, from_libsvm};
use fuzzysvm_svm::{Svc, SvcModel};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};

fn kernels() -> Vec<KernelKind> {
    let mut kernels = libsvm_kernels();
    kernels.push(Laplacian { gamma: 0.2 }.into());
    kernels
}

fn fitted(kernel: KernelKind, data: &Data) -> SvcModel<KernelKind> {
    Svc {
        c: 3.0,
        kernel,
        ..Svc::default()
    }
    .fit(data.samples(), Some(&data.w))
    .unwrap()
}

fn small() -> ModelFile {
    let data = overlapping(12, 2, 1);
    ModelFile {
        model: fitted(Rbf { gamma: 0.7 }.into(), &data),
        description: Description {
            method: Some("efsvm".into()),
            parameters: serde_json::json!({"k": "7"}),
            class_names: Some(["paid".into(), "charged off".into()]),
            feature_names: Some(vec!["amount".into(), "dti".into()]),
            preprocessing: serde_json::json!({"mean": [0.1, 2.5e-7], "sd": [1.0, 3.0]}),
            metadata: serde_json::json!({"n": 7}),
        },
    }
}

/// A file of the schema before this one.
const SCHEMA_1: &str = include_str!("../golden/schema1/svc-rbf.json");

/// A text of either schema.
fn texts() -> [String; 2] {
    [small().to_json().unwrap(), SCHEMA_1.trim_end().to_owned()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn a_model_read_back_decides_alike_bit_for_bit(seed in 0u64..1000, kernel in 0usize..5) {
        let data = overlapping(40, 3, seed);
        let model = fitted(kernels()[kernel].clone(), &data);
        let expected = model.decision_function(data.x.view()).unwrap();
        let back = SvcModel::from_json(&model.to_json().unwrap()).unwrap();
        prop_assert_eq!(&back, &model);
        prop_assert_eq!(back.decision_function(data.x.view()).unwrap(), expected.clone());
        if kernel < 4 {
            let imported = from_libsvm(&model.to_libsvm().unwrap(), None).unwrap();
            prop_assert_eq!(imported.labels, [-1, 1]);
            prop_assert_eq!(imported.model.n_support, model.n_support);
            prop_assert_eq!(imported.model.info.status, Status::Imported);
            // Support vectors are regrouped by class, so sums are taken in another order.
            let decision = imported.model.decision_function(data.x.view()).unwrap();
            for (a, b) in decision.iter().zip(&expected) {
                approx::assert_relative_eq!(*a, *b, max_relative = 1e-12, epsilon = 1e-12);
            }
        }
    }
}

#[test]
fn everything_beside_the_model_travels_with_it() {
    let file = small();
    let back = ModelFile::from_json(&file.to_json().unwrap()).unwrap();
    assert_eq!(back, file);
    // White space is free.
    let value: serde_json::Value = serde_json::from_str(&file.to_json().unwrap()).unwrap();
    let text = file
        .to_json()
        .unwrap()
        .replace("\"model\":{", "\"model\": {\n  ");
    assert_eq!(ModelFile::from_json(&text).unwrap(), file);
    assert_eq!(value["format"], "fuzzysvm-model");
    assert_eq!(value["schema"], 2);
    assert_eq!(value["kind"], "svc");
    // A precomputed kernel brings its Gram matrix along.
    let gram = MatrixBuf::new(vec![2.0, -1.0, -1.0, 2.0], 2).unwrap();
    let x = Matrix::new(&[0.0, 1.0], 1).unwrap();
    let y = [Label::Negative, Label::Positive];
    let kernel = KernelKind::from(Precomputed::new(gram).unwrap());
    let svc = Svc {
        kernel,
        ..Svc::default()
    };
    let model = svc.fit(Samples::new(x, &y).unwrap(), None).unwrap();
    let back = SvcModel::from_json(&model.to_json().unwrap()).unwrap();
    assert_eq!(back.decision_function(x), model.decision_function(x));
    let text = model.to_libsvm().unwrap();
    assert!(
        text.contains(" 0:2\n") && text.contains(" 0:1\n# checksum "),
        "{text}"
    );
    assert!(matches!(
        from_libsvm(&text, None),
        Err(ModelFileError::NotRepresentable { .. })
    ));
}

#[test]
fn every_truncation_is_refused() {
    for text in texts() {
        for end in 0..text.len() {
            if text.is_char_boundary(end) {
                assert!(ModelFile::from_json(&text[..end]).is_err(), "cut at {end}");
            }
        }
    }
}

#[test]
fn every_changed_digit_and_letter_is_noticed() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    for text in texts() {
        let file = ModelFile::from_json(&text).unwrap();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = match bytes[at] {
                d @ b'0'..=b'9' => b'0' + (d - b'0' + rng.random_range(1..10)) % 10,
                c => c ^ 1,
            };
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            if let Ok(read) = ModelFile::from_json(&changed) {
                // The last digits of a number can be beyond what a double holds: the same model then.
                assert_eq!(read, file, "change at {at}");
            }
        }
    }
}

/// Sets a field and gives the file a length and a checksum that fit, as a careful forger would.
fn forged(
    text: &str,
    path: &[&str],
    value: serde_json::Value,
) -> Result<ModelFile, ModelFileError> {
    let mut json: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut at = &mut json;
    for key in path {
        at = &mut at[*key];
    }
    *at = value;
    read_resealed(&json.to_string(), ModelFile::from_json)
}

#[test]
fn forged_files_are_refused_by_their_invariants() {
    for text in texts() {
        refuses_forgeries(&text);
    }
}

fn refuses_forgeries(text: &str) {
    use serde_json::json;
    let schema_1 = text == SCHEMA_1.trim_end();
    let forged = |path: &[&str], value| forged(text, path, value);
    let field = |path: &[&str], value| match forged(path, value) {
        Err(ModelFileError::Invalid { field, .. }) => field,
        Err(ModelFileError::Envelope(EnvelopeError::Invalid { field, .. })) => field,
        other => panic!("{path:?}: {other:?}"),
    };
    assert_eq!(field(&["model", "n_features"], json!(0)), "n_features");
    assert_eq!(field(&["model", "n_features"], json!(3)), "support_vectors");
    assert_eq!(
        field(&["model", "n_features"], json!(u64::MAX)),
        "support_vectors"
    );
    assert_eq!(field(&["model", "n_samples"], json!(1)), "support");
    assert_eq!(field(&["model", "n_samples"], json!(u64::MAX)), "n_samples");
    assert_eq!(field(&["model", "n_support"], json!([1, 1])), "n_support");
    assert_eq!(
        field(&["model", "n_support"], json!([u64::MAX, 1])),
        "n_support"
    );
    assert_eq!(field(&["model", "support"], json!([])), "support");
    assert_eq!(field(&["model", "dual_coef"], json!([1.0])), "support");
    assert_eq!(
        field(&["model", "support_vectors"], json!([1.0, 2.0, 3.0])),
        "support_vectors"
    );
    let names = if schema_1 { "model" } else { "description" };
    assert_eq!(
        field(&[names, "class_names"], json!(["a", "a"])),
        "class_names"
    );
    assert_eq!(
        field(&[names, "feature_names"], json!(["a"])),
        "feature_names"
    );
    assert_eq!(field(&["model", "kernel", "gamma"], json!(-1.0)), "kernel");
    let json_error = |path: &[&str], value| {
        let error = forged(path, value);
        assert!(
            matches!(
                error,
                Err(ModelFileError::Envelope(EnvelopeError::Json { .. }))
            ),
            "{path:?}: {error:?}"
        );
    };
    json_error(&["model", "intercept"], json!(null));
    json_error(&["model", "intercept"], json!("NaN"));
    json_error(&["model", "unknown"], json!(1));
    json_error(&["unknown"], json!(1));
    json_error(&["model"], json!(null));
    json_error(&["schema"], json!(-1));
    if schema_1 {
        json_error(&["kind"], json!("svc"));
    } else {
        // The content of one schema under the number of the other.
        json_error(&["schema"], json!(1));
        json_error(&["description"], json!(null));
        json_error(&["description", "unknown"], json!(1));
        assert_eq!(
            forged(&["kind"], json!("approx-svc")),
            Err(EnvelopeError::OtherKind {
                expected: "svc",
                found: "approx-svc".into()
            }
            .into())
        );
    }
    assert_eq!(
        forged(&["schema"], json!(3)),
        Err(EnvelopeError::OtherSchema { found: 3 }.into())
    );
    assert!(matches!(
        forged(&["format"], json!("x")),
        Err(ModelFileError::Envelope(EnvelopeError::NotAModel { .. }))
    ));
    assert!(matches!(
        forged(&["model", "kernel", "kernel"], json!("quantum")),
        Err(ModelFileError::UnknownKernel { name, .. }) if name == "quantum"
    ));
    // A number too large for a double.
    let text = text.replacen("\"intercept\":", "\"intercept\":1e999,\"x\":", 1);
    assert!(ModelFile::from_json(&text).is_err());
}

#[test]
fn what_is_no_model_file_is_refused_as_such() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "{\"format\":1}",
        "\u{feff}{}",
        "1e999",
    ] {
        assert!(
            matches!(
                ModelFile::from_json(text),
                Err(ModelFileError::Envelope(EnvelopeError::Json { .. }))
            ),
            "{text}"
        );
        assert!(!ModelFile::is_format_of(text), "{text}");
    }
    for text in texts() {
        assert!(ModelFile::is_format_of(&text));
        let later = text.replacen("\"schema\":", "\"schema\":1", 1);
        assert!(ModelFile::is_format_of(&later), "whatever its schema");
        assert!(!ModelFile::is_format_of(&text[..text.len() - 1]));
        let error = ApproxModelFile::from_json(&text).unwrap_err();
        assert!(!ApproxModelFile::is_format_of(&text));
        assert_eq!(
            error.to_string(),
            "the model is of kind \"svc\", not \"approx-svc\""
        );
    }
}

#[test]
fn a_model_that_does_not_hold_together_is_not_written() {
    let mut file = small();
    file.model.dual_coef.pop();
    assert!(matches!(
        file.to_json(),
        Err(ModelFileError::Invalid {
            field: "support",
            ..
        })
    ));
    let mut file = small();
    file.model.intercept = f64::NAN;
    assert!(matches!(
        file.to_json(),
        Err(ModelFileError::Invalid {
            field: "intercept",
            ..
        })
    ));
    let laplacian = fitted(Laplacian { gamma: 1.0 }.into(), &overlapping(12, 2, 1));
    assert_eq!(
        laplacian.to_libsvm(),
        Err(ModelFileError::NotRepresentable {
            kernel: "laplacian"
        })
    );
}
