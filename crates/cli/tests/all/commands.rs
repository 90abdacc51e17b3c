//! Every command through the binary: outputs, JSON keys, round trips.

use crate::common::{Bench, csv, keys};

#[test]
fn train_reports_every_key_and_writes_a_model_that_predicts() {
    let bench = Bench::with_data();
    let summary =
        bench.json("train train.csv --method iefsvm --param ks=1,3,5 --c 10 --model m.json");
    assert_eq!(
        keys(&summary),
        [
            "intercept",
            "iterations",
            "kkt_gap",
            "n_features",
            "n_negative",
            "n_positive",
            "n_samples",
            "n_support",
            "objective",
            "positive_class",
            "seconds",
            "status"
        ]
    );
    assert_eq!(summary["n_samples"], 60);
    assert_eq!(summary["n_features"], 5);
    assert_eq!(summary["status"], "converged");
    assert!(summary["objective"].as_f64().unwrap() < 0.0);
    assert!(summary["kkt_gap"].as_f64().unwrap() <= 1e-3);

    bench.ok("predict train.csv --model m.json --output p.csv");
    let table = bench.get("p.csv");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 61);
    assert_eq!(lines[0], "row,decision,label");
    for (i, line) in lines[1..].iter().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], i.to_string());
        let decision: f64 = cells[1].parse().unwrap();
        assert_eq!(cells[2], if decision > 0.0 { "yes" } else { "no" });
    }
    // separable enough that most rows are right
    let right = lines[1..]
        .iter()
        .enumerate()
        .filter(|(i, line)| line.ends_with(if i % 5 == 0 { "yes" } else { "no" }))
        .count();
    assert!(right > 50, "{right}");
}

#[test]
fn the_objective_can_be_computed_again_from_the_model_file() {
    let bench = Bench::with_data();
    let summary =
        bench.json("train train.csv --method svm --tol 1e-6 --kernel linear --model m.json");
    let model: serde_json::Value = serde_json::from_str(&bench.get("m.json")).unwrap();
    // ½αᵀQα − 1ᵀα over the support vectors alone
    let model = &model["model"];
    let numbers = |key: &str| -> Vec<f64> {
        model[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_f64().unwrap())
            .collect()
    };
    let width = model["n_features"].as_u64().unwrap() as usize;
    let (values, coefficients) = (numbers("support_vectors"), numbers("dual_coef"));
    let vectors: Vec<&[f64]> = values.chunks(width).collect();
    let mut objective = 0.0;
    for (x, a) in vectors.iter().zip(&coefficients) {
        for (z, b) in vectors.iter().zip(&coefficients) {
            objective += 0.5 * a * b * x.iter().zip(*z).map(|(p, q)| p * q).sum::<f64>();
        }
        objective -= a.abs();
    }
    let reported = summary["objective"].as_f64().unwrap();
    assert!(
        (objective - reported).abs() < 1e-4 * reported.abs(),
        "{objective} {reported}"
    );
}

#[test]
fn every_method_and_every_kernel_trains() {
    let bench = Bench::with_data();
    for method in [
        "svm",
        "uniform",
        "class-cost",
        "fsvm",
        "fsvm --param class_ratio=true",
        "efsvm",
        "efsvm --k 3 --noise-aware",
        "efsvm-binned --param n_bins=4 --param beta=0.1",
        "iefsvm",
        "iefsvm --angle std-over-mean",
        "fsvm-cil",
        "fsvm-cil --param distance=all-center --param decay=exponential --param beta=0.3",
        "fsvm-cil --param distance=hyperplane --param preliminary_c=5 --param preliminary_gamma=0.2",
        "fsvm-cil --param distance=hyperplane --param decay=exponential --kernel linear",
        "slack-factor",
        "slack-factor --param beta=0.2 --param location=1.3 --approx nystrom --components 30",
        "relative-density --k 3 --param both_classes=true",
        "relative-density --minority smaller",
        "intuitionistic --param alpha=0.5 --param gamma=auto",
        "lin-wang-time",
        "lin-wang-time --param time=a --param sigma=0.3 --param shape=quadratic --param class_ratio=true",
        "posterior",
        "posterior --param sharpness=1 --param floor=0 --param preliminary_c=5 --param preliminary_gamma=0.2",
    ] {
        bench.ok(&format!(
            "train train.csv --method {method} --model m.json --force"
        ));
    }
    for kernel in [
        "linear",
        "polynomial --degree 2 --coef0 1",
        "rbf --gamma auto",
        "rbf --gamma 0.5",
        "sigmoid --gamma 0.01 --coef0 -1",
        "laplacian",
        "rbf --no-shrinking --cache-size 0.01",
        "rbf --shrinking",
    ] {
        bench.ok(&format!(
            "train train.csv --kernel {kernel} --model m.json --force"
        ));
        bench.ok("predict train.csv --model m.json --output p.csv --force");
    }
    for scale in ["standard", "minmax", "none"] {
        bench.ok(&format!(
            "train train.csv --scale {scale} --model m.json --force"
        ));
    }
}

