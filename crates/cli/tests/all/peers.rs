//! The six baselines through the binary: train, predict, evaluate and tune, and what is refused.

use std::collections::HashSet;

use crate::common::{Bench, csv, keys};
use fuzzysvm::baselines::{BaselineKind, BaselineModelFile};
use fuzzysvm::core::{Label, Learner, Matrix, Samples};

/// Every baseline, small.
const BASELINES: [&str; 6] = [
    "cs-adaboost --param n_estimators=8",
    "cs-rf --param n_estimators=8 --param min_samples_leaf=3",
    "easy-ensemble --param n_subsets=3 --param n_estimators=4",
    "rusboost --param n_estimators=8",
    "w-elm --param n_hidden=15 --param c=64",
    "cs-xgboost --param n_estimators=8 --param max_depth=2",
];

fn decisions(table: &str) -> Vec<f64> {
    let cells = table.lines().skip(1);
    cells
        .map(|l| l.split(',').nth(1).unwrap().parse().unwrap())
        .collect()
}

#[test]
fn each_trains_predicts_and_evaluates() {
    let bench = Bench::with_data();
    bench.put("w.txt", "0.5\n2\n1\n".repeat(20));
    bench.put("new.csv", csv(35, 4));
    for baseline in BASELINES {
        let train = format!("train train.csv --method {baseline}");
        let summary = bench.json(&format!("{train} --model m.json --force"));
        assert_eq!(
            keys(&summary),
            [
                "method",
                "n_features",
                "n_negative",
                "n_positive",
                "n_samples",
                "parameters",
                "positive_class",
                "seconds",
                "seed"
            ]
        );
        let name = baseline.split(' ').next().unwrap();
        assert_eq!(summary["method"], name);
        assert_eq!(summary["n_samples"], 60);
        assert_eq!(summary["n_features"], 5);
        assert_eq!(summary["seed"], 1);
        for param in baseline.split(" --param ").skip(1) {
            let (name, value) = param.split_once('=').unwrap();
            assert_eq!(summary["parameters"][name].to_string(), value, "{baseline}");
        }

        bench.ok("predict train.csv --model m.json --output p.csv --force");
        let table = bench.get("p.csv");
        assert!(table.starts_with("row,decision,label\n0,"), "{table}");
        let right = |(i, line): (usize, &str)| {
            let decision: f64 = line.split(',').nth(1).unwrap().parse().unwrap();
            assert_eq!(line.ends_with("yes"), decision > 0.0);
            line.ends_with(if i % 5 == 0 { "yes" } else { "no" })
        };
        let right = table.lines().skip(1).enumerate().map(right);
        assert!(right.filter(|&r| r).count() > 45, "{baseline}");

        let measured = bench.json("evaluate new.csv --model m.json --resamples 20");
        assert_eq!(measured["n_samples"], 35);
        assert!(measured["roc_auc"].as_f64().unwrap() > 0.8, "{measured}");
        let crossed = bench.json(&format!(
            "evaluate train.csv --method {baseline} --folds 3 --resamples 20"
        ));
        assert!(crossed["roc_auc"].as_f64().unwrap() > 0.6, "{crossed}");

        // Weights change the model; the text for people names what was fitted.
        let text = bench.ok(&format!("{train} --weights w.txt --model w.json --force"));
        assert!(text.stdout.contains(name), "{}", text.stdout);
        assert_ne!(bench.get("w.json"), bench.get("m.json"), "{baseline}");
        // Written again it is the same.
        let again = bench.json("convert m.json --to json --output again.json --force");
        assert_eq!(keys(&again), ["output"]);
        assert_eq!(bench.get("again.json"), bench.get("m.json"));
    }
}

