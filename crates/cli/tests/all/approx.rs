//! `--approx` through the binary: train, predict, evaluate, tune, and what is refused.

use crate::common::{Bench, csv, keys};

#[test]
fn train_predict_and_evaluate_with_both_maps() {
    let bench = Bench::with_data();
    for (map, gap) in [("nystrom", 1e-3), ("rff", 1e-3)] {
        let train = format!(
            "train train.csv --method iefsvm --param ks=[1,3,5] --c 10 --approx {map} --components 40 --model {map}.json"
        );
        let summary = bench.json(&train);
        assert_eq!(
            keys(&summary),
            [
                "approx",
                "duality_gap",
                "intercept",
                "iterations",
                "n_components",
                "n_features",
                "n_negative",
                "n_positive",
                "n_samples",
                "objective",
                "positive_class",
                "seconds",
                "status"
            ]
        );
        assert_eq!(summary["approx"], map);
        assert_eq!(summary["n_components"], 40);
        assert_eq!(summary["status"], "converged");
        assert!(summary["duality_gap"].as_f64().unwrap() <= gap);
        assert!(summary["objective"].as_f64().unwrap() < 0.0);

        bench.ok(&format!(
            "predict train.csv --model {map}.json --output {map}.csv"
        ));
        let table = bench.get(&format!("{map}.csv"));
        let right = table
            .lines()
            .skip(1)
            .enumerate()
            .filter(|(i, line)| line.ends_with(if i % 5 == 0 { "yes" } else { "no" }))
            .count();
        assert!(right > 50, "{map}: {right}");
        let measured = bench.json(&format!(
            "evaluate train.csv --model {map}.json --resamples 20"
        ));
        assert!(measured["roc_auc"].as_f64().unwrap() > 0.9, "{measured}");

        // The same seed, the same file, for any number of threads; another seed, another one.
        for (extra, same) in [
            ("--threads 2", true),
            ("--threads 1", true),
            ("--seed 2", false),
        ] {
            bench.ok(&format!(
                "{} --force {extra}",
                train.replace(&format!("{map}.json"), "b.json")
            ));
            assert_eq!(
                bench.get("b.json") == bench.get(&format!("{map}.json")),
                same,
                "{map} {extra}"
            );
        }
        // Written again it is the same; LIBSVM has no place for it.
        bench.ok(&format!(
            "convert {map}.json --to json --output again.json --force"
        ));
        assert_eq!(bench.get("again.json"), bench.get(&format!("{map}.json")));
        let run = bench.run(&format!("convert {map}.json --to libsvm --output no.model"));
        assert_eq!(run.code, Some(1));
        assert!(
            run.stderr.contains("found an approximate model"),
            "{}",
            run.stderr
        );
        assert!(!bench.names().contains(&"no.model".to_owned()));
        let text = bench.ok(&format!("{train} --force")).stdout;
        assert!(text.contains(&format!("{map}, 40 components")), "{text}");
    }
}

#[test]
fn every_sample_a_landmark_decides_as_the_exact_model_does() {
    let bench = Bench::with_data();
    bench.ok("train train.csv --method svm --tol 1e-7 --model exact.json");
    bench.ok("train train.csv --method svm --tol 1e-9 --approx nystrom --components 60 --model near.json");
    let decisions = |model: &str| -> Vec<f64> {
        bench.ok(&format!(
            "predict train.csv --model {model}.json --output {model}.csv"
        ));
        let table = bench.get(&format!("{model}.csv"));
        let cells = table.lines().skip(1);
        cells
            .map(|l| l.split(',').nth(1).unwrap().parse().unwrap())
            .collect()
    };
    for (a, b) in decisions("exact").iter().zip(decisions("near")) {
        assert!((a - b).abs() < 2e-3 * (1.0 + a.abs()), "{a} {b}");
    }
}

#[test]
fn tune_and_cross_validation_take_a_map() {
    let bench = Bench::with_data();
    let table = bench.json(
        "tune train.csv --method efsvm --k 3,5 --c 1,10 --gamma 0.1,0.5 --folds 3 --approx nystrom --components 20",
    );
    assert_eq!(table["fits"], 24);
    assert_eq!(table["grid"].as_array().unwrap().len(), 8);
    assert!(table["best"]["score"].as_f64().unwrap() > 0.8, "{table}");
    let exact =
        bench.json("tune train.csv --method efsvm --k 3,5 --c 1,10 --gamma 0.1,0.5 --folds 3");
    // With all 40 training rows of a fold as landmarks the grid is that of the exact model.
    let near = bench.json(
        "tune train.csv --method efsvm --k 3,5 --c 1,10 --gamma 0.1,0.5 --folds 3 --approx nystrom --components 40 --tol 1e-7",
    );
    assert_eq!(near["best"], exact["best"]);
    let measured = bench.json(
        "evaluate train.csv --method svm --folds 3 --approx rff --components 200 --resamples 20",
    );
    assert!(measured["roc_auc"].as_f64().unwrap() > 0.8, "{measured}");
}

