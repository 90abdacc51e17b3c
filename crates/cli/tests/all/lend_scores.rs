//! Figures of `lend` computed anew from the files that it writes.

use std::collections::BTreeMap;

use crate::common::{Bench, lend_results, shell};
use serde_json::Value;

const RUN: &str = "lend --simulated-loans 3000 --split random --trials 2 --train 200 --test 210 --c 1 --gamma 0.02 \
                   --methods class-cost,iefsvm,cs-rf --scores --quiet";

/// A line of a table: its cells by column.
type Row = BTreeMap<String, String>;

fn table(reader: impl std::io::Read) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(reader);
    let rows = reader.deserialize::<Row>();
    rows.map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.into_iter().collect();
    values.iter().sum::<f64>() / values.len() as f64
}

fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
}

fn about(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-4, "{found} {expected}");
}

#[test]
fn figures_follow_from_the_scores_and_the_loans_bought() {
    let bench = Bench::new();
    bench.ok(&format!("{RUN} --out o"));
    let results = lend_results(&bench, "o");
    let file = std::fs::File::open(bench.path("o/scores.csv.gz")).unwrap();
    let scores = table(flate2::read::GzDecoder::new(file));
    let bought = table(bench.get("o/portfolio.csv").as_bytes());
    assert_eq!(scores.len(), 2 * 210);
    assert!(scores.iter().all(|row| row["source"] == "simulated"));

    let of_trial = |trial: usize| {
        let trial = trial.to_string();
        scores.iter().filter(move |row| row["trial"] == trial)
    };
    for method in results["methods"].as_array().unwrap() {
        let id = method["id"].as_str().unwrap();
        for trial in 0..2 {
            let found = &method["trials"][trial];
            // The ranking AUC, pair by pair.
            let bad = || of_trial(trial).filter(|row| row["charged_off"] == "1");
            let good = || of_trial(trial).filter(|row| row["charged_off"] == "0");
            let pairs = bad().flat_map(|b| good().map(move |g| number(b, id) - number(g, id)));
            let won = pairs.map(|d| match d {
                d if d > 0.0 => 1.0,
                0.0 => 0.5,
                _ => 0.0,
            });
            close(&found["roc_auc"], mean(won));
            let paid = || of_trial(trial).filter(|row| number(row, id) <= 0.0);
            assert_eq!(found["n_predicted_paid"], paid().count());
            close(
                &found["return_predicted_paid"],
                mean(paid().map(|row| number(row, "realised"))),
            );
            // The top tenth by forecast of those predicted paid, rounded.
            let mut ranked: Vec<&Row> = paid().collect();
            ranked.sort_by(|a, b| number(b, "forecast").total_cmp(&number(a, "forecast")));
            ranked.truncate((0.1 * ranked.len() as f64 + 0.5).floor() as usize);
            close(
                &found["return_top"],
                mean(ranked.iter().map(|row| number(row, "realised"))),
            );
            let of_method = bought.iter().filter(|row| row["method"] == id);
            let of_method = of_method.filter(|row| row["trial"] == trial.to_string());
            let mut loans: Vec<&str> = of_method.map(|row| row["loan"].as_str()).collect();
            let mut top: Vec<&str> = ranked.iter().map(|row| row["loan"].as_str()).collect();
            loans.sort_unstable();
            top.sort_unstable();
            assert_eq!(loans, top, "{id}");
        }
        let roc = &results["figures"]["methods"][id]["roc"];
        // Without a tie at the edge: the share of charged-off loans that score above all but the first fifth of the paid
        // ones.
        if id == "iefsvm" {
            let tpr = |trial: usize| {
                let good = of_trial(trial).filter(|row| row["charged_off"] == "0");
                let mut good: Vec<f64> = good.map(|row| number(row, id)).collect();
                good.sort_by(|a, b| b.total_cmp(a));
                let next = good[good.len() / 5];
                let bad = of_trial(trial).filter(|row| row["charged_off"] == "1");
                mean(bad.map(|row| f64::from(u8::from(number(row, id) > next))))
            };
            about(&roc["tpr"][20], mean([tpr(0), tpr(1)]));
        }
    }

    let portfolio = |id: &str| -> &Value {
        let all = results["portfolios"].as_array().unwrap();
        all.iter().find(|p| p["id"] == id).unwrap()
    };
    let over_trials = |of: &dyn Fn(usize) -> f64| mean([of(0), of(1)]);
    close(
        &portfolio("market")["return"],
        over_trials(&|t| mean(of_trial(t).map(|row| number(row, "realised")))),
    );
    close(
        &portfolio("market")["charged_off"],
        over_trials(&|t| mean(of_trial(t).map(|row| number(row, "charged_off")))),
    );
    let benchmark = |t: usize| {
        let rows = bought.iter().filter(|row| row["method"] == "benchmark-1");
        let rows = rows.filter(|row| row["trial"] == t.to_string());
        mean(rows.map(|row| {
            assert_eq!(row["score"], "");
            number(row, "realised")
        }))
    };
    close(&portfolio("benchmark-1")["return"], over_trials(&benchmark));
    close(
        &results["benchmarks"][0]["return"]["mean"],
        over_trials(&benchmark),
    );
    let funded = |t: usize| {
        let all = || of_trial(t);
        let sum = |of: &dyn Fn(&Row) -> f64| all().map(of).sum::<f64>();
        sum(&|row| number(row, "funded_amnt") * number(row, "realised"))
            / sum(&|row| number(row, "funded_amnt"))
    };
    close(
        &portfolio("market")["capital_weighted"],
        over_trials(&funded),
    );
    let segments = results["segments"].as_array().unwrap();
    let year = segments
        .iter()
        .find(|s| s["by"] == "year" && s["value"] == "2010")
        .unwrap();
    let of_year = scores
        .iter()
        .filter(|row| row["issued"].starts_with("2010"));
    close(
        &year["default_market"],
        mean(of_year.map(|row| number(row, "charged_off"))),
    );

    let again = bench.run(&format!("{RUN} --out o"));
    assert_eq!(again.code, Some(1));
    let line = bench.json(&format!("{RUN} --out p"));
    assert_eq!(line["scores"], "p/scores.csv.gz");
    assert!(line.get("figures").is_none() && line["portfolios"][0].get("cash").is_none());
    // The same bytes from the same run.
    let bytes =
        |folder: &str| std::fs::read(bench.path(&format!("{folder}/scores.csv.gz"))).unwrap();
    assert_eq!(bytes("o"), bytes("p"));
}

