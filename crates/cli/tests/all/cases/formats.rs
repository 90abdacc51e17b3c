//! ARFF, KEEL and LIBSVM files, and other formats.

// Helpers count as production code to clippy.
use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::cases::case;
use crate::common::Bench;

const EVALUATE: &str = "--method class-cost --resamples 10";

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn evaluated(bench: &Bench, file: &str, flags: &str) -> Value {
    let mut found = bench.json(&format!("evaluate {file} {EVALUATE} {flags}"));
    // What is warned of says how a file is written.
    found.as_object_mut().unwrap().remove("warnings");
    found
}

/// The decisions that `predict` writes.
fn decisions(bench: &Bench, data: &str, model: &str, flags: &str) -> Vec<f64> {
    let text = bench
        .ok(&format!("predict {data} --model {model} {flags}"))
        .stdout;
    let rows = text.lines().skip(1);
    rows.map(|row| row.split(',').nth(1).unwrap().parse().unwrap())
        .collect()
}

/// Each file is read as the plain file that says the same, with these flags.
#[test]
fn other_spellings_of_a_file_give_its_figures() {
    let sparse = |text: &str| -> String {
        let row = |line: &str| match line.strip_prefix('{') {
            None => line.to_owned(),
            Some(cells) => {
                let cells = cells.trim_end_matches('}').split(", ");
                let values: Vec<_> = cells.map(|c| c.split_once(' ').unwrap().1).collect();
                values.join(",")
            }
        };
        text.lines().map(|line| row(line) + "\n").collect()
    };
    let unescaped = |text: &str| text.replace(r"'\'", "").replace(r"\''", "");
    let from_one = |text: &str| text.replace(" 1:", " 2:").replace(" 0:", " 1:");
    let without_queries = |text: &str| text.replace("qid:0 ", "");
    type Rewrite<'a> = &'a dyn Fn(&str) -> String;
    let cases: [(&str, &str, Rewrite<'_>); 4] = [
        ("arff/a03_sparse.arff", "plain.arff", &sparse),
        ("arff/a09_escape.arff", "plain.arff", &unescaped),
        ("libsvm/l01_zero_based.svm", "plain.svm", &from_one),
        ("libsvm/l02_qid.svm", "plain.svm", &without_queries),
    ];
    for (name, plain, rewrite) in cases {
        let Some(path) = case(name) else { return };
        let bench = Bench::new();
        let text = text_of(&path);
        let rewritten = rewrite(&text);
        assert_ne!(text, rewritten, "{name}");
        bench.put(plain, rewritten);
        let found = evaluated(&bench, &path.display().to_string(), "");
        assert_eq!(found, evaluated(&bench, plain, ""), "{name}");
        assert_eq!(found["n_samples"], 48, "{name}");
    }
    let Some(path) = case("libsvm/l02_qid.svm") else {
        return;
    };
    let run = Bench::new().ok(&format!("evaluate {} {EVALUATE}", path.display()));
    let words = "48 rows of a ranking file: their queries (qid) are ignored";
    assert_eq!(run.stderr.matches(words).count(), 1, "{}", run.stderr);
}

#[test]
fn weights_of_an_arff_file_are_sample_weights() {
    let Some(path) = case("arff/a11_weight.arff") else {
        return;
    };
    let bench = Bench::new();
    let text = text_of(&path);
    let n = text.matches("{2}").count();
    // Weights that differ, so that equal results are no accident of one scale.
    let mut of_rows = (0..n).map(|i| [0.0, 0.5, 1.0, 2.0, 4.0][i % 5].to_string());
    let mut parts = text.split("{2}");
    let mut varied = parts.next().unwrap().to_owned();
    let mut weights = String::new();
    for part in parts {
        let weight = of_rows.next().unwrap();
        varied += &format!("{{{weight}}}{part}");
        weights += &format!("{weight}\n");
    }
    bench.put("varied.arff", varied);
    bench.put("plain.arff", text.replace(",{2}", ""));
    bench.put("w.txt", weights);
    bench.put("twos.txt", "2\n".repeat(n));
    let same = path.display().to_string();
    for (weighted, plain) in [("varied.arff", "w.txt"), (same.as_str(), "twos.txt")] {
        for method in ["uniform", "efsvm", "cs-rf"] {
            let train = |data: &str, model: &str| {
                bench.ok(&format!(
                    "train {data} --method {method} --model {model} --force"
                ))
            };
            train(weighted, "a.json");
            train(&format!("plain.arff --weights {plain}"), "b.json");
            let of = |model| decisions(&bench, "plain.arff", model, "");
            assert_eq!(of("a.json"), of("b.json"), "{weighted} {method}");
        }
    }
    // A weight is no feature and no class: scored rows need none.
    let of_plain = decisions(&bench, "plain.arff", "a.json", "");
    assert_eq!(decisions(&bench, "varied.arff", "a.json", ""), of_plain);
    // Folds and searches use them too.
    let differs = |command: &str| {
        let weighted = bench.json(&command.replace("DATA", "varied.arff"));
        let plain = bench.json(&command.replace("DATA", "plain.arff"));
        let without_time = |mut v: Value| {
            v.as_object_mut().unwrap().remove("seconds");
            v
        };
        without_time(weighted) != without_time(plain)
    };
    assert!(differs("evaluate DATA --method uniform --resamples 10"));
    assert!(differs("tune DATA --method uniform --c 1,10 --gamma 0.1,1"));
    let both = bench.run("train varied.arff --weights w.txt --model c.json");
    assert_eq!(both.code, Some(1));
    let words = "found --weights beside those of the file, expected one of them";
    assert!(both.stderr.contains(words), "{}", both.stderr);
}

/// scikit-learn 1.9.1 in the same folds, fitted on training rows: `SimpleImputer(strategy="median",
/// add_indicator=True)` of the numbers, one-hot nominal values of which `?` is none, `StandardScaler`,
/// `SVC(class_weight={positive: 1, negative: n_positive / n_negative}, tol=1e-10)`.
#[test]
fn missing_cells_are_filled_in_arff_as_in_tables() {
    let number = |column: &str| format!("median and indicator in {column:?} 1");
    let cases = [
        ("a04_missing_num.arff", 0.7500, 0.8032, number("a")),
        (
            "a05_missing_nominal.arff",
            0.8750,
            0.9352,
            "no category in \"h\" 1".to_owned(),
        ),
        ("a19_keel_null.dat", 0.7778, 0.8194, number("A")),
    ];
    for (name, balanced, auc, words) in cases {
        let Some(path) = case(&format!("arff/{name}")) else {
            return;
        };
        let args = format!("evaluate {} {EVALUATE} --folds 5 --json", path.display());
        let run = Bench::new().ok(&args);
        let found: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            (&found["n_positive"], &found["n_negative"]),
            (&12.into(), &36.into())
        );
        for (metric, expected) in [("balanced_accuracy", balanced), ("roc_auc", auc)] {
            let value = found[metric].as_f64().unwrap();
            assert!((value - expected).abs() < 5e-5, "{name}: {metric} {value}");
        }
        let warning = format!(
            "warning: {}: filled 1 cell without a value: {words}\n",
            path.display()
        );
        assert_eq!(run.stderr, warning, "{name}");
    }
}

