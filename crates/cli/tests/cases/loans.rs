//! Loan books.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::case;
use crate::common::Bench;

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

/// A loan file in memory.
#[derive(Clone)]
struct Loans {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Loans {
    /// The 4,000 loans of the cases.
    fn base() -> Option<Self> {
        let mut text = String::new();
        let file = std::fs::File::open(case("loans/base.csv.gz")?).unwrap();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        Some(Self::of(&text))
    }

    fn of(text: &str) -> Self {
        let mut csv = csv::Reader::from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = cells(csv.headers().unwrap());
        let rows = csv.records().map(|r| cells(&r.unwrap())).collect();
        Self { header, rows }
    }

    fn place(&self, column: &str) -> usize {
        self.header.iter().position(|c| c == column).unwrap()
    }

    fn keeping(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept: Vec<bool> = self.header.iter().map(|c| keep(c)).collect();
        let part = |row: &Vec<String>| {
            let cells = row.iter().zip(&kept).filter(|(_, kept)| **kept);
            cells.map(|(cell, _)| cell.clone()).collect()
        };
        Self {
            header: part(&self.header),
            rows: self.rows.iter().map(part).collect(),
        }
    }

    fn without(&self, columns: &[&str]) -> Self {
        self.keeping(|c| !columns.contains(&c))
    }

    fn with_column(mut self, name: &str, cell: impl Fn(usize) -> String) -> Self {
        self.header.push(name.to_owned());
        for (i, row) in self.rows.iter_mut().enumerate() {
            row.push(cell(i));
        }
        self
    }

    fn renamed(mut self, names: &[(&str, &str)]) -> Self {
        for column in &mut self.header {
            if let Some((_, new)) = names.iter().find(|(old, _)| old == column) {
                *column = (*new).to_owned();
            }
        }
        self
    }

    fn change(mut self, column: &str, change: impl Fn(&[String]) -> String) -> Self {
        let place = self.place(column);
        for row in &mut self.rows {
            row[place] = change(row);
        }
        self
    }

    fn put(&self, bench: &Bench, name: &str) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(&self.header).unwrap();
        self.rows.iter().for_each(|r| csv.write_record(r).unwrap());
        bench.put(name, csv.into_inner().unwrap());
    }
}

/// What does not depend on where the loans came from.
fn figures(results: &Value) -> Value {
    let mut results = results.clone();
    let object = results.as_object_mut().unwrap();
    for key in ["source", "seconds", "results", "portfolio"] {
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
            assert_eq!(figures(&lean), figures(&whole), "{column}");
        }
    }
    base.keeping(|c| SUFFICIENT.contains(&c))
        .put(&bench, "lean.csv");
    let lean = lend(&bench, "--loans lean.csv");
    assert!(lean["loans"]["kept"].as_u64().unwrap() > 2500);
    let data = include_str!("../../../../docs/src/data.md");
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
    let run = bench.run("lend --loans earlier.csv --snapshot June");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("YYYY-MM, auto or off"),
        "{}",
        run.stderr
    );
}

/// Row, decision, label, id, note.
fn scored(bench: &Bench, args: &str) -> Vec<Vec<String>> {
    let text = bench.ok(&format!("predict {args}")).stdout;
    let loans = Loans::of(&text);
    assert_eq!(loans.header, ["row", "decision", "label", "id", "note"]);
    loans.rows
}

fn with_model() -> Option<(Bench, Loans)> {
    let path = case("loans/base.csv.gz")?;
    let bench = Bench::new();
    bench.ok(&format!(
        "train {} --method class-cost --model m.json",
        path.display()
    ));
    let offer = std::fs::read_to_string(case("loans/on_offer.csv")?).unwrap();
    bench.put("offer.csv", &offer);
    Some((bench, Loans::of(&offer)))
}

