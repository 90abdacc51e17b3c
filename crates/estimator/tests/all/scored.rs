//! Rows scored a batch at a time: the decision values, warnings and errors of all rows at once.

use std::fmt::Write as _;
use std::path::Path;

use fuzzysvm_calibration::Calibration as _;
use fuzzysvm_datasets::Input;
use fuzzysvm_datasets::table::{ReadOptions, TargetUse};
use fuzzysvm_estimator::method::of_samples;
use fuzzysvm_estimator::{
    ApproxSpec, CalibrationSpec, Data, DataOptions, Estimator, EstimatorError, FittedEstimator,
    KernelName, KernelSpec, ScoredBatch, ScoredRows, SvmSpec,
};
use tempfile::TempDir;

use crate::common::{bits, on_threads};

/// Rows of four numbers, a text and a long note; numbers are missing, and behind the first row there are new categories.
fn table(n: usize, first: usize) -> String {
    let mut text = "a,b,home,c,d,note,y\n".to_owned();
    let note = "words ".repeat(20);
    for i in first..first + n {
        let bad = i % 5 == 0;
        let wave = |f: f64| (i as f64 * f).sin() + if bad { 0.7 } else { 0.0 };
        let home = ["own", "rent", "\"a, b\"", "flat"][if first > 0 { i % 4 } else { i % 3 }];
        let b = match i % 11 {
            3 => String::new(),
            _ => wave(2.3).to_string(),
        };
        let y = if bad { "p" } else { "n" };
        writeln!(
            text,
            "{},{b},{home},{:.4},{},{note},{y}",
            wave(1.1),
            wave(0.7),
            wave(3.1) * 1e3
        )
        .unwrap();
    }
    text
}

type Scores = (Vec<u64>, Option<Vec<u64>>, Option<Vec<String>>);

/// All batches one behind the other.
fn scores(
    fitted: &FittedEstimator,
    path: &Path,
    name: Option<&str>,
) -> Result<(Scores, ScoredRows, usize), EstimatorError> {
    let (mut decisions, mut names, mut n_batches) = (Vec::new(), Vec::new(), 0);
    let mut probabilities = Vec::new();
    let rows = fitted.score_batches(
        Input::open(path)?,
        &ReadOptions::default(),
        name,
        |batch: ScoredBatch| batch,
        |first, batch| {
            assert_eq!(first, decisions.len());
            n_batches += 1;
            decisions.extend(bits(&batch.decisions));
            probabilities.extend(bits(&batch.probabilities.unwrap_or_default()));
            names.extend(batch.names.unwrap_or_default());
            Ok::<(), EstimatorError>(())
        },
    )?;
    let probabilities = fitted.calibration().map(|_| probabilities);
    Ok((
        (decisions, probabilities, name.map(|_| names)),
        rows,
        n_batches,
    ))
}

#[test]
fn batches_of_every_method_have_the_decision_values_of_all_rows_at_once() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("train.csv"), table(150, 0)).unwrap();
    std::fs::write(path("new.csv"), table(8000, 7)).unwrap();
    let data = Data::read(path("train.csv"), &DataOptions::default()).unwrap();
    let mut estimators: Vec<Estimator> = of_samples()
        .map(|method| Estimator::named(method.name).unwrap())
        .collect();
    for (name, approx) in [
        (KernelName::Linear, None),
        (KernelName::Polynomial, None),
        (KernelName::Laplacian, None),
        (
            KernelName::Rbf,
            Some(ApproxSpec {
                components: 40,
                ..ApproxSpec::default()
            }),
        ),
    ] {
        let kernel = KernelSpec {
            name,
            ..KernelSpec::default()
        };
        let svm = SvmSpec {
            kernel,
            approx,
            ..SvmSpec::default()
        };
        estimators.push(Estimator::named("svm").unwrap().with_svm(svm));
    }
    let calibrated = Estimator::named("svm").unwrap();
    estimators.push(calibrated.with_calibration(Some(CalibrationSpec::default())));
    let mut n_calibrated = 0;
    for estimator in estimators {
        let fitted = estimator.fit(&data, None).unwrap();
        let rows = fitted.read(path("new.csv")).unwrap();
        let decisions = fitted.decision_function(rows.x.view()).unwrap();
        let of = |c: &fuzzysvm_calibration::CalibrationKind| c.probability(&decisions).unwrap();
        let probabilities = fitted.calibration().map(|c| bits(&of(c)));
        n_calibrated += usize::from(probabilities.is_some());
        let expected = (bits(&decisions), probabilities, None);
        for threads in [1, 3] {
            let scored = on_threads(threads, || scores(&fitted, &path("new.csv"), None));
            let (found, said, n_batches) = scored.unwrap();
            assert!(found == expected, "{:?}", fitted.method());
            assert_eq!((said.rows, said.warnings), (8000, rows.warnings.clone()));
            assert!(n_batches > 2, "{n_batches}");
        }
    }
    assert_eq!(n_calibrated, 1);
}

