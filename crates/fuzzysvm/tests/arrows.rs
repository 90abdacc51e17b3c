//! The arrows between the crates are few, and stay the ones that the design draws.
#![allow(clippy::expect_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each component may depend on besides `core`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("fuzzysvm-core", &[]),
    ("fuzzysvm-kernels", &[]),
    ("fuzzysvm-knn-entropy", &[]),
    (
        "fuzzysvm-membership",
        &["fuzzysvm-kernels", "fuzzysvm-knn-entropy"],
    ),
    ("fuzzysvm-qp", &[]),
    ("fuzzysvm-svm", &["fuzzysvm-kernels", "fuzzysvm-qp"]),
    ("fuzzysvm-baselines", &[]),
    ("fuzzysvm-evaluation", &[]),
    ("fuzzysvm-datasets", &[]),
    ("fuzzysvm-portfolio", &["fuzzysvm-qp"]),
];

/// Normal (not dev, not build) dependencies of every workspace crate on workspace crates.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let out = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|p| {
            let ours = p["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter(|d| {
                    d["kind"].is_null()
                        && d["name"]
                            .as_str()
                            .is_some_and(|n| n.starts_with("fuzzysvm"))
                });
            let names = ours
                .map(|d| d["name"].as_str().unwrap_or_default().to_owned())
                .collect();
            (p["name"].as_str().unwrap_or_default().to_owned(), names)
        })
        .collect()
}

#[test]
fn components_depend_on_core_and_on_what_the_design_allows() {
    let arrows = arrows();
    for (name, allowed) in ALLOWED {
        let mut rest = arrows[*name].clone();
        rest.remove("fuzzysvm-core");
        for target in &rest {
            assert!(
                allowed.contains(&target.as_str()),
                "{name} must not depend on {target}"
            );
        }
    }
}

#[test]
fn every_component_is_listed_and_only_the_top_knows_the_facade() {
    let listed: BTreeSet<&str> = ALLOWED.iter().map(|(n, _)| *n).collect();
    for (name, targets) in arrows() {
        match name.as_str() {
            "fuzzysvm" => assert!(
                listed.iter().all(|c| targets.contains(*c)),
                "facade misses a crate"
            ),
            "fuzzysvm-cli" | "fuzzysvm-benches" => {}
            other => {
                assert!(
                    listed.contains(other),
                    "{other} is not in the table of arrows"
                );
                assert!(
                    !targets.contains("fuzzysvm"),
                    "{other} must not depend on the facade"
                );
            }
        }
    }
}
