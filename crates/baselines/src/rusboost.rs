//! RUSBoost.

use crate::boosted::Boosting;
use crate::prepare::Prepared;
use crate::rules;
use crate::streams::draw_without_replacement;
use crate::tree::Columns;
use crate::{BaselineError, BoostedModel, MaxFeatures, TreeOptions};
use fuzzysvm_core::{Learner, MethodInfo, ParamError, Samples, param_choice, parameters};

/// The boosting under [`RusBoost`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum RusBoostAlgorithm {
    /// AdaBoost.M2, the paper's: the shares in the leaves count. The default.
    #[default]
    M2,
    /// Discrete AdaBoost, imbalanced-learn's (SAMME for two classes): leaves vote +1 or −1.
    Samme,
}

param_choice! { RusBoostAlgorithm { M2 = "m2", Samme = "samme" } }

/// RUSBoost: Seiffert, Khoshgoftaar, Van Hulse & Napolitano 2010, doi 10.1109/TSMCA.2009.2029559.
///
/// Every round draws from the larger class (without replacement, `ratio` rows of the smaller class to one of
/// the larger), fits a tree to the drawn rows with their weights D_t, and takes the pseudo-loss on **all**
/// rows. With p_t the share of positive weight in the leaf, h_t(x, +) = p_t, h_t(x, −) = 1 − p_t, v_t = 2 p_t −
/// 1:
///
/// ```text
/// ε_t     = ½ Σ_i D_t(i) (1 − h_t(x_i, y_i) + h_t(x_i, other)) = ½ Σ_i D_t(i) (1 − y_i v_t(x_i))
/// β_t     = ε_t / (1 − ε_t),    α_t = ½ ln 1/β_t
/// D_{t+1} = D_t(i) β_t^{½ (1 + h_t(x_i, y_i) − h_t(x_i, other))} / Z_t
/// f(x)    = Σ_t α_t v_t(x) / Σ_t α_t
/// ```
///
/// [`RusBoostAlgorithm::Samme`] has v_t = ±1 by the majority of the leaf. Boosting ends at a round with ε_t ≥
/// ½, which is dropped (the first one too: then f = 0; imbalanced-learn raises an error), or without loss,
/// which counts with α = ½ ln 10¹⁰ (imbalanced-learn: as α = ½). The score is the margin f(x)
/// in \[−1, 1\]; it is no probability.
///
/// **Sample weights:** D_1 = w/Σw; rows are drawn by row. 0 is the row removed, a constant changes nothing.
///
/// ```
/// use fuzzysvm_baselines::RusBoost;
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i) - 34.5)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let learner = RusBoost { n_estimators: 20, ..RusBoost::default() };
/// let model = learner.fit(Samples::new(x, &y)?, None)?;
/// assert_eq!(model.predict(x)?[39], Label::Positive);
/// assert_eq!(model.predict(x)?[0], Label::Negative);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct RusBoost {
    /// Most rounds, 1 to 100,000. Default 50.
    pub n_estimators: usize,
    /// Rows of the smaller class to one of the larger after the draw, 0 < ratio ≤ 1; nothing is dropped where
    /// the classes are nearer to each other than that. Default 1.
    pub ratio: f64,
    /// The weak learner's limits. Default: a stump.
    pub tree: TreeOptions,
    /// The boosting. Default: AdaBoost.M2.
    pub algorithm: RusBoostAlgorithm,
    /// Seed; round t has stream t of it. Default 0.
    pub seed: u64,
}

impl Default for RusBoost {
    fn default() -> Self {
        Self {
            n_estimators: 50,
            ratio: 1.0,
            tree: TreeOptions::default(),
            algorithm: RusBoostAlgorithm::M2,
            seed: 0,
        }
    }
}

parameters! {
    RusBoost {
        algorithm: RusBoostAlgorithm, "m2 or samme", "The boosting: AdaBoost.M2 or discrete AdaBoost";
        max_depth (tree.max_depth): Option<usize>, rules::tree::MAX_DEPTH, rules::tree::MAX_DEPTH_HELP;
        max_features (tree.max_features): MaxFeatures, rules::tree::MAX_FEATURES, rules::tree::MAX_FEATURES_HELP;
        min_samples_leaf (tree.min_samples_leaf): usize, rules::tree::MIN_SAMPLES_LEAF, rules::tree::MIN_SAMPLES_LEAF_HELP;
        n_estimators: usize, rules::COUNT, "Most rounds of boosting";
        ratio: f64, "a number above 0, at most 1", "Rows of the smaller class per row of the larger after the draw";
    }
}

impl RusBoost {
    /// How the baseline is presented, and what it is tuned over.
    pub const INFO: MethodInfo = MethodInfo::new(
        "RUSBoost",
        "boosting with under-sampling (baseline, not an SVM)",
        "Seiffert, Khoshgoftaar, Van Hulse & Napolitano 2010, doi 10.1109/TSMCA.2009.2029559",
    )
    .with_grid(&[("n_estimators", &["10", "50"])]);

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        rules::count("n_estimators", self.n_estimators)?;
        let ok = self.ratio > 0.0 && self.ratio <= 1.0;
        ParamError::check(ok, "ratio", self.ratio, "must be > 0 and at most 1")?;
        self.tree.validate()
    }
}

impl Learner for RusBoost {
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
        let (larger, smaller) = data.larger_and_smaller();
        // A float beyond the range of integers becomes the largest of them.
        let kept = (smaller.len() as f64 / self.ratio).floor() as usize;
        let boosting = Boosting {
            columns: &columns,
            positive: &data.positive,
            costs: [1.0; 2],
            costs_in_tree: true,
            confidence_rated: self.algorithm == RusBoostAlgorithm::M2,
            n_rounds: self.n_estimators,
            limits: self.tree.limits(data.n_features()),
            seed: self.seed,
            first_stream: 0,
        };
        Ok(boosting.run(data.weight.clone(), |rng| {
            let mut rows = draw_without_replacement(&larger, kept, rng);
            rows.extend_from_slice(&smaller);
            Some(rows)
        }))
    }
}
