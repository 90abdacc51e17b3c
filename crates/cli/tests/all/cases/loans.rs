//! Loan books.

mod file;
mod offer;

use serde_json::Value;

use crate::cases::case;
use crate::common::Bench;
use file::Loans;
use offer::{scored, with_model};

/// One fit of one method on few loans: what is read is asked for, not how good it is.
const SMALL: &str = "--trials 1 --train 600 --test 600 --methods class-cost --c 1 --gamma 0.02";

/// The columns that the page *Data* calls sufficient.
const SUFFICIENT: [&str; 7] = [
    "loan_status",
    "term",
    "int_rate",
    "issue_d",
    "funded_amnt",
    "total_pymnt",
    "collection_recovery_fee",
];

/// What does not depend on where the loans came from.
fn figures(results: &Value) -> Value {
    let mut results = results.clone();
    let object = results.as_object_mut().unwrap();
    for key in [
        "source",
        "seconds",
        "results",
        "portfolio",
        "purchases",
        "report",
        "provenance",
        "warnings",
    ] {
        object.remove(key);
    }
    let loans = object["loans"].as_object_mut().unwrap();
    loans.remove("read");
    loans["dropped"]
        .as_object_mut()
        .unwrap()
        .remove("the same loan again");
    results
}

/// Without the internal rates of return, which say when recoveries came and how much the last payment was.
fn without_irr(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.remove("mean_irr");
            fields.remove("irr");
            fields.values_mut().for_each(|v| *v = without_irr(v.take()));
        }
        Value::Array(values) => values.iter_mut().for_each(|v| *v = without_irr(v.take())),
        _ => {}
    }
    value
}

fn lend(bench: &Bench, args: &str) -> Value {
    let n = bench.names().len();
    bench.json(&format!("lend {args} {SMALL} --out out{n}"))
}

fn refused(bench: &Bench, args: &str) -> String {
    let run = bench.run(args);
    assert_eq!(run.code, Some(1), "{args}: {}{}", run.stdout, run.stderr);
    run.stderr
}

#[test]
fn absent_columns_are_named_all_at_once_with_what_needs_them() {
    let Some(base) = Loans::base() else { return };
    let bench = Bench::new();
    base.put(&bench, "base.csv");
    for (columns, args, words) in [
        (
            &["last_pymnt_d"][..],
            "--return irr",
            "`last_pymnt_d` (needed for the return irr)",
        ),
        (
            &["last_pymnt_d"],
            "--split out-of-time",
            "`last_pymnt_d` (needed for an out-of-time split",
        ),
        (
            &["last_pymnt_d"],
            "--snapshot auto",
            "`last_pymnt_d` (needed for --snapshot auto)",
        ),
        (
            &["last_pymnt_d", "recoveries"],
            "--return irr --split out-of-time",
            "`last_pymnt_d` (needed for the return irr and an out-of-time split, which asks when an outcome was \
             known), `recoveries` (needed for the return irr)",
        ),
        (
            &["funded_amnt", "collection_recovery_fee"],
            "",
            "`funded_amnt` (needed for returns), `collection_recovery_fee` (needed for returns)",
        ),
        (
            &["loan_status", "last_pymnt_d"],
            "--return irr",
            "`loan_status` (needed for the class of a loan), `last_pymnt_d`",
        ),
    ] {
        base.without(columns).put(&bench, "lean.csv");
        let found = refused(&bench, &format!("lend --loans lean.csv {args} {SMALL}"));
        assert!(
            found.starts_with("error: lean.csv:1: the header lacks "),
            "{found}"
        );
        assert!(found.contains(words) && found.contains("--map"), "{found}");
        // One file of several suffices.
        let found = refused(
            &bench,
            &format!("lend --loans base.csv lean.csv {args} {SMALL}"),
        );
        assert!(
            found.contains("lean.csv:1") && found.contains(words),
            "{found}"
        );
    }
}

