//! Numbers.

use serde_json::Value;

use crate::cases::case;
use crate::common::Bench;

/// The folder of these inputs, where it is there.
fn numbers(name: &str) -> Option<String> {
    Some(case(&format!("numbers/{name}"))?.display().to_string())
}

/// Gap and objective of a model file, from its support vectors and the training rows alone.
///
/// `c` is the upper bound of every α; the features are those of the file, unscaled.
fn recomputed(model: &Value, x: &[Vec<f64>], y: &[f64], c: f64) -> (f64, f64) {
    let model = &model["model"];
    let floats = |value: &Value| -> Vec<f64> {
        let values = value.as_array().unwrap().iter();
        values.map(|v| v.as_f64().unwrap()).collect()
    };
    let gamma = model["kernel"]["gamma"].as_f64().unwrap();
    let coef = floats(&model["dual_coef"]);
    let support = floats(&model["support"]);
    let vectors = floats(&model["support_vectors"]);
    let d = vectors.len() / coef.len();
    let kernel = |a: &[f64], b: &[f64]| {
        let square: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
        (-gamma * square).exp()
    };
    let outputs: Vec<f64> = x
        .iter()
        .map(|x| {
            let terms = coef.iter().zip(vectors.chunks(d));
            terms.map(|(c, v)| c * kernel(x, v)).sum()
        })
        .collect();
    let mut alpha = vec![0.0; y.len()];
    let mut objective = 0.0;
    for (&row, coef) in support.iter().zip(&coef) {
        let row = row as usize;
        alpha[row] = coef.abs();
        objective += coef.abs() * (0.5 * y[row] * outputs[row] - 1.0);
    }
    let (mut up, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
    for i in 0..y.len() {
        // −y G with G = y f − 1.
        let f = y[i] - outputs[i];
        let (can_rise, can_fall) = (alpha[i] < c, alpha[i] > 0.0);
        if (y[i] > 0.0 && can_rise) || (y[i] < 0.0 && can_fall) {
            up = up.max(f);
        }
        if (y[i] > 0.0 && can_fall) || (y[i] < 0.0 && can_rise) {
            low = low.min(f);
        }
    }
    (up - low, objective)
}

/// The rows of a CSV of numbers whose last column is the class, scaled as a model file says.
fn scaled(path: &str, positive: &str, model: &Value) -> (Vec<Vec<f64>>, Vec<f64>) {
    let text = std::fs::read_to_string(path).unwrap();
    let transforms = |key: &str| -> Vec<f64> {
        let scaler = &model["description"]["preprocessing"]["scaler"];
        let values = scaler[key].as_array().unwrap().iter();
        values.map(|v| v.as_f64().unwrap()).collect()
    };
    let (center, width) = (transforms("center"), transforms("width"));
    text.lines()
        .skip(1)
        .map(|line| {
            let (numbers, class) = line.rsplit_once(',').unwrap();
            let row = numbers.split(',').zip(center.iter().zip(&width));
            let row = row.map(|(v, (c, s))| (v.parse::<f64>().unwrap() - c) / s);
            (row.collect(), if class == positive { 1.0 } else { -1.0 })
        })
        .unzip()
}

#[test]
fn gap_and_objective_at_large_c_are_those_of_the_model() {
    let Some(path) = numbers("largec.csv") else {
        return;
    };
    let bench = Bench::new();
    let mut found = Vec::new();
    for (name, c, tol) in [
        ("a.json", 1e6, 1e-3),
        ("b.json", 1e6, 1e-4),
        ("c.json", 1.0, 1e-3),
        ("d.json", 1e7, 1e-3),
    ] {
        let said = bench.json(&format!(
            "train {path} --target y --method uniform -C {c} --gamma 1e-4 --tol {tol} --model {name}"
        ));
        let number = |key: &str| said[key].as_f64().unwrap();
        let file: Value = serde_json::from_str(&bench.get(name)).unwrap();
        let (x, y) = scaled(&path, "p", &file);
        let (gap, objective) = recomputed(&file, &x, &y, c);
        assert_eq!(said["status"], "converged");
        assert!(gap <= tol + 1e-6, "C {c}: gap {gap}");
        assert!((gap - number("kkt_gap")).abs() <= 1e-6, "C {c}: {gap}");
        // The exponential of the C library may differ in the last digit, times αα.
        let error = (objective / number("objective") - 1.0).abs();
        assert!(error <= 1e-8, "C {c}: objective off by {error}");
        found.push((number("objective"), number("intercept")));
    }
    assert!((found[0].0 / -44_618_689.0 - 1.0).abs() < 1e-6);
    assert_eq!(found[1].0.round(), -44_618_689.0);
    assert!((found[0].1 + 335.7).abs() < 1.5 && (found[1].1 + 335.7).abs() < 0.2);
}

#[test]
fn without_information_every_decision_is_0_and_negative() {
    let Some(path) = numbers("noinfo.csv") else {
        return;
    };
    let bench = Bench::new();
    for (i, method) in [
        "class-cost",
        "class-cost --kernel linear",
        "class-cost --kernel polynomial",
        "class-cost --approx nystrom --components 20",
        "class-cost --approx rff",
        "fsvm-cil",
        "w-elm",
        "cs-adaboost",
        "rusboost",
        "cs-xgboost",
    ]
    .into_iter()
    .enumerate()
    {
        let model = format!("{i}.json");
        bench.ok(&format!(
            "train {path} --target y --positive p --method {method} --model {model}"
        ));
        let file = format!("{i}.csv");
        bench.ok(&format!("predict {path} --model {model} --output {file}"));
        let text = bench.get(&file);
        assert_eq!(text.lines().count(), 73);
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells[1..3], ["0", "n"], "{method}: {line}");
        }
        let said = bench.ok(&format!("evaluate {path} --model {model}")).stderr;
        let warning = "all decisions are 0.0000 but for rounding";
        assert!(said.contains(warning), "{method}: {said}");
    }
}

