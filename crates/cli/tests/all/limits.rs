//! What small or strange inputs may take: memory, messages, files and streams.

use std::fmt::Write as _;

use crate::common::{Bench, gzip, shell};
use serde_json::Value;

/// LIBSVM rows of which each has one small index and one near `largest`.
fn gaps(n: usize, largest: usize) -> String {
    let mut text = String::new();
    for i in 0..n {
        let y = if i % 3 == 0 { 1 } else { -1 };
        writeln!(text, "{y} {}:1 {}:1", i + 1, largest - i).unwrap();
    }
    text
}

/// A tenth of what such files took before their empty columns were left out, in KiB of address space.
const LITTLE: &str = "ulimit -v 900000; ulimit -c 0; exec";

#[test]
fn few_filled_columns_of_many_take_little_memory() {
    let bench = Bench::new();
    bench.put("tiny.svm", "1 1:1 1000000:1\n-1 1:2\n-1 1:3 2:1\n");
    bench.put("gaps.svm", gaps(200, 1_000_000));
    bench.put("other.svm", "1 1:1 7:5 1000000:1\n-1 1000000:2\n");
    for (file, n, kept) in [("tiny.svm", 3, 3), ("gaps.svm", 200, 400)] {
        let args = format!("train {file} --method svm --model {file}.json --json --threads 2");
        let run = shell(&bench, &format!("{LITTLE} BIN {args}"));
        assert_eq!(run.code, Some(0), "{file}: {}", run.stderr);
        let line: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            (&line["n_samples"], &line["n_features"]),
            (&n.into(), &kept.into())
        );
        let words = format!("{kept} of 1000000 columns are filled in some row");
        assert!(run.stderr.contains(&words), "{}", run.stderr);
        // The same indices, and others, are taken when the model predicts.
        let args = format!("predict other.svm --model {file}.json --output {file}.csv --threads 2");
        let run = shell(&bench, &format!("{LITTLE} BIN {args}"));
        assert_eq!(run.code, Some(0), "{file}: {}", run.stderr);
        let ignored = run
            .stderr
            .contains("ignored indices that no training row fills in 1 rows (first: 7");
        assert_eq!(ignored, file == "tiny.svm", "{}", run.stderr);
    }
    // Scaling makes a column that training did not fill 0: the scores are those of the file without it.
    bench.put("without.svm", "1 1:1 1000000:1\n-1 1000000:2\n");
    bench.ok("predict without.svm --model tiny.svm.json --output without.csv");
    assert_eq!(bench.get("without.csv"), bench.get("tiny.svm.csv"));
    // Any number of features is one that LIBSVM would take.
    bench.ok("predict other.svm --model tiny.svm.json --n-features 1000000 --output n.csv");
    assert_eq!(bench.get("n.csv"), bench.get("tiny.svm.csv"));
}

#[test]
fn wide_files_whose_columns_are_filled_keep_them_all() {
    let bench = Bench::new();
    let row = |y: i32, from: usize| {
        let pairs: Vec<String> = (from..=10_001)
            .step_by(5)
            .map(|i| format!("{i}:1"))
            .collect();
        format!("{y} {}\n", pairs.join(" "))
    };
    bench.put(
        "in.svm",
        format!("{}{}{}", row(1, 1), row(-1, 2), row(-1, 3)),
    );
    let line = bench.json("train in.svm --method svm --model m.json -q");
    assert_eq!(line["n_features"], 10_001);
}

