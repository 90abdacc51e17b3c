//! What the tests of the command line share: a folder of their own, small data, the binary.

// Each test file uses a part; helpers count as production code to clippy.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A file or folder of `../shared` beside the repository, or `None`, said on standard error, where that is absent.
pub fn shared(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared is absent");
        return None;
    }
    let path = folder.join(name);
    assert!(path.exists(), "{name} is not in ../shared");
    Some(path)
}

/// The loans of 2007 to 2010, as [`shared`].
pub fn real_loans() -> Option<String> {
    let path = shared("data/lending-club/LoanStats_2007_2010.csv.gz")?;
    Some(path.display().to_string())
}

/// A folder for one test, and the binary run inside it.
pub struct Bench {
    folder: tempfile::TempDir,
}

/// What a run left behind.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// With `train.csv` (60 samples, 12 positive, two numbers and a text column).
    pub fn with_data() -> Self {
        let bench = Self::new();
        bench.put("train.csv", csv(60, 5));
        bench
    }

    /// With `train.csv` and a model `m.json` fitted to it.
    pub fn with_model() -> Self {
        let bench = Self::with_data();
        bench.ok("train train.csv --model m.json");
        bench
    }

    /// With `near.dat`, `far.dat` and `rare.dat`: KEEL sets of other sizes and overlaps.
    pub fn with_sets() -> Self {
        let bench = Self::new();
        bench.put("near.dat", keel(60, 4, 1.0));
        bench.put("far.dat", keel(80, 5, 2.5));
        bench.put("rare.dat", keel(90, 9, 1.5));
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn get(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// All file names, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> = entries
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    pub fn command(&self, args: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fuzzysvm"));
        command.current_dir(self.folder());
        command.args(args.split_whitespace());
        command
    }

    /// Runs the binary; no run ever panics.
    pub fn run(&self, args: &str) -> Run {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(args).output().unwrap();
        let run = Run {
            code: status.code(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        };
        assert!(!run.stderr.contains("panicked"), "{args}: {}", run.stderr);
        run
    }

    pub fn ok(&self, args: &str) -> Run {
        let run = self.run(args);
        assert_eq!(run.code, Some(0), "{args}: {}{}", run.stdout, run.stderr);
        run
    }

    /// The one line of JSON that a successful run prints.
    pub fn json(&self, args: &str) -> Value {
        let run = self.ok(&format!("{args} --json"));
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
        serde_json::from_str(&run.stdout).unwrap()
    }
}

/// Runs a line of shell inside the folder; `BIN` is the binary.
pub fn shell(bench: &Bench, line: &str) -> Run {
    let line = line.replace("BIN", env!("CARGO_BIN_EXE_fuzzysvm"));
    let mut command = Command::new("sh");
    command.current_dir(bench.folder()).arg("-c").arg(&line);
    let output = command.output().unwrap();
    let run = Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.stderr.contains("panicked"), "{line}: {}", run.stderr);
    run
}

/// The bytes as gzip packs them.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A table whose positive class (every fifth sample) is shifted, with overlap.
pub fn csv(n: usize, every: usize) -> String {
    let mut text = "a,b,kind,y\n".to_owned();
    for i in 0..n {
        let positive = i % every == 0;
        let wave = |f: f64| (i as f64 * f).sin();
        let shift = if positive { 1.0 } else { -0.5 };
        text += &format!(
            "{:.4},{:.4},{},{}\n",
            wave(1.7) + shift,
            wave(2.9) - shift,
            ["u", "v", "w"][i % 3],
            if positive { "yes" } else { "no" }
        );
    }
    text
}

/// A KEEL file of `n` samples of which every `every`-th is positive and shifted by `shift`.
pub fn keel(n: usize, every: usize, shift: f64) -> String {
    let mut text =
        "@relation small\n@attribute a real [-9.0, 9.0]\n@attribute b real [-9.0, 9.0]\n\
                    @attribute class {negative, positive}\n@inputs a, b\n@outputs class\n@data\n"
            .to_owned();
    for i in 0..n {
        let positive = i % every == 0;
        let wave = |f: f64| 2.0 * (i as f64 * f).sin();
        let apart = if positive { shift } else { 0.0 };
        text += &format!(
            "{:.4}, {:.4}, {}\n",
            wave(1.7) + apart,
            wave(2.9) - 0.5 * apart,
            if positive { "positive" } else { "negative" }
        );
    }
    text
}

/// Flags of a comparison that takes seconds in place of minutes.
pub const SMALL: &str =
    "--methods svm,class-cost,efsvm,iefsvm --folds 3 --inner-folds 3 --c 1,16 --gamma 0.25 --k 1,3";

/// What a comparison wrote.
pub fn results(bench: &Bench, folder: &str) -> Value {
    serde_json::from_str(&bench.get(&format!("{folder}/results.json"))).unwrap()
}

/// What stands in `provenance` of results.json of how, on what and when a run was started.
pub const RECORD: [&str; 4] = ["command", "cpu", "started", "seconds"];

/// What `lend` or `compare` wrote, without the record of the run: all else is the same in two runs of one job.
pub fn lend_results(bench: &Bench, folder: &str) -> Value {
    let mut found = results(bench, folder);
    let provenance = found["provenance"].as_object_mut().unwrap();
    for key in RECORD {
        assert!(provenance.remove(key).is_some(), "{key}");
    }
    found
}

/// A file of a run; of results.json without the record of the run, but with the order of its keys and all digits.
pub fn written(bench: &Bench, folder: &str, name: &str) -> String {
    let text = bench.get(&format!("{folder}/{name}"));
    if name != "results.json" {
        return text;
    }
    let starts = |line: &str, key: &str| line.starts_with(&format!("    \"{key}\": "));
    let is_of_record = |line: &&str| RECORD.iter().any(|key| starts(line, key));
    let lines: Vec<&str> = text.lines().collect();
    let kept: Vec<&str> = lines.iter().copied().filter(|l| !is_of_record(l)).collect();
    assert_eq!(kept.len() + RECORD.len(), lines.len());
    kept.join("\n")
}

/// The keys of a JSON object, sorted.
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}
