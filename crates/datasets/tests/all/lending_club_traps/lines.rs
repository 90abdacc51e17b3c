//! Traps of lines and columns.

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{FeatureEncoder, LoanBookError, Selection, Unused};

use crate::common::{DIALECTS, Dialect, NOTES, TestLoan};
use crate::lending_club_traps::{book, loan, month, read, read_bytes};

pub fn notes_line(d: Dialect) {
    let body = d.header(&loan()) + &d.row(&loan());
    for (above, notes) in [
        ("", 0),
        (NOTES, 1),
        (&format!("{NOTES}\n\n"), 1),
        ("\u{feff}", 0),
    ] {
        let book = read(&format!("{above}{body}")).unwrap();
        assert_eq!((book.len(), book.other_lines().notes), (1, notes));
        assert!(!book.is_simulated());
    }
    // A byte order mark before the notes, and line numbers that count them.
    let broken = format!("\u{feff}{NOTES}{}{}", body, d.row(&loan().with("dti", "x")));
    let error = read(&broken).unwrap_err().to_string();
    assert!(
        error.starts_with("input:4: column `dti`: found `x`"),
        "{error}"
    );
}

pub fn footers(d: Dialect) {
    let rows = d.header(&loan()) + &d.row(&loan());
    let footers = d.note("Total amount funded in policy code 1: 460296150")
        + &d.note("Total amount funded in policy code 2: 0");
    let commas = d.note("");
    // As in the pasted file: footers and blank lines between loans.
    let text = format!(
        "{rows}\n\n{footers}{}\r\n\n{commas}{footers}",
        d.row(&other_loan())
    );
    let book = read(&text).unwrap();
    assert_eq!(book.len(), 2);
    assert_eq!(book.other_lines().footers, 4);
    assert_eq!(book.other_lines().blank, u64::from(d != Dialect::LoanStats));
    assert_eq!(Selection::default().select(&book).kept(), 2);
}

/// Another loan than `loan()`: the same one twice would count once.
fn other_loan() -> TestLoan {
    TestLoan {
        id: 7,
        dti: Some(1.5),
        ..loan()
    }
}

pub fn section(d: Dialect) {
    let off = |status: &str| TestLoan {
        id: status.len() as u64,
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
        + &d.row(&other_loan());
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

pub fn free_text(d: Dialect) {
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

pub fn empty_columns(d: Dialect) {
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

pub fn late_columns(d: Dialect) {
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

pub fn renamed_columns(d: Dialect) {
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
        Err(LoanBookError::DuplicateColumn { column, .. }) if column == "dti"
    ));
}

pub fn pasted_files(d: Dialect) {
    let second = TestLoan {
        dti: Some(3.0),
        ..loan()
    };
    let header = d.header(&loan());
    let text = format!("{header}{}{header}{}", d.row(&loan()), d.row(&second));
    let pasted = read(&text).unwrap();
    assert_eq!(pasted.other_lines().repeated_headers, 1);
    assert_eq!(pasted.loan(1).dti(), Some(3.0));

    // Byte order marks and quoted notes between the pasted files.
    let mark = "\u{feff}";
    let second_file = TestLoan::default().with("id", "42");
    let text = d.file(&[loan()])
        + &format!("{mark}\"{}\"\n{mark}", NOTES.trim())
        + &Dialect::LoanStats.header(&second_file)
        + &Dialect::LoanStats.row(&second_file);
    let book = read(&text).unwrap();
    let notes = if d == Dialect::LoanStats { 2 } else { 1 };
    assert_eq!((book.len(), book.other_lines().notes), (2, notes));
    assert_eq!(book.loan(1).id(), Some(42));

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
