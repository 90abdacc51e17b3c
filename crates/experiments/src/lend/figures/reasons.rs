//! Why the designated method scored the loans that it bought as it did.

use std::collections::BTreeMap;

use fuzzysvm_core::{Classifier, Label};
use fuzzysvm_estimator::reasons::{
    FeatureGroups, Fidelity, NeighborCount, Reason, Reasons, ReferenceRow, neighbor_counts,
};
use fuzzysvm_estimator::{EncodedFold, EstimatorError};
use fuzzysvm_membership::Iefsvm;
use serde::{Deserialize, Serialize};

use super::round::short;

/// Reasons of a loan.
const N_REASONS: usize = 4;

/// A feature that moved the score of a loan against that of a typical paid training loan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LoanReason {
    /// The feature, as the files name it.
    pub feature: String,
    /// By how much it moved the decision value: above 0 towards default, below 0 towards paid.
    pub contribution: f64,
    /// For people, as in `dti 31.2 (typical 14.8): towards default`.
    pub words: String,
}

/// A feature of the typical paid training loan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TypicalFeature {
    /// The feature, as the files name it.
    pub feature: String,
    /// Its value, in words.
    pub value: String,
}

/// What the reasons of the first trial compare with, and how faithful they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReasonFigures {
    /// The method whose scores are explained.
    pub method: String,
    /// Number of the trial.
    pub trial: usize,
    /// The typical paid training loan of the trial.
    pub reference: Vec<TypicalFeature>,
    /// Deletion test on the loans bought in the trial; `null` where none of them tells anything.
    pub fidelity: Option<Fidelity>,
}

/// The scores of one method in one trial, to be explained.
pub(in crate::lend) struct Explainer<'a> {
    parts: &'a EncodedFold,
    classifier: &'a dyn Classifier,
    groups: FeatureGroups,
    reference: ReferenceRow,
}

/// Why loans were scored as they were, by their places among the test loans.
#[derive(Debug, Clone, Default)]
pub(in crate::lend) struct Explained {
    pub reasons: BTreeMap<usize, Vec<LoanReason>>,
    /// Of the first trial.
    pub neighbors: BTreeMap<usize, Vec<NeighborCount>>,
    /// Of the first trial.
    pub figures: Option<ReasonFigures>,
}

impl<'a> Explainer<'a> {
    pub fn new(
        parts: &'a EncodedFold,
        classifier: &'a dyn Classifier,
    ) -> Result<Self, EstimatorError> {
        let groups = FeatureGroups::of(&parts.preprocessing);
        let train = parts.x_train.view();
        let reference = ReferenceRow::typical(train, &parts.y_train, Label::Negative, &groups)?;
        Ok(Self {
            parts,
            classifier,
            groups,
            reference,
        })
    }

    /// Explains the loans in these places; of the first trial more.
    pub fn explain(
        &self,
        places: &[usize],
        (method, trial, seed): (&str, usize, u64),
    ) -> Result<Explained, EstimatorError> {
        let reasons = Reasons::new(self.classifier, &self.reference, &self.groups)?;
        let x = self.parts.x_valid.view().select_rows(places);
        let found = reasons.of(x.view(), N_REASONS)?;
        let in_words = places.iter().zip(x.view().rows()).zip(&found);
        let in_words = in_words.map(|((&place, row), found)| {
            let of_row = found.iter().map(|reason| self.in_words(reason, row));
            (place, of_row.collect())
        });
        let mut explained = Explained {
            reasons: in_words.collect(),
            ..Explained::default()
        };
        if trial == 0 {
            let counts = neighbor_counts(self.parts.train()?, x.view(), &Iefsvm::default().ks)?;
            explained.neighbors = places.iter().copied().zip(counts).collect();
            explained.figures = Some(ReasonFigures {
                method: method.to_owned(),
                trial,
                reference: self.typical(),
                fidelity: reasons.deletion_test(x.view(), seed)?.map(rounded),
            });
        }
        Ok(explained)
    }

    fn in_words(&self, reason: &Reason, row: &[f64]) -> LoanReason {
        let of_row = &self.parts.preprocessing;
        let name = self.groups.name(reason.feature).unwrap_or_default();
        let words = of_row.reason_in_words(reason, row, &self.reference);
        LoanReason {
            feature: name.to_owned(),
            contribution: reason.contribution,
            words: words.unwrap_or_default(),
        }
    }

    fn typical(&self) -> Vec<TypicalFeature> {
        let feature = |place: usize| {
            let value = self
                .parts
                .preprocessing
                .value_of(place, self.reference.row());
            Some(TypicalFeature {
                feature: self.groups.name(place)?.to_owned(),
                value: value?.to_string(),
            })
        };
        (0..self.groups.len()).filter_map(feature).collect()
    }
}

fn rounded(mut fidelity: Fidelity) -> Fidelity {
    let curves = [&mut fidelity.by_reasons, &mut fidelity.random];
    curves.into_iter().flatten().for_each(|v| *v = short(*v));
    for value in [
        &mut fidelity.area,
        &mut fidelity.area_random,
        &mut fidelity.difference,
        &mut fidelity.unexplained,
    ] {
        *value = short(*value);
    }
    fidelity.interval = fidelity.interval.map(|ends| ends.map(short));
    fidelity
}
