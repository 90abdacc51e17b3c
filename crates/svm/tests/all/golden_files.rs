//! Model files as they were once written, read for ever: `golden/schema1` by the first format, `golden/schema2` by the
//! one after it. Never change them; a new schema gets a folder of its own.
#![cfg(feature = "serde")]

use fuzzysvm_core::envelope::Description;
use fuzzysvm_core::{Classifier, Matrix};
use fuzzysvm_kernels::KernelKind;
use fuzzysvm_svm::model_file::{ApproxModelFile, ModelFile};
use serde_json::{Value, json};

const ROWS: [f64; 12] = [
    0.25, -1.5, 0.0, 0.0, 1.125, 0.75, -2.0, 3.5, 0.1, 0.3, 40.0, -7.0,
];

/// Name, and text in each schema.
const EXACT: [(&str, [&str; 2]); 2] = [
    (
        "svc-rbf",
        [
            include_str!("../golden/schema1/svc-rbf.json"),
            include_str!("../golden/schema2/svc-rbf.json"),
        ],
    ),
    (
        "svc-precomputed",
        [
            include_str!("../golden/schema1/svc-precomputed.json"),
            include_str!("../golden/schema2/svc-precomputed.json"),
        ],
    ),
];
const APPROXIMATE: [(&str, [&str; 2]); 2] = [
    (
        "approx-nystrom",
        [
            include_str!("../golden/schema1/approx-nystrom.json"),
            include_str!("../golden/schema2/approx-nystrom.json"),
        ],
    ),
    (
        "approx-rff",
        [
            include_str!("../golden/schema1/approx-rff.json"),
            include_str!("../golden/schema2/approx-rff.json"),
        ],
    ),
];

/// Compares with `golden/decisions.json`, which has the shortest decimals that name the exact doubles.
fn decides_as_then(name: &str, model: &impl Classifier) {
    let golden: Value = serde_json::from_str(include_str!("../golden/decisions.json")).unwrap();
    let expected: Vec<f64> = serde_json::from_value(golden[name].clone()).unwrap();
    let rows = match name {
        "svc-precomputed" => Matrix::new(&[0.0, 1.0, 2.0], 1).unwrap(),
        _ => Matrix::new(&ROWS, 2).unwrap(),
    };
    let decisions = model.decision_function(rows).unwrap();
    assert_eq!(decisions.len(), expected.len());
    for (a, b) in decisions.iter().zip(&expected) {
        if same_arithmetic() {
            assert_eq!(a.to_bits(), b.to_bits(), "{name}: {a} now, {b} then");
        } else {
            approx::assert_relative_eq!(*a, *b, max_relative = 1e-12, epsilon = 1e-12);
        }
    }
}

/// Whether this machine computes as the one on which the files were written: fused multiply-add, and the cosine of the
/// same C library. Elsewhere the last digits may differ.
fn same_arithmetic() -> bool {
    #[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
    return std::arch::is_x86_feature_detected!("avx2")
        && std::arch::is_x86_feature_detected!("fma");
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")))]
    return false;
}

/// What stands beside the models that have names.
fn named(schema: usize) -> Description {
    let preprocessing = json!({"mean": [0.1, 2.5e-7], "scale": [1.0, 3.0]});
    let names = Description {
        class_names: Some(["fully paid".into(), "charged off \"late\" – é".into()]),
        feature_names: Some(vec!["amount".into(), "dti, %".into()]),
        ..Description::default()
    };
    match schema {
        1 => Description {
            metadata: json!({"method": "efsvm", "k": 7, "preprocessing": preprocessing}),
            ..names
        },
        _ => Description {
            method: Some("efsvm".into()),
            parameters: json!({"k": "7"}),
            preprocessing,
            metadata: json!({"n": 7, "x": [1e-300, -0.1]}),
            ..names
        },
    }
}

#[test]
fn exact_models_of_every_schema_decide_as_then() {
    for (name, texts) in EXACT {
        let files = texts.map(|text| {
            assert!(ModelFile::is_format_of(text) && !ApproxModelFile::is_format_of(text));
            ModelFile::from_json(text).unwrap()
        });
        assert_eq!(files[0].model, files[1].model, "{name}");
        for (i, file) in files.iter().enumerate() {
            decides_as_then(name, &file.model);
            let expected = match name {
                "svc-rbf" => named(i + 1),
                _ => Description::default(),
            };
            assert_eq!(file.description, expected, "{name}, schema {}", i + 1);
        }
        assert_eq!(files[1].to_json().unwrap(), texts[1].trim_end(), "{name}");
    }
    let file = ModelFile::from_json(EXACT[1].1[0]).unwrap();
    assert!(matches!(file.model.kernel, KernelKind::Precomputed(_)));
}

#[test]
fn approximate_models_of_every_schema_decide_as_then() {
    for (name, texts) in APPROXIMATE {
        let files = texts.map(|text| {
            assert!(ApproxModelFile::is_format_of(text) && !ModelFile::is_format_of(text));
            ApproxModelFile::from_json(text).unwrap()
        });
        assert_eq!(files[0].model, files[1].model, "{name}");
        for (i, file) in files.iter().enumerate() {
            decides_as_then(name, &file.model);
            let expected = match name {
                "approx-nystrom" => named(i + 1),
                _ => Description::default(),
            };
            assert_eq!(file.description, expected, "{name}, schema {}", i + 1);
        }
        assert_eq!(files[1].to_json().unwrap(), texts[1].trim_end(), "{name}");
    }
}