#[test]
fn what_would_take_more_than_the_limit_is_refused_with_the_figures() {
    let wide = |n: usize| {
        (1..=9000)
            .map(|i| format!("a{i}{}", ",".repeat(usize::from(i < n))))
            .collect::<String>()
    };
    let libsvm: String = (0..300)
        .map(|i| format!("{} 1:{i} 9000:1\n", i % 2))
        .collect();
    let mut table = format!("{},y\n", wide(9000));
    let mut arff = "@relation t\n".to_owned();
    for i in 1..=9000 {
        writeln!(arff, "@attribute a{i} numeric").unwrap();
    }
    arff += "@attribute y {p,n}\n@data\n";
    for i in 0..100 {
        let y = ["p", "n"][i % 2];
        table += &format!("{}{y}\n", "1,".repeat(9000));
        writeln!(arff, "{{{} 1, 9000 {y}}}", i + 1).unwrap();
    }
    let mut texts = "a,y\n".to_owned();
    for i in 0..1800 {
        writeln!(texts, "t{},{}", i % 900, i % 2).unwrap();
    }
    // Three copies of 8 bytes for each number, 64 bytes for each row, and 1 KiB for each column.
    let cases = [
        (
            "in.svm",
            libsvm,
            "300 samples of 9000 features that would take 70.6 MiB",
        ),
        (
            "in.csv",
            table,
            "100 samples of 9000 features that would take 29.4 MiB",
        ),
        (
            "in.arff",
            arff,
            "100 samples of 9000 features that would take 29.4 MiB",
        ),
        (
            "in.csv",
            texts,
            "1800 samples of 900 features that would take 38.1 MiB",
        ),
    ];
    for (file, content, words) in cases {
        let bench = Bench::new();
        bench.put(file, content);
        let run = bench.run(&format!("train {file} --model m.json --max-memory 16M"));
        assert_eq!(run.code, Some(1), "{file}: {}", run.stderr);
        let expected = format!(
            "error: {file}: found {words} of memory, expected at most 16.0 MiB (--max-memory)\n"
        );
        assert_eq!(run.stderr, expected);
        assert_eq!(bench.names(), [file]);
        bench.ok(&format!(
            "train {file} --model m.json --method svm -q --max-memory 2G"
        ));
    }
    // The environment says it where no flag does.
    let bench = Bench::new();
    bench.put(
        "in.svm",
        (0..300)
            .map(|i| format!("{} 1:{i} 9000:1\n", i % 2))
            .collect::<String>(),
    );
    for (line, code) in [
        (
            "FUZZYSVM_MAX_MEMORY=64M BIN train in.svm --model m.json --method svm",
            1,
        ),
        (
            "FUZZYSVM_MAX_MEMORY=64M BIN train in.svm --model m.json --method svm --max-memory 2G",
            0,
        ),
    ] {
        assert_eq!(shell(&bench, line).code, Some(code), "{line}");
    }
    let bench = Bench::with_data();
    for size in ["0", "1M", "lots", "-1", "15.9M"] {
        let run = bench.run(&format!(
            "train train.csv --model m.json --max-memory={size}"
        ));
        assert_eq!(run.code, Some(2), "{size}: {}", run.stderr);
        assert!(
            run.stderr.contains("expected 16M or more"),
            "{size}: {}",
            run.stderr
        );
    }
}

#[test]
fn long_cells_and_gzip_that_inflates_are_refused_early() {
    let x = |n: usize| "x".repeat(n);
    let long = format!("a,y\n1,p\n2,n\n{},n\n", x(200_000_000));
    let quoted = format!("a,y\n1,p\n2,n\n\"{}\",n\n", "x,\n".repeat(60_000_000));
    let rows = format!("a,y\n{}", "1,p\n2,n\n".repeat(12_000_000));
    let cell = ":4: found a cell of more than 1 million characters";
    for (file, content, words) in [
        ("long.csv.gz", &long, cell),
        ("long.csv", &long, cell),
        ("quoted.csv.gz", &quoted, cell),
        ("long.dat.gz", &long, cell),
        (
            "rows.csv.gz",
            &rows,
            ": found gzip data that unpack to more than 200 times",
        ),
    ] {
        let bench = Bench::new();
        match file.ends_with(".gz") {
            true => bench.put(file, gzip(content.as_bytes())),
            false => bench.put(file, content),
        }
        let run = shell(
            &bench,
            &format!("{LITTLE} BIN train {file} --model m.json --threads 2"),
        );
        assert_eq!(run.code, Some(1), "{file}: {}", run.stderr);
        let expected = format!("error: {file}{words}");
        assert!(run.stderr.starts_with(&expected), "{file}: {}", run.stderr);
        assert_eq!(bench.names(), [file]);
    }
}

