//! Loans on offer through the binary: from a kept model to a list of what to buy.

use std::collections::BTreeMap;

use crate::common::{Bench, keys};

/// A line of a table: its cells by column.
type Row = BTreeMap<String, String>;

fn table(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize::<Row>().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    let cell = &row[column];
    cell.parse()
        .unwrap_or_else(|_| panic!("{column}: {cell:?}"))
}

/// The loans of a simulated file, by their id: below its note, without its footers.
fn loans(text: &str) -> BTreeMap<String, Row> {
    let (_, text) = text.split_once('\n').unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let records = reader.records().map(Result::unwrap);
    let whole = records.filter(|record| record.len() == header.len());
    let row = |record: csv::StringRecord| -> Row {
        header
            .iter()
            .map(str::to_owned)
            .zip(record.iter().map(str::to_owned))
            .collect()
    };
    whole.map(row).map(|row| (row["id"].clone(), row)).collect()
}

fn spent(rows: &[Row]) -> f64 {
    rows.iter().map(|row| number(row, "amount")).sum()
}

/// With the model of simulated loans in `kept`, and other simulated loans in `offer.csv`.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.ok(
        "lend --simulated-loans 2000 --split random --trials 1 --train 300 --test 200 --c 1 --gamma 0.02 \
         --methods iefsvm --save kept --out o --quiet",
    );
    bench.ok("simulate-loans --n 500 --output offer.csv --seed 7");
    bench
}

#[test]
fn a_kept_model_chooses_among_loans_on_offer() {
    let bench = bench();
    // The model file is one that every command takes.
    bench.ok("predict offer.csv --model kept/model.json --output scores.csv");
    let json =
        bench.json("portfolio --model kept --loans offer.csv --output buy.csv --budget 1010");
    assert_eq!(
        keys(&json).join(" "),
        "bought budget candidates expected_return fidelity gap loans not_scored output probability return_of_alike \
         returns scored sd shifts spent trained_on unseen warnings"
    );
    let bought = table(&bench.get("buy.csv"));
    let scored = json["scored"].as_u64().unwrap() as f64;
    // The best tenth, rounded: with 40 notes at least one note in each of the first 40.
    let tenth = (0.1 * scored + 0.5).floor() as usize;
    assert_eq!(bought.len(), tenth.min(40));
    assert_eq!(spent(&bought), 1000.0);
    assert!(bought.iter().all(|row| number(row, "amount") % 25.0 == 0.0));
    let expected: Vec<f64> = bought
        .iter()
        .map(|row| number(row, "expected_return"))
        .collect();
    assert!(expected.windows(2).all(|pair| pair[0] >= pair[1]));

    // (1 − p) · if paid + p · the same number for every loan.
    let lost = |row: &Row| {
        let p = number(row, "probability");
        (number(row, "expected_return") - (1.0 - p) * number(row, "return_if_paid")) / p
    };
    let first = lost(&bought[0]);
    assert!((-1.0..0.0).contains(&first), "{first}");
    assert!(bought.iter().all(|row| (lost(row) - first).abs() < 1e-9));
    assert!(
        bought
            .iter()
            .all(|row| number(row, "return_low") <= number(row, "return_high"))
    );

    // Reasons name a feature, its value and the typical one; features move the score sooner in their order than at random.
    assert!(
        bought
            .iter()
            .all(|row| row["reason_1"].contains(" (typical "))
    );
    assert!(
        bought
            .iter()
            .all(|row| row["charged_off_neighbors"].split(' ').count() == 8)
    );
    let fidelity = &json["fidelity"];
    assert!(fidelity["area"].as_f64() > fidelity["area_random"].as_f64());

    // The scores are those of predict; with --all there is a line for every loan of the file.
    bench.ok(
        "portfolio --model kept/model.json --loans offer.csv --output all.csv --budget 1010 --all",
    );
    let all = table(&bench.get("all.csv"));
    let predicted = table(&bench.get("scores.csv"));
    assert_eq!((all.len(), predicted.len()), (500, 500));
    for (row, of_predict) in all.iter().zip(&predicted) {
        for column in ["row", "id", "probability", "decision"] {
            assert_eq!(row[column], of_predict[column]);
        }
        assert_eq!(row["note"].is_empty(), !row["decision"].is_empty());
    }
    assert_eq!(
        spent(
            &all.into_iter()
                .filter(|row| !row["amount"].is_empty())
                .collect::<Vec<_>>()
        ),
        1000.0
    );
    // On standard output it is the list alone.
    let run = bench.ok("portfolio --model kept --loans offer.csv --budget 1010");
    assert_eq!(run.stdout, bench.get("buy.csv"));
}