#[test]
fn names_stand_beside_their_rows_in_every_format() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut train = "home,a,b,c,d,y\n".to_owned();
    for i in 0..20 {
        let (home, y) = (["own", "rent"][i % 2], ["p", "n", "n"][i % 3]);
        let b = ["", "1", "2"][i % 3 % 2 + i % 2];
        writeln!(train, "{home},{},{b},{},{},{y}", i % 7, i % 5, i * 3).unwrap();
    }
    std::fs::write(path("train.csv"), train).unwrap();
    let data = Data::read(path("train.csv"), &DataOptions::default()).unwrap();
    let fitted = Estimator::named("svm").unwrap().fit(&data, None).unwrap();
    let arff = "@relation t\n@attribute home {own,rent}\n@attribute a real\n@attribute b real\n\
                @attribute c real\n@attribute d real\n@data\nown,1,2,3,4\nrent,1,?,3,4\n";
    std::fs::write(path("new.arff"), arff).unwrap();
    let csv = "home,a,b,c,d\nown,1,2,3,4\nrent,1,?,3,4\n";
    std::fs::write(path("new.csv"), csv).unwrap();
    let (of_csv, said, _) = scores(&fitted, &path("new.csv"), Some("home")).unwrap();
    assert_eq!(of_csv.2.clone().unwrap(), ["own", "rent"]);
    let (of_arff, same, _) = scores(&fitted, &path("new.arff"), Some("home")).unwrap();
    assert_eq!((of_arff, same), (of_csv, said));
}

#[test]
fn the_first_fault_of_the_first_step_is_reported() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(
        path("train.csv"),
        "a,b,y\n1,1e-300,p\n2,3e-300,n\n4,2e-300,n\n5,1e-300,n\n",
    )
    .unwrap();
    let data = Data::read(path("train.csv"), &DataOptions::default()).unwrap();
    let kernel = KernelSpec {
        name: KernelName::Polynomial,
        degree: 9,
        ..KernelSpec::default()
    };
    let svm = SvmSpec {
        kernel,
        ..SvmSpec::default()
    };
    let fitted = Estimator::named("svm")
        .unwrap()
        .with_svm(svm)
        .fit(&data, None)
        .unwrap();
    // Row 1000 has no finite decision value, row 40,000 no scaled feature, and the last one no number.
    let mut rows = vec!["3,2e-300".to_owned(); 60_000];
    rows[1000] = "1e250,2e-300".to_owned();
    let mut words = Vec::new();
    for (at, row) in [(1000, "1e250,2e-300"), (40_000, "3,1e300"), (59_999, "3,x")] {
        row.clone_into(&mut rows[at]);
        std::fs::write(path("new.csv"), format!("a,b\n{}\n", rows.join("\n"))).unwrap();
        let file = path("new.csv");
        let at_once = || {
            let rows = fitted.read_as(&file, TargetUse::Ignored, &ReadOptions::default())?;
            Ok(fitted.decision_function(rows.x.view())?)
        };
        let expected: Result<_, EstimatorError> = at_once();
        let found = scores(&fitted, &file, None).unwrap_err().to_string();
        let expected = expected.unwrap_err().to_string();
        assert!(found.ends_with(&expected), "{found}, expected {expected}");
        assert!(found.starts_with(&file.display().to_string()), "{found}");
        words.push(expected);
    }
    assert!(words[0].contains("of row 1000 is"), "{words:?}");
    assert!(words[1].contains("feature 2 too large"), "{words:?}");
    assert!(words[2].contains(":60001:2: found \"x\""), "{words:?}");
}