#[test]
fn messages_are_short_whatever_stands_in_the_file() {
    let long = "x".repeat(500_000);
    let digits = "9".repeat(500_000);
    let dates = "2011-01-01,".repeat(20_000);
    let table = |cell: &str| format!("a,y\n1,p\n2,n\n3,{cell}\n");
    let cases = [
        ("in.csv", table(&long)),
        ("in.csv", format!("a,y\n{digits},p\n2,n\n")),
        ("in.csv", format!("{long},{long}\n1,2\n")),
        ("in.csv", format!("{long},y\n1,p\n1e999,n\n")),
        ("in.csv", format!("{long},y\n1,p\n2,n,3\n")),
        ("in.csv", format!("{digits},y\n1,p\n2,n\n")),
        ("in.csv", format!("y,{long}\n1,\n2,p\n")),
        ("in.csv", format!("{long},y\n{}", "1,p\n".repeat(3))),
        ("in.csv", format!("{dates}y\n1,p\n")),
        ("in.dat", format!("@attribute {long} real\n@data\n1\n")),
        ("in.dat", format!("@{long}\n")),
        ("in.dat", format!("{long}\n")),
        (
            "in.dat",
            format!("@attribute a {{{long}}}\n@attribute y {{p,n}}\n@data\nb,p\n"),
        ),
        (
            "in.dat",
            format!("@attribute a real\n@attribute y {{p,n}}\n@data\n{long},p\n"),
        ),
        (
            "in.dat",
            format!("@attribute a real\n@inputs {long}\n@data\n1\n"),
        ),
        ("in.dat", format!("@attribute a {long}\n@data\n1\n")),
        ("in.svm", format!("1 1:{long}\n")),
        ("in.svm", format!("{long} 1:1\n")),
        ("in.svm", format!("1 {digits}:1\n")),
    ];
    for (i, (file, content)) in cases.iter().enumerate() {
        let bench = Bench::new();
        bench.put(file, content);
        let run = bench.run(&format!("train {file} --model m.json --method svm"));
        assert_eq!(
            run.code,
            Some(1),
            "{i}: {}",
            run.stderr.get(..200).unwrap_or(&run.stderr)
        );
        assert!(run.stderr.len() < 1000, "{i}: {} bytes", run.stderr.len());
    }
    // Warnings, too: a category that is new, classes with long names.
    let bench = Bench::new();
    let rows: String = (0..20)
        .map(|i| format!("{i},{},{}\n", ["u", "v"][i % 2], i % 3 == 0))
        .collect();
    bench.put(
        "in.csv",
        format!("a,b{long},y\n{}", rows.replace("true", &format!("t{long}"))),
    );
    bench.put("new.csv", format!("a,b{long}\n1,{long}\n"));
    let run = bench.ok("train in.csv --model m.json --method svm");
    assert!(run.stdout.len() + run.stderr.len() < 2000);
    let run = bench.ok("predict new.csv --model m.json --output o.csv");
    assert!(
        run.stderr.contains("unseen in training"),
        "{}",
        run.stderr.len()
    );
    assert!(run.stdout.len() + run.stderr.len() < 2000);
}

#[test]
fn names_are_as_long_as_the_system_takes_or_refused_before_the_work() {
    let bench = Bench::with_data();
    let longest = format!("{}.json", "n".repeat(250));
    bench.ok(&format!("train train.csv --method svm --model {longest}"));
    assert!(bench.names().contains(&longest));
    // 125 characters of two bytes.
    bench.ok(&format!(
        "train train.csv --method svm --model {}.json",
        "é".repeat(125)
    ));
    let missing = format!(
        "train no-such.csv --method svm --model {}.json",
        "n".repeat(251)
    );
    let run = bench.run(&missing);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("File name too long"), "{}", run.stderr);
}

