//! Tables of good and bad files.

mod arff;
mod columns;
mod csv;
mod formats;
mod keel;
mod libsvm;
mod missing;
mod scaler;

use proptest::prelude::*;

use super::*;

fn csv(text: &str) -> Result<Dataset, TableError> {
    read_bytes(
        "t.csv",
        Format::Csv,
        text.as_bytes(),
        &ReadOptions::default(),
    )
}

fn keel(text: &str) -> Result<Dataset, TableError> {
    read_bytes(
        "t.dat",
        Format::Keel,
        text.as_bytes(),
        &ReadOptions::default(),
    )
}

fn libsvm(text: &str) -> Result<Dataset, TableError> {
    read_bytes(
        "t.svm",
        Format::Libsvm,
        text.as_bytes(),
        &ReadOptions::default(),
    )
}

fn signs(data: &Dataset) -> Vec<f64> {
    data.y.iter().map(|l| l.sign()).collect()
}

#[test]
fn libsvm_files_good_and_bad() {
    let data = libsvm("+1 1:0.5 3:-2 # words\n\n# more\n-1 2:1e-3\r\n-1\n").unwrap();
    assert_eq!(data.feature_names, ["1", "2", "3"]);
    assert_eq!(
        data.x.clone().into_vec(),
        [0.5, 0., -2., 0., 0.001, 0., 0., 0., 0.]
    );
    assert_eq!(data.class_names, ["-1", "1"]);
    assert_eq!(data.lines, [1, 4, 5]);
    let cases = [
        ("", "t.svm: found an empty file"),
        ("# nothing\n", "t.svm: found an empty file"),
        ("1\n-1\n", "found no feature"),
        (
            "1 1:1\n-1 2:1 1:1\n",
            "t.svm:2:8: found index 1 after 2, expected ascending indices",
        ),
        ("1 1:1 1:2\n", "t.svm:1:7: found index 1 after 1"),
        (
            "1 99999999999:1\n",
            "t.svm:1:3: found index 99999999999, expected at most 1000000",
        ),
        (
            "1 -3:1\n",
            "t.svm:1:3: found \"-3:1\", expected index:value",
        ),
        ("1 é:1 2\n", "t.svm:1:3: found \"é:1\""),
        (
            "1 qid:a 1:1\n",
            "t.svm:1:3: found \"qid:a\", expected qid:n",
        ),
        (
            "1 1:1 qid:3\n",
            "t.svm:1:7: found \"qid:3\", expected index:value (a query",
        ),
        ("1 qid:3 qid:3\n", "t.svm:1:9: found \"qid:3\""),
        (
            "1 1:nan\n",
            "t.svm:1:3: found \"nan\", expected a finite number",
        ),
        ("1 1:inf\n", "found \"inf\""),
        ("1 1:\n", "t.svm:1:3: found \"\", expected a finite number"),
        ("1 1:1 7\n", "t.svm:1:7: found \"7\", expected index:value"),
        (
            "x 1:1\n",
            "t.svm:1:1: found \"x\", expected a finite number as label",
        ),
        ("1,2 1:1\n", "t.svm:1:1: found \"1,2\""),
        ("nan 1:1\n", "t.svm:1:1: found \"nan\""),
        (
            "1 1:1\n2 1:1\n3 1:1\n",
            "found 3 classes (\"1\", \"2\", \"3\") in column \"label\"",
        ),
        ("1 1:1\n1.0 1:2\n", "found one class (\"1\")"),
    ];
    for (file, expected) in cases {
        let error = libsvm(file).expect_err(file).to_string();
        assert!(error.contains(expected), "{file:?}: {error}");
    }
    // 1000 rows of a million features are refused before any memory is taken
    let rows: String = (0..1000)
        .map(|i| format!("{} 1000000:1\n", i % 2))
        .collect();
    let filled: String = (1..=200_000).map(|i| format!(" {i}:1")).collect();
    assert!(matches!(
        libsvm(&format!("1{filled}\n{}", &rows[12..])),
        Err(TableError::TooLarge {
            rows: 1000,
            columns: 1_000_000,
            ..
        })
    ));
    // Where hardly a column is filled, the others are left out.
    let narrow = libsvm(&rows).unwrap();
    assert_eq!(narrow.feature_names, ["1000000"]);
    let warning = TableWarning::EmptyIndices {
        kept: 1,
        of: 1_000_000,
    };
    assert_eq!(narrow.warnings.first(), Some(&warning));
}

