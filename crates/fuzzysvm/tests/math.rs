//! Results take elementary functions from `core::math` and from nowhere else.
#![allow(clippy::expect_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

/// What the C library of the system computes, each in its own way.
const METHODS: &[&str] = &[
    ".exp()",
    ".exp2()",
    ".exp_m1()",
    ".ln()",
    ".ln_1p()",
    ".log2()",
    ".log10()",
    ".log(",
    ".powf(",
    ".sin()",
    ".cos()",
    ".sin_cos()",
    ".tan()",
    ".asin()",
    ".acos()",
    ".atan()",
    ".atan2(",
    ".sinh()",
    ".cosh()",
    ".tanh()",
    ".cbrt()",
    ".hypot(",
    "f64::exp",
    "f64::ln",
    "f64::tanh",
];

/// Where nothing of it enters a result: pages, what the command line prints or reads as `2^-4`, digits to show,
/// bounds that are rounded outward, sizes of memory, laws of tests.
const ELSEWHERE: &[&str] = &[
    "report/src",
    "cli/src/ui.rs",
    "cli/src/flags/parse.rs",
    "core/src/memory.rs",
    "core/src/math",
    "datasets/src/feature_value.rs",
    "knn-entropy/src/screen.rs",
    "laws.rs",
    "tests.rs",
    "tests/",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_result_asks_the_system_for_an_elementary_function() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for entry in fs::read_dir(&crates).expect("the crates") {
        sources(&entry.expect("a crate").path().join("src"), &mut files);
    }
    assert!(files.len() > 100, "{} files", files.len());
    let mut found = Vec::new();
    for file in files {
        let name = file
            .strip_prefix(&crates)
            .expect("below")
            .display()
            .to_string();
        let name = name.replace('\\', "/");
        if ELSEWHERE.iter().any(|place| name.contains(place)) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if METHODS.iter().any(|method| code.contains(method)) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
