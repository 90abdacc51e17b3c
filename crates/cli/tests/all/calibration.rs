//! Probabilities through the binary: train, predict, evaluate, convert, and what is refused.

use crate::common::{Bench, csv, keys, real_loans};
use serde_json::Value;

/// The columns of a CSV by their names.
fn column(table: &str, name: &str) -> Vec<String> {
    let mut lines = table
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let at = lines
        .next()
        .unwrap()
        .iter()
        .position(|head| head == name)
        .unwrap();
    lines.map(|cells| cells[at].clone()).collect()
}

fn numbers(table: &str, name: &str) -> Vec<f64> {
    column(table, name)
        .iter()
        .map(|cell| cell.parse().unwrap())
        .collect()
}

/// Probabilities lie in (0, 1) or at its ends and rise with the decision.
fn assert_calibrated(table: &str) {
    let mut pairs: Vec<(f64, f64)> = numbers(table, "decision")
        .into_iter()
        .zip(numbers(table, "probability"))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(
        pairs.iter().all(|(_, p)| (0.0..=1.0).contains(p)),
        "{pairs:?}"
    );
    assert!(pairs.windows(2).all(|w| w[0].1 <= w[1].1), "{pairs:?}");
    assert!(pairs[0].1 < pairs[pairs.len() - 1].1);
}

#[test]
fn a_calibrated_model_predicts_probabilities_and_the_same_decisions() {
    let bench = Bench::new();
    bench.put("train.csv", csv(120, 5));
    bench.put("new.csv", csv(45, 4));
    for method in [
        "iefsvm",
        "class-cost --approx nystrom --components 20",
        "cs-rf --param n_estimators=8",
    ] {
        bench.ok(&format!(
            "train train.csv --method {method} --model plain.json --force"
        ));
        bench.ok("predict new.csv --model plain.json --output plain.csv --force");
        let plain = bench.get("plain.csv");
        assert!(plain.starts_with("row,decision,label\n"));
        for how in ["sigmoid", "isotonic"] {
            let summary = bench.json(&format!(
                "train train.csv --method {method} --calibrate {how} --model m.json --force"
            ));
            let calibration = &summary["calibration"];
            assert_eq!(calibration["method"], how);
            assert_eq!(calibration["folds"], 5);
            if how == "sigmoid" {
                assert!(
                    calibration["slope"].as_f64().unwrap() > 0.0,
                    "{calibration}"
                );
                assert!(calibration["intercept"].is_number());
            } else {
                assert!(calibration["points"].as_u64().unwrap() > 1);
            }
            bench.ok("predict new.csv --model m.json --output p.csv --force");
            let table = bench.get("p.csv");
            assert!(
                table.starts_with("row,decision,label,probability\n"),
                "{table}"
            );
            assert_calibrated(&table);
            for name in ["decision", "label"] {
                assert_eq!(column(&table, name), column(&plain, name), "{method} {how}");
            }
        }
    }
    // The id follows.
    bench.put(
        "named.csv",
        csv(20, 4).replace("a,b,kind,y", "a,b,kind,who"),
    );
    bench.ok("predict named.csv --model m.json --id who --output p.csv --force");
    assert!(
        bench
            .get("p.csv")
            .starts_with("row,decision,label,probability,id\n")
    );
}

