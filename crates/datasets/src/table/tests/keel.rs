//! KEEL and ARFF headers in every spelling.

use fuzzysvm_core::ClassCounts;

use super::*;

#[test]
fn every_spelling_of_a_keel_header_is_read() {
    let plain = "@relation t\n@attribute Age real [1.0, 9.0]\n@attribute B integer [0, 1]\n\
                 @attribute Class {positive, negative}\n@inputs Age, B\n@outputs Class\n@data\n\
                 1.5, 0, positive\n2, 1, negative\n3, 1, negative\n";
    let expected = keel(plain).unwrap();
    assert_eq!(expected.feature_names, ["Age", "B"]);
    assert_eq!(expected.class_names, ["negative", "positive"]);
    assert_eq!(expected.x.row(0), [1.5, 0.0]);
    let variants = [
        plain.replace('\n', "\r\n"),
        plain
            .replace(" [1.0, 9.0]", "[1,9]")
            .replace("integer [0, 1]", "integer[0,1]"),
        plain.replace(" [1.0, 9.0]", ""),
        plain.replace("Class {", "Class{"),
        plain
            .replace("@inputs", "@input")
            .replace("@outputs", "@output"),
        plain
            .replace("@inputs Age, B\n", "")
            .replace("@outputs Class\n", ""),
        plain
            .replace("@attribute Age", "@attribute 'Age'")
            .replace("@attribute B", "@attribute \"B\""),
        plain
            .replace("@attribute", "@ATTRIBUTE")
            .replace("@data", "@Data")
            .replace(" real", " REAL"),
        plain.replace("real [1.0, 9.0]", "NUMERIC"),
        plain.replace("@data\n", "\n% words\n\n@data\n% more\n\n"),
        plain
            .replace("negative\n3", "  negative  \n3")
            .replace("0, positive", "0,Positive"),
        plain.replace("{positive, negative}", "{ negative,positive }"),
        plain
            .replace("2, 1,", "2,1,")
            .replace("1.5, 0, positive", "'1.5', 0, \"positive\""),
        plain.replace("@inputs Age, B", "@inputs AGE,b"),
        plain.trim_end().to_owned(),
        format!("\u{feff}{plain}"),
    ];
    for variant in variants {
        let data = keel(&variant).unwrap_or_else(|e| panic!("{variant}: {e}"));
        assert_eq!((&data.x, &data.y), (&expected.x, &expected.y), "{variant}");
        assert_eq!(data.class_names, expected.class_names);
    }
    // inputs choose the features, outputs the target
    let chosen = plain.replace("@inputs Age, B", "@inputs B");
    assert_eq!(keel(&chosen).unwrap().feature_names, ["B"]);
    let nominal = plain
        .replace("B integer [0, 1]", "B {x, 'u v', z}")
        .replace(", 0,", ", 'u v',")
        .replace(", 1,", ",Z,");
    let data = keel(&nominal).unwrap();
    assert_eq!(data.feature_names, ["Age", "B=x", "B=u v", "B=z"]);
    assert_eq!(data.x.row(0), [1.5, 0., 1., 0.]);
    assert_eq!(data.x.row(1), [2.0, 0., 0., 1.]);
}

#[test]
fn bad_keel_files_are_refused_where_they_are_bad() {
    let head = "@relation t\n@attribute a real\n@attribute b {u,v}\n@attribute y {p,n}\n";
    let rows = |rows: &str| format!("{head}@data\n{rows}");
    let cases = [
        (String::new(), "t.dat: found an empty file"),
        ("% only words\n".into(), "t.dat: found an empty file"),
        (
            head.into(),
            "t.dat:4: found the end of the file, expected @data",
        ),
        (
            "@data\n1,2\n".into(),
            "t.dat:1: found @data, expected @attribute lines before it",
        ),
        (
            "1,2\n".into(),
            "t.dat:1: found \"1,2\", expected a header line",
        ),
        (
            "@attributes a real\n".into(),
            "t.dat:1: found \"@attributes\"",
        ),
        ("@attribute\n".into(), "found no attribute name"),
        ("@attribute a\n".into(), "found no type"),
        ("@attribute 'a real\n".into(), "expected a closing quote"),
        ("@attribute a {u,v\n".into(), "expected a closing }"),
        ("@attribute a {u,u}\n".into(), "found \"u\" twice"),
        ("@attribute a {}\n".into(), "found no values"),
        ("@attribute a real 1,2\n".into(), "expected a range"),
        (
            "@attribute a interval [0,1]\n".into(),
            "t.dat:1: found type \"interval\" of attribute \"a\", expected real",
        ),
        (
            format!("{head}@outputs y, b\n@data\n"),
            "found 2 outputs, expected one",
        ),
        (
            format!("{head}@outputs q\n@data\n"),
            "found no column \"q\"",
        ),
        (rows(""), "found no samples"),
        (rows("1,u,p\n2,v\n"), "t.dat:7: found 2 cells, expected 3"),
        (
            rows("1,u,p\n2,w,n\n"),
            "t.dat:7:2: found \"w\" in column \"b\", expected one of {u, v}",
        ),
        (
            rows("1,u,p\n2,u,q\n"),
            "t.dat:7:3: found \"q\" in column \"y\"",
        ),
        (
            rows("1,u,p\n2,u,?\n"),
            "t.dat:7:3: found no value in column \"y\"",
        ),
        (rows("1,u,p\n[1,2],u,n\n"), "t.dat:7: found 4 cells"),
        (
            rows("1,u,p\nx,u,n\n"),
            "t.dat:7:1: found \"x\" in column \"a\", expected a number",
        ),
        (rows("1,u,p\ninf,u,n\n"), "t.dat:7:1: found inf"),
        (rows("1,u,p\n@end bag\n"), "t.dat:7: found \"@end bag\""),
        (rows("1,u,p\n2,u,p\n"), "found one class (\"p\")"),
    ];
    for (file, expected) in cases {
        let error = keel(&file).expect_err(&file).to_string();
        assert!(error.contains(expected), "{file:?}: {error}");
    }
}

#[test]
fn all_sixty_keel_sets_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/keel");
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("skipped: ../shared is absent");
        return;
    };
    // name, samples, features, positive, after KEEL's own tables (nominal Sex of abalone one-hot)
    let known = [
        ("yeast4", 1484, 8, 51),
        ("abalone9-18", 731, 10, 42),
        ("pima", 768, 8, 268),
        ("segment0", 2308, 19, 329),
        ("page-blocks0", 5472, 10, 559),
        ("vowel0", 988, 13, 90),
    ];
    let (mut n_files, mut n_known) = (0, 0);
    for entry in entries {
        let path = entry.unwrap().path();
        let data = read(&path, &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}"));
        let counts = ClassCounts::of(&data.y);
        // One set of the collection calls its larger class positive: the rarer one is ours.
        let reversed = path.ends_with("ecoli-0_vs_1.dat");
        assert_eq!(data.class_names[1] == "negative", reversed, "{path:?}");
        assert!(
            counts.positive > 0 && counts.positive < counts.negative,
            "{path:?}"
        );
        n_files += 1;
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if let Some(&(_, n, d, positive)) = known.iter().find(|k| k.0 == stem) {
            assert_eq!(
                (data.x.n_rows(), data.x.n_cols(), counts.positive),
                (n, d, positive),
                "{stem}"
            );
            n_known += 1;
        }
    }
    assert_eq!((n_files, n_known), (60, known.len()));
}
