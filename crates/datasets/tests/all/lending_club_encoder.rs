//! The encoder: hand-worked columns, nothing learned outside the training rows, nothing that leaks.

use crate::common::{Dialect, TestLoan};
use fuzzysvm_datasets::lending_club::{
    DEFAULT_FEATURES, EncoderOptions, FEATURES, FeatureEncoder, LEAK_COLUMNS, LoanBook,
    LoanBookError, ReadOptions,
};
use proptest::prelude::*;

fn book(loans: &[TestLoan]) -> LoanBook {
    let options = ReadOptions {
        features: FEATURES.iter().map(|s| (*s).to_owned()).collect(),
        ..ReadOptions::default()
    };
    let text = Dialect::LoanStats.file(loans);
    LoanBook::from_reader(text.as_bytes(), options).unwrap()
}

fn column(x: &fuzzysvm_core::MatrixBuf, col: usize) -> Vec<f64> {
    x.view().rows().map(|row| row[col]).collect()
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-12, "{found:?} instead of {expected:?}");
    }
}

#[test]
fn missing_numbers_take_the_training_median_and_a_column_says_so() {
    // Training: 1, 2, missing, 9: median 2, so 1, 2, 2, 9 with mean 3.5 and variance 10.25.
    let loans = [Some(1.0), Some(2.0), None, Some(9.0), None, Some(100.0)].map(|dti| TestLoan {
        dti,
        ..TestLoan::default()
    });
    let book = book(&loans);
    let encoder = FeatureEncoder::fit(&book, &[0, 1, 2, 3], &["dti"]).unwrap();
    assert_eq!(encoder.feature_names(), ["dti", "dti_missing"]);
    let x = encoder.transform(&book, &[0, 1, 2, 3, 4, 5]).unwrap();
    let sd = 10.25f64.sqrt();
    let expected = [1.0, 2.0, 2.0, 9.0, 2.0, 100.0].map(|v| (v - 3.5) / sd);
    close(&column(&x, 0), &expected);
    let sd = (0.25f64 * 0.75).sqrt();
    let expected = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0].map(|v| (v - 0.25) / sd);
    close(&column(&x, 1), &expected);

    // No gap in training: the median fills one later, without a column.
    let encoder = FeatureEncoder::fit(&book, &[0, 1, 3], &["dti"]).unwrap();
    assert_eq!(encoder.feature_names(), ["dti"]);
    let x = encoder.transform(&book, &[1, 2]).unwrap();
    assert_eq!(x.row(0), x.row(1));
}

#[test]
fn never_is_neither_this_month_nor_the_median() {
    let loans = [Some(0), Some(10), None, Some(40), Some(90)].map(|months| TestLoan {
        mths_since_last_delinq: months,
        delinq_2yrs: 1,
        ..TestLoan::default()
    });
    let book = book(&loans);
    let name = "mths_since_last_delinq";
    let encoder = FeatureEncoder::fit(&book, &[0, 1, 2, 3], &[name]).unwrap();
    assert_eq!(
        encoder.feature_names(),
        [name, "mths_since_last_delinq_never"]
    );
    // Never counts as the largest training value, 40; so does every larger value.
    let x = encoder.transform(&book, &[0, 1, 2, 3, 4]).unwrap();
    let values = [0.0, 10.0, 40.0, 40.0, 40.0];
    let mean = 22.5;
    let sd = (values[..4]
        .iter()
        .map(|v: &f64| (v - mean).powi(2))
        .sum::<f64>()
        / 4.0)
        .sqrt();
    close(&column(&x, 0), &values.map(|v| (v - mean) / sd));
    let sd = (0.25f64 * 0.75).sqrt();
    close(
        &column(&x, 1),
        &[0.0, 0.0, 1.0, 0.0, 0.0].map(|v| (v - 0.25) / sd),
    );
}

