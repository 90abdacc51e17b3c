//! Metrics, their intervals, tests, and what commands say of them.

use std::fmt::Write as _;

use fuzzysvm::evaluation::{NullDistribution, friedman, tied, wilcoxon_signed_rank};
use serde_json::Value;

use crate::cases::case;
use crate::common::{Bench, csv};

fn json(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(case(name)?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

fn close(found: &Value, expected: f64, tolerance: f64, what: &str) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    assert!((found - expected).abs() <= tolerance, "{what}: {found}");
}

/// A bench with the model `m.txt` whose decision value is the one feature.
fn identity() -> Bench {
    let bench = Bench::new();
    bench.put(
        "m.txt",
        "svm_type c_svc\nkernel_type linear\nnr_class 2\ntotal_sv 2\nrho 0\nlabel 1 -1\nnr_sv 1 1\nSV\n\
         0.5 1:1\n-0.5 1:-1\n",
    );
    bench
}

/// `evaluate` on these decision values.
fn evaluated(truth: &[bool], scores: &[f64], flags: &str) -> (Value, String) {
    let bench = identity();
    let mut text = String::new();
    for (positive, score) in truth.iter().zip(scores) {
        let label = if *positive { 1 } else { -1 };
        writeln!(text, "{label} 1:{score:e}").unwrap();
    }
    bench.put("d.libsvm", text);
    let args = format!("evaluate d.libsvm --model m.txt {flags}");
    (bench.json(&args), bench.ok(&args).stdout)
}

#[test]
fn precision_is_that_of_the_positive_class_which_is_named() {
    let Some(path) = case("tables/00_base.csv") else {
        return;
    };
    let bench = Bench::new();
    let data = format!("{} --target class --method class-cost", path.display());
    let found = bench.json(&format!("evaluate {data}"));
    close(&found["precision"], 0.2414, 5e-5, "precision");
    assert_eq!(found["precision_paid"], Value::Null);
    assert_eq!(found["predicted_negative_rate"], Value::Null);
    for command in [
        format!("evaluate {data}"),
        format!("train {data} --model m.json --force"),
        format!("tune {data} --c 1 --gamma 0.1"),
    ] {
        let found = bench.json(&command);
        assert_eq!(found["positive_class"], "bad", "{command}");
        assert_eq!(found["n_positive"], 12, "{command}");
        assert_eq!(found["n_negative"], 48, "{command}");
        let text = bench.ok(&command).stdout;
        assert!(text.contains("12 bad (positive), 48 good"), "{text}");
    }
}

#[test]
fn loans_have_the_precision_of_those_predicted_paid_beside_it() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 1500 --seed 3 --output loans.csv");
    let found = bench.json("evaluate loans.csv --method class-cost --folds 2 --resamples 5");
    let count = |key: &str| found["confusion"][key].as_f64().unwrap();
    let (tp, fp) = (count("true_positive"), count("false_positive"));
    let (tn, fne) = (count("true_negative"), count("false_negative"));
    close(&found["precision"], tp / (tp + fp), 1e-15, "precision");
    close(&found["precision_paid"], tn / (tn + fne), 1e-15, "paid");
    assert!(found["intervals"]["precision_paid"][0].is_number());
    let to_default = (tp + fp) / (tp + fp + tn + fne);
    close(
        &found["predicted_negative_rate"],
        to_default,
        1e-15,
        "to default",
    );
}

#[test]
fn one_of_one_found_is_not_certain() {
    let Some(input) = json("numbers/perfect_1_of_30.json") else {
        return;
    };
    let truth: Vec<bool> = numbers(&input["y"]).iter().map(|y| *y > 0.0).collect();
    let (found, text) = evaluated(&truth, &numbers(&input["s"]), "");
    for (key, lower) in [
        ("sensitivity", 0.025),
        ("specificity", 0.025f64.powf(1.0 / 29.0)),
        ("accuracy", 0.025f64.powf(1.0 / 30.0)),
        ("precision", 0.025),
        ("f1", 0.05 / 1.025),
        ("balanced_accuracy", 0.508_855_6),
    ] {
        close(&found["intervals"][key][0], lower, 1e-6, key);
        close(&found["intervals"][key][1], 1.0, 0.0, key);
    }
    for key in ["g_mean", "mcc"] {
        assert!(found["intervals"][key][0].as_f64().unwrap() < 0.5, "{key}");
    }
    // One positive sample does not show how scores of positives vary.
    for key in ["roc_auc", "average_precision", "ks"] {
        assert_eq!(found[key], 1.0);
        assert_eq!(found["intervals"][key], Value::Null, "{key}");
        assert!(found["no_interval"][key].is_string(), "{key}");
    }
    assert!(!text.contains("1.0000 to 1.0000"), "{text}");
    assert!(text.contains("none: too few samples"), "{text}");
}

