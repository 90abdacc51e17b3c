//! `fuzzysvm compare`: which data sets take part, and what is said of them.

use crate::common::{Bench, SMALL, csv, keel, results};

#[test]
fn a_bad_file_is_left_out_and_the_exit_code_says_so() {
    let bench = Bench::with_sets();
    bench.put("one.csv", "a,y\n1,p\n2,p\n");
    bench.put("loans.csv", "loan_status,funded_amnt,term\n");
    let bad = [
        ("one.csv", "found one class"),
        ("nowhere.dat", "No such file"),
        ("loans.csv", "found a Lending Club file"),
        (".", ""),
    ];
    let all = "one.csv near.dat nowhere.dat loans.csv far.dat .";
    let run = bench.run(&format!("compare {all} {SMALL} --out here"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let json = results(&bench, "here");
    let sets = json["sets"].as_array().unwrap();
    assert_eq!(sets.len(), 2);
    for (i, (file, reason)) in bad.into_iter().enumerate() {
        let warning = format!("warning: {file}: left out: {reason}");
        assert!(run.stderr.contains(&warning), "{warning}: {}", run.stderr);
        assert!(run.stdout.contains(&format!("  {file}: {reason}")));
        assert_eq!(json["skipped"][i]["source"], file);
    }
    assert!(bench.get("here/tables.md").contains("Data sets left out"));
    // The others come to what they come to without them.
    bench.ok(&format!("compare near.dat far.dat {SMALL} --out there"));
    let there = results(&bench, "there");
    assert_eq!(json["sets"], there["sets"]);
    assert_eq!(json["tests"], there["tests"]);
}

#[test]
fn what_a_comparison_came_from_stands_in_its_results() {
    let bench = Bench::with_sets();
    let args = "--methods svm --folds 2 --inner-folds 2 --repeats 1 --c 4 --gamma 0.25 --seed 9";
    let run = bench.run(&format!(
        "compare far.dat none.dat near.dat {args} --out here"
    ));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let record = &results(&bench, "here")["provenance"];
    let files = record["files"].as_array().unwrap();
    assert_eq!(files.len(), 2);
    for (file, name) in files.iter().zip(["far.dat", "near.dat"]) {
        let digest = <sha2::Sha256 as sha2::Digest>::digest(bench.get(name));
        let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["name"], name);
        assert_eq!(file["sha256"], digits.concat());
    }
    assert_eq!(record["seed"], 9);
    assert_eq!(record["version"], env!("CARGO_PKG_VERSION"));
    let command = record["command"].as_str().unwrap();
    assert!(
        command.starts_with("fuzzysvm compare far.dat none.dat"),
        "{command}"
    );
    let started = record["started"].as_str().unwrap();
    assert!(started.ends_with('Z') && started.len() == 20, "{started}");
    assert!(record["seconds"].as_f64().unwrap() > 0.0);
}

#[test]
fn the_same_samples_count_once() {
    let bench = Bench::with_sets();
    bench.put("copy.dat", keel(60, 4, 1.0));
    bench.ok(&format!("compare near.dat far.dat {SMALL} --out once"));
    let once = results(&bench, "once");
    for (args, source, reason) in [
        ("near.dat far.dat near.dat", "near.dat", "named twice"),
        (
            "near.dat copy.dat far.dat",
            "copy.dat",
            "the same samples as near.dat",
        ),
    ] {
        let run = bench.ok(&format!("compare {args} {SMALL} --out twice --force"));
        let warning = format!("warning: {source}: left out: {reason}");
        assert!(run.stderr.contains(&warning), "{warning}: {}", run.stderr);
        let twice = results(&bench, "twice");
        assert_eq!(twice["sets"], once["sets"]);
        assert_eq!(twice["tests"], once["tests"]);
    }
}

#[test]
fn families_are_named_where_p_values_are_read() {
    let bench = Bench::new();
    // 45 of 60 rows of one set are rows of the other, the sets of yeast have the name in common.
    bench.put("a.dat", keel(60, 4, 1.0));
    bench.put("b.dat", keel(80, 4, 1.0));
    let moved = |shift: f64| keel(60, 5, shift).replace("0.", "7.");
    bench.put("yeast1.dat", moved(1.5));
    bench.put("yeast-2_vs_4.dat", keel(70, 5, 2.0).replace("1.", "5."));
    bench.put("alone.csv", csv(60, 5));
    let all = "a.dat yeast1.dat b.dat yeast-2_vs_4.dat alone.csv";
    let run = bench.ok(&format!("compare {all} {SMALL} --out here"));
    let json = results(&bench, "here");
    assert_eq!(
        json["families"],
        serde_json::json!([["a", "b"], ["yeast1", "yeast-2_vs_4"]])
    );
    let flat = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = "they share samples or a source: a, b; yeast1, yeast-2_vs_4. The tests take";
    assert!(flat.contains(words), "{}", run.stdout);
    assert!(bench.get("here/tables.md").contains("a, b; yeast1"));
    let alone = bench.ok(&format!("compare a.dat alone.csv {SMALL} --out there"));
    assert!(!alone.stdout.contains("Not independent"));
    assert_eq!(results(&bench, "there")["families"], serde_json::json!([]));
}

#[test]
fn classes_and_copies_are_said_for_every_set() {
    let bench = Bench::with_sets();
    let mut copies = csv(60, 5);
    let again: String = copies
        .lines()
        .skip(1)
        .take(3)
        .map(|l| format!("{l}\n"))
        .collect();
    copies += &again;
    copies += &again.lines().next().unwrap().replace("yes", "no");
    bench.put("copies.csv", copies);
    let run = bench.ok(&format!("compare near.dat copies.csv {SMALL} --out here"));
    assert!(
        run.stdout.contains("15 positive (positive)"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("13 yes (positive)"), "{}", run.stdout);
    assert!(run.stdout.contains("4 copies, 1 of another class"));
    let warning =
        "copies.csv: 4 of 64 rows are copies of an earlier row, 1 of them with another class";
    assert!(run.stderr.contains(warning), "{}", run.stderr);
    let words = "rows have a copy in another fold";
    let across = run.stderr.lines().find(|l| l.contains(words)).unwrap();
    assert!(across.ends_with("too good: copies"), "{across}");
    let json = results(&bench, "here");
    let set = &json["sets"][1];
    assert_eq!(set["positive_class"], "yes");
    assert_eq!(
        (&set["n_positive"], &set["n_negative"]),
        (&13.into(), &51.into())
    );
    assert_eq!(
        (&set["n_copies"], &set["n_contradicting_copies"]),
        (&4.into(), &1.into())
    );
    assert_eq!(json["sets"][0]["n_copies"], 0);
}
