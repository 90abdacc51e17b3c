//! `compare` through the binary, on small files of its own and on KEEL sets where they are there.

use std::time::{Duration, Instant};

use crate::common::{Bench, SMALL, keel, results, written};
use serde_json::Value;

const SETS: &str = "near.dat far.dat rare.dat";

/// [`SMALL`] with two baselines.
const WITH_BASELINES: &str = "--methods svm,rusboost,class-cost,efsvm,iefsvm,w-elm --folds 3 \
                          --inner-folds 3 --c 1,16 --gamma 0.25 --k 1,3";

#[test]
fn it_prints_ranks_and_tests_and_writes_four_files() {
    let bench = Bench::with_sets();
    let run = bench.ok(&format!("compare {SETS} {SMALL} --out here"));
    assert_eq!(run.stderr, "");
    for words in [
        "3 data sets, 3-fold cross-validation twice",
        "  C 1, 16\n  γ 0.25\n  k 1, 3 (EFSVM)\n",
        "Balanced accuracy in %",
        "Over 3 data sets: mean in %, average rank in brackets",
        "Rank. AUC",
        "G-mean",
        "Friedman        χ² ",
        "Iman–Davenport  ",
        "(3 df)",
        "mean ranks 2.71 (α 0.05), 2.42 (α 0.10) apart differ",
        "IEFSVM against each of the others",
        "Wilcoxon p",
        "written  here/results.json",
        "written  here/tables.tex",
        "written  here/report.html",
    ] {
        assert!(run.stdout.contains(words), "{words}:\n{}", run.stdout);
    }
    for name in ["near", "far ", "rare"] {
        assert!(run.stdout.lines().any(|l| l.starts_with(name)), "{name}");
    }
    assert!(!run.stdout.contains('\u{1b}'), "colours in a pipe");

    let json = results(&bench, "here");
    assert_eq!(json["schema"], 1);
    assert_eq!(json["skipped"], Value::Array(Vec::new()));
    assert_eq!(json["sets"][1]["name"], "far");
    assert_eq!(json["sets"][1]["n_samples"], 80);
    assert_eq!(json["sets"][1]["imbalance_ratio"], 4.0);
    let method = &json["sets"][0]["methods"][2];
    assert_eq!(method["id"], "efsvm");
    let folds = method["folds"].as_array().unwrap();
    assert_eq!(folds.len(), 6);
    assert_eq!(
        (folds[4]["repeat"].clone(), folds[4]["fold"].clone()),
        (1.into(), 1.into())
    );
    assert!(folds[4]["chosen"]["k"].is_u64());
    assert!(folds[4]["n_support"].as_u64().unwrap() > 0);
    // The mean of a set is the mean of its folds.
    let of = |f: &Value| f["metrics"]["g_mean"].as_f64().unwrap();
    let mean = folds.iter().map(of).sum::<f64>() / 6.0;
    let found = method["metrics"]["g_mean"]["mean"].as_f64().unwrap();
    assert!((mean - found).abs() < 1e-12);
    // Ranks of all methods sum to k(k+1)/2.
    let methods = json["methods"].as_array().unwrap();
    for metric in [
        "balanced_accuracy",
        "roc_auc",
        "g_mean",
        "f1",
        "mcc",
        "average_precision",
    ] {
        let rank = |m: &Value| m["metrics"][metric]["average_rank"].as_f64().unwrap();
        let sum: f64 = methods.iter().map(rank).sum();
        assert!((sum - 10.0).abs() < 1e-9, "{metric}: {sum}");
        let test = &json["tests"][metric];
        assert_eq!(test["control"], "iefsvm");
        assert_eq!(test["comparisons"].as_array().unwrap().len(), 3);
    }

    let csv = bench.get("here/results.csv");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("set,method,metric,mean,std,folds"));
    assert_eq!(lines.clone().count(), 3 * 4 * 6);
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("near,svm,balanced_accuracy,0.")
    );
    assert!(
        bench
            .get("here/tables.md")
            .contains("| Data set | SVM | class-cost SVM | EFSVM | IEFSVM |")
    );
    let tex = bench.get("here/tables.tex");
    assert_eq!(
        tex.matches("\\begin{longtable}").count(),
        tex.matches("\\end{longtable}").count()
    );
    assert!(tex.contains("\\textbf{"));
}

