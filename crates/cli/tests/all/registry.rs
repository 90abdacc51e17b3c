//! Every method of the registry through every command of the binary, by its name and by its aliases.

use crate::common::{Bench, csv};
use fuzzysvm::core::Parameters as _;
use fuzzysvm::estimator::method::{MethodEntry, of_samples};
use fuzzysvm::estimator::methods;
use serde_json::Value;

/// With `train.csv`, large enough for the 15 neighbors of iefsvm in a fold of a fold.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.put("train.csv", csv(120, 5));
    bench
}

fn names(method: &MethodEntry) -> Vec<&str> {
    let aliases = method.aliases.iter().copied();
    std::iter::once(method.name).chain(aliases).collect()
}

/// The cheapest search, a baseline's over its own grid.
fn tiny_grid(method: &MethodEntry) -> &'static str {
    if method.is_baseline() {
        "--folds 2"
    } else {
        "--folds 2 --c 1 --gamma 0.5"
    }
}

#[test]
fn each_trains_predicts_and_is_evaluated() {
    let bench = bench();
    for method in of_samples() {
        for name in names(method) {
            bench.ok(&format!(
                "train train.csv --method {name} --model m.json --force"
            ));
            let file: Value = serde_json::from_str(&bench.get("m.json")).unwrap();
            let written = file["description"]["method"].as_str().unwrap();
            // A variant is a setting of a method, and the file names the method.
            assert!(method.name.starts_with(written), "{name}: {written}");
            bench.ok("predict train.csv --model m.json --output p.csv --force");
            assert_eq!(bench.get("p.csv").lines().count(), 121, "{name}");
            let seen = bench.json("evaluate train.csv --model m.json --resamples 5");
            assert_eq!(seen["n_samples"], 120, "{name}");
            let unseen = bench.json(&format!(
                "evaluate train.csv --method {name} --folds 2 --resamples 5"
            ));
            for measured in [seen, unseen] {
                assert!(
                    measured["roc_auc"].as_f64().unwrap() > 0.7,
                    "{name}: {measured}"
                );
            }
        }
    }
}

#[test]
fn each_is_tuned_and_the_best_flags_are_those_of_train() {
    let bench = bench();
    for method in of_samples() {
        for name in names(method) {
            let text = bench
                .ok(&format!(
                    "tune train.csv --method {name} {}",
                    tiny_grid(method)
                ))
                .stdout;
            let best = text.lines().last().unwrap().strip_prefix("best: ").unwrap();
            assert!(
                best.starts_with(&format!("--method {}", method.name)),
                "{best}"
            );
            let flags = best.replace('\'', "");
            bench.ok(&format!("train train.csv {flags} --model m.json --force"));
            let json = bench.json(&format!(
                "tune train.csv --method {name} {}",
                tiny_grid(method)
            ));
            let points: usize = method.grid.iter().map(|(_, values)| values.len()).product();
            assert_eq!(json["grid"].as_array().unwrap().len(), points, "{name}");
        }
    }
}

#[test]
fn each_membership_is_computed_and_no_baseline_is_one() {
    let bench = bench();
    for method in of_samples() {
        for name in names(method) {
            let run = bench.run(&format!("membership train.csv --method {name}"));
            if method.is_baseline() {
                assert_eq!(run.code, Some(2), "{name}");
                continue;
            }
            assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
            let weights = run.stdout.lines().skip(1).map(|line| {
                let cell = line.split(',').nth(2).unwrap();
                cell.parse::<f64>().unwrap()
            });
            assert_eq!(weights.clone().count(), 120);
            assert!(weights.clone().all(|s| (0.0..=1.0).contains(&s)), "{name}");
            assert!(weights.sum::<f64>() > 1.0, "{name}");
        }
    }
}

#[test]
fn defaults_given_by_name_change_nothing() {
    let bench = bench();
    for method in of_samples() {
        let train = format!("train train.csv --method {} --force", method.name);
        bench.ok(&format!("{train} --model plain.json"));
        let settings = method.settings();
        let flag = |spec: &fuzzysvm::core::ParamSpec| {
            let value = settings.get_param(spec.name).unwrap();
            format!(" --param {}={value}", spec.name)
        };
        let flags: Vec<String> = method.params.iter().map(flag).collect();
        // One by one and all together.
        for given in flags.iter().chain([&flags.concat()]) {
            bench.ok(&format!("{train} --model given.json{given}"));
            assert_eq!(
                bench.get("given.json"),
                bench.get("plain.json"),
                "{}{given}",
                method.name
            );
        }
    }
}