#[test]
fn what_a_run_came_from_stands_in_its_results() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 2000 --seed 3 --output my'book.csv");
    let flags = "--split random --trials 1 --train 150 --test 150 --methods class-cost --c 1 --gamma 0.02 --seed 9";
    bench.ok(&format!("lend --loans my'book.csv {flags} --out o"));
    let results = crate::common::results(&bench, "o");
    let found = &results["provenance"];
    assert_eq!(found["data"]["name"], "my'book.csv (simulated)");
    assert_eq!(found["data"]["files"][0]["name"], "my'book.csv");
    assert_eq!(found["data"]["files"][0]["sha256"], found["data"]["sha256"]);
    assert_eq!(found["data"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(found["data"]["rows"], results["loans"]["read"]);
    assert_eq!(found["data"]["kept"], results["loans"]["kept"]);
    let dropped = results["loans"]["dropped"].as_object().unwrap().values();
    let dropped: u64 = dropped.map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(found["data"]["dropped"], dropped);
    assert_eq!(found["features"], results["features"]["used"]);
    assert_eq!(
        (&found["seed"], &found["version"]),
        (&Value::from(9), &Value::from(env!("CARGO_PKG_VERSION")))
    );
    let command = found["command"].as_str().unwrap();
    let words = r"fuzzysvm lend --loans 'my'\''book.csv' --split random";
    assert!(command.starts_with(words), "{command}");
    let started = found["started"].as_str().unwrap();
    assert!(
        started.starts_with("20") && started.ends_with('Z') && started.len() == 20,
        "{started}"
    );
    assert!(found["seconds"].as_f64().unwrap() > 0.0);
    // The loans of a pipe are known by what was read.
    shell(
        &bench,
        &format!("BIN lend --loans - {flags} --out p < \"my'book.csv\""),
    );
    let of_pipe = &crate::common::results(&bench, "p")["provenance"]["data"];
    assert_eq!(of_pipe["sha256"], Value::Null);
    assert_eq!(of_pipe["loans_sha256"], found["data"]["loans_sha256"]);
    // Not what a reader of the file could take for figures of another run.
    let walked = "lend --simulated-loans 9000 --split walk-forward --scores --out w";
    let refused = bench.run(walked);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("--scores does nothing"),
        "{}",
        refused.stderr
    );
}

/// Of expected returns every method has its own column, by which its loans were bought.
#[test]
fn every_method_buys_by_its_own_expected_returns() {
    let bench = Bench::new();
    bench.ok(&format!("{RUN} --forecast expected --out o"));
    let results = lend_results(&bench, "o");
    assert_eq!(results["forecast"], "expected return");
    assert_eq!(results["benchmark_1_forecast"], "forecast if paid");
    assert!(results["claims"].as_array().unwrap().is_empty());
    let file = std::fs::File::open(bench.path("o/scores.csv.gz")).unwrap();
    let scores = table(flate2::read::GzDecoder::new(file));
    let bought = table(bench.get("o/portfolio.csv").as_bytes());
    for method in results["methods"].as_array().unwrap() {
        let id = method["id"].as_str().unwrap();
        let own = format!("{id}_forecast");
        let paid = scores.iter().filter(|row| row["trial"] == "1");
        let mut ranked: Vec<&Row> = paid.filter(|row| number(row, id) <= 0.0).collect();
        ranked.sort_by(|a, b| number(b, &own).total_cmp(&number(a, &own)));
        ranked.truncate((0.1 * ranked.len() as f64 + 0.5).floor() as usize);
        close(
            &method["trials"][1]["return_top"],
            mean(ranked.iter().map(|row| number(row, "realised"))),
        );
        let of_method = bought
            .iter()
            .filter(|row| row["method"] == id && row["trial"] == "1");
        for row in of_method {
            let found = ranked.iter().find(|r| r["loan"] == row["loan"]).unwrap();
            assert_eq!(found[&own], row["forecast"]);
        }
    }
}