#[test]
fn rules_and_caps() {
    let bench = bench();
    let buy = |flags: &str| {
        let json = bench.json(&format!(
            "portfolio --model kept --loans offer.csv --output b.csv --force {flags}"
        ));
        (json, table(&bench.get("b.csv")))
    };
    let (_, top) = buy("--rule top-n=7 --budget 700");
    assert!(top.len() == 7 && top.iter().all(|row| row["amount"] == "100"));
    let (json, some) = buy("--rule threshold=0.05");
    assert!(
        some.iter()
            .all(|row| number(row, "expected_return") >= 0.05)
    );
    assert!(json["spent"].as_f64().unwrap() <= 10_000.0);
    let (json, nothing) = buy("--rule threshold=0.9");
    assert!(nothing.is_empty() && json["spent"] == 0.0 && json["expected_return"].is_null());
    let (_, surest) = buy("--rank score --rule top-n=5");
    let decisions: Vec<f64> = surest.iter().map(|row| number(row, "decision")).collect();
    assert!(decisions.windows(2).all(|pair| pair[0] <= pair[1]));
    let (_, paid) = buy("--rank filter");
    assert!(paid.iter().all(|row| number(row, "decision") <= 0.0));

    let (json, spread) = buy(
        "--rule mean-variance=5 --max-per-loan 75 --cap grade=0.3 --cap state=0.2 --budget 2000",
    );
    assert!(json["gap"].as_f64().unwrap() < 0.01);
    assert!(spread.iter().all(|row| number(row, "amount") <= 75.0));
    let loans = loans(&bench.get("offer.csv"));
    for (column, cap) in [("grade", 600.0), ("addr_state", 400.0)] {
        let mut of_group: BTreeMap<&str, f64> = BTreeMap::new();
        for row in &spread {
            let loan = &loans[&row["id"]];
            *of_group.entry(&loan[column]).or_default() += number(row, "amount");
        }
        assert!(of_group.values().all(|sum| *sum <= cap), "{of_group:?}");
    }
}

#[test]
fn what_training_did_not_have_is_said_and_refused_on_request() {
    let bench = bench();
    let offer = bench.get("offer.csv");
    bench.put("moon.csv", offer.replace("credit_card", "moon_landing"));
    let run = bench.ok("portfolio --model kept --loans moon.csv --output b.csv");
    assert!(
        run.stderr.contains("purpose=moon_landing"),
        "{}",
        run.stderr
    );
    let json = bench.json("portfolio --model kept --loans moon.csv --output c.csv --refuse-unseen");
    let unseen = json["unseen"]["purpose=moon_landing"].as_u64().unwrap();
    assert_eq!(
        json["not_scored"]["purpose=moon_landing was not seen in training"],
        unseen
    );
    // Every rate is a third: nothing like the training loans.
    let cheap = |line: &str| -> Option<String> {
        let (before, rest) = line.split_once(" months\",\"")?;
        let (rate, after) = rest.split_once('%')?;
        let third = rate.parse::<f64>().unwrap() / 3.0;
        Some(format!("{before} months\",\"{third:.2}%{after}"))
    };
    let shifted: Vec<String> = offer
        .lines()
        .map(|line| cheap(line).unwrap_or_else(|| line.to_owned()))
        .collect();
    bench.put("cheap.csv", shifted.join("\n"));
    let run = bench.ok("portfolio --model kept --loans cheap.csv --output d.csv");
    assert!(
        run.stderr
            .contains("these loans differ from the training loans"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("int_rate (PSI "), "{}", run.stderr);
}

#[test]
fn hostile_requests() {
    let bench = bench();
    bench.put("train.csv", crate::common::csv(120, 5));
    bench.ok("train train.csv --calibrate sigmoid --model table.json");
    bench.ok("train offer.csv --model plain.json");
    let edited =
        bench
            .get("kept/model.json")
            .replacen("\"if_charged_off\":-", "\"if_charged_off\":", 1);
    bench.put("edited.json", edited);
    for (flags, code, words) in [
        ("--model none.json --loans offer.csv", 1, "none.json"),
        (
            "--model table.json --loans offer.csv",
            1,
            "found a model of a table",
        ),
        (
            "--model plain.json --loans offer.csv",
            1,
            "without forecasts of returns",
        ),
        (
            "--model edited.json --loans offer.csv",
            1,
            "the file was changed",
        ),
        ("--model kept --loans none.csv", 1, "none.csv"),
        ("--model kept --loans train.csv", 1, "train.csv"),
        (
            "--model kept --loans offer.csv --budget 20",
            2,
            "--budget 20: must be at least one note, 25",
        ),
        ("--model kept --loans offer.csv --budget 0", 2, "above 0"),
        (
            "--model kept --loans offer.csv --rule top",
            2,
            "must be top-fraction",
        ),
        (
            "--model kept --loans offer.csv --rank score --rule threshold=0.1",
            2,
            "--rule",
        ),
        (
            "--model kept --loans offer.csv --cap grade=2",
            2,
            "share of the budget",
        ),
        (
            "--model kept --loans offer.csv --cap colour=0.2",
            2,
            "grade, purpose or state",
        ),
        (
            "--model kept --loans offer.csv --cap grade=0.2 --cap grade=0.3",
            2,
            "once",
        ),
        ("--model kept --loans offer.csv --json", 2, "--output FILE"),
        (
            "--model kept --loans offer.csv --output train.csv",
            1,
            "--force",
        ),
    ] {
        let run = bench.run(&format!("portfolio {flags}"));
        assert_eq!(run.code, Some(code), "{flags}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{flags}: {}", run.stderr);
    }
}
