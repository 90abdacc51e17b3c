//! What `--resume` takes, and what it refuses.

use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::{Bench, lend_results};

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

#[test]
fn a_run_that_ended_is_continued_as_if_more_had_been_asked_for_at_once() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 600 --output loans.csv");
    let run = |folder: &str, rest: &str| {
        let run = RUN.replace("here", folder);
        bench.run(&format!("{run} --loans loans.csv {rest}"))
    };
    let same = |folder: &str| {
        assert_eq!(lend_results(&bench, "here"), lend_results(&bench, folder));
        for file in ["portfolio.csv", "finished.jsonl"] {
            let of = |folder: &str| bench.get(&format!("{folder}/{file}"));
            assert_eq!(of("here"), of(folder), "{file}");
        }
    };
    assert_eq!(run("here", "--trials 2").code, Some(0));
    assert_eq!(run("two", "--trials 2").code, Some(0));
    assert_eq!(run("five", "--trials 5").code, Some(0));
    assert_eq!(run("here", "--trials 5 --resume").code, Some(0));
    same("five");
    // Neither by accident nor with other settings.
    for (rest, words) in [
        ("--trials 5", "found an existing file"),
        (
            "--trials 6 --resume --seed 2",
            "here/finished.jsonl: found a run of other loans or settings (seed)",
        ),
    ] {
        let run = run("here", rest);
        assert_eq!(run.code, Some(1), "{rest}");
        assert!(run.stderr.contains(words), "{rest}: {}", run.stderr);
    }
    same("five");
    // With fewer trials the results are those of the first ones, and the others stay.
    let five = bench.get("here/finished.jsonl");
    assert_eq!(run("here", "--trials 2 --resume").code, Some(0));
    assert_eq!(lend_results(&bench, "here"), lend_results(&bench, "two"));
    assert_eq!(bench.get("here/finished.jsonl"), five);
    // Anew.
    assert_eq!(run("here", "--trials 2 --force").code, Some(0));
    same("two");
}

#[test]
fn trials_of_a_run_that_ended_are_not_repeated_and_not_taken_if_they_were_changed() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 600 --output loans.csv");
    let more = format!("{RUN} --loans loans.csv --trials 3 --resume");
    bench.ok(&more.replace("--trials 3 --resume", "--trials 2"));
    let kept = bench.get("here/finished.jsonl");
    let lines: Vec<&str> = kept.lines().collect();
    let [request, seal, part, other_seal, other_part] = lines[..] else {
        panic!("{} lines", lines.len());
    };
    let mut value: Value = serde_json::from_str(part).unwrap();
    let market = value["market"].as_f64().unwrap();
    value["market"] = (market + 0.125).into();
    let changed = value.to_string();
    let elsewhere = request.replace("\"arithmetic\":\"", "\"arithmetic\":\"another than ");
    assert_ne!(elsewhere, request);
    for (lines, words) in [
        (
            vec![request, seal, &changed, other_seal, other_part],
            "a part that was changed",
        ),
        (vec![request, seal, part, other_seal], "half a part"),
        (vec![request, part, seal], "a part without its seal"),
        (vec!["{}", seal, part], "a run of other loans or settings"),
        // Kept on another kind of processor.
        (
            vec![elsewhere.as_str(), seal, part],
            "a run of other loans or settings (arithmetic)",
        ),
    ] {
        bench.put("here/finished.jsonl", lines.join("\n"));
        let run = bench.run(&more);
        assert_eq!(run.code, Some(1), "{words}: {}", run.stderr);
        assert!(
            run.stderr.contains("finished.jsonl: found ") && run.stderr.contains(words),
            "{words}: {}",
            run.stderr
        );
    }
    // With the seal set right it is taken as it stands, and so it was not computed again.
    let mut set_right: Value = serde_json::from_str(seal).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(changed.as_bytes());
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    set_right["sha256"] = digits.concat().into();
    let set_right = set_right.to_string();
    let lines = [request, &set_right, &changed, other_seal, other_part];
    bench.put("here/finished.jsonl", lines.join("\n"));
    bench.ok(&more);
    let whole = RUN.replace("here", "whole");
    bench.ok(&format!("{whole} --loans loans.csv --trials 3"));
    let mean = |folder: &str| {
        let results = lend_results(&bench, folder);
        results["market"]["return"]["mean"].as_f64().unwrap()
    };
    assert!((mean("here") - mean("whole") - 0.125 / 3.0).abs() < 1e-12);
    // Without the file everything is.
    std::fs::remove_file(bench.path("here/finished.jsonl")).unwrap();
    let run = bench.run(&more);
    assert!(
        run.stderr.contains("found an existing file"),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_kill_while_a_run_is_continued_loses_neither_the_old_trials_nor_the_new() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 600 --output loans.csv");
    bench.ok(&format!("{RUN} --loans loans.csv --trials 2"));
    let before = bench.get("here/results.json");
    let more = format!("{RUN} --loans loans.csv --resume --trials");
    let mut child = bench.command(&format!("{more} 100000")).spawn().unwrap();
    wait_for(&bench, "here/unfinished/trial-3.json");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(bench.get("here/results.json"), before);
    bench.ok(&format!("{more} 6"));
    let whole = RUN.replace("here", "whole");
    bench.ok(&format!("{whole} --loans loans.csv --trials 6"));
    assert_eq!(lend_results(&bench, "here"), lend_results(&bench, "whole"));
    assert!(!bench.path("here/unfinished").exists());
}
