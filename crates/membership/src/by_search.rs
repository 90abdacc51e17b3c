//! Memberships from neighbors that somebody else searches for.

use crate::{MembershipError, MembershipKind};
use fuzzysvm_core::Samples;
use fuzzysvm_knn_entropy::{NeighborSearch, SearchKind};

impl MembershipKind {
    /// The largest neighborhood of a strategy of neighborhood entropies; `None` for the others, and where a setting says
    /// how neighbors are to be found.
    ///
    /// ```
    /// use fuzzysvm_membership::MembershipKind;
    /// let largest = |name: &str| name.parse::<MembershipKind>().map(|kind| kind.largest_neighborhood());
    /// assert_eq!(largest("iefsvm")?, Some(15));
    /// assert_eq!(largest("class-cost")?, None);
    /// # Ok::<(), fuzzysvm_membership::UnknownMembership>(())
    /// ```
    pub fn largest_neighborhood(&self) -> Option<usize> {
        let (k, search) = match self {
            Self::Efsvm(efsvm) => (efsvm.n_neighbors, efsvm.search),
            Self::EfsvmBinned(binned) => (binned.n_neighbors, binned.search),
            Self::Iefsvm(iefsvm) => (*iefsvm.ks.iter().max()?, iefsvm.search),
            _ => return None,
        };
        (search == SearchKind::Auto).then_some(k)
    }

    /// As [`Membership::membership`](crate::Membership::membership), bit for bit, with neighbors found by `search`: with
    /// one that is [`Remembered`](fuzzysvm_knn_entropy::Remembered), many settings need one search. `None` where
    /// [`largest_neighborhood`](Self::largest_neighborhood) is.
    ///
    /// # Errors
    /// As [`Membership::membership`](crate::Membership::membership).
    pub fn membership_by(
        &self,
        search: &dyn NeighborSearch,
        train: Samples<'_>,
    ) -> Option<Result<Vec<f64>, MembershipError>> {
        self.largest_neighborhood()?;
        let found = match self {
            Self::Efsvm(efsvm) => efsvm.by_search(train, search),
            Self::EfsvmBinned(binned) => binned.by_search(train, search),
            Self::Iefsvm(iefsvm) => iefsvm.by_search(train, search),
            _ => return None,
        };
        Some(found.map(|(membership, _)| membership))
    }
}
