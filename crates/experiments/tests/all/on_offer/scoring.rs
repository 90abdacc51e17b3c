//! What is forecast for loans on offer, and which of them are not scored.

use std::collections::BTreeMap;
use std::sync::Mutex;

use fuzzysvm_core::Label;
use fuzzysvm_estimator::Encode as _;
use fuzzysvm_experiments::on_offer::{Offer, ScoredOffer};

use super::{
    FILE, LOANS, MODEL, OFFER, SCORED, encoding, mean, near, read, returns, returns_of, score,
};
use crate::loan_file::{LoanFile, text, written};

/// (1 − p) · if paid + p · what training loans that were charged off returned on average.
#[test]
fn the_return_to_expect_is_made_of_its_parts() {
    let lost = mean(&returns_of(Label::Positive));
    assert!((-1.0..-0.1).contains(&lost), "{lost}");
    assert!(SCORED.rows.len() > 200);
    for place in 0..SCORED.rows.len() {
        let p = SCORED.probability[place];
        assert!(p > 0.0 && p < 1.0);
        let expected = (1.0 - p) * SCORED.if_paid[place] + p * lost;
        near(SCORED.expected[place], expected);
    }
}

#[test]
fn decisions_and_probabilities_are_those_of_the_estimator() {
    let x = encoding().encode_rows(&OFFER.book, &SCORED.rows).unwrap();
    let fitted = MODEL.fitted();
    assert_eq!(SCORED.decision, fitted.decision_function(x.view()).unwrap());
    assert_eq!(SCORED.probability, fitted.predict_proba(x.view()).unwrap());
    // The higher the decision value, the likelier a charge-off.
    let mut order: Vec<usize> = (0..SCORED.rows.len()).collect();
    order.sort_by(|&a, &b| SCORED.decision[a].total_cmp(&SCORED.decision[b]));
    let ordered = order.windows(2);
    for pair in ordered.map(|pair| [SCORED.probability[pair[0]], SCORED.probability[pair[1]]]) {
        assert!(pair[0] <= pair[1], "{pair:?}");
    }
}

/// What is left of the returns of repaid training loans is 0 on average and has nothing to do with any column.
#[test]
fn the_return_if_paid_is_the_least_squares_fit_to_repaid_loans() {
    let scored = score(&read(&FILE));
    let x = LOANS.encode(MODEL.fitted().preprocessing(), None).unwrap();
    let x = x.view();
    let mut of_columns = vec![0.0; x.n_cols() + 1];
    let (mut n, mut squares) = (0.0, 0.0);
    for (i, (row, realised)) in LOANS.selected().rows.iter().zip(returns()).enumerate() {
        let place = scored.rows.iter().position(|scored| scored == row);
        if LOANS.y()[i] == Label::Negative {
            let residual = realised - scored.if_paid[place.unwrap()];
            for (sum, value) in of_columns.iter_mut().zip(x.row(i).iter().chain(&[1.0])) {
                *sum += residual * value;
            }
            squares += residual * residual;
            n += 1.0;
        }
    }
    assert!(squares / n > 1e-5, "the fit leaves something");
    for (column, sum) in of_columns.iter().enumerate() {
        assert!((sum / n).abs() < 1e-7, "column {column}: {}", sum / n);
    }
}

#[test]
fn the_training_loans_are_described_by_their_file() {
    let trained = MODEL.trained_on();
    assert_eq!(trained.source, "simulated");
    assert_eq!(trained.loans, LOANS.y().len());
    assert_eq!(trained.charged_off, returns_of(Label::Positive).len());
    near(trained.mean_return, mean(&returns()));
    let months: Vec<String> = LOANS
        .book_rows(None)
        .iter()
        .map(|&row| LOANS.book().loan(row).issue_month().to_string())
        .collect();
    assert_eq!(Some(&trained.first_issue), months.iter().min());
    assert_eq!(Some(&trained.last_issue), months.iter().max());
    assert_eq!(MODEL.returns().to_string(), "roi");
}

/// Every loan of the file is either scored or has its reason, and both lists are in the order of the file.
fn add_up(offer: &Offer, scored: &ScoredOffer) {
    let of_reasons: usize = scored.counts().values().sum();
    assert_eq!(of_reasons, scored.not_scored.len());
    assert_eq!(scored.rows.len() + of_reasons, offer.book.len());
    let rejected: Vec<usize> = scored.not_scored.iter().map(|(row, _)| *row).collect();
    for rows in [&scored.rows, &rejected] {
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
    }
    let mut all = [scored.rows.clone(), rejected].concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..offer.book.len()));
    for list in [
        &scored.decision,
        &scored.probability,
        &scored.if_paid,
        &scored.expected,
    ] {
        assert_eq!(list.len(), scored.rows.len());
    }
}