#[test]
fn ordinals_amounts_history_and_categories() {
    let with = |sub_grade, annual_inc, earliest, purpose| TestLoan {
        sub_grade,
        annual_inc: Some(annual_inc),
        earliest,
        purpose,
        ..TestLoan::default()
    };
    let loans = [
        with("A1", 1_000.0, (2001, 12), "wedding"),
        with("G5", 99_999.0, (1991, 6), "car"),
        with("C3", 5.0, (2011, 12), "house"),
    ];
    let book = book(&loans);
    let features = ["sub_grade", "annual_inc", "credit_history_years", "purpose"];
    let encoder = FeatureEncoder::fit(&book, &[0, 1], &features).unwrap();
    assert_eq!(
        encoder.feature_names(),
        [
            "sub_grade",
            "annual_inc",
            "credit_history_years",
            "purpose=car",
            "purpose=wedding"
        ]
    );
    let x = encoder.transform(&book, &[0, 1, 2]).unwrap();
    let scaled = |a: f64, b: f64, v: f64| (v - f64::midpoint(a, b)) / ((a - b).abs() / 2.0);
    close(&column(&x, 0), &[-1.0, 1.0, scaled(1.0, 35.0, 13.0)]);
    let (a, b) = (1_001f64.ln(), 100_000f64.ln());
    close(&column(&x, 1), &[-1.0, 1.0, scaled(a, b, 6f64.ln())]);
    close(&column(&x, 2), &[-1.0, 1.0, scaled(10.0, 20.5, 0.0)]);
    close(&column(&x, 3), &[-1.0, 1.0, -1.0]);
    close(&column(&x, 4), &[1.0, -1.0, -1.0]);
}

#[test]
fn what_leaks_or_is_no_feature_is_refused_by_name() {
    let book = book(&[TestLoan::default()]);
    for &name in LEAK_COLUMNS {
        // Refused by name, whether or not a file has the column, and before the rows are looked at.
        assert!(
            matches!(
                FeatureEncoder::fit(&book, &[], &["dti", name]),
                Err(LoanBookError::LeakColumn { name: n }) if n == name
            ),
            "{name}"
        );
        let options = ReadOptions {
            features: vec![name.to_owned()],
            ..ReadOptions::default()
        };
        assert!(matches!(
            LoanBook::from_reader(&b""[..], options),
            Err(LoanBookError::LeakColumn { name: n }) if n == name
        ));
    }
    for name in [
        "id",
        "url",
        "desc",
        "zip_code",
        "addr_state",
        "funded_amnt",
        "grade",
    ] {
        assert!(matches!(
            FeatureEncoder::fit(&book, &[0], &[name]),
            Err(LoanBookError::RefusedFeature { name: n, .. }) if n == name
        ));
    }
    assert!(matches!(
        FeatureEncoder::fit(&book, &[0], &["lucky_number"]),
        Err(LoanBookError::UnknownFeature { name }) if name == "lucky_number"
    ));
    assert!(matches!(
        FeatureEncoder::fit(&book, &[0], &["dti", " DTI"]),
        Err(LoanBookError::RepeatedFeature { name }) if name == "dti"
    ));
}

#[test]
fn rows_and_parameters_are_checked() {
    let book = book(&[TestLoan::default(), TestLoan::default()]);
    let fit = |rows: &[usize], features: &[&str]| FeatureEncoder::fit(&book, rows, features);
    assert!(matches!(fit(&[], &["dti"]), Err(LoanBookError::NoRows)));
    assert!(matches!(
        fit(&[0, 2], &["dti"]),
        Err(LoanBookError::RowOutOfRange { row: 2, n_loans: 2 })
    ));
    // Two equal loans: nothing varies.
    assert!(matches!(
        fit(&[0, 1], DEFAULT_FEATURES),
        Err(LoanBookError::NoUsableFeature { asked }) if asked == DEFAULT_FEATURES.len()
    ));
    for min_filled in [f64::NAN, -0.1, 1.1] {
        let options = EncoderOptions { min_filled };
        assert!(matches!(
            FeatureEncoder::fit_with(&book, &[0], &["dti"], options),
            Err(LoanBookError::Param(_))
        ));
    }
}

#[test]
fn another_book_needs_the_same_columns() {
    let with = |purpose, dti| TestLoan {
        purpose,
        dti: Some(dti),
        ..TestLoan::default()
    };
    let first = book(&[with("car", 1.0), with("house", 2.0)]);
    let encoder = FeatureEncoder::fit(&first, &[0, 1], &["purpose", "dti"]).unwrap();
    // Categories come in another order in the other book.
    let second = book(&[with("other", 5.0), with("house", 2.0), with("car", 1.0)]);
    let a = encoder.transform(&first, &[0, 1]).unwrap();
    let b = encoder.transform(&second, &[2, 1]).unwrap();
    assert_eq!(a, b);
    let lean = LoanBook::from_reader(
        Dialect::Kaggle.file(&[with("car", 1.0)]).as_bytes(),
        ReadOptions {
            features: vec!["purpose".to_owned()],
            ..ReadOptions::default()
        },
    )
    .unwrap();
    assert!(matches!(
        encoder.transform(&lean, &[0]),
        Err(LoanBookError::FeaturesAbsent { columns }) if columns == ["dti"]
    ));
    assert_eq!(encoder.features().collect::<Vec<_>>(), ["purpose", "dti"]);
}

