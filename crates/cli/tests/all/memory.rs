//! `--max-memory`: what settings ask for is compared with it before it is allocated.

use std::fmt::Write as _;

use crate::common::{Bench, csv};

/// Runs what asks for too much.
fn refused(bench: &Bench, args: &str, words: &str) {
    let before = bench.names();
    let run = bench.run(args);
    assert_eq!(run.code, Some(1), "{args}: {}{}", run.stdout, run.stderr);
    let expected = format!("{words} (--max-memory)\n");
    assert!(run.stderr.ends_with(&expected), "{args}: {}", run.stderr);
    assert_eq!(bench.names(), before, "{args}");
}

#[test]
fn maps_and_tables_of_neighbors_are_weighed_before_they_are_made() {
    let bench = Bench::new();
    bench.put("in.csv", csv(4000, 5));
    let train = "train in.csv --model m.json -q --max-memory 100M --method";
    // 4 n M for the coordinates and 24 (M + 1)² for the Newton matrix: 4 · 4000 · 2000 + 24 · 2001² = 128,096,024 bytes.
    let of_2000 = "2000 components of 4000 samples would take 122.2 MiB of memory, expected at most 100.0 MiB";
    // 4 · 4000 · 20000 + 24 · 20001² = 9,920,960,024.
    let of_20000 =
        "20000 components of 4000 samples would take 9.2 GiB of memory, expected at most 100.0 MiB";
    for (args, words) in [
        ("svm --approx nystrom --components 2000", of_2000),
        ("svm --approx rff --components 2000 --gamma 0.1", of_2000),
        ("svm --approx rff --components 20000 --gamma 0.1", of_20000),
        // 12 bytes for each of 3000 neighbors of each sample: 144,000,000.
        (
            "efsvm --param n_neighbors=3000",
            "a table of 4000 x 3000 neighbors would take 137.3 MiB of memory, expected at most 100.0 MiB",
        ),
    ] {
        refused(&bench, &format!("{train} {args}"), words);
    }
    // In a search every fold has 2/3 of the samples: 4 · 2666 · 2000 + 24 · 2001² = 117,424,024.
    let words = "fold 0: 2000 components of 2666 samples would take 112.0 MiB of memory, expected at most 100.0 MiB";
    let tune = "tune in.csv --method svm --folds 3 --c 1 --gamma 0.1 -q --max-memory 100M --approx";
    refused(&bench, &format!("{tune} nystrom --components 2000"), words);
    bench.ok(&format!("{train} svm --approx nystrom --components 50"));
    bench.ok(&format!("{train} efsvm --param n_neighbors=30 --force"));
}

#[test]
fn folds_and_frequencies_of_wide_samples_are_weighed_before_they_are_made() {
    let bench = Bench::new();
    let mut text = String::new();
    for i in 0..300 {
        writeln!(text, "{} 1:{i} 9000:1", i % 2).unwrap();
    }
    bench.put("in.svm", text);
    // 8 bytes for each number of 10 copies: 8 · 300 · 9000 · 10 = 216,000,000.
    let tune = "tune in.svm --method svm --c 1 --gamma 0.1 --folds 10 -q";
    let words = "300 samples of 9000 features in 10 folds would take 206.0 MiB of memory, expected at most 150.0 MiB";
    refused(&bench, &format!("{tune} --max-memory 150M"), words);
    bench.ok(&format!("{tune} --max-memory 2G"));
    // One fold at a time is held where none is chosen from.
    bench.ok("evaluate in.svm --method svm --c 1 --gamma 0.1 --folds 10 -q --max-memory 300M");
    // The frequencies and a copy: 16 · 2000 · 9000 = 288,000,000.
    let words = "a map of 2000 components of 9000 features would take 274.7 MiB of memory, expected at most 250.0 MiB";
    let train =
        "train in.svm --model m.json --method svm --approx rff --components 2000 --gamma 0.1 -q";
    refused(&bench, &format!("{train} --max-memory 250M"), words);
}