/// The sigmoid is that of the decisions that `evaluate` has of the same folds: checked by Platt's equations.
#[test]
fn the_sigmoid_fits_decisions_of_rows_that_were_not_seen() {
    let bench = Bench::new();
    bench.put("train.csv", csv(120, 5));
    let summary = bench
        .json("train train.csv --method class-cost --calibrate sigmoid --folds 3 --model m.json");
    let of = |key: &str| summary["calibration"][key].as_f64().unwrap();
    let (slope, intercept) = (of("slope"), of("intercept"));
    assert_eq!(summary["calibration"]["folds"], 3);

    use fuzzysvm::core::Label;
    use fuzzysvm::estimator::{CrossValidation, Data, DataOptions, Estimator};
    let data = Data::read(bench.path("train.csv"), &DataOptions::default()).unwrap();
    let estimator = Estimator::named("class-cost").unwrap();
    let cv = CrossValidation {
        folds: 3,
        scale: estimator.scaler_kind(),
        seed: 1,
    };
    let decisions = cv.decisions(&data, &estimator, &|| ()).unwrap().decisions;
    let n_positive = data.y().iter().filter(|y| y.is_positive()).count() as f64;
    let n_negative = data.y().len() as f64 - n_positive;
    let residual = |(score, y): (&f64, &Label)| {
        let p = 1.0 / (1.0 + (-(slope * score + intercept)).exp());
        p - match y {
            Label::Positive => (n_positive + 1.0) / (n_positive + 2.0),
            Label::Negative => 1.0 / (n_negative + 2.0),
        }
    };
    let pairs = || decisions.iter().zip(data.y());
    let sum: f64 = pairs().map(residual).sum();
    let moment: f64 = pairs().map(|pair| residual(pair) * pair.0).sum();
    assert!(sum.abs() < 1e-8 && moment.abs() < 1e-8, "{sum} {moment}");
}

/// A column that says nothing leaves the share of positives, by the weights that were given.
#[test]
fn given_weights_count_as_samples() {
    let bench = Bench::new();
    let rows: String = (0..100)
        .map(|i| if i % 5 == 0 { "1,yes\n" } else { "1,no\n" })
        .collect();
    bench.put("train.csv", format!("a,y\n{rows}"));
    let weights: String = (0..100)
        .map(|i| if i % 5 == 0 { "4\n" } else { "1\n" })
        .collect();
    bench.put("w.txt", weights);
    for (flags, share) in [("", 0.2), ("--weights w.txt", 0.5)] {
        bench.ok(&format!(
            "train train.csv --method svm --calibrate isotonic {flags} --model m.json --force"
        ));
        bench.ok("predict train.csv --model m.json --output p.csv --force");
        let p = numbers(&bench.get("p.csv"), "probability");
        assert!(p.iter().all(|p| (p - share).abs() < 1e-12), "{flags} {p:?}");
    }
}

#[test]
fn evaluate_measures_probabilities_where_there_are_some() {
    let bench = Bench::new();
    bench.put("train.csv", csv(120, 5));
    bench.put("test.csv", csv(90, 5));
    bench.ok("train train.csv --calibrate sigmoid --model m.json");
    let found = bench.json("evaluate test.csv --model m.json --resamples 50");
    let calibration = &found["calibration"];
    assert_eq!(
        keys(calibration),
        ["bins", "brier", "ece", "intercept", "skill", "slope"]
    );
    assert_eq!(
        keys(&calibration["brier"]),
        [
            "reliability",
            "resolution",
            "uncertainty",
            "value",
            "within_bins"
        ]
    );

    // Again from the table of predictions.
    bench.ok("predict test.csv --model m.json --output p.csv");
    let p = numbers(&bench.get("p.csv"), "probability");
    let y = numbers(
        &(0..90).fold("y\n".to_owned(), |text, i| {
            text + if i % 5 == 0 { "1\n" } else { "0\n" }
        }),
        "y",
    );
    let brier: f64 = p.iter().zip(&y).map(|(p, y)| (p - y).powi(2)).sum::<f64>() / 90.0;
    let number = |value: &Value| value.as_f64().unwrap();
    assert!((number(&found["brier"]) - brier).abs() < 1e-12);
    assert!((number(&calibration["brier"]["value"]) - brier).abs() < 1e-12);
    assert!((number(&calibration["brier"]["uncertainty"]) - 0.2 * 0.8).abs() < 1e-12);
    assert!((number(&calibration["skill"]) - (1.0 - brier / 0.16)).abs() < 1e-12);
    let [low, high] = [0, 1].map(|i| number(&found["intervals"]["brier"][i]));
    assert!(low < brier && brier < high && found["log_loss"].is_number());
    let bins = calibration["bins"].as_array().unwrap();
    assert_eq!(bins.len(), 10);
    let mut weighted = 0.0;
    for bin in bins {
        assert_eq!(keys(bin), ["high", "low", "mean", "n", "observed"]);
        assert_eq!(bin["n"], 9);
        let observed = number(&bin["observed"]);
        assert!(number(&bin["low"]) <= observed && observed <= number(&bin["high"]));
        weighted += (number(&bin["mean"]) - observed).abs() / 10.0;
    }
    assert!((number(&calibration["ece"]) - weighted).abs() < 1e-12);
    let text = bench
        .ok("evaluate test.csv --model m.json --resamples 50")
        .stdout;
    for words in [
        "brier ",
        "calibration slope",
        "reliability",
        "expected calibration error",
        "observed",
    ] {
        assert!(text.contains(words), "{text}");
    }

    bench.ok("train train.csv --model plain.json");
    let found = bench.json("evaluate test.csv --model plain.json --resamples 50");
    assert!(found.get("calibration").is_none() && found.get("brier").is_none());
}