/// Two sets that agree on two methods say nothing: that happens by chance in one case of two.
#[test]
fn the_sentence_on_the_methods_rests_on_an_exact_p() {
    let bench = Bench::with_sets();
    let small = "--folds 3 --inner-folds 3 --c 1,16 --gamma 0.25 --control svm";
    for (sets, n) in [("near.dat rare.dat", 2), (SETS, 3)] {
        let run = bench.ok(&format!(
            "compare {sets} --methods svm,class-cost {small} --out o{n}"
        ));
        let json = results(&bench, &format!("o{n}"));
        let mut alike = 0;
        for (metric, test) in json["tests"].as_object().unwrap() {
            assert_eq!(test["null_distribution"], "exact", "{metric}");
            let (p, least) = (test["p_value"].as_f64().unwrap(), 0.5f64.powi(n - 1));
            assert!(p >= least, "{metric}: {p}");
            let davenport = &test["iman_davenport"];
            if davenport["f"].is_null() {
                alike += 1;
                assert_eq!((p, davenport["p_value"].as_f64()), (least, Some(least)));
            }
        }
        assert!(alike > 0, "no metric of {n} sets on which all rank alike");
        assert!(
            !run.stdout.contains(": the methods differ"),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains("no difference shown (exact p "));
        assert!(!run.stdout.contains("p 0.0000"), "{}", run.stdout);
    }
}

#[test]
fn results_depend_on_the_seed_and_neither_on_threads_nor_on_the_other_sets() {
    let bench = Bench::with_sets();
    let line = bench.json(&format!(
        "compare {SETS} {WITH_BASELINES} --out a --threads 1"
    ));
    bench.ok(&format!(
        "compare {SETS} {WITH_BASELINES} --out b --threads 2"
    ));
    for name in [
        "results.json",
        "results.csv",
        "tables.md",
        "tables.tex",
        "report.html",
    ] {
        let of = |folder: &str| written(&bench, folder, name);
        assert_eq!(of("a"), of("b"), "{name}");
    }
    let a = results(&bench, "a");
    assert_eq!(line["methods"], a["methods"]);
    assert_eq!(line["files"][0], "a/results.json");
    assert!(line["seconds"].is_number());
    assert!(line["sets"][0]["methods"][0].get("folds").is_none());

    bench.ok(&format!(
        "compare rare.dat near.dat {WITH_BASELINES} --out c"
    ));
    let c = results(&bench, "c");
    assert_eq!(c["sets"][0], a["sets"][2]);
    assert_eq!(c["sets"][1], a["sets"][0]);
    bench.ok(&format!("compare {SETS} {WITH_BASELINES} --out d --seed 2"));
    assert_ne!(results(&bench, "d")["sets"], a["sets"]);
    // Another control changes the tests alone.
    bench.ok(&format!(
        "compare {SETS} {WITH_BASELINES} --out e --control svm --metric mcc"
    ));
    let e = results(&bench, "e");
    assert_eq!(e["sets"], a["sets"]);
    assert_eq!(e["tests"]["f1"]["control"], "svm");
}