#[test]
fn the_return_irr_with_the_dates_of_last_payments() {
    let Some(path) = case("loans/base.csv.gz") else {
        return;
    };
    let bench = Bench::new();
    let found = lend(&bench, &format!("--loans {} --return irr", path.display()));
    let mean = found["loans"]["market_return"].as_f64().unwrap();
    assert!((mean - 0.0419).abs() < 5e-5, "{mean}");
    for form in 0..5 {
        let base = Loans::base().unwrap();
        let month = |cell: &str| {
            let Some((name, year)) = cell.split_once('-') else {
                return cell.to_owned();
            };
            let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
            let month = names.find(name).unwrap() / 3 + 1;
            match form {
                0 => format!("{name}-{}", &year[2..]),
                1 => format!("{year}-{month:02}"),
                2 => format!("{year}-{month:02}-01"),
                3 => format!("{month:02}/{year}"),
                _ => format!("{year}-{month:02}-01T00:00:00.000Z"),
            }
        };
        let mut other = base;
        for column in ["issue_d", "last_pymnt_d", "earliest_cr_line"] {
            let place = other.place(column);
            other = other.change(column, |row| month(&row[place]));
        }
        other.put(&bench, "dates.csv");
        let again = lend(&bench, "--loans dates.csv --return irr");
        assert_eq!(figures(&again), figures(&found), "form {form}");
    }
}

#[test]
fn optional_columns_may_be_absent() {
    let Some(base) = Loans::base() else { return };
    let bench = Bench::new();
    base.put(&bench, "base.csv");
    let whole = lend(&bench, "--loans base.csv");
    for column in [
        "recoveries",
        "last_pymnt_amnt",
        "installment",
        "total_rec_late_fee",
    ] {
        base.without(&[column]).put(&bench, "lean.csv");
        let lean = lend(&bench, "--loans lean.csv");
        for key in ["kept", "charged_off", "dropped", "market_return"] {
            assert_eq!(lean["loans"][key], whole["loans"][key], "{column}: {key}");
        }
        // The installment is a feature, too.
        if column != "installment" {
            let [lean, whole] = [&lean, &whole].map(|found| without_irr(figures(found)));
            assert_eq!(lean, whole, "{column}");
        }
    }
    base.keeping(|c| SUFFICIENT.contains(&c))
        .put(&bench, "lean.csv");
    let lean = lend(&bench, "--loans lean.csv");
    assert!(lean["loans"]["kept"].as_u64().unwrap() > 2500);
    // Walk-forward needs one more, and is left out unless it is asked for by name.
    assert!(lean.get("walk_forward").is_none());
    let run = bench.ok(&format!("lend --loans lean.csv {SMALL}"));
    let words = "walk-forward is left out: lean.csv:1";
    assert!(
        run.stderr.contains(words) && run.stderr.contains("`last_pymnt_d`"),
        "{}",
        run.stderr
    );
    let found = refused(&bench, "lend --loans lean.csv --split walk-forward");
    assert!(found.contains("`last_pymnt_d`"), "{found}");
    let data = include_str!("../../../../../docs/src/data.md");
    for column in SUFFICIENT {
        assert!(data.contains(&format!("`{column}`")), "{column}");
    }
}

#[test]
fn a_loan_given_twice_counts_once() {
    let Some(base) = Loans::base() else { return };
    let bench = Bench::new();
    base.put(&bench, "base.csv");
    base.without(&["id"]).put(&bench, "noid.csv");
    // One file with the first thousand loans again, at its end.
    let mut twice = base.clone();
    twice.rows.extend_from_slice(&base.rows[..1000]);
    twice.put(&bench, "twice.csv");
    let once = lend(&bench, "--loans base.csv");
    let anonymous = lend(&bench, "--loans noid.csv");
    assert_eq!(figures(&anonymous), figures(&once));
    for (files, n) in [
        ("base.csv base.csv", 4000),
        ("noid.csv noid.csv", 4000),
        ("base.csv noid.csv", 4000),
        ("noid.csv base.csv", 4000),
        ("twice.csv", 1000),
        ("twice.csv noid.csv twice.csv", 10_000),
    ] {
        let found = lend(&bench, &format!("--loans {files}"));
        assert_eq!(found["loans"]["read"], 4000 + n, "{files}");
        assert_eq!(
            found["loans"]["dropped"]["the same loan again"], n,
            "{files}"
        );
        assert_eq!(figures(&found), figures(&once), "{files}");
        let run = bench.ok(&format!("lend --loans {files} {SMALL}"));
        let words = format!("warning: {n} rows are loans that another row holds already");
        assert!(run.stderr.contains(&words), "{}", run.stderr);
    }
    let run = bench.ok("train twice.csv --method class-cost --model twice.json");
    assert!(run.stderr.contains("1000 rows are loans"), "{}", run.stderr);
    bench.ok("train base.csv --method class-cost --model once.json");
    assert_eq!(bench.get("twice.json"), bench.get("once.json"));
    let run = bench.ok("evaluate twice.csv --model once.json --resamples 5");
    assert!(run.stderr.contains("1000 rows are loans"), "{}", run.stderr);
    assert_eq!(
        run.stdout,
        bench
            .ok("evaluate base.csv --model once.json --resamples 5")
            .stdout
    );
}