#[test]
fn all_are_compared_in_one_run() {
    let bench = bench();
    bench.put("other.csv", csv(130, 4));
    // Those that need times too: the rows are in order of time.
    let all: Vec<&str> = of_samples().map(|m| m.name).collect();
    assert!(all.contains(&"lin-wang-time"));
    let few = "--folds 2 --repeats 1 --inner-folds 2 --c 1 --gamma 0.25 --k 1,3";
    let json = bench.json(&format!(
        "compare train.csv other.csv --methods {} {few} --out all",
        all.join(",")
    ));
    assert_eq!(json["skipped"], Value::Array(Vec::new()));
    let compared: Vec<&str> = json["methods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["id"].as_str().unwrap())
        .collect();
    assert_eq!(compared, all);
    for method in json["methods"].as_array().unwrap() {
        let auc = method["metrics"]["roc_auc"]["mean"].as_f64().unwrap();
        assert!(auc > 0.7, "{method}");
    }
    // By aliases, where there are some, the same figures.
    let aliases = of_samples().flat_map(|m| m.aliases.first());
    let aliases: Vec<&str> = aliases.copied().collect();
    let of = |methods: &str, out: &str| {
        let control = methods.split(',').next().unwrap();
        bench.json(&format!(
            "compare train.csv --methods {methods} --control {control} {few} --out {out}"
        ))["methods"]
            .clone()
    };
    let canonical: Vec<&str> = of_samples()
        .filter(|m| !m.aliases.is_empty())
        .map(|m| m.name)
        .collect();
    assert_eq!(of(&aliases.join(","), "a"), of(&canonical.join(","), "b"));
}

#[test]
fn loans_are_chosen_with_each_that_needs_no_times() {
    let bench = Bench::new();
    let all = of_samples().filter(|m| !m.needs.times);
    let all: Vec<&str> = all.map(|m| m.name).collect();
    let json = bench.json(&format!(
        "lend --simulated-loans 3000 --trials 1 --train 200 --test 200 --c 1 --gamma 0.02 --k 1,3 --methods {}",
        all.join(",")
    ));
    let chosen: Vec<&str> = json["methods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["id"].as_str().unwrap())
        .collect();
    assert_eq!(chosen, all);
}

#[test]
fn the_list_of_methods_is_the_registry() {
    let bench = Bench::new();
    let json = bench.json("methods");
    let listed = json["methods"].as_array().unwrap();
    let text = bench.ok("methods").stdout;
    assert_eq!(listed.len(), methods().len());
    for (method, listed) in methods().iter().zip(listed) {
        assert_eq!(listed["name"], method.name);
        assert!(
            text.lines()
                .any(|l| l.trim_start().starts_with(method.name)),
            "{}",
            method.name
        );
        for name in names(method) {
            let one = bench.ok(&format!("methods {name}")).stdout;
            for spec in &method.params {
                assert!(one.contains(spec.name), "{name}: {}", spec.name);
            }
            assert_eq!(bench.json(&format!("methods {name}")), *listed);
        }
    }
    let run = bench.run("methods best");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("possible values"), "{}", run.stderr);
}

/// Those that learn from what loans return are listed, described and taken by walk-forward; nothing else has returns.
#[test]
fn what_needs_returns_is_refused_where_there_are_none() {
    let bench = bench();
    for method in methods().iter().filter(|m| m.needs.returns) {
        let name = method.name;
        for command in [
            format!("train train.csv --method {name} --model m.json"),
            format!("evaluate train.csv --method {name}"),
            format!("tune train.csv --method {name} --c 1 --gamma 0.5"),
            format!("membership train.csv --method {name}"),
            format!("compare train.csv --methods svm,{name}"),
        ] {
            let run = bench.run(&command);
            assert_eq!(run.code, Some(2), "{command}: {}", run.stderr);
            let words: Vec<&str> = run.stderr.split_whitespace().collect();
            let words = words.join(" ");
            assert!(
                words.contains(&format!(
                    "{name}: must be another one here: it learns from what finished loans returned"
                )) && words.contains("in `fuzzysvm lend --split walk-forward` alone"),
                "{command}: {words}"
            );
        }
        let text = bench.ok(&format!("methods {name}")).stdout;
        let words: Vec<&str> = text.split_whitespace().collect();
        assert!(
            words
                .join(" ")
                .contains(&format!("lend --split walk-forward --methods {name}")),
            "{text}"
        );
        let json = bench.json(&format!("methods {name}"));
        assert_eq!(json["kind"], "stake");
        assert_eq!(json["needs"], serde_json::json!(["features", "returns"]));
    }
    assert_eq!(bench.names(), ["train.csv"]);
    // Neither does completion offer them, nor an error name them.
    let run = bench.run("train train.csv --method best");
    assert!(
        run.stderr.contains("iefsvm") && !run.stderr.contains("stake-svm"),
        "{}",
        run.stderr
    );
}