#[test]
fn what_arff_has_and_is_not_read_is_named() {
    let Some(path) = case("arff/a07_date.arff") else {
        return;
    };
    let run = Bench::new().run(&format!("evaluate {} {EVALUATE}", path.display()));
    assert_eq!(run.code, Some(1));
    let words = "a07_date.arff:2: found the date attribute \"d\", expected numbers or nominal values: dates are \
                 not supported, --drop the column";
    assert!(run.stderr.contains(words), "{}", run.stderr);
}

/// Decisions as of `svm-predict`, which takes an index that training did not have for one that was 0 there.
#[test]
fn a_file_wider_than_the_training_file() {
    let (Some(train), Some(test)) = (
        case("libsvm/narrow_train.libsvm"),
        case("libsvm/narrow_test.libsvm"),
    ) else {
        return;
    };
    let (train, test) = (train.display(), test.display().to_string());
    let bench = Bench::new();
    let fit = format!("train {train} --method uniform --c 1 --gamma 0.5 --scale none --tol 1e-9");
    bench.ok(&format!("{fit} --n-features 4 --model wide.json"));
    bench.ok(&format!("{fit} --model narrow.json"));
    bench.ok("convert narrow.json --to json --n-features 4 --output widened.json");
    bench.ok("convert narrow.json --to libsvm --output narrow.model");
    bench.ok("convert narrow.model --to json --n-features 4 --output of_libsvm.json");
    for (model, flags) in [
        ("wide.json", ""),
        ("narrow.json", "--n-features 4"),
        ("narrow.model", "--n-features 4"),
        ("widened.json", ""),
        ("of_libsvm.json", ""),
    ] {
        let found = decisions(&bench, &test, model, flags);
        // LIBSVM's decisions: exp(-1/2), and -1 where the kernel of every other vector cancels.
        for (found, expected) in found.iter().zip([0.606_530_66, -1.0]) {
            assert!((found - expected).abs() < 1e-6, "{model}: {found}");
        }
    }
    let run = bench.run(&format!("predict {test} --model narrow.json"));
    assert_eq!(run.code, Some(1));
    let words = "narrow_test.libsvm:1:7: found index 4, expected at most 3, the features of the training data; \
                 give --n-features 4";
    assert!(run.stderr.contains(words), "{}", run.stderr);
    let metrics = bench.json(&format!(
        "evaluate {test} --model narrow.json --n-features 4"
    ));
    assert_eq!(metrics["accuracy"], 1.0);
    for (command, words) in [
        (
            format!("{fit} --n-features 2 --model x.json"),
            "expected --n-features of at least 3, not 2",
        ),
        (
            format!("predict {test} --model narrow.json --n-features 2"),
            "found --n-features 2, expected 3 to",
        ),
        (
            format!("{fit} --zero-based maybe --model x.json"),
            "auto, yes, no",
        ),
    ] {
        let run = bench.run(&command);
        assert!(run.stderr.contains(words), "{command}: {}", run.stderr);
    }
}