#[test]
fn the_three_formats_give_one_model() {
    let bench = Bench::new();
    let (mut table, mut keel, mut sparse) = (
        "a,b,y\n".to_owned(),
        "@relation t\n@attribute a real\n@attribute b real\n@attribute y {0,1}\n@data\n".to_owned(),
        String::new(),
    );
    for i in 0..40 {
        let (a, b, y) = (
            (i as f64).sin(),
            (i as f64 * 1.3).cos(),
            u8::from(i % 4 == 0),
        );
        table += &format!("{a},{b},{y}\n");
        keel += &format!("{a}, {b}, {y}\n");
        sparse += &format!("{y} 1:{a} 2:{b}\n");
    }
    bench.put("t.csv", table);
    bench.put("t.dat", keel);
    bench.put("t.svm", sparse);
    let summary = |file: &str| {
        let mut value = bench.json(&format!("train {file} --model m.json --force"));
        value.as_object_mut().unwrap().remove("seconds");
        value
    };
    assert_eq!(summary("t.csv"), summary("t.dat"));
    assert_eq!(summary("t.csv"), summary("t.svm"));
}

#[test]
fn weights_multiply_the_membership() {
    let bench = Bench::with_data();
    let objective = |args: &str| {
        let value = bench.json(&format!(
            "train train.csv --tol 1e-6 --model m.json --force {args}"
        ));
        value["objective"].as_f64().unwrap()
    };
    bench.put("half.txt", "0.5\n".repeat(60));
    bench.put("one.txt", "1\n".repeat(60));
    let plain = objective("--c 2");
    assert_eq!(objective("--c 2 --weights one.txt"), plain);
    // a constant weight t is C·t
    let halved = objective("--c 4 --weights half.txt");
    assert!(
        (halved - plain).abs() <= 1e-9 * plain.abs(),
        "{halved} {plain}"
    );
}