#[test]
fn the_file_decides_as_the_library_does() {
    let bench = Bench::new();
    let x: Vec<f64> = (0..120).map(|i| f64::from(i * 37 % 101) / 16.0).collect();
    let y: Vec<Label> = x
        .chunks(2)
        .enumerate()
        .map(|(i, r)| Label::from_sign(r[0] - r[1] - 2.0 + (i % 3) as f64 / 2.0))
        .collect();
    let mut table = "a,b,y\n".to_owned();
    for (row, label) in x.chunks(2).zip(&y) {
        table += &format!("{},{},{}\n", row[0], row[1], u8::from(label.is_positive()));
    }
    bench.put("t.csv", table);
    let x = Matrix::new(&x, 2).unwrap();
    for baseline in BASELINES {
        bench.ok(&format!(
            "train t.csv --method {baseline} --scale none --positive 1 --seed 7 --model m.json --force"
        ));
        bench.ok("predict t.csv --model m.json --output p.csv --force");
        let mut params = baseline.split(" --param ");
        let mut kind: BaselineKind = params.next().unwrap().parse().unwrap();
        for param in params {
            let (name, value) = param.split_once('=').unwrap();
            kind = kind.with_params(&[(name, value)]).unwrap();
        }
        let model = kind
            .with_seed(7)
            .fit(Samples::new(x, &y).unwrap(), None)
            .unwrap();
        let expected = fuzzysvm::core::Classifier::decision_function(&model, x).unwrap();
        assert_eq!(decisions(&bench.get("p.csv")), expected, "{baseline}");
        let file = BaselineModelFile::from_json(&bench.get("m.json")).unwrap();
        assert_eq!(file.model, model);
        assert_eq!(file.description.feature_names.unwrap(), ["a", "b"]);
        // A file that the library wrote takes features as they are.
        bench.put(
            "bare.json",
            BaselineModelFile::from(model).to_json().unwrap(),
        );
        bench.put(
            "bare.svm",
            x.rows()
                .map(|r| format!("0 1:{} 2:{}\n", r[0], r[1]))
                .collect::<String>(),
        );
        bench.ok("predict bare.svm --model bare.json --output bare.csv --force");
        assert_eq!(decisions(&bench.get("bare.csv")), expected, "{baseline}");
    }
}

#[test]
fn a_file_cannot_ask_for_memory_by_a_number_alone() {
    let bench = Bench::with_data();
    let leaf = r#"{"feature":[0],"left":[0],"number":[0.5]}"#;
    let wide = format!(
        r#"{{"format":"fuzzysvm-baseline","schema":1,"checksum":"SUM","model":{{"baseline":"cs-rf","content":{{"n_features":9000000000000000000,"trees":[{leaf}]}}}}}}"#
    );
    let computed = match BaselineModelFile::from_json(&wide) {
        Err(fuzzysvm::core::envelope::EnvelopeError::Checksum { computed, .. }) => computed,
        other => panic!("{other:?}"),
    };
    bench.put("wide.json", wide.replace("SUM", &computed));
    let run = bench.run("predict train.csv --model wide.json");
    assert_eq!(run.code, Some(1));
    let words = "wide.json: found a model of 9000000000000000000 features without columns";
    assert!(run.stderr.contains(words), "{}", run.stderr);
}

#[test]
fn a_seed_decides_and_threads_do_not() {
    let bench = Bench::with_data();
    for baseline in BASELINES {
        // Where nothing is drawn by default, something is.
        let drawn = match baseline.split(' ').next().unwrap() {
            "cs-adaboost" => " --param max_features=number:1",
            "cs-xgboost" => " --param subsample=0.5",
            _ => "",
        };
        let fit = |extra: &str| {
            bench.ok(&format!(
                "train train.csv --method {baseline}{drawn} --model m.json --force {extra}"
            ));
            bench.get("m.json")
        };
        let first = fit("--threads 2");
        assert_eq!(fit("--threads 1"), first, "{baseline}");
        assert_eq!(fit("--seed 1"), first, "{baseline}");
        let seeds: HashSet<String> = (1..5).map(|s| fit(&format!("--seed {s}"))).collect();
        assert_eq!(seeds.len(), 4, "{baseline}");
    }
}

