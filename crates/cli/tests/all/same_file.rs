//! No output destroys an input, by whatever name it goes.

use crate::common::{Bench, csv, shell};

#[test]
fn no_input_is_written_over() {
    let bench = Bench::with_model();
    std::os::unix::fs::symlink("train.csv", bench.path("link.csv")).unwrap();
    std::fs::hard_link(bench.path("train.csv"), bench.path("hard.csv")).unwrap();
    std::fs::create_dir_all(bench.path("out/unfinished")).unwrap();
    std::os::unix::fs::symlink("out", bench.path("linked")).unwrap();
    std::os::unix::fs::symlink("out/results.csv", bench.path("near.csv")).unwrap();
    std::fs::create_dir(bench.path("kept")).unwrap();
    bench.put("out/results.csv", csv(60, 5));
    for file in [
        "out/portfolio.csv",
        "out/finished.jsonl",
        "out/unfinished/in.csv",
        "kept/model.json",
    ] {
        bench.put(file, "no loans");
    }
    std::fs::hard_link(bench.path("kept/model.json"), bench.path("book.csv")).unwrap();
    bench.put("w.txt", "1\n".repeat(60));
    bench.put("other.csv", "no loans");
    let before: Vec<String> = bench.names();
    let words = "found the same file as the input";
    for args in [
        "train train.csv --model train.csv",
        "train train.csv --model link.csv",
        "train link.csv --model ./train.csv",
        "train train.csv --model hard.csv",
        "train train.csv --weights w.txt --model w.txt",
        "tune train.csv --model train.csv --method svm",
        "membership train.csv --method fsvm --output train.csv",
        "predict train.csv --model m.json --output train.csv",
        "predict train.csv --model m.json --output m.json",
        "convert m.json --to libsvm --output m.json",
        "compare out/results.csv --out out",
        "compare near.csv --out out",
        "compare out/results.csv --out linked",
        "lend --loans out/portfolio.csv --out out",
        "lend --loans other.csv out/../out/portfolio.csv --out linked",
        "lend --loans out/portfolio.csv --out out --resume",
        "lend --loans out/finished.jsonl --split walk-forward --out out",
        "lend --loans kept/model.json --save kept",
        "lend --loans book.csv --save kept --out new",
        "portfolio --model kept --loans train.csv --output kept/model.json",
        "portfolio --model m.json --loans link.csv --output train.csv",
        "report m.json --output m.json",
    ] {
        let (data, model) = (bench.get("train.csv"), bench.get("m.json"));
        let run = bench.run(&format!("{args} --force"));
        assert_eq!(run.code, Some(1), "{args}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
        assert_eq!(
            (bench.get("train.csv"), bench.get("m.json")),
            (data, model),
            "{args}"
        );
        assert_eq!(bench.names(), before, "{args}");
    }
    // What is redirected is a file as well.
    for line in [
        "BIN predict - --model m.json --output train.csv --force < train.csv",
        "BIN predict /dev/stdin --model m.json --output link.csv --force < hard.csv",
        "BIN lend --loans - --out out --force < out/portfolio.csv",
    ] {
        let run = shell(&bench, line);
        assert_eq!(run.code, Some(1), "{line}");
        assert!(run.stderr.contains(words), "{line}: {}", run.stderr);
        assert_eq!(
            (bench.get("train.csv"), bench.names()),
            (csv(60, 5), before.clone()),
            "{line}"
        );
    }
    bench.ok("train train.csv --model m.json --method svm --force");
}

/// A run removes the folder of its unfinished parts, and what a killed run had half written.
#[test]
fn no_input_is_removed() {
    let bench = Bench::new();
    std::fs::create_dir_all(bench.path("out/unfinished/deep")).unwrap();
    bench.put("out/unfinished/deep/in.csv", csv(60, 5));
    std::os::unix::fs::symlink("out/unfinished/deep/in.csv", bench.path("link.csv")).unwrap();
    for args in [
        "compare out/unfinished/deep/in.csv --out out",
        "compare link.csv --out out",
        "lend --loans out/unfinished/deep/in.csv --out out",
    ] {
        let run = bench.run(&format!("{args} --force"));
        assert_eq!(run.code, Some(1), "{args}");
        let words = "found an input in a folder that the run removes, expected it elsewhere";
        assert!(run.stderr.contains(words), "{args}: {}", run.stderr);
        assert_eq!(bench.get("out/unfinished/deep/in.csv"), csv(60, 5));
    }
    let half = "out/.results.csv.half.part";
    bench.put(half, "no loans");
    bench.put("out/.results.csv.other.part", "half");
    let run = bench.run(&format!("lend --loans {half} --out out --force"));
    assert_eq!(run.code, Some(1));
    assert_eq!(bench.get(half), "no loans");
    let run = bench.run(&format!("compare {half} --out out --force"));
    assert_eq!(run.code, Some(1));
    assert_eq!(bench.get(half), "no loans");
    assert!(!bench.path("out/.results.csv.other.part").exists());
}