#[test]
fn the_metric_and_the_control_are_those_given() {
    let bench = Bench::with_sets();
    let few = "--methods svm,fsvm --folds 2 --inner-folds 2 --repeats 1 --c 4 --gamma 0.25";
    let run = bench.ok(&format!("compare {SETS} {few} --metric g-mean"));
    assert!(run.stdout.contains("G-mean in %"), "{}", run.stdout);
    let json = results(&bench, "fuzzysvm-out/compare-1");
    assert_eq!(json["metric"], "g_mean");
    let page = bench.get("fuzzysvm-out/compare-1/report.html");
    assert!(page.contains("the best mean rank in G-mean over 3 data sets</h1>"));
    // Without IEFSVM the first method is the control.
    assert!(run.stdout.contains("SVM against each"), "{}", run.stdout);
    assert!(run.stdout.contains("fuzzysvm-out/compare-1/results.json"));
    let one = bench.ok(&format!("compare far.dat {few}"));
    assert!(
        one.stdout.contains("No tests: they need two data sets"),
        "{}",
        one.stdout
    );
    assert!(one.stdout.contains("fuzzysvm-out/compare-2/results.json"));
    let json = results(&bench, "fuzzysvm-out/compare-2");
    assert!(json.get("metric").is_none());
    let json = bench.json(&format!("compare {SETS} {} --methods fsvm", &few[19..]));
    assert_eq!(json["tests"]["mcc"], Value::Null);
    assert_eq!(json["methods"][0]["metrics"]["f1"]["average_rank"], 1.0);
}

#[test]
fn sets_that_are_too_small_are_left_out_and_said_to_be() {
    let bench = Bench::with_sets();
    bench.put("few.dat", keel(40, 20, 1.0));
    bench.put("inner.dat", keel(60, 15, 1.0));
    bench.put("crowd.dat", keel(20, 2, 1.0));
    bench.put(
        "huge.csv",
        (0..40).fold("a,y\n".to_owned(), |text, i| {
            // No two rows alike, and no value that separates the classes.
            let sign = if i % 8 == 0 { "" } else { "-" };
            let class = if i % 4 == 0 { "p" } else { "n" };
            text + &format!("{sign}1.{i:02}e308,{class}\n")
        }),
    );
    let cases = [
        (
            "few.dat",
            "3 folds: the positive class has 2 samples, but the split needs at least 3",
        ),
        (
            "inner.dat",
            "repetition 1, fold 1: 3 inner folds: the positive class has 2 samples, but the split \
             needs at least 3",
        ),
        (
            "crowd.dat",
            "repetition 1, fold 1: IEFSVM, inner fold 1: 15 neighbors need at least 16 points, but \
             there are ",
        ),
        (
            "huge.csv",
            "repetition 1, fold 1: found values in feature 1 too large to scale",
        ),
    ];
    for (file, reason) in cases {
        // Alone it is a failure …
        let alone = bench.run(&format!("compare {file} {SMALL} --out alone"));
        assert_eq!(alone.code, Some(1), "{file}: {}", alone.stdout);
        let words = format!("error: {file}: {reason}");
        assert!(
            alone.stderr.starts_with(&words),
            "{words}: {}",
            alone.stderr
        );
        assert_eq!(alone.stderr.lines().count(), 1, "{}", alone.stderr);
        // The data stand there before the run begins, and no result.
        assert!(!alone.stdout.contains("in %"), "{}", alone.stdout);
    }
    assert!(!bench.path("alone").exists(), "nothing is left behind");
    // … beside others a line on each stream and an entry in the files.
    let all = "near.dat few.dat inner.dat crowd.dat huge.csv far.dat";
    let run = bench.ok(&format!("compare {all} {SMALL} --out here"));
    let json = results(&bench, "here");
    assert_eq!(json["sets"].as_array().unwrap().len(), 2);
    let tables = bench.get("here/tables.md");
    for (i, (file, reason)) in cases.into_iter().enumerate() {
        let warning = format!("warning: {file}: left out: {reason}");
        assert!(run.stderr.contains(&warning), "{warning}: {}", run.stderr);
        assert!(
            run.stdout.contains(&format!("  {file}: {reason}")),
            "{}",
            run.stdout
        );
        assert_eq!(json["skipped"][i]["source"], file);
        assert!(
            json["skipped"][i]["reason"]
                .as_str()
                .unwrap()
                .starts_with(reason)
        );
    }
    assert!(tables.contains("Data sets left out"));
    // The others come to what they come to without them.
    bench.ok(&format!("compare near.dat far.dat {SMALL} --out there"));
    let there = results(&bench, "there");
    assert_eq!(json["sets"], there["sets"]);
    assert_eq!(json["tests"], there["tests"]);
    let none = bench.run(&format!("compare few.dat inner.dat crowd.dat {SMALL}"));
    assert_eq!(none.code, Some(1));
    assert!(none.stderr.contains("few.dat: 3 folds") && none.stderr.contains("and 2 more"));
}

