//! Damaged and hostile input: a typed error that says where, or the right answer; never a panic.

use std::io::{Read, Write};

use crate::common::{DIALECTS, Dialect, NOTES, TestLoan};
use flate2::{Compression, write::GzEncoder};
use fuzzysvm_datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, LoanBookError, ReadOptions, Selection,
};
use proptest::prelude::*;

fn read(bytes: impl AsRef<[u8]>) -> Result<LoanBook, LoanBookError> {
    LoanBook::from_reader(bytes.as_ref(), ReadOptions::default())
}

fn message(bytes: impl AsRef<[u8]>) -> String {
    read(bytes).map(|b| b.len()).unwrap_err().to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn file() -> String {
    let loans: Vec<TestLoan> = (0..50)
        .map(|i| TestLoan {
            dti: Some(f64::from(i)),
            status: if i % 7 == 0 {
                "Charged Off"
            } else {
                "Fully Paid"
            }
            .into(),
            ..TestLoan::default()
        })
        .collect();
    Dialect::LoanStats.file(&loans)
}

#[test]
fn files_without_loans_say_what_they_lack() {
    let header = Dialect::Kaggle.header(&TestLoan::default());
    for (bytes, expected) in [
        (
            "",
            "input: the file is empty, expected a Lending Club header and loans",
        ),
        (
            "\n\r\n\n",
            "input: the file is empty, expected a Lending Club header and loans",
        ),
        (
            header.as_str(),
            "input: there is a header but not one loan below it",
        ),
        (
            "sepal,petal,species\n1,2,setosa\n",
            "input: no Lending Club header in the first 2 lines, expected columns such as loan_amnt, \
             term, int_rate; found `sepal,petal,species`; map columns that have other names",
        ),
        (
            "loan_amnt;term;int_rate\n1;2;3\n",
            "input: no Lending Club header in the first 2 lines, expected columns such as loan_amnt, \
             term, int_rate; found `loan_amnt;term;int_rate`; map columns that have other names",
        ),
        (
            "Amount Requested,Application Date,Loan Title\n",
            "input: no Lending Club header in the first 1 lines, expected columns such as loan_amnt, \
             term, int_rate; found `Amount Requested,Application Date,Loan Title`; map columns that have other names",
        ),
        (
            "PK\u{3}\u{4}rest",
            "input: this is a ZIP archive (or a spreadsheet), expected comma-separated text, plain or \
             gzip: unpack it first",
        ),
        (
            "PAR1....",
            "input: this is a Parquet file, expected comma-separated text, plain or gzip: write it \
             as CSV",
        ),
    ] {
        assert_eq!(message(bytes), expected);
    }
    assert!(message(b"\xff\xfel\0o\0").contains("UTF-16"));
    let lacks = |text: &str, columns: &str| {
        let text = format!("\n{NOTES}{text}");
        assert_eq!(
            message(text),
            format!("input:3: the header lacks {columns}; map columns that have other names")
        );
    };
    let mut header = header;
    let mut all = Vec::new();
    for (column, by) in [
        ("loan_status", "the class of a loan"),
        ("issue_d", "every loan"),
        ("funded_amnt", "returns"),
        ("total_pymnt", "returns"),
        ("collection_recovery_fee", "returns"),
    ] {
        let without =
            |text: &str, n: usize| text.replace(&format!(",{column},"), &format!(",x{n},"));
        let words = format!("`{column}` (needed for {by})");
        lacks(
            &without(&Dialect::Kaggle.header(&TestLoan::default()), 0),
            &words,
        );
        all.push(words);
        // All of them at once.
        header = without(&header, all.len());
        lacks(&header, &all.join(", "));
    }
    let error = LoanBook::read_path("no/such/file.csv").unwrap_err();
    assert!(matches!(&error, LoanBookError::Io { file, .. } if file == "no/such/file.csv"));
}

#[test]
fn cells_that_do_not_fit_are_located() {
    let text = |d: Dialect, column: &'static str, cell: &str| {
        let loan = TestLoan::default();
        d.header(&loan) + &d.row(&loan) + "\r\n" + &d.row(&loan.with(column, cell))
    };
    for d in DIALECTS {
        for (column, cell) in [
            ("annual_inc", "inf"),
            ("annual_inc", "-Infinity"),
            ("annual_inc", "1e308"),
            ("annual_inc", "1e309"),
            ("annual_inc", "24,000"),
            ("dti", "0x10"),
            ("dti", "1.2.3"),
            ("int_rate", "NaN"),
            ("int_rate", "inf"),
            ("int_rate", "-3%"),
            ("int_rate", "101"),
            ("int_rate", ""),
            ("revol_util", "%"),
            ("revol_util", "1e308%"),
            ("term", "NaN"),
            ("term", " 36 years"),
            ("term", "3600"),
            ("total_pymnt", ""),
            ("total_pymnt", "nan"),
            ("collection_recovery_fee", "NA"),
            ("funded_amnt", "inf"),
            ("issue_d", ""),
            ("issue_d", "Dez-2011"),
            ("last_pymnt_d", "2011-00-01"),
            ("earliest_cr_line", "1985"),
            ("sub_grade", "H1"),
            ("emp_length", "a while"),
            ("loan_status", ""),
            ("loan_status", "Does not meet the credit policy. Status:"),
        ] {
            let error = read(text(d, column, cell)).unwrap_err();
            let LoanBookError::Cell {
                file,
                line,
                column: at,
                found,
                ..
            } = &error
            else {
                panic!("{d:?} {column} {cell}: {error}");
            };
            assert_eq!((file.as_str(), *line, *at), ("input", 4, column), "{cell}");
            assert_eq!(found, cell.trim());
        }
    }
    // Missing markers are no numbers, and no damage either, where a number may be missing.
    for cell in ["NaN", "nan", "NA", "n/a", "NULL", "None", ""] {
        let book = read(text(Dialect::Kaggle, "dti", cell)).unwrap();
        assert_eq!(book.loan(1).dti(), None, "{cell}");
    }
    let long = format!("\u{1}{}", "é".repeat(100));
    let shown = message(text(Dialect::Kaggle, "dti", &long));
    assert!(
        shown.contains(&format!("found `\\u{{1}}{}…`", "é".repeat(59))),
        "{shown}"
    );
}