#[test]
fn tune_takes_the_first_best_entry() {
    let bench = Bench::with_data();
    let table = bench.json(
        "tune train.csv --method w-elm --param c=1,100 --param n_hidden=5,20 --folds 3 --score g-mean",
    );
    assert_eq!(
        keys(&table),
        [
            "best",
            "fits",
            "grid",
            "method",
            "n_negative",
            "n_positive",
            "positive_class",
            "seconds"
        ]
    );
    assert_eq!(table["fits"], 12);
    let grid = table["grid"].as_array().unwrap();
    let entries: Vec<String> = grid
        .iter()
        .map(|e| format!("{} {}", e["c"], e["n_hidden"]))
        .collect();
    assert_eq!(entries, ["1 5", "1 20", "100 5", "100 20"]);
    let mut best = &grid[0];
    for entry in grid {
        assert_eq!(keys(entry), ["c", "fold_scores", "n_hidden", "score"]);
        let folds = entry["fold_scores"].as_array().unwrap();
        let sum: f64 = folds.iter().map(|s| s.as_f64().unwrap()).sum();
        let score = entry["score"].as_f64().unwrap();
        assert_eq!(folds.len(), 3);
        assert!((score - sum / 3.0).abs() < 1e-12);
        if score > best["score"].as_f64().unwrap() {
            best = entry;
        }
    }
    assert_eq!(keys(&table["best"]), ["c", "n_hidden", "score"]);
    for key in ["c", "n_hidden", "score"] {
        assert_eq!(table["best"][key], best[key], "{table}");
    }

    // The default grid is that of compare, and its entries are named in full.
    let table = bench.json("tune train.csv --method cs-xgboost --folds 2");
    assert_eq!(table["fits"], 6);
    assert_eq!(table["best"]["n_estimators"], 50);
    assert_eq!(table["best"]["learning_rate"], 0.1);
    // The last line of the text is what train takes.
    let tune = "tune train.csv --method cs-rf --folds 2 --param n_estimators=3 \
                --param class_weight=given:[1,4],given:[1,5]";
    let text = bench.ok(tune).stdout;
    let flags = text.lines().last().unwrap().strip_prefix("best: ").unwrap();
    assert!(flags.contains("'class_weight=given:[1,"), "{text}");
    bench.ok(&format!(
        "train train.csv {} --model m.json",
        flags.replace('\'', "")
    ));
    // The same on any number of threads.
    let grid = |threads: u8| bench.json(&format!("{tune} --threads {threads}"))["grid"].clone();
    assert_eq!(grid(1), grid(2));
}

