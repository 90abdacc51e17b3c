//! Memberships against an independent implementation on three KEEL sets.

use fuzzysvm_core::{Label, MatrixBuf, Samples};
use fuzzysvm_membership::{Angle, Efsvm, Iefsvm, Membership as _, MembershipKind, Strategy as _};
use std::{fs, path::Path};

/// A KEEL file of numeric columns and a last column `positive` or `negative`.
fn read_keel(path: &Path) -> (MatrixBuf, Vec<Label>) {
    let text = fs::read_to_string(path).unwrap();
    let (mut values, mut y, mut n_cols) = (Vec::new(), Vec::new(), 0);
    for line in text
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('@'))
    {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let (class, numbers) = cells.split_last().unwrap();
        values.extend(numbers.iter().map(|v| v.parse::<f64>().unwrap()));
        n_cols = numbers.len();
        y.push(match *class {
            "positive" => Label::Positive,
            "negative" => Label::Negative,
            other => panic!("class {other}"),
        });
    }
    (MatrixBuf::new(values, n_cols).unwrap(), y)
}

/// (x - mean)/population standard deviation per column; constant columns become 0.
fn standardised(x: &MatrixBuf) -> MatrixBuf {
    let (n, d) = (x.n_rows(), x.n_cols());
    let mut values = x.view().as_slice().to_vec();
    for c in 0..d {
        let column = || x.view().rows().map(move |r| r[c]);
        let mean = column().sum::<f64>() / n as f64;
        let sd = (column().map(|v| (v - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
        for v in values.iter_mut().skip(c).step_by(d) {
            *v = if sd > 0.0 { (*v - mean) / sd } else { 0.0 };
        }
    }
    MatrixBuf::new(values, d).unwrap()
}

fn strategy(name: &str) -> MembershipKind {
    match name {
        "efsvm k=7" => Efsvm {
            n_neighbors: 7,
            ..Efsvm::default()
        }
        .into(),
        "efsvm-binned k=7 m=10 beta=0.05" => "efsvm-binned".parse().unwrap(),
        "iefsvm mean-over-std" => "iefsvm".parse().unwrap(),
        "iefsvm std-over-mean" => Iefsvm {
            angle: Angle::StdOverMean,
            ..Iefsvm::default()
        }
        .into(),
        other => other.parse().unwrap(),
    }
}

#[test]
fn memberships_equal_the_independent_ones() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let Ok(golden) = fs::read_to_string(shared.join("oracle/golden.json")) else {
        eprintln!("skipped: ../shared is absent");
        return;
    };
    let golden: serde_json::Value = serde_json::from_str(&golden).unwrap();
    let mut compared = 0;
    for set in golden["sets"].as_array().unwrap() {
        let file = set["file"].as_str().unwrap();
        assert_eq!(set["scale"], "standard");
        let (x, y) = read_keel(&shared.join("data/keel").join(file));
        let x = standardised(&x);
        let train = Samples::new(x.view(), &y).unwrap();
        assert_eq!(set["n"], train.n_samples());
        assert_eq!(set["n_positive"], train.class_counts().positive);
        for (name, expected) in set["memberships"].as_object().unwrap() {
            let found = strategy(name).plain().unwrap().membership(train).unwrap();
            let expected: Vec<f64> = serde_json::from_value(expected.clone()).unwrap();
            assert_eq!(found.len(), expected.len());
            for (i, (f, e)) in found.iter().zip(&expected).enumerate() {
                assert!(
                    (f - e).abs() <= 1e-9,
                    "{file}, {name}, sample {i}: {f}, expected {e}"
                );
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 6 * (214 + 306 + 514));
}
