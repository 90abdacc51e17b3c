//! Wide tables, long cells, sparse rows with gaps.

use fuzzysvm_datasets::table::{
    Format, MAX_CELL, MAX_INDEX, ReadOptions, TableError, TableWarning, TargetUse, read_bytes,
};

fn read(format: Format, text: &str) -> Result<fuzzysvm_datasets::table::Dataset, TableError> {
    read_bytes("t", format, text.as_bytes(), &ReadOptions::default())
}

/// With a step for each pair of columns, as there once was, this would take minutes.
#[test]
fn wide_tables_keep_every_column_and_gap() {
    let n = 100_000;
    let names: Vec<String> = (0..n).map(|i| format!("c{i}")).collect();
    let row = |y: &str, shift: usize| {
        let cell = |i: usize| match (i + shift).is_multiple_of(3) {
            true => String::new(),
            false => (i % 7 + shift).to_string(),
        };
        let cells: Vec<String> = (0..n).map(cell).collect();
        format!("{},{y}\n", cells.join(","))
    };
    let csv = format!(
        "{},y\n{}{}{}",
        names.join(","),
        row("p", 0),
        row("n", 1),
        row("n", 2)
    );
    let data = read(Format::Csv, &csv).unwrap();
    assert_eq!((data.x.n_rows(), data.x.n_cols()), (3, n));
    assert_eq!(data.feature_names[n - 1], "c99999");
    // 99,999 is a multiple of 3: missing in the first row, 4 + 1 and 4 + 2 in the others, so 5.5 is the median.
    let last: Vec<f64> = (0..3).map(|i| data.x.row(i)[n - 1]).collect();
    assert_eq!(last, [5.5, 5.0, 6.0]);
    assert_eq!(data.missing.unwrap().len(), n);

    // Another file, with the columns the other way round.
    let back: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    let csv = format!(
        "{}\n{}\n",
        back.join(","),
        (0..n).map(|i| i.to_string()).collect::<Vec<_>>().join(",")
    );
    let rows = data
        .schema
        .read_bytes("u", Format::Csv, csv.as_bytes(), TargetUse::Ignored)
        .unwrap();
    assert_eq!(rows.x.row(0)[..2], [99_999.0, 99_998.0]);

    let mut keel = "@relation t\n".to_owned();
    for name in &names {
        keel += &format!("@attribute {name} real [0, 6]\n");
    }
    keel += &format!(
        "@attribute y {{p,n}}\n@inputs {}\n@outputs Y\n@data\n",
        names.join(", ")
    );
    for y in ["p", "n", "n"] {
        keel += &"1,".repeat(n);
        keel += y;
        keel += "\n";
    }
    assert_eq!(read(Format::Keel, &keel).unwrap().x.n_cols(), n);
}

#[test]
fn long_cells_in_memory_are_refused_with_their_place() {
    let long = "x".repeat(MAX_CELL + 1);
    let most = "1".repeat(200);
    for (format, text, place) in [
        (
            Format::Csv,
            format!("a,b,y\n1,2,p\n3,\"{long}\",n\n"),
            Some("t:3:2: "),
        ),
        (
            Format::Keel,
            format!("@attribute a string\n@attribute y {{p,n}}\n@data\n{long},p\n"),
            Some("t:4:1: "),
        ),
        (Format::Csv, format!("a,y\n{most},p\n2,n\n"), None),
    ] {
        let error = read(format, &text).err().map(|e| e.to_string());
        let expected = place.map(|place| {
            format!(
                "{place}found a cell of more than 1 million characters, expected a shorter one (is a quote never \
                 closed?)"
            )
        });
        assert_eq!(error, expected);
    }
}

#[test]
fn indices_with_gaps_keep_their_numbers() {
    let text = "1 3:1 20001:2\n-1 3:4\n-1 500:1\n";
    let data = read(Format::Libsvm, text).unwrap();
    assert_eq!(data.feature_names, ["3", "500", "20001"]);
    assert_eq!(data.x.row(0), [1.0, 0.0, 2.0]);
    assert_eq!(data.x.row(2), [0.0, 1.0, 0.0]);
    let empty = TableWarning::EmptyIndices {
        kept: 3,
        of: 20_001,
    };
    assert_eq!(data.warnings, [empty]);

    let of = |text: &str| {
        let rows = data
            .schema
            .read_bytes("u", Format::Libsvm, text.as_bytes(), TargetUse::Ignored);
        rows.map(|rows| (rows.x.row(0).to_vec(), rows.warnings))
    };
    assert_eq!(of("1 500:7\n").unwrap(), (vec![0.0, 7.0, 0.0], vec![]));
    let ignored = TableWarning::IndicesIgnored {
        rows: 2,
        line: 1,
        index: 4,
    };
    let found = of("1 3:1 4:9 20001:3\n1 999999:1\n1 3:1\n").unwrap();
    assert_eq!(found, (vec![1.0, 0.0, 3.0], vec![ignored]));

    // The same model takes the number of features that LIBSVM would.
    assert_eq!(data.schema.widened(20_001).unwrap(), data.schema);
    assert_eq!(
        data.schema.widened(MAX_INDEX as usize).unwrap(),
        data.schema
    );
    assert!(data.schema.widened(500).is_err());

    // Ten thousand columns are kept as they are, and so are more of which a good part is filled.
    let narrow = read(Format::Libsvm, "1 3:1 10000:2\n-1 3:4\n").unwrap();
    assert_eq!(narrow.x.n_cols(), 10_000);
    let filled: String = (1..=2001).map(|i| format!(" {i}:1")).collect();
    let wide = read(Format::Libsvm, &format!("1{filled} 20001:1\n-1 1:2\n")).unwrap();
    assert_eq!(wide.x.n_cols(), 20_001);
    // Counted from 0.
    let zero = read(Format::Libsvm, "1 0:1 20000:2\n-1 3:4\n").unwrap();
    assert_eq!(zero.feature_names, ["0", "3", "20000"]);
}
