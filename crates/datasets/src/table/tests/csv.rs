//! CSV files, encodings, choice of target.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

#[test]
fn good_csv_files_give_the_values_that_stand_in_them() {
    // (file, features, first row, labels)
    type Case<'a> = (&'a str, &'a [&'a str], &'a [f64], &'a [f64]);
    let cases: [Case; 9] = [
        ("a,y\n1,p\n2,n\n3,n", &["a"], &[1.0], &[1., -1., -1.]),
        ("\u{feff}a,y\r\n1,p\r\n2,n\r\n", &["a"], &[1.0], &[1., -1.]),
        ("a,y\r1,p\r2,n\r3,n\r", &["a"], &[1.0], &[1., -1., -1.]),
        (
            "\n\na , y\n\n 1e-3 , 1\n\n2,0\n3, 0\n",
            &["a"],
            &[0.001],
            &[1., -1., -1.],
        ),
        (
            "a,y\n1,1\n2,1.0\n3,+1\n4,-1\n",
            &["a"],
            &[1.0],
            &[-1., -1., -1., 1.],
        ),
        (
            "a,t,y\n1,\"x\ny\",p\n2,z,n\n3,z,n\n",
            &["a", "t=x\ny", "t=z"],
            &[1., 1., 0.],
            &[1., -1., -1.],
        ),
        ("t,y\n,p\nz,n\nz,n\n", &["t=z"], &[0.], &[1., -1., -1.]),
        ("\"a,b\",y\n\"1\",p\n2,n\n", &["a,b"], &[1.0], &[1., -1.]),
        // a tie: the larger number is positive
        (
            "a,,y\n5,6,-1\n2,3,1\n",
            &["a", "column_2"],
            &[5., 6.],
            &[-1., 1.],
        ),
    ];
    for (file, features, first, labels) in cases {
        let data = csv(file).unwrap_or_else(|e| panic!("{file:?}: {e}"));
        assert_eq!(data.feature_names, features, "{file:?}");
        assert_eq!(data.x.row(0), first, "{file:?}");
        assert_eq!(signs(&data), labels, "{file:?}");
    }
}

#[test]
fn bad_csv_files_are_refused_where_they_are_bad() {
    let many: String = (0..60).map(|i| format!("{i}.5,{}\n", i % 2)).collect();
    let cases = [
        ("", "t.csv: found an empty file"),
        ("\n\n", "t.csv: found an empty file"),
        ("a,y\n", "found no samples below the header"),
        ("y\n1\n0\n", "found no feature beside the target \"y\""),
        (
            "1,2,0\n3,4,1\n",
            "t.csv:1:1: found the number 1 as a column name",
        ),
        (
            "\na,2012,y\n3,4,1\n",
            "t.csv:2:2: found the number 2012 as a column name",
        ),
        ("a,a,y\n1,2,0\n", "t.csv:1:2: found a second column \"a\""),
        ("a,y\n1,p\n2\n", "t.csv:3: found 1 cells, expected 2"),
        (
            "a,t,y\n1,\"x\n\ny\",p\n2,n\n",
            "t.csv:5: found 2 cells, expected 3",
        ),
        ("\n\na,y\n\n\n1,p,9\n", "t.csv:6: found 3 cells, expected 2"),
        ("a,y\n1,p\n-inf,n\n", "t.csv:3:1: found -inf"),
        ("a,y\n1,p\n1e999,n\n", "t.csv:3:1: found 1e999"),
        (
            "a,y\n1,p\n2,\n",
            "t.csv:3:2: found no value in column \"y\", expected a class",
        ),
        (
            "a,y\n1,1\n2,nan\n",
            "t.csv:3:2: found \"nan\" in column \"y\", expected a class",
        ),
        (
            "a,y\n1,p\n2,p\n",
            "found one class (\"p\") in column \"y\", expected two classes",
        ),
        (
            "a,y\n1,p\n2,n\n3,q\n",
            "found 3 classes (\"n\", \"p\", \"q\") in column \"y\"",
        ),
        (
            "a,y\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n",
            "found more than 5 classes (\"1\", \"2\", \"3\", \"4\", \"5\", …)",
        ),
    ];
    for (file, expected) in cases {
        let error = csv(file).expect_err(file).to_string();
        assert!(error.contains(expected), "{file:?}: {error}");
        assert!(!error.contains('\n'), "one line: {error}");
    }
    let damaged = format!("a,y\n{many}1.2.3,0\n");
    let error = csv(&damaged).unwrap_err().to_string();
    assert_eq!(
        error,
        "t.csv:62:1: found \"1.2.3\" in column \"a\", expected a number as in the other rows (if it marks a missing \
         value: na 1.2.3; else drop a)"
    );
    let names: String = (0..1001).map(|i| format!("n{i},{}\n", i % 2)).collect();
    let error = csv(&format!("a,y\n{names}")).unwrap_err().to_string();
    assert!(
        error.starts_with("t.csv: found column \"a\" with more than 1000 different texts, expected features: drop a"),
        "{error}"
    );
}

