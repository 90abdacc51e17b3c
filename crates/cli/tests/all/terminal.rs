//! What stands on the terminal: its width, its colors, and errors for programs.

use crate::common::{Bench, csv};
use serde_json::Value;

/// Every command that prints a table or a list, on data of a second or less.
const TABLES: [&str; 14] = [
    "lend --simulated-loans 3000 --trials 2 --train 200 --test 200 --c 1,4 --gamma 0.02 --k 1,3 --force --out l",
    "compare train.csv a-data-set-with-a-very-long-name-of-more-columns-than-any-table-has.csv --c 1 --gamma 0.1 \
     --folds 2 --repeats 1 --force --out c",
    "tune train.csv --method efsvm --c 1,2 --gamma 0.1 --folds 3",
    "tune train.csv --method cs-xgboost --folds 3",
    "tune train.csv --method slack-factor --c 1 --gamma 0.1 --folds 3",
    "evaluate train.csv --method svm --resamples 20",
    "evaluate train.csv --model m.json --resamples 20",
    "methods",
    "methods fsvm-cil",
    "methods cs-xgboost",
    "membership train.csv --output s.csv --force",
    "train train.csv --model m.json --force",
    "train train.csv --method cs-xgboost --model x.json --force",
    "simulate-loans --n 50 --output loans.csv --force",
];

fn bench() -> Bench {
    let bench = Bench::with_model();
    let long = "a-data-set-with-a-very-long-name-of-more-columns-than-any-table-has.csv";
    bench.put(long, csv(60, 4));
    bench
}

/// Standard output of a run with these variables.
fn printed(bench: &Bench, args: &str, variables: &[(&str, &str)]) -> String {
    let mut command = bench.command(args);
    for name in ["COLUMNS", "NO_COLOR", "TERM"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args}: {errors}");
    assert!(
        !errors.contains('\u{1b}') || args.contains("always"),
        "{errors}"
    );
    text
}

/// The lines that are too wide, without those that are there to be copied.
fn too_wide(text: &str, width: usize) -> Vec<&str> {
    let copied = |line: &&str| !["written ", "best: "].iter().any(|w| line.starts_with(w));
    let wide = |line: &&str| line.chars().count() > width;
    text.lines().filter(copied).filter(wide).collect()
}

#[test]
fn every_table_fits_the_width_and_holds_no_escape_codes() {
    let bench = bench();
    for args in TABLES {
        for (variables, width) in [(&[][..], 80), (&[("COLUMNS", "60")][..], 60)] {
            let text = printed(&bench, args, variables);
            let wide = too_wide(&text, width);
            assert!(wide.is_empty(), "{args}: {wide:?} in\n{text}");
            assert!(!text.contains('\u{1b}'), "{args}");
        }
    }
    // More room is used.
    let lines = |width| {
        printed(&bench, TABLES[0], &[("COLUMNS", width)])
            .lines()
            .count()
    };
    assert!(lines("160") < lines("80"));
}

#[test]
fn color_is_there_when_asked_for_and_changes_no_word() {
    let bench = bench();
    let args = TABLES[1];
    let plain = printed(&bench, args, &[]);
    let colored = printed(&bench, &format!("{args} --color always"), &[]);
    assert!(colored.contains('\u{1b}'));
    let stripped = console::strip_ansi_codes(&colored).into_owned();
    let tables = |text: &str| text.split("done in").next().unwrap().to_owned();
    assert_eq!(tables(&stripped), tables(&plain));
    // Neither of these colors what is no terminal; and files never hold codes.
    for variables in [&[("NO_COLOR", "1")][..], &[("TERM", "dumb")], &[]] {
        for choice in ["auto", "never"] {
            let text = printed(&bench, &format!("{args} --color {choice}"), variables);
            assert!(!text.contains('\u{1b}'));
        }
    }
    for file in [
        "results.json",
        "results.csv",
        "tables.md",
        "tables.tex",
        "report.html",
    ] {
        assert!(
            !bench.get(&format!("c/{file}")).contains('\u{1b}'),
            "{file}"
        );
    }
    let json = printed(&bench, &format!("{args} --color always --json"), &[]);
    assert!(!json.contains('\u{1b}'));
}

#[test]
fn the_best_and_the_control_are_marked_and_explained() {
    let bench = Bench::new();
    let text = printed(&bench, TABLES[0], &[]);
    // A caption may break between any words.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let caption = words.find("* best of a column").unwrap();
    assert!(words[caption..].contains(")*"), "{text}");
    assert!(
        words.contains("† what the others are compared with"),
        "{text}"
    );
    assert!(text.lines().any(|l| l.starts_with(" IEFSVM † ")), "{text}");
}

