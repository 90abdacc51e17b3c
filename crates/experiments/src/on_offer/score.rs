//! From a file of loans on offer to forecasts.

use std::collections::BTreeMap;
use std::path::Path;

use fuzzysvm_calibration::Calibration as _;
use fuzzysvm_core::{Matrix, Stop};
use fuzzysvm_datasets::lending_club::LoanBook;
use fuzzysvm_estimator::{LoanFileOptions, Warning};
use fuzzysvm_portfolio::expected_return;

use super::model::LoanModel;
use super::{GroupBy, OnOfferError};

/// Loans that are encoded and scored at a time: what memory is bounded by, whatever the file.
pub(super) const BLOCK: usize = 16_384;
/// The confidence level of the critical values.
const LEVEL: f64 = 0.95;
/// Above this index, and above its critical value, a feature has moved.
const MOVED: f64 = 0.25;

/// Loans of a file, as they are on offer: whatever became of them is not read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Offer {
    /// The loans.
    pub book: LoanBook,
    /// What is legal in the file and may still not be meant.
    pub warnings: Vec<Warning>,
}

/// How far a feature, or the score, is from what it was among the training loans.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Shift {
    /// The feature, or `score`.
    pub feature: String,
    /// Its population stability index.
    pub psi: f64,
    /// What it exceeds in one of twenty cases where nothing has moved.
    pub critical: f64,
}

impl Shift {
    /// Whether it has moved far: an index above 0.25 that is no accident.
    pub fn is_far(&self) -> bool {
        self.psi > MOVED && self.psi > self.critical
    }
}

/// Forecasts for loans on offer. The lists of numbers have one per scored loan.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ScoredOffer {
    /// The row of each scored loan in the file, from 0.
    pub rows: Vec<usize>,
    /// The decision value; above 0 the loan is predicted to be charged off.
    pub decision: Vec<f64>,
    /// The probability that it is charged off.
    pub probability: Vec<f64>,
    /// The return if it is repaid, by regression.
    pub if_paid: Vec<f64>,
    /// The return to expect.
    pub expected: Vec<f64>,
    /// The rows that are not scored, each with the place of its reason.
    pub not_scored: Vec<(usize, usize)>,
    /// Why rows are not scored.
    pub reasons: Vec<String>,
    /// How many loans have a category that no training loan had, by `feature=category`.
    pub unseen: BTreeMap<String, usize>,
    /// The score, then the features, the farthest moved first.
    pub shifts: Vec<Shift>,
}

impl ScoredOffer {
    /// The row of the loan at this place among the scored ones.
    pub(super) fn row(&self, place: usize) -> Result<usize, OnOfferError> {
        let scored = self.rows.len();
        let row = self.rows.get(place).copied();
        row.ok_or(OnOfferError::NoPlace { place, scored })
    }

    /// Whether the offer has all the loans that were scored.
    pub(super) fn check_offer(&self, offer: &Offer) -> Result<(), OnOfferError> {
        let loans = offer.book.len();
        match self.rows.iter().max() {
            Some(&row) if row >= loans => Err(OnOfferError::OtherOffer { row, loans }),
            _ => Ok(()),
        }
    }

    /// How many loans are not scored, by reason.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for &(_, why) in &self.not_scored {
            *counts.entry(self.reasons[why].as_str()).or_default() += 1;
        }
        counts
    }

    fn reject(&mut self, row: usize, why: &str) {
        let place = self.reasons.iter().position(|reason| reason == why);
        let place = place.unwrap_or_else(|| {
            self.reasons.push(why.to_owned());
            self.reasons.len() - 1
        });
        self.not_scored.push((row, place));
    }
}

impl LoanModel {
    /// Reads a file of loans, with the columns by which purchases can be grouped.
    ///
    /// # Errors
    /// A file that cannot be read or lacks columns of the features.
    pub fn read(
        &self,
        path: impl AsRef<Path>,
        options: &LoanFileOptions,
    ) -> Result<Offer, OnOfferError> {
        let mut options = options.clone();
        options.groups.extend(GroupBy::columns().map(str::to_owned));
        let (book, warnings) = self.encoding()?.read_on_offer(path.as_ref(), &options)?;
        Ok(Offer { book, warnings })
    }