#[test]
fn young_loans_are_counted_and_left_out() {
    let Some(base) = Loans::base() else { return };
    let bench = Bench::new();
    // As downloaded in June 2013: of the last 18 months those that ended are finished, the others run.
    let [issue, last, status] = ["issue_d", "last_pymnt_d", "loan_status"].map(|c| base.place(c));
    let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let index = |cell: &str| {
        let (name, year) = cell.split_once('-')?;
        Some(12 * year.parse::<usize>().ok()? + names.find(name)? / 3)
    };
    let june = 12 * 2013 + 5;
    let runs = |row: &[String]| index(&row[last]).is_some_and(|month| month >= june);
    let young = |row: &[String]| index(&row[issue]).unwrap() + 36 + 5 > june;
    let earlier = base
        .clone()
        .change("loan_status", |row| match runs(row) {
            true => "Current".to_owned(),
            false => row[status].clone(),
        })
        .change("last_pymnt_d", |row| match runs(row) {
            true => "Jun-2013".to_owned(),
            false => row[last].clone(),
        });
    earlier.put(&bench, "earlier.csv");
    let term = earlier.place("term");
    let finished = |row: &&Vec<String>| {
        row[term].contains("36")
            && ["Fully Paid", "Charged Off", "Default"].contains(&&*row[status])
    };
    let kept = earlier.rows.iter().filter(finished).count();
    let n_young = earlier
        .rows
        .iter()
        .filter(finished)
        .filter(|r| young(r))
        .count();
    assert!(n_young > 100, "{n_young}");
    let reason = "issued too late to have run its term";
    let loans = |args: &str| {
        let n = bench.names().len();
        let small = SMALL.replace("600", "200");
        let found = bench.json(&format!(
            "lend --loans earlier.csv {args} {small} --out o{n}"
        ));
        found["loans"].clone()
    };
    let all = loans("");
    assert_eq!(all["kept"], kept);
    assert_eq!(all["young"]["n"], n_young);
    assert_eq!(all["young"]["snapshot"], "2013-06");
    for args in [
        "--snapshot auto",
        "--snapshot 2013-06",
        "--split out-of-time",
    ] {
        let old = loans(args);
        assert_eq!(old["kept"], kept - n_young, "{args}");
        assert_eq!(old["dropped"][reason], n_young, "{args}");
        assert_eq!(old["snapshot"], "2013-06", "{args}");
        assert_eq!(
            old["market_return"],
            all["young"]["market_return_of_others"]
        );
        assert!(old["young"].is_null());
    }
    assert_ne!(
        all["market_return"],
        all["young"]["market_return_of_others"]
    );
    let off = loans("--split out-of-time --snapshot off");
    assert_eq!(off["kept"], kept);
    let small = SMALL.replace("600", "200");
    let shown = bench
        .ok(&format!("lend --loans earlier.csv {small}"))
        .stdout;
    let percent = |v: &Value| format!("{:.2} %", 100.0 * v.as_f64().unwrap());
    for words in [
        percent(&all["market_return"]) + " with them",
        percent(&all["young"]["market_return_of_others"]) + " without",
        "had not passed at 2013-06".to_owned(),
    ] {
        assert!(shown.contains(&words), "{words}: {shown}");
    }
    let undated = earlier.change("last_pymnt_d", |_| String::new());
    undated.put(&bench, "undated.csv");
    let run = bench.ok(&format!("lend --loans undated.csv {small} --snapshot auto"));
    assert!(
        run.stderr.contains("no payment has a month"),
        "{}",
        run.stderr
    );
    let run = bench.run("lend --loans earlier.csv --snapshot June");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("YYYY-MM, auto or off"),
        "{}",
        run.stderr
    );
}