#[test]
fn a_precomputed_kernel_equals_the_kernel_it_was_computed_from() {
    let bench = Bench::new();
    let x: Vec<[f64; 2]> = (0..30)
        .map(|i| [(f64::from(i)).sin(), (f64::from(i) * 1.3).cos()])
        .collect();
    let mut plain = "a,b,y\n".to_owned();
    let mut gram: String = (0..30).map(|i| format!("k{i},")).collect::<String>() + "y\n";
    for (i, row) in x.iter().enumerate() {
        let y = u8::from(i % 3 == 0);
        plain += &format!("{},{},{y}\n", row[0], row[1]);
        for other in &x {
            gram += &format!("{},", row[0] * other[0] + row[1] * other[1]);
        }
        gram += &format!("{y}\n");
    }
    bench.put("plain.csv", plain);
    bench.put("gram.csv", gram);
    let linear = bench
        .json("train plain.csv --method class-cost --scale none --kernel linear --model l.json");
    let given =
        bench.json("train gram.csv --method class-cost --kernel precomputed --model g.json");
    let (a, b) = (
        linear["objective"].as_f64().unwrap(),
        given["objective"].as_f64().unwrap(),
    );
    assert!((a - b).abs() < 1e-6 * a.abs(), "{a} {b}");
    bench.ok("predict plain.csv --model l.json --output l.csv");
    bench.ok("predict gram.csv --model g.json --output g.csv");
    let labels = |name: &str| -> Vec<String> {
        bench
            .get(name)
            .lines()
            .map(|l| l.rsplit(',').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(labels("l.csv"), labels("g.csv"));
    for (command, words) in [
        ("tune", "cannot be tuned"),
        ("evaluate", "cannot be cross-validated"),
    ] {
        let run = bench.run(&format!(
            "{command} gram.csv --method svm --kernel precomputed"
        ));
        assert!(
            run.code == Some(2) && run.stderr.contains(words),
            "{}",
            run.stderr
        );
    }
    let measured = bench.json("evaluate gram.csv --model g.json --resamples 5");
    assert_eq!(measured["n_samples"], 30);
}

#[test]
fn predict_finds_columns_by_name_and_needs_no_target() {
    let bench = Bench::with_model();
    bench.ok("predict train.csv --model m.json --output a.csv");
    let reordered: String = bench
        .get("train.csv")
        .lines()
        .map(|line| {
            let c: Vec<&str> = line.split(',').collect();
            format!("{},x,{},{}\n", c[2], c[1], c[0])
        })
        .collect();
    bench.put("other.csv", reordered);
    bench.ok("predict other.csv --model m.json --output b.csv");
    assert_eq!(bench.get("a.csv"), bench.get("b.csv"));
    let printed = bench.ok("predict other.csv --model m.json").stdout;
    assert_eq!(printed, bench.get("a.csv"));
    let summary = bench.json("predict other.csv --model m.json --output c.csv");
    assert_eq!(
        keys(&summary),
        ["n_negative", "n_positive", "n_samples", "output"]
    );
}

#[test]
fn evaluate_names_every_metric_with_an_interval() {
    let bench = Bench::with_model();
    for args in [
        "train.csv --model m.json",
        "train.csv --method iefsvm --folds 3 --c 2",
    ] {
        let summary = bench.json(&format!("evaluate {args}"));
        for name in [
            "balanced_accuracy",
            "accuracy",
            "g_mean",
            "precision",
            "sensitivity",
            "specificity",
            "f1",
            "mcc",
            "roc_auc",
            "average_precision",
            "ks",
        ] {
            let value = summary[name]
                .as_f64()
                .unwrap_or_else(|| panic!("{name}: {summary}"));
            let low = summary["intervals"][name][0].as_f64().unwrap();
            let high = summary["intervals"][name][1].as_f64().unwrap();
            assert!(
                low <= value && value <= high,
                "{args} {name}: {low} {value} {high}"
            );
        }
        let confusion = &summary["confusion"];
        let total: u64 = [
            "true_positive",
            "false_negative",
            "false_positive",
            "true_negative",
        ]
        .iter()
        .map(|k| confusion[k].as_u64().unwrap())
        .sum();
        assert_eq!(total, 60);
    }
    // the seed decides the folds, the threads nothing
    let run = |args: &str| {
        bench
            .ok(&format!("evaluate train.csv --method efsvm --json {args}"))
            .stdout
    };
    assert_eq!(run("--seed 3 --threads 1"), run("--seed 3 --threads 2"));
    assert_ne!(run("--seed 3"), run("--seed 4"));
}

#[test]
fn a_given_weight_of_zero_is_the_row_removed() {
    let bench = Bench::with_data();
    let all = bench.get("train.csv");
    let weight = |i: usize| if i % 7 == 3 { "0\n" } else { "1\n" };
    bench.put("w.txt", (0..60).map(weight).collect::<String>());
    let rows = all.lines().skip(1).enumerate();
    let kept = rows.filter(|(i, _)| i % 7 != 3).map(|(_, line)| line);
    let fewer: Vec<&str> = all.lines().take(1).chain(kept).collect();
    bench.put("fewer.csv", fewer.join("\n"));
    // Scaling would see the rows; the memberships' neighbors and class sizes must not.
    for method in ["class-cost", "fsvm", "efsvm", "iefsvm"] {
        let fit = |data: &str, name: &str| {
            let args = format!("--method {method} --scale none --gamma 0.5 --tol 1e-6");
            let summary = bench.json(&format!("train {data} {args} --model {method}-{name}.json"));
            summary["objective"].as_f64().unwrap()
        };
        let (weighted, removed) = (fit("train.csv --weights w.txt", "w"), fit("fewer.csv", "f"));
        let off = (weighted - removed).abs() / removed.abs();
        assert!(off < 1e-6, "{method}: {weighted} and {removed}");
    }
}

#[test]
fn tune_tries_the_whole_grid_and_says_which_is_best() {
    let bench = Bench::with_data();
    let summary =
        bench.json("tune train.csv --method efsvm --c 1,10 --gamma 0.1,1 --k 3,5,7 --folds 3");
    assert_eq!(
        keys(&summary),
        [
            "best",
            "fits",
            "grid",
            "n_negative",
            "n_positive",
            "positive_class",
            "seconds"
        ]
    );
    assert_eq!(keys(&summary["best"]), ["c", "gamma", "k", "score"]);
    let grid = summary["grid"].as_array().unwrap();
    assert_eq!(grid.len(), 12);
    assert_eq!(summary["fits"], 36);
    let best = grid
        .iter()
        .map(|g| g["score"].as_f64().unwrap())
        .fold(0.0, f64::max);
    assert_eq!(summary["best"]["score"].as_f64().unwrap(), best);
    let summary = bench
        .json("tune train.csv --method class-cost --c 1 --kernel linear --folds 2 --score g-mean");
    assert_eq!(summary["grid"].as_array().unwrap().len(), 1);
    assert!(summary["best"]["k"].is_null() && summary["best"]["gamma"].is_null());
}

#[test]
fn tune_searches_between_the_grid_points_too() {
    let bench = Bench::with_data();
    for search in ["nelder-mead", "pso"] {
        let args = format!(
            "tune train.csv --method efsvm --k 3,5 --c 0.5,50 --gamma 0.05,2 --folds 3 \
             --search {search} --evaluations 20"
        );
        let summary = bench.json(&args);
        let tried = summary["grid"].as_array().unwrap();
        // A simplex on a step function may settle early; it has tried more than its corners.
        assert!((4..=40).contains(&tried.len()), "{search}: {}", tried.len());
        assert_eq!(summary["fits"], tried.len() * 3 * 2);
        let scores = tried.iter().map(|t| t["score"].as_f64().unwrap());
        assert_eq!(
            summary["best"]["score"].as_f64().unwrap(),
            scores.fold(0.0, f64::max)
        );
        let inside = |t: &serde_json::Value, key: &str, least: f64, most: f64| {
            let value = t[key].as_f64().unwrap();
            assert!(
                (least * 0.999..=most * 1.001).contains(&value),
                "{search}: {key} {value}"
            );
            value
        };
        let mut cs: Vec<f64> = tried.iter().map(|t| inside(t, "c", 0.5, 50.0)).collect();
        tried.iter().for_each(|t| _ = inside(t, "gamma", 0.05, 2.0));
        cs.dedup();
        assert!(cs.len() > 3, "{search} moves");
        // The seconds differ, the points do not.
        assert_eq!(summary["grid"], bench.json(&args)["grid"]);
    }
    let run = bench.run("tune train.csv --search pso --c 1");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr
            .contains("--c 1: must have a least and a greatest value"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_simulated_book_can_be_trained_on_and_scored() {
    let bench = Bench::new();
    let summary = bench.json("simulate-loans --n 800 --seed 3 --output loans.csv");
    assert_eq!(summary["n_loans"], 800);
    bench.ok("simulate-loans --n 800 --seed 3 --output again.csv");
    assert_eq!(bench.get("loans.csv"), bench.get("again.csv"));
    bench.ok("simulate-loans --n 800 --seed 4 --output other.csv");
    assert_ne!(bench.get("loans.csv"), bench.get("other.csv"));

    let summary = bench.json("train loans.csv --method efsvm --model m.json");
    assert!(summary["n_samples"].as_u64().unwrap() > 100);
    bench.ok("predict other.csv --model m.json --output p.csv");
    assert!(bench.get("p.csv").lines().count() > 100);
    let summary = bench.json("evaluate other.csv --model m.json");
    assert!(summary["roc_auc"].as_f64().unwrap() > 0.5);
    bench.ok("evaluate loans.csv --method class-cost --folds 2");
    for args in [
        "train loans.csv --model n.json",
        "evaluate loans.csv",
        "tune loans.csv",
        "membership loans.csv",
    ] {
        let run = bench.run(&format!("{args} --scale none"));
        let words = "--scale none does not apply to a Lending Club file";
        assert!(
            run.code == Some(2) && run.stderr.contains(words),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn models_convert_and_predict_the_same() {
    let bench = Bench::with_model();
    bench.ok("convert m.json --to json --output copy.json");
    bench.ok("predict train.csv --model m.json --output a.csv");
    bench.ok("predict train.csv --model copy.json --output b.csv");
    assert_eq!(bench.get("a.csv"), bench.get("b.csv"));
    bench.ok("convert m.json --to libsvm --output m.model");
    let text = bench.get("m.model");
    for key in [
        "svm_type c_svc",
        "kernel_type rbf",
        "nr_class 2",
        "total_sv",
        "rho",
        "SV",
    ] {
        assert!(text.contains(key), "{text}");
    }
}

#[test]
fn a_libsvm_model_says_whether_it_has_a_checksum() {
    let bench = Bench::with_model();
    bench.ok("convert m.json --to libsvm --output m.model");
    let run = bench.ok("convert m.model --to json --output back.json");
    assert_eq!(run.stderr, "");
    let text = bench.get("m.model");
    let (bare, _) = text.trim_end().rsplit_once('\n').unwrap();
    bench.put("bare.model", bare);
    let run = bench.ok("convert bare.model --to json --output bare.json");
    let words = "warning: bare.model: LIBSVM's text without a checksum";
    assert!(run.stderr.starts_with(words), "{}", run.stderr);
    assert_eq!(bench.get("bare.json"), bench.get("back.json"));
    let run = bench.ok("convert bare.model --to json --output bare.json --force --quiet");
    assert_eq!(run.stderr, "");

    bench.put("m.model", text.replacen("rho ", "rho 1", 1));
    let run = bench.run("predict train.csv --model m.model --output p.csv");
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("m.model:") && run.stderr.contains("the file was changed"),
        "{}",
        run.stderr
    );
}

#[test]
fn lending_club_files_are_recognised() {
    let Some(file) = crate::common::real_loans() else {
        return;
    };
    let bench = Bench::new();
    let summary = bench.json(&format!(
        "membership {file} --method class-cost --output s.csv"
    ));
    assert_eq!(summary["n_samples"], 14_995);
    assert_eq!(summary["n_positive"], 1_728);
    let table = bench.get("s.csv");
    assert!(table.lines().any(|l| l.contains("Charged Off")));

    // all of them in one fit
    let summary = bench.json(&format!("train {file} --method efsvm --model m.json"));
    assert_eq!(summary["n_samples"], 14_995);
    assert_eq!(summary["status"], "converged");
    let summary = bench.json(&format!("predict {file} --model m.json --output p.csv"));
    // the finished ones and no other: the file has none that are open
    assert_eq!(summary["n_samples"], 14_995);
}

#[test]
fn a_file_of_one_row_is_scaled_as_the_training_rows_were() {
    let bench = Bench::with_model();
    bench.ok("predict train.csv --model m.json --output all.csv");
    let table = csv(60, 5);
    let one: String = table.lines().take(2).map(|l| format!("{l}\n")).collect();
    bench.put("one.csv", one);
    bench.ok("predict one.csv --model m.json --output one_p.csv");
    let (all, one) = (bench.get("all.csv"), bench.get("one_p.csv"));
    assert_eq!(all.lines().nth(1), one.lines().nth(1));
}