#[test]
fn what_does_not_go_together_is_refused_in_plain_words() {
    let train = "train train.csv --model m.json";
    let cases = [
        (
            format!("{train} --approx nystrom --components 0"),
            2,
            "expected a whole number from 1",
        ),
        (
            format!("{train} --approx nystrom --components -3"),
            2,
            "error",
        ),
        (
            format!("{train} --approx nystrom --components many"),
            2,
            "expected a whole number from 1",
        ),
        (
            format!("{train} --approx nystrom --components 61"),
            1,
            "train.csv: 61 components need as many samples",
        ),
        (
            format!("{train} --approx nystrom"),
            1,
            "500 components need as many samples",
        ),
        (
            format!("{train} --approx rff --components 10 --kernel linear"),
            2,
            "--kernel linear: must be rbf for the approximation rff",
        ),
        (
            format!("{train} --approx rff --components 10 --landmarks uniform"),
            2,
            "--landmarks does not apply to --approx rff",
        ),
        (
            format!("{train} --approx nystrom --kernel precomputed --method svm"),
            2,
            "--approx nystrom: must be left out with the kernel precomputed",
        ),
        (
            format!(
                "{train} --approx nystrom --components 60 --kernel sigmoid --gamma 3 --coef0 -2"
            ),
            1,
            "not positive semidefinite",
        ),
        (format!("{train} --approx svd"), 2, "invalid value 'svd'"),
        (format!("{train} --components 10"), 2, "--approx"),
        (format!("{train} --landmarks balanced"), 2, "--approx"),
        (
            format!("{train} --approx rff --components 18446744073709551615"),
            1,
            "components",
        ),
        (
            "tune train.csv --approx nystrom --components 10 --search pso".to_owned(),
            2,
            "--search pso: must be grid for an approximation",
        ),
        (
            "tune train.csv --approx rff --components 10 --search halving".to_owned(),
            2,
            "--search halving: must be grid for an approximation",
        ),
        (
            "tune train.csv --approx nystrom --components 55 --folds 2".to_owned(),
            1,
            "55 components",
        ),
        (
            "tune train.csv --approx rff --kernel laplacian".to_owned(),
            2,
            "--kernel laplacian: must be rbf",
        ),
        (
            "evaluate train.csv --approx rff --kernel polynomial".to_owned(),
            2,
            "--kernel polynomial: must be rbf",
        ),
        (
            "evaluate train.csv --approx nystrom --components 55 --folds 2".to_owned(),
            1,
            "55 components",
        ),
    ];
    for (args, code, words) in cases {
        let bench = Bench::with_data();
        let run = bench.run(&args);
        assert_eq!(run.code, Some(code), "{args}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{args}");
        assert_eq!(bench.names(), ["train.csv"], "{args}");
    }
}

#[test]
fn an_iteration_limit_is_reported_and_edited_files_are_refused() {
    let bench = Bench::with_data();
    let run = bench.run(
        "train train.csv --approx nystrom --components 40 --c 100 --max-iter 1 --tol 1e-9 --model m.json",
    );
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(
        run.stderr.contains("stopped at its iteration limit"),
        "{}",
        run.stderr
    );
    let text = bench.get("m.json");
    bench.put("cut.json", &text[..text.len() / 2]);
    bench.put(
        "edited.json",
        text.replacen("\"intercept\":", "\"intercept\":1", 1),
    );
    bench.put(
        "later.json",
        text.replacen("\"schema\":2", "\"schema\":9", 1),
    );
    for (name, words) in [
        ("cut", "found no whole model"),
        ("edited", "edited.json"),
        ("later", "the schema is 9"),
    ] {
        let run = bench.run(&format!("predict train.csv --model {name}.json"));
        assert_eq!(run.code, Some(1), "{name}: {}", run.stdout);
        assert!(run.stderr.contains(words), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_larger_table_in_either_draw() {
    let bench = Bench::new();
    bench.put("train.csv", csv(3000, 50));
    for draw in ["uniform", "stratified", "balanced"] {
        let summary = bench.json(&format!(
            "train train.csv --method class-cost --approx nystrom --components 50 --landmarks {draw} --model {draw}.json"
        ));
        assert_eq!(summary["status"], "converged");
        assert_eq!(summary["n_components"], 50);
    }
    assert_ne!(bench.get("uniform.json"), bench.get("balanced.json"));
}
