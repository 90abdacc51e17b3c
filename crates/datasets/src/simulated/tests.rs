//! Tests of the simulated book.

use std::io::{self, Write};

use super::*;
use crate::lending_club::{LoanBook, ReadOptions, Selection, Status};

fn written(n_loans: u64, seed: u64) -> (Vec<u8>, BookCounts) {
    let mut file = Vec::new();
    let counts = SimulatedBook { n_loans, seed }.write_to(&mut file).unwrap();
    (file, counts)
}

/// The records of a file by a reader that knows quotes only.
fn records(file: &[u8]) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(file)
        .records()
        .map(|r| r.unwrap())
        .collect()
}

#[test]
fn same_seed_same_bytes_other_seed_others() {
    assert_eq!(written(500, 1), written(500, 1));
    assert_ne!(written(500, 1).0, written(500, 2).0);
}

/// A longer book holds the loans of a shorter one, in the policy and outside it.
#[test]
fn a_loan_does_not_depend_on_the_number_of_loans() {
    let parts = |n| -> Vec<Vec<String>> {
        let file = String::from_utf8(written(n, 3).0).unwrap();
        let (inside, outside) = file.split_once("\"Loans that do not meet").unwrap();
        [inside, outside]
            .map(|part| {
                // Lines of loans end in the empty cells of the settlement.
                part.lines()
                    .filter(|l| l.ends_with("\"\""))
                    .map(str::to_owned)
                    .collect()
            })
            .into()
    };
    for (short, long) in parts(300).iter().zip(parts(700)) {
        assert!(!short.is_empty() && short.len() < long.len());
        assert_eq!(short[..], long[..short.len()]);
    }
    let book = SimulatedBook {
        n_loans: 1,
        seed: 3,
    };
    assert_eq!(
        book.loan(250),
        SimulatedBook {
            n_loans: 9,
            seed: 3
        }
        .loan(250)
    );
}

#[test]
fn the_file_has_the_shape_of_the_public_ones() {
    let (file, counts) = written(2000, 1);
    let records = records(&file);
    // The notes line holds a comma and no quotes, as real ones may.
    assert!(
        file.starts_with(b"Simulated loans written by fuzzysvm, not Lending Club data (seed 1)\n")
    );
    assert_eq!(records[1].len(), 145);
    assert!(records[1].iter().eq(COLUMNS.iter().copied()));
    let loans: Vec<_> = records[2..].iter().filter(|r| r.len() == 145).collect();
    assert_eq!(loans.len(), 2000);
    assert_eq!(counts.n_loans(), 2000);
    let others: Vec<&str> = records[2..]
        .iter()
        .filter(|r| r.len() != 145)
        .map(|r| &r[0])
        .collect();
    assert_eq!(
        others,
        [
            "Loans that do not meet the credit policy",
            &format!(
                "Total amount funded in policy code 1: {}",
                counts.total_funded
            ),
            "Total amount funded in policy code 2: 0",
        ]
    );
    let column = |name: &str| COLUMNS.iter().position(|c| *c == name).unwrap();
    let empty = |name: &str| loans.iter().filter(|r| r[column(name)].is_empty()).count();
    // Cells that are empty here and there, always and never in the public files.
    assert!((1..40).contains(&empty("revol_util")));
    assert!((40..400).contains(&empty("pub_rec_bankruptcies")));
    assert!((800..1600).contains(&empty("mths_since_last_delinq")));
    assert_eq!(empty("member_id"), 2000);
    assert_eq!(empty("settlement_term"), 2000);
    assert_eq!(empty("policy_code"), 0);
    assert!(loans.iter().any(|r| r[column("desc")].contains('\n')));
    let written = |name: &str| -> Vec<&str> {
        let at = column(name);
        loans.iter().map(|r| &r[at]).collect()
    };
    assert!(
        written("term")
            .iter()
            .all(|&t| t == " 36 months" || t == " 60 months")
    );
    assert!(
        written("int_rate")
            .iter()
            .all(|r| r.ends_with('%') && r.contains('.'))
    );
    assert!(
        written("issue_d")
            .iter()
            .all(|d| d.len() == 8 && d.as_bytes()[3] == b'-')
    );
}