#[test]
fn ragged_rows_are_located() {
    let loan = TestLoan::default();
    for d in DIALECTS {
        let n = d.cells(&loan).len();
        let row = d.row(&loan);
        let long = format!("{},7\n", row.trim_end());
        let short = row.rsplit_once(',').unwrap().0.to_owned() + "\n";
        for (bad, found) in [(long, n + 1), (short, n - 1), ("1,2\n".into(), 2)] {
            let text = d.header(&loan) + &row + &bad;
            assert_eq!(
                message(text),
                format!("input:3: found {found} cells, expected {n} as in the header")
            );
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_refused_or_shorter() {
    let text = file();
    for end in 0..text.len() {
        let lines = text[..end].matches('\n').count();
        // Notes and header come before the 50 loans.
        let complete = lines.saturating_sub(2).min(50);
        let at_line_end = text[..end].ends_with('\n');
        match read(&text[..end]) {
            // Inside the last cell a row is complete already.
            Ok(book) if at_line_end => assert_eq!(book.len(), complete),
            Ok(book) => assert!(book.len() == complete || book.len() == complete + 1),
            Err(LoanBookError::Ragged {
                line,
                found,
                expected,
                ..
            }) => {
                assert_eq!(line, lines as u64 + 1);
                assert!(found < expected && !at_line_end);
            }
            // A number cut short is still a number, but the words of a status are not.
            Err(LoanBookError::Cell { line, .. }) => assert_eq!(line, lines as u64 + 1),
            Err(e) => assert_eq!(complete, 0, "{e}"),
        }
    }
}

#[test]
fn truncated_and_damaged_gzip_is_told_from_the_end_of_the_file() {
    let text = file();
    let packed = gzip(text.as_bytes());
    assert_eq!(read(&packed).unwrap().len(), 50);
    // Two members, as `cat a.gz b.gz` makes.
    let two = [packed.clone(), packed.clone()].concat();
    assert_eq!(read(two).unwrap().len(), 100);
    for end in 3..packed.len() {
        assert!(
            matches!(read(&packed[..end]), Err(LoanBookError::Compressed { .. })),
            "cut at {end} of {}",
            packed.len()
        );
    }
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    assert!(read(&damaged).is_err());
    let mut wrong_sum = packed;
    let at = wrong_sum.len() - 8;
    wrong_sum[at] ^= 1;
    assert!(matches!(
        read(&wrong_sum),
        Err(LoanBookError::Compressed { .. })
    ));
}

#[test]
fn line_ends_marks_and_other_bytes_change_nothing() {
    let text = file();
    let plain = read(&text).unwrap();
    let as_windows = text.replace('\n', "\r\n");
    let marked = format!("\u{feff}{text}");
    let no_final_line_end = text.trim_end().to_owned();
    let mut latin1 = text.clone().into_bytes();
    let at = text.find("Ryder").unwrap();
    latin1[at..at + 5].copy_from_slice(b"\xe9\xa0\x80\x93\xff");
    for bytes in [
        as_windows.into_bytes(),
        marked.into_bytes(),
        no_final_line_end.into_bytes(),
        latin1,
    ] {
        let book = read(&bytes).unwrap();
        let selection = Selection::default();
        assert_eq!(selection.select(&book), selection.select(&plain));
        assert!(
            book.loans()
                .zip(plain.loans())
                .all(|(a, b)| a.payments() == b.payments() && a.source() == b.source())
        );
        let rows: Vec<usize> = (0..book.len()).collect();
        let encode = |b| {
            let encoder = FeatureEncoder::fit(b, &rows, DEFAULT_FEATURES).unwrap();
            encoder.transform(b, &rows).unwrap()
        };
        assert_eq!(encode(&book), encode(&plain));
    }
}

#[test]
fn an_open_quote_ends_in_an_error_and_not_in_memory() {
    let d = Dialect::Kaggle;
    let mut text = d.header(&TestLoan::default()) + "\"";
    while text.len() < 9 << 20 {
        text += &d.row(&TestLoan::default());
    }
    assert!(matches!(
        read(&text),
        Err(LoanBookError::RowTooLong { line: 2, .. })
    ));
}

#[test]
fn text_in_a_column_of_categories_is_refused() {
    let d = Dialect::CaseStudy;
    let mut text = d.header(&TestLoan::default());
    for i in 0..300 {
        text += &d.row(&TestLoan::default().with("purpose", format!("to buy number {i}")));
    }
    assert!(matches!(
        read(&text),
        Err(LoanBookError::TooManyCategories {
            column: "purpose",
            line: 258,
            ..
        })
    ));
}

#[test]
fn several_files_are_one_book_and_errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let loan = TestLoan::default();
    std::fs::write(
        path("a.csv"),
        Dialect::LoanStats.file(&[loan.clone(), loan.clone()]),
    )
    .unwrap();
    std::fs::write(
        path("b.csv.gz"),
        gzip(Dialect::Parsed.file(std::slice::from_ref(&loan)).as_bytes()),
    )
    .unwrap();
    let options = ReadOptions::default();
    let book = LoanBook::read_paths(&[path("a.csv"), path("b.csv.gz")], &options).unwrap();
    let sources: Vec<(String, u64)> = book
        .loans()
        .map(|l| {
            (
                l.source().0.rsplit('/').next().unwrap().to_owned(),
                l.source().1,
            )
        })
        .collect();
    assert_eq!(
        sources,
        [
            ("a.csv".into(), 3),
            ("a.csv".into(), 4),
            ("b.csv.gz".into(), 2)
        ]
    );
    assert!((book.loan(2).int_rate() - book.loan(0).int_rate()).abs() < 1e-12);

    std::fs::write(
        path("c.csv"),
        Dialect::Kaggle.file(&[loan.with("dti", "?")]),
    )
    .unwrap();
    let error = LoanBook::read_paths(&[path("a.csv"), path("c.csv")], &options).unwrap_err();
    let text = error.to_string();
    assert!(
        text.ends_with(
            "c.csv:2: column `dti`: found `?`, expected a number between -1e12 and 1e12, or nothing"
        ),
        "{text}"
    );
    std::fs::write(path("d.csv"), "").unwrap();
    let error = LoanBook::read_paths(&[path("a.csv"), path("d.csv")], &options).unwrap_err();
    assert!(matches!(error, LoanBookError::Empty { file } if file.ends_with("d.csv")));
}

#[test]
fn loans_on_offer_need_no_outcome() {
    let text = "id,loan_amnt,term,int_rate,issue_d,dti\n5,1000, 36 months,0.1,2018-01-01,3\n";
    assert!(matches!(
        read(text),
        Err(LoanBookError::AbsentColumns { columns, .. }) if columns.len() == 4
    ));
    let options = ReadOptions {
        outcome: false,
        ..ReadOptions::default()
    };
    let book = LoanBook::from_reader(text.as_bytes(), options).unwrap();
    let loan = book.loan(0);
    assert_eq!(
        (loan.id(), loan.dti(), loan.label()),
        (Some(5), Some(3.0), None)
    );
    assert_eq!(loan.outcome_known(), None);
    assert_eq!(Selection::default().select(&book).kept(), 0);
}

/// A source that fails in the middle, as a network drive does.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return Err(std::io::Error::other("the cable was pulled"));
        }
        self.0.read(buffer)
    }
}

