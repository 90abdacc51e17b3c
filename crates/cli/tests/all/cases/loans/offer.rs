//! `predict` on loans, and names of rows.

use std::collections::BTreeMap;

use super::file::Loans;
use super::refused;
use crate::cases::case;
use crate::common::Bench;

/// Row, decision, label, id, note.
pub fn scored(bench: &Bench, args: &str) -> Vec<Vec<String>> {
    let text = bench.ok(&format!("predict {args}")).stdout;
    let loans = Loans::of(&text);
    assert_eq!(loans.header, ["row", "decision", "label", "id", "note"]);
    loans.rows
}

pub fn with_model() -> Option<(Bench, Loans)> {
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

#[test]
fn models_without_the_month_of_their_last_loan_ask_for_one() {
    let bench = Bench::new();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/");
    for name in ["schema1-loans.json", "schema2-loans.json"] {
        bench.put(name, std::fs::read(format!("{golden}{name}")).unwrap());
    }
    let text = std::fs::read_to_string(format!("{golden}new-loans.csv")).unwrap();
    let (_, below_notes) = text.split_once('\n').unwrap();
    let (loans, _) = below_notes.split_once("\n\n").unwrap_or((below_notes, ""));
    let loans: Vec<&str> = loans
        .lines()
        .filter(|l| l.matches(',').count() > 99)
        .collect();
    let loans = Loans::of(&loans.join("\n"));
    loans.without(&["issue_d"]).put(&bench, "offer.csv");
    for model in ["schema1-loans.json", "schema2-loans.json"] {
        let found = refused(&bench, &format!("predict offer.csv --model {model}"));
        assert!(found.contains("`issue_d`"), "{found}");
        assert!(found.contains("unless --as-of YYYY-MM is given"), "{found}");
        let scored = scored(
            &bench,
            &format!("offer.csv --model {model} --as-of 2012-01"),
        );
        assert_eq!(scored.len(), loans.rows.len());
    }
}
