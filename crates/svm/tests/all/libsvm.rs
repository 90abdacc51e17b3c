//! LIBSVM's model text, out and in, and LIBSVM itself as the judge.

use crate::common::{Data, libsvm_kernels, overlapping};
use fuzzysvm_core::{Classifier, Label, Learner};
use fuzzysvm_kernels::Kernel;
use fuzzysvm_qp::Smo;
use fuzzysvm_svm::Svc;
use fuzzysvm_svm::model_file::from_libsvm;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

const LIBSVM: &str = "svm_type c_svc\nkernel_type rbf\ngamma 0.5\nnr_class 2\ntotal_sv 3\nrho 0.25\n\
                      label 1 -1\nnr_sv 2 1\nSV\n0.5 1:1 3:-2\n1 2:4\n-1.5 1:-1\n";

#[test]
fn the_order_of_the_labels_is_minded() {
    let plain = from_libsvm(LIBSVM, None).unwrap();
    assert_eq!(plain.model.n_support, [1, 2]);
    assert_eq!(plain.model.dual_coef, [0.5, 1.0, -1.5]);
    assert_eq!(plain.model.intercept, -0.25);
    assert_eq!(plain.model.support_vectors.row(0), [1.0, 0.0, -2.0]);
    // The same text with the labels the other way round says the opposite.
    let other = from_libsvm(&LIBSVM.replace("label 1 -1", "label -1 1"), Some(5)).unwrap();
    assert_eq!(other.model.n_support, [2, 1]);
    assert_eq!(other.model.dual_coef, [-0.5, -1.0, 1.5]);
    assert_eq!(other.model.intercept, 0.25);
    assert_eq!(other.model.n_features(), 5);
    let named = from_libsvm(&LIBSVM.replace("label 1 -1", "label 2 7"), None).unwrap();
    assert_eq!((named.labels, named.model.n_support), ([2, 7], [2, 1]));
    let probability = LIBSVM.replace("rho 0.25\n", "rho 0.25\nprobA -1.5\nprobB 0.1\n");
    assert_eq!(from_libsvm(&probability, None).unwrap(), plain);
    let windows = LIBSVM.replace('\n', "\r\n");
    assert_eq!(from_libsvm(&windows, None).unwrap(), plain);
}