#[test]
fn what_a_baseline_does_not_take_is_refused() {
    let bench = Bench::with_data();
    let known =
        "must be one of algorithm, max_depth, max_features, min_samples_leaf, n_estimators, ratio";
    for (args, code, words) in [
        ("--param n_trees=5", 2, known),
        ("--param tree=5", 2, known),
        (
            "--param n_estimators=0",
            2,
            "--param n_estimators=0: must lie between 1 and 100000",
        ),
        (
            "--param n_estimators=1e9",
            2,
            "--param n_estimators=1e9: must be a whole number",
        ),
        ("--param n_estimators=", 2, "--param n_estimators=: must be"),
        ("--param n_estimators=5,6", 2, "expected one value"),
        ("--param n_estimators", 2, "expected NAME=VALUE"),
        ("--param =5", 2, "expected NAME=VALUE"),
        (
            "--param ratio=nan",
            2,
            "--param ratio=nan: must be a number",
        ),
        (
            "--param ratio=0.5 --param ratio=1",
            2,
            "ratio is given twice",
        ),
        ("--param seed=5", 2, "is --seed"),
        ("--param algorithm=m3", 2, "must be m2 or samme"),
        ("--c 1", 2, "--c does not apply to --method rusboost"),
        ("-C 1", 2, "--c does not apply"),
        ("--gamma 1", 2, "--gamma does not apply"),
        ("--kernel rbf", 2, "--kernel does not apply"),
        ("--degree 2", 2, "--degree does not apply"),
        ("--tol 1e-3", 2, "--tol does not apply"),
        ("--max-iter 5", 2, "--max-iter does not apply"),
        ("--cache-size 5", 2, "--cache-size does not apply"),
        ("--no-shrinking", 2, "--no-shrinking does not apply"),
        ("--approx nystrom", 2, "--approx does not apply"),
        ("--k 5", 2, "--k does not apply"),
        ("--param ks=1", 2, "--param ks does not apply"),
        ("--minority positive", 2, "--minority does not apply"),
        ("--noise-aware", 2, "--noise-aware does not apply"),
        ("--angle mean-over-std", 2, "--angle does not apply"),
        ("--weights missing.txt", 1, "missing.txt: No such file"),
        ("--scale robust", 2, "expected one of"),
    ] {
        let run = bench.run(&format!(
            "train train.csv --method rusboost --model m.json {args}"
        ));
        assert_eq!(run.code, Some(code), "{args}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
        assert_eq!(bench.names(), ["train.csv"], "{args}");
    }
    for (args, words) in [
        (
            "train train.csv --method efsvm --param c=1 --model m.json",
            "--param c does not apply to --method efsvm",
        ),
        ("evaluate train.csv --param c=1", "--param c does not apply"),
        (
            "evaluate train.csv --method w-elm --c 1",
            "--c does not apply to --method w-elm",
        ),
        (
            "evaluate train.csv --method w-elm --param c=0",
            "--param c=0: must lie between",
        ),
        (
            "evaluate train.csv --model m.json --param c=1",
            "cannot be used with",
        ),
        ("tune train.csv --param c=1", "--param c does not apply"),
        (
            "tune train.csv --method w-elm --c 1,2",
            "--c does not apply to --method w-elm",
        ),
        (
            "tune train.csv --method w-elm --search pso",
            "--search does not apply",
        ),
        (
            "tune train.csv --method w-elm --search halving",
            "--search does not apply",
        ),
        (
            "tune train.csv --method w-elm --evaluations 5",
            "--evaluations does not apply",
        ),
        (
            "tune train.csv --method w-elm --param c=1,x",
            "--param c=x: must be",
        ),
        (
            "membership train.csv --method cs-rf",
            "cs-rf is not a membership but a baseline",
        ),
        (
            "membership train.csv --method w-elm",
            "w-elm is not a membership but a baseline",
        ),
    ] {
        let run = bench.run(args);
        assert_eq!(run.code, Some(2), "{args}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn hostile_samples_are_located() {
    for (content, args, words) in [
        ("a,y\n1,p\n2,p\n", "train", "found one class"),
        ("a,y\n1,p\n1e999,q\n", "train", "in.csv:3:1: found 1e999"),
        ("a,y\n1,p\n-inf,q\n", "train", "in.csv:3:1: found -inf"),
        ("a,y\n", "train", "found no samples"),
        (
            "a,y\n1e308,1\n-1e308,0\n1.1e308,0\n",
            "train",
            "too large to scale",
        ),
        ("a,y\n1,p\n2,n\n3,n\n4,n\n", "evaluate", "in.csv: "),
        (
            "a,y\n1,p\n2,n\n3,n\n4,n\n",
            "tune",
            "positive class has 1 sample",
        ),
    ] {
        for baseline in BASELINES {
            let bench = Bench::new();
            bench.put("in.csv", content);
            let model = if args == "train" {
                "--model m.json"
            } else {
                ""
            };
            let baseline = if args == "tune" {
                baseline.split(' ').next().unwrap()
            } else {
                baseline
            };
            let run = bench.run(&format!("{args} in.csv --method {baseline} {model}"));
            assert_eq!(run.code, Some(1), "{baseline}: {}", run.stderr);
            assert!(run.stderr.contains(words), "{baseline}: {}", run.stderr);
            assert_eq!(run.stderr.lines().count(), 1);
            assert_eq!(bench.names(), ["in.csv"]);
        }
    }
    // Legal oddities: a constant column, a contradiction, huge values as they are.
    for content in [
        "a,y\n5,p\n5,n\n5,n\n5,n\n",
        "a,y\n1,p\n1,n\n2,p\n2,n\n",
        "a,y\n1e308,p\n-1e308,n\n1e-308,n\n0,n\n",
    ] {
        for baseline in BASELINES {
            let bench = Bench::new();
            bench.put("in.csv", content);
            let run = bench.run(&format!(
                "train in.csv --method {baseline} --scale none --model m.json"
            ));
            if run.code == Some(0) {
                bench.ok("predict in.csv --model m.json --output p.csv");
            } else {
                assert_eq!(run.code, Some(1), "{baseline}");
                assert!(run.stderr.starts_with("error: in.csv: "), "{}", run.stderr);
            }
        }
    }
}

#[test]
fn weights_without_a_class_are_refused() {
    let bench = Bench::with_data();
    bench.put("w.txt", "0\n1\n1\n1\n1\n".repeat(12));
    for baseline in BASELINES {
        let run = bench.run(&format!(
            "train train.csv --method {baseline} --weights w.txt --model m.json"
        ));
        assert_eq!(run.code, Some(1));
        let words = "train.csv: every positive sample has weight 0";
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn damaged_models_and_other_rows_are_refused() {
    let bench = Bench::with_data();
    bench.put("narrow.csv", "a,b,y\n1,2,yes\n");
    bench.put("text.csv", "a,b,kind\n1,x,u\n");
    for baseline in BASELINES {
        bench.ok(&format!(
            "train train.csv --method {baseline} --model m.json --force"
        ));
        for (file, words) in [
            ("narrow.csv", "narrow.csv"),
            ("text.csv", "text.csv:2:2: found \"x\" in column \"b\""),
        ] {
            let run = bench.run(&format!("predict {file} --model m.json"));
            assert_eq!(run.code, Some(1));
            assert!(run.stderr.contains(words), "{}", run.stderr);
        }
        let run = bench.run("convert m.json --to libsvm --output l.model");
        let name = baseline.split(' ').next().unwrap();
        assert_eq!(run.code, Some(1));
        let words = format!("found a model of {name}, expected an exact SVM");
        assert!(run.stderr.contains(&words), "{}", run.stderr);

        let good = bench.get("m.json");
        let part = |share: f64| good[..(good.len() as f64 * share) as usize].to_owned();
        let with = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            good.replacen(from, to, 1)
        };
        for (text, words) in [
            (part(0.0), "found no whole model"),
            (part(0.3), "bad.json:1:"),
            (part(0.999), "bad.json:1:"),
            (with("\"schema\":2", "\"schema\":3"), "the schema is 3"),
            (with("fuzzysvm-model", "fuzzysvm-other"), "fuzzysvm-other"),
            (
                with("\"checksum\":\"", "\"checksum\":\"f"),
                "the file was changed",
            ),
            (with("\"n_features\":5", "\"n_features\":6"), "bad.json"),
            (with("\"yes\"", "\"sim\""), "the file was changed"),
            (with("\"baseline\":\"", "\"baseline\":\"x"), "bad.json:1:"),
            (
                with("\"metadata\":{", "\"metadata\":{\"more\":1,"),
                "the file was changed",
            ),
            (
                with("\"content\":{", "\"content\":{\"more\":1,"),
                "bad.json:1:",
            ),
        ] {
            bench.put("bad.json", text);
            let run = bench.run("predict train.csv --model bad.json");
            assert_eq!(run.code, Some(1), "{baseline}: {words}");
            assert!(run.stderr.starts_with("error: bad.json"), "{}", run.stderr);
            assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
            assert_eq!(run.stdout, "");
        }
    }
}
