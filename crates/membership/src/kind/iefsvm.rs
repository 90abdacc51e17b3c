//! The pattern of neighborhood entropies over k.

use crate::neighborhood::Neighborhoods;
use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy, WithEntropy};
use fuzzysvm_core::{MethodInfo, ParamError, Samples, math, param_choice, parameters};
use fuzzysvm_knn_entropy::{NeighborSearch, SearchKind};

/// How the angle of an entropic coordinate is measured.
///
/// Our sources do not print the defining equations, so this is *our reading*: (d, θ) is the polar form of the point
/// (μ, σ), and its angle can be measured from either axis. Comparisons should print both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Angle {
    /// θ = atan2(μ, σ), the default: on 53 KEEL sets and on Lending Club loans it gave the better
    /// balanced accuracy, and the weight then falls monotonically with the mean entropy.
    #[default]
    MeanOverStd,
    /// θ = atan2(σ, μ): a penalty for entropy that changes with k.
    StdOverMean,
}

param_choice! { Angle { MeanOverStd = "mean-over-std", StdOverMean = "std-over-mean" } }

/// The instance-based entropy fuzzy SVM: no k to tune, because all are used.
///
/// For every sample the entropies E(k) of its neighborhoods for all k in `ks`, their mean μ and
/// population standard deviation σ, and the polar form (d, θ) of (μ, σ), d = √(μ² + σ²); with
/// a = dθ and min, max over the majority,
///
/// s = (1 − (a − min a)/(max a − min a))/IR for the majority, 1 for the minority.
///
/// Cho, Lee & Chang 2020, doi 10.1007/s10044-019-00851-x; Cho, Chang & Song 2019,
/// doi 10.1109/ACCESS.2019.2896474. For the angle see [`Angle`].
///
/// # Edges
/// A neighborhood that is pure at every k has μ = σ = 0 and a = 0 (atan2(0, 0) = 0). Where all a are
/// equal (to 1e-12 of their size, the rounding of μ and σ) every majority sample has 1/IR. The
/// sample with the largest a has s = 0 and leaves the fit.
///
/// # Neighborhoods of the other class
/// As in [`Efsvm`](crate::Efsvm), a majority sample among minority neighbors only has entropy 0 at
/// every k, a = 0 and full weight. With [`Iefsvm::noise_aware`] a majority sample whose mean share
/// of minority neighbors over all k exceeds 1/2 gets s = 0, the end of the scale that the most
/// uncertain sample has already; no other weight changes. Example with `ks` = {1, 3, 5}: neighbors (from the nearest)
/// P P P N N have shares 1, 1 and 3/5, mean 0.867, so s = 0; N P P N N have 0, 2/3 and
/// 2/5, mean 0.356, and keep their weight.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Iefsvm {
    /// The neighborhood sizes, increasing. Default 1, 3, 5, …, 15.
    pub ks: Vec<usize>,
    /// How the angle is measured. Default: atan2(μ, σ).
    pub angle: Angle,
    /// Whether a majority sample among minority neighbors loses its weight. Default false.
    pub noise_aware: bool,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
    /// How neighbors are found; changes the speed alone. Default: by the number of columns.
    pub search: SearchKind,
}

impl Default for Iefsvm {
    fn default() -> Self {
        Self {
            ks: (1..=15).step_by(2).collect(),
            angle: Angle::MeanOverStd,
            noise_aware: false,
            minority: MinorityClass::Positive,
            search: SearchKind::Auto,
        }
    }
}

parameters! {
    Iefsvm {
        ks: Vec<usize>, "increasing whole numbers from 1, such as 1,3,5", "Neighborhood sizes";
        angle: Angle, "mean-over-std or std-over-mean", "How the angle of the point (mean, standard deviation) is measured";
        noise_aware: bool, "true or false", "Whether a majority sample among minority neighbors loses its weight";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "IEFSVM",
    "Class entropies of all neighborhood sizes at once",
    "Cho, Lee & Chang 2020, doi 10.1007/s10044-019-00851-x",
);

impl Strategy for Iefsvm {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }
}

