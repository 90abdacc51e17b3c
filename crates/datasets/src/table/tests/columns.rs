//! Which columns become features, and how their numbers are written.

use super::*;

fn with(file: &str, options: &ReadOptions) -> Result<Dataset, TableError> {
    read_bytes("t.csv", Format::Csv, file.as_bytes(), options)
}

/// The cell of a row.
type Cell = fn(usize) -> String;

/// A file of `n` rows, one column of it by `cell`.
fn table(n: usize, cell: impl Fn(usize) -> String) -> String {
    let rows = (0..n).map(|i| format!("{},{},{}\n", (i * 7 % 13) as f64 + 0.5, cell(i), i % 3 / 2));
    "a,c,y\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn numbers_are_read_however_people_write_them() {
    let forms: [(&str, &str, &str, [f64; 3]); 9] = [
        ("46.1%", "8%", "-0.5 %", [0.461, 0.08, -0.005]),
        ("$1,100.00", "$885", "$0.5", [1100.0, 885.0, 0.5]),
        ("$5", "7", "$-1", [5.0, 7.0, -1.0]),
        ("5 EUR", "7 EUR", "(3 EUR)", [5.0, 7.0, -3.0]),
        ("36,8", "1.100,5", "12", [36.8, 1100.5, 12.0]),
        ("1,234.5", "12,345", "7", [1234.5, 12345.0, 7.0]),
        ("1 234,5", "2", "3", [1234.5, 2.0, 3.0]),
        ("1'234", "2'000", "3", [1234.0, 2000.0, 3.0]),
        ("€ 1.234,50", "€ 2", "€ 3,5", [1234.5, 2.0, 3.5]),
    ];
    for (a, b, c, expected) in forms {
        // A column of their own shape beside plain numbers does not change those.
        let file = format!("x\ty\n{a}\t1\n{b}\t0\n{c}\t0\n");
        let data = with(&file, &ReadOptions::default()).unwrap_or_else(|e| panic!("{a}: {e}"));
        assert_eq!(data.x.clone().into_vec(), expected, "{a}");
        assert!(
            data.warnings[0].to_string().contains("read as numbers"),
            "{a}"
        );
        // Another file is read in the same way, and a number of another form refused.
        let again = format!("x\n{a}\n");
        let rows = data.schema.read_bytes(
            "u",
            Format::Csv,
            format!("x\ty\n{a}\t\n").as_bytes(),
            TargetUse::Ignored,
        );
        assert_eq!(
            rows.unwrap_or_else(|e| panic!("{again}: {e}")).x.into_vec(),
            expected[..1],
            "{a}"
        );
        let odd = data
            .schema
            .read_bytes("u", Format::Csv, b"x\ty\n5 kg\t1\n", TargetUse::Ignored);
        assert!(
            odd.unwrap_err()
                .to_string()
                .contains("expected a number such as"),
            "{a}"
        );
    }
}

#[test]
fn a_comma_that_may_be_either_mark_is_read_as_the_rest_of_the_file() {
    let cells = "1,100;2,200;3,300";
    let file = |other: [&str; 3]| {
        let cells: Vec<&str> = cells.split(';').collect();
        (0..3)
            .map(|i| format!("{}\t{}\t{}\n", cells[i], other[i], i / 2))
            .fold("x\tz\ty\n".to_owned(), |text, row| text + &row)
    };
    let first = |file: &str, options: &ReadOptions| with(file, options).map(|d| d.x.row(0)[0]);
    let auto = ReadOptions::default();
    assert_eq!(first(&file(["0.5", "1", "2"]), &auto).unwrap(), 1100.0);
    assert_eq!(first(&file(["0,5", "1", "2"]), &auto).unwrap(), 1.1);
    let open = file(["5", "1", "2"]);
    assert_eq!(
        first(&open, &auto.clone().with_decimal('.')).unwrap(),
        1100.0
    );
    assert_eq!(first(&open, &auto.clone().with_decimal(',')).unwrap(), 1.1);
    let error = first(&open, &auto).unwrap_err().to_string();
    assert!(
        error.starts_with("t.csv:2:1: found numbers such as \"1,100\""),
        "{error}"
    );
    assert!(with(&open, &auto.with_decimal(';')).is_err());
}

