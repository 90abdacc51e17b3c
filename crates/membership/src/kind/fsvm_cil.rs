//! FSVM-CIL: a distance and a decay, times the class ratio.

use crate::center::{distances_to_mean, linear_decay, unit_of};
use crate::membership::check_decision;
use crate::{FromFirstModel, Membership, MembershipError, MinorityClass, Plan, Strategy};
use fuzzysvm_core::{Label, MethodInfo, ParamError, Samples, math, param_choice, parameters};

/// What a sample's distance is measured to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum CilDistance {
    /// `own-center`: the mean of the sample's own class (the default).
    #[default]
    OwnCenter,
    /// `all-center`: the mean of all samples, as an estimate of where the hyperplane passes.
    AllCenter,
    /// `hyperplane`: the hyperplane of a first model fitted with all weights 1; the distance is |f(x)|, the
    /// absolute decision value.
    Hyperplane,
}

param_choice! {
    CilDistance { OwnCenter = "own-center", AllCenter = "all-center", Hyperplane = "hyperplane" }
}

/// How the weight falls with the distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum CilDecay {
    /// `linear`: f = 1 − d/(max d + Δ) (the default).
    #[default]
    Linear,
    /// `exponential`: f = 2/(1 + exp(βd)).
    Exponential,
}

param_choice! { CilDecay { Linear = "linear", Exponential = "exponential" } }

/// s_i = f(d_i) for the minority and f(d_i)/IR for the majority, in six settings: d the distance to the
/// own center, to the center of all samples, or to a pre-trained hyperplane; f linear or exponential.
///
/// Batuwita & Palade 2010, doi 10.1109/TFUZZ.2010.2042721:
///
/// f_lin = 1 − d/(max d + Δ),  f_exp = 2/(1 + exp(βd)).
///
/// The minority has less than 1 here: in either class the sample far from where its distance is measured
/// to counts less. Distances are plain Euclidean ones. The equations do not say over what max d runs; here, as
/// in the public implementation, over all samples (over each class alone it is
/// [`ClassCenter`](crate::ClassCenter) with `class_ratio`).
///
/// The linear forms do not depend on the unit of x (up to Δ), the exponential ones do: scale the data.
/// A shift of x changes none.
///
/// Settings of both sorts, with and without a first model, are one type, so it is a [`Strategy`] and not a
/// [`Membership`]. [`Strategy::with_first_model`] makes a membership of any setting, [`Strategy::plain`] of those
/// that measure to a center:
///
/// ```
/// use fuzzysvm_core::{Label, Matrix, Samples};
/// use fuzzysvm_membership::{FsvmCil, Membership, Strategy};
/// let y = [-1.0, -1.0, 1.0].map(Label::from_sign);
/// let train = Samples::new(Matrix::new(&[0.0, 2.0, 5.0], 1)?, &y)?;
/// let cil = FsvmCil { delta: 1.0, ..FsvmCil::default() };
/// // Own centers 1 and 5; the largest distance is 1: f = 1 − 1/2 and 1, times n₊/n₋ = 1/2 for the majority.
/// let s = cil.plain().map(|m| m.membership(train)).transpose()?;
/// assert_eq!(s, Some(vec![0.25, 0.25, 1.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Edges
/// All samples at the center, or all on the hyperplane: d = 0 and f = 1. The farthest sample keeps
/// Δ/(max d + Δ) under the linear decay; under the exponential one βd beyond 745 gives 0, and that sample
/// leaves the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct FsvmCil {
    /// What the distance is measured to. Default: the own center.
    pub distance: CilDistance,
    /// How the weight falls with it. Default: linearly.
    pub decay: CilDecay,
    /// β of the exponential decay, in one over the unit of the distance, 0 <= β <= 1; the paper tunes it over
    /// 0.1, 0.2, …, 1. Default 0.1.
    pub beta: f64,
    /// Δ > 0 of the linear decay, in the unit of the distance. Default 1e-6.
    pub delta: f64,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
}

impl Default for FsvmCil {
    fn default() -> Self {
        Self {
            distance: CilDistance::OwnCenter,
            decay: CilDecay::Linear,
            beta: 0.1,
            delta: 1e-6,
            minority: MinorityClass::Positive,
        }
    }
}