#[test]
fn resamples_without_a_class_are_left_out_and_counted() {
    let truth: Vec<bool> = (0..20).map(|i| i % 10 == 0).collect();
    let scores: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 20) - 9.5).collect();
    let (found, text) = evaluated(&truth, &scores, "--resamples 400");
    for key in ["average_precision", "ks"] {
        let n = found["n_defined"][key].as_u64().unwrap();
        // Without a positive: 0.9^20 = 12 % of them.
        assert!((320..380).contains(&n), "{key}: {n}");
        assert!(text.contains(&format!("({n} of 400 resamples)")), "{text}");
    }
    // Separated: all resamples agree, DeLong's variance is 0.
    let scores: Vec<f64> = truth.iter().map(|t| if *t { 1.0 } else { -1.0 }).collect();
    let (found, text) = evaluated(&truth, &scores, "--resamples 400");
    for key in ["average_precision", "ks", "roc_auc"] {
        assert_eq!(found["intervals"][key], Value::Null, "{key}");
    }
    assert!(found["n_defined"]["ks"].as_u64().unwrap() < 400);
    assert!(text.contains("none: nothing varies"), "{text}");
}

#[test]
fn scores_that_rounding_sets_apart_rank_alike() {
    let Some(path) = case("numbers/nysdup.csv") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let truth: Vec<bool> = text.lines().skip(1).map(|l| l.ends_with('p')).collect();
    let crumbs = |scale: f64| -> Vec<f64> {
        let apart = |i: usize| f64::from(i as u8 % 5) - 2.0;
        (0..truth.len())
            .map(|i| scale * (1.0 + apart(i) * f64::EPSILON))
            .collect()
    };
    for scale in [-1.0, 0.3, -1e-9, 1e12] {
        let (found, _) = evaluated(&truth, &crumbs(scale), "--resamples 5");
        close(&found["average_precision"], 0.25, 1e-15, "AP");
        close(&found["ks"], 0.0, 0.0, "KS");
        close(&found["roc_auc"], 0.5, 0.0, "AUC");
    }
    let bench = identity();
    let rows: String = crumbs(-1.0)
        .iter()
        .zip(&truth)
        .map(|(s, t)| format!("{} 1:{s:e}\n", if *t { 1 } else { -1 }))
        .collect();
    bench.put("d.libsvm", rows);
    let run = bench.ok("evaluate d.libsvm --model m.txt");
    assert!(
        run.stderr
            .contains("all decisions are -1.0000 but for rounding")
    );
}

#[test]
fn friedman_does_not_see_crumbs() {
    let Some(input) = json("numbers/friedman_crumb.json") else {
        return;
    };
    for entry in input.as_array().unwrap() {
        let table: Vec<Vec<f64>> = serde_json::from_value(entry["table"].clone()).unwrap();
        let found = friedman(&table).unwrap();
        assert_eq!(found.average_ranks, [1.5, 1.5, 3.0]);
        assert!((found.chi_squared_p_value - 0.1054).abs() < 5e-5);
        assert!((found.iman_davenport_p_value - 0.0625).abs() < 1e-12);
    }
}

#[test]
fn wilcoxon_is_exact_with_ties_and_zeros() {
    let Some(input) = json("numbers/wilcoxon_small_ties.json") else {
        return;
    };
    // By enumeration of the signs; the last: rank sums 26 and 2 of 1½ ×3, 4, 5, 6, 7.
    let expected = [0.0625, 0.0625, 0.0625, 0.0625];
    for (entry, p) in input.as_array().unwrap().iter().zip(expected) {
        let found = wilcoxon_signed_rank(&numbers(&entry["a"]), &numbers(&entry["b"])).unwrap();
        assert_eq!(found.null_distribution, NullDistribution::Exact);
        assert!((found.p_value - p).abs() < 1e-12, "{entry}: {found:?}");
    }
    let alike = wilcoxon_signed_rank(&[0.5; 3], &[0.0; 3]).unwrap();
    assert_eq!(alike.p_value, 0.25);
}

#[test]
fn six_differences_of_one_size_have_no_direction() {
    // +0.1 three times and −0.1 three times, each by another subtraction.
    let pairs = [
        (0.3, 0.2),
        (0.8, 0.7),
        (0.4, 0.3),
        (0.2, 0.3),
        (0.7, 0.8),
        (0.5, 0.6),
    ];
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    assert!(a.iter().zip(&b).any(|(a, b)| (a - b).abs() != 0.1));
    assert!(tied(0.3 - 0.2, 0.1));
    assert_eq!(wilcoxon_signed_rank(&a, &b).unwrap().p_value, 1.0);
}