#[test]
fn columns_that_name_rows_and_dates_are_refused_all_at_once() {
    let refused: [(&str, Cell, &str); 4] = [
        (
            "ids",
            |i| format!("L{i:04}"),
            "with 40 different texts in 40 rows",
        ),
        (
            "half",
            |i| format!("L{:04}", i / 2 + i % 2 * (i > 4) as usize),
            "different texts in 40 rows",
        ),
        (
            "dates",
            |i| format!("2012-{:02}-{:02}", i % 12 + 1, i % 28 + 1),
            "of dates",
        ),
        (
            "months",
            |i| format!("{:02}/20{}", i % 12 + 1, 10 + i / 12),
            "of dates",
        ),
    ];
    for (name, cell, words) in refused {
        let error = with(&table(40, cell), &ReadOptions::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(words) && error.contains("drop c"),
            "{name}: {error}"
        );
    }
    let accepted: [(&str, Cell); 5] = [
        ("few rows of many kinds", |i| format!("k{}", i % 19)),
        ("every second row alike", |i| format!("k{}", i % 20)),
        ("ranges", |i| format!("{}-{}", i % 5 * 10, i % 5 * 10 + 9)),
        ("quarters", |i| format!("2012-{:02}", i % 4 * 3 + 1)),
        ("words", |i| ["own", "rent"][i % 2].to_owned()),
    ];
    for (name, cell) in accepted {
        let data = with(&table(40, cell), &ReadOptions::default());
        assert!(data.is_ok(), "{name}: {data:?}");
    }
    let both = table(40, |i| {
        format!("L{i:04},2012-{:02}-{:02}", i % 12 + 1, i % 28 + 1)
    });
    let both = both.replacen("a,c,y", "a,c,\"d,e\",y", 1);
    let error = with(&both, &ReadOptions::default())
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "t.csv: found column \"c\" with 40 different texts in 40 rows, column \"d,e\" of dates, expected features: \
         drop c,\"d,e\", or turn them into numbers or fewer categories"
    );
    let data = with(&both, &ReadOptions::default().with_drop(["c", "d,e"])).unwrap();
    assert_eq!(data.feature_names, ["a"]);
}

#[test]
fn columns_can_be_chosen_and_absent_later() {
    let file = "a,b,c,y\n1,2,3,p\n4,5,6,n\n7,8,8,n\n";
    let options = ReadOptions::default();
    let names = |options| with(file, &options).unwrap().feature_names;
    assert_eq!(names(options.clone().with_drop(["b"])), ["a", "c"]);
    assert_eq!(names(options.clone().with_features(["c", "a"])), ["a", "c"]);
    assert_eq!(
        names(options.clone().with_features(["c"]).with_drop(["a"])),
        ["c"]
    );
    for wrong in [
        options.clone().with_drop(["z"]),
        options.clone().with_features(["a", "z"]),
    ] {
        let error = with(file, &wrong).unwrap_err().to_string();
        assert_eq!(
            error,
            "t.csv: found no column \"z\", expected it among \"a\", \"b\", \"c\", \"y\""
        );
    }
    for wrong in [
        options.clone().with_drop(["y"]),
        options.clone().with_features(["y"]),
    ] {
        let error = with(file, &wrong).unwrap_err().to_string();
        assert!(
            error.contains("\"y\"") && error.contains("it is the target"),
            "{error}"
        );
    }
    let error = with(file, &options.clone().with_drop(["a", "b", "c"])).unwrap_err();
    assert!(matches!(error, TableError::NoFeatures { .. }));
    let data = with(file, &options.with_drop(["b"])).unwrap();
    for other in ["a,c\n1,3\n", "c,b,a\n3,x,1\n"] {
        let rows = data
            .schema
            .read_bytes("u", Format::Csv, other.as_bytes(), TargetUse::Ignored);
        assert_eq!(rows.unwrap().x.into_vec(), [1.0, 3.0]);
    }
}

#[test]
fn an_unnamed_first_column_of_row_numbers_is_left_out() {
    let file = |header: &str, number: fn(usize) -> usize| {
        let rows = (0..30).map(|i| {
            format!(
                "{},{},{}\n",
                number(i),
                (i * 7 % 13) as f64 + 0.5,
                i % 3 / 2
            )
        });
        format!("{header},a,y\n") + &rows.collect::<String>()
    };
    for header in ["", "Unnamed: 0"] {
        for number in [|i| i, |i| i + 1, |i| i * 17 % 31] {
            let data = with(&file(header, number), &ReadOptions::default()).unwrap();
            assert_eq!(data.feature_names, ["a"]);
            assert!(matches!(data.warnings[0], TableWarning::IndexColumn { .. }));
        }
        // Numbers that repeat are measured.
        let data = with(&file(header, |i| i / 2), &ReadOptions::default()).unwrap();
        assert_eq!(data.feature_names.len(), 2);
    }
    // A name makes it a feature, with a word where it counts.
    let data = with(&file("n", |i| i), &ReadOptions::default()).unwrap();
    assert_eq!(data.feature_names, ["n", "a"]);
    assert!(data.warnings[0].to_string().ends_with("drop n"));
    let kept = ReadOptions::default().with_features(["column_1", "a"]);
    assert_eq!(
        with(&file("", |i| i), &kept).unwrap().feature_names,
        ["column_1", "a"]
    );
}

#[test]
fn a_column_that_alone_separates_the_classes_is_named() {
    let warned = |cell: fn(usize) -> String| {
        let data = with(&table(40, cell), &ReadOptions::default()).unwrap();
        let found = |w: &&TableWarning| matches!(w, TableWarning::SeparatesClasses { .. });
        data.warnings.iter().find(found).map(ToString::to_string)
    };
    assert!(
        warned(|i| (100 * (i % 3 / 2) + i % 7).to_string()).is_some_and(|w| w.ends_with("drop c"))
    );
    assert!(warned(|i| ["paid", "late"][i % 3 / 2].to_owned()).is_some());
    assert_eq!(warned(|i| (i % 7).to_string()), None);
    assert_eq!(warned(|i| ["u", "v"][i % 2].to_owned()), None);
}