parameters! {
    FsvmCil {
        distance: CilDistance, "own-center, all-center or hyperplane", "What the distance is measured to";
        decay: CilDecay, "linear or exponential", "How the weight falls with the distance";
        beta: f64, "a number from 0 to 1", "Steepness of the exponential decay";
        delta: f64, "a number above 0", "Length that keeps the farthest sample above 0 under the linear decay";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "FSVM-CIL",
    "Distance to a center or a hyperplane, times the class ratio",
    "Batuwita & Palade 2010, doi 10.1109/TFUZZ.2010.2042721",
)
.with_grid(&[
    ("distance", &["own-center", "all-center", "hyperplane"]),
    ("decay", &["linear", "exponential"]),
]);

impl Strategy for FsvmCil {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        match self.distance {
            CilDistance::OwnCenter => Plan::plain(FromCenter {
                cil: self,
                own: true,
            }),
            CilDistance::AllCenter => Plan::plain(FromCenter {
                cil: self,
                own: false,
            }),
            CilDistance::Hyperplane => Plan::from_first_model(FromHyperplane(self)),
        }
    }

    fn unmet_need(&self, param: &str) -> Option<&'static str> {
        match (param, self.decay) {
            ("beta", CilDecay::Linear) => Some("decay=exponential"),
            ("delta", CilDecay::Exponential) => Some("decay=linear"),
            _ => None,
        }
    }
}

impl FsvmCil {
    /// Weights from distances multiplied by `unit`.
    fn decayed(
        &self,
        train: Samples<'_>,
        d: &[f64],
        unit: f64,
    ) -> Result<Vec<f64>, MembershipError> {
        let roles = self.minority.resolve(train)?;
        let most = d.iter().copied().fold(0.0, f64::max);
        let decay = |d: f64| match self.decay {
            CilDecay::Linear => linear_decay(d, most, self.delta * unit),
            // 0 · ∞ is no number, but a decay of 0 is none at any distance.
            CilDecay::Exponential if self.beta == 0.0 => 1.0,
            CilDecay::Exponential => 2.0 / (1.0 + math::exp(self.beta * (d / unit))),
        };
        Ok(d.iter()
            .zip(train.y())
            .map(|(&d, &y)| {
                let of_class = if y == roles.minority {
                    1.0
                } else {
                    roles.factor
                };
                of_class * decay(d)
            })
            .collect())
    }

    /// Checks the parameters.
    fn check(&self) -> Result<(), ParamError> {
        ParamError::check(
            (0.0..=1.0).contains(&self.beta),
            "beta",
            self.beta,
            "must lie between 0 and 1",
        )?;
        ParamError::check(
            self.delta.is_finite() && self.delta > 0.0,
            "delta",
            self.delta,
            "must be finite and > 0",
        )
    }
}

/// The settings that measure to a center.
struct FromCenter<'a> {
    cil: &'a FsvmCil,
    /// The center of the sample's own class, rather than that of all samples.
    own: bool,
}

impl Membership for FromCenter<'_> {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        train.require_both_classes()?;
        let x = train.x();
        let unit = unit_of(x);
        let n = train.n_samples();
        let d = if self.own {
            let mut d = vec![0.0; n];
            for class in [Label::Negative, Label::Positive] {
                let rows: Vec<usize> = (0..n).filter(|&i| train.y()[i] == class).collect();
                for (&i, of_row) in rows.iter().zip(distances_to_mean(x, &rows, unit)) {
                    d[i] = of_row;
                }
            }
            d
        } else {
            distances_to_mean(x, &(0..n).collect::<Vec<_>>(), unit)
        };
        self.cil.decayed(train, &d, unit)
    }

    fn validate(&self) -> Result<(), ParamError> {
        self.cil.check()
    }
}

/// The settings that measure to the hyperplane of a first model.
struct FromHyperplane<'a>(&'a FsvmCil);

impl FromFirstModel for FromHyperplane<'_> {
    fn first_weights(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        train.require_both_classes()?;
        Ok(vec![1.0; train.n_samples()])
    }

    fn membership_from(
        &self,
        train: Samples<'_>,
        decision: &[f64],
    ) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        check_decision(train, decision)?;
        let d: Vec<f64> = decision.iter().map(|f| f.abs()).collect();
        self.0.decayed(train, &d, 1.0)
    }

    fn validate(&self) -> Result<(), ParamError> {
        self.0.check()
    }
}
