//! Neighborhood entropy, continuous.

use crate::minority::Roles;
use crate::neighborhood::Neighborhoods;
use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy, WithEntropy};
use fuzzysvm_core::{MethodInfo, ParamError, Samples, parameters};
use fuzzysvm_knn_entropy::{NeighborSearch, SearchKind};
use std::f64::consts::LN_2;

/// s = (1 − H_i(k))/IR for the majority, 1 for the minority; H_i(k) is the class entropy, in nats,
/// of the k nearest neighbors of x_i.
///
/// The continuous form of the entropy-based fuzzy SVM (Fan, Wang, Li, Gao & Zha 2017,
/// doi 10.1016/j.knosys.2016.09.032): the more mixed a neighborhood, the less its sample counts. For the
/// original with entropy bins see [`EfsvmBinned`](crate::EfsvmBinned).
///
/// # Neighborhoods of the other class
/// Entropy is symmetric in the classes: a majority sample whose k neighbors are *all* minority has
/// H = 0 and full weight 1/IR. With [`Efsvm::noise_aware`] the entropy is reflected
/// where the minority prevails, U = H for p ≤ 1/2 and U = 2 ln 2 − H for p > 1/2 (p the share of the
/// minority), and s = max(0, 1 − U)/IR. U rises with p, so s falls; samples with p ≤ 1/2 keep their
/// weight. For k = 7 and IR = 1:
///
/// | minority among 7 | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
/// | --- | --- | --- | --- | --- | --- | --- | --- | --- |
/// | s | 1 | 0.590 | 0.402 | 0.317 | 0.317 | 0.402 | 0.590 | 1 |
/// | s, noise-aware | 1 | 0.590 | 0.402 | 0.317 | 0.297 | 0.212 | 0.024 | 0 |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Efsvm {
    /// k >= 1; odd values avoid halves. Default 7.
    pub n_neighbors: usize,
    /// Whether a majority sample among minority neighbors loses its weight. Default false.
    pub noise_aware: bool,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
    /// How neighbors are found; changes the speed alone. Default: by the number of columns.
    pub search: SearchKind,
}

impl Default for Efsvm {
    fn default() -> Self {
        Self {
            n_neighbors: 7,
            noise_aware: false,
            minority: MinorityClass::Positive,
            search: SearchKind::Auto,
        }
    }
}

parameters! {
    Efsvm {
        n_neighbors: usize, "a whole number from 1", "Nearest neighbors, k";
        noise_aware: bool, "true or false", "Whether a majority sample among minority neighbors loses its weight";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "EFSVM",
    "Class entropy among the k nearest neighbors",
    "Fan, Wang, Li, Gao & Zha 2017, doi 10.1016/j.knosys.2016.09.032; continuous form",
)
.with_grid(&[("n_neighbors", &["1", "3", "5", "7", "9", "11", "13", "15"])]);

impl Strategy for Efsvm {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }
}

impl Efsvm {
    /// One membership vector per k, in the order of `ks`, from one neighbor search: the candidates among
    /// which k is tuned. [`Efsvm::n_neighbors`] is not used.
    ///
    /// # Errors
    /// As [`Membership::membership`], and where `ks` is empty or does not increase.
    pub fn candidates(
        &self,
        train: Samples<'_>,
        ks: &[usize],
    ) -> Result<Vec<Vec<f64>>, MembershipError> {
        let roles = self.minority.resolve(train)?;
        let around = Neighborhoods::of(train, ks, roles.minority, &self.search)?;
        Ok(self.weigh(train, ks.len(), &roles, &around))
    }

    /// One membership vector per neighborhood size.
    fn weigh(
        &self,
        train: Samples<'_>,
        n_ks: usize,
        roles: &Roles,
        around: &Neighborhoods<'_>,
    ) -> Vec<Vec<f64>> {
        (0..n_ks)
            .map(|k| {
                roles.assign(train.y(), |i| {
                    let entropy = around.entropies(i)[k];
                    let share = around.minority_shares(i).nth(k).unwrap_or(0.0);
                    let uncertainty = if self.noise_aware && share > 0.5 {
                        2.0 * LN_2 - entropy
                    } else {
                        entropy
                    };
                    roles.factor * (1.0 - uncertainty).max(0.0)
                })
            })
            .collect()
    }

    /// As [`Membership::with_entropy`], with neighbors found by `search`.
    pub(crate) fn by_search(
        &self,
        train: Samples<'_>,
        search: &dyn NeighborSearch,
    ) -> Result<WithEntropy, MembershipError> {
        self.validate()?;
        let (roles, ks) = (self.minority.resolve(train)?, [self.n_neighbors]);
        let around = Neighborhoods::of(train, &ks, roles.minority, search)?;
        let s = self.weigh(train, 1, &roles, &around).concat();
        Ok((s, Some(around.into_entropy())))
    }
}

impl Membership for Efsvm {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        Ok(self.with_entropy(train)?.0)
    }

    fn with_entropy(&self, train: Samples<'_>) -> Result<WithEntropy, MembershipError> {
        self.by_search(train, &self.search)
    }

    fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.n_neighbors >= 1,
            "n_neighbors",
            self.n_neighbors,
            "must be >= 1",
        )
    }
}
