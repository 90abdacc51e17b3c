//! Traps of cells and what they mean.

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{LoanBookError, Selection, Status};

use crate::common::{Dialect, TestLoan};
use crate::lending_club_traps::{book, loan, read};

pub fn percentages(d: Dialect) {
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

pub fn terms(d: Dialect) {
    let loans = [36, 60].map(|term| TestLoan {
        term,
        id: term.into(),
        ..loan()
    });
    let book = book(d, &loans);
    assert_eq!(book.loans().map(|l| l.term()).collect::<Vec<_>>(), [36, 60]);
    assert_eq!(Selection::default().select(&book).rows, [0]);
    let text = d.header(&loan()) + &d.row(&loan().with("term", "36.0"));
    assert_eq!(read(&text).unwrap().loan(0).term(), 36);
}

pub fn dates(d: Dialect) {
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

pub fn employment(d: Dialect) {
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

pub fn spellings(d: Dialect) {
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

pub fn joint_loans(d: Dialect) {
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

pub fn last_payments(d: Dialect) {
    let with = |status: &str, last_pymnt| TestLoan {
        status: status.into(),
        last_pymnt,
        ..loan()
    };
    let never_paid = |total_pymnt, recoveries| TestLoan {
        total_pymnt,
        recoveries,
        ..with("Charged Off", None)
    };
    let loans = [
        never_paid(0.0, 0.0),
        // Recoveries came, nobody knows when: as late as can be.
        never_paid(300.0, 300.0),
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
            "2012-05", "2015-05", "2012-11", "2015-04", "2017-10", "2013-02", "2015-02", "open"
        ]
    );
}

pub fn partly_funded(d: Dialect) {
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

pub fn recoveries(d: Dialect) {
    let loans = [TestLoan {
        status: "Charged Off".into(),
        total_pymnt: 3_000.0,
        recoveries: 500.0,
        collection_recovery_fee: 90.0,
        ..loan()
    }];
    let p = book(d, &loans).loan(0).payments();
    let parts = [
        p.total_rec_prncp,
        p.total_rec_int,
        p.total_rec_late_fee,
        p.recoveries,
    ];
    let parts: f64 = parts.into_iter().flatten().sum();
    assert!((p.total_pymnt - parts).abs() < 0.01);
    assert_eq!(
        (p.recoveries, p.collection_recovery_fee),
        (Some(500.0), 90.0)
    );
}

pub fn installments(d: Dialect) {
    // Never recomputed: what the file says is what the borrower owed.
    let loans = [TestLoan {
        installment: 205.0,
        ..loan()
    }];
    assert_eq!(book(d, &loans).loan(0).payments().installment, Some(205.0));
}

pub fn ids(d: Dialect) {
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

pub fn statuses(d: Dialect) {
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
            id: text.bytes().map(u64::from).sum(),
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
