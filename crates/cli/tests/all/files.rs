//! Outputs appear whole or not at all.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::common::{Bench, csv};

#[test]
fn nothing_is_overwritten_without_force() {
    let bench = Bench::with_model();
    for command in [
        "train train.csv --model taken",
        "predict train.csv --model m.json --output taken",
        "membership train.csv --output taken",
        "simulate-loans --n 5 --output taken",
        "convert m.json --to libsvm --output taken",
        "convert m.json --to onnx --output taken",
    ] {
        bench.put("taken", "old");
        let run = bench.run(command);
        assert_eq!(run.code, Some(1), "{command}");
        assert!(
            run.stderr.contains("taken: found an existing file"),
            "{}",
            run.stderr
        );
        let taken = || std::fs::read(bench.path("taken")).unwrap();
        assert_eq!(taken(), b"old");
        bench.ok(&format!("{command} --force"));
        assert_ne!(taken(), b"old", "{command}");
    }
    assert_eq!(bench.names(), ["m.json", "taken", "train.csv"]);
}

#[test]
fn an_existing_output_is_refused_before_the_data_is_read() {
    let bench = Bench::new();
    bench.put("taken", "old");
    let run = bench.run("train missing.csv --model taken");
    assert!(
        run.stderr.contains("taken: found an existing file"),
        "{}",
        run.stderr
    );
    let run = bench.run("train missing.csv --model no/such/folder/m.json");
    assert!(run.stderr.contains("cannot write into"), "{}", run.stderr);
}

#[test]
fn an_output_that_cannot_be_finished_leaves_the_old_one() {
    let bench = Bench::with_model();
    bench.put("p.csv", "old");
    bench.put("bad.csv", "a,b,kind\n1,2,u\n1,x,u\n");
    let run = bench.run("predict bad.csv --model m.json --output p.csv --force");
    assert_eq!(run.code, Some(1));
    assert_eq!(bench.get("p.csv"), "old");
    assert_eq!(bench.names(), ["bad.csv", "m.json", "p.csv", "train.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_of_one_line() {
    let bench = Bench::with_model();
    for command in [
        "predict train.csv --model m.json --output /dev/full",
        "simulate-loans --n 50 --output /dev/full",
        "train train.csv --model /dev/full",
    ] {
        let run = bench.run(command);
        assert_eq!(run.code, Some(1), "{command}");
        assert!(
            run.stderr.contains("No space left"),
            "{command}: {}",
            run.stderr
        );
        assert_eq!(run.stderr.lines().count(), 1);
        assert!(run.stderr.contains("/dev/full: "), "{}", run.stderr);
    }
    for command in ["simulate-loans --n 50", "lend --help", "--version"] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let run = bench.command(command).stdout(full).output().unwrap();
        let stderr = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(1), "{command}: {stderr}");
        let words = "error: standard output: No space left on device";
        assert!(stderr.starts_with(words), "{command}: {stderr}");
    }
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let bench = Bench::new();
    let mut child = bench
        .command("simulate-loans --n 3000")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(!line.is_empty());
    drop(reader);
    let status = child.wait().unwrap();
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[cfg(unix)]
fn signal(name: &str, pid: u32) {
    let sent = std::process::Command::new("kill")
        .args([format!("-{name}"), pid.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Starts a long run and waits until its file beside the output exists.
#[cfg(unix)]
fn interrupted(bench: &Bench, name: &str) -> Option<i32> {
    let mut child = bench
        .command("simulate-loans --n 3000000 --output loans.csv")
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while bench.names().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(20), "no file started");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(20));
    signal(name, child.id());
    child.wait().unwrap().code()
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_behind() {
    for name in ["INT", "TERM", "HUP"] {
        let bench = Bench::new();
        assert_eq!(interrupted(&bench, name), Some(130), "{name}");
        assert!(bench.names().is_empty(), "{name}: {:?}", bench.names());
    }
}

#[cfg(unix)]
#[test]
fn a_kill_leaves_no_file_under_the_outputs_name() {
    let bench = Bench::new();
    assert_eq!(interrupted(&bench, "KILL"), None);
    assert!(!bench.path("loans.csv").exists());
    // the next run is not disturbed by what the killed one left
    bench.ok("simulate-loans --n 10 --output loans.csv");
}

#[test]
fn quiet_and_json_keep_the_streams_apart() {
    let bench = Bench::with_data();
    let run = bench.ok("train train.csv --method svm --c 1e-300 --model m.json --quiet --json");
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout.lines().count(), 1);
    let run = bench.ok("train train.csv --method svm --c 1e-300 --model m.json --force");
    assert!(run.stderr.starts_with("warning: "), "{}", run.stderr);
    assert!(run.stdout.contains("support"), "{}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'));
}

/// A name of bytes that are no UTF-8 is a name, also in the command that goes on with a run.
#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_taken() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let bench = Bench::new();
    let name = |bytes: &'static [u8]| OsStr::from_bytes(bytes);
    std::fs::write(bench.folder().join(name(b"d\xff.csv")), csv(60, 5)).unwrap();
    let compare = "compare --methods svm,class-cost --control svm --folds 2 --inner-folds 2 --repeats 1 --c 1 --gamma 0.1";
    let lend = "lend --simulated-loans 6000 --split random --trials 1 --train 200 --test 200 --folds 2 --c 1 --gamma 0.1 \
                --methods svm";
    for (args, file) in [(compare, Some(name(b"d\xff.csv"))), (lend, None)] {
        let out = [name(b"--out"), name(b"o\xfe")];
        let mut command = bench.command(args);
        let output = command.args(file).args(out).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args}: {stderr}");
        let folder = bench.folder().join(name(b"o\xfe"));
        let results = std::fs::read_to_string(folder.join("results.json")).unwrap();
        let results: serde_json::Value = serde_json::from_str(&results).unwrap();
        let said = results["provenance"]["command"].as_str().unwrap();
        assert!(said.ends_with(r"--out $'o\xfe'"), "{said}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    // Every command that writes a file, and what stands in its JSON.
    bench.put("train.csv", csv(60, 5));
    bench.ok("train train.csv --model m.json");
    for args in [
        "train train.csv --model",
        "tune train.csv --c 1 --gamma 0.1 --model",
        "predict train.csv --model m.json --output",
        "membership train.csv --method iefsvm --output",
        "convert m.json --to onnx --output",
        "simulate-loans --n 20 --output",
        "man --out",
    ] {
        let file = bench.folder().join(name(b"f\xff"));
        let output = bench
            .command(args)
            .arg(&file)
            .arg("--json")
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args}: {stderr}");
        let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(line.is_object() && file.exists(), "{args}: {line}");
        let removed = match file.is_dir() {
            true => std::fs::remove_dir_all(file),
            false => std::fs::remove_file(file),
        };
        removed.unwrap();
    }
}