fn varied(seed: &[u8]) -> Vec<TestLoan> {
    let purposes = ["car", "house", "other", "wedding", "credit_card"];
    let months = |b: u8| (!b.is_multiple_of(3)).then_some(u32::from(b));
    seed.chunks_exact(4)
        .map(|b| TestLoan {
            purpose: purposes[usize::from(b[0]) % 5],
            dti: (!b[1].is_multiple_of(4)).then_some(f64::from(b[1]) / 7.0),
            annual_inc: (!b[2].is_multiple_of(5)).then_some(1_000.0 * f64::from(b[2])),
            mths_since_last_delinq: months(b[3]),
            delinq_2yrs: 1,
            emp_length: ["n/a", "3 years", "< 1 year"][usize::from(b[3]) % 3],
            ..TestLoan::default()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn other_rows_change_nothing(
        train in prop::collection::vec(any::<u8>(), 32..80),
        test in prop::collection::vec(any::<u8>(), 4..80),
        others in prop::collection::vec(any::<u8>(), 4..80),
    ) {
        let train = varied(&train);
        let rows: Vec<usize> = (0..train.len()).collect();
        let fit = |test: &[u8]| {
            let book = book(&[train.clone(), varied(test)].concat());
            let encoder = FeatureEncoder::fit(&book, &rows, DEFAULT_FEATURES).unwrap();
            let x = encoder.transform(&book, &rows).unwrap();
            (encoder, x)
        };
        prop_assert_eq!(fit(&test), fit(&others));
    }

    #[test]
    fn training_columns_have_mean_0_and_deviation_1(
        seed in prop::collection::vec(any::<u8>(), 40..160),
    ) {
        let loans = varied(&seed);
        let book = book(&loans);
        let rows: Vec<usize> = (0..loans.len()).collect();
        let encoder = FeatureEncoder::fit(&book, &rows, DEFAULT_FEATURES).unwrap();
        let x = encoder.transform(&book, &rows).unwrap();
        let n = rows.len() as f64;
        for col in 0..x.n_cols() {
            let values = column(&x, col);
            let mean = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
            prop_assert!(mean.abs() < 1e-9 && (variance - 1.0).abs() < 1e-9);
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_file_holds_the_encoder_and_no_damaged_one_is_taken() {
    let loans = varied(&(0..80).collect::<Vec<u8>>());
    let book = book(&loans);
    let rows: Vec<usize> = (0..loans.len()).collect();
    let encoder = FeatureEncoder::fit(&book, &rows[..10], DEFAULT_FEATURES).unwrap();
    assert!(!encoder.unused().is_empty());
    let text = serde_json::to_string(&encoder).unwrap();
    let back: FeatureEncoder = serde_json::from_str(&text).unwrap();
    assert_eq!(back, encoder);
    assert_eq!(
        back.transform(&book, &rows).unwrap(),
        encoder.transform(&book, &rows).unwrap()
    );
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let with = |path: &str, new: serde_json::Value| {
        let mut value = value.clone();
        *value.pointer_mut(path).unwrap() = new;
        serde_json::from_value::<FeatureEncoder>(value)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        with("/schema", 2.into()),
        "the encoder is damaged: schema 2 instead of 1"
    );
    assert!(with("/features/0/name", "recoveries".into()).contains("would leak the outcome"));
    assert!(with("/features/0/name", "shoe_size".into()).contains("unknown feature"));
    assert!(with("/features/0/outputs/0/sd", 0.into()).contains("make no sense"));
    assert!(with("/features/0/outputs/0/sd", (-1).into()).contains("make no sense"));
    assert!(with("/features/2/outputs/0/part", "value".into()).contains("make no sense"));
    assert!(with("/features/0/outputs", serde_json::json!([])).contains("make no sense"));
    assert!(with("/features", serde_json::json!([])).contains("has no feature"));
    let twice = value["features"][0].clone();
    assert!(with("/features/1", twice).contains("stands there twice"));
}
