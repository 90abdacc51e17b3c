//! Probability of a sample's own label, by two estimators that have not seen the sample.

use crate::gram::{centered, each_row};
use crate::membership::check_decision;
use crate::{
    ClassCost, FromFirstModel, Membership, MembershipError, MinorityClass, Plan, Strategy,
};
use fuzzysvm_core::{ClassCounts, Label, MethodInfo, ParamError, Samples, math, parameters};
use fuzzysvm_kernels::{Gamma, Kernel, Rbf};

/// Weighs every sample of both classes by the probability of its own label, estimated by two estimators that have not
/// seen the sample; both classes carry the same total weight.
///
/// With π_i the probability of the positive class and π_i(y_i) that of the sample's own,
///
/// ```text
/// f_i  = decision value of a class-cost SVM that was fitted without x_i
/// κ_c  = mean of exp(−γ‖x_i − x_j‖²) over the samples j ≠ i of class c
/// π_i  = ½ · 1/(1 + exp(−2 f_i)) + ½ · κ₊/(κ₊ + κ₋)
/// s_i  = (a + π_i(y_i))/(1 + a)              for the minority
/// s_i  = the same, times Σ₊/Σ₋               for the majority
/// ```
///
/// where Σ₊ and Σ₋ are the sums of (a + π_i(y_i)) over the minority and the majority, and everything is divided by
/// max s where that exceeds 1. Both estimators are balanced: class costs and means over each class keep π
/// independent of the sizes of the classes. Where π is constant the weights are those of [`ClassCost`].
///
/// *Ours*, after two old ideas: instance hardness as the weight of a sample (Smith, Martinez & Giraud-Carrier 2014,
/// doi 10.1007/s10994-013-5422-z) and Parzen's estimate (1962, doi 10.1214/aoms/1177704472). Unlike entropy, which
/// is symmetric in the classes, it separates a certain sample from a certainly misplaced one. Results are in the book,
/// page *Benchmarks*.
///
/// The first model is fitted with the weights of [`ClassCost`], by cross-fitting
/// ([`FromFirstModel::needs_out_of_fold_scores`]): give the learner with [`Pretrained`](crate::Pretrained). γ is `sharpness` over the sum of the columns'
/// variances, so that neither a shift nor a common scaling of x matters to the second estimator.
///
/// Time O(n² d) beside the first models, memory O(n).
///
/// # Edges
/// A sample so far from all others that every kernel value is 0 has κ₊/(κ₊ + κ₋) = ½. A class of one sample is an error.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Posterior {
    /// γ of the second estimator in units of `scale`, finite and > 0. Default 4.
    pub sharpness: f64,
    /// a, the minimum weight of a sample before normalisation, finite and >= 0; the larger, the nearer to class
    /// costs. Default 0.1.
    pub floor: f64,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
}

impl Default for Posterior {
    fn default() -> Self {
        Self {
            sharpness: 4.0,
            floor: 0.1,
            minority: MinorityClass::Positive,
        }
    }
}

parameters! {
    Posterior {
        sharpness: f64, "a number above 0", "Width of the second estimator's kernel, in units of scale";
        floor: f64, "a number from 0", "Minimum weight that any sample keeps, before normalisation";
        minority: MinorityClass, "positive or smaller", "Class that is treated as the minority";
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "posterior SVM",
    "Probability of the sample's label by two estimators that have not seen it",
    "fuzzysvm, page Memberships of the book",
);

impl Strategy for Posterior {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::from_first_model(self)
    }
}

impl FromFirstModel for Posterior {
    fn first_weights(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let costs = ClassCost {
            minority: self.minority,
        };
        costs.membership(train)
    }

    fn needs_out_of_fold_scores(&self) -> bool {
        true
    }

    fn membership_from(
        &self,
        train: Samples<'_>,
        decision: &[f64],
    ) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        check_decision(train, decision)?;
        let density = self.density_shares(train)?;
        let mut s: Vec<f64> = (0..train.n_samples())
            .map(|i| {
                let positive = 0.5 * (1.0 / (1.0 + math::exp(-2.0 * decision[i])) + density[i]);
                let own = match train.y()[i] {
                    Label::Positive => positive,
                    Label::Negative => 1.0 - positive,
                };
                (self.floor + own) / (1.0 + self.floor)
            })
            .collect();
        let total = |minority: bool| {
            let of = s.iter().zip(train.y());
            let of = of.filter(|&(_, &y)| (y == roles.minority) == minority);
            of.map(|(s, _)| s).sum::<f64>()
        };
        let (few, many) = (total(true), total(false));
        // With a = 0 all weights of a class may be 0; then no factor makes the sums equal.
        let factor = if few > 0.0 && many > 0.0 {
            few / many
        } else {
            roles.factor
        };
        for (s, &y) in s.iter_mut().zip(train.y()) {
            if y != roles.minority {
                *s *= factor;
            }
        }
        let most = s.iter().copied().fold(1.0, f64::max);
        s.iter_mut().for_each(|s| *s /= most);
        Ok(s)
    }

    fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.sharpness.is_finite() && self.sharpness > 0.0,
            "sharpness",
            self.sharpness,
            "must be finite and > 0",
        )?;
        ParamError::check(
            self.floor.is_finite() && self.floor >= 0.0,
            "floor",
            self.floor,
            "must be finite and >= 0",
        )
    }
}

impl Posterior {
    /// κ₊/(κ₊ + κ₋) for every sample.
    fn density_shares(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        let x = centered(train.x());
        let gamma = self.sharpness * Gamma::Scale.resolve(x.view())?;
        let kernel = Rbf { gamma };
        kernel.check_points(x.view())?;
        let (n, y) = (train.n_samples(), train.y());
        let counts = ClassCounts::of(y);
        let mut shares = vec![0.5; n];
        each_row(&*kernel.prepare(x.view()), n, |i, row| {
            let (mut positive, mut negative) = (0.0, 0.0);
            for (j, (&k, &label)) in row.iter().zip(y).enumerate() {
                match label {
                    _ if j == i => {}
                    Label::Positive => positive += k,
                    Label::Negative => negative += k,
                }
            }
            let others = |class: Label, n: usize| (n - usize::from(y[i] == class)).max(1) as f64;
            positive /= others(Label::Positive, counts.positive);
            negative /= others(Label::Negative, counts.negative);
            if positive + negative > 0.0 {
                shares[i] = positive / (positive + negative);
            }
        });
        Ok(shares)
    }
}