impl Iefsvm {
    /// As [`Membership::with_entropy`], with neighbors found by `search`.
    pub(crate) fn by_search(
        &self,
        train: Samples<'_>,
        search: &dyn NeighborSearch,
    ) -> Result<WithEntropy, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        let around = Neighborhoods::of(train, &self.ks, roles.minority, search)?;
        let a: Vec<f64> = (0..train.n_samples())
            .map(|i| self.angle.coordinate(around.entropies(i)))
            .collect();
        let (low, high) = (0..a.len())
            .filter(|&i| train.y()[i] != roles.minority)
            .fold((f64::INFINITY, 0.0f64), |(low, high), i| {
                (low.min(a[i]), high.max(a[i]))
            });
        let s = roles.assign(train.y(), |i| {
            let shares = around.minority_shares(i);
            if self.noise_aware && shares.sum::<f64>() > 0.5 * self.ks.len() as f64 {
                0.0
            } else {
                roles.factor * certainty(a[i], low, high)
            }
        });
        Ok((s, Some(around.into_entropy())))
    }
}

impl Membership for Iefsvm {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        Ok(self.with_entropy(train)?.0)
    }

    fn with_entropy(&self, train: Samples<'_>) -> Result<WithEntropy, MembershipError> {
        self.by_search(train, &self.search)
    }

    fn validate(&self) -> Result<(), ParamError> {
        if self.ks.is_empty() {
            let rule = "must have at least one neighborhood size";
            return Err(ParamError::empty("ks", rule));
        }
        let mut previous = 0;
        for &k in &self.ks {
            ParamError::check(k > previous, "ks", k, "must be >= 1 and increase")?;
            previous = k;
        }
        Ok(())
    }
}

/// 1 at `low`, 0 at `high`, linear between; 1 where the two are equal but for rounding, which would
/// otherwise be magnified to the whole scale.
fn certainty(a: f64, low: f64, high: f64) -> f64 {
    const EQUAL: f64 = 1e-12;
    let range = high - low;
    if range <= EQUAL * high {
        1.0
    } else {
        1.0 - (a - low) / range
    }
}

impl Angle {
    /// a = dθ of the entropies of one sample.
    fn coordinate(self, entropies: &[f64]) -> f64 {
        let n = entropies.len() as f64;
        let mean = entropies.iter().sum::<f64>() / n;
        let std = (entropies.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / n).sqrt();
        let theta = match self {
            Self::MeanOverStd => math::atan2(mean, std),
            Self::StdOverMean => math::atan2(std, mean),
        };
        math::hypot(mean, std) * theta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certainty_falls_from_one_to_zero_and_does_not_magnify_rounding() {
        assert_eq!(certainty(0.2, 0.2, 0.6), 1.0);
        assert_eq!(certainty(0.6, 0.2, 0.6), 0.0);
        assert!((certainty(0.3, 0.2, 0.6) - 0.75).abs() < 1e-15);
        assert_eq!(certainty(0.0, 0.0, 0.0), 1.0);
        let next = 0.3f64.next_up();
        assert_eq!(certainty(next, 0.3, next), 1.0);
    }

    #[test]
    fn the_coordinate_of_a_pure_sample_is_zero_for_both_angles() {
        for angle in [Angle::MeanOverStd, Angle::StdOverMean] {
            assert_eq!(angle.coordinate(&[0.0; 8]), 0.0);
        }
        // Constant 1/2: on the axis of μ, so θ is a right angle one way and 0 the other.
        let constant = [0.5; 4];
        let right = std::f64::consts::FRAC_PI_2;
        assert_eq!(Angle::MeanOverStd.coordinate(&constant), 0.5 * right);
        assert_eq!(Angle::StdOverMean.coordinate(&constant), 0.0);
    }
}
