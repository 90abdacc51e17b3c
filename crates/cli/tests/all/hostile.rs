//! Hostile inputs and flags: exit code, words on standard error, never a panic, nothing written.

mod flags;

use crate::common::{Bench, csv};

/// File content, arguments (the file is `in.*`, named in them), exit code, words on standard error.
type Case<'a> = (&'a [u8], &'a str, i32, &'a str);

fn check(file: &str, cases: &[Case<'_>]) {
    let bench = Bench::new();
    for (content, args, code, words) in cases {
        bench.put(file, content);
        let run = bench.run(&args.replace("IN", file));
        assert_eq!(
            run.code,
            Some(*code),
            "{args}: {}{}",
            run.stdout,
            run.stderr
        );
        assert!(
            run.stderr.contains(words),
            "{args}: expected {words:?} in {}",
            run.stderr
        );
        if *code == 1 {
            assert_eq!(run.stderr.lines().count(), 1, "{args}: {}", run.stderr);
            assert!(run.stderr.starts_with("error: "), "{args}: {}", run.stderr);
        }
        if *code == 1 || *code == 2 {
            assert_eq!(run.stdout, "", "{args}");
            assert_eq!(bench.names(), [file], "{args}: nothing is left behind");
        }
        for name in bench.names() {
            std::fs::remove_file(bench.path(&name)).unwrap();
        }
    }
}

const TRAIN: &str = "train IN --model m.json --method svm";

const COMPLETE: &str = "train IN --model m.json --method svm --missing refuse";

#[test]
fn csv_files() {
    let huge = b"a,y\n1e308,1\n-1e308,0\n1.1e308,0\n-1.1e308,1\n";
    let large = b"a,y\n1e200,1\n-1e200,0\n1.1e200,0\n-1.1e200,1\n";
    let four = b"a,y\n1,p\n2,n\n3,n\n4,n\n";
    check(
        "in.csv",
        &[
            (b"", TRAIN, 1, "in.csv: found an empty file"),
            (b"a,y\n", TRAIN, 1, "found no samples"),
            (b"a,y\n1,p\n2,p\n", TRAIN, 1, "found one class (\"p\")"),
            (b"a,y\n1,p\n2,q\n3,r\n", TRAIN, 1, "found 3 classes"),
            (
                b"a,y\n1,p\nnan,q\n",
                COMPLETE,
                1,
                "in.csv:3:1: found cells without a value (1 in column \"a\")",
            ),
            (b"a,y\n1,p\n-inf,q\n", TRAIN, 1, "in.csv:3:1: found -inf"),
            (b"a,y\n1,p\n,q\n", COMPLETE, 1, "in.csv:3:1: found cells"),
            (b"a,y\n1,p\n2,nan\n", TRAIN, 1, "in.csv:3:2"),
            (
                b"a,y\n1,p\n2,q,7\n",
                TRAIN,
                1,
                "in.csv:3: found 3 cells, expected 2",
            ),
            (
                b"a,y\n1,p\n2,\xe9\n",
                TRAIN,
                1,
                "in.csv:3:3: found byte 0xE9",
            ),
            (
                b"1,2\n3,4\n",
                TRAIN,
                1,
                "found the number 1 as a column name",
            ),
            (b"\x1f\x8b\x08\x00junk", TRAIN, 1, "truncated gzip"),
            (huge, TRAIN, 1, "too large to scale"),
            (
                huge,
                "train IN --model m.json --method svm --scale none",
                1,
                "in.csv: ",
            ),
            (
                large,
                "train IN --model m.json --method svm --scale none --kernel linear",
                1,
                "scale the data",
            ),
            (
                four,
                "train IN --model m.json --target z",
                1,
                "found no column \"z\"",
            ),
            (
                four,
                "train IN --model m.json --positive z",
                1,
                "found no \"z\" in column \"y\"",
            ),
            (four, "train IN --model m.json --k 4", 1, "in.csv: "),
            (four, "evaluate IN --folds 5", 1, "in.csv: "),
            (
                four,
                "evaluate IN --folds 1",
                2,
                "--folds 1: must be at least 2",
            ),
            (
                four,
                "tune IN --folds 1",
                2,
                "--folds 1: must be at least 2",
            ),
            (four, "tune IN --folds 2", 1, "positive class has 1 sample"),
            (
                four,
                "train missing.csv --model m.json",
                1,
                "missing.csv: No such file",
            ),
            (
                four,
                "train IN --model no/such/m.json",
                1,
                "no/such/m.json: cannot write into no/such",
            ),
            (four, "train IN --model .", 1, "found a directory"),
            (four, "train IN --model in.csv", 1, "found an existing file"),
            (
                four,
                "train IN --model m.json --kernel precomputed --method svm",
                1,
                "found 1 features for 4 samples",
            ),
            (four, "predict IN --model m.json", 1, "m.json: "),
            (four, "predict IN --model IN", 1, "in.csv"),
            (
                four,
                "train IN --model m.json --k 2 --term 36",
                2,
                "--term applies to Lending Club files",
            ),
        ],
    );
}

#[test]
fn legal_oddities_train_and_warn() {
    let constant = b"a,y\n5,p\n5,n\n5,n\n5,n\n";
    let contradictory = b"a,y\n1,p\n1,n\n2,p\n2,n\n";
    let tiny = b"a,y\n1e-200,p\n3e-200,n\n2e-200,n\n9e-200,n\n";
    let larger = b"a,y\n1,p\n2,n\n3,n\n4,n\n";
    check(
        "in.csv",
        &[
            (constant, TRAIN, 0, "the kernel is the same for all samples"),
            (contradictory, TRAIN, 0, ""),
            (tiny, TRAIN, 0, ""),
            (
                tiny,
                "train IN --model m.json --method svm --scale none --gamma 1",
                0,
                "the kernel is the same",
            ),
            (
                larger,
                "train IN --model m.json --method class-cost --positive n",
                0,
                "is the larger one",
            ),
            (
                larger,
                "train IN --model m.json --method svm --gamma 1e300",
                0,
                "learns them by heart",
            ),
            (
                larger,
                "train IN --model m.json --method svm --c 1e-300",
                0,
                "every support vector is at its bound",
            ),
            (
                larger,
                "train IN --model m.json --method svm --c 1e300",
                0,
                "",
            ),
            (
                larger,
                "train IN --model m.json --method svm --c 1e-300 --quiet",
                0,
                "",
            ),
            (b"\xef\xbb\xbfa,y\r\n1,p\r\n2,n\r\n", TRAIN, 0, ""),
            (b"a,t,y\n1,\"x\ny\",p\n2,z,n\n", TRAIN, 0, ""),
        ],
    );
}

#[test]
fn what_hangs_elsewhere_ends_here() {
    let mut skewed = "a,b,y\n".to_owned();
    let mut classes = "a,y\n".to_owned();
    for i in 0..40 {
        let y = u8::from(i % 3 == 0);
        skewed += &format!("{},{},{y}\n", i * i % 17, i * 7919 % 13 * 100_000);
        classes += &format!("{i},{i}\n");
    }
    let raw = "train IN --model m.json --method svm --scale none";
    let steep = b"a,y\n99999,1\n-99999,0\n";
    let case = |flags: &str| format!("{raw} {flags}");
    let capped = case("--kernel linear --c 1e6 --max-iter 20000");
    check(
        "in.csv",
        &[
            (skewed.as_bytes(), &capped, 3, "iteration limit"),
            (
                skewed.as_bytes(),
                &case("--kernel polynomial --degree 2"),
                0,
                "",
            ),
            (
                skewed.as_bytes(),
                &case("--tol 1e-300 --max-iter 1000000"),
                0,
                "",
            ),
            (
                steep,
                &case("--kernel polynomial --degree 2 --max-iter 100000"),
                0,
                "",
            ),
            (classes.as_bytes(), raw, 1, "found more than 5 classes"),
        ],
    );
}

#[test]
fn gram_matrices_are_checked() {
    let gram = "train IN --model m.json --method svm --kernel precomputed";
    check(
        "in.csv",
        &[
            (b"a,b,y\n1,0,1\n0,1,0\n", gram, 0, ""),
            (b"a,b,y\n1,0.5,1\n0.4,1,0\n", gram, 1, "must be symmetric"),
            (
                b"a,b,y\n1,0,1\n0,1,0\n0,0,0\n",
                gram,
                1,
                "found 2 features for 3 samples",
            ),
            (
                b"a,b,y\n0,3,1\n3,0,0\n",
                gram,
                0,
                "not positive semidefinite",
            ),
        ],
    );
}

#[test]
fn keel_and_libsvm_files() {
    let keel =
        |rows: &str| format!("@attribute a real\n@attribute y {{p,n}}\n@data\n{rows}").into_bytes();
    check(
        "in.dat",
        &[
            (b"", TRAIN, 1, "found an empty file"),
            (
                b"@attribute a interval\n",
                TRAIN,
                1,
                "in.dat:1: found type \"interval\"",
            ),
            (&keel(""), TRAIN, 1, "found no samples"),
            (
                &keel("1,p\n<null>,n\n"),
                COMPLETE,
                1,
                "in.dat:5:1: found cells without a value (1 in column \"a\")",
            ),
            (&keel("1,p\n2,q\n"), TRAIN, 1, "in.dat:5:2: found \"q\""),
            (
                &keel("1,p\n2\n"),
                TRAIN,
                1,
                "in.dat:5: found 1 cells, expected 2",
            ),
            (&keel("1,p\n2, n\r\n3 ,n"), TRAIN, 0, ""),
        ],
    );
    check(
        "in.svm",
        &[
            (b"", TRAIN, 1, "found an empty file"),
            (b"1\n-1\n", TRAIN, 1, "found no feature"),
            (
                b"1 1:1\n-1 2:1 1:1\n",
                TRAIN,
                1,
                "in.svm:2:8: found index 1 after 2",
            ),
            (
                b"1 1:1 0:1\n",
                TRAIN,
                1,
                "in.svm:1:7: found index 0 after 1",
            ),
            (b"1 0:1\n-1 1:1\n", TRAIN, 0, ""),
            (
                b"1 4000000000:1\n",
                TRAIN,
                1,
                "found index 4000000000, expected at most 1000000",
            ),
            (b"1 1:nan\n", TRAIN, 1, "in.svm:1:3: found \"nan\""),
            (b"1 1:1 2\n", TRAIN, 1, "in.svm:1:7: found \"2\""),
            (b"1 qid:x 1:1\n", TRAIN, 1, "in.svm:1:3: found \"qid:x\""),
            (b"1 qid:1 1:1\n-1 qid:1 1:2\n", TRAIN, 0, "qid"),
            (b"1 1:1\n-1 1:2\n", TRAIN, 0, ""),
        ],
    );
    check(
        "in.parquet",
        &[
            (b"PAR1", TRAIN, 1, "damaged or unsupported Parquet data"),
            // The decoder of the crate parquet panics, and nothing is said of that.
            (
                include_bytes!("../../../datasets/tests/parquet/no-dictionary.parquet"),
                TRAIN,
                1,
                "found damaged Parquet data",
            ),
        ],
    );
    check(
        "in.txt",
        &[
            (b"a,y\n", TRAIN, 1, "found no samples below the header"),
            (b"PK\x03\x04loans", TRAIN, 1, "found a ZIP archive"),
        ],
    );
}

#[test]
fn weight_files_are_located() {
    let bench = Bench::with_data();
    let ones = "1\n".repeat(59);
    for (content, words) in [
        (
            ones.clone() + "nan\n",
            "w.txt:60:1: found \"nan\", expected a finite number",
        ),
        (ones.clone() + "-1\n", "w.txt:60:1: found \"-1\""),
        (ones.clone() + "inf\n", "w.txt:60:1: found \"inf\""),
        (ones.clone() + "x\n", "w.txt:60:1: found \"x\""),
        ("1\n\n".to_owned() + &ones, "w.txt:2:1: found \"\""),
        (ones.clone(), "w.txt: found 59 weights, expected 60"),
        (String::new(), "w.txt: found 0 weights, expected 60"),
        ("0\n".repeat(60), "weight 0"),
        // the positive samples are every fifth
        (
            "0\n1\n1\n1\n1\n".repeat(12),
            "every positive sample has weight 0",
        ),
    ] {
        bench.put("w.txt", content);
        let run = bench.run("train train.csv --weights w.txt --model m.json");
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
        assert!(!bench.path("m.json").exists());
    }
    bench.put("w.txt", ones + "1e-310\n\n\n");
    bench.ok("train train.csv --weights w.txt --model m.json");
}

#[test]
fn a_stopped_solver_exits_with_3_and_writes_its_model() {
    let bench = Bench::with_data();
    let run = bench.run("train train.csv --max-iter 2 --model m.json --json");
    assert_eq!(run.code, Some(3));
    assert!(run.stderr.contains("iteration limit"), "{}", run.stderr);
    let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(summary["status"], "max-iterations");
    assert_eq!(summary["iterations"], 2);
    bench.ok("predict train.csv --model m.json --output p.csv");
    assert_eq!(bench.run("evaluate train.csv --max-iter 2").code, Some(3));
    let run = bench.run("tune train.csv --c 1 --gamma 1 --k 3 --folds 2 --max-iter 2");
    assert_eq!(run.code, Some(3));
    assert!(run.stderr.contains("2 of 2 fits"), "{}", run.stderr);
}

#[test]
fn other_layouts_are_refused_at_predict() {
    let bench = Bench::with_model();
    for (content, words) in [
        ("a,b,y\n1,2,yes\n", "found no column \"kind\""),
        (
            "a,b,kind\n1,x,u\n",
            "p.csv:2:2: found \"x\" in column \"b\", expected a number",
        ),
        ("a,b,kind\n1,2\n", "p.csv:2: found 2 cells, expected 3"),
        ("a,b,kind\n", "found no samples"),
        ("", "found an empty file"),
    ] {
        bench.put("p.csv", content);
        let run = bench.run("predict p.csv --model m.json --output o.csv");
        assert_eq!(run.code, Some(1), "{content}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
        assert!(!bench.path("o.csv").exists());
    }
    bench.put("p.csv", "a,b,kind\n1,2,never seen\n");
    let run = bench.ok("predict p.csv --model m.json");
    assert!(
        run.stderr
            .contains("categories unseen in training in 1 rows"),
        "{}",
        run.stderr
    );
    bench.put("p.csv", csv(10, 5).replace("yes", "maybe"));
    let run = bench.run("evaluate p.csv --model m.json");
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("p.csv:2:4: found \"maybe\" in column \"y\""),
        "{}",
        run.stderr
    );
    bench.put("p.svm", "1 1:1 9:1\n");
    let run = bench.run("predict p.svm --model m.json");
    assert!(
        run.stderr
            .contains("p.svm:1:7: found index 9, expected at most 5"),
        "{}",
        run.stderr
    );
}