#[test]
fn hostile_inputs_end_the_run_before_it_begins() {
    let bench = Bench::with_sets();
    bench.put("three.csv", "a,y\n1,p\n2,q\n3,r\n");
    bench.put("one.csv", "a,y\n1,p\n2,p\n");
    bench.put("inf.csv", "a,y\n1,p\n1e999,q\n");
    bench.put("empty.dat", "");
    bench.put("cut.csv.gz", [0x1f, 0x8b, 8, 0, 0]);
    bench.put("text.docx", "PK\u{3}\u{4}word/document.xml");
    bench.put("loans.csv", "loan_status,funded_amnt,term\n");
    let before = bench.names();
    let cases = [
        ("", 2, "<DATA>"),
        ("nowhere.dat", 1, "nowhere.dat"),
        ("three.csv", 1, "three.csv: found 3 classes"),
        ("one.csv", 1, "one.csv: found one class"),
        ("inf.csv", 1, "inf.csv:3:1"),
        ("empty.dat", 1, "empty.dat"),
        ("cut.csv.gz", 1, "cut.csv.gz"),
        ("text.docx", 1, "text.docx: found a ZIP archive"),
        (".", 1, "."),
        ("loans.csv", 1, "loans.csv: found a Lending Club file"),
        (
            "one.csv nowhere.dat . one.csv",
            1,
            "expected two classes (and 2 more: no data set is left)",
        ),
        ("near.dat --target nothing", 1, "nothing"),
        ("near.dat --positive nothing", 1, "nothing"),
        ("near.dat --methods efsvn", 2, "efsvn"),
        ("near.dat --methods svm,svm", 2, "svm twice"),
        (
            "near.dat --methods svm --control fsvm",
            2,
            "--control fsvm is not among",
        ),
        ("near.dat --folds 1", 2, "--folds 1: must be at least 2"),
        (
            "near.dat --inner-folds 1",
            2,
            "--inner-folds 1: must be at least 2",
        ),
        ("near.dat --repeats 0", 2, "--repeats"),
        ("near.dat --c 0", 2, "--c"),
        ("near.dat --c nan", 2, "--c"),
        ("near.dat --gamma -1", 2, "--gamma"),
        ("near.dat --k 3,1", 2, "--k 3,1: must be increasing"),
        (
            "near.dat --metric auc",
            2,
            "expected one of balanced-accuracy",
        ),
        ("near.dat --scale huge", 2, "--scale"),
        ("near.dat --resume", 2, "--out"),
        ("near.dat --out near.dat", 1, "near.dat"),
    ];
    for (args, code, words) in cases {
        let run = bench.run(&format!("compare {args}"));
        assert_eq!(run.code, Some(code), "{args}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{args}");
        assert_eq!(bench.names(), before, "{args}: nothing is left behind");
    }
}

