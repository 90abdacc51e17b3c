//! Weighted fits against an independent implementation (values in `oracle/golden.json`).

use fuzzysvm_core::{Classifier, Label, MatrixBuf, Samples};
use fuzzysvm_qp::{Smo, Status};
use fuzzysvm_svm::Svc;
use serde_json::Value;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

/// Numbers and the class of a KEEL file: header lines begin with `@`.
fn keel(text: &str) -> (Vec<f64>, Vec<Label>, usize) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for line in text
        .lines()
        .filter(|l| !l.starts_with('@') && !l.trim().is_empty())
    {
        let mut cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let class = cells.pop().unwrap();
        y.push(if class == "positive" {
            Label::Positive
        } else {
            Label::Negative
        });
        x.extend(cells.iter().map(|c| c.parse::<f64>().unwrap()));
    }
    let d = x.len() / y.len();
    (x, y, d)
}

/// (x − mean) / population standard deviation; constant columns become 0.
fn standardised(mut x: Vec<f64>, d: usize) -> MatrixBuf {
    let n = (x.len() / d) as f64;
    for col in 0..d {
        let mean = x.iter().skip(col).step_by(d).sum::<f64>() / n;
        let square = |v: &f64| (v - mean) * (v - mean);
        let sd = (x.iter().skip(col).step_by(d).map(square).sum::<f64>() / n).sqrt();
        for v in x.iter_mut().skip(col).step_by(d) {
            *v = if sd > 0.0 { (*v - mean) / sd } else { 0.0 };
        }
    }
    MatrixBuf::new(x, d).unwrap()
}

fn close(what: &str, ours: f64, theirs: f64, tol: f64) {
    assert!(
        (ours - theirs).abs() <= tol,
        "{what}: {ours} here, {theirs} there"
    );
}

#[test]
fn weighted_fits_agree_with_the_oracle() {
    let Ok(text) = std::fs::read_to_string(format!("{SHARED}/oracle/golden.json")) else {
        eprintln!("skipped: ../shared is absent");
        return;
    };
    let golden: Value = serde_json::from_str(&text).unwrap();
    let number = |v: &Value| v.as_f64().unwrap();
    let mut fits = 0;
    for set in golden["sets"].as_array().unwrap() {
        let file = set["file"].as_str().unwrap();
        let data = std::fs::read_to_string(format!("{SHARED}/data/keel/{file}")).unwrap();
        let (x, y, d) = keel(&data);
        assert_eq!(y.len() as u64, set["n"].as_u64().unwrap());
        let x = standardised(x, d);
        let train = Samples::new(x.view(), &y).unwrap();
        for fit in set["fits"].as_array().unwrap() {
            let name = fit["membership"].as_str().unwrap();
            let weights: Vec<f64> = set["memberships"][name]
                .as_array()
                .unwrap()
                .iter()
                .map(number)
                .collect();
            let solver = Smo {
                tol: 1e-8,
                ..Smo::default()
            };
            let svc = Svc {
                solver,
                ..Svc::rbf(number(&fit["c"]), number(&fit["gamma"]))
            };
            let model = svc.fit_warm(train, Some(&weights), None).unwrap();
            let label = format!("{file} {name} C={}", svc.c);
            assert_eq!(model.info.status, Status::Converged, "{label}");
            let objective = number(&fit["objective"]);
            close(
                &label,
                model.info.objective,
                objective,
                1e-6 * objective.abs(),
            );
            // Every one of these fits has free support vectors, so the intercept is unique.
            let free = model.support.iter().zip(&model.dual_coef);
            assert!(
                free.into_iter().any(|(&i, a)| a.abs() < svc.c * weights[i]),
                "{label}"
            );
            close(&label, model.intercept, number(&fit["intercept"]), 1e-5);
            let decision = model.decision_function(x.view()).unwrap();
            let expected = fit["decision_first_10"].as_array().unwrap();
            assert_eq!(expected.len(), 10);
            for (ours, theirs) in decision.iter().zip(expected) {
                close(&label, *ours, number(theirs), 1e-5);
            }
            fits += 1;
        }
    }
    assert_eq!(fits, 18);
}
