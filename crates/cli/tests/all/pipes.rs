//! Standard input and pipes in place of files.

use serde_json::Value;

use crate::common::{Bench, Run, csv, gzip, keel, lend_results, shell};

#[test]
fn pipes_and_standard_input_are_read_as_files_are() {
    let bench = Bench::new();
    let svm: String = (0..60)
        .map(|i| {
            format!(
                "{} 1:{} 2:{}\n",
                i32::from(i % 5 == 0),
                f64::from(i).sin(),
                i % 7
            )
        })
        .collect();
    let loans = bench.ok("simulate-loans --n 400").stdout;
    for (name, content) in [
        ("in.csv", csv(60, 5)),
        ("in.dat", keel(60, 5, 1.5)),
        ("in.svm", svm),
        ("loans.csv", loans),
    ] {
        bench.put(name, &content);
        bench.put(&format!("{name}.gz"), gzip(content.as_bytes()));
        let args = "--method svm --json -q --threads 1";
        let expected = of_fit(&bench.ok(&format!("train {name} --model file.json --force {args}")));
        for source in [name.to_owned(), format!("{name}.gz")] {
            let pipe = format!("pipe-{source}");
            for (what, line) in [
                (
                    "input",
                    format!("BIN train - --model m.json {args} < {source}"),
                ),
                (
                    "pipe",
                    format!("cat {source} | BIN train - --model m.json {args}"),
                ),
                (
                    "named",
                    format!(
                        "mkfifo {pipe}; cat {source} > {pipe} & BIN train {pipe} --model m.json {args}"
                    ),
                ),
                (
                    "nameless",
                    format!(
                        "mkfifo fifo; cat {source} > fifo & BIN train fifo --model m.json {args}"
                    ),
                ),
                (
                    "device",
                    format!("cat {source} | BIN train /dev/stdin --model m.json {args}"),
                ),
            ] {
                let run = shell(&bench, &line);
                assert_eq!(run.code, Some(0), "{source}, {what}: {}", run.stderr);
                assert_eq!(of_fit(&run), expected, "{source}, {what}");
                for name in ["m.json", "fifo", &pipe] {
                    let _ = std::fs::remove_file(bench.path(name));
                }
            }
        }
    }
    // A pipe that is needed twice, for names and for features, is read once.
    bench.ok("train in.csv --model m.json --method svm --features a,b --target y");
    let expected = bench.ok("predict in.csv --model m.json --id kind").stdout;
    for line in [
        "BIN predict - --model m.json --id kind < in.csv",
        "cat in.csv.gz | BIN predict - --model m.json --id kind",
        "mkfifo fifo; cat in.csv > fifo & BIN predict fifo --model m.json --id kind",
    ] {
        let run = shell(&bench, line);
        assert_eq!(run.stdout, expected, "{line}: {}", run.stderr);
    }
    for (line, words) in [
        (
            "BIN train - --model n.json < /dev/null",
            "error: standard input: found an empty file",
        ),
        ("BIN train . --model n.json", "error: .: Is a directory"),
    ] {
        let run = shell(&bench, line);
        assert_eq!(run.code, Some(1), "{line}");
        assert!(run.stderr.starts_with(words), "{line}: {}", run.stderr);
    }
}

/// What a fit found, without its time.
fn of_fit(run: &Run) -> Value {
    let mut line: Value = serde_json::from_str(&run.stdout).unwrap();
    let object = line.as_object_mut().unwrap();
    // What is warned of names the file.
    object.remove("warnings");
    assert!(object.remove("seconds").is_some());
    line
}

/// Loans from a pipe come to what those of a file come to; a run on them is continued where they come again.
#[test]
fn lend_reads_pipes_and_standard_input_once() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 900 --output loans.csv");
    bench.put("loans.csv.gz", gzip(bench.get("loans.csv").as_bytes()));
    let args =
        "--trials 1 --train 60 --test 60 --methods class-cost --c 1 --gamma 0.02 --folds 3 -q";
    let file = format!("lend --loans loans.csv {args}");
    bench.ok(&format!("{file} --out one"));
    bench.ok(&format!("{file} --out two --trials 2").replacen("--trials 1 ", "", 1));
    let lines = [
        (
            "a",
            "standard input",
            format!("BIN lend --loans - {args} --out a < loans.csv"),
        ),
        (
            "b",
            "standard input",
            format!("cat loans.csv.gz | BIN lend --loans - {args} --out b"),
        ),
        (
            "c",
            "fifo",
            format!("mkfifo fifo; cat loans.csv > fifo & BIN lend --loans fifo {args} --out c"),
        ),
    ];
    for (folder, name, line) in &lines {
        let run = shell(&bench, line);
        assert_eq!(run.code, Some(0), "{line}: {}", run.stderr);
        let found = lend_results(&bench, folder);
        assert_eq!(found["source"], format!("{name} (simulated)"));
        let read = serde_json::json!([{ "name": name, "sha256": null }]);
        assert_eq!(found["provenance"]["data"]["files"], read);
        assert_eq!(
            without_place(found),
            without_place(lend_results(&bench, "one"))
        );
    }
    // The loans come again, and are compared with those of before.
    let more = args.replace("--trials 1", "--trials 2 --resume");
    let line = format!("head -n 800 loans.csv | BIN lend --loans - {more} --out a");
    let run = shell(&bench, &line);
    assert_eq!(run.code, Some(1));
    let words = "a/finished.jsonl: found a run of other loans or settings (loans)";
    assert!(run.stderr.contains(words), "{}", run.stderr);
    for (folder, source) in [
        ("a", "cat loans.csv | BIN lend --loans -"),
        ("b", "BIN lend --loans - < loans.csv.gz"),
        ("c", "cat loans.csv > fifo & BIN lend --loans fifo"),
    ] {
        let run = shell(&bench, &format!("{source} {more} --out {folder}"));
        assert_eq!(run.code, Some(0), "{folder}: {}", run.stderr);
        let found = without_place(lend_results(&bench, folder));
        assert_eq!(
            found,
            without_place(lend_results(&bench, "two")),
            "{folder}"
        );
    }
}

/// Results without where the loans came from.
fn without_place(mut results: Value) -> Value {
    let object = results.as_object_mut().unwrap();
    assert!(object.remove("source").is_some());
    let data = object["provenance"]["data"].as_object_mut().unwrap();
    for key in ["name", "sha256", "files"] {
        assert!(data.remove(key).is_some(), "{key}");
    }
    results
}
