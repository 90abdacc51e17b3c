//! What a run on loans refuses.

use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm_estimator::LoanData;
use fuzzysvm_experiments::lend::{self, LendError, LendSettings, Split};

use crate::lend::{read, simulated_csv, small};

#[test]
fn too_few_loans_and_bad_settings_are_located_errors() {
    let book = read(&simulated_csv(500));
    let fail = |settings: LendSettings| {
        lend::run(&book, &settings, "simulated", &|_| {})
            .unwrap_err()
            .to_string()
    };
    let e = fail({
        let mut s = small();
        s.train = 4000;
        s
    });
    assert!(
        e.contains("4240 loans are needed for training and testing"),
        "{e}"
    );
    let split = Split::OutOfTime {
        test_from: Some("2007-06".to_owned()),
    };
    let e = fail({
        let mut s = small();
        s.split = split;
        s
    });
    assert!(e.contains("for training") && e.contains("2007-06"), "{e}");
    let split = Split::OutOfTime {
        test_from: Some("June 2010".to_owned()),
    };
    let e = fail({
        let mut s = small();
        s.split = split;
        s
    });
    assert!(e.contains("June 2010") && e.contains("YYYY-MM"), "{e}");
    for (settings, words) in [
        (
            {
                let mut s = small();
                s.trials = 0;
                s
            },
            "`trials` is 0",
        ),
        (
            {
                let mut s = small();
                s.tuning.folds = 1;
                s
            },
            "`folds` is 1",
        ),
        (
            {
                let mut s = small();
                s.tuning.c = vec![1.0, f64::NAN];
                s
            },
            "`c` is NaN",
        ),
        (
            {
                let mut s = small();
                s.tuning.gamma = vec![-1.0];
                s
            },
            "`gamma` is -1",
        ),
        (
            {
                let mut s = small();
                s.tuning.gamma = vec![];
                s
            },
            "`gamma`",
        ),
        (
            {
                let mut s = small();
                s.tuning.ks = vec![3, 1];
                s
            },
            "`k` is 3",
        ),
        (
            {
                let mut s = small();
                s.methods = vec![];
                s
            },
            "`methods`",
        ),
        (
            {
                let mut s = small();
                s.top_fraction = 1.5;
                s
            },
            "`top_fraction` is 1.5",
        ),
        (
            {
                let mut s = small();
                s.budget = f64::INFINITY;
                s
            },
            "`budget` is inf",
        ),
        (
            {
                let mut s = small();
                s.tuning.tol = 0.0;
                s
            },
            "`tol` is 0",
        ),
    ] {
        let e = fail(settings);
        assert!(e.contains(words), "{words}: {e}");
    }
    let none = Selection {
        term: Some(60),
        ..Selection::default()
    };
    let csv = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee\n\
               Fully Paid, 36 months,10.65%,Dec-2009,1000,1100,0\n";
    let book = LoanBook::from_reader(csv.as_bytes(), ReadOptions::default()).unwrap();
    let error = lend::run(&LoanData::new(book, &none), &small(), "x", &|_| {}).unwrap_err();
    assert!(
        matches!(error, LendError::TooFewLoans { available: 0, .. }),
        "{error}"
    );
}