#[test]
fn a_zero_based_model_reads_files_as_it_was_trained() {
    let Some(path) = case("libsvm/l01_zero_based.svm") else {
        return;
    };
    let bench = Bench::new();
    let file = path.display();
    bench.ok(&format!("train {file} --method uniform --model zero.json"));
    // No index 0 here: what follows the label is feature 1 of a file that counts from 0.
    bench.put("a.svm", "1 1:0.5\n-1 1:-0.5\n");
    bench.put("b.svm", "1 0:0 1:0.5\n-1 0:0 1:-0.5\n");
    let of = |data, flags| decisions(&bench, data, "zero.json", flags);
    assert_eq!(of("a.svm", ""), of("b.svm", ""));
    bench.put("c.svm", "1 2:0.5\n-1 2:-0.5\n");
    assert_eq!(of("c.svm", "--zero-based no"), of("b.svm", ""));
}

/// Names that say nothing, UTF-16, standard input: the figures are those of the plain file.
#[test]
fn a_table_by_any_name() {
    let Some(base) = case("tables/00_base.csv") else {
        return;
    };
    let bench = Bench::new();
    let base = base.display().to_string();
    let flags = "--target class";
    let expected = evaluated(&bench, &base, flags);
    for (name, format) in [
        ("tables/07_utf16.csv", ""),
        ("tables/43_noext", ""),
        ("tables/43_noext", "--format csv"),
    ] {
        let file = case(name).unwrap().display().to_string();
        let found = evaluated(&bench, &file, &format!("{flags} {format}"));
        assert_eq!(found, expected, "{name}");
    }
    let piped = |args: &str, path: &str| {
        let mut command = bench.command(args);
        command.stdin(Stdio::from(File::open(path).unwrap()));
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{args}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    };
    for format in ["", "--format csv"] {
        let args = format!("evaluate - --json {EVALUATE} {flags} {format}");
        let found: Value = serde_json::from_str(&piped(&args, &base)).unwrap();
        assert_eq!(found, expected);
    }
    bench.ok(&format!("train {base} {flags} --model a.json"));
    piped(&format!("train - {flags} --model b.json"), &base);
    assert_eq!(bench.get("a.json"), bench.get("b.json"));
    let scores = bench.ok(&format!("predict {base} --model a.json")).stdout;
    assert_eq!(piped("predict - --model a.json", &base), scores);
    let of_model = bench.json(&format!("evaluate {base} --model a.json --resamples 10"));
    let args = "evaluate - --model a.json --resamples 10 --json";
    assert_eq!(
        serde_json::from_str::<Value>(&piped(args, &base)).unwrap(),
        of_model
    );
    let memberships = bench.ok(&format!("membership {base} {flags}")).stdout;
    assert_eq!(piped(&format!("membership - {flags}"), &base), memberships);
    piped(
        &format!("tune - {flags} --method uniform --c 1 --gamma 1"),
        &base,
    );
    // ARFF and LIBSVM by their content.
    for name in ["arff/a03_sparse.arff", "libsvm/l01_zero_based.svm"] {
        let file = case(name).unwrap().display().to_string();
        let found = piped(&format!("evaluate - --json {EVALUATE}"), &file);
        let found: Value = serde_json::from_str(&found).unwrap();
        assert_eq!(found, evaluated(&bench, &file, ""), "{name}");
    }
}

#[test]
fn what_is_no_table_is_named() {
    let bench = Bench::new();
    for (bytes, words) in [
        (
            &b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml"[..],
            "found an Excel workbook (.xlsx), expected a text table",
        ),
        (
            b"PK\x03\x04..loans.csv",
            "found a ZIP archive, expected a table (unpack it first",
        ),
        (b"\x28\xb5\x2f\xfd", "found a zstd archive"),
        (b"BZh91AY&SY", "found a bzip2 archive"),
        (b"PAR1....PAR1", "damaged or unsupported Parquet data"),
    ] {
        for name in ["a.csv", "a", "a.data"] {
            bench.put(name, bytes);
            let run = bench.run(&format!("evaluate {name} {EVALUATE}"));
            assert_eq!(run.code, Some(1));
            assert!(run.stderr.contains(words), "{}", run.stderr);
        }
    }
}

/// A Parquet file of pandas is the CSV that pandas wrote of the same frame.
#[test]
fn parquet() {
    let bench = Bench::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/tests/parquet");
    let flags = "--method uniform --resamples 10 --folds 3";
    let of = |name: &str| bench.json(&format!("evaluate {folder}/{name} {flags}"));
    assert_eq!(of("types.parquet"), of("types.csv"));
    bench.ok(&format!("train {folder}/types.csv --model m.json"));
    let scored = |name: &str| decisions(&bench, &format!("{folder}/{name}"), "m.json", "");
    assert_eq!(scored("types.parquet"), scored("types.csv"));
    let run = bench.run(&format!("evaluate {folder}/dates.parquet {flags}"));
    let words = "found dates in column \"seen\", expected numbers, texts or booleans: such columns are not \
                 supported, --drop it";
    assert!(run.stderr.contains(words), "{}", run.stderr);
}