#[test]
fn nothing_is_overwritten_without_force() {
    let bench = Bench::with_sets();
    let few = "--methods svm --folds 2 --inner-folds 2 --repeats 1 --c 4 --gamma 0.25 --out here";
    bench.ok(&format!("compare near.dat {few}"));
    let before = results(&bench, "here");
    for name in [
        "results.json",
        "results.csv",
        "tables.md",
        "tables.tex",
        "report.html",
    ] {
        let again = bench.run(&format!("compare far.dat {few}"));
        assert_eq!(again.code, Some(1));
        let words = format!("here/{name}: found an existing file");
        assert!(again.stderr.contains(&words), "{}", again.stderr);
        std::fs::rename(bench.path(&format!("here/{name}")), bench.path(name)).unwrap();
    }
    std::fs::rename(bench.path("results.json"), bench.path("here/results.json")).unwrap();
    bench.ok(&format!("compare far.dat {few} --force"));
    assert_ne!(results(&bench, "here")["sets"], before["sets"]);
}

#[cfg(unix)]
#[test]
fn a_killed_run_is_resumed_and_ends_as_if_nothing_had_happened() {
    let bench = Bench::with_sets();
    let args = format!("compare {SETS} {WITH_BASELINES} --quiet");
    bench.ok(&format!("{args} --repeats 6 --out whole"));
    let kept = bench.path("here/unfinished");
    let units = || match std::fs::read_dir(&kept) {
        Ok(entries) => entries
            .filter(|e| {
                e.as_ref()
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .starts_with("unit-")
            })
            .count(),
        Err(_) => 0,
    };
    // More repetitions than it can finish: a run may be resumed with another number of them.
    let mut child = bench
        .command(&format!("{args} --repeats 20000 --out here"))
        .spawn()
        .unwrap();
    let start = Instant::now();
    while units() < 4 && start.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(units() >= 4, "{} units were kept", units());
    for name in [
        "results.json",
        "results.csv",
        "tables.md",
        "tables.tex",
        "report.html",
    ] {
        assert!(!bench.path("here").join(name).exists(), "{name}");
    }

    // Neither silently started anew nor mixed with other settings or data.
    let args = format!("{args} --repeats 6 --out here");
    let again = bench.run(&args);
    assert_eq!(again.code, Some(1));
    assert!(
        again.stderr.contains("--resume continues it"),
        "{}",
        again.stderr
    );
    let data = bench.get("far.dat");
    bench.put("far.dat", data.replacen("0.", "1.", 1));
    for other in [
        format!("{args} --resume"),
        args.replace("far.dat", "") + " --resume",
    ] {
        let run = bench.run(&other);
        assert_eq!(run.code, Some(1), "{other}");
        assert!(
            run.stderr.contains("other data or settings"),
            "{}",
            run.stderr
        );
    }
    bench.put("far.dat", data);
    let other = bench.run(&format!("{args} --resume --seed 2"));
    assert!(
        other.stderr.contains("other data or settings"),
        "{}",
        other.stderr
    );

    bench.ok(&format!("{args} --resume"));
    for name in [
        "results.json",
        "results.csv",
        "tables.md",
        "tables.tex",
        "report.html",
    ] {
        let of = |folder: &str| written(&bench, folder, name);
        assert_eq!(of("here"), of("whole"), "{name}");
    }
    assert!(!kept.exists(), "finished runs keep nothing");
}

#[test]
fn a_comparison_that_ended_is_continued_with_more_repeats() {
    let bench = Bench::with_sets();
    let args = format!("compare {SETS} {SMALL} --quiet");
    bench.ok(&format!("{args} --repeats 1 --out here"));
    bench.ok(&format!("{args} --repeats 3 --out here --resume"));
    bench.ok(&format!("{args} --repeats 3 --out whole"));
    for name in [
        "results.json",
        "results.csv",
        "tables.md",
        "tables.tex",
        "report.html",
        "finished.jsonl",
    ] {
        let of = |folder: &str| written(&bench, folder, name);
        assert_eq!(of("here"), of("whole"), "{name}");
    }
    let other = bench.run(&format!("compare near.dat {SMALL} --out here --resume"));
    assert_eq!(other.code, Some(1));
    assert!(
        other.stderr.contains("other data or settings (sets)"),
        "{}",
        other.stderr
    );
}

