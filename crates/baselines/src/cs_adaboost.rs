//! AdaC2.

use crate::boosted::Boosting;
use crate::prepare::Prepared;
use crate::rules;
use crate::tree::Columns;
use crate::{BaselineError, BoostedModel, ClassWeight, MaxFeatures, TreeOptions};
use fuzzysvm_core::{Learner, MethodInfo, ParamError, Samples, math, parameters};

/// Cost-sensitive AdaBoost: AdaC2 of Sun, Kamel, Wong & Wang 2007, doi 10.1016/j.patcog.2007.04.009.
///
/// With costs C_i of the classes, y_i and h_t(x_i) in {−1, +1}, and D_1 = w/Σw (w the sample weights), for t = 1 … T:
///
/// ```text
/// h_t     = tree fitted to the weights C_i D_t(i)
/// α_t     = ½ ln( Σ_{h_t(x_i) = y_i} C_i D_t(i) / Σ_{h_t(x_i) ≠ y_i} C_i D_t(i) )
/// D_{t+1} = C_i D_t(i) exp(−α_t y_i h_t(x_i)) / Z_t
/// f(x)    = Σ_t α_t h_t(x) / Σ_t α_t
/// ```
///
/// Boosting ends at a round with α_t ≤ 0, which is dropped, or without errors, which counts with α = ½ ln 10¹⁰.
/// The score is the margin f(x) in \[−1, 1\]; it is no probability. With equal costs this is AdaBoost
/// (scikit-learn's SAMME, except that scikit-learn gives a round without errors the weight 1).
///
/// **Differs from the paper** in two points, both of which can be switched back:
///
/// - *What a cost is.* Unrolled, D_{T+1} ∝ C_i^T exp(−y_i Σ_t α_t h_t(x_i)): a cost paid in each of T rounds is
///   paid T times over. With the inverse class frequencies as C, stumps soon call everything positive. Here
///   [`CsAdaBoost::class_weight`] is the cost of the whole run, and each round has its T-th root, as Viola &
///   Jones 2001 do ("Fast and robust classification using asymmetric AdaBoost and a detector cascade", NIPS
///   14). [`CsAdaBoost::costs_per_round`] = `true` pays it in full every round, for costs that are tuned.
/// - *What the weak learner sees.* In the paper h_t is fitted to D_t alone; α_t, however, is best for the h
///   that errs least under C·D. [`CsAdaBoost::costs_in_tree`] = `false` gives the paper's way.
///
/// **Sample weights:** a weight of k is the row repeated k times, 0 is the row removed, a constant changes nothing.
///
/// ```
/// use fuzzysvm_baselines::CsAdaBoost;
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
///
/// let x = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
/// let y: Vec<Label> = (0..10).map(|i| Label::from_sign(f64::from(i) - 7.5)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let model = CsAdaBoost::default().fit(Samples::new(x, &y)?, None)?;
/// assert_eq!(model.predict(x)?, y);
/// assert_eq!(model.n_rounds(), 1); // one stump makes no error
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct CsAdaBoost {
    /// Most rounds, 1 to 100,000. Default 50.
    pub n_estimators: usize,
    /// Costs of the two classes. Default: 1 for the smaller, n_small/n_large for the larger.
    pub class_weight: ClassWeight,
    /// Whether every round has these costs in full, as in the paper, or (default) the `n_estimators`-th root of them.
    pub costs_per_round: bool,
    /// The weak learner's limits. Default: a stump.
    pub tree: TreeOptions,
    /// Whether the weak learner sees C·D (default) or, as in the paper, D.
    pub costs_in_tree: bool,
    /// Seed of the features drawn where `tree.max_features` is not all; changes nothing otherwise. Default 0.
    pub seed: u64,
}

impl Default for CsAdaBoost {
    fn default() -> Self {
        Self {
            n_estimators: 50,
            class_weight: ClassWeight::Balanced,
            costs_per_round: false,
            tree: TreeOptions::default(),
            costs_in_tree: true,
            seed: 0,
        }
    }
}

parameters! {
    CsAdaBoost {
        class_weight: ClassWeight, rules::CLASS_WEIGHT, "Costs of the two classes";
        costs_in_tree: bool, "true or false", "Whether the trees see the costs, or the boosting weights alone";
        costs_per_round: bool, "true or false", "Whether every round has the costs in full, or their n_estimators-th root";
        max_depth (tree.max_depth): Option<usize>, rules::tree::MAX_DEPTH, rules::tree::MAX_DEPTH_HELP;
        max_features (tree.max_features): MaxFeatures, rules::tree::MAX_FEATURES, rules::tree::MAX_FEATURES_HELP;
        min_samples_leaf (tree.min_samples_leaf): usize, rules::tree::MIN_SAMPLES_LEAF, rules::tree::MIN_SAMPLES_LEAF_HELP;
        n_estimators: usize, rules::COUNT, "Most rounds of boosting";
    }
}

impl CsAdaBoost {
    /// How the baseline is presented, and what it is tuned over.
    pub const INFO: MethodInfo = MethodInfo::new(
        "cs-AdaBoost",
        "boosting with class costs (baseline, not an SVM)",
        "Sun, Kamel, Wong & Wang 2007, doi 10.1016/j.patcog.2007.04.009",
    )
    .with_grid(&[("n_estimators", &["10", "50"])]);

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        rules::count("n_estimators", self.n_estimators)?;
        self.class_weight.validate()?;
        self.tree.validate()
    }
}

impl Learner for CsAdaBoost {
    type Model = BoostedModel;
    type Error = BaselineError;

    /// Boosts.
    ///
    /// # Errors
    /// [`BaselineError`]: parameters, one class, weights.
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<BoostedModel, BaselineError> {
        self.validate()?;
        let data = Prepared::new(train, sample_weight)?;
        let columns = Columns::new(data.x()?);
        let mut costs = self.class_weight.resolve(data.class_weight_sums());
        if !self.costs_per_round {
            costs = costs.map(|c| math::powf(c, 1.0 / self.n_estimators as f64));
        }
        let boosting = Boosting {
            columns: &columns,
            positive: &data.positive,
            costs,
            costs_in_tree: self.costs_in_tree,
            confidence_rated: false,
            n_rounds: self.n_estimators,
            limits: self.tree.limits(data.n_features()),
            seed: self.seed,
            first_stream: 0,
        };
        Ok(boosting.run(data.weight.clone(), |_| None))
    }
}
