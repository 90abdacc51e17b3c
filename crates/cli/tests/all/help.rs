//! Help texts and lists in a terminal of 80 columns.

use crate::common::Bench;

#[test]
fn help_has_examples_and_fits_two_screens_of_eighty_columns() {
    let bench = Bench::new();
    let help = |args: &str| {
        let output = bench.command(args).env("COLUMNS", "80").output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args}");
        String::from_utf8(output.stdout).unwrap()
    };
    for command in [
        "lend",
        "compare",
        "train",
        "predict",
        "evaluate",
        "tune",
        "membership",
        "methods",
        "simulate-loans",
        "convert",
        "report",
        "portfolio",
        "completions",
        "man",
    ] {
        let text = help(&format!("{command} --help"));
        assert!(text.contains("Examples:"), "{command}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
        assert!(text.lines().count() <= 100, "{command}: {text}");
        // Every way to ask gives one text.
        assert_eq!(help(&format!("{command} -h")), text);
        assert_eq!(help(&format!("help {command}")), text);
    }
    for method in bench.json("methods")["methods"].as_array().unwrap() {
        let name = method["name"].as_str().unwrap();
        let text = bench.ok(&format!("methods {name}")).stdout;
        // The source, which may have several DOIs, stands on one line.
        let mut lines = text.lines().enumerate().filter(|(i, _)| *i != 2);
        assert!(lines.all(|(_, l)| l.chars().count() <= 80), "{text}");
    }
    // Rankings are listed where they can be named, and in the book.
    let (lend, book) = (
        help("lend --help"),
        include_str!("../../../../docs/src/walk-forward.md"),
    );
    let listed = bench.json("methods");
    let methods = listed["methods"].as_array().unwrap().iter();
    let stakes = methods.filter(|method| method["kind"] == "stake");
    for ranking in stakes.chain(listed["rankings"].as_array().unwrap()) {
        let name = ranking["name"].as_str().unwrap();
        assert!(
            lend.contains(name) && book.contains(&format!("`{name}`")),
            "{name}"
        );
    }
    let list = bench.ok("methods").stdout;
    assert!(list.lines().all(|l| l.chars().count() <= 80), "{list}");
    let help = bench.ok("--help").stdout;
    assert!(help.contains("Exit codes"));
    assert!(bench.ok("--version").stdout.starts_with("fuzzysvm "));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            bench
                .ok(&format!("completions {shell}"))
                .stdout
                .contains("fuzzysvm")
        );
    }
}
