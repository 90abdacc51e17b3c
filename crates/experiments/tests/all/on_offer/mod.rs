//! Loans on offer: from simulated loans that ended to a list of what to buy among others.

mod buying;
mod explaining;
mod model_file;
mod scoring;

use std::sync::LazyLock;

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm_estimator::{
    CalibrationSpec, Data, Estimator, FittedEstimator, LoanData, LoanEncoding, Preprocessing,
};
use fuzzysvm_experiments::on_offer::{LoanModel, LoanModelOptions, Offer, ScoredOffer};

use crate::loan_file::LoanFile;

/// The loans that the model learns from, with those that the selection leaves out.
static FILE: LazyLock<LoanFile> = LazyLock::new(|| LoanFile::simulated(700, 3));
static LOANS: LazyLock<LoanData> = LazyLock::new(|| read_finished(&FILE));
static MODEL: LazyLock<LoanModel> = LazyLock::new(|| model_of(&LOANS));
/// Other loans.
static OFFER: LazyLock<Offer> = LazyLock::new(|| read(&LoanFile::simulated(400, 8)));
static SCORED: LazyLock<ScoredOffer> = LazyLock::new(|| score(&OFFER));

fn read_finished(file: &LoanFile) -> LoanData {
    let book = LoanBook::from_reader(file.text().as_bytes(), ReadOptions::default()).unwrap();
    LoanData::new(book, &Selection::default())
}

fn calibrated() -> Estimator {
    let estimator = Estimator::named("class-cost").unwrap();
    estimator.with_calibration(Some(CalibrationSpec::default().with_folds(3)))
}

fn fitted(estimator: &Estimator, loans: &LoanData) -> FittedEstimator {
    let data = Data::Loans(Box::new(loans.clone()));
    estimator.fit(&data, None).unwrap()
}

fn model_of(loans: &LoanData) -> LoanModel {
    let options = LoanModelOptions::default().with_source("simulated");
    LoanModel::fit(fitted(&calibrated(), loans), loans, &options).unwrap()
}

/// The file as loans on offer.
fn read(file: &LoanFile) -> Offer {
    let (_folder, path) = file.written();
    MODEL.read(path, &Default::default()).unwrap()
}

fn score(offer: &Offer) -> ScoredOffer {
    MODEL.score(offer, false, &|_| {}).unwrap()
}

fn encoding() -> &'static LoanEncoding {
    match MODEL.fitted().preprocessing() {
        Preprocessing::LendingClub(encoding) => encoding,
        other => panic!("loans are encoded as {other:?}"),
    }
}

/// Profit over the amount lent of every training loan, from the cells of the file.
fn returns() -> Vec<f64> {
    let of = |&row: &usize| {
        let amount = |name| FILE.number(row, name);
        let paid = amount("total_pymnt") - amount("collection_recovery_fee");
        paid / amount("funded_amnt") - 1.0
    };
    LOANS.selected().rows.iter().map(of).collect()
}

/// Those of the loans of a class.
fn returns_of(class: Label) -> Vec<f64> {
    let all = returns().into_iter().zip(LOANS.y());
    all.filter(|(_, y)| **y == class).map(|(r, _)| r).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{a} {b}");
}