#[test]
fn a_failing_source_is_not_the_end_of_the_file() {
    let text = file();
    for end in [0, 2, 1000, text.len()] {
        let source = Failing(&text.as_bytes()[..end]);
        let error = LoanBook::from_reader(source, ReadOptions::default()).unwrap_err();
        assert!(
            error.to_string().contains("the cable was pulled"),
            "{error}"
        );
    }
}

/// What follows from having read something, whatever it was.
fn check_invariants(book: &LoanBook) {
    for loan in book.loans() {
        let p = loan.payments();
        assert!(p.funded_amnt > 0.0 && p.funded_amnt.is_finite());
        assert!(p.total_pymnt.is_finite() && p.collection_recovery_fee.is_finite());
        assert!((0.0..=1.0).contains(&p.int_rate));
        assert!((1..=600).contains(&p.term));
        assert!(
            loan.earliest_credit_line()
                .is_none_or(|m| m <= loan.issue_month())
        );
        assert!(loan.source().1 >= 2);
    }
    let kept = Selection::default().select(book);
    assert_eq!(
        kept.kept() + kept.dropped.values().sum::<usize>(),
        book.len()
    );
    let rows: Vec<usize> = (0..book.len()).collect();
    if let Ok(encoder) = FeatureEncoder::fit(book, &rows, DEFAULT_FEATURES) {
        let x = encoder.transform(book, &rows).unwrap();
        assert_eq!(x.n_cols(), encoder.feature_names().len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(book) = read(&bytes) {
            check_invariants(&book);
        }
        let mut packed = vec![0x1f, 0x8b, 8, 0];
        packed.extend(&bytes);
        prop_assert!(read(&packed).is_err());
    }

    #[test]
    fn mutated_files_are_read_or_refused(
        d in prop::sample::select(DIALECTS.to_vec()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..8),
    ) {
        let loans = vec![TestLoan::default(); 4];
        let mut bytes = d.file(&loans).into_bytes();
        for (at, byte, how) in edits {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        if let Ok(book) = read(&bytes) {
            check_invariants(&book);
        }
    }

    #[test]
    fn any_text_in_any_cell_is_read_or_refused(
        d in prop::sample::select(DIALECTS.to_vec()),
        place in any::<prop::sample::Index>(),
        cell in "[ -~]{0,12}|[0-9.eE+%-]{0,8}|\\PC{0,6}|[A-Za-z]{3}-[0-9]{1,4}",
    ) {
        let loan = TestLoan::default();
        let names: Vec<&'static str> = d.cells(&loan).into_iter().map(|(n, _)| n).collect();
        let column = names[place.index(names.len())];
        let text = d.file(&[loan.clone(), loan.with(column, cell)]);
        match read(&text) {
            Ok(book) => check_invariants(&book),
            Err(LoanBookError::Cell { column: at, .. }) => prop_assert_eq!(at, column),
            Err(e) => prop_assert!(false, "{} in {}", e, column),
        }
    }
}