/// The names are those of the real file, where it lies beside the project.
#[test]
fn the_header_is_the_real_one() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/lending-club/LoanStats_2007_2010.csv.gz"
    );
    let Ok(file) = std::fs::File::open(path) else {
        eprintln!("skipped: ../shared is absent");
        return;
    };
    let reader = io::BufReader::new(flate2::read::GzDecoder::new(file));
    let real = io::BufRead::lines(reader).nth(1).unwrap().unwrap();
    let mut ours = String::new();
    line::header(&mut ours);
    assert_eq!(ours.trim_end(), real);
}

#[test]
fn the_loader_reads_exactly_what_was_written() {
    let (file, counts) = written(3000, 5);
    let book = LoanBook::from_reader(&file[..], ReadOptions::default()).unwrap();
    assert_eq!(book.len(), 3000);
    let others = book.other_lines();
    assert_eq!((others.notes, others.sections, others.footers), (1, 1, 2));
    assert!(book.is_simulated());
    let mut found = BookCounts::default();
    let simulated = SimulatedBook {
        n_loans: 3000,
        seed: 5,
    };
    let by_policy = |off| {
        let loans = (0..3000).map(|i| simulated.loan(i));
        loans.filter(move |l| l.is_off_policy() == off)
    };
    for (read, wrote) in book.loans().zip(by_policy(false).chain(by_policy(true))) {
        assert_eq!(read.is_off_policy(), wrote.is_off_policy());
        assert_eq!(read.status(), wrote.status());
        assert_eq!(read.term(), wrote.term());
        assert_eq!(read.issue_month(), wrote.issue_month());
        assert_eq!(read.funded_amnt(), wrote.funded_amnt());
        assert!((read.int_rate() - wrote.int_rate()).abs() < 1e-12);
        found.add(&wrote);
    }
    assert_eq!(found, counts);
    let selected = Selection::default().select(&book);
    let [paid, defaulted, _] = counts.in_policy[0];
    let positive = selected.labels.iter().filter(|l| l.is_positive()).count();
    assert_eq!(positive as u64, defaulted);
    assert_eq!((selected.labels.len() - positive) as u64, paid);
}

/// Cent for cent: what came in is principal, interest, fees and recoveries; a paid loan paid all of its
/// principal; a charged-off one did not; dates are in order.
#[test]
fn accounts_balance_and_dates_are_in_order() {
    let book = SimulatedBook {
        n_loans: 1,
        seed: 11,
    };
    for i in 0..4000 {
        let loan = book.loan(i);
        let (o, t) = (&loan.outcome, &loan.terms);
        let received = o.principal_cents + o.interest_cents + o.late_fee_cents + o.recovery_cents;
        assert_eq!(o.total_cents(), received);
        assert!(o.collection_fee_cents <= o.recovery_cents);
        assert!(t.funded_cents > 0 && t.funded_cents <= t.loan_amnt * 100);
        assert!(loan.issued >= FIRST_ISSUE && loan.issued <= LAST_ISSUE);
        if let Some(last) = o.last_payment {
            assert!(last > loan.issued && last <= SNAPSHOT);
            assert!(last.months_since(loan.issued) <= t.months as i32);
            assert!(o.last_payment_cents > 0 && o.last_credit_pull >= last);
        } else {
            assert_eq!(
                o.last_payment_cents + o.principal_cents + o.interest_cents,
                0
            );
        }
        match o.status {
            Status::FullyPaid => {
                assert_eq!(
                    (o.principal_cents, o.outstanding_cents),
                    (t.funded_cents, 0)
                );
                assert!(o.recovery_cents == 0 && loan.roi() > 0.0);
            }
            Status::ChargedOff => {
                assert!(o.principal_cents + o.recovery_cents < t.funded_cents);
                assert_eq!(o.outstanding_cents, 0);
            }
            _ => {
                assert_eq!(o.principal_cents + o.outstanding_cents, t.funded_cents);
                assert_eq!(o.recovery_cents, 0);
                // Open loans of 36 months are of the last vintages: their term ends after the snapshot.
                let end = loan.issued.plus_months(t.months as i32);
                assert!(end.months_since(SNAPSHOT) >= -4);
            }
        }
    }
}