#[test]
fn a_file_without_names_keeps_every_row() {
    let file = "1.5,u,p\n2.5,v,n\n3.5,v,n\n";
    assert!(matches!(
        with(file, &ReadOptions::default()),
        Err(TableError::NumberAsName { .. })
    ));
    let data = with(file, &ReadOptions::default().with_header(Header::No)).unwrap();
    assert_eq!(data.feature_names, ["column_1", "column_2=u", "column_2=v"]);
    assert_eq!((data.y.len(), data.lines[0]), (3, 1));
    // The next file has no names either.
    let rows = data
        .schema
        .read_bytes("u", Format::Csv, b"9.5,u\n", TargetUse::Ignored);
    assert_eq!(rows.unwrap().x.into_vec(), [9.5, 1.0, 0.0]);
    let named = with(
        "1,2,y\n3,4,p\n5,6,n\n",
        &ReadOptions::default().with_header(Header::Yes),
    );
    assert_eq!(named.unwrap().feature_names, ["1", "2"]);
}

#[test]
fn the_separator_may_be_said_and_is_kept() {
    let file = "a^t^y\n1^x,y^p\n2^z^n\n3^z^n\n";
    let data = with(file, &ReadOptions::default().with_separator('^')).unwrap();
    assert_eq!(data.feature_names, ["a", "t=x,y", "t=z"]);
    for other in ["t^a\nz^5\n", "t,a\nz,5\n"] {
        let rows = data
            .schema
            .read_bytes("u", Format::Csv, other.as_bytes(), TargetUse::Ignored);
        assert_eq!(rows.unwrap().x.into_vec(), [5.0, 0.0, 1.0], "{other}");
    }
    for separator in ['"', 'é', '\n'] {
        assert!(with(file, &ReadOptions::default().with_separator(separator)).is_err());
    }
}

#[test]
fn one_class_stands_against_all_others_or_against_some() {
    let file = "x,y\n1,a\n2,b\n3,c\n4,c\n5,d\n";
    let options = ReadOptions::default().with_positive("a");
    let data = with(file, &options).unwrap();
    assert_eq!(data.class_names, ["not a", "a"]);
    assert_eq!(signs(&data), [1., -1., -1., -1., -1.]);
    // Another class of another file is not a either; no class is none.
    let read = |data: &Dataset, file: &str| {
        data.schema
            .read_bytes("u", Format::Csv, file.as_bytes(), TargetUse::Required)
    };
    let rows = read(&data, "x,y\n1,a\n2,z\n").unwrap();
    assert_eq!(rows.y.unwrap(), [Label::Positive, Label::Negative]);
    assert!(read(&data, "x,y\n1,a\n2,NA\n").is_err());

    let some = with(file, &options.clone().with_negative(["b", "c"])).unwrap();
    assert_eq!(some.class_names, ["b or c", "a"]);
    assert_eq!(signs(&some), [1., -1., -1., -1.]);
    assert_eq!(
        (&some.lines[..], &some.rows[..]),
        (&[2, 3, 4, 5][..], &[0, 1, 2, 3][..])
    );
    assert!(some.warnings.contains(&TableWarning::RowsLeftOut {
        column: "y".into(),
        rows: 1
    }));
    let rows = read(&some, "x,y\n2,z\n1,a\n3,b\n").unwrap();
    assert_eq!((rows.y.unwrap().len(), rows.rows), (2, vec![1, 2]));

    // Two classes keep their names, and what is read of them.
    let two = "x,y\n1,a\n2,b\n3,b\n";
    let data = with(two, &options.clone().with_negative(["b"])).unwrap();
    assert_eq!(data, with(two, &ReadOptions::default()).unwrap());
    for (negative, positive) in [
        (vec!["z"], Some("a")),
        (vec!["a"], Some("a")),
        (vec!["b"], None),
    ] {
        let mut options = ReadOptions::default().with_negative(negative);
        options.positive = positive.map(str::to_owned);
        assert!(with(file, &options).is_err(), "{options:?}");
    }
    let numbers = libsvm("1 1:1\n2 1:2\n3 1:3\n");
    assert!(numbers.is_err());
    let numbers = read_bytes(
        "t",
        Format::Libsvm,
        b"1 1:1\n2 1:2\n3 1:3\n",
        &ReadOptions::default().with_positive("2.0"),
    );
    assert_eq!(signs(&numbers.unwrap()), [-1., 1., -1.]);
    let numbers = read_bytes(
        "t",
        Format::Libsvm,
        b"1 1:1\n2 1:2\n3 1:3\n",
        &ReadOptions::default()
            .with_positive("2")
            .with_negative(["3"]),
    );
    assert_eq!(numbers.unwrap().x.into_vec(), [2.0, 3.0]);
}
