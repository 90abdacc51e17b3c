//! CSV tables.

// Helpers count as production code to clippy.
use serde_json::Value;

use crate::cases::case;
use crate::common::{Bench, Run};

/// `evaluate` with class costs over five folds: balanced accuracy and ranking AUC.
fn evaluated(name: &str, flags: &str) -> Option<(f64, f64)> {
    let found = report(name, flags)?;
    Some((
        found["balanced_accuracy"].as_f64().unwrap(),
        found["roc_auc"].as_f64().unwrap(),
    ))
}

/// The line of JSON of the same.
fn report(name: &str, flags: &str) -> Option<Value> {
    let path = case(name)?;
    Some(Bench::new().json(&format!(
        "evaluate {} --method class-cost --resamples 10 {flags}",
        path.display()
    )))
}

/// The same with what is said, whether it ends well or not.
fn said(name: &str, flags: &str) -> Option<Run> {
    let path = case(name)?;
    Some(Bench::new().run(&format!(
        "evaluate {} --method class-cost --resamples 10 {flags}",
        path.display()
    )))
}

/// Files that hold the base table in another dress give its figures, and say what they must.
#[test]
fn the_base_table_in_every_dress() {
    let target = "--target class";
    let cases: [(&str, &str, &[&str]); 15] = [
        ("00_base", target, &[]),
        ("01_semicolon", target, &[]),
        ("02_tab", target, &[]),
        ("02_tab", "--target class --sep tab", &[]),
        (
            "04_semicolon_decimal_comma",
            target,
            &["read as numbers", "\"age\" (as \"36,8\")"],
        ),
        (
            "04_semicolon_decimal_comma",
            "--target class --sep ; --decimal ,",
            &[],
        ),
        ("04b_semicolon_one_comma_in_header", target, &[]),
        ("09_index_col", target, &["the first column", "left out"]),
        (
            "09d_index_sorted_by_class",
            target,
            &["the first column", "left out"],
        ),
        (
            "14_dollar",
            target,
            &["read as numbers", "\"amount\" (as \"$1100.0\")"],
        ),
        ("15_percent", target, &["read as numbers", "per cent"]),
        (
            "22_trailing_delim_all",
            "",
            &["left out, without any value: \"column_5\""],
        ),
        ("25_no_header", "--no-header", &[]),
        ("45.data", "--no-header", &[]),
        ("47_quoted_decimal_comma", target, &["read as numbers"]),
    ];
    for (name, flags, words) in cases {
        let file = match name.contains('.') {
            true => format!("tables/{name}"),
            false => format!("tables/{name}.csv"),
        };
        let Some((balanced, auc)) = evaluated(&file, flags) else {
            return;
        };
        assert!((balanced - 0.5625).abs() < 5e-5, "{name}: {balanced}");
        assert!((auc - 0.5920).abs() < 5e-5, "{name}: {auc}");
        let Some(run) = said(&file, flags) else {
            return;
        };
        for word in words {
            assert!(run.stderr.contains(word), "{name}: {}", run.stderr);
        }
        if words.is_empty() && !flags.contains("decimal") {
            assert_eq!(run.stderr, "", "{name}");
        }
    }
}

/// What is no table as it stands is refused, with the flag that makes it one.
#[test]
fn what_is_refused_names_the_remedy() {
    let target = "--target class";
    let cases: [(&str, &str, &[&str]); 8] = [
        ("16_dates", target, &["\"home\" of dates", "--drop home"]),
        ("18_unique_text", target, &["\"home\"", "--drop home"]),
        ("18b_1200_categories", target, &["\"home\"", "--drop home"]),
        ("40_id_column", target, &["\"loan_id\"", "--drop loan_id"]),
        (
            "25_no_header",
            "",
            &[":1:1: found the number 36.8", "--no-header", "--header"],
        ),
        (
            "26_three_classes",
            target,
            &["found 3 classes", "--positive"],
        ),
        (
            "10_missing_num_q",
            "--target class --missing refuse",
            &[
                ":6:1: ",
                "3 in column \"age\"",
                "--missing impute",
                "--drop age",
            ],
        ),
        (
            "00_base",
            "--drop id",
            &["no column \"id\"", "\"age\", \"amount\""],
        ),
    ];
    for (name, flags, words) in cases {
        let Some(run) = said(&format!("tables/{name}.csv"), flags) else {
            return;
        };
        assert_eq!(run.code, Some(1), "{name}");
        for word in words {
            assert!(run.stderr.contains(word), "{name}: {}", run.stderr);
        }
    }
    // The remedies help.
    for (name, flags) in [
        ("16_dates", "--target class --drop home"),
        ("18_unique_text", "--features age,amount"),
        ("40_id_column", "--target class --drop loan_id"),
        ("25_no_header", "--header"),
        ("48_text_60_categories_with_nan", ""),
        ("19b_all_empty_column", ""),
    ] {
        let Some(run) = said(&format!("tables/{name}.csv"), flags) else {
            return;
        };
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
    }
}

#[test]
fn one_class_against_the_rest() {
    let name = "tables/26_three_classes.csv";
    let Some(rest) = report(name, "--positive a") else {
        return;
    };
    assert_eq!(
        (&rest["n_positive"], &rest["n_negative"]),
        (&20.into(), &40.into())
    );
    let two = report(name, "--positive a --negative b").unwrap();
    assert_eq!(
        (&two["n_positive"], &two["n_negative"]),
        (&20.into(), &20.into())
    );
    let run = said(name, "--positive a --negative b").unwrap();
    assert!(run.stderr.contains("left out 20 rows"), "{}", run.stderr);
}

