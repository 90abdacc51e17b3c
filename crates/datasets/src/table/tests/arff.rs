//! What ARFF has and KEEL has not: sparse rows, escapes, weights, dates.

use super::*;

const HEAD: &str = "@relation t\n@attribute a real\n@attribute h {u,'v, w',z}\n@attribute b real\n\
                    @attribute y {n,p}\n@data\n";

fn of(rows: &str) -> Result<Dataset, TableError> {
    keel(&format!("{HEAD}{rows}"))
}

#[test]
fn sparse_rows_are_the_dense_rows_they_stand_for() {
    let dense = of("1.5,u,0,p\n0,'v, w',-2,n\n0,u,0,n\n3,z,4,n\n").unwrap();
    let cases = [
        "{0 1.5, 3 p}\n{1 'v, w', 2 -2}\n{}\n{0 3, 1 z, 2 4, 3 n}\n",
        "{ 0 1.5,3 p }\n{1 \"v, w\",2 -2}\r\n{ }\n  {0\t3,1 Z,2   4}  \n",
        // Both kinds in one file.
        "1.5,u,0,p\n{1 'v, w', 2 -2}\n% words\n\n{}\n3,z,4,n\n",
        "{0 '1.5', 1 u, 2 0, 3 'p'}\n{1 'v, w', 2 -2, 3 n}\n{3 n}\n{0 3, 1 z, 2 4}\n",
    ];
    for rows in cases {
        let data = of(rows).unwrap_or_else(|e| panic!("{rows}: {e}"));
        assert_eq!((&data.x, &data.y), (&dense.x, &dense.y), "{rows}");
    }
    let cases = [
        ("{0 1", "t.dat:7: found \"{0 1\", expected a closing }"),
        ("{0 1} 2", "expected a closing }"),
        (
            "{4 1}",
            "t.dat:7: found index 4, expected at most 3: there are 4 attributes, from 0",
        ),
        (
            "{2 1, 1 u}",
            "t.dat:7: found index 1 after 2, expected ascending indices",
        ),
        ("{1 u, 1 z}", "found index 1 after 1"),
        ("{0 1,}", "found a comma at the end"),
        ("{0}", "found no value of index 0"),
        ("{0 , 3 p}", "found no value of index 0"),
        ("{a 1}", "found \"a\", expected index value pairs"),
        ("{-1 1}", "found \"-1\""),
        (
            "{0 x}",
            "t.dat:7:1: found \"x\" in column \"a\", expected a number",
        ),
        (
            "{1 q}",
            "t.dat:7:2: found \"q\" in column \"h\", expected one of",
        ),
        ("{99999999999999999999 1}", "found \"99999999999999999999\""),
    ];
    for (row, expected) in cases {
        let error = of(&format!("{row}\n1,u,1,p\n")).expect_err(row).to_string();
        assert!(error.contains(expected), "{row}: {error}");
    }
}

proptest! {
    #[test]
    fn leaving_zeros_out_changes_nothing(
        rows in prop::collection::vec((-3_i32..4, 0_usize..3, -3_i32..4, 0_usize..2, any::<u8>()), 2..12)
    ) {
        let (h, y) = (["u", "'v, w'", "z"], ["n", "p"]);
        let (mut dense, mut sparse) = (String::new(), String::new());
        for (i, &(a, k, b, l, mask)) in rows.iter().enumerate() {
            let l = if i < 2 { i } else { l };
            dense += &format!("{a},{},{b},{}\n", h[k], y[l]);
            let cells = [(a == 0, a.to_string()), (k == 0, h[k].into()), (b == 0, b.to_string()), (l == 0, y[l].into())];
            let pairs: Vec<String> = cells
                .iter()
                .enumerate()
                .filter(|(j, (is_first, _))| !is_first || mask >> j & 1 == 1)
                .map(|(j, (_, cell))| format!("{j} {cell}"))
                .collect();
            sparse += &format!("{{{}}}\n", pairs.join(", "));
        }
        let (dense, sparse) = (of(&dense).unwrap(), of(&sparse).unwrap());
        prop_assert_eq!(dense.x, sparse.x);
        prop_assert_eq!(dense.y, sparse.y);
    }
}