#[test]
fn bytes_that_are_not_utf8_and_damaged_gzip_are_located() {
    let latin1 = b"a,y\n1,p\n2,caf\xe9\n";
    let error = read_bytes("t.csv", Format::Csv, latin1, &ReadOptions::default());
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("t.csv:3:6: found byte 0xE9, expected UTF-8"),
        "{error}"
    );

    let dir = tempfile::tempdir().unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"a,y\n1,p\n2,n\n").unwrap();
    let whole = encoder.finish().unwrap();
    let put = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let options = ReadOptions::default();
    assert_eq!(read(&put("t.csv.gz", &whole), &options).unwrap().y.len(), 2);
    // gzip under a plain name is still gzip
    assert_eq!(read(&put("t.csv", &whole), &options).unwrap().y.len(), 2);
    for cut in [0, 5, whole.len() / 2, whole.len() - 1] {
        let error = read(&put("cut.csv.gz", &whole[..cut]), &options);
        assert!(
            matches!(error, Err(TableError::Compressed { .. })),
            "{cut}: {error:?}"
        );
    }
    let absent = read(&dir.path().join("absent.csv"), &options);
    assert!(matches!(absent, Err(TableError::Io { .. })));
}

#[test]
fn target_and_positive_class_can_be_chosen() {
    let file = b"y,a\nyes,1\nno,2\nno,3\n";
    let read = |target: Option<&str>, positive: Option<&str>| {
        let options = ReadOptions {
            target: target.map(str::to_owned),
            positive: positive.map(str::to_owned),
            ..ReadOptions::default()
        };
        read_bytes("t.csv", Format::Csv, file, &options)
    };
    let data = read(Some("y"), None).unwrap();
    assert_eq!(data.class_names, ["no", "yes"]);
    assert_eq!(data.target, "y");
    let data = read(Some("y"), Some("no")).unwrap();
    assert_eq!(data.class_names, ["yes", "no"]);
    assert_eq!(signs(&data), [-1., 1., 1.]);
    let error = read(Some("y"), Some("maybe")).unwrap_err().to_string();
    assert_eq!(
        error,
        "t.csv: found no \"maybe\" in column \"y\", expected \"no\", \"yes\""
    );
    let error = read(Some("z"), None).unwrap_err().to_string();
    assert_eq!(
        error,
        "t.csv: found no column \"z\", expected it among \"y\", \"a\""
    );
    // numbers are compared as numbers
    let numbers = b"a,y\n1,1\n2,0\n3,0\n";
    let options = ReadOptions {
        positive: Some("0.0".into()),
        ..ReadOptions::default()
    };
    let data = read_bytes("t.csv", Format::Csv, numbers, &options).unwrap();
    assert_eq!(data.class_names, ["1", "0"]);
}

#[test]
fn numbers_among_texts_are_categories_with_a_warning() {
    let data = csv("a,y\n1,p\nother,n\n2,n\n").unwrap();
    assert_eq!(data.feature_names, ["a=1", "a=2", "a=other"]);
    let warning = data.warnings[0].to_string();
    assert_eq!(
        warning,
        "column \"a\" holds numbers and texts (line 3: \"other\"): read as text with 3 categories"
    );
}

/// Lending Club's files are tables too where a target is named: what is no loan in them is no row.
#[test]
fn lines_of_loan_files_that_are_no_loans_are_skipped() {
    let options = ReadOptions::default().with_target("loan_status");
    let read = |text: &str| read_bytes("t.csv", Format::Csv, text.as_bytes(), &options);
    let header = "\"loan_status\",\"term\",\"int_rate\",\"funded_amnt\"\n";
    let rows = [
        "Fully Paid, 36 months,10%,5000\n",
        "Charged Off, 60 months,20%,6000\n",
        "Fully Paid, 36 months,12%,7000\n",
    ];
    let plain = read(&format!("{header}{}", rows.concat())).unwrap();
    assert_eq!(plain.y.len(), 3);
    let notes = "Notes offered by Prospectus (https://example.com/a,b.action)\n";
    let section = "\"Loans that do not meet the credit policy\"\n";
    let footer = "\n\nTotal amount funded in policy code 1: 18000\n\
                  Total amount funded in policy code 2: 0,,,\n";
    let raw = [
        notes, "\n", header, rows[0], ",,,\n", header, rows[1], section, rows[2], footer,
    ]
    .concat();
    let data = read(&raw).unwrap();
    assert_eq!((&data.x, &data.y), (&plain.x, &plain.y));
    assert_eq!(data.feature_names, plain.feature_names);
    assert_eq!(data.lines, [4, 7, 9]);
    // Read again, as predict does.
    let again = data
        .schema
        .read_bytes("t.csv", Format::Csv, raw.as_bytes(), TargetUse::Ignored)
        .unwrap();
    assert_eq!(again.x, plain.x);

    // Rows below another header would be read under the wrong names.
    let other = "loan_status,term,funded_amnt,int_rate\n";
    let error = read(&[notes, header, rows[0], rows[1], other, rows[2]].concat()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t.csv:5: found a second header with other columns, \
         expected the columns of the first throughout (give each part as a file)"
    );
    // A row that is cut is no other line.
    let error = read(&[notes, header, rows[0], "Fully Paid, 36\n"].concat()).unwrap_err();
    let expected = "t.csv:4: found 2 cells, expected 4 as in the header";
    assert_eq!(error.to_string(), expected);
    // Files with few of the columns.
    let few = "loan_status,funded_amnt\nFully Paid,1\nCharged Off,2\nFully Paid,3\n";
    assert_eq!(read(few).unwrap().y.len(), 3);
    // In any other table such a line is damage.
    let error = csv("Notes offered by Prospectus\na,y\n1,p\n2,n\n").unwrap_err();
    assert!(error.to_string().contains("cells, expected"), "{error}");
}
