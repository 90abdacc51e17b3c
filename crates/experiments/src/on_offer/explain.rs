//! Why a loan has its score.

use fuzzysvm_core::{Label, Matrix, Samples};
use fuzzysvm_estimator::FittedEstimator;
use fuzzysvm_estimator::reasons::{
    FeatureGroups, Fidelity, NeighborCount, Reasons, ReferenceRow, neighbor_counts,
};
use serde::{Deserialize, Serialize};

use super::OnOfferError;
use super::model::LoanModel;
use super::score::{Offer, ScoredOffer};

/// Reasons that are named.
pub const N_REASONS: usize = 4;
/// The sizes of neighborhoods, those of IEFSVM.
const KS: [usize; 8] = [1, 3, 5, 7, 9, 11, 13, 15];
/// Training loans that the reasons are tested on, at most.
const TESTED: usize = 200;
/// Training loans of which neighbors are looked up, at most: a model file holds them all.
const MOST_NEIGHBORS: usize = 10_000;

/// What a score is explained with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Explanations {
    /// The typical repaid training loan.
    pub reference: ReferenceRow,
    /// The deletion test of the reasons on training loans; `None` where no score moves.
    pub fidelity: Option<Fidelity>,
    /// The encoded training loans, row by row; none of more than 10,000.
    x: Vec<f64>,
    /// 1 for a training loan that was charged off.
    y: Vec<u8>,
}

/// Why a loan has its score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The features that moved its score most against the typical repaid training loan, in words; at most four.
    pub reasons: Vec<String>,
    /// How many of its nearest training loans were charged off, for k = 1, 3, …, 15; empty for a model of more than 10,000
    /// training loans.
    pub neighbors: Vec<NeighborCount>,
}

impl Explanations {
    /// Of a model and its training loans.
    pub fn of(
        fitted: &FittedEstimator,
        x: Matrix<'_>,
        y: &[Label],
        seed: u64,
    ) -> Result<Self, OnOfferError> {
        let groups = FeatureGroups::of(fitted.preprocessing());
        let reference = ReferenceRow::typical(x, y, Label::Negative, &groups)?;
        // Evenly over the loans, whatever their order.
        let n = x.n_rows();
        let tested: Vec<usize> = (0..n.min(TESTED)).map(|i| i * n / n.min(TESTED)).collect();
        let reasons = Reasons::new(fitted.model(), &reference, &groups)?;
        let fidelity = reasons.deletion_test(x.select_rows(&tested).view(), seed)?;
        let kept = n <= MOST_NEIGHBORS;
        Ok(Self {
            reference,
            fidelity,
            x: if kept {
                x.as_slice().to_vec()
            } else {
                Vec::new()
            },
            y: match kept {
                true => y.iter().map(|y| u8::from(y.is_positive())).collect(),
                false => Vec::new(),
            },
        })
    }

    /// Whether they fit a model of so many columns.
    pub fn is_sound(&self, n_columns: usize) -> bool {
        self.reference.row().len() == n_columns
            && self.x.len() == n_columns * self.y.len()
            && self.x.iter().all(|v| v.is_finite())
            && self.y.iter().all(|y| *y <= 1)
    }

    fn neighbors(&self, queries: Matrix<'_>) -> Result<Vec<Vec<NeighborCount>>, OnOfferError> {
        let ks: Vec<usize> = KS.into_iter().filter(|&k| k <= self.y.len()).collect();
        if ks.is_empty() {
            return Ok(vec![Vec::new(); queries.n_rows()]);
        }
        let y: Vec<Label> = self
            .y
            .iter()
            .map(|&y| Label::from_sign(f64::from(y)))
            .collect();
        let train = Samples::new(Matrix::new(&self.x, queries.n_cols())?, &y);
        Ok(neighbor_counts(
            train.map_err(crate::lend::LendError::from)?,
            queries,
            &ks,
        )?)
    }
}

impl LoanModel {
    /// Why the scored loans at these places have their scores.
    ///
    /// # Errors
    /// A place past the end, and an offer that was not the one scored, where it has fewer loans.
    pub fn explain(
        &self,
        offer: &Offer,
        scored: &ScoredOffer,
        places: &[usize],
    ) -> Result<Vec<Explanation>, OnOfferError> {
        scored.check_offer(offer)?;
        let explanations = &self.part.explanations;
        let preprocessing = self.fitted.preprocessing();
        let groups = FeatureGroups::of(preprocessing);
        let reasons = Reasons::new(self.fitted.model(), &explanations.reference, &groups)?;
        let mut found = Vec::with_capacity(places.len());
        for block in places.chunks(super::score::BLOCK) {
            let rows = block.iter().map(|&place| scored.row(place));
            let rows = rows.collect::<Result<Vec<usize>, _>>()?;
            let x = self.encoding()?.encode_rows(&offer.book, &rows)?;
            let of_rows = reasons.of(x.view(), N_REASONS)?;
            let neighbors = explanations.neighbors(x.view())?;
            for (i, (of_row, neighbors)) in of_rows.iter().zip(neighbors).enumerate() {
                let words = |reason| {
                    preprocessing.reason_in_words(reason, x.view().row(i), &explanations.reference)
                };
                found.push(Explanation {
                    reasons: of_row.iter().filter_map(words).collect(),
                    neighbors,
                });
            }
        }
        Ok(found)
    }

    /// How faithful the reasons are, by a deletion test on training loans: features are replaced by those of the typical
    /// loan one after another, in the order of the reasons and in random orders.
    pub fn fidelity(&self) -> Option<&Fidelity> {
        self.part.explanations.fidelity.as_ref()
    }
}
