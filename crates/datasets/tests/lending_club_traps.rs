//! The twenty traps of Lending Club's files, each in every dialect in which it occurs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{DIALECTS, Dialect, NOTES, TestLoan};
use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{
    FEATURES, FeatureEncoder, LoanBook, LoanBookError, Month, ReadOptions, Selection, Status,
    Unused,
};

/// Number, name, dialects, check.
type Trap = (u8, &'static str, &'static [Dialect], fn(Dialect));

const ALL: &[Dialect] = &DIALECTS;

const TRAPS: [Trap; 20] = [
    (
        1,
        "a notes line stands before the header, or none",
        ALL,
        notes_line,
    ),
    (
        2,
        "footers and blank lines, at the end and mid-file",
        ALL,
        footers,
    ),
    (
        3,
        "a section of loans that do not meet the policy",
        ALL,
        section,
    ),
    (
        4,
        "per cent signs, blanks, utilisation empty or above 100 %",
        ALL,
        percentages,
    ),
    (
        5,
        "terms with a leading blank, of 36 and 60 months",
        ALL,
        terms,
    ),
    (
        6,
        "dates in four spellings, years of two digits",
        ALL,
        dates,
    ),
    (7, "years of employment in words", ALL, employment),
    (
        8,
        "free text: commas, quotes, line feeds, other bytes",
        ALL,
        free_text,
    ),
    (9, "columns that are empty or constant", ALL, empty_columns),
    (10, "columns that begin late", ALL, late_columns),
    (
        11,
        "columns that were renamed, names with blanks",
        ALL,
        renamed_columns,
    ),
    (12, "categories in several spellings", ALL, spellings),
    (
        13,
        "joint loans, and numbers that stand for none",
        ALL,
        joint_loans,
    ),
    (
        14,
        "pasted files: repeated headers, other columns",
        ALL,
        pasted_files,
    ),
    (
        15,
        "loans that were never paid, or paid past their term",
        ALL,
        last_payments,
    ),
    (
        16,
        "loans funded in part, or by no investor",
        ALL,
        partly_funded,
    ),
    (
        17,
        "recoveries are inside total_pymnt, fees are not",
        ALL,
        recoveries,
    ),
    (18, "instalments off the annuity formula", ALL, installments),
    (19, "ids: empty, numbers, with .0", ALL, ids),
    (20, "every status, on and off policy", ALL, statuses),
];