#[test]
fn hostile_libsvm_models_are_refused_with_the_line() {
    let cases = [
        (
            "svm_type c_svc",
            "svm_type nu_svr",
            "line 1: `svm_type` is nu_svr: only c_svc can be read",
        ),
        (
            "kernel_type rbf",
            "kernel_type magic",
            "line 2: unknown kernel_type magic",
        ),
        ("gamma 0.5\n", "", "line 8: `gamma` is missing above `SV`"),
        (
            "gamma 0.5",
            "gamma nan",
            "line 3: `gamma` is NaN: must be finite",
        ),
        ("gamma 0.5", "gamma x", "line 3: `gamma` is no number: x"),
        (
            "gamma 0.5",
            "gamma 0.5\ngamma 1",
            "line 4: `gamma` stands here twice",
        ),
        (
            "nr_class 2",
            "nr_class 3",
            "line 4: `nr_class` is 3: only 2 can be read",
        ),
        (
            "total_sv 3",
            "total_sv 4294967295",
            "line 9: nr_sv 2 1 does not add up to total_sv 4294967295",
        ),
        (
            "total_sv 3",
            "total_sv -3",
            "line 5: `total_sv` is no number: -3",
        ),
        (
            "rho 0.25",
            "rho nan",
            "line 6: `rho` is NaN: must be finite",
        ),
        (
            "label 1 -1",
            "label 1",
            "line 7: `label` must be two numbers, found: 1",
        ),
        (
            "label 1 -1",
            "label 1 1",
            "line 9: the two labels are the same",
        ),
        (
            "nr_sv 2 1",
            "nr_sv 1 1",
            "line 9: nr_sv 1 1 does not add up to total_sv 3",
        ),
        (
            "nr_sv 2 1",
            "nr_sv 1 2",
            "line 11: the coefficient is 1: must be < 0",
        ),
        ("nr_sv 2 1\n", "", "line 8: `nr_sv` is missing above `SV`"),
        ("-1.5 1:-1\n", "", "line 12: 2 vectors, but total_sv is 3"),
        (
            "-1.5 1:-1\n",
            "-1.5 1:-1\n-1 1:1\n",
            "line 13: more than total_sv 3 vectors",
        ),
        (
            "0.5 1:1",
            "nan 1:1",
            "line 10: the coefficient is NaN: must be > 0",
        ),
        (
            "0.5 1:1",
            "0 1:1",
            "line 10: the coefficient is 0: must be > 0",
        ),
        (
            "0.5 1:1",
            "x 1:1",
            "line 10: the coefficient is no number: x",
        ),
        ("3:-2", "1:-2", "line 10: index 1 is not ascending from 1"),
        ("3:-2", "0:-2", "line 10: index 0 is not ascending from 1"),
        ("3:-2", "3:inf", "line 10: feature 3 is inf"),
        ("3:-2", "3", "line 10: not index:value: 3"),
        (
            "3:-2",
            "4000000000:1",
            "line 10: 3 vectors of 4000000000 features are too many",
        ),
        // Within the gibibyte, but a file of this size must not claim it.
        (
            "3:-2",
            "1000000:1",
            "line 10: 3 vectors of 1000000 features are too many",
        ),
        (
            "3:-2",
            "99999999999999999999:1",
            "line 10: not index:value: 99999999999999999999:1",
        ),
        ("SV\n", "", "line 9: unknown entry `0.5`"),
    ];
    for (find, replace, expected) in cases {
        assert!(LIBSVM.contains(find), "{find}");
        let error = from_libsvm(&LIBSVM.replacen(find, replace, 1), None).unwrap_err();
        assert_eq!(error.to_string(), expected, "{find} -> {replace}");
    }
    // Unless the caller says that there are so many.
    let wide = from_libsvm(&LIBSVM.replacen("3:-2", "1000000:1", 1), Some(1_000_000)).unwrap();
    assert_eq!(wide.model.support_vectors.n_cols(), 1_000_000);
    let few = from_libsvm(LIBSVM, Some(2)).unwrap_err();
    assert_eq!(
        few.to_string(),
        "line 10: feature 3, but there are 2 features"
    );
    assert_eq!(
        from_libsvm("", None).unwrap_err().to_string(),
        "line 1: the file ends before the line `SV`"
    );
    for end in 0..LIBSVM.len() - 1 {
        // Cut anywhere: never a panic. Cutting "-1" to "-" or "1:-1" to "1" is an error, too.
        let _ = from_libsvm(&LIBSVM[..end], None);
    }
    assert!(from_libsvm(&LIBSVM[..LIBSVM.len() - 3], None).is_err());
}

/// A model of our own as LIBSVM's text.
fn ours() -> String {
    let data = overlapping(40, 3, 4);
    let kernel = libsvm_kernels().into_iter().nth(1).unwrap();
    let svc = Svc {
        kernel,
        ..Svc::default()
    };
    let model = svc.fit(data.samples(), None).unwrap();
    model.to_libsvm().unwrap()
}

#[test]
fn every_edit_of_one_character_of_our_text_is_refused() {
    let text = ours();
    assert!(from_libsvm(&text, None).unwrap().checked);
    let windows = text.replace('\n', "\r\n") + "\r\n";
    assert!(from_libsvm(&windows, None).unwrap().checked);
    // Without the checksum many edits are another model.
    let (bare, _) = text.trim_end().rsplit_once('\n').unwrap();
    let read = from_libsvm(bare, None).unwrap();
    assert_eq!(read.model, from_libsvm(&text, None).unwrap().model);
    assert!(!read.checked);
    let mut taken = 0;
    for at in 0..text.trim_end().len() {
        let (before, after) = text.split_at(at);
        for edited in [
            format!("{before}{}", &after[1..]),
            format!("{before}7{after}"),
            format!("{before}7{}", &after[1..]),
            format!("{before}1{}", &after[1..]),
            format!("{before}-{}", &after[1..]),
            format!("{before}\n{after}"),
            format!("{before} {}", &after[1..]),
        ] {
            // One line feed more behind the last line is no edit of a line.
            if edited != text {
                assert!(from_libsvm(&edited, None).is_err(), "{edited}");
            }
            let end = edited.rfind("# checksum").unwrap_or(0);
            taken += usize::from(from_libsvm(&edited[..end], None).is_ok());
        }
    }
    assert!(taken > text.len() / 2, "{taken} of {}", text.len());
}