#[test]
fn full_agreement_of_few_sets_has_its_exact_p() {
    let bench = Bench::new();
    let all: Vec<String> = (0..5).map(|i| format!("s{i}.csv")).collect();
    for (i, name) in all.iter().enumerate() {
        // Overlapping and rare: class costs find more of the rare class.
        let mut text = "a,y\n".to_owned();
        for row in 0..120 + i {
            let rare = row % 10 == 0;
            let x = (row as f64 * 1.7 + i as f64).sin() + if rare { 1.2 } else { 0.0 };
            text += &format!("{x:.6},{}\n", if rare { "yes" } else { "no" });
        }
        bench.put(name, text);
    }
    for (n, p) in [(2, 0.5), (3, 0.25), (4, 0.125), (5, 0.0625)] {
        let run = bench.ok(&format!(
            "compare {} --methods svm,class-cost --control svm --folds 3 --inner-folds 2 --repeats 1 \
             --c 1 --gamma 0.25 --out o --force",
            all[..n].join(" ")
        ));
        let json: Value = serde_json::from_str(&bench.get("o/results.json")).unwrap();
        let test = &json["tests"]["balanced_accuracy"];
        assert_eq!(test["iman_davenport"]["f"], Value::Null, "{}", run.stdout);
        close(&test["p_value"], p, 1e-12, "p");
        assert_eq!(test["null_distribution"], "exact");
        assert!(run.stdout.contains("no difference shown"), "{}", run.stdout);
    }
}

#[test]
fn figures_of_the_training_file_are_flagged() {
    let bench = Bench::with_data();
    let words = "these are the samples that the model was trained on";
    // A file of other rows of the same kind, and the rows in another order.
    bench.put("new.csv", csv(70, 5));
    let text = bench.get("train.csv");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    bench.put("turned.csv", lines.join("\n"));
    for flags in [
        "--method svm",
        "--method svm --scale minmax",
        "--method cs-rf --param n_estimators=5",
        "--method svm --approx nystrom --components 20",
    ] {
        bench.ok(&format!("train train.csv {flags} --model m.json --force"));
        bench.ok("convert m.json --to json --output again.json --force");
        for model in ["m.json", "again.json"] {
            for (data, warned) in [
                ("train.csv", true),
                ("turned.csv", true),
                ("new.csv", false),
            ] {
                let run = bench.ok(&format!("evaluate {data} --model {model} --resamples 5"));
                assert_eq!(run.stderr.contains(words), warned, "{flags} {data}");
            }
        }
    }
    bench.ok("simulate-loans --n 1200 --seed 3 --output loans.csv");
    bench.ok("train loans.csv --method class-cost --model loans.json");
    let run = bench.ok("evaluate loans.csv --model loans.json --resamples 5");
    assert!(run.stderr.contains(words), "{}", run.stderr);
}

#[test]
fn tune_writes_the_model_that_it_chose() {
    let bench = Bench::with_data();
    for grid in [
        "--method efsvm --k 1,3,5 --c 1,10 --gamma 0.1,1",
        "--method efsvm-binned --param n_bins=5,10 --c 1 --gamma 0.1,1 --scale minmax",
        "--method cs-rf --param n_estimators=3,9 --param min_samples_leaf=1,5",
        "--method svm --c 1,10 --kernel linear --approx nystrom --components 20",
    ] {
        let found = bench.json(&format!("tune train.csv {grid} --model t.json --force"));
        assert_eq!(found["model"], "t.json");
        let text = bench.ok(&format!("tune train.csv {grid}")).stdout;
        let best = text.lines().find_map(|l| l.strip_prefix("best: ")).unwrap();
        // The model is that of train with the flags that are printed.
        let keep = |flag: &str| {
            grid.split(flag).nth(1).map_or(String::new(), |rest| {
                let value: Vec<&str> = rest.split_whitespace().take(1).collect();
                format!(" {flag} {}", value.join(" "))
            })
        };
        let also: String = ["--scale", "--kernel", "--approx", "--components"]
            .map(keep)
            .concat();
        bench.ok(&format!(
            "train train.csv {best}{also} --model own.json --force"
        ));
        let score = |model: &str| {
            bench
                .ok(&format!("predict train.csv --model {model}"))
                .stdout
        };
        assert_eq!(score("t.json"), score("own.json"), "{grid}: {best}");
        let run = bench.run(&format!("tune train.csv {grid} --model t.json"));
        assert_eq!(run.code, Some(1));
        assert!(
            run.stderr.contains("--force overwrites it"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn copies_of_rows_are_counted_and_folds_do_not_keep_them_together() {
    let bench = Bench::with_data();
    let text = bench.get("train.csv");
    let first: Vec<&str> = text.lines().skip(1).take(4).collect();
    let other = first[0].replace("yes", "no");
    bench.put(
        "copies.csv",
        format!("{text}{}\n{other}\n", first.join("\n")),
    );
    let counted =
        "copies.csv: 5 of 65 rows are copies of an earlier row, 1 of them with another class";
    for command in [
        "train copies.csv --model m.json",
        "evaluate copies.csv",
        "tune copies.csv --c 1",
    ] {
        let run = bench.ok(command);
        assert!(run.stderr.contains(counted), "{command}: {}", run.stderr);
        let across = run.stderr.contains("rows have a copy in another fold");
        assert_eq!(across, !command.starts_with("train"), "{command}");
    }
    let run = bench.ok("evaluate train.csv");
    assert!(!run.stderr.contains("cop"), "{}", run.stderr);
}