#[test]
fn the_file_keeps_the_calibration_and_only_a_whole_one_is_read() {
    let bench = Bench::with_data();
    bench.ok("train train.csv --calibrate isotonic --model m.json");
    bench.ok("convert m.json --to json --output again.json");
    assert_eq!(bench.get("m.json"), bench.get("again.json"));
    let file: Value = serde_json::from_str(&bench.get("m.json")).unwrap();
    let metadata = &file["description"]["metadata"];
    assert_eq!(keys(metadata), ["calibration", "training_samples"]);
    assert_eq!(metadata["calibration"]["method"], "isotonic");
    // A model without has no field for it, as files of earlier versions.
    bench.ok("train train.csv --model plain.json");
    let plain: Value = serde_json::from_str(&bench.get("plain.json")).unwrap();
    assert_eq!(
        keys(&plain["description"]["metadata"]),
        ["training_samples"]
    );

    use fuzzysvm::svm::model_file::ModelFile;
    let whole = ModelFile::from_json(&bench.get("m.json")).unwrap();
    let refused = |calibration: Value, words: &str| {
        let mut changed = whole.clone();
        changed.description.metadata["calibration"] = calibration;
        bench.put("bad.json", changed.to_json().unwrap());
        let run = bench.run("predict train.csv --model bad.json");
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    };
    use serde_json::json;
    refused(
        json!({"method": "isotonic", "scores": [1.0, 0.5], "probabilities": [0.1, 0.2]}),
        "ascending",
    );
    refused(
        json!({"method": "isotonic", "scores": [0.5, 1.0], "probabilities": [0.1, 1.2]}),
        "[0, 1]",
    );
    refused(
        json!({"method": "sigmoid", "slope": -1.0, "intercept": 0.0}),
        "not below 0",
    );
    refused(
        json!({"method": "beta", "a": 1.0}),
        "unknown variant `beta`",
    );
    refused(
        json!({"method": "sigmoid", "slope": 1.0, "intercept": 0.0, "more": 1}),
        "unknown field",
    );
    // LIBSVM has no place for it: what comes back from there has none.
    bench.ok("convert m.json --to libsvm --output m.model");
    bench.ok("convert m.model --to json --output back.json");
    let back: Value = serde_json::from_str(&bench.get("back.json")).unwrap();
    assert!(back["description"]["metadata"].is_null());
    // ONNX has.
    bench.ok("convert m.json --to onnx --output m.onnx");
    let graph = std::fs::read(bench.path("m.onnx")).unwrap();
    assert!(graph.windows(11).any(|bytes| bytes == b"probability"));
    bench.ok("convert plain.json --to onnx --output plain.onnx");
    let graph = std::fs::read(bench.path("plain.onnx")).unwrap();
    assert!(!graph.windows(11).any(|bytes| bytes == b"probability"));
}

