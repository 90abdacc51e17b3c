//! What `--resume` takes, and what it refuses.

use std::process::Child;
use std::time::{Duration, Instant};

use crate::common::Bench;

/// Few loans, quick trials.
const RUN: &str = "lend --split random --train 100 --test 100 --c 1 --gamma 0.02 --methods class-cost --quiet --out here";

/// With a book of loans in `loans.csv`, and some trials of a run of it in `here/unfinished`.
fn interrupted() -> Bench {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 600 --output loans.csv");
    let mut child = endless(&bench);
    wait_for(&bench, "here/unfinished/trial-1.json");
    child.kill().unwrap();
    child.wait().unwrap();
    bench
}

/// A run that does not end by itself.
fn endless(bench: &Bench) -> Child {
    let mut command = bench.command(&format!("{RUN} --loans loans.csv --trials 100000"));
    command.spawn().unwrap()
}

fn wait_for(bench: &Bench, file: &str) {
    let start = Instant::now();
    while !bench.path(file).exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "no {file}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn data_count_and_their_place_does_not() {
    let bench = interrupted();
    // The payments of one loan are others, under the same name.
    let loans = bench.get("loans.csv");
    let line = loans
        .lines()
        .find(|line| line.contains("Fully Paid") && line.contains(" 36 months"))
        .unwrap();
    let header = loans.lines().nth(1).unwrap();
    let paid = header.split(',').position(|name| name == "\"total_pymnt\"");
    let amount = line.split(',').nth(paid.unwrap()).unwrap();
    let other = line.replace(amount, "\"12345.67\"");
    assert_ne!(line, other, "{amount}");
    bench.put("loans.csv", loans.replace(line, &other));
    let run = bench.run(&format!("{RUN} --loans loans.csv --trials 3 --resume"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("a run of other loans or settings (loans)"),
        "{}",
        run.stderr
    );
    // The same loans from elsewhere.
    bench.put("elsewhere.csv", loans);
    bench.ok(&format!("{RUN} --loans elsewhere.csv --trials 3 --resume"));
    bench.ok(&format!(
        "{} --loans elsewhere.csv --trials 3",
        RUN.replace("here", "whole")
    ));
    assert_eq!(
        bench.get("here/portfolio.csv"),
        bench.get("whole/portfolio.csv")
    );
}

#[test]
fn parts_that_this_run_did_not_keep_are_refused() {
    let bench = interrupted();
    let part = |number: usize| format!("here/unfinished/trial-{number}.json");
    let (first, second) = (bench.get(&part(0)), bench.get(&part(1)));
    let resumed = || bench.run(&format!("{RUN} --loans loans.csv --trials 3 --resume"));
    let (seal, outcome) = first.split_once('\n').unwrap();
    for (content, words) in [
        (
            first.replacen("\"market\":0.", "\"market\":1.", 1),
            "a part that was changed",
        ),
        (second, "a part under another name"),
        (seal.to_owned(), "half a part"),
        (outcome.to_owned(), "a part without its seal"),
        (format!("{{}}\n{outcome}"), "a part without its seal"),
        (String::new(), "half a part"),
    ] {
        bench.put(&part(0), &content);
        let run = resumed();
        assert_eq!(run.code, Some(1), "{words}: {}", run.stderr);
        assert!(
            run.stderr.contains("trial-0.json: found "),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    // A part that is gone is computed again.
    std::fs::remove_file(bench.path(&part(0))).unwrap();
    assert_eq!(resumed().code, Some(0));
    bench.ok(&format!(
        "{} --loans loans.csv --trials 3",
        RUN.replace("here", "whole")
    ));
    assert_eq!(
        bench.get("here/portfolio.csv"),
        bench.get("whole/portfolio.csv")
    );
}

#[cfg(unix)]
#[test]
fn two_runs_do_not_share_a_folder() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 600 --output loans.csv");
    let mut child = endless(&bench);
    wait_for(&bench, "here/unfinished/trial-0.json");
    for flags in ["", "--force", "--resume"] {
        let run = bench.run(&format!("{RUN} --loans loans.csv --trials 2 {flags}"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(
            run.stderr
                .contains("here: found another run that writes into this folder"),
            "{}",
            run.stderr
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    bench.ok(&format!("{RUN} --loans loans.csv --trials 2 --resume"));
}
