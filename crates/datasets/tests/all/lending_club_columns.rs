//! What a file lacks, what it calls otherwise, what it holds twice, and when it was written.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{DIALECTS, Dialect, TestLoan};
use fuzzysvm_datasets::lending_club::{
    DropReason, FeatureEncoder, LoanBook, LoanBookError, Need, ReadOptions, Selection, Snapshot,
};
use proptest::prelude::*;

fn read(text: &str, options: ReadOptions) -> Result<LoanBook, LoanBookError> {
    LoanBook::from_reader(text.as_bytes(), options)
}

fn plain(text: &str) -> LoanBook {
    read(text, ReadOptions::default()).unwrap()
}

/// A file of `d` without some columns.
fn without(d: Dialect, loans: &[TestLoan], columns: &[&str]) -> String {
    let mut text = String::new();
    for (i, loan) in loans.iter().enumerate() {
        let cells = d.cells(loan);
        let kept = cells.iter().filter(|(name, _)| !columns.contains(name));
        let (names, cells): (Vec<String>, Vec<String>) =
            kept.map(|(n, c)| ((*n).to_owned(), c.clone())).unzip();
        if i == 0 {
            text += &d.line(&names);
        }
        text += &d.line(&cells);
    }
    text
}

fn loan(id: u64) -> TestLoan {
    TestLoan {
        id,
        loan_amnt: 1000.0 + id as f64,
        recoveries: 0.0,
        ..TestLoan::default()
    }
}

#[test]
fn an_absent_column_is_no_empty_cell() {
    for d in DIALECTS {
        let empty = loan(1).with("recoveries", "").with("last_pymnt_amnt", "");
        let both = d.file(std::slice::from_ref(&empty))
            + &without(d, &[loan(2), loan(3)], &["recoveries", "last_pymnt_amnt"])
            + &d.file(&[loan(4)]);
        let book = plain(&both);
        let recoveries: Vec<_> = book.loans().map(|l| l.payments().recoveries).collect();
        assert_eq!(recoveries, [Some(0.0), None, None, Some(0.0)], "{d:?}");
        let last: Vec<_> = book.loans().map(|l| l.payments().last_pymnt_amnt).collect();
        assert_eq!(last, [Some(0.0), None, None, Some(171.62)], "{d:?}");
        let has: Vec<bool> = book.loans().map(|l| l.has_column("recoveries")).collect();
        assert_eq!(has, [true, false, false, true]);
        assert!(book.loans().all(|l| l.has_column("last_pymnt_d")));
        assert!(book.loans().all(|l| !l.has_column("no_such_column")));

        let needs = [
            Need::new("recoveries", "a"),
            Need::new("last_pymnt_d", "b"),
            Need::new("recoveries", "c"),
            Need::new("last_pymnt_amnt", "a"),
        ];
        let error = book.require(&needs).unwrap_err().to_string();
        let words =
            "the header lacks `recoveries` (needed for a and c), `last_pymnt_amnt` (needed for a)";
        assert!(error.contains(words), "{error}");
        assert!(book.require(&needs[1..2]).is_ok());
        // The same before anything is read, with the same place.
        let options = ReadOptions {
            needs: needs.to_vec(),
            ..ReadOptions::default()
        };
        assert_eq!(read(&both, options).unwrap_err().to_string(), error);
    }
}

#[test]
fn an_absent_column_of_months_since_says_nothing() {
    let d = Dialect::Kaggle;
    let column = "mths_since_recent_inq";
    let with = |id, months| TestLoan {
        mths_since_recent_inq: months,
        ..loan(id)
    };
    let options = || ReadOptions {
        features: vec!["dti".to_owned(), column.to_owned()],
        ..ReadOptions::default()
    };
    let first = d.file(&[with(1, Some(3)), with(2, None)]);
    let book = read(&first, options()).unwrap();
    let encoder = FeatureEncoder::fit(&book, &[0, 1], &[column]).unwrap();
    assert!(encoder.feature_names().contains(&format!("{column}_never")));
    // A file without the column does not say that there never was an inquiry.
    let second = first + &without(d, &[loan(3), loan(4)], &[column]);
    let book = read(&second, options()).unwrap();
    assert!(!book.has_feature(column));
    assert!(matches!(
        FeatureEncoder::fit(&book, &[0, 1], &[column]),
        Err(LoanBookError::FeatureNotRead { .. })
    ));
    assert!(matches!(
        encoder.transform(&book, &[0]),
        Err(LoanBookError::FeaturesAbsent { columns }) if columns == [column]
    ));
}

