//! The recipe of the book for a new membership, "one new file and one line", followed on a copy of the source tree:
//! every command of the binary that is built there knows the method.
//!
//! The copy and its target folder stay under `target/tmp/recipe`, so that only the first run compiles the dependencies.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Files of the tree by their paths in it.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

const NAME: &str = "opposite-distance";

fn read(tree: &Tree, path: &str) -> String {
    String::from_utf8(tree[Path::new(path)].clone()).unwrap()
}

/// Reads a file, or everything in a folder.
fn collect(root: &Path, path: &Path, tree: &mut Tree) {
    let here = root.join(path);
    if here.is_file() {
        tree.insert(path.to_owned(), fs::read(here).unwrap());
        return;
    }
    for entry in fs::read_dir(here).unwrap() {
        let name = entry.unwrap().file_name();
        // The build folder of the root; sources may have a module of that name.
        let is_built = path.as_os_str().is_empty() && name == "target";
        if !is_built && !name.to_string_lossy().starts_with('.') {
            collect(root, &path.join(name), tree);
        }
    }
}

/// What the book says: the source of the example down to its cut becomes a file of the library, and the list of the
/// library gets one line.
fn follow_the_recipe(tree: &mut Tree, page: &str) {
    let kinds = "crates/membership/src/kind";
    let source = read(tree, "crates/membership/examples/new_membership.rs");
    let (strategy, _) = source
        .split_once("// ---- The strategy ends here.")
        .unwrap();
    let strategy = strategy.replace("fuzzysvm_membership::", "crate::");
    let lines: Vec<&str> = page
        .lines()
        .map(str::trim)
        .filter(|l| l.starts_with("opposite_distance::"))
        .collect();
    assert_eq!(lines.len(), 1, "one line: {lines:?}");
    let line = lines[0];
    let mut list = read(tree, &format!("{kinds}.rs"));
    list.insert_str(list.rfind('}').unwrap(), &format!("    {line}\n"));
    tree.insert(
        format!("{kinds}/opposite_distance.rs").into(),
        strategy.into(),
    );
    tree.insert(format!("{kinds}.rs").into(), list.into());
}

/// Writes the files that differ, so that Cargo compiles no more than it must, and removes those that are too many.
fn write(tree: &Tree, folder: &Path) {
    for (path, content) in tree {
        let path = folder.join(path);
        if fs::read(&path).is_ok_and(|old| old == *content) {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let mut there = Tree::new();
    collect(folder, Path::new(""), &mut there);
    for path in there.keys().filter(|path| !tree.contains_key(*path)) {
        fs::remove_file(folder.join(path)).unwrap();
    }
}

fn output(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Builds the binary of the tree, quickly rather than quick, and without optional formats.
fn build(folder: &Path) -> PathBuf {
    let target = folder.with_file_name("target");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([
            "build",
            "--package",
            "fuzzysvm-cli",
            "--no-default-features",
            "--offline",
            "--locked",
        ])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CARGO_BUILD_TARGET");
    output(&mut cargo);
    target
        .join("debug/fuzzysvm")
        .with_extension(std::env::consts::EXE_EXTENSION)
}

/// Two overlapping classes; every fourth sample is positive.
fn samples(shift: f64) -> String {
    let mut text = "a,b,class\n".to_owned();
    for i in 0..60 {
        let positive = i % 4 == 0;
        let wave = |f: f64| (f64::from(i) * f).sin() + if positive { shift } else { 0.0 };
        let class = if positive { "bad" } else { "good" };
        text += &format!("{:.4},{:.4},{class}\n", wave(1.7), wave(2.9));
    }
    text
}

#[test]
fn one_new_file_and_one_line_give_the_method_to_every_command() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/src/extending.md"));
    let (Ok(page), true) = (page, root.join("crates/cli/Cargo.toml").is_file()) else {
        eprintln!("skipped: this package stands without its workspace");
        return;
    };
    let mut tree = Tree::new();
    for part in ["Cargo.toml", "Cargo.lock", "crates", "benches"] {
        collect(&root, Path::new(part), &mut tree);
    }
    follow_the_recipe(&mut tree, &page);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recipe");
    write(&tree, &folder.join("tree"));
    let binary = build(&folder.join("tree"));

    let data = folder.join("data");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("near.csv"), samples(0.8)).unwrap();
    fs::write(data.join("far.csv"), samples(1.5)).unwrap();
    let run = |line: &str| {
        let mut command = Command::new(&binary);
        command.current_dir(&data).args(line.split(' '));
        String::from_utf8(output(&mut command).stdout).unwrap()
    };
    let file = |name: &str| fs::read_to_string(data.join(name)).unwrap();

    assert!(run("methods").contains(NAME));
    let described = run(&format!("methods {NAME}"));
    assert!(described.contains("scale") && described.contains("a number above 0"));

    let of = format!("near.csv --method {NAME}");
    run(&format!(
        "membership {of} --param scale=2 --output s.csv --force"
    ));
    // A majority sample among the minority counts least, and the minority fully.
    let weights: Vec<f64> = file("s.csv")
        .lines()
        .skip(1)
        .map(|line| line.rsplit(',').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(weights.len(), 60);
    for (i, s) in weights.iter().enumerate() {
        assert!(if i % 4 == 0 { *s == 1.0 } else { *s < 1.0 }, "{i}: {s}");
    }

    run(&format!(
        "train {of} --param scale=0.5 --model m.json --force"
    ));
    let model: serde_json::Value = serde_json::from_str(&file("m.json")).unwrap();
    assert_eq!(model["description"]["method"], NAME);
    assert_eq!(
        model["description"]["parameters"]["membership"]["scale"],
        0.5
    );
    run("predict --model m.json far.csv --output p.csv --force");
    assert_eq!(file("p.csv").lines().count(), 61);

    let tuned = run(&format!(
        "tune {of} --c 1,4 --gamma 0.5 --param scale=0.5,1 --json"
    ));
    let tuned: serde_json::Value = serde_json::from_str(&tuned).unwrap();
    assert_eq!(tuned["grid"].as_array().map(Vec::len), Some(4), "{tuned}");
    run(&format!("evaluate {of} --folds 3"));

    let compared = run(&format!(
        "compare near.csv far.csv --methods svm,{NAME} --repeats 1 --c 1 --gamma 0.5 --json"
    ));
    assert!(compared.contains(NAME), "{compared}");
}
