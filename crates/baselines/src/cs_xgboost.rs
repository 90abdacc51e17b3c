//! Gradient-boosted trees with a weight for the positive class.

use crate::BaselineError;
use crate::histogram::Boosting;
use crate::prepare::{Prepared, check_features};
use crate::rules;
use crate::tree::{Tree, fold_trees};
use fuzzysvm_core::{
    Classifier, Learner, Matrix, MethodInfo, ParamError, PredictError, Samples, decision_or_zero,
    math, parameters,
};

/// Cost-sensitive XGBoost: Chen & Guestrin 2016, doi 10.1145/2939672.2939785, with the weight
/// `scale_pos_weight` for positive samples.
///
/// Trees are added to the log-odds F, F_0 = 0. With p_i = 1/(1 + exp(−F(x_i))), t_i = 1 for positive samples
/// and 0 for negative ones, and u_i = w_i (times `scale_pos_weight` for positive samples):
///
/// ```text
/// g_i = u_i (p_i − t_i),   h_i = u_i p_i (1 − p_i),   G, H their sums over a node
/// gain = G_L²/(H_L + λ) + G_R²/(H_R + λ) − G²/(H + λ),    leaf value −η G/(H + λ)
/// ```
///
/// A node is split where that gains most, if more than γ (XGBoost's gain, without the ½ of the paper). A feature has at
/// most `n_bins` bins; with as many bins as values every split is tried, at a value, as by XGBoost's `hist` method, and
/// else bins begin at quantiles of the sample weights, as there. The sums are exact (derivatives are rounded to some 2⁻⁶⁰ of their sum), so
/// neither the order of the rows nor the number of threads changes a bit; XGBoost computes derivatives and gains in
/// single precision, and where splits gain nearly the same the two may choose different ones. Here the lowest feature,
/// then the lowest threshold is taken. The score is F(x), the log-odds among samples weighted by u;
/// [`GradientBoostingModel::predict_proba`] gives 1/(1 + exp(−F(x))).
///
/// **Sample weights** are absolute, as in XGBoost: 0 is the row removed, and a constant t acts like λ/t,
/// `min_child_weight`/t and γ/t.
///
/// ```
/// use fuzzysvm_baselines::CsXgBoost;
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i) - 34.5)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let model = CsXgBoost::default().fit(Samples::new(x, &y)?, None)?;
/// assert_eq!(model.predict(x)?, y);
/// assert!(model.predict_proba(x)?[39] > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct CsXgBoost {
    /// Number of trees, 1 to 100,000. Default 100.
    pub n_estimators: usize,
    /// η, 1e-6 to 1. Default 0.3.
    pub learning_rate: f64,
    /// Most splits between root and leaf, 1 to 64. Default 6.
    pub max_depth: usize,
    /// Least H of a leaf, 0 to 1e30. Default 1.
    pub min_child_weight: f64,
    /// λ, 0 to 1e30. Default 1.
    pub reg_lambda: f64,
    /// γ, the least gain of a split, 0 to 1e30. Default 0.
    pub gamma: f64,
    /// Share of the rows drawn for each tree, 0.01 to 1. Default 1.
    pub subsample: f64,
    /// Factor of the positive samples, 1e-6 to 1e6; `None` (default) is n₋/n₊, sizes being sums of sample weights.
    pub scale_pos_weight: Option<f64>,
    /// Bins per feature, 2 to 4096. Default 256, as XGBoost's `max_bin`.
    pub n_bins: usize,
    /// Seed of `subsample`; changes nothing where that is 1. Default 0.
    pub seed: u64,
}

impl Default for CsXgBoost {
    fn default() -> Self {
        Self {
            n_estimators: 100,
            learning_rate: 0.3,
            max_depth: 6,
            min_child_weight: 1.0,
            reg_lambda: 1.0,
            gamma: 0.0,
            subsample: 1.0,
            scale_pos_weight: None,
            n_bins: 256,
            seed: 0,
        }
    }
}

parameters! {
    CsXgBoost {
        gamma: f64, "a number from 0 to 1e30", "Least gain of a split";
        learning_rate: f64, "a number from 1e-6 to 1", "Factor of every tree";
        max_depth: usize, "a whole number from 1 to 64", "Most splits between root and leaf of a tree";
        min_child_weight: f64, "a number from 0 to 1e30", "Least sum of second derivatives in a leaf";
        n_bins: usize, "a whole number from 2 to 4096", "Most bins per feature";
        n_estimators: usize, rules::COUNT, "Number of trees";
        reg_lambda: f64, "a number from 0 to 1e30", "L2 regularization of the leaf values";
        scale_pos_weight: Option<f64>, "a number from 1e-6 to 1e6, or none", "Weight of positive samples; none is the ratio of the class sizes";
        subsample: f64, "a number from 0.01 to 1", "Share of the rows drawn for each tree";
    }
}

