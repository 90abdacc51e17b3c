//! A membership joined with a learner.

use crate::{Membership, MembershipError, WithEntropy};
use fuzzysvm_core::{Learner, Samples, WeightError, check_weights};

/// Fits `learner` with the membership as its sample weights: a fuzzy classifier from any learner that
/// honours weights.
///
/// A given `sample_weight` multiplies the membership. A given weight of 0 removes the sample: the
/// membership is computed on the remaining rows, so neighbors, class sizes and centers do not see it. Other weights do not enter the membership (a sample of weight 2 is *one*
/// neighbor), hence "weight k is the row repeated k times" does not hold for the neighbor-based
/// strategies; "no weights is weight 1" and "weight 0 is the row removed" do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighted<M, L> {
    /// Gives the weights.
    pub membership: M,
    /// Fitted with these weights.
    pub learner: L,
}

impl<M: Membership, L> Weighted<M, L> {
    /// Joins `membership` and `learner`.
    pub fn new(membership: M, learner: L) -> Self {
        Self {
            membership,
            learner,
        }
    }

    /// Membership times given weight, one per row of `train`; 0 where the given weight is 0.
    ///
    /// # Errors
    /// [`WeightedError::Weight`] and [`WeightedError::Membership`].
    pub fn weights<E>(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<Vec<f64>, WeightedError<E>> {
        Ok(self.weights_with_entropy(train, sample_weight)?.0)
    }

    /// As [`Weighted::weights`], with the entropies of [`Membership::with_entropy`], NaN where the given weight is 0.
    ///
    /// # Errors
    /// As [`Weighted::weights`].
    pub fn weights_with_entropy<E>(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<WithEntropy, WeightedError<E>> {
        let Some(given) = sample_weight else {
            return Ok(self.membership.with_entropy(train)?);
        };
        check_weights(given, train.y())?;
        let kept: Vec<usize> = (0..given.len()).filter(|&i| given[i] > 0.0).collect();
        let (memberships, entropy) = if kept.len() == given.len() {
            self.membership.with_entropy(train)?
        } else {
            let x = train.x().select_rows(&kept);
            let y: Vec<_> = kept.iter().map(|&i| train.y()[i]).collect();
            let rest = Samples::new(x.view(), &y).map_err(MembershipError::from)?;
            self.membership.with_entropy(rest)?
        };
        let mut weights = vec![0.0; given.len()];
        for (&i, s) in kept.iter().zip(memberships) {
            weights[i] = s * given[i];
        }
        let entropy = entropy.map(|of_kept| {
            let n_ks = of_kept.len() / kept.len().max(1);
            let mut of_all = vec![f64::NAN; given.len() * n_ks];
            for (&i, row) in kept.iter().zip(of_kept.chunks_exact(n_ks.max(1))) {
                of_all[i * n_ks..][..n_ks].copy_from_slice(row);
            }
            of_all
        });
        Ok((weights, entropy))
    }
}

impl<M: Membership, L: Learner> Learner for Weighted<M, L> {
    type Model = L::Model;
    type Error = WeightedError<L::Error>;

    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<L::Model, Self::Error> {
        let weights = self.weights(train, sample_weight)?;
        self.learner
            .fit(train, Some(&weights))
            .map_err(WeightedError::Learner)
    }
}

/// What can go wrong in [`Weighted`]; `E` is the learner's error.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightedError<E> {
    /// The membership cannot be computed.
    #[error(transparent)]
    Membership(#[from] MembershipError),
    /// The given weights cannot be used.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// The learner failed.
    #[error(transparent)]
    Learner(E),
}
