//! `lend` through the binary, on small simulated books and on the real file where it is there.

use std::time::{Duration, Instant};

use crate::common::{Bench, lend_results};
use serde_json::Value;

/// Seconds in place of minutes.
const SMALL: &str =
    "lend --simulated-loans 3000 --trials 2 --train 200 --test 200 --c 1,4 --gamma 0.02 --k 1,3";

#[test]
fn the_word_simulated_stands_in_every_output() {
    let bench = Bench::new();
    let run = bench.ok(&format!("{SMALL} --out here"));
    assert!(
        run.stdout.starts_with("SIMULATED loan book"),
        "{}",
        run.stdout
    );
    for heading in [
        "Classifiers and portfolios",
        "Investment",
        "What the paper leaves out",
    ] {
        let line = run.stdout.lines().find(|l| l.starts_with(heading)).unwrap();
        assert!(line.contains("simulated"), "{line}");
    }
    let results: Value = serde_json::from_str(&bench.get("here/results.json")).unwrap();
    assert_eq!(results["source"], "simulated");
    let portfolio = bench.get("here/portfolio.csv");
    let mut lines = portfolio.lines();
    let header = lines.next().unwrap();
    assert_eq!(
        header,
        "source,trial,method,loan,issued,score,forecast,amount,realised,reason_1,reason_2,reason_3,reason_4"
    );
    assert!(lines.clone().count() > 10);
    assert!(lines.all(|l| l.starts_with("simulated,") && l.split(',').count() == 13));
    let designated = portfolio.lines().filter(|l| l.contains(",iefsvm,"));
    assert!(designated.clone().count() > 3);
    assert!(
        designated
            .clone()
            .all(|l| l.matches(": towards ").count() == 4)
    );
    assert_eq!(
        portfolio.matches(": towards ").count(),
        4 * designated.count()
    );
    assert_eq!(results["reasons"]["method"], "iefsvm");
    let json = bench.json(&format!("{SMALL} --out there"));
    assert_eq!(json["source"], "simulated");
}

#[test]
fn it_prints_counts_both_tables_and_where_the_files_are() {
    let bench = Bench::new();
    let run = bench.ok(SMALL);
    for words in [
        "  read     ",
        "  kept     ",
        "does not meet the credit policy",
        "not finished: current",
        "  cs-RF over min_samples_leaf: 1, 10, 40\n",
        "  w-ELM over c n_hidden: 16 50, 256 50, 4096 50, 16 200, 256 200, 4096 200\n",
        "AUC (bal. acc.)",
        "Pred. default",
        "Return top 10 %",
        "IEFSVM (σ/μ)",
        "  published",
        "59.38 ± 2.85 (1)",
        "Benchmark 1 (no classifier)",
        "Benchmark 2 (no forecast)",
        "Market (every test loan)",
        "Ranking AUC",
        "Do the published claims for IEFSVM hold here",
        "written  fuzzysvm-out/lend-1/results.json",
        "written  fuzzysvm-out/lend-1/portfolio.csv",
        "written  fuzzysvm-out/lend-1/report.html",
    ] {
        assert!(run.stdout.contains(words), "{words}:\n{}", run.stdout);
    }
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    // The next run gets a folder of its own.
    let next = bench.ok(&format!("{SMALL} --methods svm"));
    assert!(
        next.stdout.contains("fuzzysvm-out/lend-2/results.json"),
        "{}",
        next.stdout
    );
}

#[test]
fn json_is_one_line_and_agrees_with_the_file_and_with_any_number_of_threads() {
    let bench = Bench::new();
    let line = bench.json(&format!("{SMALL} --out a --threads 1"));
    bench.ok(&format!("{SMALL} --out b --threads 2"));
    assert_eq!(lend_results(&bench, "a"), lend_results(&bench, "b"));
    assert_eq!(bench.get("a/portfolio.csv"), bench.get("b/portfolio.csv"));
    let file: Value = serde_json::from_str(&bench.get("a/results.json")).unwrap();
    assert_eq!(line["methods"][0]["metrics"], file["methods"][0]["metrics"]);
    assert_eq!(line["results"], "a/results.json");
    assert!(line["seconds"].is_number());
    let other = bench.json(&format!("{SMALL} --out c --seed 2"));
    assert_ne!(
        line["methods"][0]["metrics"],
        other["methods"][0]["metrics"]
    );
}

#[test]
fn nothing_is_overwritten_without_force_and_a_failed_run_leaves_nothing() {
    let bench = Bench::new();
    bench.ok(&format!("{SMALL} --methods svm --out here"));
    let before = bench.get("here/results.json");
    let again = bench.run(&format!("{SMALL} --methods class-cost --out here"));
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("results.json") && again.stderr.contains("--force"));
    assert_eq!(bench.get("here/results.json"), before);
    bench.ok(&format!("{SMALL} --methods class-cost --out here --force"));
    assert_ne!(bench.get("here/results.json"), before);

    let missing = bench.run("lend --loans nowhere.csv --out new/deep");
    assert_eq!(missing.code, Some(1));
    assert!(missing.stderr.contains("nowhere.csv"), "{}", missing.stderr);
    assert_eq!(missing.stderr.lines().count(), 1);
    assert_eq!(bench.names(), ["here"], "no empty folder stays");
}