#[test]
fn a_limit_of_file_sizes_leaves_no_part_behind() {
    let bench = Bench::with_data();
    let run = shell(
        &bench,
        "ulimit -f 1; exec BIN train train.csv --method svm --model m.json",
    );
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(
        run.stderr.starts_with("error: m.json: File too large"),
        "{}",
        run.stderr
    );
    assert_eq!(bench.names(), ["train.csv"]);
}

#[test]
fn a_closed_standard_output_is_no_success() {
    let bench = Bench::with_data();
    for args in [
        "train train.csv --method svm --model m.json",
        "methods",
        "--help",
        "--version",
        "evaluate train.csv --method svm --folds 2",
    ] {
        let run = shell(&bench, &format!("exec BIN {args} >&-"));
        assert_eq!(run.code, Some(1), "{args}: {}", run.stderr);
        let words = "error: standard output: found it closed";
        assert!(run.stderr.starts_with(words), "{args}: {}", run.stderr);
        assert_eq!(bench.names(), ["train.csv"], "{args}");
    }
    let run = shell(&bench, "exec BIN methods --json >&-");
    let line: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(line["error"]["kind"], "output");
    for redirected in ["> /dev/null", "<> /dev/null >&0", "2>&-", "<&-"] {
        let run = shell(&bench, &format!("exec BIN methods {redirected}"));
        assert_eq!(run.code, Some(0), "{redirected}: {}", run.stderr);
    }
}

#[test]
fn json_has_the_warnings_that_quiet_hides() {
    let bench = Bench::with_model();
    bench.put("new.csv", "a,b,kind\n1,1,u\n1,1,zebra\n");
    let args = "predict new.csv --model m.json --output o.csv --force";
    let loud = bench.ok(args).stderr;
    let run = bench.ok(&format!("{args} --quiet --json"));
    assert_eq!(run.stderr, "");
    let line: Value = serde_json::from_str(&run.stdout).unwrap();
    let warnings = line["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1);
    let warning = warnings[0].as_str().unwrap();
    assert!(warning.contains(
        "\"kind\" has categories unseen in training in 1 rows (first: \"zebra\" on line 3)"
    ));
    assert_eq!(loud, format!("warning: {warning}\n"));
    // Where there is nothing to warn about, there is no list.
    bench.put("new.csv", "a,b,kind\n1,1,u\n");
    let line = bench.json(args);
    assert!(line.get("warnings").is_none());
}

#[test]
fn labels_and_ranges_are_looked_at() {
    let bench = Bench::new();
    bench.put("nul.csv", b"a,y\n1,p\n2,p\0\n3,n\n");
    let run = bench.run("train nul.csv --model m.json --method svm");
    assert_eq!(run.code, Some(1));
    let words = "error: nul.csv:3:2: found \"p\\0\" in column \"y\", expected a class without NUL characters\n";
    assert_eq!(run.stderr, words);

    let header = "@relation t\n@attribute a real [0, 5.5]\n@attribute b integer\n@attribute y {p,n}\n@data\n";
    bench.put(
        "in.dat",
        format!("{header}0,9,p\n5.5,9,n\n5.6,1,n\n-1,2,n\n3,3,p\n"),
    );
    let run = bench.ok("train in.dat --model m.json --method svm");
    let words = "column \"a\" has values outside its declared range [0.0, 5.5] in 2 rows (first: 5.6 on line 8)";
    assert!(run.stderr.contains(words), "{}", run.stderr);
    assert!(!run.stderr.contains("\"b\""), "{}", run.stderr);
    bench.put(
        "fits.dat",
        format!("{header}0,9,p\n5.5,9,n\n5,1,n\n1,2,n\n3,3,p\n"),
    );
    let run = bench.ok("predict fits.dat --model m.json --output o.csv");
    assert!(!run.stderr.contains("range"), "{}", run.stderr);
}

#[test]
fn predict_holds_a_part_of_the_file_and_writes_all_or_nothing() {
    let bench = Bench::with_model();
    let rows = 250_000;
    bench.put("line", format!("0.5,-1,x,{}", "words ".repeat(670)));
    // 1 GB of text in less than 900 MB of address space.
    let pipe = format!("{{ echo a,b,kind,note; yes \"$(cat line)\" | head -n {rows}; }}");
    let args = "predict - --model m.json --max-memory 64M --threads 2 --json --output all.csv";
    let run = shell(&bench, &format!("{pipe} | ({LITTLE} BIN {args})"));
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let line: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(line["n_samples"], rows);
    let all = bench.get("all.csv");
    let last = all.lines().last().unwrap();
    let first = all.lines().nth(1).unwrap();
    assert_eq!(last.strip_prefix("249999,"), first.strip_prefix("0,"));
    assert_eq!(all.lines().count(), rows + 1);
    // A command that needs all of it at once says that there is too much.
    let args = "evaluate - --model m.json --max-memory 64M";
    let run = shell(&bench, &format!("{pipe} | BIN {args}"));
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("of memory"), "{}", run.stderr);

    let mut text = "a,b,kind\n".to_owned() + &"0.5,-1,x\n".repeat(200_000);
    bench.put("good.csv", &text);
    text += "0.5,ten,x\n";
    bench.put("bad.csv", text);
    let names = bench.names();
    let words = "error: bad.csv:200002:2: found \"ten\" in column \"b\", expected a number\n";
    for output in ["", "--output bad-out.csv"] {
        let run = bench.run(&format!("predict bad.csv --model m.json {output}"));
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
        assert!(run.stderr.ends_with(words), "{}", run.stderr);
        assert_eq!(bench.names(), names);
    }
    // Standard output gets what a file gets, in whatever pieces it was kept.
    bench.ok("predict good.csv --model m.json --output good-out.csv");
    let run = bench.ok("predict good.csv --model m.json");
    assert!(run.stdout == bench.get("good-out.csv"));
}