#[test]
fn loans_on_offer_are_scored() {
    let Some((bench, offer)) = with_model() else {
        return;
    };
    let expected = scored(&bench, "offer.csv --model m.json");
    let term = offer.place("term");
    assert_eq!(expected.len(), offer.rows.len());
    for (i, (line, loan)) in expected.iter().zip(&offer.rows).enumerate() {
        assert_eq!((&line[0], &line[3]), (&i.to_string(), &loan[0]));
        let scored = line[1].parse::<f64>().is_ok() && !line[2].is_empty() && line[4].is_empty();
        let note = "term of 60 months, the model is for 36";
        let left_out = line[1].is_empty() && line[2].is_empty() && line[4] == note;
        assert_eq!(
            (scored, left_out),
            match loan[term].trim() {
                "36 months" => (true, false),
                _ => (false, true),
            }
        );
    }
    let warned = bench.ok("predict offer.csv --model m.json").stderr;
    for words in [
        "counted to 2011-12, the month of the model's last training loan; --as-of gives another",
        "49 of 200 loans are not scored (49 term of 60 months",
    ] {
        assert!(warned.contains(words), "{warned}");
    }

    // Columns of the outcome, and dates, present and empty.
    let columns = [
        "loan_status",
        "total_pymnt",
        "recoveries",
        "collection_recovery_fee",
        "last_pymnt_d",
        "last_pymnt_amnt",
        "issue_d",
        "list_d",
    ];
    let mut empty = offer.clone();
    for column in columns {
        empty = empty.with_column(column, |_| String::new());
    }
    // Nothing is funded yet.
    empty = empty.change("funded_amnt", |_| "0".to_owned());
    empty.put(&bench, "empty.csv");
    assert_eq!(scored(&bench, "empty.csv --model m.json"), expected);

    // The month of the listing: the file's, else the flag's.
    let as_of = scored(&bench, "offer.csv --model m.json --as-of 2012-03");
    assert_ne!(as_of, expected);
    for cell in ["2012-03-17", "Mar-2012", "Mar-12"] {
        let dated = offer.clone().with_column("list_d", |_| cell.to_owned());
        dated.put(&bench, "dated.csv");
        for flags in ["", "--as-of 2020-01"] {
            let run = bench.ok(&format!("predict dated.csv --model m.json {flags}"));
            assert!(!run.stderr.contains("credit histories"), "{}", run.stderr);
            assert_eq!(Loans::of(&run.stdout).rows, as_of, "{cell}");
        }
    }
    let early = refused(&bench, "predict offer.csv --model m.json --as-of 1990-01");
    assert!(
        early.contains("earliest_cr_line") && early.contains("as of which"),
        "{early}"
    );
    let run = bench.run("predict offer.csv --model m.json --as-of March");
    assert_eq!(run.code, Some(2));
}

#[test]
fn every_row_has_a_line_with_the_reason_where_it_is_not_scored() {
    let Some((bench, _)) = with_model() else {
        return;
    };
    let base = Loans::base().unwrap();
    base.put(&bench, "base.csv");
    let [term, status] = ["term", "loan_status"].map(|c| base.place(c));
    let lines = scored(&bench, "base.csv --model m.json --id sub_grade");
    assert_eq!(lines.len(), base.rows.len());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (line, loan) in lines.iter().zip(&base.rows) {
        let note = match (loan[status].contains("credit policy"), loan[term].trim()) {
            (true, _) => "does not meet the credit policy",
            (false, "60 months") => "term of 60 months, the model is for 36",
            _ => "",
        };
        assert_eq!(line[4], note);
        assert_eq!(line[3], loan[base.place("sub_grade")]);
        assert_eq!(line[1].is_empty() && line[2].is_empty(), !note.is_empty());
        *counts.entry(note).or_default() += 1;
    }
    let json = bench.json("predict base.csv --model m.json --output p.csv");
    assert_eq!(json["n_rows"], 4000);
    assert_eq!(json["n_samples"], counts.remove("").unwrap());
    let not_scored = json["not_scored"].as_object().unwrap();
    assert_eq!(not_scored.len(), counts.len());
    for (why, n) in counts {
        assert_eq!(not_scored[why], n, "{why}");
    }
    let found = refused(&bench, "predict base.csv --model m.json --id url");
    assert!(
        found.contains("`url` (needed for the names of the loans)"),
        "{found}"
    );
    // What the model needs, all at once.
    base.without(&["loan_amnt", "dti", "earliest_cr_line"])
        .put(&bench, "lean.csv");
    let found = refused(&bench, "predict lean.csv --model m.json");
    for column in ["loan_amnt", "dti", "earliest_cr_line"] {
        assert!(
            found.contains(&format!("`{column}` (needed for")),
            "{found}"
        );
    }
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

#[test]
fn rows_of_tables_have_names_where_a_column_is_given() {
    let bench = Bench::with_model();
    let rows = Loans::of(&bench.get("train.csv"));
    rows.with_column("who", |i| format!("no {i}"))
        .put(&bench, "named.csv");
    let plain = bench.ok("predict train.csv --model m.json").stdout;
    let named = bench.ok("predict named.csv --model m.json --id who").stdout;
    for (i, (plain, named)) in plain.lines().zip(named.lines()).enumerate() {
        let name = match i {
            0 => "id".to_owned(),
            _ => format!("no {}", i - 1),
        };
        assert_eq!(named, format!("{plain},{name}"));
    }
    assert!(refused(&bench, "predict named.csv --model m.json --id whom").contains("whom"));
}