#[test]
fn columns_with_other_names_are_mapped() {
    let columns = |pairs: &[(&str, &str)]| ReadOptions {
        columns: pairs
            .iter()
            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
            .collect(),
        ..ReadOptions::default()
    };
    for d in DIALECTS {
        let text = d.file(&[loan(1), loan(2)]);
        let renamed = text
            .replace("int_rate", "Rate per year, of the lender")
            .replace("term", "Months");
        let quoted = renamed.replace(
            "\"Rate per year, of the lender\"",
            "Rate per year, of the lender",
        );
        let renamed = quoted.replace(
            "Rate per year, of the lender",
            "\"Rate per year, of the lender\"",
        );
        let options = columns(&[
            ("rate per year, of the lender", "int_rate"),
            (" MONTHS ", "Term"),
        ]);
        let (expected, found) = (plain(&text), read(&renamed, options).unwrap());
        let payments = |book: &LoanBook| book.loans().map(|l| l.payments()).collect::<Vec<_>>();
        assert_eq!(payments(&expected), payments(&found), "{d:?}");
        for (pairs, words) in [
            (&[("x", "int_rate")][..], "no file has it"),
            (&[("dti", "interest")], "no such column"),
            (&[("dti", "total_acc_")], "no such column"),
        ] {
            let error = read(&text, columns(pairs)).unwrap_err();
            assert!(matches!(error, LoanBookError::Mapping { .. }), "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
        // Two columns under one name.
        let error = read(&text, columns(&[("installment", "int_rate")])).unwrap_err();
        assert!(
            matches!(error, LoanBookError::DuplicateColumn { column, .. } if column == "int_rate")
        );
    }
    // Of several files one has it.
    let own = Dialect::Kaggle.file(&[loan(1)]).replace("dti", "ratio");
    let both = own + &Dialect::Kaggle.file(&[loan(2)]);
    assert_eq!(read(&both, columns(&[("ratio", "dti")])).unwrap().len(), 2);
}

#[test]
fn loans_on_offer_have_a_month_from_somewhere() {
    let offer = |as_of: Option<&str>| ReadOptions {
        outcome: false,
        as_of: as_of.map(|m| m.parse().unwrap()),
        id: Some("url".to_owned()),
        ..ReadOptions::default()
    };
    let file = |dates: &str, cells: &str| {
        format!(
            "url,loan_amnt,funded_amnt,term,int_rate,loan_status,total_pymnt,earliest_cr_line{dates}\n\
             a,1000,0,36 months,10%,,,Jan-2000{cells}\n\
             \"b,c\",1000,,36 months,10%,Does not meet the credit policy. Status:,,{cells}\n"
        )
    };
    let months = |text: &str, as_of| {
        let book = read(text, offer(as_of)).unwrap();
        let months: Vec<String> = book.loans().map(|l| l.issue_month().to_string()).collect();
        months[0].clone()
    };
    for (dates, cells, as_of, month) in [
        (",issue_d", ",Dec-2011", None, "2011-12"),
        (",issue_d", ",Dec-2011", Some("2015-01"), "2011-12"),
        (",list_d", ",2012-02-17", Some("2015-01"), "2012-02"),
        (",listD", ",2012-02-17", None, "2012-02"),
        (",issue_d,list_d", ",,Feb-2012", None, "2012-02"),
        (",issue_d,list_d", ",,", Some("2015-01"), "2015-01"),
        ("", "", Some("2015-01"), "2015-01"),
    ] {
        assert_eq!(months(&file(dates, cells), as_of), month, "{dates} {cells}");
    }
    let book = read(&file("", ""), offer(Some("2015-01"))).unwrap();
    let names: Vec<&str> = book.loans().map(|l| l.name()).collect();
    assert_eq!(names, ["a", "b,c"]);
    let policy: Vec<bool> = book.loans().map(|l| l.is_off_policy()).collect();
    assert_eq!(policy, [false, true]);
    // The amount committed so far is not the amount of the loan.
    assert_eq!(book.loan(0).funded_amnt(), 1000.0);
    assert!(matches!(
        read(&file("", ""), offer(None)),
        Err(LoanBookError::AbsentColumns { columns, .. }) if columns[0].column == "issue_d"
    ));
    assert!(matches!(
        read(&file(",issue_d", ","), offer(None)),
        Err(LoanBookError::Cell {
            column: "issue_d",
            line: 2,
            ..
        })
    ));
    assert!(matches!(
        read(&file("", ""), offer(Some("1999-12"))),
        Err(LoanBookError::Cell {
            column: "earliest_cr_line",
            ..
        })
    ));
    // Finished loans have a month of issue of their own.
    let options = ReadOptions {
        as_of: "2015-01".parse().ok(),
        ..ReadOptions::default()
    };
    let text = Dialect::Kaggle.file(&[loan(1).with("issue_d", "")]);
    assert!(matches!(
        read(&text, options),
        Err(LoanBookError::Cell {
            column: "issue_d",
            ..
        })
    ));
}

#[test]
fn the_snapshot_is_the_last_month_in_which_an_open_loan_was_paid() {
    let with = |id, status: &str, last| TestLoan {
        status: status.to_owned(),
        last_pymnt: last,
        ..loan(id)
    };
    for (loans, month) in [
        (
            vec![
                with(1, "Current", Some((2014, 8))),
                with(2, "Late (31-120 days)", Some((2014, 9))),
                with(3, "Charged Off", Some((2016, 1))),
                with(4, "In Grace Period", None),
            ],
            Some("2014-09"),
        ),
        (
            vec![
                with(1, "Fully Paid", Some((2014, 8))),
                with(2, "Charged Off", Some((2013, 9))),
                with(3, "Current", None),
            ],
            Some("2014-08"),
        ),
        (vec![with(1, "Charged Off", None)], None),
    ] {
        for d in DIALECTS {
            let book = plain(&d.file(&loans));
            let found = book.snapshot().map(|m| m.to_string());
            assert_eq!(found.as_deref(), month, "{d:?}");
            assert_eq!(Snapshot::Auto.month(&book), book.snapshot());
            assert_eq!(Snapshot::Off.month(&book), None);
            let at = "2000-01".parse().unwrap();
            assert_eq!(Snapshot::At(at).month(&book), Some(at));
        }
    }
}

#[test]
fn of_two_downloads_the_one_with_the_outcome_stays() {
    let d = Dialect::Kaggle;
    let open = TestLoan {
        status: "Current".to_owned(),
        total_pymnt: 900.0,
        ..loan(7)
    };
    for loans in [
        [open.clone(), loan(7), loan(8)],
        [loan(7), open.clone(), loan(8)],
    ] {
        let book = plain(&d.file(&loans));
        let kept = Selection::default().select(&book);
        let statuses = kept
            .rows
            .iter()
            .map(|&row| book.loan(row).status().to_string());
        assert_eq!(statuses.collect::<Vec<_>>(), ["Fully Paid", "Fully Paid"]);
        assert_eq!(kept.dropped, BTreeMap::from([(DropReason::Repeated, 1)]));
        assert_eq!(book.n_repeated(), 1);
    }
    // The same loan in two dialects, both without an id: rates are written as fractions and as per cent.
    let both =
        Dialect::Parsed.file(&[loan(1), loan(2)]) + &Dialect::LoanStats.file(&[loan(2), loan(3)]);
    let book = plain(&both);
    let repeated: Vec<usize> = book
        .loans()
        .filter(|l| l.is_repeated())
        .map(|l| l.row())
        .collect();
    assert_eq!(repeated, [2]);
}

proptest! {
    /// Against the definition: a row is left out if an earlier one has its id or, where one of them has none, its
    /// content.
    #[test]
    fn each_loan_counts_once(
        loans in prop::collection::vec((0..12u64, prop::bool::weighted(0.6)), 1..40),
        d in prop::sample::select(vec![Dialect::CaseStudy, Dialect::Kaggle]),
    ) {
        let rows: Vec<TestLoan> = loans
            .iter()
            .map(|&(id, named)| if named { loan(id) } else { loan(id).with("id", "") })
            .collect();
        let book = plain(&d.file(&rows));
        let kept = Selection::default().select(&book);
        // Content and id agree here.
        let kinds: BTreeSet<u64> = loans.iter().map(|(id, _)| *id).collect();
        prop_assert_eq!(kept.kept(), kinds.len());
        let mut first = BTreeSet::new();
        let expected: Vec<usize> = (0..loans.len()).filter(|&i| first.insert(loans[i].0)).collect();
        prop_assert_eq!(&kept.rows, &expected);
        let dropped = kept.dropped.get(&DropReason::Repeated).copied().unwrap_or(0);
        prop_assert_eq!(dropped, loans.len() - kinds.len());
        prop_assert_eq!(book.n_repeated(), dropped);
    }

    /// Ids that count the rows of each file from 1, or are 0 throughout, name no loans.
    #[test]
    fn loans_of_other_terms_are_others_whatever_their_ids(n in 1..30u64, ids in 1..4u64) {
        let rows: Vec<TestLoan> = (0..n)
            .map(|i| TestLoan {
                id: i % ids,
                funded_amnt: 1000.0 + i as f64,
                ..TestLoan::default()
            })
            .collect();
        prop_assert_eq!(plain(&Dialect::Kaggle.file(&rows)).n_repeated(), 0);
    }

    /// Ids that differ are different loans, however alike.
    #[test]
    fn loans_with_ids_of_their_own_stay(n in 1..30u64) {
        let rows: Vec<TestLoan> = (0..n).map(|id| TestLoan { id, ..TestLoan::default() }).collect();
        prop_assert_eq!(plain(&Dialect::Kaggle.file(&rows)).n_repeated(), 0);
    }
}