#[test]
fn columns_that_are_constant_but_for_rounding_count_nothing() {
    let (Some(train), Some(test), Some(offset)) = (
        numbers("crumb_train.csv"),
        numbers("crumb_test31.csv"),
        numbers("bigoffset.csv"),
    ) else {
        return;
    };
    let bench = Bench::new();
    let without = |path: &str, name: &str| {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|l| l.split_once(',').unwrap().1);
        bench.put(name, lines.collect::<Vec<_>>().join("\n"));
    };
    without(&train, "train.csv");
    without(&test, "test.csv");
    let accuracy = |path: &str, flags: &str| {
        let found = bench.json(&format!("evaluate {path} {flags}"));
        found["accuracy"].as_f64().unwrap()
    };
    let warns = |args: &str| {
        let said = bench.ok(args).stderr;
        assert!(
            said.contains("constant up to rounding") && said.contains("\"k\""),
            "{said}"
        );
    };
    for scale in ["standard", "minmax"] {
        let flags = format!("--target y --method uniform --folds 5 --scale {scale}");
        warns(&format!("evaluate {train} {flags}"));
        warns(&format!("evaluate {offset} {flags}"));
    }
    let folds = "--target y --method uniform --folds 5";
    assert_eq!(accuracy(&train, folds), 44.0 / 60.0);
    assert_eq!(accuracy("train.csv", folds), 44.0 / 60.0);
    bench.ok(&format!(
        "train {train} --target y --method uniform --model m.json"
    ));
    bench.ok("train train.csv --target y --method uniform --model alone.json");
    assert_eq!(accuracy(&test, "--model m.json"), 0.75);
    assert_eq!(accuracy("test.csv", "--model alone.json"), 0.75);
}