#[test]
fn renamed_columns_are_mapped_in_every_command() {
    let Some((bench, offer)) = with_model() else {
        return;
    };
    let base = Loans::base().unwrap();
    base.put(&bench, "base.csv");
    let names = [
        ("int_rate", "Interest"),
        ("loan_status", "State of the loan"),
        ("funded_amnt", "Funded"),
    ];
    base.clone().renamed(&names).put(&bench, "own.csv");
    let map = "--map Interest=int_rate --map FUNDED=funded_amnt";
    let same = |with: &str, own: &str| {
        let mut command = bench.command(own);
        command.args(["--map", "State of the loan=loan_status"]);
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{own}: {stderr}");
        bench.ok(with);
    };
    same(
        "train base.csv --method class-cost --model a.json",
        &format!("train own.csv --method class-cost --model b.json {map}"),
    );
    assert_eq!(bench.get("a.json"), bench.get("b.json"));
    same(
        "membership base.csv --method class-cost --output a.csv",
        &format!("membership own.csv --method class-cost --output b.csv {map}"),
    );
    assert_eq!(bench.get("a.csv"), bench.get("b.csv"));
    for rest in [
        "--model a.json --resamples 5",
        "--method class-cost --folds 2 --resamples 5",
    ] {
        same(
            &format!("evaluate base.csv {rest}"),
            &format!("evaluate own.csv {rest} {map}"),
        );
    }
    same(
        "tune base.csv --method class-cost --c 1 --gamma 0.02 --folds 2",
        &format!("tune own.csv --method class-cost --c 1 --gamma 0.02 --folds 2 {map}"),
    );
    same(
        &format!("lend --loans base.csv {SMALL} --out a"),
        &format!("lend --loans own.csv {SMALL} --out b {map}"),
    );
    let read = |name: &str| serde_json::from_str::<Value>(&bench.get(name)).unwrap();
    assert_eq!(
        figures(&read("a/results.json")),
        figures(&read("b/results.json"))
    );
    let expected = scored(&bench, "offer.csv --model m.json");
    offer.clone().renamed(&names).put(&bench, "own_offer.csv");
    let found = scored(
        &bench,
        &format!("own_offer.csv --model m.json {}", &map[..23]),
    );
    assert_eq!(found, expected);

    for (flags, words) in [
        ("--map Intrest=int_rate", "`int_rate`: no file has it"),
        (
            "--map Interest=intrate",
            "as `intrate`: Lending Club's files have no such column",
        ),
        ("", "--map OLD=NEW"),
    ] {
        let flags = format!("predict own_offer.csv --model m.json {flags}");
        let found = match flags.contains("Intrest") {
            true => refused(&bench, &flags.replace("own_", "")),
            false => refused(&bench, &flags),
        };
        assert!(found.contains(words), "{found}");
    }
    bench.put("t.csv", "a,y\n1,0\n2,1\n");
    for args in [
        "train t.csv --model t.json --map a=b",
        "predict t.csv --model m.json --map a",
        "lend --map amount=loan_amnt",
    ] {
        assert_eq!(bench.run(args).code, Some(2), "{args}");
    }
}

#[test]
fn sizes_that_do_not_fit_say_what_would() {
    let Some(path) = case("loans/base.csv.gz") else {
        return;
    };
    let bench = Bench::new();
    let methods = "--trials 1 --methods class-cost --c 1 --gamma 0.02";
    let lend = format!("lend --loans {} {methods}", path.display());
    for (flags, words) in [
        (
            "--term 60",
            &[
                "4000 loans are needed for training and testing, but only 431 are there",
                "2548 another term: --term",
                "411 does not meet the credit policy: --include-off-policy",
                "604 not finished: current",
            ][..],
        ),
        ("", &["2548 of 4000 loans are kept"]),
        (
            "--split out-of-time --test-from 2007-02",
            &[
                "20 loans are needed for training, but only 0 are there with test loans from 2007-02",
                "722 issued too late to have run its term: --snapshot off",
            ],
        ),
    ] {
        let found = refused(&bench, &format!("{lend} {flags}"));
        for words in words {
            assert!(found.contains(words), "{found}");
        }
        // The advice is good.
        let advice = found
            .split_once("; ")
            .unwrap()
            .1
            .split_once(" would fit")
            .unwrap()
            .0;
        let kept = flags.replace("--test-from 2007-02", "");
        bench.ok(&format!("{lend} {kept} {advice}"));
    }
}