#[test]
fn the_twenty_traps() {
    let mut failed = Vec::new();
    for (i, (number, name, dialects, check)) in TRAPS.iter().enumerate() {
        assert_eq!(usize::from(*number), i + 1);
        for &dialect in *dialects {
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

fn notes_line(d: Dialect) {
    let body = d.header(&loan()) + &d.row(&loan());
    for (above, notes) in [
        ("", 0),
        (NOTES, 1),
        (&format!("{NOTES}\n\n"), 1),
        ("\u{feff}", 0),
    ] {
        let book = read(&format!("{above}{body}")).unwrap();
        assert_eq!((book.len(), book.other_lines().notes), (1, notes));
    }
    // A byte order mark before the notes, and line numbers that count them.
    let broken = format!("\u{feff}{NOTES}{}{}", body, d.row(&loan().with("dti", "x")));
    let error = read(&broken).unwrap_err().to_string();
    assert!(
        error.starts_with("input:4: column `dti`: found `x`"),
        "{error}"
    );
}

fn footers(d: Dialect) {
    let rows = d.header(&loan()) + &d.row(&loan());
    let footers = d.note("Total amount funded in policy code 1: 460296150")
        + &d.note("Total amount funded in policy code 2: 0");
    let commas = d.note("");
    // As in the pasted file: footers and blank lines between loans.
    let text = format!(
        "{rows}\n\n{footers}{}\r\n\n{commas}{footers}",
        d.row(&loan())
    );
    let book = read(&text).unwrap();
    assert_eq!(book.len(), 2);
    assert_eq!(book.other_lines().footers, 4);
    assert_eq!(book.other_lines().blank, u64::from(d != Dialect::LoanStats));
    assert_eq!(Selection::default().select(&book).kept(), 2);
}

fn section(d: Dialect) {
    let off = |status: &str| TestLoan {
        status: format!("Does not meet the credit policy. Status:{status}"),
        ..loan()
    };
    let line = d.note("Loans that do not meet the credit policy");
    let text = d.header(&loan())
        + &d.row(&loan())
        + &line
        + &d.row(&off("Fully Paid"))
        + &d.row(&off("Charged Off"))
        // Another file's loans follow in the pasted file.
        + &d.row(&loan());
    let book = read(&text).unwrap();
    let policy: Vec<bool> = book.loans().map(|l| l.is_off_policy()).collect();
    assert_eq!(policy, [false, true, true, false]);
    assert_eq!(book.loan(2).label(), Some(Label::Positive));
    assert_eq!(book.other_lines().sections, 1);
    assert_eq!(Selection::default().select(&book).rows, [0, 3]);
    let all = Selection {
        include_off_policy: true,
        ..Selection::default()
    };
    assert_eq!(all.select(&book).kept(), 4);

    // Without the words in the status, the line decides, up to the footers.
    let text = d.header(&loan())
        + &line
        + &d.row(&loan())
        + &d.note("Total amount funded in policy code 1: 5000")
        + &d.row(&loan());
    let policy: Vec<bool> = read(&text)
        .unwrap()
        .loans()
        .map(|l| l.is_off_policy())
        .collect();
    assert_eq!(policy, [true, false]);
}

fn percentages(d: Dialect) {
    let with = |int_rate, revol_util| TestLoan {
        int_rate,
        revol_util,
        ..loan()
    };
    let loans = [
        with(6.99, None),
        with(10.65, Some(119.0)),
        with(24.89, Some(0.0)),
        with(5.32, Some(892.3)),
    ];
    let book = book(d, &loans);
    let rates: Vec<f64> = book.loans().map(|l| l.int_rate()).collect();
    let utils: Vec<Option<f64>> = book.loans().map(|l| l.value("revol_util")).collect();
    for (found, expected) in rates.iter().zip([0.0699, 0.1065, 0.2489, 0.0532]) {
        assert!((found - expected).abs() < 1e-12, "{rates:?}");
    }
    for (found, expected) in utils.iter().zip([None, Some(1.19), Some(0.0), Some(8.923)]) {
        match (found, expected) {
            (None, None) => {}
            (Some(a), Some(b)) => assert!((a - b).abs() < 1e-12, "{utils:?}"),
            _ => panic!("{utils:?}"),
        }
    }
}

fn terms(d: Dialect) {
    let loans = [36, 60].map(|term| TestLoan { term, ..loan() });
    let book = book(d, &loans);
    assert_eq!(book.loans().map(|l| l.term()).collect::<Vec<_>>(), [36, 60]);
    assert_eq!(Selection::default().select(&book).rows, [0]);
    let text = d.header(&loan()) + &d.row(&loan().with("term", "36.0"));
    assert_eq!(read(&text).unwrap().loan(0).term(), 36);
}

fn dates(d: Dialect) {
    let with = |issue, earliest| TestLoan {
        issue,
        earliest,
        last_pymnt: None,
        ..loan()
    };
    let loans = [
        with((2011, 12), (1962, 1)),
        with((2007, 6), (1946, 12)),
        with((2018, 9), (2008, 3)),
        with((2019, 12), (2001, 11)),
    ];
    let book = book(d, &loans);
    let shown: Vec<String> = book
        .loans()
        .map(|l| format!("{} {}", l.issue_month(), l.earliest_credit_line().unwrap()))
        .collect();
    assert_eq!(
        shown,
        [
            "2011-12 1962-01",
            "2007-06 1946-12",
            "2018-09 2008-03",
            "2019-12 2001-11"
        ]
    );
    // Not in the order of letters: "Sep-2018" > "Dec-2019".
    assert!(book.loan(2).issue_month() < book.loan(3).issue_month());
    let text = d.header(&loan()) + &d.row(&loan().with("issue_d", "12/22/11"));
    assert!(matches!(
        read(&text),
        Err(LoanBookError::Cell { column: "issue_d", found, .. }) if found == "12/22/11"
    ));
    let text = d.header(&loan()) + &d.row(&loan().with("earliest_cr_line", "Jan-2012"));
    assert!(matches!(
        read(&text),
        Err(LoanBookError::Cell {
            column: "earliest_cr_line",
            ..
        })
    ));
}

fn employment(d: Dialect) {
    let written = [
        "< 1 year",
        "1 year",
        "2 years",
        "9 years",
        "10+ years",
        "n/a",
        "",
    ];
    let loans = written.map(|emp_length| TestLoan {
        emp_length,
        ..loan()
    });
    let years: Vec<Option<f64>> = book(d, &loans).loans().map(|l| l.emp_length()).collect();
    assert_eq!(
        years,
        [
            Some(0.0),
            Some(1.0),
            Some(2.0),
            Some(9.0),
            Some(10.0),
            None,
            None
        ]
    );
}

fn free_text(d: Dialect) {
    let desc = "  Borrower added on 12/22/11 > I said \"hello\", then<br>\r\n\nTotal amount funded in \
                policy code 1: 5\nthe rest, ";
    let loans = [
        TestLoan {
            desc: desc.repeat(40),
            emp_title: "Joe's \"Diner\", Inc.".into(),
            ..loan()
        },
        TestLoan {
            dti: Some(1.5),
            ..loan()
        },
    ];
    let text = d.file(&loans);
    let book = read(&text).unwrap();
    assert_eq!((book.len(), book.loan(1).dti()), (2, Some(1.5)));
    // Records, not lines: the second loan's line counts those inside the first.
    let line = text.lines().count() as u64 - if d == Dialect::LoanStats { 4 } else { 0 };
    assert_eq!(book.loan(1).source(), ("input", line));

    // The same bytes as cp1252 would have them: no UTF-8.
    let bytes: Vec<u8> = text
        .replace("hello", "\u{fe}\u{ff}")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    assert!(std::str::from_utf8(&bytes).is_err());
    assert_eq!(read_bytes(&bytes).unwrap().len(), 2);
}

fn empty_columns(d: Dialect) {
    let loans = [10.0, 20.0, 30.0].map(|dti| TestLoan {
        dti: Some(dti),
        ..loan()
    });
    let book = book(d, &loans);
    // A column that no file has: left out of the default features, refused where it is asked for.
    let encoder = FeatureEncoder::fit(&book, &[0, 1, 2], &["dti", "open_acc"]).unwrap();
    assert_eq!(encoder.unused(), [("open_acc".to_owned(), Unused::Absent)]);
    assert!(matches!(
        FeatureEncoder::fit(&book, &[0, 1, 2], &["dti", "inq_fi"]),
        Err(LoanBookError::FeatureNotRead { name }) if name == "inq_fi"
    ));
    let encoder = FeatureEncoder::fit(&book, &[0, 1, 2], &["dti", "mort_acc", "pub_rec"]).unwrap();
    assert_eq!(encoder.feature_names(), ["dti"]);
    assert_eq!(
        encoder.unused(),
        [
            ("mort_acc".to_owned(), Unused::Empty),
            ("pub_rec".to_owned(), Unused::Constant)
        ]
    );
    let x = encoder.transform(&book, &[0, 1, 2]).unwrap();
    assert!(x.into_vec().iter().all(|v| v.is_finite()));
}

fn late_columns(d: Dialect) {
    let mut loans = vec![loan(), loan(), loan()];
    loans[0].dti = Some(1.0);
    loans[2].tot_cur_bal = Some(10_000.0);
    let few = book(d, &loans);
    let encoder = FeatureEncoder::fit(&few, &[0, 1, 2], &["dti", "tot_cur_bal"]).unwrap();
    assert_eq!(encoder.feature_names(), ["dti"]);
    assert_eq!(
        encoder.unused(),
        [("tot_cur_bal".to_owned(), Unused::MostlyMissing)]
    );
    loans[1].tot_cur_bal = Some(2_000.0);
    let most = book(d, &loans);
    let encoder = FeatureEncoder::fit(&most, &[0, 1, 2], &["dti", "tot_cur_bal"]).unwrap();
    assert_eq!(
        encoder.feature_names(),
        ["dti", "tot_cur_bal", "tot_cur_bal_missing"]
    );
}

fn renamed_columns(d: Dialect) {
    let text = d.file(&[loan().with("open_il_6m", "3")]);
    let text = text
        .replace("verification_status", "is_inc_v")
        .replace("tot_cur_bal", " TOT_CUR_BAL \u{a0}");
    let book = read(&text).unwrap();
    let loan_0 = book.loan(0);
    assert_eq!(loan_0.category("verification_status"), Some("verified"));
    assert_eq!(loan_0.value("open_act_il"), Some(3.0));
    assert!(book.has_feature("tot_cur_bal") && book.has_feature("open_act_il"));
    // Today's name goes before the old one.
    let both = d.file(&[loan().with("open_il_6m", "3").with("open_act_il", "4")]);
    assert_eq!(read(&both).unwrap().loan(0).value("open_act_il"), Some(4.0));
    let twice = d.file(&[loan()]).replace("policy_code", "dti");
    // The footers' words hold "policy code", not the name of the column.
    assert!(matches!(
        read(&twice),
        Err(LoanBookError::DuplicateColumn { column: "dti", .. })
    ));
}

fn spellings(d: Dialect) {
    let with = |home_ownership, verification_status, application_type| TestLoan {
        home_ownership,
        verification_status,
        application_type,
        ..loan()
    };
    let loans = [
        with("RENT", "Verified", "Individual"),
        with("NONE", "VERIFIED - income", "INDIVIDUAL"),
        with("Other", "not verified", "JOINT"),
        with("ANY", "Not Verified", "Joint App"),
        with("rent", "VERIFIED - income source", "individual"),
    ];
    let book = book(d, &loans);
    let all = |column| -> Vec<&str> { book.loans().map(|l| l.category(column).unwrap()).collect() };
    assert_eq!(
        all("home_ownership"),
        ["rent", "none", "other", "any", "rent"]
    );
    assert_eq!(
        all("verification_status"),
        [
            "verified",
            "verified",
            "not verified",
            "not verified",
            "source verified"
        ]
    );
    assert_eq!(
        all("application_type"),
        [
            "individual",
            "individual",
            "joint app",
            "joint app",
            "individual"
        ]
    );
}

fn joint_loans(d: Dialect) {
    let joint = |annual_inc, dti| TestLoan {
        application_type: "Joint App",
        annual_inc: Some(annual_inc),
        dti,
        annual_inc_joint: Some(90_000.0),
        dti_joint: Some(13.5),
        ..loan()
    };
    let single = |annual_inc, dti| TestLoan {
        annual_inc,
        dti,
        ..loan()
    };
    let loans = [
        joint(0.0, Some(999.0)),
        joint(50_000.0, None),
        joint(50_000.0, Some(-1.0)),
        single(Some(110_000_000.0), Some(999.0)),
        single(None, Some(-1.0)),
        single(Some(0.0), Some(0.0)),
    ];
    let book = book(d, &loans);
    let found: Vec<_> = book.loans().map(|l| (l.annual_inc(), l.dti())).collect();
    assert_eq!(
        found,
        [
            (Some(90_000.0), Some(13.5)),
            (Some(90_000.0), Some(13.5)),
            (Some(90_000.0), Some(13.5)),
            (Some(110_000_000.0), None),
            (None, None),
            (None, Some(0.0)),
        ]
    );
}

fn pasted_files(d: Dialect) {
    let second = TestLoan {
        dti: Some(3.0),
        ..loan()
    };
    let header = d.header(&loan());
    let text = format!("{header}{}{header}{}", d.row(&loan()), d.row(&second));
    let pasted = read(&text).unwrap();
    assert_eq!(pasted.other_lines().repeated_headers, 1);
    assert_eq!(pasted.loan(1).dti(), Some(3.0));

    // Every dialect below every other, columns in reverse: matched by name, scaled each by itself.
    for other in DIALECTS {
        let mut cells = other.cells(&second);
        cells.push(("tax_liens", "7".into()));
        cells.reverse();
        let (names, values): (Vec<_>, Vec<_>) =
            cells.into_iter().map(|(n, v)| (n.to_owned(), v)).unzip();
        let text = d.file(&[loan()]) + NOTES + &other.line(&names) + &other.line(&values);
        let book = read(&text).unwrap();
        assert_eq!(book.len(), 2, "{other:?}");
        assert_eq!(book.loan(1).value("tax_liens"), Some(7.0));
        assert_eq!(book.loan(0).value("tax_liens"), None);
        for l in book.loans() {
            assert!((l.int_rate() - 0.1065).abs() < 1e-12, "{other:?}");
            assert!(
                (l.value("revol_util").unwrap() - 0.837).abs() < 1e-12,
                "{other:?}"
            );
            assert_eq!(l.issue_month(), month("2011-12"));
        }
    }
}

fn last_payments(d: Dialect) {
    let with = |status: &str, last_pymnt| TestLoan {
        status: status.into(),
        last_pymnt,
        ..loan()
    };
    let loans = [
        with("Charged Off", None),
        with("Charged Off", Some((2012, 6))),
        with("Charged Off", Some((2014, 11))),
        with("Charged Off", Some((2017, 10))),
        with("Fully Paid", Some((2013, 2))),
        with("Fully Paid", Some((2015, 2))),
        with("Current", Some((2013, 2))),
    ];
    let book = book(d, &loans);
    assert_eq!(book.loan(0).last_pymnt_month(), None);
    let known: Vec<String> = book
        .loans()
        .map(|l| l.outcome_known().map_or("open".into(), |m| m.to_string()))
        .collect();
    assert_eq!(
        known,
        [
            "2012-05", "2012-11", "2015-04", "2017-10", "2013-02", "2015-02", "open"
        ]
    );
}

fn partly_funded(d: Dialect) {
    let loans = [TestLoan {
        loan_amnt: 10_000.0,
        funded_amnt: 6_000.0,
        funded_amnt_inv: 0.0,
        total_pymnt: 6_600.0,
        ..loan()
    }];
    let book = book(d, &loans);
    let p = book.loan(0).payments();
    assert_eq!(
        (p.funded_amnt, book.loan(0).loan_amnt()),
        (6_000.0, 10_000.0)
    );
    let roi = (p.total_pymnt - p.collection_recovery_fee - p.funded_amnt) / p.funded_amnt;
    assert!((roi - 0.1).abs() < 1e-12);
    for amount in ["0", "-5", "", "NaN"] {
        let text = d.header(&loan()) + &d.row(&loan().with("funded_amnt", amount));
        assert!(
            matches!(
                read(&text),
                Err(LoanBookError::Cell {
                    column: "funded_amnt",
                    ..
                })
            ),
            "{amount}"
        );
    }
}

fn recoveries(d: Dialect) {
    let loans = [TestLoan {
        status: "Charged Off".into(),
        total_pymnt: 3_000.0,
        recoveries: 500.0,
        collection_recovery_fee: 90.0,
        ..loan()
    }];
    let p = book(d, &loans).loan(0).payments();
    let parts = p.total_rec_prncp + p.total_rec_int + p.total_rec_late_fee + p.recoveries;
    assert!((p.total_pymnt - parts).abs() < 0.01);
    assert_eq!((p.recoveries, p.collection_recovery_fee), (500.0, 90.0));
}

fn installments(d: Dialect) {
    // Never recomputed: what the file says is what the borrower owed.
    let loans = [TestLoan {
        installment: 205.0,
        ..loan()
    }];
    assert_eq!(book(d, &loans).loan(0).payments().installment, Some(205.0));
}

fn ids(d: Dialect) {
    for (cell, id) in [
        ("", None),
        ("123456789", Some(123_456_789)),
        ("1077501.0", Some(1_077_501)),
        ("LC-7", None),
    ] {
        let text = d.header(&loan()) + &d.row(&loan().with("id", cell));
        assert_eq!(read(&text).unwrap().loan(0).id(), id, "{cell}");
    }
    // Places are neither read nor accepted.
    let text = d.file(&[loan().with("zip_code", "860xx")]);
    assert_eq!(read(&text).unwrap().len(), 1);
}

fn statuses(d: Dialect) {
    let written = [
        ("Fully Paid", Status::FullyPaid, Some(Label::Negative)),
        ("Charged Off", Status::ChargedOff, Some(Label::Positive)),
        ("Default", Status::Default, Some(Label::Positive)),
        ("Current", Status::Current, None),
        ("In Grace Period", Status::InGracePeriod, None),
        ("Late (16-30 days)", Status::Late16To30, None),
        ("Late (31-120 days)", Status::Late31To120, None),
        ("Issued", Status::Issued, None),
    ];
    let off = "Does not meet the credit policy. Status:";
    for prefix in ["", off] {
        let loans = written.map(|(text, _, _)| TestLoan {
            status: format!("{prefix}{text}"),
            ..loan()
        });
        let book = book(d, &loans);
        for (l, (text, status, label)) in book.loans().zip(written) {
            assert_eq!((l.status(), l.label()), (status, label), "{text}");
            assert_eq!(l.status().to_string(), text);
            assert_eq!(l.is_off_policy(), !prefix.is_empty());
        }
        let kept = Selection::default().select(&book);
        assert_eq!(
            kept.kept() + kept.dropped.values().sum::<usize>(),
            kept.read
        );
        assert_eq!(kept.kept(), if prefix.is_empty() { 3 } else { 0 });
        assert_eq!(kept.dropped.len(), if prefix.is_empty() { 5 } else { 1 });
    }
    let text = d.header(&loan()) + &d.row(&loan().with("loan_status", "Paid off"));
    assert!(matches!(
        read(&text),
        Err(LoanBookError::Cell { column: "loan_status", found, .. }) if found == "Paid off"
    ));
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
