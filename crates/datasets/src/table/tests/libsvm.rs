//! Files that count from 0, ranking files, and a given number of features.

use super::*;

fn read_with(text: &str, options: &ReadOptions) -> Result<Dataset, TableError> {
    read_bytes("t.svm", Format::Libsvm, text.as_bytes(), options)
}

const ONE: &str = "1 1:5 3:7\n-1 2:6\n-1\n";
const ZERO: &str = "1 0:5 2:7\n-1 1:6\n-1\n";

fn based(zero_based: ZeroBased) -> ReadOptions {
    ReadOptions::default().with_zero_based(zero_based)
}

#[test]
fn files_count_from_0_or_1() {
    let one = libsvm(ONE).unwrap();
    let zero = libsvm(ZERO).unwrap();
    assert_eq!((&zero.x, &zero.y), (&one.x, &one.y));
    assert_eq!(one.feature_names, ["1", "2", "3"]);
    assert_eq!(zero.feature_names, ["0", "1", "2"]);

    // A zero-based file without feature 0 looks like one that counts from 1, unless it is said.
    let without = "1 1:7\n-1 2:6\n";
    assert_eq!(libsvm(without).unwrap().x.into_vec(), [7., 0., 0., 6.]);
    let data = read_with(without, &based(ZeroBased::Yes)).unwrap();
    assert_eq!(data.x.into_vec(), [0., 7., 0., 0., 0., 6.]);

    let error = read_with(ZERO, &based(ZeroBased::No)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t.svm:1:3: found index 0, expected indices from 1"
    );
    let descending = libsvm("1 1:1 0:1\n-1 0:2\n").unwrap_err().to_string();
    assert!(descending.contains("found index 0 after 1"), "{descending}");
}

