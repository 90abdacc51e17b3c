//! Why loans have their scores, recomputed from the model and the training loans, and how training loans like them ended.

use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_estimator::Encode as _;
use fuzzysvm_estimator::reasons::{FeatureGroups, ReferenceRow};
use fuzzysvm_experiments::on_offer::{BuyOptions, Explanation, N_REASONS, OnOfferError};

use super::{LOANS, MODEL, OFFER, SCORED, encoding, mean, model_of, near, read, returns};
use crate::loan_file::LoanFile;

/// The places that are explained, from all over the file.
fn explained() -> Vec<(usize, Explanation)> {
    let places: Vec<usize> = (0..SCORED.rows.len()).step_by(20).collect();
    let found = MODEL.explain(&OFFER, &SCORED, &places).unwrap();
    assert_eq!(found.len(), places.len());
    places.into_iter().zip(found).collect()
}

/// The change of the decision value where a feature becomes that of the typical repaid loan.
#[test]
fn reasons_are_the_features_that_move_the_score_most() {
    let preprocessing = MODEL.fitted().preprocessing();
    let groups = FeatureGroups::of(preprocessing);
    let train = LOANS.encode(preprocessing, None).unwrap();
    let typical = ReferenceRow::typical(train.view(), LOANS.y(), Label::Negative, &groups).unwrap();
    for (place, explanation) in explained() {
        let rows = [SCORED.rows[place]];
        let x = encoding().encode_rows(&OFFER.book, &rows).unwrap();
        let decision = |x: &MatrixBuf| MODEL.fitted().decision_function(x.view()).unwrap()[0];
        let mut moves: Vec<(String, f64)> = Vec::new();
        for (feature, columns) in groups.columns().enumerate() {
            let mut cells = x.view().row(0).to_vec();
            columns.iter().for_each(|c| cells[c] = typical.row()[c]);
            let other = MatrixBuf::new(cells, x.n_cols()).unwrap();
            let name = groups.name(feature).unwrap().to_owned();
            moves.push((name, decision(&x) - decision(&other)));
        }
        moves.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        assert_eq!(explanation.reasons.len(), N_REASONS);
        for (words, (name, contribution)) in explanation.reasons.iter().zip(moves) {
            let towards = if contribution > 0.0 {
                "default"
            } else {
                "paid"
            };
            assert!(words.starts_with(&format!("{name} ")), "{words}: {name}");
            assert!(words.contains(" (typical "), "{words}");
            assert!(words.ends_with(&format!("towards {towards}")), "{words}");
        }
    }
}

#[test]
fn neighbors_are_the_nearest_training_loans() {
    let train = LOANS.encode(MODEL.fitted().preprocessing(), None).unwrap();
    for (place, explanation) in explained() {
        let rows = [SCORED.rows[place]];
        let x = encoding().encode_rows(&OFFER.book, &rows).unwrap();
        let distance = |other: &[f64]| -> f64 {
            let pairs = x.view().row(0).iter().zip(other);
            pairs.map(|(a, b)| (a - b).powi(2)).sum()
        };
        let mut near: Vec<(f64, Label)> = train
            .view()
            .rows()
            .zip(LOANS.y())
            .map(|(row, y)| (distance(row), *y))
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let ks: Vec<usize> = explanation.neighbors.iter().map(|n| n.k).collect();
        assert_eq!(ks, [1, 3, 5, 7, 9, 11, 13, 15]);
        for count in &explanation.neighbors {
            let charged_off = near[..count.k].iter().filter(|(_, y)| y.is_positive());
            assert_eq!(count.positive, charged_off.count());
            assert_eq!(count.negative, count.k - count.positive);
        }
    }
}

#[test]
fn the_order_of_the_reasons_is_tested_on_training_loans() {
    let fidelity = MODEL.fidelity().unwrap();
    assert_eq!(fidelity.n, LOANS.y().len().min(200));
    near(fidelity.difference, fidelity.area - fidelity.area_random);
    assert!(fidelity.difference > 0.0, "{fidelity:?}");
    assert!(MODEL.explain(&OFFER, &SCORED, &[]).unwrap().is_empty());
}

/// Of fewer than 200 training loans all are alike, whatever the forecast.
#[test]
fn all_of_few_training_loans_are_alike() {
    let few = LOANS.subset(&(0..150).collect::<Vec<_>>()).unwrap();
    let model = model_of(&few);
    let returns = &returns()[..150];
    let variance: Vec<f64> = returns
        .iter()
        .map(|r| (r - mean(returns)).powi(2))
        .collect();
    let mut sorted = returns.to_vec();
    sorted.sort_by(f64::total_cmp);
    // Between the 8th and the 9th loan from either end: 5 % of 149 steps.
    let low = sorted[7] + 0.45 * (sorted[8] - sorted[7]);
    let high = sorted[142] - 0.45 * (sorted[142] - sorted[141]);
    for forecast in [-1.0, 0.05, 0.1, 3.0] {
        let alike = model.loans_alike(forecast).unwrap();
        near(alike.mean, mean(returns));
        near(alike.sd, mean(&variance).sqrt());
        near(alike.low, low);
        near(alike.high, high);
    }
    near(model.trained_on().mean_return, mean(returns));
    // Of more loans those of the nearest forecasts count.
    let [poor, good] = [-1.0, 1.0].map(|f| MODEL.loans_alike(f).unwrap());
    assert!(poor.forecast < good.forecast && poor != good);
}

#[test]
fn places_and_offers_that_do_not_fit_are_refused() {
    let n = SCORED.rows.len();
    let error = MODEL.explain(&OFFER, &SCORED, &[0, n]).unwrap_err();
    assert!(matches!(error, OnOfferError::NoPlace { place, scored } if (place, scored) == (n, n)));
    let small = read(&LoanFile::simulated(20, 8));
    let last = SCORED.rows[n - 1];
    for error in [
        MODEL.explain(&small, &SCORED, &[0]).unwrap_err(),
        MODEL
            .buy(&small, &SCORED, &BuyOptions::default())
            .unwrap_err(),
    ] {
        assert!(
            matches!(error, OnOfferError::OtherOffer { row, loans: 20 } if row == last),
            "{error}"
        );
    }
}
