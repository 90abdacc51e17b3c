//! Model files of earlier versions, and of this one for later versions, are read and decide as they always did;

//! damaged ones are refused.

use std::path::{Path, PathBuf};

use crate::common::Bench;
use serde_json::Value;

/// The models, their methods, and the data that they score, see `golden/README.md`.
const MODELS: [(&str, &str, &str); 4] = [
    ("svm", "svm", "table.csv"),
    ("approx", "fsvm-cil", "table.csv"),
    ("forest", "cs-rf", "table.csv"),
    ("loans", "class-cost", "new-loans.csv"),
];

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
}

/// A folder with the golden files.
fn bench() -> Bench {
    let bench = Bench::new();
    for entry in std::fs::read_dir(golden("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        std::fs::copy(golden(&name), bench.path(&name)).unwrap();
    }
    bench
}

/// Row, decision and label of what is scored: of loans, `predict` also prints those that are not, names and notes.
fn decisions(printed: &str) -> String {
    let lines = printed.lines().map(|line| {
        let cells: Vec<&str> = line.splitn(4, ',').take(3).collect();
        cells.join(",") + "\n"
    });
    lines.filter(|line| !line.ends_with(",,\n")).collect()
}

#[test]
fn every_file_decides_as_when_it_was_written() {
    let bench = bench();
    for (name, _, data) in MODELS {
        let expected = bench.get(&format!("{name}.csv"));
        assert!(expected.lines().count() > 10, "{name}");
        for schema in ["schema1", "schema2"] {
            let file = format!("{schema}-{name}.json");
            let printed = bench.ok(&format!("predict {data} --model {file}")).stdout;
            assert_eq!(decisions(&printed), expected, "{file}");
            bench.ok(&format!("evaluate {data} --model {file} --resamples 5"));
        }
    }
}

#[test]
fn a_file_of_schema_1_is_written_again_as_one_of_today() {
    let bench = bench();
    for (name, method, data) in MODELS {
        bench.ok(&format!(
            "convert schema1-{name}.json --to json --output again.json --force"
        ));
        let file: Value = serde_json::from_str(&bench.get("again.json")).unwrap();
        assert_eq!(file["schema"], 2, "{name}");
        // Names of methods that are not used any more become those of today.
        assert_eq!(file["description"]["method"], method);
        let printed = bench.ok(&format!("predict {data} --model again.json"));
        assert_eq!(
            decisions(&printed.stdout),
            bench.get(&format!("{name}.csv")),
            "{name}"
        );
        // The file of today differs in what earlier versions did not write alone.
        let today: Value =
            serde_json::from_str(&bench.get(&format!("schema2-{name}.json"))).unwrap();
        assert_eq!(file["model"], today["model"], "{name}");
        for key in ["class_names", "feature_names", "preprocessing"] {
            assert_eq!(
                file["description"][key], today["description"][key],
                "{name}: {key}"
            );
        }
    }
}

#[test]
fn changed_files_of_schema_1_are_refused() {
    let bench = bench();
    for (name, _, data) in MODELS {
        let text = bench.get(&format!("schema1-{name}.json"));
        for changed in [
            text.replacen("\"kind\":", "\"kind\":\"x\",\"was\":", 1),
            text.replacen("\"metadata\":{", "\"metadata\":{\"more\":1,", 1),
            text.replacen("\"checksum\":\"", "\"checksum\":\"0", 1),
            text[..text.len() / 2].to_owned(),
        ] {
            assert_ne!(changed, text);
            bench.put("changed.json", changed);
            let run = bench.run(&format!("predict {data} --model changed.json"));
            assert_eq!(run.code, Some(1), "{name}");
            assert!(
                run.stderr.starts_with("error: changed.json"),
                "{}",
                run.stderr
            );
        }
    }
}

#[test]
fn damaged_model_files_are_refused() {
    let bench = Bench::with_model();
    let good = bench.get("m.json");
    let mut damaged: Vec<String> = vec![
        String::new(),
        "{}".into(),
        "null".into(),
        "not json".into(),
        "[1,2,3]".into(),
        good.replace("\"kernel\":\"rbf\"", "\"kernel\":\"cosine\""),
        good.replace("\"intercept\":", "\"intercept\":\"x\",\"was\":"),
        good.replace("\"intercept\":", "\"other\":"),
        good.replace("\"gamma\":", "\"gamma\":-"),
        good.replace("\"n_features\":5", "\"n_features\":4"),
        good.replace("\"n_features\":5", "\"n_features\":99999999999"),
        good.replace("\"checksum\":\"", "\"checksum\":\"0"),
        good.replace("fuzzysvm-model", "other-model"),
        good.replace("\"one-hot\":[", "\"one-hot\":[\"extra\","),
        good.replace("\"width\":[", "\"width\":[1.0,"),
    ];
    for cut in [1, good.len() / 3, good.len() / 2, good.len() - 3] {
        damaged.push(good[..cut].to_owned());
    }
    for text in damaged {
        assert_ne!(text, good);
        bench.put("bad.json", &text);
        let shown: String = text.chars().take(200).collect();
        for command in [
            "predict train.csv --model bad.json",
            "convert bad.json --to libsvm --output l",
        ] {
            let run = bench.run(command);
            assert_eq!(run.code, Some(1), "{command}: {shown}");
            assert!(
                run.stderr.starts_with("error: bad.json"),
                "{}: {shown}",
                run.stderr
            );
            assert_eq!(run.stdout, "");
        }
    }
    let newer = good.replacen("\"schema\":2", "\"schema\":99", 1);
    assert_ne!(newer, good);
    bench.put("bad.json", newer);
    let run = bench.run("predict train.csv --model bad.json");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("99"), "{}", run.stderr);
}