#[test]
fn a_second_file_counts_as_the_training_file_did() {
    let (one, zero) = (libsvm(ONE).unwrap(), libsvm(ZERO).unwrap());
    let read = |data: &Dataset, text: &str, zero_based| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("o.svm");
        std::fs::write(&path, text).unwrap();
        let options = based(zero_based);
        let rows = data.schema.read_as(&path, TargetUse::Required, &options);
        rows.map(|rows| rows.x.into_vec())
            .map_err(|e| e.to_string())
    };
    let auto = ZeroBased::Auto;
    // No index 0 here, and still column 1 of the training file.
    assert_eq!(read(&zero, "1 1:6\n", auto), Ok(vec![0., 6., 0.]));
    assert_eq!(read(&zero, "1 0:5 1:6\n", auto), Ok(vec![5., 6., 0.]));
    assert_eq!(read(&one, "1 1:6\n", auto), Ok(vec![6., 0., 0.]));
    // What is said goes first.
    assert_eq!(read(&zero, "1 1:6\n", ZeroBased::No), Ok(vec![6., 0., 0.]));
    assert_eq!(read(&one, "1 1:6\n", ZeroBased::Yes), Ok(vec![0., 6., 0.]));
    for (data, text, zero_based, expected) in [
        (
            &one,
            "1 0:5\n",
            auto,
            ":1:3: found index 0, expected indices from 1 as in the training",
        ),
        (
            &one,
            "1 0:5\n",
            ZeroBased::No,
            ":1:3: found index 0, expected indices from 1",
        ),
        (
            &one,
            "1 1:1\n1 4:5\n",
            auto,
            ":2:3: found index 4, expected at most 3, the features",
        ),
        (&one, "1 4:5\n", auto, "set n_features to 4"),
        (
            &zero,
            "1 3:5\n",
            auto,
            ":1:3: found index 3, expected at most 2, the features",
        ),
        (&zero, "1 3:5\n", auto, "set n_features to 4"),
    ] {
        let error = read(data, text, zero_based).expect_err(expected);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn queries_are_ignored_with_one_warning() {
    let plain = libsvm(ONE).unwrap();
    let ranked = libsvm("1 qid:1 1:5 3:7\n-1 qid:1 2:6\n-1 qid:-2\n").unwrap();
    assert_eq!((&ranked.x, &ranked.y), (&plain.x, &plain.y));
    assert_eq!(ranked.warnings, [TableWarning::QueriesIgnored { rows: 3 }]);
    let some = libsvm("1 qid:1 1:5 3:7\n-1 2:6\n-1\n").unwrap();
    assert_eq!(some.warnings, [TableWarning::QueriesIgnored { rows: 1 }]);
    assert!(plain.warnings.is_empty());
    let rows = plain
        .schema
        .read_bytes("o", Format::Libsvm, b"1 qid:3 2:1\n", TargetUse::Ignored);
    assert_eq!(
        rows.unwrap().warnings,
        [TableWarning::QueriesIgnored { rows: 1 }]
    );
}

#[test]
fn features_that_no_row_has_can_be_asked_for() {
    let wide = |text, n| read_with(text, &ReadOptions::default().with_n_features(n));
    let data = wide(ONE, 5).unwrap();
    assert_eq!(data.feature_names, ["1", "2", "3", "4", "5"]);
    assert_eq!(data.x.row(0), [5., 0., 7., 0., 0.]);
    assert_eq!(wide(ZERO, 4).unwrap().feature_names, ["0", "1", "2", "3"]);
    assert_eq!(wide(ONE, 3).unwrap().x, libsvm(ONE).unwrap().x);
    let seen = data
        .schema
        .read_bytes("o", Format::Libsvm, b"1 5:2\n", TargetUse::Ignored);
    assert_eq!(seen.unwrap().x.into_vec(), [0., 0., 0., 0., 2.]);
    for (text, n, expected) in [
        (
            ONE,
            2,
            "t.svm:1:7: found index 3, expected n_features of at least 3, not 2",
        ),
        (
            ZERO,
            2,
            "t.svm:1:7: found index 2, expected n_features of at least 3, not 2",
        ),
        (ONE, 0, "found index 3"),
        (
            ONE,
            1_000_001,
            "t.svm: found n_features 1000001, expected at most 1000000",
        ),
        ("1\n-1\n", 0, "found no feature"),
    ] {
        let error = wide(text, n).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
    // The options are LIBSVM's alone.
    for options in [
        ReadOptions::default().with_n_features(3),
        based(ZeroBased::Yes),
    ] {
        let error = read_bytes("t.csv", Format::Csv, b"a,y\n1,p\n2,n\n", &options);
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("for a file of format csv, expected a LIBSVM"),
            "{error}"
        );
    }
}

proptest! {
    /// The same rows, counted from 0 and from 1, are the same table.
    #[test]
    fn the_base_of_the_indices_does_not_matter(
        rows in prop::collection::vec(prop::collection::btree_map(0_u32..9, -9_i32..9, 0..5), 2..9)
    ) {
        let text = |base: u32| -> String {
            let line = |(i, row): (usize, &std::collections::BTreeMap<u32, i32>)| {
                let cells: String = row.iter().map(|(j, v)| format!(" {}:{v}", j + base)).collect();
                format!("{}{cells}\n", i % 2)
            };
            rows.iter().enumerate().map(line).collect()
        };
        let options = ReadOptions::default().with_n_features(9);
        let one = read_with(&text(1), &options.clone().with_zero_based(ZeroBased::No)).unwrap();
        let zero = read_with(&text(0), &options.clone().with_zero_based(ZeroBased::Yes)).unwrap();
        prop_assert_eq!(&one.x, &zero.x);
        prop_assert_eq!(&one.y, &zero.y);
        if rows.iter().any(|row| row.contains_key(&0)) {
            prop_assert_eq!(read_with(&text(0), &options).unwrap().x, one.x);
        }
    }
}

/// LIBSVM's files for `-t 4`: the pairs `0:n` number the rows, and are no feature.
#[test]
fn precomputed_kernels_are_named() {
    let gram = "1 0:1 1:4 2:1\n-1 0:2 1:1 2:3\n";
    let error = libsvm(gram).unwrap_err();
    assert!(matches!(error, TableError::GramMatrix { .. }), "{error}");
    let words = error.to_string();
    assert!(words.starts_with("t.svm:1:3: found the numbers of the rows at index 0"));
    assert!(words.contains("kernel precomputed"), "{words}");
    // What is said goes first, and so does what training said.
    let data = read_with(gram, &based(ZeroBased::Yes)).unwrap();
    assert_eq!(data.x.row(1), [2., 1., 3.]);
    let read = |text: &str| {
        let target = TargetUse::Ignored;
        data.schema
            .read_bytes("t.svm", Format::Libsvm, text.as_bytes(), target)
    };
    assert_eq!(read(gram).unwrap().x, data.x);
    // Neighbors that are features: other numbers, a gap, rows of several lengths, a single row.
    for features in [
        "1 0:1 1:4\n-1 0:3 1:1\n",
        "1 0:2 1:4\n-1 0:1 1:1\n",
        "1 0:1 1:4 3:1\n-1 0:2 1:1 3:3\n",
        "1 0:1 1:4 2:1\n-1 0:2 1:1\n",
        "1 0:1\n-1 0:2\n",
    ] {
        assert!(libsvm(features).is_ok(), "{features:?}");
    }
    assert!(read("1 0:1 1:4 2:1\n").is_ok());
}