#[test]
fn lend_says_which_features_are_used_and_why_others_are_not() {
    let bench = Bench::new();
    let text = printed(&bench, TABLES[0], &[]);
    for words in [
        "  used        19  loan_amnt, int_rate",
        "  left out     1  constant in the training rows: term",
        "  left out     1  no such column: fico_range_low",
        "  never       43  not known when a loan is listed: loan_status,",
        "  left out    15  empty in the training rows: mort_acc,",
        "  redundant    3  in the regression of returns, as combinations of others:",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    // What is known beforehand stands before what the trials find.
    assert!(text.find("mean return") < text.find("Classifiers and portfolios"));
    let results: Value = serde_json::from_str(&bench.get("l/results.json")).unwrap();
    let features = &results["features"];
    assert_eq!(features["used"].as_array().unwrap().len(), 19);
    let never = features["not_known_at_listing"].as_array().unwrap();
    assert!(never.iter().any(|name| name == "recoveries"));
    assert_eq!(features["left_out"][0]["name"], "term");
    assert_eq!(
        features["left_out"][0]["reason"],
        "constant in the training rows"
    );
    assert_eq!(features["redundant"].as_array().unwrap().len(), 3);
}

/// Arguments, exit code, kind, file, line.
type Case = (
    &'static str,
    i32,
    &'static str,
    Option<&'static str>,
    Option<u64>,
);

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let bench = Bench::with_model();
    bench.put("bad.csv", "a,y\n1,p\n1,p\nx,q\n2,q,5\n");
    bench.put("empty.csv", "");
    bench.put("one.csv", "a,y\n1,p\n2,p\n");
    bench.put("cut.json", &bench.get("m.json")[..400]);
    bench.put(
        "loans.csv",
        "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee\n\
         Fully Paid, 36 months,many,Dec-2011,1000,1100,0\n",
    );
    bench.put("w", "1\n-1\n");
    std::fs::create_dir(bench.path("folder")).unwrap();
    let cases: [Case; 19] = [
        (
            "train train.csv --weights w --model x",
            1,
            "input",
            Some("w"),
            Some(2),
        ),
        ("lend --simulated-loans 300", 1, "computation", None, None),
        ("train", 2, "usage", None, None),
        ("nosuch", 2, "usage", None, None),
        ("train train.csv --c 0 --model x", 2, "usage", None, None),
        (
            "lend --split random --test-from 2010-01",
            2,
            "usage",
            None,
            None,
        ),
        (
            "lend --split out-of-time --test-from 2010-13",
            2,
            "usage",
            None,
            None,
        ),
        (
            "train nosuch.csv --model x",
            1,
            "input",
            Some("nosuch.csv"),
            None,
        ),
        (
            "train bad.csv --model x",
            1,
            "input",
            Some("bad.csv"),
            Some(5),
        ),
        (
            "train empty.csv --model x",
            1,
            "input",
            Some("empty.csv"),
            None,
        ),
        ("train one.csv --model x", 1, "input", Some("one.csv"), None),
        (
            "train train.csv --model folder",
            1,
            "output",
            Some("folder"),
            None,
        ),
        (
            "train train.csv --model m.json",
            1,
            "output",
            Some("m.json"),
            None,
        ),
        (
            "train train.csv --model no/x",
            1,
            "output",
            Some("no/x"),
            None,
        ),
        (
            "man --out train.csv/man1",
            1,
            "output",
            Some("train.csv/man1"),
            None,
        ),
        (
            "predict train.csv --model cut.json --output s.csv",
            1,
            "input",
            Some("cut.json"),
            Some(1),
        ),
        (
            "lend --loans loans.csv",
            1,
            "input",
            Some("loans.csv"),
            Some(2),
        ),
        ("compare nosuch.csv", 1, "input", Some("nosuch.csv"), None),
        ("compare one.csv --out o", 1, "input", Some("one.csv"), None),
    ];
    for (args, code, kind, file, line) in cases {
        let run = bench.run(&format!("{args} --json"));
        let error: Value = serde_json::from_str(run.stderr.trim_end())
            .unwrap_or_else(|e| panic!("{args}: {e}: {}", run.stderr));
        let error = &error["error"];
        assert_eq!(run.code, Some(code), "{args}: {error}");
        assert_eq!(error["kind"], kind, "{args}: {error}");
        assert_eq!(error["file"].as_str(), file, "{args}: {error}");
        assert_eq!(error["line"].as_u64(), line, "{args}: {error}");
        assert_eq!(run.stdout, "", "{args}");
        // The words are those of the text.
        let text = bench.run(args).stderr;
        let message = error["message"].as_str().unwrap();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(message), "{args}: {message} in {words}");
    }
    // Help is no error.
    assert!(bench.ok("train --help --json").stdout.contains("Usage"));
}

