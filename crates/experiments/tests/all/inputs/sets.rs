//! Files of samples for a comparison: those that take part, and those that do not, with the reason.

use std::path::{Path, PathBuf};

use fuzzysvm_experiments::compare::{
    self, CompareError, CompareInput, CompareOptions, CompareResults, ReadError,
};
use fuzzysvm_experiments::{RunRecord, results_json};
use tempfile::TempDir;

use super::sha256;

/// Samples in KEEL's format; every so many are positive, and lie apart.
fn keel(n: u32, every: u32, apart: f64) -> String {
    let mut text = "@relation t\n@attribute a real [-9, 9]\n@attribute b real [-9, 9]\n\
                    @attribute Class {positive, negative}\n@inputs a, b\n@outputs Class\n@data\n"
        .to_owned();
    for i in 0..n {
        let is_positive = i % every == 0;
        let shift = if is_positive { apart } else { 0.0 };
        let wave = |f: f64| 2.0 * (f64::from(i) * (f + apart)).sin();
        let class = if is_positive { "positive" } else { "negative" };
        let (a, b) = (wave(1.7) + shift, wave(2.9) - shift);
        text += &format!("{a:.5}, {b:.5}, {class}\n");
    }
    text
}

struct Files(TempDir);

impl Files {
    fn new(files: &[(&str, String)]) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn options(&self, names: &[&str]) -> CompareOptions {
        let mut options = CompareOptions::default();
        options.data = names.iter().map(|name| self.path(name)).collect();
        for (name, text) in [
            ("methods", "svm,class-cost"),
            ("folds", "3"),
            ("inner_folds", "2"),
            ("repeats", "1"),
            ("c", "1"),
            ("gamma", "0.25"),
        ] {
            options.set(name, text).unwrap();
        }
        options
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn run(input: &CompareInput, options: &CompareOptions) -> CompareResults {
    compare::run(&input.sets, &options.settings(), &|_| {}).unwrap()
}

#[test]
fn files_are_read_once_and_the_others_have_their_reason() {
    let files = Files::new(&[
        ("near.dat", keel(60, 4, 1.0)),
        ("far.dat", keel(80, 5, 2.0)),
        ("few.dat", keel(20, 10, 1.5)),
        ("one.csv", "a,y\n1,p\n2,p\n".to_owned()),
        ("loans.csv", "loan_status,funded_amnt,term\n".to_owned()),
        ("copy.dat", keel(60, 4, 1.0)),
    ]);
    let names = [
        "one.csv",
        "near.dat",
        "none.dat",
        "near.dat",
        "loans.csv",
        "few.dat",
        "far.dat",
        "copy.dat",
    ];
    let options = files.options(&names);
    let input = options.read();
    input.check().unwrap();
    let read: Vec<&str> = input.sets.iter().map(|set| set.name()).collect();
    assert_eq!(read, ["near", "few", "far", "copy"]);
    let unreadable: Vec<&str> = input.unreadable.iter().map(|u| u.name.as_str()).collect();
    assert_eq!(unreadable, ["one", "none", "loans"]);
    assert!(matches!(input.unreadable[2].error, ReadError::Loans));
    assert!(matches!(input.unreadable[0].error, ReadError::Table(_)));

    let results = input.with_left_out(run(&input, &options));
    let took_part: Vec<&str> = results.sets.iter().map(|set| set.name.as_str()).collect();
    assert_eq!(took_part, ["near", "far"]);
    let reasons = [
        ("one.csv", "found one class"),
        ("none.dat", "No such file"),
        ("near.dat", "named twice: it counts once"),
        (
            "loans.csv",
            "found a Lending Club file, expected a table of samples",
        ),
        ("few.dat", "3 folds: the positive class has 2 samples"),
        ("copy.dat", "the same samples as "),
    ];
    // In the order of the files; a file that is named twice stands where it is named first.
    let order = [
        "one.csv",
        "near.dat",
        "none.dat",
        "loans.csv",
        "few.dat",
        "copy.dat",
    ];
    let sources: Vec<&str> = results.skipped.iter().map(|s| s.source.as_str()).collect();
    assert_eq!(sources, order.map(|name| shown(&files.path(name))));
    for (name, words) in reasons {
        let source = shown(&files.path(name));
        let skipped = results.skipped.iter().find(|s| s.source == source).unwrap();
        // The source is not said twice.
        assert!(skipped.reason.starts_with(words), "{}", skipped.reason);
    }
    // The results of those that take part are those without the others.
    let alone = files.options(&["near.dat", "far.dat"]);
    let alone = run(&alone.read(), &alone);
    assert_eq!(alone.sets, results.sets);
}

#[test]
fn alike_names_are_told_apart_by_their_folders() {
    let files = Files::new(&[
        ("a/x.dat", keel(60, 4, 1.0)),
        ("b/x.dat", keel(60, 4, 2.0)),
        ("y.dat", keel(60, 4, 3.0)),
    ]);
    let input = files.options(&["a/x.dat", "b/x.dat", "y.dat"]).read();
    let names: Vec<&str> = input.sets.iter().map(|set| set.name()).collect();
    let [a, b] = ["a/x.dat", "b/x.dat"].map(|name| shown(&files.path(name)));
    assert_eq!(names, [a.as_str(), b.as_str(), "y"]);
}

#[test]
fn where_no_file_can_be_read_the_first_says_why() {
    let files = Files::new(&[
        ("loans.csv", "loan_status,funded_amnt,term\n".to_owned()),
        ("one.csv", "a,y\n1,p\n2,p\n".to_owned()),
    ]);
    let words = |names: &[&str]| {
        let error = files.options(names).read().check().unwrap_err();
        assert!(matches!(error, CompareError::NoneReadable { .. }));
        error.to_string()
    };
    let loans = shown(&files.path("loans.csv"));
    let alone = words(&["loans.csv"]);
    assert!(
        alone.starts_with(&format!("{loans}: found a Lending Club file")),
        "{alone}"
    );
    assert!(!alone.contains("more"), "{alone}");
    let both = words(&["one.csv", "loans.csv", "none.csv"]);
    assert!(both.starts_with(&shown(&files.path("one.csv"))), "{both}");
    assert!(
        both.ends_with(" (and 2 more: no data set is left)"),
        "{both}"
    );
    // A target makes a table of any file.
    let mut options = files.options(&["loans.csv"]);
    options.set("target", "term").unwrap();
    let input = options.read();
    assert!(matches!(input.unreadable[0].error, ReadError::Table(_)));
    // Nothing given is nothing wrong with a file.
    assert!(CompareOptions::default().read().check().is_ok());
}

#[test]
fn what_is_hardly_meant_is_said() {
    let mut copies = keel(60, 4, 1.0);
    let twice: String = copies
        .lines()
        .skip(7)
        .take(30)
        .map(|l| format!("{l}\n"))
        .collect();
    copies += &twice;
    let files = Files::new(&[
        ("near.dat", keel(60, 4, 1.0)),
        ("copies.dat", copies),
        (
            "large.csv",
            "a,y\n1,p\n2,p\n3,n\n4,p\n5,n\n6,p\n".to_owned(),
        ),
    ]);
    let mut options = files.options(&["near.dat", "copies.dat"]);
    let input = options.read();
    assert_eq!(input.copies_across_folds, ["copies"]);
    let said = input.warnings_in_words();
    let across = "rows have a copy in another fold, so models are tested on rows that they have \
                  trained on and figures come out too good: copies";
    assert!(said.iter().any(|line| line == across), "{said:?}");
    let source = shown(&files.path("copies.dat"));
    let of_file = said
        .iter()
        .filter(|line| line.starts_with(&format!("{source}: ")));
    assert_eq!(of_file.count(), input.warnings.len());
    assert!(!input.warnings.is_empty());

    options.data = vec![files.path("large.csv")];
    options.set("positive", "p").unwrap();
    let said = options.read().warnings_in_words();
    let larger =
        "the positive class is the larger one (4 of 6 samples): choose another positive class";
    assert!(said.iter().any(|line| line.ends_with(larger)), "{said:?}");
    options.set("positive", "n").unwrap();
    let said = options.read().warnings_in_words();
    assert!(
        said.iter().all(|line| !line.contains("the larger one")),
        "{said:?}"
    );
}

/// Not the place of a file, the control or the number of repetitions, but every value and every other setting.
#[test]
fn units_belong_to_their_data_and_settings() {
    let text = keel(60, 4, 1.0);
    let files = Files::new(&[
        ("x.dat", text.clone()),
        ("elsewhere/x.dat", text.clone()),
        ("changed/x.dat", text.replacen("1.00000,", "1.00001,", 1)),
    ]);
    let identity = |name: &str, pairs: &[(&str, &str)]| {
        let mut options = files.options(&[name]);
        for (name, text) in pairs {
            options.set(name, text).unwrap();
        }
        options.read().identity(&options.settings()).unwrap()
    };
    let own = identity("x.dat", &[]);
    assert_eq!(files.options(&["x.dat"]).settings().control.id(), "svm");
    assert_eq!(own, identity("elsewhere/x.dat", &[]));
    assert_eq!(
        own,
        identity("x.dat", &[("repeats", "4"), ("control", "class-cost")])
    );
    assert_ne!(text, text.replacen("1.00000,", "1.00001,", 1));
    assert_ne!(own, identity("changed/x.dat", &[]));
    for pair in [
        ("folds", "4"),
        ("c", "2"),
        ("seed", "2"),
        ("methods", "svm"),
    ] {
        assert_ne!(own, identity("x.dat", &[pair]), "{pair:?}");
    }
    assert_eq!(own["sets"][0]["name"], "x");
}

/// Those of the largest sets first, none of a set that is there already.
#[test]
fn units_are_counted_from_the_largest_set_on() {
    let files = Files::new(&[
        ("a.dat", keel(60, 4, 1.0)),
        ("b.dat", keel(90, 4, 2.0)),
        ("c.dat", keel(60, 4, 1.0)),
    ]);
    let mut options = files.options(&["a.dat", "b.dat", "c.dat"]);
    options.set("repeats", "2").unwrap();
    let input = options.read();
    let units = input.units(&options.settings());
    let of_set = |set: usize| (0..6).map(move |unit| (set, unit));
    assert!(units.iter().copied().eq(of_set(1).chain(of_set(0))));
    let alone: Vec<_> = units
        .iter()
        .map(|&(set, unit)| compare::run_unit(&input.sets, &options.settings(), set, unit).unwrap())
        .collect();
    let settings = options.settings();
    let merged = compare::resume(&input.sets, &settings, alone, &|unit| {
        panic!("{unit:?} is open")
    });
    let whole = run(&input, &options);
    assert_eq!(
        results_json(&merged.unwrap()).unwrap(),
        results_json(&whole).unwrap()
    );
}

#[test]
fn results_name_their_files_by_their_digests() {
    let text = keel(60, 4, 1.0);
    let files = Files::new(&[("x.dat", text.clone())]);
    let options = files.options(&["none.dat", "x.dat"]);
    let input = options.read();
    let mut results = run(&input, &options);
    let without = results_json(&results).unwrap();
    assert!(without.ends_with("}\n") && !without.contains("\"provenance\""));
    results.provenance = Some(input.provenance(7, None));
    let json = serde_json::to_value(&results).unwrap();
    let found = &json["provenance"];
    assert_eq!(found["files"].as_array().unwrap().len(), 1);
    assert_eq!(found["files"][0]["name"], shown(&files.path("x.dat")));
    assert_eq!(found["files"][0]["sha256"], sha256(&text));
    assert_eq!((&found["seed"], found.get("command")), (&7.into(), None));
    assert_eq!(found["version"], env!("CARGO_PKG_VERSION"));
    let record = RunRecord::new(
        "compare x.dat".to_owned(),
        "2026-01-02T03:04:05Z".to_owned(),
        1.5,
    );
    results.provenance = Some(input.provenance(7, Some(record)));
    let json = serde_json::to_value(&results).unwrap();
    let found = &json["provenance"];
    assert_eq!(
        (&found["command"], &found["seconds"]),
        (&"compare x.dat".into(), &1.5.into())
    );
    assert_eq!(found["cpu"], fuzzysvm_core::cpu::level().to_string());
}