/// scikit-learn 1.9.1: `SimpleImputer(strategy="median", add_indicator=True)` of age and amount, one-hot home,
/// `StandardScaler`, `SVC(gamma=1/6, class_weight={bad: 1, good: 12/48}, tol=1e-10)`.
#[rustfmt::skip]
const IMPUTED: [f64; 60] = [
    0.999999974, -0.862897697, 1.062254917, -1.018556495, -0.794128136,
    -0.622134784, -0.877109200, -0.480730765, -0.271924318, 0.948227360,
    0.916719779, 0.740920458, -0.446043919, -0.349337067, -1.037491007,
    0.956118732, -0.960839974, -0.686010452, -0.411351073, -0.015267607,
    0.799783452, -0.674351219, -0.986604024, 1.145356966, -1.000000001,
    -0.107521791, 0.790454961, -0.635285810, -0.133702125, -0.999999941,
    0.254226084, -0.437404386, -0.170223580, -0.766355333, -0.555665658,
    1.000000005, 0.902828520, -0.080053506, -0.952530430, -0.885375526,
    -1.011004717, 0.705200666, -0.689387730, 0.485054758, -0.941685112,
    0.977420892, 0.389279128, 0.993304182, -1.010481622, -0.976071895,
    0.999999940, 0.893233639, 1.204904589, -0.965679820, -1.000000001,
    -0.217516155, -0.962021467, 1.115796220, -0.069476686, -0.687188010,
];

#[test]
fn missing_numbers_are_imputed_as_by_scikit_learn_whatever_their_mark() {
    for mark in ["NA", "blank", "nan", "q"] {
        let Some(path) = case(&format!("tables/10_missing_num_{mark}.csv")) else {
            return;
        };
        let bench = Bench::new();
        let path = path.display();
        let run = bench.ok(&format!(
            "train {path} --target class --method class-cost --tol 1e-10 --gamma 0.16666666666666666 --model m.json"
        ));
        let words = "filled 3 cells without a value: median and indicator in \"age\" 3";
        assert!(run.stderr.contains(words), "{}", run.stderr);
        let run = bench.ok(&format!("predict {path} --model m.json"));
        assert!(run.stderr.contains(words), "{}", run.stderr);
        let decisions: Vec<f64> = run.stdout.lines().skip(1).map(decision).collect();
        assert_eq!(decisions.len(), 60);
        for (found, expected) in decisions.iter().zip(IMPUTED) {
            assert!(
                (found - expected).abs() < 1e-5,
                "{mark}: {found}, {expected}"
            );
        }
    }
}

fn decision(line: &str) -> f64 {
    line.split(',').nth(1).unwrap().parse().unwrap()
}

#[test]
fn missing_texts_have_no_category_whatever_their_mark() {
    let mut found = Vec::new();
    for name in ["11_missing_cat_blank", "11b_missing_cat_mixed_marks"] {
        let Some(figures) = evaluated(&format!("tables/{name}.csv"), "--target class") else {
            return;
        };
        let run = said(&format!("tables/{name}.csv"), "--target class").unwrap();
        assert!(
            run.stderr.contains("no category in \"home\" 3"),
            "{}",
            run.stderr
        );
        found.push(figures);
    }
    assert_eq!(found[0], found[1]);
}

/// A model of complete rows scores rows with gaps, and says by what rule.
#[test]
fn rows_with_gaps_are_scored_by_a_model_without() {
    let bench = Bench::with_model();
    bench.put("gaps.csv", "a,b,kind\n0.5,NA,u\n,,?\n");
    let run = bench.ok("predict gaps.csv --model m.json");
    assert_eq!(run.stdout.lines().count(), 3);
    assert!(
        run.stderr.contains(
            "filled 4 cells without a value: median (training rows had none missing, so no indicator) in \"a\" 1, \
             \"b\" 2; no category in \"kind\" 1"
        ),
        "{}",
        run.stderr
    );
    bench.ok("train train.csv --model strict.json --missing refuse");
    let run = bench.run("predict gaps.csv --model strict.json");
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("gaps.csv:2:2: found no value"),
        "{}",
        run.stderr
    );
}

/// A loan file with a target is a table; what is no feature of it is named in one go.
#[test]
fn a_loan_file_with_a_target_is_a_table() {
    let Some(path) = case("loans/base.csv.gz") else {
        return;
    };
    let bench = Bench::new();
    let run = |flags: &str| {
        let mut command = bench.command(&format!("train {} --target loan_status", path.display()));
        command.args([
            "--positive",
            "Charged Off",
            "--method",
            "w-elm",
            "--model",
            "m.json",
        ]);
        let output = command.args(flags.split_whitespace()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), stderr)
    };
    let (code, stderr) = run("");
    assert_eq!(code, Some(1));
    // What is known only after a loan was made is no feature, nor are dates; the list is ready to be used.
    let list = stderr.split("--drop ").nth(1).unwrap();
    let list = list.split(", or ").next().unwrap().replace(['\n', ' '], "");
    for column in ["issue_d", "earliest_cr_line", "total_pymnt", "recoveries"] {
        assert!(list.split(',').any(|c| c == column), "{column}: {stderr}");
    }
    let (code, stderr) = run(&format!("--drop {list}"));
    assert_eq!(code, Some(0), "{stderr}");
    let usage = bench.run(&format!(
        "train {} --drop id --model n.json",
        path.display()
    ));
    assert_eq!(usage.code, Some(2));
    assert!(usage.stderr.contains("--target"), "{}", usage.stderr);
}