#[test]
fn neighbors_do_not_depend_on_the_unit() {
    let Some(plain) = numbers("knn_1.csv") else {
        return;
    };
    let bench = Bench::new();
    let memberships = |path: &str, method: &str| {
        bench.ok(&format!(
            "membership {path} --target y --scale none --method {method} --output s.csv --force"
        ));
        bench.get("s.csv")
    };
    for method in ["efsvm", "iefsvm", "efsvm-binned"] {
        let expected = memberships(&plain, method);
        for name in ["knn_1e160.csv", "knn_1e-170.csv"] {
            let Some(path) = numbers(name) else { return };
            assert_eq!(memberships(&path, method), expected, "{method} {name}");
        }
    }
    let efsvm = memberships(&plain, "efsvm");
    assert!(efsvm.contains("1,n,0.3333333333333333\n"));
    // Points on a line: the nearest of 0, 1, 3, 3.1, 9.
    let Some(line) = numbers("knn_1e160.json") else {
        return;
    };
    let line: Value = serde_json::from_str(&std::fs::read_to_string(line).unwrap()).unwrap();
    let rows: Vec<f64> = line["x"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()))
        .collect();
    use fuzzysvm::knn_entropy::{NeighborSearch, SearchKind};
    let x = fuzzysvm::core::Matrix::new(&rows, 2).unwrap();
    for search in SearchKind::ALL {
        let table = search.among_themselves(x, 1).unwrap();
        let nearest: Vec<u32> = (0..5).map(|i| table.neighbors(i)[0]).collect();
        assert_eq!(nearest, [1, 0, 3, 2, 3]);
    }
}

#[test]
fn memberships_that_vanish_are_named_once() {
    for (name, largest) in [("p2.csv", "8.5e-7"), ("xor.csv", "7.1e-7")] {
        let Some(path) = numbers(name) else { return };
        let bench = Bench::new();
        for command in [
            "membership --output s.csv".to_owned(),
            "train --model m.json".to_owned(),
        ] {
            let (command, flags) = command.split_once(' ').unwrap();
            let said = bench
                .ok(&format!(
                    "{command} {path} --target y --positive p --method fsvm {flags}"
                ))
                .stderr;
            let lines = || said.lines().filter(|l| l.contains("vanish"));
            assert_eq!(lines().count(), 1, "{name} {command}: {said}");
            assert!(
                lines().all(|l| l.contains("class \"p\"") && l.contains(largest)),
                "{name} {command}: {said}"
            );
        }
    }
}

#[test]
fn a_class_whose_memberships_vanish_in_every_fold_is_named_once() {
    // Two minority samples in every training part, equally far from their center.
    let bench = Bench::new();
    let mut text = "a,b,y\n0,1,p\n2,1,p\n1,3,p\n5,2,p\n".to_owned();
    for i in 0..40 {
        text += &format!("{},{},n\n", i % 9, i % 7);
    }
    bench.put("t.csv", text);
    for command in ["evaluate", "tune --c 1 --gamma 1"] {
        let said = bench
            .ok(&format!(
                "{command} t.csv --target y --positive p --method fsvm --folds 2"
            ))
            .stderr;
        let lines = said.lines().filter(|l| l.contains("vanish"));
        assert_eq!(lines.count(), 1, "{command}: {said}");
    }
}

#[test]
fn the_internal_rate_of_return_of_one_late_flow() {
    use fuzzysvm::portfolio::{LoanCashFlow, irr};
    let Some(path) = numbers("irr_wrong.json") else {
        return;
    };
    let loans: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let expected = [-0.74881, -0.84126, -0.80318, -0.93144];
    for (loan, expected) in loans.as_array().unwrap().iter().zip(expected) {
        let number = |key: &str| loan[key].as_f64().unwrap_or(0.0);
        let found = irr(&LoanCashFlow {
            funded_amnt: number("funded"),
            installment: number("inst"),
            term_months: number("term") as u32,
            months_to_last_payment: Some(number("months") as u32),
            last_pymnt_amnt: number("last"),
            total_pymnt: number("total"),
            recoveries: number("rec"),
            collection_recovery_fee: 0.0,
        });
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-5, "{loan}: {found}");
    }
}