/// The default book, pinned: a change of these counts changes every published figure made from it.
#[test]
fn the_default_book_does_not_change_unnoticed() {
    let counts = SimulatedBook::default().write_to(io::sink()).unwrap();
    let expected = BookCounts {
        in_policy: [[11068, 1457, 850], [1932, 513, 2172]],
        off_policy: [[1266, 413, 123], [76, 40, 90]],
        total_funded: 194_261_650,
    };
    assert_eq!(counts, expected);
}

/// The order of magnitude of the real book: 11.5 % defaults, mean return 8.75 % (paid 15.6 %, charged off
/// −44 %), a quarter of 60 months, 27 % defaults outside the policy. The bands are four standard errors
/// of 20 000 loans around the figures of the documentation.
#[test]
fn rates_and_returns_are_of_the_real_order() {
    for seed in [1, 2] {
        let book = SimulatedBook {
            n_loans: 20_000,
            seed,
        };
        let loans: Vec<SimulatedLoan> = (0..book.n_loans).map(|i| book.loan(i)).collect();
        let long = loans.iter().filter(|l| l.term() == 60).count() as f64 / 20_000.0;
        assert!((0.22..0.28).contains(&long), "{long}");
        let finished = |off: bool| {
            loans
                .iter()
                .filter(move |l| l.term() == 36 && l.is_off_policy() == off)
                .filter(|l| l.status().label().is_some())
        };
        let bad = |l: &&SimulatedLoan| l.status() != Status::FullyPaid;
        let share = |off| finished(off).filter(bad).count() as f64 / finished(off).count() as f64;
        let (inside, outside) = (share(false), share(true));
        assert!((0.107..0.131).contains(&inside), "{inside}");
        assert!((0.20..0.31).contains(&outside), "{outside}");
        let mean = |v: Vec<f64>| v.iter().sum::<f64>() / v.len() as f64;
        let all = mean(finished(false).map(SimulatedLoan::roi).collect());
        let lost = mean(
            finished(false)
                .filter(bad)
                .map(SimulatedLoan::roi)
                .collect(),
        );
        let paid = mean(
            finished(false)
                .filter(|l| !bad(l))
                .map(SimulatedLoan::roi)
                .collect(),
        );
        assert!((0.072..0.095).contains(&all), "{all}");
        assert!((-0.50..-0.41).contains(&lost), "{lost}");
        assert!((0.145..0.165).contains(&paid), "{paid}");
    }
}

#[test]
fn hostile_sizes_and_a_full_disk_are_errors() {
    for n_loans in [0, 1_000_000_001, u64::MAX] {
        let error = SimulatedBook { n_loans, seed: 1 }.write_to(io::sink());
        assert!(matches!(error, Err(SimulateError::Param(p)) if p.name == "n_loans"));
    }
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            match self.0.checked_sub(data.len()) {
                Some(left) => {
                    self.0 = left;
                    Ok(data.len())
                }
                None => Err(io::ErrorKind::StorageFull.into()),
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for room in [0, 100_000] {
        let error = SimulatedBook {
            n_loans: 500,
            seed: 1,
        }
        .write_to(Full(room));
        assert!(
            matches!(error, Err(SimulateError::Io(e)) if e.kind() == io::ErrorKind::StorageFull)
        );
    }
}

#[test]
fn progress_ends_at_the_number_of_loans() {
    let mut progress = Vec::new();
    SimulatedBook {
        n_loans: 400,
        seed: 1,
    }
    .write_with_progress(io::sink(), |n| progress.push(n))
    .unwrap();
    assert!(progress.len() > 2 && progress.is_sorted());
    assert_eq!(progress.last(), Some(&400));
}
