//! Neighborhood entropy, in bins.

use crate::neighborhood::Neighborhoods;
use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy, WithEntropy};
use fuzzysvm_core::{MethodInfo, ParamError, Samples, parameters};
use fuzzysvm_knn_entropy::{NeighborSearch, SearchKind};

/// The entropy-based fuzzy SVM as published: the majority is sorted into m bins of equal width
/// between its smallest and largest entropy, and bin l = 1..m has s = 1 − β(l − 1); the minority has 1.
///
/// Fan, Wang, Li, Gao & Zha 2017, doi 10.1016/j.knosys.2016.09.032. A bin is closed on the left and
/// open on the right, the last one closed on both sides. Where all entropies are equal all samples
/// are in the first bin. There is **no** division by IR: multiply by a class weight if you want one.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct EfsvmBinned {
    /// k >= 1. Default 7.
    pub n_neighbors: usize,
    /// m >= 1. Default 10.
    pub n_bins: usize,
    /// Step from bin to bin, 0 <= β <= 1/(m − 1) (any β up to 1 where m = 1). Default 0.05.
    pub beta: f64,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
    /// How neighbors are found; changes the speed alone. Default: by the number of columns.
    pub search: SearchKind,
}

impl Default for EfsvmBinned {
    fn default() -> Self {
        Self {
            n_neighbors: 7,
            n_bins: 10,
            beta: 0.05,
            minority: MinorityClass::Positive,
            search: SearchKind::Auto,
        }
    }
}

parameters! {
    EfsvmBinned {
        n_neighbors: usize, "a whole number from 1", "Nearest neighbors, k";
        n_bins: usize, "a whole number from 1", "Bins of equal width, m";
        beta: f64, "a number from 0 to 1/(n_bins - 1)", "Weight lost from bin to bin";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "EFSVM-binned",
    "Class entropy among the k nearest neighbors, in bins",
    "Fan, Wang, Li, Gao & Zha 2017, doi 10.1016/j.knosys.2016.09.032",
);

impl Strategy for EfsvmBinned {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }
}

impl EfsvmBinned {
    /// As [`Membership::with_entropy`], with neighbors found by `search`.
    pub(crate) fn by_search(
        &self,
        train: Samples<'_>,
        search: &dyn NeighborSearch,
    ) -> Result<WithEntropy, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        let ks = [self.n_neighbors];
        let around = Neighborhoods::of(train, &ks, roles.minority, search)?;
        let bins = Bins::over(
            (0..train.n_samples())
                .filter(|&i| train.y()[i] != roles.minority)
                .map(|i| around.entropies(i)[0]),
            self.n_bins,
        );
        let s = roles.assign(train.y(), |i| {
            let bin = bins.bin_of(around.entropies(i)[0]);
            // β(m − 1) = 1 may round above 1.
            (1.0 - self.beta * bin as f64).max(0.0)
        });
        Ok((s, Some(around.into_entropy())))
    }
}

impl Membership for EfsvmBinned {
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
        )?;
        ParamError::check(self.n_bins >= 1, "n_bins", self.n_bins, "must be >= 1")?;
        let most = 1.0 / (self.n_bins.saturating_sub(1).max(1) as f64);
        ParamError::check(
            (0.0..=most).contains(&self.beta),
            "beta",
            self.beta,
            "must lie between 0 and 1/(n_bins - 1)",
        )
    }
}

/// Equal-width bins, numbered from 0.
struct Bins {
    low: f64,
    range: f64,
    n: usize,
}

impl Bins {
    fn over(values: impl Iterator<Item = f64>, n: usize) -> Self {
        let (low, high) = values.fold((f64::INFINITY, 0.0f64), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        Self {
            low,
            range: high - low,
            n,
        }
    }

    /// Where bin `l` begins.
    fn edge(&self, l: usize) -> f64 {
        self.low + l as f64 / self.n as f64 * self.range
    }

    fn bin_of(&self, value: f64) -> usize {
        if self.range <= 0.0 {
            return 0;
        }
        // The quotient may round across an edge; the edges decide.
        let guess = (value - self.low) / self.range * self.n as f64;
        let mut bin = (guess as usize).min(self.n - 1);
        while bin > 0 && value < self.edge(bin) {
            bin -= 1;
        }
        while bin + 1 < self.n && value >= self.edge(bin + 1) {
            bin += 1;
        }
        bin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_closed_on_the_left_and_the_last_on_both_sides() {
        // 4 bins over [0, 2]: edges 0, 1/2, 1, 3/2, 2.
        let bins = Bins::over([2.0, 0.0, 0.3].into_iter(), 4);
        let found: Vec<usize> = [0.0, 0.49, 0.5, 0.99, 1.0, 1.49, 1.5, 1.99, 2.0]
            .iter()
            .map(|&v| bins.bin_of(v))
            .collect();
        assert_eq!(found, [0, 0, 1, 1, 2, 2, 3, 3, 3]);
    }

    #[test]
    fn equal_values_fall_into_the_first_bin() {
        let bins = Bins::over([0.4, 0.4].into_iter(), 10);
        assert_eq!(bins.bin_of(0.4), 0);
    }

    #[test]
    fn a_value_on_a_rounded_edge_is_in_the_bin_that_begins_there() {
        for n in 1..60 {
            let bins = Bins::over([0.1, 0.7].into_iter(), n);
            for l in 0..n {
                assert_eq!(bins.bin_of(bins.edge(l)), l, "{l} of {n}");
            }
            assert_eq!(bins.bin_of(0.7), n - 1);
        }
    }
}