#[test]
fn bad_usage_is_exit_code_2_and_bad_input_exit_code_1() {
    let bench = Bench::new();
    bench.put("other.csv", "a,b\n1,2\n");
    for (args, code, words) in [
        ("lend --methods efsvn", 2, "efsvn"),
        ("lend --methods svm,svm", 2, "svm twice"),
        ("lend --trials 0", 2, "--trials"),
        ("lend --split sideways", 2, "sideways"),
        (
            "lend --split random --test-from 2010-01",
            2,
            "--split walk-forward",
        ),
        ("lend --top 1.5", 2, "--top 1.5: must lie in (0, 1]"),
        ("lend --k 3,1", 2, "--k 3,1: must be increasing"),
        ("lend --train 5", 2, "--train 5: must be at least 20"),
        ("lend --folds 1", 2, "--folds 1: must be at least 2"),
        (
            "lend --methods lin-wang-time",
            2,
            "--methods lin-wang-time: must need no times",
        ),
        ("lend --c 0", 2, "--c"),
        ("lend --return sharpe", 2, "sharpe"),
        ("lend --split out-of-time --test-from June", 2, "YYYY-MM"),
        ("lend --simulated-loans 50", 1, "4000 loans are needed"),
        ("lend --loans other.csv", 1, "other.csv"),
        ("lend --loans .", 1, "."),
    ] {
        let run = bench.run(args);
        assert_eq!(run.code, Some(code), "{args}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
    }
    assert_eq!(bench.names(), ["other.csv"]);
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_results_and_is_resumed() {
    let bench = Bench::new();
    let args = format!("{} --trials 12 --quiet", SMALL.replace("--trials 2", ""));
    bench.ok(&format!("{args} --out whole"));

    let kept = bench.path("here/unfinished");
    let trials = || match std::fs::read_dir(&kept) {
        Ok(entries) => entries
            .filter(|e| {
                e.as_ref()
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .starts_with("trial-")
            })
            .count(),
        Err(_) => 0,
    };
    // More trials than it can finish: a run may be resumed with another number of them.
    let endless = args.replace("--trials 12", "--trials 100000");
    let mut child = bench
        .command(&format!("{endless} --out here"))
        .spawn()
        .unwrap();
    let start = Instant::now();
    while trials() < 2 && start.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(trials() >= 2, "{} trials were kept", trials());
    assert!(!bench.path("here/results.json").exists());
    assert!(!bench.path("here/portfolio.csv").exists());

    // Neither silently started anew nor mixed with other settings.
    let again = bench.run(&format!("{args} --out here"));
    assert_eq!(again.code, Some(1));
    assert!(
        again.stderr.contains("--resume continues it"),
        "{}",
        again.stderr
    );
    let other = bench.run(&format!("{args} --out here --resume --seed 2"));
    assert_eq!(other.code, Some(1));
    assert!(
        other.stderr.contains("other loans or settings (loans)"),
        "{}",
        other.stderr
    );

    bench.ok(&format!("{args} --out here --resume"));
    assert_eq!(lend_results(&bench, "here"), lend_results(&bench, "whole"));
    assert_eq!(
        bench.get("here/portfolio.csv"),
        bench.get("whole/portfolio.csv")
    );
    assert!(!kept.exists(), "finished runs keep nothing");
    let needs_out = bench.run(&format!("{args} --resume"));
    assert_eq!(needs_out.code, Some(2));
}

#[test]
fn the_real_file_reads_and_keeps_the_reference_counts() {
    let Some(path) = crate::common::real_loans() else {
        return;
    };
    let bench = Bench::new();
    let few = "--trials 1 --train 200 --test 200 --methods class-cost --c 1 --gamma 0.02";
    let cases = [
        ("", 14_995),
        ("--term 60", 3_070),
        ("--term 36 --include-off-policy", 17_433),
    ];
    for (i, (flags, kept)) in cases.into_iter().enumerate() {
        let json = bench.json(&format!("lend --loans {path} {flags} {few} --out o{i}"));
        assert_eq!(json["loans"]["read"], 20_814, "{flags}");
        assert_eq!(json["loans"]["kept"], kept, "{flags}");
        if i == 0 {
            assert_eq!(json["loans"]["charged_off"], 1_728);
            let market = json["loans"]["market_return"].as_f64().unwrap();
            assert!((market - 0.0875).abs() < 1e-4, "{market}");
        }
    }
    let late = bench.json(&format!(
        "lend --loans {path} --split out-of-time {few} --out late"
    ));
    assert_eq!(late["split"]["kind"], "out-of-time");
    assert!(late["split"]["test_from"].is_string());
}