#[test]
fn what_cannot_be_calibrated_is_said() {
    let bench = Bench::with_data();
    for (flags, code, words) in [
        ("--calibrate platt", 2, "expected sigmoid or isotonic"),
        ("--folds 3", 2, "--calibrate"),
        (
            "--calibrate sigmoid --folds 1",
            2,
            "--folds 1: must be at least 2",
        ),
        (
            "--calibrate sigmoid --folds 40",
            1,
            "class has 12 samples, but the split needs at least 40",
        ),
        (
            "--calibrate sigmoid --method svm --kernel precomputed",
            2,
            "cannot be calibrated",
        ),
    ] {
        let run = bench.run(&format!("train train.csv {flags} --model m.json"));
        assert_eq!(run.code, Some(code), "{flags}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{flags}: {}", run.stderr);
    }
    assert_eq!(bench.names(), ["train.csv"]);
    // A solver that stops early in the folds ends as one that stops early: with code 3.
    let run = bench.run("train train.csv --calibrate sigmoid --max-iter 3 --model m.json");
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stderr.contains("5 of the 5 folds"), "{}", run.stderr);
    assert!(run.stderr.contains("raise --max-iter"), "{}", run.stderr);
    // A column that says nothing: every row has the mean of Platt's targets, 11/12 and 1/32.
    let rows: String = (0..40)
        .map(|i| if i % 4 == 0 { "1,yes\n" } else { "1,no\n" })
        .collect();
    bench.put("same.csv", format!("a,y\n{rows}"));
    let run = bench.ok("train same.csv --method svm --calibrate sigmoid --model same.json");
    assert!(
        run.stderr.contains("every row has the same probability"),
        "{}",
        run.stderr
    );
    bench.ok("predict same.csv --model same.json --output p.csv");
    let mean = (10.0 * 11.0 / 12.0 + 30.0 / 32.0) / 40.0;
    let p = numbers(&bench.get("p.csv"), "probability");
    assert!(p.iter().all(|v| (v - mean).abs() < 1e-12), "{p:?}");
}

#[test]
fn loans_have_probabilities_too() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 1500 --seed 4 --output loans.csv");
    bench.ok("train loans.csv --method class-cost --approx nystrom --components 50 --calibrate sigmoid --model m.json");
    bench.ok("predict loans.csv --model m.json --output p.csv");
    let table = bench.get("p.csv");
    assert!(table.starts_with("row,decision,label,probability,id,note\n"));
    let pairs = column(&table, "decision")
        .into_iter()
        .zip(column(&table, "probability"));
    // A loan that is not scored has neither.
    let (scored, not): (Vec<_>, Vec<_>) = pairs.partition(|(decision, _)| !decision.is_empty());
    assert!(!scored.is_empty() && !not.is_empty());
    assert!(
        scored
            .iter()
            .all(|(_, p)| (0.0..=1.0).contains(&p.parse::<f64>().unwrap()))
    );
    assert!(not.iter().all(|(_, p)| p.is_empty()));
}

/// The mean probability is the rate of default, though the method weighs the classes the same.
#[test]
fn real_loans_are_about_as_likely_to_default_as_said() {
    let Some(file) = real_loans() else {
        return;
    };
    let bench = Bench::new();
    let train =
        "--method class-cost --approx nystrom --components 100 --calibrate sigmoid --model m.json";
    bench.ok(&format!("train {file} {train}"));
    let found = bench.json(&format!("evaluate {file} --model m.json --resamples 2"));
    let bins = found["calibration"]["bins"].as_array().unwrap();
    let of = |bin: &Value, key: &str| bin[key].as_f64().unwrap();
    let n: f64 = bins.iter().map(|bin| of(bin, "n")).sum();
    let mean = |key: &str| {
        bins.iter()
            .map(|bin| of(bin, "n") * of(bin, key))
            .sum::<f64>()
            / n
    };
    assert!((mean("mean") - mean("observed")).abs() < 0.01);
}