/// What a reader of JSON quotes, too: it has no limit of its own.
#[test]
fn messages_about_json_are_short() {
    let bench = Bench::with_model();
    let long = "x".repeat(500_000);
    let model = bench.get("m.json");
    let unknown = model.replacen('{', &format!("{{\"{long}\": 1, "), 1);
    let text = model.replacen(
        "\"schema\":",
        &format!("\"schema\": \"{long}\", \"other\":"),
        1,
    );
    for (file, content, args) in [
        ("a.json", unknown, "predict train.csv --model a.json"),
        ("a.json", text, "predict train.csv --model a.json"),
        (
            "r.json",
            format!("{{\"schema\": 2, \"market\": {{}}, \"methods\": \"{long}\"}}"),
            "report r.json",
        ),
        ("r.json", format!("{{\"schema\": {long}}}"), "report r.json"),
    ] {
        bench.put(file, content);
        let run = bench.run(args);
        assert_eq!(run.code, Some(1), "{args}");
        assert!(run.stderr.len() < 500, "{args}: {} bytes", run.stderr.len());
    }
}

/// Numbers that no machine can serve are refused, and the flag is named.
#[test]
fn experiments_have_a_most() {
    let bench = Bench::with_sets();
    for (args, code, words) in [
        (
            "lend --trials 1000000000",
            2,
            "--trials 1000000000: must be from 1 to 100000",
        ),
        (
            "compare near.dat --repeats 10000000000",
            2,
            "--repeats 10000000000: must be from 1 to 100000",
        ),
        (
            "lend --simulated-loans 4000000 --max-memory 200M",
            2,
            "--simulated-loans 4000000: must be fewer: their file would take 5.2 GiB of memory",
        ),
    ] {
        let run = bench.run(args);
        assert_eq!(run.code, Some(code), "{args}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
    }
    // A loan book is weighed while it is read.
    bench.ok("simulate-loans --n 140000 --output loans.csv");
    let run = bench.run("lend --loans loans.csv --max-memory 32M");
    assert_eq!(run.code, Some(1));
    let words = "error: loans.csv: to read more than ";
    assert!(
        run.stderr.starts_with(words) && run.stderr.contains("of memory"),
        "{}",
        run.stderr
    );
}