impl CsXgBoost {
    /// How the baseline is presented, and what it is tuned over.
    pub const INFO: MethodInfo = MethodInfo::new(
        "cs-XGBoost",
        "gradient-boosted trees with a positive weight (baseline, not an SVM)",
        "Chen & Guestrin 2016, doi 10.1145/2939672.2939785",
    )
    .with_grid(&[
        ("n_estimators", &["50"]),
        ("learning_rate", &["0.1"]),
        ("max_depth", &["1", "2", "4"]),
    ]);

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        rules::count("n_estimators", self.n_estimators)?;
        ParamError::check(
            (1..=64).contains(&self.max_depth),
            "max_depth",
            self.max_depth,
            "must lie between 1 and 64",
        )?;
        ParamError::check(
            (2..=4096).contains(&self.n_bins),
            "n_bins",
            self.n_bins,
            "must lie between 2 and 4096",
        )?;
        let to_1 = "must lie between 1e-6 and 1";
        rules::within("learning_rate", self.learning_rate, [1e-6, 1.0], to_1)?;
        let share = "must lie between 0.01 and 1";
        rules::within("subsample", self.subsample, [0.01, 1.0], share)?;
        for (name, value) in [
            ("min_child_weight", self.min_child_weight),
            ("reg_lambda", self.reg_lambda),
            ("gamma", self.gamma),
        ] {
            rules::within(name, value, [0.0, 1e30], "must lie between 0 and 1e30")?;
        }
        let factor = self.scale_pos_weight.unwrap_or(1.0);
        let rule = "must lie between 1e-6 and 1e6";
        rules::within("scale_pos_weight", factor, [1e-6, 1e6], rule)
    }
}

impl Learner for CsXgBoost {
    type Model = GradientBoostingModel;
    type Error = BaselineError;

    /// Boosts.
    ///
    /// # Errors
    /// [`BaselineError`]: parameters, one class, weights, a model that is not finite (λ = 0 with `min_child_weight` = 0
    /// can give one).
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<GradientBoostingModel, BaselineError> {
        self.validate()?;
        let data = Prepared::new(train, sample_weight)?;
        let sums = data.class_weight_sums();
        // In this order nothing overflows where the positive class hardly weighs anything.
        let of_positive = |w: f64| match self.scale_pos_weight {
            Some(factor) => w * factor,
            None => w * sums[0] / sums[1],
        };
        let rows = data.weight.iter().zip(&data.positive);
        let weight: Vec<f64> = rows
            .map(|(&w, &p)| if p { of_positive(w) } else { w })
            .collect();
        // The weights are in units of the largest.
        let penalty = [self.reg_lambda, self.gamma, self.min_child_weight];
        let boosting = Boosting {
            data: &data,
            weight: &weight,
            n_trees: self.n_estimators,
            learning_rate: self.learning_rate,
            max_depth: self.max_depth,
            penalty: penalty.map(|p| p / data.largest),
            subsample: self.subsample,
            n_bins: self.n_bins,
            seed: self.seed,
        };
        Ok(GradientBoostingModel {
            n_features: data.n_features(),
            trees: boosting.run()?,
        })
    }
}

/// A fitted [`CsXgBoost`]. The decision value is F(x) = Σ_t of the leaf values, the log-odds.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawGradientBoosting"))]
pub struct GradientBoostingModel {
    n_features: usize,
    trees: Vec<Tree>,
}

impl GradientBoostingModel {
    /// Number of trees.
    pub fn n_trees(&self) -> usize {
        self.trees.len()
    }

    /// 1/(1 + exp(−F(x))).
    ///
    /// # Errors
    /// As [`Classifier::decision_function`].
    pub fn predict_proba(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let mut values = self.decision_function(x)?;
        values
            .iter_mut()
            .for_each(|f| *f = 1.0 / (1.0 + math::exp(-*f)));
        Ok(values)
    }
}

impl Classifier for GradientBoostingModel {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        check_features(self.n_features, x)?;
        let add =
            |(sum, magnitude): (f64, f64), _, value: f64| (sum + value, magnitude + value.abs());
        let n = self.trees.len();
        let end = |(sum, magnitude)| decision_or_zero(sum, magnitude, n);
        Ok(fold_trees(&self.trees, x, (0.0, 0.0), add, end))
    }
}

/// What a file holds, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGradientBoosting {
    n_features: usize,
    trees: Vec<Tree>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawGradientBoosting> for GradientBoostingModel {
    type Error = String;

    fn try_from(raw: RawGradientBoosting) -> Result<Self, String> {
        crate::tree::check_trees(raw.n_features, &raw.trees)?;
        Ok(Self {
            n_features: raw.n_features,
            trees: raw.trees,
        })
    }
}