    /// Scores the loans. One whose category no training loan had is scored as if it had none, or not at all where
    /// `refuse_unseen` is set. Loans of another term, off policy or in the file twice are not scored. `done` is handed the
    /// number of loans scored so far.
    ///
    /// # Errors
    /// A model and loans that do not go together.
    pub fn score(
        &self,
        offer: &Offer,
        refuse_unseen: bool,
        done: &dyn Fn(usize),
    ) -> Result<ScoredOffer, OnOfferError> {
        let encoding = self.encoding()?;
        let calibration = self.calibration()?;
        let part = &self.part;
        let mut scored = ScoredOffer::default();
        for loan in offer.book.loans() {
            let row = loan.row();
            if let Some(why) = encoding.refuses(loan) {
                scored.reject(row, &why.to_string());
                continue;
            }
            if loan.is_repeated() {
                scored.reject(row, "the same loan again");
                continue;
            }
            if let Some((feature, category)) = encoding.unseen_category(loan) {
                let name = format!("{feature}={category}");
                if refuse_unseen {
                    scored.reject(row, &format!("{name} was not seen in training"));
                }
                *scored.unseen.entry(name).or_default() += 1;
                if refuse_unseen {
                    continue;
                }
            }
            scored.rows.push(row);
        }
        let mut counts: Vec<Vec<f64>> = Vec::new();
        let mut score_counts: Vec<f64> = Vec::new();
        let n = scored.rows.len();
        for list in [
            &mut scored.decision,
            &mut scored.probability,
            &mut scored.if_paid,
            &mut scored.expected,
        ] {
            list.reserve_exact(n);
        }
        for first in (0..n).step_by(BLOCK) {
            Stop::look();
            let rows = &scored.rows[first..(first + BLOCK).min(n)];
            let x = encoding.encode_rows(&offer.book, rows)?;
            let decision = self.fitted.decision_function(x.view())?;
            let probability = calibration.probability(&decision)?;
            let if_paid = part.if_paid.forecast(x.view())?;
            let p_paid: Vec<f64> = probability.iter().map(|p| 1.0 - p).collect();
            let charged_off = vec![part.if_charged_off; rows.len()];
            let expected = expected_return(&p_paid, &if_paid, &charged_off)?;
            add(
                &mut score_counts,
                part.score.count(Matrix::new(&decision, 1)?),
            );
            counts.resize(part.features.len(), Vec::new());
            for (counts, bins) in counts.iter_mut().zip(&part.features) {
                add(counts, bins.count(x.view()));
            }
            scored.decision.extend(decision);
            scored.probability.extend(probability);
            scored.if_paid.extend(if_paid);
            scored.expected.extend(expected);
            done(scored.decision.len());
        }
        let bins = part.features.iter().zip(&counts);
        let mut features = bins
            .map(|(bins, counts)| shift(bins, counts))
            .collect::<Result<Vec<_>, _>>()?;
        features.sort_by(|a, b| b.psi.total_cmp(&a.psi));
        if n > 0 {
            scored.shifts.push(shift(&part.score, &score_counts)?);
        }
        scored.shifts.extend(features);
        Ok(scored)
    }
}

fn shift(bins: &crate::drift::FeatureBins, counts: &[f64]) -> Result<Shift, OnOfferError> {
    let found = bins.psi(counts, LEVEL)?;
    Ok(Shift {
        feature: bins.feature.clone(),
        psi: found.psi,
        critical: found.critical,
    })
}

/// Adds counts to those so far, of which there are none before the first.
fn add(so_far: &mut Vec<f64>, counts: Vec<f64>) {
    if so_far.is_empty() {
        *so_far = counts;
    } else {
        so_far.iter_mut().zip(counts).for_each(|(a, b)| *a += b);
    }
}