#[test]
fn a_backslash_takes_the_next_character() {
    let file = r"@attribute 'it\'s' {'\'A\'','b\\c','100\%',plain}
@attribute 'a\tb' real
@attribute y {'n o',p}
@inputs 'it\'s', 'a\tb'
@outputs y
@data
'\'A\'',1,p
'b\\c',2,'n o'
'100\%',3,'n o'
plain,4,'n o'
";
    let data = keel(file).unwrap();
    let names = ["it's='A'", r"it's=b\c", "it's=100%", "it's=plain", "a\tb"];
    assert_eq!(data.feature_names, names);
    for (i, row) in data.x.view().rows().enumerate() {
        assert_eq!(row[i], 1.0);
        assert_eq!(row[4], i as f64 + 1.0);
    }
    // Outside quotes it is a character as any other.
    let bare =
        keel("@attribute a {c:\\new,d}\n@attribute y {n,p}\n@data\nc:\\new,n\nd,p\n").unwrap();
    assert_eq!(bare.feature_names[0], "a=c:\\new");
    for (line, expected) in [
        (r"@attribute 'a\' real", "expected a closing quote"),
        (r"@attribute 'a\", "expected a closing quote"),
    ] {
        let error = keel(&format!("{line}\n")).expect_err(line).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn weights_stand_behind_rows() {
    let plain = of("1.5,u,0,p\n0,'v, w',-2,n\n0,u,0,n\n").unwrap();
    assert_eq!(plain.weights, None);
    let cases = [
        (
            "1.5,u,0,p,{2}\n0,'v, w',-2,n, {0.5}\n0,u,0,n,{0}\n",
            [2.0, 0.5, 0.0],
        ),
        (
            "{0 1.5, 3 p}, {2}\n% {9}\n\n{1 'v, w', 2 -2},{ 0.5 }\n{} , {1e-1}\n",
            [2.0, 0.5, 0.1],
        ),
        ("1.5,u,0,p\n0,'v, w',-2,n,{3}\n{}\n", [1.0, 3.0, 1.0]),
    ];
    for (rows, weights) in cases {
        let data = of(rows).unwrap_or_else(|e| panic!("{rows}: {e}"));
        assert_eq!((&data.x, &data.y), (&plain.x, &plain.y), "{rows}");
        assert_eq!(data.weights.as_deref(), Some(&weights[..]), "{rows}");
        // A fitted schema reads the same rows, and has no use for their weights.
        let text = format!("{HEAD}{rows}");
        let rows = data
            .schema
            .read_bytes("o", Format::Keel, text.as_bytes(), TargetUse::Required);
        assert_eq!(rows.unwrap().x, plain.x);
    }
    for (row, expected) in [
        (
            "1,u,1,p,{x}",
            "t.dat:7: found the weight \"x\", expected a finite number",
        ),
        ("1,u,1,p,{-1}", "found the weight \"-1\""),
        ("1,u,1,p,{nan}", "found the weight \"nan\""),
        ("1,u,1,p,{1e999}", "found the weight"),
        ("1,u,1,p,{}", "found the weight \"\""),
        ("{3 p}, {?}", "found the weight \"?\""),
        ("1,u,p,{2}", "t.dat:7: found 3 cells, expected 4"),
    ] {
        let error = of(&format!("{row}\n2,u,1,n\n")).expect_err(row).to_string();
        assert!(error.contains(expected), "{row}: {error}");
    }
}

#[test]
fn dates_and_relations_are_refused_by_name() {
    let file = |inputs: &str, kind: &str| {
        format!(
            "@attribute d {kind}\n@attribute b real\n@attribute y {{n,p}}\n{inputs}@data\n\
             2012-01-01,1,n\n2012-01-02,2,p\n"
        )
    };
    for kind in ["date", "DATE \"yyyy-MM-dd\"", "date 'yyyy-MM-dd HH:mm'"] {
        let error = keel(&file("", kind)).expect_err(kind).to_string();
        assert!(
            error.starts_with("t.dat:1: found the date attribute \"d\", expected"),
            "{error}"
        );
        assert!(
            error.contains("dates are not supported, drop the column"),
            "{error}"
        );
        // Not among the inputs, or left out in training: nothing to refuse.
        let data = keel(&file("@inputs b\n@outputs y\n", kind)).unwrap();
        assert_eq!(data.feature_names, ["b"]);
        let again = file("", kind);
        let rows = data
            .schema
            .read_bytes("o", Format::Keel, again.as_bytes(), TargetUse::Required);
        assert_eq!(rows.unwrap().x, data.x);
    }
    let bag = "@attribute id {a}\n@attribute bag relational\n@attribute x real\n@end bag\n@data\n";
    let error = keel(bag).unwrap_err().to_string();
    assert!(
        error.contains("t.dat:2: found the relational attribute \"bag\", expected"),
        "{error}"
    );
}
