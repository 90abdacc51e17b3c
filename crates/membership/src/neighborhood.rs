//! The entropies that several strategies share.

use crate::MembershipError;
use fuzzysvm_core::{Label, Samples};
use fuzzysvm_knn_entropy::{NeighborError, NeighborSearch, class_entropy, positive_neighbors};

/// The entropy (nats) of every sample's neighborhood for every k: row-major,
/// `n_samples × ks.len()`. The entropy-based memberships are computed from these; reports show them.
///
/// # Errors
/// [`MembershipError::Neighbor`] where `ks` is empty or does not increase, or where there are fewer
/// than k + 1 samples for the largest k.
pub fn neighborhood_entropy(train: Samples<'_>, ks: &[usize]) -> Result<Vec<f64>, MembershipError> {
    let k_max = ks.iter().copied().max().ok_or(NeighborError::NoKs)?;
    let table = fuzzysvm_knn_entropy::Auto.among_themselves(train.x(), k_max)?;
    Ok(class_entropy(&table, train.y(), ks)?)
}

/// Entropies and minority shares of all neighborhoods, from one search.
pub(crate) struct Neighborhoods<'a> {
    ks: &'a [usize],
    entropy: Vec<f64>,
    positive: Vec<u32>,
    minority: Label,
}

impl<'a> Neighborhoods<'a> {
    pub fn of(
        train: Samples<'_>,
        ks: &'a [usize],
        minority: Label,
        search: &dyn NeighborSearch,
    ) -> Result<Self, MembershipError> {
        let k_max = ks.iter().copied().max().ok_or(NeighborError::NoKs)?;
        let table = search.among_themselves(train.x(), k_max)?;
        Ok(Self {
            ks,
            entropy: class_entropy(&table, train.y(), ks)?,
            positive: positive_neighbors(&table, train.y(), ks)?,
            minority,
        })
    }

    /// All entropies, one per sample and k, row by row.
    pub fn into_entropy(self) -> Vec<f64> {
        self.entropy
    }

    /// The entropies of sample `i`, one per k.
    pub fn entropies(&self, i: usize) -> &[f64] {
        &self.entropy[i * self.ks.len()..(i + 1) * self.ks.len()]
    }

    /// The shares of the minority among the neighbors of sample `i`, one per k.
    pub fn minority_shares(&self, i: usize) -> impl Iterator<Item = f64> {
        let counts = &self.positive[i * self.ks.len()..(i + 1) * self.ks.len()];
        self.ks.iter().zip(counts).map(|(&k, &positive)| {
            let share = f64::from(positive) / k as f64;
            match self.minority {
                Label::Positive => share,
                Label::Negative => 1.0 - share,
            }
        })
    }
}