#[test]
fn the_checksum_is_fnv_1a_of_the_lines_above() {
    // By another program: FNV-1a, 64 bits, of LIBSVM.
    let with = format!("{LIBSVM}# checksum c9b1d3ff1b059787\n");
    assert!(from_libsvm(&with, None).unwrap().checked);
    assert!(!from_libsvm(LIBSVM, None).unwrap().checked);
    let error = from_libsvm(&with.replace("0.25", "0.26"), None).unwrap_err();
    let expected = "line 13: the checksum is c9b1d3ff1b059787, but the lines above have";
    assert!(error.to_string().contains(expected), "{error}");
    assert!(
        error.to_string().ends_with(": the file was changed"),
        "{error}"
    );
    // Cut off behind the last vector: a model of LIBSVM's, which nothing vouches for.
    assert!(
        !from_libsvm(with.split_once('#').unwrap().0, None)
            .unwrap()
            .checked
    );
}

/// A scratch folder of this test run.
fn scratch(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn libsvm_data(data: &Data) -> String {
    let mut text = String::new();
    for (row, label) in data.x.view().rows().zip(&data.y) {
        text.push(if label.is_positive() { '7' } else { '2' });
        for (i, v) in row.iter().enumerate() {
            write!(text, " {}:{v:e}", i + 1).unwrap();
        }
        text.push('\n');
    }
    text
}

/// What `svm-predict` says of our models, and what we say of those of `svm-train`.
#[test]
fn libsvm_itself_decides_alike_both_ways() {
    let present = |program| Command::new(program).output().is_ok();
    if !(present("svm-predict") && present("svm-train")) {
        eprintln!("skipped: svm-predict and svm-train are not installed");
        return;
    }
    let dir = scratch("libsvm");
    // Labels 2 and 7, the first row negative: svm-train then writes `label 2 7`.
    let mut data = overlapping(150, 3, 9);
    let order: Vec<usize> = (0..150).rev().collect();
    data.x = data.x.view().select_rows(&order);
    data.y.reverse();
    data.w.reverse();
    assert_eq!(data.y[0], Label::Negative);
    let input = dir.join("data");
    std::fs::write(&input, libsvm_data(&data)).unwrap();
    let predict = |model: &PathBuf| -> Vec<Label> {
        let output = dir.join("labels");
        let run = Command::new("svm-predict")
            .arg(&input)
            .arg(model)
            .arg(&output)
            .output()
            .unwrap();
        assert!(run.status.success());
        std::fs::read_to_string(output)
            .unwrap()
            .lines()
            .map(|l| match l {
                "1" | "7" => Label::Positive,
                "-1" | "2" => Label::Negative,
                other => panic!("{other}"),
            })
            .collect()
    };
    let solver = Smo {
        tol: 1e-6,
        ..Smo::default()
    };
    for (kernel, flags) in libsvm_kernels().into_iter().zip([
        "-t 0",
        "-t 2 -g 0.3",
        "-t 1 -d 2 -g 0.5 -r 1",
        "-t 3 -g 0.05 -r -0.1",
    ]) {
        let ours = Svc {
            kernel,
            solver: solver.clone(),
            ..Svc::default()
        }
        .fit(data.samples(), None)
        .unwrap();
        let path = dir.join("ours");
        std::fs::write(&path, ours.to_libsvm().unwrap()).unwrap();
        assert_eq!(
            predict(&path),
            ours.predict(data.x.view()).unwrap(),
            "{flags}"
        );

        let path = dir.join("theirs");
        let run = Command::new("svm-train")
            .args(flags.split(' '))
            .args(["-c", "1", "-e", "1e-6"])
            .arg(&input)
            .arg(&path)
            .output()
            .unwrap();
        assert!(run.status.success());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("label 2 7"));
        let theirs = from_libsvm(&text, Some(3)).unwrap();
        assert_eq!(theirs.labels, [2, 7]);
        let theirs = theirs.model;
        assert_eq!(
            predict(&path),
            theirs.predict(data.x.view()).unwrap(),
            "{flags}"
        );
        // svm-train writes γ with eight digits.
        approx::assert_relative_eq!(
            theirs.kernel.eval(&[1.0; 3], &[0.5; 3]),
            ours.kernel.eval(&[1.0; 3], &[0.5; 3]),
            max_relative = 1e-7
        );
        // Sigmoid kernels are not positive definite: two solvers may end in two places.
        if theirs.kernel.name() != "sigmoid" {
            let (a, b) = (
                ours.decision_function(data.x.view()).unwrap(),
                theirs.decision_function(data.x.view()).unwrap(),
            );
            for (a, b) in a.iter().zip(&b) {
                // Both to 1e-6; svm-train writes support vectors with eight digits.
                assert!((a - b).abs() < 1e-4, "{flags}: {a} {b}");
            }
        }
    }
}
