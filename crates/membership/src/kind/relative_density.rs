//! Density inside the own class, from the distance to the k-th neighbor there.

use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy};
use fuzzysvm_core::{Label, MethodInfo, ParamError, Samples, parameters};
use fuzzysvm_knn_entropy::{NeighborSearch, SearchKind};

/// s = (ρ_i/max ρ)/IR for the majority, 1 for the minority: ρ_i = 1/D_k(x_i) is the density around x_i
/// inside its own class and D_k the distance to the k-th nearest neighbor among the samples of that class.
///
/// The density factor of the relative-density memberships (Fu, Zhou, Zhang & Chen 2023, doi
/// 10.3390/e25010034; Arora, Gupta & Li 2025, doi 10.1109/TFUZZ.2025.3605436), with full weight for the minority and the
/// factor 1/IR for the majority as the latter has it. The intuitionistic score in which those papers embed the
/// density is not part of it. Since ρ_i/max ρ = min D_k/D_k(x_i), neither a shift nor the unit of x matters.
///
/// # Edges
/// A sample with k duplicates in its class has D_k = 0 and infinite density. Its ratio is 1, and the others are
/// measured by the smallest D_k above 0, so that one pair of duplicates does not take the weight of all others.
/// All D_k = 0: 1 for all. The only sample of its class has no neighbor there and, with the default k, the ratio 1;
/// with a given k, a weighed class of fewer than k + 1 samples is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct RelativeDensity {
    /// k >= 1; `None`, the default, is ⌊√n⌋ with n the size of the class.
    pub n_neighbors: Option<usize>,
    /// Whether the minority is weighed by its density as well (without 1/IR). Default false.
    pub both_classes: bool,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
    /// How neighbors are found; changes the speed alone. Default: by the number of columns.
    pub search: SearchKind,
}

parameters! {
    RelativeDensity {
        n_neighbors: Option<usize>, "a whole number from 1, or none", "Nearest neighbors in the own class, k; none is the root of the class's size";
        both_classes: bool, "true or false", "Whether the minority is weighed too";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "density SVM",
    "Density inside the own class, by its k-th neighbor",
    "Fu, Zhou, Zhang & Chen 2023, doi 10.3390/e25010034; Arora, Gupta & Li 2025, doi 10.1109/TFUZZ.2025.3605436",
);

impl Strategy for RelativeDensity {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }
}

impl Membership for RelativeDensity {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        let mut membership = vec![1.0; train.n_samples()];
        for class in [Label::Negative, Label::Positive] {
            let factor = if class != roles.minority {
                roles.factor
            } else if self.both_classes {
                1.0
            } else {
                continue;
            };
            let rows: Vec<usize> = (0..train.n_samples())
                .filter(|&i| train.y()[i] == class)
                .collect();
            for (&i, ratio) in rows.iter().zip(self.density_ratios(train, &rows)?) {
                membership[i] = factor * ratio;
            }
        }
        Ok(membership)
    }

    fn validate(&self) -> Result<(), ParamError> {
        let k = self.n_neighbors.unwrap_or(1);
        ParamError::check(k >= 1, "n_neighbors", k, "must be >= 1")
    }
}

impl RelativeDensity {
    /// ρ_i/max ρ of the samples of one class.
    fn density_ratios(
        &self,
        train: Samples<'_>,
        rows: &[usize],
    ) -> Result<Vec<f64>, MembershipError> {
        let k = match self.n_neighbors {
            Some(k) => k,
            None if rows.len() < 2 => return Ok(vec![1.0; rows.len()]),
            None => rows.len().isqrt(),
        };
        let class = train.x().select_rows(rows);
        let table = self.search.among_themselves(class.view(), k)?;
        let distances: Vec<f64> = (0..rows.len()).map(|i| table.distance(i, k - 1)).collect();
        let least = distances
            .iter()
            .copied()
            .filter(|&d| d > 0.0)
            .fold(f64::INFINITY, f64::min);
        Ok(distances
            .iter()
            .map(|&d| {
                if d <= least {
                    // The densest, or on top of k others; also where all distances overflow.
                    1.0
                } else {
                    least / d
                }
            })
            .collect())
    }
}