#[test]
fn loans_that_the_model_is_not_for_have_a_reason() {
    add_up(&OFFER, &SCORED);
    // As the file says by its cells; a loan of both kinds is off policy.
    let file = LoanFile::simulated(400, 8);
    let mut by_hand: BTreeMap<&str, usize> = BTreeMap::new();
    for row in 0..file.rows.len() {
        if file.cell(row, "loan_status").starts_with("Does not meet") {
            *by_hand
                .entry("does not meet the credit policy")
                .or_default() += 1;
        } else if file.cell(row, "term").trim() == "60 months" {
            let words = "term of 60 months, the model is for 36";
            *by_hand.entry(words).or_default() += 1;
        }
    }
    assert_eq!(by_hand.len(), 2);
    assert_eq!(SCORED.counts(), by_hand);
    // The file with its section lines says the same.
    let (_folder, path) = written(&text(400, 8));
    let sections = MODEL.read(path, &Default::default()).unwrap();
    assert_eq!(score(&sections).rows, SCORED.rows);
}

#[test]
fn a_loan_that_is_there_twice_is_scored_once() {
    let mut file = LoanFile::simulated(400, 8);
    let again = SCORED.rows[5];
    file.rows.push(file.rows[again].clone());
    let offer = read(&file);
    let scored = score(&offer);
    add_up(&offer, &scored);
    assert_eq!(scored.counts()["the same loan again"], 1);
    assert_eq!(scored.expected, SCORED.expected);
}

/// Scored as a loan without a category, or not at all.
#[test]
fn a_category_that_training_did_not_have_is_counted_and_refused_on_request() {
    let mut file = LoanFile::simulated(400, 8);
    let purpose = file.column("purpose");
    let changed: Vec<usize> = SCORED.rows.iter().copied().step_by(3).collect();
    for &row in &changed {
        "moon_landing".clone_into(&mut file.rows[row][purpose]);
    }
    let offer = read(&file);
    let scored = score(&offer);
    let named = BTreeMap::from([("purpose=moon_landing".to_owned(), changed.len())]);
    assert_eq!(scored.unseen, named);
    assert_eq!(scored.rows, SCORED.rows);
    for (place, row) in scored.rows.iter().enumerate() {
        let as_before = scored.expected[place] == SCORED.expected[place];
        assert_eq!(as_before, !changed.contains(row), "{row}");
    }
    let strict = MODEL.score(&offer, true, &|_| {}).unwrap();
    add_up(&offer, &strict);
    assert_eq!(strict.unseen, named);
    let reason = "purpose=moon_landing was not seen in training";
    assert_eq!(strict.counts()[reason], changed.len());
    assert!(strict.rows.iter().all(|row| !changed.contains(row)));
}

#[test]
fn progress_ends_at_the_loans_that_are_scored() {
    let seen = Mutex::new(Vec::new());
    let scored = MODEL
        .score(&OFFER, false, &|n| seen.lock().unwrap().push(n))
        .unwrap();
    assert_eq!(seen.into_inner().unwrap().last(), Some(&scored.rows.len()));
}

/// The index of the training loans themselves is 0; of others the score stands before the features, the farthest first.
#[test]
fn shifts_are_measured_against_the_training_loans() {
    let mut same = FILE.clone();
    same.rows = LOANS
        .selected()
        .rows
        .iter()
        .map(|&row| FILE.rows[row].clone())
        .collect();
    let of_same = score(&read(&same)).shifts;
    assert_eq!(of_same[0].feature, "score");
    assert!(of_same[1..].iter().all(|shift| shift.psi.abs() < 1e-12));
    assert!(of_same[1..].iter().all(|shift| !shift.is_far()));

    let features: Vec<&str> = encoding().features().collect();
    let mut names: Vec<&str> = of_same[1..].iter().map(|s| s.feature.as_str()).collect();
    names.sort_unstable();
    let mut sorted = features.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);

    // Everyone rents.
    let moved = score(&read(&same.with("home_ownership", "RENT"))).shifts;
    assert_eq!(moved[1].feature, "home_ownership");
    assert!(moved[1].is_far());
    assert!(moved[1..].windows(2).all(|pair| pair[0].psi >= pair[1].psi));
    // Σ (q − p) ln(q/p) with half a loan where there is none.
    let n = LOANS.y().len() as f64;
    let mut owners: BTreeMap<&str, f64> = BTreeMap::new();
    for &row in &LOANS.selected().rows {
        *owners.entry(FILE.cell(row, "home_ownership")).or_default() += 1.0;
    }
    let term = |(name, count): (&&str, &f64)| {
        let (p, q) = match *name {
            "RENT" => (count / n, 1.0),
            _ => (count / n, 0.5 / n),
        };
        (q - p) * (q / p).ln()
    };
    near(moved[1].psi, owners.iter().map(term).sum());
}

#[test]
fn an_offer_without_a_loan_for_the_model_is_scored_to_nothing() {
    let offer = read(&LoanFile::simulated(50, 8).with("term", " 60 months"));
    let scored = score(&offer);
    add_up(&offer, &scored);
    assert!(scored.rows.is_empty() && scored.shifts.is_empty());
    let bought = MODEL.buy(&offer, &scored, &Default::default()).unwrap();
    assert_eq!(bought, Default::default());
}