#[test]
fn flags_are_checked_before_data_are_read() {
    let bench = Bench::new();
    // Were this read, the run would end with another message.
    bench.put("broken.csv", "loan_status\n\"");
    for (args, words) in [
        (
            "lend --loans broken.csv --split out-of-time --test-from 2010-13",
            "`2010-13` is not a month",
        ),
        ("lend --loans broken.csv --top 1.5", "--top 1.5"),
        ("lend --loans broken.csv --folds 1", "--folds 1"),
        ("lend --loans broken.csv --out broken.csv/x", "broken.csv/x"),
        ("lend --loans broken.csv nosuch.csv", "nosuch.csv"),
        ("compare broken.csv --folds 1", "--folds 1"),
        (
            "compare broken.csv --methods svm --control iefsvm",
            "--control",
        ),
        ("tune broken.csv --search pso --c 1", "--c 1"),
        ("train broken.csv --c 0 --model m.json", "0"),
        ("train broken.csv --model broken.csv", "existing file"),
    ] {
        let run = bench.run(args);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
        assert_eq!(
            run.stderr.lines().next().map(|l| l.starts_with("error: ")),
            Some(true)
        );
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_says_how_to_go_on() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    for (signal, json) in [("-INT", false), ("-TERM", true)] {
        let bench = Bench::new();
        let args = "lend --simulated-loans 6000 --trials 5000 --train 300 --test 300 --methods svm,class-cost \
                    --c 1,4 --gamma 0.02 --out here";
        let args = if json {
            format!("{args} --json")
        } else {
            args.to_owned()
        };
        let child = bench
            .command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        let kept = bench.path("here/unfinished");
        while std::fs::read_dir(&kept).map_or(0, Iterator::count) < 4 {
            assert!(start.elapsed() < Duration::from_secs(60), "no trial ended");
            std::thread::sleep(Duration::from_millis(5));
        }
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        let stderr = String::from_utf8(output.stderr).unwrap();
        let words = match json {
            false => stderr.trim_end().to_owned(),
            true => {
                let error: Value = serde_json::from_str(&stderr).unwrap();
                assert_eq!(error["error"]["kind"], "interrupted");
                error["error"]["message"].as_str().unwrap().to_owned()
            }
        };
        let start =
            "stopped; the finished trials are kept in here/unfinished: go on with fuzzysvm lend ";
        assert!(words.starts_with(start), "{words}");
        assert!(words.ends_with(" --resume"), "{words}");
        // The words are a command.
        let command = words.split("fuzzysvm ").nth(1).unwrap();
        let again = command.replace("--trials 5000", "--trials 3");
        let run = bench.ok(&again);
        assert!(run.stderr.is_empty(), "{}", run.stderr);
    }
}

#[test]
fn man_pages_are_written_for_every_command() {
    let bench = Bench::new();
    let page = bench.ok("man").stdout;
    assert!(
        page.contains(".TH fuzzysvm 1") && page.contains("fuzzysvm\\-lend"),
        "{page}"
    );
    bench.ok("man --out man1");
    let names: Vec<String> = std::fs::read_dir(bench.path("man1"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in [
        "fuzzysvm.1",
        "fuzzysvm-lend.1",
        "fuzzysvm-simulate-loans.1",
        "fuzzysvm-man.1",
    ] {
        assert!(names.iter().any(|n| n == name), "{name}: {names:?}");
    }
    let lend = bench.get("man1/fuzzysvm-lend.1");
    assert!(
        lend.contains("test\\-from") && lend.contains(".SH EXAMPLES"),
        "{lend}"
    );
    let again = bench.run("man --out man1");
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    bench.ok("man --out man1 --force");
}

#[test]
fn long_exact_training_is_announced_and_short_one_is_not() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let bench = Bench::new();
    bench.put("big.csv", csv(60_000, 5));
    let mut child = bench
        .command("evaluate big.csv --c 1000 --threads 1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Rows of so few digits have copies, about which there is a warning first.
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = lines.find(|line| !line.as_ref().unwrap().starts_with("warning: "));
    let line = line.unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let start = "note: exact training on 60 000 samples takes about ";
    assert!(
        line.starts_with(start) && line.contains("--approx nystrom"),
        "{line}"
    );
    bench.put("small.csv", csv(200, 5));
    assert_eq!(bench.ok("evaluate small.csv --resamples 10").stderr, "");
}