#[cfg(unix)]
#[test]
fn finished_units_are_not_repeated() {
    let bench = Bench::with_sets();
    let args = format!("compare {SETS} {SMALL} --quiet --out here");
    bench.ok(&args);
    let whole = written(&bench, "here", "results.json");
    std::fs::remove_dir_all(bench.path("here")).unwrap();

    // A run interrupted once, whose kept units are then marked: the mark must come through.
    let mut child = bench
        .command(&format!("{args} --repeats 20000"))
        .spawn()
        .unwrap();
    let unit = bench.path("here/unfinished/unit-2-0-0.json");
    let start = Instant::now();
    while !unit.exists() && start.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let text = std::fs::read_to_string(&unit).unwrap();
    let (seal, part) = text.split_once('\n').unwrap();
    let mut value: Value = serde_json::from_str(part).unwrap();
    value["methods"][0]["metrics"]["f1"] = 0.123_456.into();
    let edited = value.to_string();
    std::fs::write(&unit, format!("{seal}\n{edited}\n")).unwrap();
    let run = bench.run(&format!("{args} --resume"));
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("unit-2-0-0.json: found a part that was changed"),
        "{}",
        run.stderr
    );
    // With the seal set right it is taken as it stands.
    let mut seal: Value = serde_json::from_str(seal).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(edited.as_bytes());
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    seal["sha256"] = digits.concat().into();
    std::fs::write(&unit, format!("{seal}\n{edited}\n")).unwrap();
    bench.ok(&format!("{args} --resume"));
    let resumed = written(&bench, "here", "results.json");
    assert_ne!(resumed, whole);
    assert!(resumed.contains("0.123456"));
}

#[cfg(unix)]
#[test]
fn a_damaged_unit_is_refused_where_it_stands() {
    let bench = Bench::with_sets();
    let args = format!("compare near.dat {SMALL} --quiet --out here");
    let mut child = bench
        .command(&format!("{args} --repeats 20000"))
        .spawn()
        .unwrap();
    let unit = bench.path("here/unfinished/unit-0-0-0.json");
    let start = Instant::now();
    while !unit.exists() && start.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::write(&unit, "{\"set\":\"near\"").unwrap();
    let run = bench.run(&format!("{args} --resume"));
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("unit-0-0-0.json"), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1);
}

#[test]
fn real_sets_where_they_are_there() {
    let Some(folder) = crate::common::shared("data/keel") else {
        return;
    };
    let bench = Bench::new();
    let sets = ["glass5", "ecoli-0-1-3-7_vs_2-6", "new_thyroid2", "iris0"];
    let paths: Vec<String> = sets
        .iter()
        .map(|s| folder.join(format!("{s}.dat")).display().to_string())
        .collect();
    let json = bench.json(&format!(
        "compare {} --repeats 1 --c 4,64 --gamma 0.0625 --k 3,7 --out here",
        paths.join(" ")
    ));
    // Nine positive samples of 214 still make five folds of five.
    assert_eq!(json["skipped"], Value::Array(Vec::new()));
    assert_eq!(json["sets"][0]["n_positive"], 9);
    for method in json["methods"].as_array().unwrap() {
        let mean = method["metrics"]["balanced_accuracy"]["mean"]
            .as_f64()
            .unwrap();
        assert!((0.75..=1.0).contains(&mean), "{}: {mean}", method["id"]);
    }
    // Setosa is separable: every support vector classifier is perfect; a tree's threshold may miss a flower.
    for method in json["sets"][3]["methods"].as_array().unwrap() {
        let mean = method["metrics"]["balanced_accuracy"]["mean"]
            .as_f64()
            .unwrap();
        let svm = method["id"].as_str().unwrap().contains("svm") || method["id"] == "class-cost";
        let least = if svm { 1.0 } else { 0.98 };
        assert!(mean >= least, "{}: {mean}", method["id"]);
    }
}
