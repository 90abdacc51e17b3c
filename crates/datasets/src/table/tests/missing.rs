//! Cells without a value.

use super::*;

const MARKS: [&str; 13] = [
    "", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "?", "<null>", "<NA>", " ? ",
];

fn read_with(file: &str, format: Format, options: &ReadOptions) -> Result<Dataset, TableError> {
    read_bytes("t", format, file.as_bytes(), options)
}

#[test]
fn every_mark_means_the_same_in_every_format_and_kind_of_column() {
    let csv = "a,t,y\n1,u,p\n#,#,n\n4,v,n\n9,v,n\n";
    let keel = "@attribute a real\n@attribute t {u,v}\n@attribute y {p,n}\n@data\n1,u,p\n#,#,n\n4,v,n\n9,v,n\n";
    for (file, format) in [(csv, Format::Csv), (keel, Format::Keel)] {
        for mark in MARKS {
            let data = read_with(&file.replace('#', mark), format, &ReadOptions::default())
                .unwrap_or_else(|e| panic!("{mark:?}: {e}"));
            assert_eq!(data.feature_names, ["a", "t=u", "t=v"], "{mark:?}");
            assert_eq!(data.x.row(1), [4.0, 0.0, 0.0], "{mark:?}");
            assert_eq!(data.missing.unwrap().cells(), [(1, 0)], "{mark:?}");
            assert_eq!(
                data.warnings[0].to_string(),
                "filled 2 cells without a value: median and indicator in \"a\" 1; no category in \"t\" 1"
            );
        }
    }
    // Words that are categories more often than not.
    let none = csv.replace("#,#", "5,none");
    let data = read_with(&none, Format::Csv, &ReadOptions::default()).unwrap();
    assert_eq!(data.feature_names[1], "t=none");
    // A declared value is a value.
    let declared = keel.replace("{u,v}", "{u,v,None}").replace("#,#", "5,None");
    let data = read_with(&declared, Format::Keel, &ReadOptions::default()).unwrap();
    assert_eq!(data.x.row(1), [5.0, 0.0, 0.0, 1.0]);
}

#[test]
fn further_marks_are_kept_for_other_files() {
    let options = ReadOptions::default().with_na(["-999", "unknown"]);
    let file = "a,t,y\n1,u,p\n-999.0,unknown,n\n4,v,n\n9,v,n\n";
    let data = read_with(file, Format::Csv, &options).unwrap();
    assert_eq!(data.x.row(1), [4.0, 0.0, 0.0]);
    let impute = ReadOptions::default();
    let rows = data
        .schema
        .read_bytes_as(
            "u",
            Format::Csv,
            b"a,t\n-999,unknown\n",
            TargetUse::Ignored,
            &impute,
        )
        .unwrap();
    assert_eq!(rows.missing.cells(), [(0, 0)]);
    assert_eq!(rows.without_category, [("t".to_owned(), 1)]);
}

#[test]
fn refused_ones_are_counted_and_located() {
    let options = ReadOptions::default().with_missing(Missing::Refuse);
    let file = "a,b,t,y\n1,1,u,p\n,NA,u,n\n4,?,,n\n9,2,v,n\n";
    let error = read_with(file, Format::Csv, &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t:3:1: found cells without a value (1 in column \"a\", 2 in column \"b\", 1 in column \"t\"), expected \
         none: impute missing values, or drop a,b,t"
    );
    // Columns that are left out may miss values.
    let options = options.with_drop(["a", "b", "t"]).with_target("y");
    let file = file
        .replace("a,b,t,y", "a,b,t,y,c")
        .replace(",p\n", ",p,1\n")
        .replace(",n\n", ",n,2\n");
    let data = read_with(&file, Format::Csv, &options).unwrap();
    assert_eq!(data.feature_names, ["c"]);
    assert_eq!(data.missing, None);
    // Without an imputer a schema takes complete rows alone.
    let error = data
        .schema
        .read_bytes("u", Format::Csv, b"c\n1\nNA\n", TargetUse::Ignored);
    assert_eq!(
        error.unwrap_err().to_string(),
        "u:3:1: found no value in column \"c\" (sample 2), expected a number"
    );
}

#[test]
fn columns_without_any_value_are_left_out_and_never_the_target() {
    for file in [
        "a,b,y,\n1,,p,\n2,,n,\n3,,n,\n",
        "a,b,y,\n1,NA,p,\n2,?,n,\n3,,n,\n",
    ] {
        let data = csv(file).unwrap();
        assert_eq!(data.feature_names, ["a"]);
        assert_eq!(data.target, "y");
        assert_eq!(
            data.warnings[0].to_string(),
            "left out, without any value: \"b\", \"column_4\""
        );
    }
    // A last column that is named stays the target.
    let error = csv("a,y,z\n1,p,\n2,n,\n").unwrap_err().to_string();
    assert!(
        error.contains("found no value in column \"z\", expected a class"),
        "{error}"
    );
}

proptest! {
    /// Against the definition: the median of what is known in the training rows, an indicator where training rows
    /// miss a number, in the order of scikit-learn.
    #[test]
    fn an_imputer_is_the_median_and_an_indicator(
        cells in prop::collection::vec(prop::collection::vec(prop::option::of(-50_i32..50), 3), 2..12),
        split in 1_usize..11,
    ) {
        let n = cells.len();
        let split = split.min(n);
        let mut file = "a,b,c,y\n".to_owned();
        for (i, row) in cells.iter().enumerate() {
            let row: Vec<String> = row.iter().map(|c| c.map_or("NA".into(), |v| v.to_string())).collect();
            file += &format!("{},{}\n", row.join(","), i % 2);
        }
        let known = |j: usize| cells.iter().any(|row| row[j].is_some());
        prop_assume!((0..3).all(known));
        let data = csv(&file).unwrap();
        let missing = data.missing.as_ref().unwrap();
        let train: Vec<usize> = (0..split).collect();
        let imputer = Imputer::fit(data.x.view(), missing, &data.schema.number_features(), Some(&train));
        let x = imputer.transform(data.x.view(), missing, None).unwrap();
        let names = imputer.feature_names(data.feature_names.clone());
        prop_assert_eq!(names.len(), x.n_cols());
        let mut with_indicator = Vec::new();
        for j in 0..3 {
            let mut values: Vec<f64> = cells[..split].iter().filter_map(|r| r[j].map(f64::from)).collect();
            values.sort_by(f64::total_cmp);
            let m = values.len();
            for (i, row) in cells.iter().enumerate() {
                let expected = match row[j] {
                    _ if m == 0 => 0.0,
                    Some(v) => f64::from(v),
                    None => (values[(m - 1) / 2] + values[m / 2]) / 2.0,
                };
                prop_assert_eq!(x.row(i)[j], expected);
            }
            if m < split {
                with_indicator.push((j, m));
            }
        }
        prop_assert_eq!(imputer.indicators().len(), with_indicator.len());
        for (k, &(j, m)) in with_indicator.iter().enumerate() {
            for (i, row) in cells.iter().enumerate() {
                let expected = f64::from(m > 0 && row[j].is_none());
                prop_assert_eq!(x.row(i)[3 + k], expected);
            }
        }
    }
}