#[test]
fn a_schema_reads_other_files_by_column_name() {
    let data = csv("a,t,y\n1,u,p\n2,v,n\n3,v,n\n").unwrap();
    let read = |file: &str, target| {
        data.schema
            .read_bytes("o.csv", Format::Csv, file.as_bytes(), target)
    };
    // other order, a further column, no target
    let rows = read("t,extra,a\nv,x,9\nw,x,8\nw,x,7\n", TargetUse::Ignored).unwrap();
    assert_eq!(rows.x.into_vec(), [9., 0., 1., 8., 0., 0., 7., 0., 0.]);
    assert_eq!(rows.y, None);
    assert_eq!(
        rows.warnings,
        [TableWarning::UnseenCategory {
            column: "t".into(),
            rows: 2,
            line: 3,
            text: "w".into()
        }]
    );
    let rows = read("y,t,a\np,v,9\n", TargetUse::Required).unwrap();
    assert_eq!(rows.y, Some(vec![Label::Positive]));
    let sparse =
        data.schema
            .read_bytes("o.svm", Format::Libsvm, b"0 1:5 3:1\n", TargetUse::Ignored);
    assert_eq!(sparse.unwrap().x.into_vec(), [5., 0., 1.]);
    let cases = [
        (
            read("t,y\nu,p\n", TargetUse::Ignored),
            "found no column \"a\"",
        ),
        (
            read("a,t\n1,u\n", TargetUse::Required),
            "found no column \"y\"",
        ),
        (
            read("a,t,y\n1,u,q\n", TargetUse::Required),
            "o.csv:2:3: found \"q\" in column \"y\", expected \"n\" or \"p\"",
        ),
        (
            read("a,t\nx,u\n", TargetUse::Ignored),
            "o.csv:2:1: found \"x\" in column \"a\", expected a number",
        ),
        (
            read("a,t\nNA,u\n", TargetUse::Ignored),
            "o.csv:2:1: found no value in column \"a\"",
        ),
        (read("a,t\n", TargetUse::Ignored), "found no samples"),
        (
            data.schema
                .read_bytes("o.svm", Format::Libsvm, b"0 4:1\n", TargetUse::Ignored),
            "o.svm:1:3: found index 4, expected at most 3",
        ),
    ];
    for (result, expected) in cases {
        let error = result.expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// Text from the alphabets of the three formats, so that arbitrary input gets past the first byte.
fn tableish() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "@attribute a real\n",
        "@attribute y {p,n}\n",
        "@inputs a\n",
        "@data\n",
        "a,y\n",
        "1,p\n",
        "2,n\n",
        "1 1:2\n",
        "-1 2:3\n",
        "1 qid:2 0:1\n",
        "-1 0:2\n",
        "{0 1, 1 n}\n",
        "{}, {2}\n",
        "{1 p}\n",
        "3,n,{0.5}\n",
        "\\",
        "\"",
        "'",
        ",",
        ":",
        "\r",
        "\n",
        "?",
        "{",
        "}",
        "[",
        "nan",
        "1e999",
        "é",
        "%",
        "#",
        " ",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40)
        .prop_map(|p| p.concat().into_bytes())
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..300), tableish()]
    ) {
        for format in [Format::Csv, Format::Keel, Format::Libsvm] {
            if let Ok(data) = read_bytes("t", format, &bytes, &ReadOptions::default()) {
                prop_assert!(data.samples().and_then(|s| s.require_both_classes()).is_ok());
                // what was learnt from a file reads that file to the same numbers
                let again = data.schema.read_bytes("t", format, &bytes, TargetUse::Required).unwrap();
                prop_assert_eq!(again.x, data.x);
                prop_assert_eq!(again.y, Some(data.y));
            }
        }
    }
}
