//! The twenty traps of Lending Club's files, each in all four dialects.

mod cells;
mod lines;

use crate::common::{DIALECTS, Dialect, TestLoan};
use fuzzysvm_datasets::lending_club::{
    FEATURES, FeatureEncoder, LoanBook, LoanBookError, Month, ReadOptions,
};

/// Number, name, check in one dialect.
type Trap = (u8, &'static str, fn(Dialect));

const TRAPS: [Trap; 20] = [
    (
        1,
        "a notes line stands before the header, or none",
        lines::notes_line,
    ),
    (
        2,
        "footers and blank lines, at the end and mid-file",
        lines::footers,
    ),
    (
        3,
        "a section of loans that do not meet the policy",
        lines::section,
    ),
    (
        4,
        "per cent signs, blanks, utilisation empty or above 100 %",
        cells::percentages,
    ),
    (
        5,
        "terms with a leading blank, of 36 and 60 months",
        cells::terms,
    ),
    (
        6,
        "dates in four spellings, years of two digits",
        cells::dates,
    ),
    (7, "years of employment in words", cells::employment),
    (
        8,
        "free text: commas, quotes, line feeds, other bytes",
        lines::free_text,
    ),
    (
        9,
        "columns that are empty or constant",
        lines::empty_columns,
    ),
    (10, "columns that begin late", lines::late_columns),
    (
        11,
        "columns that were renamed, names with blanks",
        lines::renamed_columns,
    ),
    (12, "categories in several spellings", cells::spellings),
    (
        13,
        "joint loans, and numbers that stand for none",
        cells::joint_loans,
    ),
    (
        14,
        "pasted files: repeated headers, other columns",
        lines::pasted_files,
    ),
    (
        15,
        "loans that were never paid, or paid past their term",
        cells::last_payments,
    ),
    (
        16,
        "loans funded in part, or by no investor",
        cells::partly_funded,
    ),
    (
        17,
        "recoveries are inside total_pymnt, fees are not",
        cells::recoveries,
    ),
    (
        18,
        "instalments off the annuity formula",
        cells::installments,
    ),
    (19, "ids: empty, numbers, with .0", cells::ids),
    (20, "every status, on and off policy", cells::statuses),
];

#[test]
fn the_twenty_traps() {
    let mut failed = Vec::new();
    for (i, (number, name, check)) in TRAPS.iter().enumerate() {
        assert_eq!(usize::from(*number), i + 1);
        for dialect in DIALECTS {
            if std::panic::catch_unwind(|| check(dialect)).is_err() {
                failed.push(format!("trap {number}, {name}: {dialect:?}"));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

fn read(text: &str) -> Result<LoanBook, LoanBookError> {
    read_bytes(text.as_bytes())
}

fn read_bytes(text: &[u8]) -> Result<LoanBook, LoanBookError> {
    let options = ReadOptions {
        features: FEATURES.iter().map(|s| (*s).to_owned()).collect(),
        ..ReadOptions::default()
    };
    LoanBook::from_reader(text, options)
}

fn book(dialect: Dialect, loans: &[TestLoan]) -> LoanBook {
    read(&dialect.file(loans)).unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn loan() -> TestLoan {
    TestLoan::default()
}

#[test]
fn a_zero_beside_a_count_of_zero_is_never() {
    let with = |column, months: u32, count: u32| TestLoan {
        delinq_2yrs: count,
        pub_rec: count,
        mths_since_recent_inq: Some(0),
        ..TestLoan::default().with(column, months.to_string())
    };
    for d in [Dialect::LoanStats, Dialect::CaseStudy, Dialect::Kaggle] {
        for column in ["mths_since_last_delinq", "mths_since_last_record"] {
            let loans = [(0, 0), (0, 1), (30, 0)].map(|(m, n)| with(column, m, n));
            let months: Vec<_> = book(d, &loans).loans().map(|l| l.value(column)).collect();
            assert_eq!(months, [None, Some(0.0), Some(30.0)], "{d:?} {column}");
        }
    }
    // No count says anything of inquiries: this month is this month.
    let book = book(Dialect::Kaggle, &[with("pub_rec", 0, 0)]);
    assert_eq!(book.loan(0).value("mths_since_recent_inq"), Some(0.0));
}

#[test]
fn the_dialects_tell_the_same_loans() {
    let loans = [
        TestLoan {
            mths_since_last_delinq: Some(12),
            delinq_2yrs: 1,
            ..loan()
        },
        TestLoan {
            status: "Charged Off".into(),
            mths_since_recent_inq: Some(3),
            dti: Some(4.25),
            annual_inc: None,
            purpose: "car",
            ..loan()
        },
    ];
    let features = [
        "int_rate",
        "sub_grade",
        "annual_inc",
        "dti",
        "purpose",
        "revol_util",
        "mths_since_last_delinq",
        "mths_since_recent_inq",
        "credit_history_years",
    ];
    let encoded = DIALECTS.map(|d| {
        let book = book(d, &loans);
        let encoder = FeatureEncoder::fit(&book, &[0, 1], &features).unwrap();
        let shown: Vec<String> = book
            .loans()
            .map(|l| {
                format!(
                    "{:?} {:.6} {:?} {:?} {:?} {:?}",
                    l.label(),
                    l.int_rate(),
                    l.grade(),
                    l.sub_grade(),
                    l.value("mths_since_last_delinq"),
                    l.value("mths_since_recent_inq"),
                )
            })
            .collect();
        (
            encoder.feature_names(),
            encoder.transform(&book, &[0, 1]).unwrap(),
            shown,
        )
    });
    for other in &encoded[1..] {
        assert_eq!(encoded[0], *other);
    }
    assert_eq!(
        encoded[0].2[0],
        "Some(Negative) 0.106500 Some('B') Some(7) Some(12.0) None"
    );
}
