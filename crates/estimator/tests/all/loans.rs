//! Loan books as data, files of loans on offer, and models that get more features.

use std::collections::BTreeMap;
use std::fs;

use crate::common::{bits, loan_file, overlapping};
use fuzzysvm_core::MatrixBuf;
use fuzzysvm_datasets::lending_club::Selection;
use fuzzysvm_datasets::table::TargetUse;
use fuzzysvm_estimator::{
    Data, DataOptions, Encode, Estimator, LoanData, LoanFileOptions, NotScored, Preprocessing,
};

fn named(name: &str) -> Estimator {
    Estimator::named(name).unwrap()
}

#[test]
fn loans_on_offer_are_those_of_the_file_that_the_model_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = loan_file(folder.path());
    let selection = Selection::default();
    let loans = LoanData::read(&path, &selection).unwrap();
    assert_eq!(loans.selection(), &selection);
    assert_eq!(loans.selected().labels, loans.y());

    // A part of the samples, in the order asked for.
    let part = loans.subset(&[5, 2]).unwrap();
    assert_eq!(part.y(), [loans.y()[5], loans.y()[2]]);
    let rows = loans.book_rows(None);
    assert_eq!(part.book_rows(None), [rows[5], rows[2]]);
    let n = loans.y().len();
    assert_eq!(
        loans.subset(&[0, n]).unwrap_err().to_string(),
        format!("found sample {n} of {n}, expected one that there is")
    );

    let fitted = named("svm")
        .fit(&Data::Loans(Box::new(loans)), None)
        .unwrap();
    let Preprocessing::LendingClub(encoding) = fitted.preprocessing() else {
        panic!("a model of loans")
    };
    let options = LoanFileOptions::default();
    let read = encoding
        .read_loans(&path, TargetUse::Ignored, &options)
        .unwrap();
    let (book, warnings) = encoding.read_on_offer(&path, &options).unwrap();
    assert_eq!((book.len(), warnings), (700, vec![]));
    assert_eq!(
        encoding.encode_rows(&book, &read.rows.numbers).unwrap(),
        read.rows.x
    );
    assert!(encoding.encode_rows(&book, &[700]).is_err());
    // The model is for loans of 36 months that meet the policy, by their own columns.
    let off = book.loans().filter(|loan| loan.is_off_policy()).count();
    let others = book
        .loans()
        .filter(|l| !l.is_off_policy() && l.term() != 36);
    let others = others.count();
    let other = NotScored::OtherTerm {
        term: 60,
        trained_on: 36,
    };
    assert!(off > 0 && others > 0);
    let expected = BTreeMap::from([(other, others), (NotScored::OffPolicy, off)]);
    assert_eq!(read.counts(), expected);
    assert_eq!(
        (other.to_string(), NotScored::OffPolicy.to_string()),
        (
            "term of 60 months, the model is for 36".to_owned(),
            "does not meet the credit policy".to_owned()
        )
    );
    assert_eq!(read.rows.numbers.len() + others + off, 700);

    // A file that has others alone, below its notice and header.
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let mut few = format!("{}\n{}\n", lines.next().unwrap(), lines.next().unwrap());
    for (line, _) in lines
        .zip(book.loans())
        .filter(|(_, loan)| !loan.is_off_policy() && loan.term() != 36)
        .take(3)
    {
        few += &format!("{line}\n");
    }
    let few_path = folder.path().join("few.csv");
    fs::write(&few_path, few).unwrap();
    let refused = |target| {
        let read = encoding.read_loans(&few_path, target, &options);
        read.unwrap_err().to_string()
    };
    let offer = refused(TargetUse::Ignored);
    assert!(
        offer.contains("no loan that the model is for among 3, the first: term of 60 months"),
        "{offer}"
    );
    let finished = refused(TargetUse::Required);
    assert!(
        finished.contains("no loan to keep of 3 loans (") && finished.contains(" another term), "),
        "{finished}"
    );
    let e = LoanData::read_with(&few_path, &selection, &BTreeMap::new()).unwrap_err();
    assert!(
        e.to_string()
            .contains("expected at least one that is finished and of the term asked for"),
        "{e}"
    );
    let e = fitted.with_n_features(100).unwrap_err().to_string();
    assert_eq!(
        e,
        "found n_features for a model of loans, expected a model of LIBSVM data"
    );
}

#[test]
fn features_that_training_did_not_have_count_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("train.libsvm");
    let data = overlapping(60, 1);
    let first = data.encode(named("svm").fit(&data, None).unwrap().preprocessing(), None);
    let mut text = String::new();
    for (row, label) in first.unwrap().view().rows().zip(data.y()) {
        text += &format!("{} 1:{} 2:{}\n", label.sign(), row[0], row[1]);
    }
    fs::write(&path, text).unwrap();
    let data = Data::read(&path, &DataOptions::default()).unwrap();
    let fitted = named("svm").fit(&data, None).unwrap();
    let wide = fitted.clone().with_n_features(4).unwrap();
    let decide = |rows: &[f64], wide: bool, fitted: &fuzzysvm_estimator::FittedEstimator| {
        let x = MatrixBuf::new(rows.to_vec(), if wide { 4 } else { 2 }).unwrap();
        let x = fitted.encode_numbers(x).unwrap();
        bits(&fitted.decision_function(x.view()).unwrap())
    };
    let narrow = decide(&[0.5, -1.0, 2.0, 0.25], false, &fitted);
    for [a, b] in [[0.0, 0.0], [7.0, -3.0]] {
        let rows = [0.5, -1.0, a, b, 2.0, 0.25, b, a];
        assert_eq!(decide(&rows, true, &wide), narrow);
    }
    let same = fitted.clone().with_n_features(2).unwrap();
    assert_eq!(same.model(), fitted.model());
    assert!(fitted.with_n_features(1).is_err());
    let forest = named("cs-rf").fit(&data, None).unwrap();
    assert_eq!(
        forest.with_n_features(4).unwrap_err().to_string(),
        "found n_features for a model without support vectors, expected n_features when it is trained"
    );
}
